import DialerModel
import DialingRules
import Telephony
import Testing

@testable import DialerEngine

/// The counts that `campaign.explain` answers from are what judging every lead comes to.
@Suite struct CampaignTallyTests {
  @Test("at any moment every lead is counted under the gate that judging it names", arguments: Seeds.few(0..<30))
  func countsAreJudgements(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let harness = try RandomDatabase.make(
      seed, limited: true, simulator: SimulatorOptions(seed: UInt64(seed), speed: 10))
    try harness.start()
    for round in 0..<12 {
      harness.pass(.seconds(Int64.random(in: 1...900, using: &generator)))
      try StandingCheck.run(harness.engine, "seed \(seed), round \(round)")
    }
    #expect(!harness.events(.attemptEnded).isEmpty || seed != 0)
  }

  @Test("whatever happens to lists and leads, index and counts have the same leads", arguments: Seeds.few(0..<20))
  func ledgerFollowsIndex(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let harness = try RandomDatabase.make(seed, limited: true, simulator: SimulatorOptions(seed: 3, speed: 10))
    try harness.start()
    for _ in 0..<40 {
      change(harness, &generator)
      harness.pass(.seconds(20))
      let campaign = try #require(harness.engine.campaignOrder.first)
      for (id, list) in campaign.assigned {
        var sum = 0
        campaign.ledger.visit(list.slot) { _, leads in
          #expect(leads > 0)
          sum += leads
        }
        #expect(sum == campaign.index.counts(list.slot).total, "seed \(seed), list \(id)")
        #expect(sum == harness.engine.leads.countByList[id], "seed \(seed), list \(id)")
      }
    }
  }

  /// What cannot be done at the moment is refused, and that is no matter.
  private func change(_ harness: EngineHarness, _ generator: inout SeededGenerator) {
    let lead = JSON(Int.random(in: 1...30, using: &generator))
    let list = JSON(Int.random(in: 1...3, using: &generator))
    let calls: [(String, JSON)] = [
      ("lead.move", ["leadID": lead, "listID": list]), ("lead.delete", ["leadID": lead]),
      ("lead.archive", ["leadID": lead]), ("lead.setStatus", ["leadID": lead, "completed": true]),
      ("list.reset", ["listID": list]), ("campaign.unassignList", ["campaignID": "c", "listID": list]),
      ("campaign.assignList", ["campaignID": "c", "listID": list]),
      ("campaign.update", ["campaignID": "c", "strictZones": .bool(Bool.random(using: &generator))]),
      ("lead.dial", ["leadID": lead, "campaignID": "c"]), ("dnc.add", ["phones": [.string(EngineHarness.number(3))]]),
      ("lead.unschedule", ["leadID": lead, "campaignID": "c"]),
      ("lead.add", ["listID": list, "phones": ["+61292000990"]]),
    ]
    guard let (method, params) = calls.randomElement(using: &generator) else { return }
    _ = try? harness.call(method, params)
  }

  @Test("a hundred leads in three zones: buckets by list and zone, and when each changes")
  func example() throws {
    let harness = try EngineHarness()
    harness.say(.state(.down(reason: "test")))
    try harness.call(
      "callingHours.put", ["callingHoursID": "h", "name": "H", "weekly": ["saturday": ["10:00-20:00"]]])
    try harness.list(1)
    for (index, zone) in ["Australia/Sydney", "Australia/Perth", "Pacific/Auckland"].enumerated() {
      for place in 0..<10 * (index + 1) { try harness.lead(index * 100 + place, ["timeZone": .string(zone)]) }
    }
    try harness.call("lead.setStatus", ["leadID": 1, "completed": true])
    let callAt = JSON(harness.now.wall + .minutes(5))
    try harness.lead(900, ["timeZone": "Australia/Sydney", "callAt": callAt])
    try harness.campaign(["callingHours": "h", "strictZones": false])
    try harness.start()
    let form = try harness.call("campaign.explain", ["campaignID": "c"])
    // It is Saturday 12:00 in Sydney, 09:00 in Perth and 14:00 in Auckland.
    #expect(form["total"] == 61 && form["dialable"] == 39)
    #expect(
      form["byFirstGate"] == [
        ["gate": "status", "leads": 1],
        ["gate": "calling-hours", "leads": 20, "nextAt": "2026-11-21T02:00:00.000Z"],
        ["gate": "retry-time", "leads": 1, "nextAt": callAt],
      ])
    #expect(form["byGate"] == form["byFirstGate"])
    #expect(form["byGateAsOf"] == form["asOf"])
    #expect(form["perZone"]?[0]?["timeZone"] == "Australia/Perth" && form["perZone"]?[0]?["dialable"] == 0)
    #expect(form["perZone"]?[1]?["byFirstGate"]?.arrayValue?.count == 2)
    #expect(form["perList"]?[0]?["byFirstGate"]?[1]?["leads"] == 20)
  }

  @Test("a campaign that is paused and a list that is not to dial are named before what is the matter with the leads")
  func wholeLists() throws {
    let harness = try EngineHarness()
    try harness.list(1)
    try harness.list(2)
    try harness.leads(3)
    try harness.lead(9, list: 2)
    try harness.campaign(lists: [(1, 100), (2, 100)])
    func first() throws -> JSON? { try harness.call("campaign.explain", ["campaignID": "c"])["byFirstGate"] }
    #expect(try first() == [["gate": "campaign-running", "leads": 4]])
    try harness.call("campaign.assignList", ["campaignID": "c", "listID": 1, "toDial": false])
    try harness.start()
    #expect(try first()?[0] == ["gate": "list-to-dial", "leads": 3])
    let one = try harness.call("campaign.explain", ["campaignID": "c", "listID": 1])
    #expect(one["total"] == 3 && one["perList"]?.arrayValue?.count == 1)
  }

  @Test("of more leads than a turn judges the answer comes at once, and by every gate when it is waited for")
  func byGateIsWaitedFor() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(GatePass.leadsForAnswer * 2 + 1)
    try harness.campaign(mode: "manual")
    try harness.start()
    let token = try harness.send("campaign.explain", ["campaignID": "c"])
    harness.turn()
    let quick = try #require(try harness.replies[token]?.get())
    #expect(quick["total"] == JSON(GatePass.leadsForAnswer * 2 + 1) && quick["byGateAsOf"] == .null)
    #expect(quick["judged"] == true)
    let asked = try harness.send("campaign.explain", ["campaignID": "c", "byGate": true])
    let before = harness.now.wall
    harness.turn()
    #expect(harness.replies[asked] == nil)
    harness.settle()
    let judged = try #require(try harness.replies[asked]?.get())
    #expect(judged["byGateAsOf"] == JSON(before) && judged["asOf"] == JSON(before) && judged["judged"] == true)
    #expect(judged["total"] == quick["total"] && judged["byFirstGate"] == quick["byFirstGate"])
    #expect(judged["perList"] == quick["perList"] && judged["perZone"] == quick["perZone"])
  }

  @Test("a lead that a call to another of its number stops is counted under that, though no claim has tried it")
  func stoppedByOthers() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.list(2)
    try harness.lead(1)
    try harness.lead(1, list: 2, ["vendorLeadCode": "other"])
    try harness.campaign(
      lists: [(1, 100)], ["attemptLimits": [["count": 1, "windowSeconds": 3600, "scope": "phone"]]])
    // Of agents, none of whom asks for a lead.
    try harness.campaign(
      id: "d", mode: "manual", lists: [(2, 100)],
      ["attemptLimits": [["count": 1, "windowSeconds": 3600, "scope": "phone"]]])
    func first() throws -> JSON? {
      try harness.call("campaign.explain", ["campaignID": "d"])["byFirstGate"]?[0]?["gate"]
    }
    try harness.start("d")
    try harness.start()
    #expect(try first() == "not-live")
    harness.pass(.minutes(1))
    #expect(try first() == "attempt-limits")
  }
}
