import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// What is counted follows whatever moves leads by way of calls: also where nothing happens to the lead itself.
@Suite struct StandingChangeTests {
  /// Campaign `c` dials list 1; `d`, of agents none of whom asks for a lead, has list 2.
  private func harness(
    _ more: JSONObject = [:], ending: Int = 0, simulated: Bool = true, first: JSONObject, second: JSONObject
  ) throws -> EngineHarness {
    let harness = try simulated ? EngineHarness() : EngineHarness(simulator: nil)
    try harness.list()
    try harness.list(2)
    try harness.lead(1, ending: ending, first)
    try harness.lead(2, list: 2, second)
    try harness.campaign(lists: [(1, 100)], more)
    try harness.campaign(id: "d", mode: "manual", lists: [(2, 100)], more)
    try harness.start("d")
    return harness
  }

  /// The gate that the only lead of `d` is counted under; nil = it is dialable.
  private func gate(_ harness: EngineHarness) throws -> Gate? {
    let campaign = try #require(harness.engine.campaigns[CampaignID("d")])
    try StandingCheck.run(harness.engine, "\(harness.now.wall)")
    let tally = CampaignTally(of: campaign, engine: harness.engine)
    #expect(tally.all.total == 1)
    return Gate.allCases.first { tally.all[$0].leads == 1 }
  }

  @Test(
    "a call to one lead is in the counts of another of the same person or number from its beginning to the end of its gap",
    arguments: [
      (["vendorLeadCode": "P"], ["vendorLeadCode": "P"]),
      (["email": "p@example.com"], ["email": "P@example.com"]),
      (["phone1": "+61292000010", "phone2": "+61292000020"], ["phone1": "+61292000010"]),
      (
        ["phone1": "+61292000010", "phone2": "+61292000020", "firstName": "Ann"],
        ["phone1": "+61292000030", "phone2": "+61292000020", "firstName": "ann"]
      ),
    ] as [(JSONObject, JSONObject)])
  func course(first: JSONObject, second: JSONObject) throws {
    let gap: JSONObject = [
      "minimumGapSeconds": 600, "attemptLimits": [["count": 1, "windowSeconds": 300, "scope": "phone"]],
    ]
    let harness = try harness(gap, simulated: false, first: first, second: second)
    #expect(try gate(harness) == nil)
    try harness.start()
    harness.say(.state(.up))
    let call = try #require(harness.liveCall)
    let begun = harness.now.wall
    #expect(try gate(harness) == .notLive)
    harness.pass(.seconds(20))
    harness.say(.ended(call.attempt.callID, CallEnding(outcome: .busy, byFarEnd: true)))
    // Where the limit of a number counts against it too, that stands first, and gives way to the gap.
    let sharesNumber = second["phone1"] == first["phone1"] && second["phone1"] != nil
    let isPerson = second["email"] != nil || second["vendorLeadCode"] != nil || second["firstName"] != nil
    #expect(try gate(harness) == (sharesNumber ? .attemptLimits : .minimumGap))
    harness.pass(begun + .seconds(300) - .milliseconds(1) - harness.now.wall)
    #expect(try gate(harness) == (sharesNumber ? .attemptLimits : .minimumGap))
    harness.pass(.milliseconds(1))
    #expect(try gate(harness) == (isPerson ? .minimumGap : nil))
    harness.pass(begun + .seconds(600) - .milliseconds(1) - harness.now.wall)
    #expect(try gate(harness) == (isPerson ? .minimumGap : nil))
    harness.pass(.milliseconds(1))
    #expect(try gate(harness) == nil)
  }

  @Test("a lead that comes, or becomes the same person, while a call is up is counted as that at once, and after it")
  func meanwhile() throws {
    let harness = try harness(
      ["minimumGapSeconds": 600], simulated: false, first: ["email": "p@example.com"], second: [:])
    try harness.start()
    harness.say(.state(.up))
    let call = try #require(harness.liveCall)
    #expect(try gate(harness) == nil)
    try harness.call("lead.update", ["leadID": 2, "email": "p@example.com"])
    #expect(try gate(harness) == .notLive)
    // The caller's own lead has it no more: what it holds it holds to the end.
    try harness.call("lead.update", ["leadID": 1, "email": "q@example.com"])
    #expect(try gate(harness) == .notLive)
    harness.say(.ended(call.attempt.callID, CallEnding(outcome: .busy, byFarEnd: true)))
    #expect(try gate(harness) == .minimumGap)
    try harness.call("lead.update", ["leadID": 2, "email": "r@example.com"])
    #expect(try gate(harness) == nil)
  }

  @Test("a reservation counts like a call, and its end gives the others back")
  func reservation() throws {
    let harness = try harness(first: ["vendorLeadCode": "P"], second: ["vendorLeadCode": "P"])
    try harness.campaign(id: "p", mode: "preview", lists: [(1, 1)])
    try harness.agent("ann", ["p"])
    try harness.start("p")
    try harness.call("lead.next", ["campaignID": "p", "agentID": "ann", "reserveSeconds": 30])
    #expect(try gate(harness) == .notLive)
    harness.pass(.seconds(30))
    #expect(try gate(harness) == nil)
  }

  @Test("what calls before a restart stop is counted after it, and so it is when the past is read anew")
  func pastReadAnew() throws {
    let gap: JSONObject = ["minimumGapSeconds": 7200]
    let harness = try harness(gap, ending: 5, first: ["vendorLeadCode": "P"], second: ["vendorLeadCode": "P"])
    try harness.start()
    harness.pass(.minutes(1))
    #expect(try gate(harness) == .minimumGap)
    harness.crash(after: .seconds(5))
    harness.settle()
    #expect(try gate(harness) == .minimumGap)
    // Who called is gone, and with it what made the other its person: the past as it is read knows the number alone.
    try harness.call("lead.delete", ["leadID": 1])
    #expect(try gate(harness) == .minimumGap)
    // A rule that looks further back.
    try harness.call("campaign.create", ["campaignID": "e", "dialMode": "manual", "minimumGapSeconds": 9000])
    #expect(try gate(harness) == nil)
  }

  @Test("a limit of a law counts from the moment at which it begins to hold")
  func lawBegins() throws {
    let harness = try EngineHarness()
    try harness.lawOfTomorrow()
    try harness.list()
    try harness.lead(1, ending: 5, ["region": "AU", "timeZone": "Australia/Sydney"])
    try harness.campaign(["callingHours": "h", "strictZones": false])
    try harness.start()
    harness.pass(.minutes(5))
    #expect(harness.events(.attemptEnded).count == 1)
    // The retry is past, and the campaign holds still so that nobody takes it.
    harness.give(.trunk(TestSettings.trunk, .state(.down(reason: "test"))))
    let midnight = try #require(Instant(rfc3339: "2026-11-22T00:00:00+11:00"))
    harness.pass(midnight - .milliseconds(1) - harness.now.wall)
    let campaign = try #require(harness.engine.campaigns[CampaignID("c")])
    func counts() throws -> GateBuckets {
      try StandingCheck.run(harness.engine, "\(harness.now.wall)")
      return CampaignTally(of: campaign, engine: harness.engine).all
    }
    #expect(try counts().dialable == 1)
    harness.pass(.milliseconds(1))
    #expect(try counts()[.attemptLimits].leads == 1)
  }

  @Test("a clock that is set back brings back what had passed")
  func clockBack() throws {
    let gap: JSONObject = ["minimumGapSeconds": 600]
    let harness = try harness(gap, ending: 5, first: ["vendorLeadCode": "P"], second: ["vendorLeadCode": "P"])
    try harness.start()
    harness.pass(.minutes(1))
    try harness.call("campaign.pause", ["campaignID": "c"])
    harness.pass(.minutes(10))
    #expect(try gate(harness) == nil)
    harness.jumpWall(by: .minutes(-5))
    harness.settle()
    #expect(try gate(harness) == .minimumGap)
    harness.pass(.minutes(6))
    #expect(try gate(harness) == nil)
  }

  @Test("of very many leads of one person each is counted as that once the turns have looked at them")
  func crowd() throws {
    let harness = try harness(
      ["minimumGapSeconds": 600], simulated: false, first: ["email": "junk@example.com"],
      second: ["email": "junk@example.com"])
    for index in 10..<210 { try harness.lead(index, list: 2, ["email": "junk@example.com"]) }
    try harness.start()
    harness.say(.state(.up))
    let call = try #require(harness.liveCall)
    let campaign = try #require(harness.engine.campaigns[CampaignID("d")])
    func counts() throws -> GateBuckets {
      try StandingCheck.run(harness.engine, "\(harness.now.wall)")
      return CampaignTally(of: campaign, engine: harness.engine).all
    }
    #expect(try counts()[.notLive].leads == 201)
    harness.say(.ended(call.attempt.callID, CallEnding(outcome: .busy, byFarEnd: true)))
    #expect(try counts()[.minimumGap].leads == 201)
    harness.pass(.minutes(10))
    #expect(try counts().dialable == 201)
  }

  @Test("a list whose last lead is kept by a call to another of the person is not exhausted until that lead is")
  func heldIsNotExhausted() throws {
    let harness = try harness(simulated: false, first: ["email": "p@example.com"], second: ["email": "p@example.com"])
    try harness.lead(3)
    try harness.agent("ann", ["d"])
    try harness.call("lead.dial", ["leadID": 2, "campaignID": "d", "agentID": "ann"])
    try harness.start()
    harness.say(.state(.up))
    let calls = harness.engine.calls.values
    let held = try #require(calls.first { $0.attempt.leadID == LeadID(2) }).attempt.callID
    let last = try #require(calls.first { $0.attempt.leadID == LeadID(3) }).attempt.callID
    let disconnected = CallEnding(outcome: .disconnected, byFarEnd: true)
    harness.say(.ended(last, disconnected))
    #expect(harness.events(.listExhausted).isEmpty)
    harness.say(.ended(held, CallEnding(outcome: .busy, byFarEnd: true)))
    let call = try #require(harness.liveCall)
    #expect(call.attempt.leadID == LeadID(1))
    harness.say(.ended(call.attempt.callID, disconnected))
    #expect(harness.events(.listExhausted).compactMap(\.listID) == [ListID(1)])
  }
}
