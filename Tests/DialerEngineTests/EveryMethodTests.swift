import ControlProtocol
import DialerModel
import Testing

@testable import DialerEngine

/// What is true of every method of the table.
@Suite struct EveryMethodTests {
  private let ofTheHost: Set<String> = ["rpc.discover", "event.subscribe"]
  /// What can only be answered.
  private let neverRefused: Set<String> = [
    "daemon.status", "daemon.metrics", "daemon.reload", "campaign.list", "list.list", "strategy.list",
    "callingHours.list", "import.list", "template.list",
    "segment.list", "field.list",
  ]

  /// What they change is not the store's.
  private let elsewhere: Set = ["call.hangup", "daemon.backup", "import.write", "import.edit", "import.drop"]

  private func harness() throws -> EngineHarness {
    let harness = try EveryMethod.harness()
    #expect(harness.faults.isEmpty)
    return harness
  }

  @Test("the engine handles every method of the table but those of the host")
  func handled() {
    #expect(Set(Engine.handledMethods) == Set(MethodTable.methods.map(\.name)).subtracting(ofTheHost))
  }

  @Test("every method has a call that succeeds and, where it can be refused, one that is")
  func tablesAreComplete() throws {
    #expect(try EveryMethod.succeeding(harness()).map(\.method).sorted() == Engine.handledMethods)
    #expect(
      EveryMethod.refused.map(\.method).sorted() == Engine.handledMethods.filter { !neverRefused.contains($0) })
  }

  @Test("every method succeeds on what it is made for, and changes what is stored only where the table says so")
  func succeeds() throws {
    for place in try EveryMethod.succeeding(harness()).indices {
      let harness = try harness()
      harness.settings.backupDirectories = ["/backups"]
      harness.give(.reload(harness.settings, requestedBy: nil))
      harness.settle()
      let (method, params) = EveryMethod.succeeding(harness)[place]
      harness.keepsOutputs = true
      _ = try harness.call(method, .object(params))
      let isEmpty = harness.outputs.allSatisfy(\.transaction.isEmpty)
      let changes = MethodTable.method(method)?.changes ?? false
      #expect(isEmpty != changes || elsewhere.contains(method), "\(method)")
      #expect(harness.faults.isEmpty, "\(method)")
    }
  }

  @Test("every method is refused with its own word, and then changes nothing")
  func refused() throws {
    let harness = try harness()
    harness.keepsOutputs = true
    for (method, params, word) in EveryMethod.refused {
      #expect(refusal { try harness.call(method, .object(params)) } == word, "\(method)")
    }
    for output in harness.outputs { #expect(output.transaction.events.isEmpty, "\(output.transaction)") }
  }

  @Test("a dry run of every changing method succeeds and leaves nothing behind")
  func dryRuns() throws {
    let harness = try harness()
    harness.settings.backupDirectories = ["/backups"]
    harness.give(.reload(harness.settings, requestedBy: nil))
    harness.settle()
    harness.keepsOutputs = true
    let before = try harness.call("campaign.lists", ["campaignID": "c"])
    for (method, params) in EveryMethod.succeeding(harness) where MethodTable.method(method)?.changes == true {
      _ = try harness.call(method, .object(params + ["dryRun": true, "requestID": "same"]))
      for output in harness.outputs { #expect(output.transaction.isEmpty, "\(method): \(output.transaction)") }
      #expect(harness.commands.count == 1, "\(method)")
      let logged = harness.outputs.flatMap(\.afterCommit).filter { if case .query = $0 { false } else { true } }
      #expect(logged.isEmpty, "\(method)")
    }
    #expect(try harness.call("campaign.lists", ["campaignID": "c"]) == before)
    #expect(harness.state("ann") == "reserved" && harness.state("bob") == "ready")
  }

  /// How much a copy is shows when it is made; of a file the rows are counted, as `import.preview` does.
  private let answersDifferently: Set = ["daemon.backup", "import.commit"]

  @Test("the answer of a dry run is that of the change, as far as it can be known before")
  func dryRunAnswers() throws {
    for place in try EveryMethod.succeeding(harness()).indices {
      let harness = try harness()
      let (method, params) = EveryMethod.succeeding(harness)[place]
      guard MethodTable.method(method)?.changes == true, !answersDifferently.contains(method) else { continue }
      let said = try harness.call(method, .object(params + ["dryRun": true]))
      let done = try harness.call(method, .object(params))
      #expect(difference(said, done) == nil, "\(method)")
    }
  }

  /// Where the two differ; what is null in `said` is not known before, and what is not there is not said.
  private func difference(_ said: JSON, _ done: JSON, at place: String = "") -> String? {
    switch (said, done) {
    case (.null, _): return nil
    case (.object(let said), .object(let done)):
      let more = said.members.lazy.compactMap { member in
        difference(member.value, done[member.key] ?? .null, at: "\(place).\(member.key)")
      }
      return more.first
    case (.array(let said), .array(let done)) where said.count == done.count:
      return zip(said, done).enumerated().lazy.compactMap { difference($1.0, $1.1, at: "\(place)[\($0)]") }.first
    default: return said == done ? nil : "\(place): \(said) is said, \(done) is done"
    }
  }

  @Test("a store that cannot be written refuses every change and answers every question")
  func unwritable() throws {
    let harness = try harness()
    harness.give(.storeWritable(false))
    harness.settle()
    harness.keepsOutputs = true
    for (method, params) in EveryMethod.succeeding(harness) where method != "daemon.backup" {
      let word = refusal { try harness.call(method, .object(params)) }
      let changes = MethodTable.method(method)?.changes == true
      #expect(word == (changes ? "unavailable:store-not-writable" : nil), "\(method)")
    }
    harness.pass(.minutes(10))
    for output in harness.outputs { #expect(output.transaction.isEmpty) }
    harness.give(.storeWritable(true))
    harness.settle()
    #expect(refusal { try harness.call("campaign.pause", ["campaignID": "c"]) } == nil)
  }

  @Test("for a peer that is bound to another tenant nothing of this one is there")
  func otherTenant() throws {
    let harness = try harness()
    let peer = Peer(userID: 5, role: .admin, tenant: TenantID("other"))
    let own: Set<String> = [
      "daemon.status", "daemon.metrics", "daemon.reload", "daemon.backup", "campaign.create", "list.create",
      "strategy.put",
      "strategy.get", "strategy.list", "strategy.delete", "callingHours.put", "callingHours.get", "callingHours.list",
      "callingHours.show",
      "callingHours.delete", "dnc.add", "dnc.remove",
      "segment.put", "field.put",
      "dnc.import",
    ]
    harness.keepsOutputs = true
    for (method, params) in EveryMethod.succeeding(harness) where !own.contains(method) {
      switch method {
      case "campaign.list", "list.list", "call.list", "agent.list", "lead.find", "report.calls", "import.list",
        "template.list", "segment.list", "field.list":
        let found = try harness.call(method, .object(params), as: peer)
        #expect(found.objectValue?.members.first?.value == [], "\(method)")
      case "evidence.verify":
        #expect(refusal { try harness.call(method, .object(params), as: peer) } == "not-permitted")
      case "evidence.export":
        #expect(try harness.call(method, .object(params), as: peer)["attempts"] == 0)
      case "dnc.check":
        // A number on everyone's list is on theirs as well, but another tenant's list is not theirs to see.
        try harness.call("dnc.add", ["phones": ["+61292999997"], "tenant": "default"])
        let asked: JSON = ["phones": ["+61292999997"]]
        #expect(try harness.call(method, asked, as: peer)["phones"]?[0]?["listed"] == false)
        let named: JSON = ["phones": ["+61292999997"], "tenant": "default"]
        #expect(refusal { try harness.call(method, named, as: peer) } == "not-permitted")
        harness.forgetOutputs()
      default: #expect(refusal { try harness.call(method, .object(params), as: peer) } == "not-found", "\(method)")
      }
      for output in harness.outputs { #expect(output.transaction.isEmpty, "\(method)") }
      harness.forgetOutputs()
    }
    #expect(harness.state("bob") == "ready")
  }

  @Test("a bound peer sees of the daemon's figures its own tenant's, and hears its own events and the daemon's")
  func ownFiguresAndEvents() throws {
    let harness = try harness()
    let peer = Peer(userID: 5, role: .admin, tenant: TenantID("other"))
    try harness.call("list.create", ["listID": 9, "name": "Theirs"], as: peer)
    try harness.call("lead.add", ["listID": 9, "phones": [.string(EngineHarness.number(70))]], as: peer)
    try harness.call("campaign.create", ["campaignID": "o"], as: peer)
    let mark = harness.store.events.count
    try harness.call("agent.login", ["agentID": "zoe", "campaignIDs": ["o"]], as: peer)
    try harness.call("dnc.add", ["phones": ["+61292999990"]], as: peer)
    try harness.call("lead.setStatus", ["filter": ["listID": 9], "rank": 3], as: peer)
    try harness.call("daemon.reload")
    try harness.call("campaign.delete", ["campaignID": "o"], as: peer)
    let own = harness.store.events.count
    try harness.call("agent.setState", ["agentID": "bob", "state": "paused"])
    try harness.call("dnc.add", ["phones": ["+61292999991"], "tenant": "default"])
    try harness.call("lead.setStatus", ["filter": ["listID": 1], "rank": 3, "tenant": "default"])
    try harness.call("campaign.delete", ["campaignID": "idle"])
    let everyone = harness.store.events.count
    try harness.call("dnc.add", ["phones": ["+61292999992"]])

    let events = harness.store.events
    #expect(events.count == everyone + 1)
    #expect(own - mark == 5 && everyone - own == 4)
    // The campaign of its agent is gone since.
    #expect(events[mark..<own].map { harness.engine.concerns($0, peer) } == [false, true, true, true, true])
    #expect(events[own..<everyone].allSatisfy { !harness.engine.concerns($0, peer) })
    #expect(harness.engine.concerns(events[everyone], peer))

    let status = try harness.call("daemon.status", as: peer)
    for (name, count) in [("leads", 1), ("lists", 1), ("campaigns", 0), ("liveCalls", 0)] {
      #expect(status[name] == JSON(count), "\(name)")
    }
    let metrics = try harness.call("daemon.metrics", as: peer)["openMetrics"]?.stringValue ?? ""
    #expect(metrics.contains("dialerd_leads 1\n") && !metrics.contains("campaign="))
    #expect(try harness.call("daemon.status")["leads"] == 6)
  }

  @Test("a bound peer hears of its agents while their campaign is there")
  func ownAgents() throws {
    let harness = try harness()
    let peer = Peer(userID: 5, role: .crm, tenant: TenantID("other"))
    try harness.call("campaign.create", ["campaignID": "o", "tenant": "other"])
    try harness.call("agent.login", ["agentID": "zoe", "campaignIDs": ["o"]], as: peer)
    try harness.call("agent.setState", ["agentID": "zoe", "state": "ready"], as: peer)
    try harness.call("agent.logout", ["agentID": "zoe"], as: peer)
    let heard = harness.events(.agentState).filter { harness.engine.concerns($0, peer) }
    #expect(heard.count == 3)
  }

  @Test("a bound peer changes no strategy and no calling hours that another tenant goes by, but makes its own")
  func sharedRules() throws {
    let harness = try harness()
    let peer = Peer(userID: 5, role: .admin, tenant: TenantID("other"))
    let weekly: JSON = ["monday": ["09:00-17:00"]]
    try harness.call("campaign.update", ["campaignID": "idle", "callingHours": "h"])
    try harness.call("campaign.assignList", ["campaignID": "idle", "listID": 2, "strategy": "s"])
    let shared: [(String, JSON)] = [
      ("strategy.put", ["strategyID": "standard"]), ("strategy.put", ["strategyID": "s"]),
      ("strategy.delete", ["strategyID": "s"]), ("callingHours.put", ["callingHoursID": "h", "weekly": weekly]),
      ("callingHours.put", ["callingHoursID": "us-federal", "weekly": weekly]),
      ("callingHours.delete", ["callingHoursID": "h"]),
    ]
    for (method, params) in shared {
      #expect(refusal { try harness.call(method, params, as: peer) } == "not-permitted", "\(method) \(params)")
    }
    try harness.call("strategy.put", ["strategyID": "own"], as: peer)
    try harness.call("callingHours.put", ["callingHoursID": "own", "weekly": weekly], as: peer)
    try harness.call("strategy.delete", ["strategyID": "own"], as: peer)
    try harness.call("callingHours.delete", ["callingHoursID": "own"], as: peer)
    #expect(refusal { try harness.call("strategy.put", ["strategyID": "s"]) } == nil)
  }

  @Test("a bound peer takes over no agent of another tenant by logging in under its name")
  func otherTenantsAgent() throws {
    let harness = try harness()
    let peer = Peer(userID: 5, role: .admin, tenant: TenantID("other"))
    try harness.call("campaign.create", ["campaignID": "o"], as: peer)
    #expect(refusal { try harness.call("agent.login", ["agentID": "bob", "campaignIDs": ["o"]], as: peer) } != nil)
    #expect(harness.engine.agents[AgentID("bob")]?.agent.campaignIDs == [CampaignID("c")])
  }
}

/// The same request twice.
@Suite struct RequestIDTests {
  private func add(_ harness: EngineHarness, _ index: Int = 1, id: String = "r", as peer: Peer = .admin) throws -> JSON
  {
    try harness.call(
      "lead.add", ["listID": 1, "phones": [.string(EngineHarness.number(index))], "requestID": .string(id)], as: peer)
  }

  @Test("the same requestID gets the first answer again and changes nothing, also after a restart")
  func twice() throws {
    let harness = try EngineHarness()
    try harness.list()
    let first = try add(harness)
    #expect(try add(harness) == first)
    harness.crash(after: .hours(23))
    #expect(try add(harness) == first)
    #expect(harness.store.leads.count == 1)
  }

  @Test("another user, another id and the day after are other requests; other parameters are a conflict")
  func others() throws {
    let harness = try EngineHarness()
    try harness.list()
    _ = try add(harness)
    #expect(refusal { try add(harness, 2) } == "conflict:request-id-used")
    _ = try add(harness, 2, as: .crm())
    _ = try add(harness, 3, id: "other")
    harness.pass(.hours(24) + .seconds(1))
    _ = try add(harness, 4)
    #expect(harness.store.leads.count == 4)
  }

  @Test("while the first is being carried out, a repeat is busy, however often it is tried")
  func inProgress() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(1)
    harness.holdsCommits = true
    let params: JSON = ["leadID": 1, "firstName": "Ann", "requestID": "r"]
    let tokens = try (0..<3).map { _ in
      let token = try harness.send("lead.update", params)
      harness.settle()
      return token
    }
    harness.holdsCommits = false
    harness.commitHeld()
    harness.settle()
    #expect(refusal { try #require(harness.replies[tokens[0]]).get() } == nil)
    #expect(refusal { try #require(harness.replies[tokens[1]]).get() } == "busy:request-in-progress")
    #expect(refusal { try #require(harness.replies[tokens[2]]).get() } == "busy:request-in-progress")
    #expect(harness.events(.leadUpdated).count == 1)
    #expect(refusal { try harness.call("lead.update", params) } == nil)
    #expect(harness.events(.leadUpdated).count == 1)
  }
}
