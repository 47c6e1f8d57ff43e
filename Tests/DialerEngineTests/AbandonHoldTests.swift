import DialerModel
import Testing

@testable import DialerEngine

/// After an abandoned call nobody is called without an agent in hand for as long as the rule set says.
@Suite struct AbandonHoldTests {
  private static let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

  /// Lead 1 is answered and taken by the only agent, lead 2 is answered and abandoned; nothing but the hold keeps it from
  /// being dialled again after a second.
  private func harness(
    hold: Int? = 72 * 3600, regions: JSONObject = [:], _ campaign: JSONObject = [:]
  ) throws -> EngineHarness {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(2)
    var set: JSONObject = [
      "callingHoursID": "h", "weekly": .object(JSONObject(dictionary: Self.week.map { ($0, ["00:00-24:00"]) })),
      "regions": .object(regions),
    ]
    set.append("abandonHoldSeconds", ifPresent: hold.map { JSON($0) })
    try harness.call("callingHours.put", .object(set))
    try harness.call(
      "strategy.put",
      [
        "strategyID": "s", "name": "S",
        "retries": [["outcome": "dropped", "afterSeconds": 1], ["outcome": "connected", "afterSeconds": 9_000_000]],
      ])
    let ratio: JSONObject = ["callingHours": "h", "dialRatio": 2, "abandonTargetPercent": 100, "wrapUpSeconds": 1]
    try harness.campaign(mode: "ratio", strategy: "s", ratio + campaign)
    try harness.agent("ann")
    try harness.start()
    harness.pass(.seconds(30))
    return harness
  }

  private func abandonedAt(_ harness: EngineHarness) throws -> Instant {
    try #require(harness.events(.attemptEnded).first { $0.attempt?.outcome == .dropped }).at
  }

  private func gap(_ harness: EngineHarness, at moment: Instant? = nil) throws -> JSON {
    let gates = try harness.explain(LeadID(2), at: moment)["gates"]?.arrayValue ?? []
    return try #require(gates.first { $0["gate"] == "minimum-gap" })
  }

  @Test("a ratio campaign waits 72 hours, to the millisecond, and explains why and until when")
  func ratioWaits() throws {
    let harness = try harness()
    let abandoned = try abandonedAt(harness)
    #expect(harness.claimedLeads == [1, 2])
    let explained = try harness.explain(LeadID(2))
    #expect(explained["nextEligibleAt"] == JSON(abandoned + .hours(72)))
    let gap = try gap(harness)
    #expect(gap["passes"] == false && gap["until"] == JSON(abandoned + .hours(72)))
    #expect(gap["detail"]?.stringValue?.contains("no call without an agent in hand until") == true)
    harness.pass(upTo: abandoned + .hours(72))
    let again = try #require(harness.events(.attemptStarted).last)
    #expect(harness.claimedLeads == [1, 2, 2] && again.at == abandoned + .hours(72))
  }

  @Test("the forecast knows the hold, also where no rule limits attempts")
  func forecast() throws {
    let harness = try harness(hold: 5400)
    // Another lead with the number of the abandoned call, which no claim has tried yet.
    try harness.call("campaign.pause", ["campaignID": "c"])
    try harness.lead(1, ["onMatch": "add"])
    let form = try harness.call("campaign.forecast", ["campaignID": "c", "hours": 2])
    let returning = (form["intervals"]?.arrayValue ?? []).filter { $0["returning"] != 0 }
    let end = try abandonedAt(harness) + .seconds(5400)
    #expect(returning.count == 1 && returning[0]["returning"] == 2)
    #expect(returning[0]["from"]?.stringValue ?? "" <= "\(end)" && returning[0]["until"]?.stringValue ?? "" > "\(end)")
  }

  @Test("without a hold in the rule set nothing waits")
  func noHold() throws {
    let harness = try harness(hold: nil)
    harness.pass(.minutes(1))
    #expect(harness.claimedLeads.filter { $0 == 2 }.count > 1)
  }

  @Test("a region's hold counts for its leads, and the longest of several", arguments: [(24, 72), (96, 96)])
  func regional(hours: Int, expected: Int) throws {
    let harness = try harness(
      regions: ["AU": ["source": "s", "abandonHoldSeconds": JSON(hours * 3600)]])
    #expect(
      try harness.explain(LeadID(2))["nextEligibleAt"]
        == JSON(try abandonedAt(harness) + .hours(Int64(expected))))
  }

  @Test("progressive dials the person at once, with an agent kept for the line, and the evidence says so")
  func progressive() throws {
    let harness = try harness()
    try harness.call("campaign.update", ["campaignID": "c", "dialMode": "progressive"])
    harness.pass(.seconds(30))
    #expect(harness.claimedLeads == [1, 2, 2])
    let evidence = try JSON(parsing: try #require(harness.store.attempts[AttemptID(3)]).evidence)
    let hold = try #require(evidence["abandonHold"])
    #expect(hold["agentInHand"] == true && hold["holdSeconds"] == 259_200 && hold["region"] == "h")
    #expect(hold["abandonedAt"] == JSON(try abandonedAt(harness)))
  }

  @Test("broadcast and predictive wait", arguments: ["broadcast", "predictive"])
  func othersWait(mode: String) throws {
    let harness = try harness()
    try harness.call("campaign.update", ["campaignID": "c", "dialMode": .string(mode)])
    harness.pass(.minutes(10))
    #expect(harness.claimedLeads == [1, 2])
  }

  @Test("preview offers the person to an agent; lead.dial needs one, or an override")
  func byHand() throws {
    let harness = try harness()
    try harness.call("campaign.update", ["campaignID": "c", "dialMode": "preview"])
    harness.pass(.seconds(5))
    let dial: JSONObject = ["leadID": 2, "campaignID": "c"]
    do {
      try harness.call("lead.dial", .object(dial))
      Issue.record("a call without an agent is not refused")
    } catch {
      let failing = (error.details["gates"]?.arrayValue ?? []).filter { $0["passes"] == false }.map { $0["gate"] }
      #expect(failing == ["minimum-gap"])
    }
    #expect(try harness.call("lead.next", ["campaignID": "c", "agentID": "ann"])["lead"]?["leadID"] == 2)
    try harness.call("lead.dial", .object(dial + ["agentID": "ann"]))
    #expect(harness.claimedLeads == [1, 2, 2])
  }

  @Test("an override of minimum-gap lets lead.dial pass without an agent, and both stand in the evidence")
  func override() throws {
    let harness = try harness()
    let dial: JSON = ["leadID": 2, "campaignID": "c", "override": ["minimum-gap"]]
    try harness.call("lead.dial", dial)
    let evidence = try JSON(parsing: try #require(harness.store.attempts[AttemptID(3)]).evidence)
    #expect(evidence["abandonHold"]?["agentInHand"] == false && evidence["override"] == ["minimum-gap"])
  }

  @Test("the hold outlives a crash, a later call that nobody answers, and holds the number of another lead")
  func survives() throws {
    let harness = try harness()
    let abandoned = try abandonedAt(harness)
    harness.crash(after: .hours(1))
    harness.settle()
    #expect(try harness.explain(LeadID(2))["nextEligibleAt"] == JSON(abandoned + .hours(72)))
    try harness.list(2)
    try harness.lead(1, list: 2)
    try harness.call(
      "campaign.assignList", ["campaignID": "c", "listID": 2, "weight": 1, "strategy": "s"])
    harness.pass(.minutes(10))
    #expect(harness.claimedLeads == [1, 2], "the number of lead 2 under lead 3")
    #expect(try harness.explain(LeadID(3))["nextEligibleAt"] == JSON(abandoned + .hours(72)))
  }
}
