import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// What is explained is what is done.
@Suite struct ExplainTests {
  @Test("lead.explain names every gate once, in the stated order")
  func allGates() throws {
    let harness = try EveryMethod.harness()
    let gates = try harness.explain(LeadID(4))["gates"]?.arrayValue ?? []
    #expect(gates.map { $0["gate"]?.stringValue } == Gate.allCases.map(\.word))
    #expect(gates.allSatisfy { $0["detail"]?.stringValue?.isEmpty == false })
  }

  @Test("a lead is dialled at the very millisecond that lead.explain calls nextEligibleAt")
  func nextEligible() throws {
    for seed in Seeds.few(0..<20) {
      let harness = try RandomDatabase.make(seed)
      try harness.start()
      let leads = harness.store.leads.keys.sorted()
      let waiting = try leads.compactMap { lead -> (LeadID, String)? in
        let form = try harness.explain(lead)
        guard form["dialable"] == false, try !harness.failingGates(lead).contains("not-live") else { return nil }
        return form["nextEligibleAt"]?.stringValue.map { (lead, $0) }
      }
      harness.pass(.minutes(20))
      for (lead, at) in waiting where at <= "\(harness.now.wall)" {
        let started = harness.events(.attemptStarted).first { $0.leadID == lead }?.at
        // A person or line may be in a call at that moment: then it is dialled later, never earlier.
        #expect(started.map { "\($0)" >= at } ?? true, "seed \(seed), lead \(lead)")
      }
    }
  }

  @Test(
    "at nextEligibleAt every gate of the lead passes, and a millisecond before it one does not",
    arguments: Seeds.few(0..<30))
  func exactToTheMillisecond(_ seed: Int) throws {
    let harness = try RandomDatabase.make(
      seed, limited: true, simulator: SimulatorOptions(seed: UInt64(seed), speed: 10))
    try harness.start()
    harness.pass(.minutes(4))
    harness.say(.state(.down(reason: "test")))
    harness.pass(.minutes(2))
    // Explained for that moment, and then met there.
    var moments: [(at: Instant, lead: LeadID)] = []
    for lead in harness.store.leads.keys.sorted() {
      let form = try harness.explain(lead)
      let failing = try harness.gatesOfTheLead(lead)
      guard let at = form["nextEligibleAt"]?.stringValue.flatMap({ Instant(rfc3339: $0) }) else {
        #expect(!failing.isEmpty, "seed \(seed), lead \(lead)")
        continue
      }
      #expect((at == harness.now.wall) == failing.isEmpty, "seed \(seed), lead \(lead)")
      #expect(try harness.gatesOfTheLead(lead, at: at) == [], "seed \(seed), lead \(lead)")
      guard at > harness.now.wall else { continue }
      #expect(try harness.gatesOfTheLead(lead, at: at - .milliseconds(1)) != [], "seed \(seed), lead \(lead)")
      moments.append((at, lead))
    }
    for (at, lead) in moments.sorted(by: { ($0.at, $0.lead) < ($1.at, $1.lead) }) {
      guard at < harness.now.wall + .hours(3) else { break }
      if at - .milliseconds(1) > harness.now.wall {
        harness.pass(at - .milliseconds(1) - harness.now.wall)
        #expect(try harness.gatesOfTheLead(lead) != [], "seed \(seed), lead \(lead)")
      }
      harness.pass(at - harness.now.wall)
      #expect(try harness.gatesOfTheLead(lead) == [], "seed \(seed), lead \(lead)")
    }
  }

  @Test("the position is the place in which the lead is then dialled, however long the list")
  func position() throws {
    for count in [9, PositionJob.leadsAtOnce + 5] {
      let harness = try EngineHarness()
      try harness.list()
      try harness.leads(9)
      let record = try #require(harness.engine.leads.record(LeadID(1)))
      for id in 10..<max(10, count) {
        var other = record
        other.leadID = LeadID(UInt32(id))
        other.phones[0] = PhoneNumber(digits: 61_292_500_000 + UInt64(id))
        harness.engine.leads.put(other, vendorLeadCode: nil)
      }
      try harness.call("lead.update", ["leadID": 8, "rank": 7])
      try harness.call("lead.update", ["leadID": 3, "rank": 5])
      try harness.call("strategy.put", ["strategyID": "s", "name": "S", "order": ["-rank", "leadID"]])
      try harness.campaign(mode: "preview", strategy: "s")
      try harness.start()
      try harness.agent("ann")
      #expect(try harness.explain(LeadID(8))["position"] == 1)
      #expect(try harness.explain(LeadID(3))["position"] == 2)
      #expect(try harness.explain(LeadID(1))["position"] == 3)
      #expect(try harness.explain(LeadID(9))["position"] == 9)
    }
  }

  @Test("whoever is explained as dialable is dialled, and nobody else", arguments: Seeds.few(0..<40))
  func explainedIsDialled(_ seed: Int) throws {
    let harness = try RandomDatabase.make(seed)
    // A campaign that is started but has no room yet, so that it can be asked before it dials.
    harness.say(.state(.down(reason: "test")))
    try harness.start()
    var dialable: Set<LeadID> = []
    let gatesOfRoom: Set<String> = ["trunk-capacity"]
    for lead in harness.store.leads.keys.sorted()
    where try Set(harness.failingGates(lead)).subtracting(gatesOfRoom).isEmpty {
      dialable.insert(lead)
    }
    let explained = try harness.call("campaign.explain", ["campaignID": "c"])
    #expect(explained["dialable"] == JSON(dialable.count))
    harness.say(.state(.up))
    let claimed = Set(harness.events(.attemptStarted).compactMap(\.leadID))
    #expect(claimed.isSubset(of: dialable))
    // Of several leads of one person or line one is dialled, and holds the others.
    for lead in dialable.subtracting(claimed) { #expect(try harness.failingGates(lead) == ["not-live"]) }
    #expect(harness.faults.isEmpty)
  }

  @Test(
    "in campaign.explain dialable and the first gates add up to the total, by list and by zone as well",
    arguments: Seeds.few(0..<20))
  func addsUp(_ seed: Int) throws {
    let harness = try RandomDatabase.make(seed)
    try harness.start()
    let form = try harness.call("campaign.explain", ["campaignID": "c"])
    func sum(_ key: String, _ member: String) -> Int64 {
      (form[key]?.arrayValue ?? []).reduce(0) { $0 + ($1[member]?.integerValue ?? 0) }
    }
    let total = try #require(form["total"]?.integerValue)
    let dialable = try #require(form["dialable"]?.integerValue)
    #expect(total == Int64(harness.store.leads.count))
    #expect(dialable + sum("byFirstGate", "leads") == total)
    #expect(sum("perList", "total") == total && sum("perZone", "total") == total)
    #expect(sum("perList", "dialable") == dialable && sum("perZone", "dialable") == dialable)
    #expect(sum("byGate", "leads") >= sum("byFirstGate", "leads"))
  }

  @Test("lead.get with a campaign says when a lead is eligible next and whether it is exhausted")
  func getExplains() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(1)
    try harness.lead(2, ["callAt": JSON(harness.now.wall + .hours(1))])
    try harness.lead(3)
    try harness.call("lead.setStatus", ["leadID": 3, "completed": true])
    try harness.campaign()
    try harness.start()
    harness.pass(.seconds(10))
    func form(_ lead: Int) throws -> JSON { try harness.call("lead.get", ["leadID": JSON(lead), "campaignID": "c"]) }
    #expect(try form(1)["exhausted"] == true)
    #expect(try form(2)["nextEligibleAt"] == JSON(TestSettings.start.wall + .hours(1)))
    #expect(try form(2)["exhausted"] == false)
    #expect(try form(3)["exhausted"] == true)
  }
}
