import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// Nobody stays where something put him that is over: whoever may be dialled again is found again.
@Suite struct StandingWakeTests {
  private func tally(_ id: String, _ harness: EngineHarness) throws -> GateBuckets {
    try StandingCheck.run(harness.engine, "\(harness.now.wall)")
    let campaign = try #require(harness.engine.campaigns[CampaignID(id)])
    return CampaignTally(of: campaign, engine: harness.engine).all
  }

  @Test("a lead whose call is wrapped while it is up is counted as live")
  func wrapped() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.lead(1)
    try harness.campaign(mode: "manual", ["wrapCodes": [["code": "WRONG", "name": "Wrong number"]]])
    try harness.start()
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c"])
    let call = try #require(harness.liveCall)
    harness.say(.answered(call.attempt.callID))
    #expect(try tally("c", harness)[.status].leads == 1)
    try harness.call("call.wrap", ["callID": .string(call.attempt.callID.rawValue), "wrapCode": "WRONG"])
    #expect(try tally("c", harness)[.notLive].leads == 1)
  }

  @Test("a lead whose wait in one campaign is over while another calls it is counted as live")
  func waitOver() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.lead(1)
    try harness.campaign(mode: "manual")
    try harness.campaign(id: "d", mode: "manual", ["minimumGapSeconds": 1000])
    for campaign in ["c", "d"] { try harness.start(campaign) }
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c"])
    let call = try #require(harness.liveCall)
    harness.say(.ended(call.attempt.callID, CallEnding(outcome: .busy, byFarEnd: true)))
    harness.pass(.seconds(990))
    #expect(try tally("d", harness)[.minimumGap].leads == 1)
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c"])
    #expect(try tally("d", harness)[.status].leads == 1)
    harness.pass(.seconds(15))
    #expect(try tally("d", harness)[.status].leads == 1)
  }

  @Test("a lead that waits for one number in one campaign and for another in the next comes back to each with its own")
  func twoNumbers() throws {
    let harness = try EngineHarness(simulator: nil)
    for list in 1...2 { try harness.list(list) }
    for (id, order) in [("x", ["phone1", "phone2"]), ("y", ["phone2", "phone1"])] {
      try harness.call("strategy.put", ["strategyID": .string(id), "name": "S", "phoneOrder": JSON(order)])
    }
    try harness.lead(1)
    try harness.lead(2)
    try harness.lead(
      3, list: 2,
      ["phone1": .string(EngineHarness.number(1)), "phone2": .string(EngineHarness.number(2))])
    try harness.campaign(lists: [(1, 100)])
    try harness.campaign(id: "d", mode: "manual", lists: [(2, 100)], strategy: "x")
    try harness.campaign(id: "e", mode: "manual", lists: [(2, 100)], strategy: "y")
    for campaign in ["c", "d", "e"] { try harness.start(campaign) }
    harness.say(.state(.up))
    let second = try #require(harness.engine.calls.values.first { $0.attempt.leadID == LeadID(2) })
    #expect(try tally("e", harness)[.notLive].leads == 1)
    harness.say(.ended(second.attempt.callID, CallEnding(outcome: .busy, byFarEnd: true)))
    #expect(try tally("d", harness)[.notLive].leads == 1)
    #expect(try tally("e", harness).dialable == 1)
  }

  @Test("a list that expired is dialled again when the clock goes back before that moment")
  func expiryPutBack() throws {
    let harness = try EngineHarness()
    try harness.list(1, ["expiresAt": JSON(harness.now.wall + .minutes(10))])
    try harness.campaign()
    try harness.start()
    harness.pass(.minutes(11))
    try harness.lead(1)
    #expect(harness.claimedLeads.isEmpty)
    harness.jumpWall(by: .minutes(-5))
    harness.settle()
    #expect(harness.claimedLeads == [1])
  }

  @Test("a law that begins once more after the clock went back counts once more")
  func lawBeginsAgain() throws {
    let harness = try EngineHarness()
    try harness.lawOfTomorrow()
    try harness.list()
    try harness.lead(1, ending: 5, ["region": "AU", "timeZone": "Australia/Sydney"])
    try harness.campaign(["callingHours": "h", "strictZones": false])
    try harness.start()
    harness.pass(.minutes(5))
    harness.give(.trunk(TestSettings.trunk, .state(.down(reason: "test"))))
    let midnight = try #require(Instant(rfc3339: "2026-11-22T00:00:00+11:00"))
    harness.pass(midnight + .minutes(1) - harness.now.wall)
    #expect(try tally("c", harness)[.attemptLimits].leads == 1)
    harness.jumpWall(by: .minutes(-5))
    harness.settle()
    #expect(try tally("c", harness).dialable == 1)
    harness.pass(.minutes(6))
    #expect(try tally("c", harness)[.attemptLimits].leads == 1)
  }

  @Test("a callback that a rule put off is dialled as soon as the rule is gone")
  func callbackPutOff() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(1, ending: 5)
    try harness.campaign(["minimumGapSeconds": 7200])
    try harness.start()
    harness.pass(.minutes(1))
    try harness.call(
      "lead.schedule", ["leadID": 1, "campaignID": "c", "callbackAt": JSON(harness.now.wall + .minutes(1))])
    harness.pass(.minutes(5))
    #expect(harness.claimedLeads == [1])
    try harness.call("campaign.update", ["campaignID": "c", "minimumGapSeconds": 0])
    #expect(harness.claimedLeads == [1, 1])
  }

  @Test("leads of a list that has just expired are not lost to it by an agent who asks for the next")
  func expiredAtNext() throws {
    let harness = try EngineHarness()
    try harness.list(1, ["expiresAt": JSON(harness.now.wall + .minutes(10))])
    try harness.lead(1)
    try harness.campaign(mode: "preview")
    try harness.agent("ann")
    try harness.start()
    harness.jumpWall(by: .minutes(11))
    #expect(try harness.call("lead.next", ["campaignID": "c", "agentID": "ann"])["lead"] == .null)
    try harness.call("list.update", ["listID": 1, "expiresAt": JSON(harness.now.wall + .minutes(10))])
    #expect(try harness.call("lead.next", ["campaignID": "c", "agentID": "ann"])["lead"]?["leadID"] == 1)
  }

  @Test("leads that a do-not-call list takes or gives back are counted so, or the counts are not said to be exact")
  func forbidden() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(3)
    try harness.campaign(mode: "manual")
    try harness.start()
    for (number, forbidden) in [(EngineHarness.number(1), 1), ("+6129*", 3)] {
      for (method, leads) in [("dnc.add", forbidden), ("dnc.remove", 0)] {
        try harness.send(method, ["phones": [.string(number)]])
        harness.turn()
        if harness.engine.standsAsJudged { #expect(try tally("c", harness)[.callablePhone].leads == leads) }
        harness.settle()
        #expect(try tally("c", harness)[.callablePhone].leads == leads)
      }
    }
  }

  @Test("a list whose last lead another campaign is calling is not exhausted; it is when that call leaves nothing")
  func calledElsewhere() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    for index in 1...2 { try harness.lead(index) }
    try harness.campaign(id: "c", ["maximumLiveCalls": 1])
    try harness.campaign(id: "d", ["maximumLiveCalls": 1])
    for campaign in ["c", "d"] { try harness.start(campaign) }
    harness.say(.state(.up))
    let disconnected = CallEnding(outcome: .disconnected, byFarEnd: true)
    func call(_ campaign: String) throws -> LiveCall {
      try #require(harness.engine.calls.values.first { $0.attempt.campaignID == CampaignID(campaign) })
    }
    harness.say(.ended(try call("d").attempt.callID, disconnected))
    #expect(harness.events(.listExhausted).isEmpty)
    harness.say(.ended(try call("c").attempt.callID, disconnected))
    #expect(harness.events(.listExhausted).compactMap(\.campaignID).sorted() == [CampaignID("c"), CampaignID("d")])
  }

  @Test("a list that was exhausted and has leads that wait again says so again when they are done")
  func exhaustedAgain() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(1, ending: 5)
    try harness.campaign(["calledCountLimit": 1, "minimumGapSeconds": 600])
    try harness.start()
    harness.pass(.minutes(1))
    #expect(harness.events(.listExhausted).count == 1)
    try harness.call("campaign.update", ["campaignID": "c", "calledCountLimit": 2])
    harness.pass(.hours(1))
    #expect(harness.claimedLeads == [1, 1])
    #expect(harness.events(.listExhausted).count == 2)
  }

  @Test("a moment at which a lead is to be looked at is kept once, however often the lead is looked at before")
  func momentOnce() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(1, ending: 5, ["owner": "bob"])
    try harness.campaign(["minimumGapSeconds": 7200])
    try harness.start()
    harness.pass(.minutes(1))
    try harness.call(
      "campaign.assignList", ["campaignID": "c", "listID": 1, "filter": ["not": ["owner": "bob"]]])
    for rank in 0..<20 { try harness.call("lead.setStatus", ["leadID": 1, "rank": JSON(rank)]) }
    #expect(try tally("c", harness)[.minimumGap].leads == 1)
    #expect(harness.engine.standingChanges.count == 1)
  }

  @Test("very many leads with one number are gone over once for all calls to some of them")
  func crowdOnce() throws {
    let leads = LeadTable()
    for id in 1...UInt32(300) {
      let phones = PhoneSet([PhoneNumber(digits: 61_291_000_000 + UInt64(id)), PhoneNumber(digits: 61_299_999_999)])
      leads.put(
        LeadRecord(
          leadID: LeadID(id), listID: ListID(1), phones: phones, zone: 0, entered: Instant(milliseconds: 0)),
        vendorLeadCode: nil)
    }
    var seen = LeadTable.SeenCrowds()
    #expect(leads.related(to: LeadID(1), notOf: &seen).count == 299)
    #expect(leads.related(to: LeadID(2), notOf: &seen).isEmpty)
    #expect(leads.related(to: LeadID(2)).count == 299)
  }
}
