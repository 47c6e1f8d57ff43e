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
    for seed in 0..<20 {
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

  @Test("whoever is explained as dialable is dialled, and nobody else", arguments: 0..<40)
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
    arguments: 0..<20)
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
