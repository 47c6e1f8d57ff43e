import DialerModel
import Testing

@testable import DialerEngine

/// Limits of laws at the claim: each gives the exact instant from which it passes.
@Suite struct RuleLimitTests {
  private static let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

  private func set(_ more: JSONObject) -> JSON {
    .object(
      [
        "callingHoursID": "h", "weekly": .object(JSONObject(dictionary: Self.week.map { ($0, ["00:00-24:00"]) })),
      ] + more)
  }

  private func harness(
    phone: String, place: JSONObject, ending: JSONObject = [:], rules: JSONObject = [:], _ campaign: JSONObject = [:]
  ) throws -> EngineHarness {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(1, ["phones": [.string(phone)]] + place)
    try harness.call("callingHours.put", set(rules))
    let retries: JSON = .array(
      ["busy", "no-answer", "answered", "machine"].map { ["outcome": .string($0), "afterSeconds": 60] })
    try harness.call("strategy.put", ["strategyID": "s", "name": "S", "retries": retries, "completeAfter": []])
    try harness.campaign(strategy: "s", ["callingHours": "h", "strictZones": false] + campaign)
    return harness
  }

  /// Sources: 12 CFR 1006.14(b)(2); Fla. Stat. 501.616(6)(b); Code de la consommation D. 223-9.
  @Test(
    "the next call after a limit is reached comes when the oldest counted one leaves the window, not a millisecond before",
    arguments: [
      ("+13055550105", ["region": "US", "state": "FL"], 3, 24),
      ("+12125550105", ["region": "US", "state": "FL"], 3, 24),
      // By its area code.
      ("+13055550105", ["region": "US", "state": "TX"], 3, 24), ("+33142680105", ["region": "FR"], 4, 30 * 24),
    ] as [(String, JSONObject, Int, Int64)])
  func attempts(phone: String, place: JSONObject, count: Int, hours: Int64) throws {
    let cap: JSON = [["count": 3, "windowSeconds": 86_400, "scope": "person"]]
    let france: JSON = [["count": 4, "windowSeconds": 2_592_000, "scope": "person"]]
    let harness = try harness(
      phone: phone, place: place,
      rules: [
        "regions": [
          "US-FL": ["source": "Fla. Stat. 501.616", "attemptLimits": cap, "phonePrefixes": ["+1305"]],
          "FR": ["source": "D. 223-9", "attemptLimits": france],
        ]
      ])
    try harness.start()
    harness.pass(.minutes(30))
    let started = harness.events(.attemptStarted).map(\.at)
    #expect(started.count == count)
    let first = try #require(started.first)
    #expect(try harness.explain(LeadID(1))["nextEligibleAt"] == JSON(first + .hours(hours)))
    #expect(try harness.failingGates(LeadID(1)) == ["attempt-limits"])
    harness.pass(upTo: first + .hours(hours))
    let next = try #require(harness.events(.attemptStarted).dropFirst(count).first)
    #expect(next.at == first + .hours(hours))
    let evidence = try JSON(parsing: try #require(harness.store.attempts[AttemptID(Int64(count + 1))]).evidence)
    let limit = try #require(evidence["attemptLimits"]?[0])
    #expect(limit["count"] == JSON(count - 1) && limit["limit"] == JSON(count))
    #expect(limit["region"] == (phone.hasPrefix("+33") ? "FR" : "US-FL"))
  }

  private static let regulationF: JSON = [
    ["count": 7, "windowSeconds": 604_800, "scope": "person", "counts": "attempts"],
    ["count": 1, "windowSeconds": 604_800, "scope": "person", "counts": "answers"],
  ]

  @Test("Regulation F: seven calls in seven days, whoever does not answer")
  func seven() throws {
    let harness = try harness(phone: "+12125550105", place: [:], ["attemptLimits": Self.regulationF])
    try harness.start()
    harness.pass(.hours(1))
    let started = harness.events(.attemptStarted).map(\.at)
    #expect(started.count == 7)
    #expect(try harness.explain(LeadID(1))["nextEligibleAt"] == JSON(started[0] + .hours(7 * 24)))
  }

  @Test("Regulation F: none within seven days after a conversation, counted from the moment it was answered")
  func conversation() throws {
    let harness = try harness(phone: "+12125550100", place: [:], ["attemptLimits": Self.regulationF])
    try harness.start()
    harness.pass(.minutes(10))
    let started = harness.events(.attemptStarted).map(\.at)
    let answered = try #require(harness.events(.attemptAnswered).first).at
    #expect(started.count == 1 && answered > started[0])
    let next = answered + .hours(7 * 24)
    #expect(try harness.explain(LeadID(1))["nextEligibleAt"] == JSON(next))
    #expect(try harness.explain(LeadID(1), at: next - Interval(milliseconds: 1))["dialable"] == false)
    #expect(try harness.explain(LeadID(1), at: next)["dialable"] == true)
    harness.crash(after: .hours(1))
    harness.settle()
    #expect(try harness.explain(LeadID(1))["nextEligibleAt"] == JSON(next), "after a restart too")
    harness.pass(upTo: next)
    #expect(harness.events(.attemptStarted).map(\.at) == [started[0], next])
  }

  @Test("of several limits the one that passes last decides, over all campaigns of the tenant")
  func several() throws {
    let limits: JSON = [
      ["count": 2, "windowSeconds": 600, "scope": "phone"], ["count": 3, "windowSeconds": 7200, "scope": "lead"],
    ]
    let harness = try harness(phone: "+12125550105", place: [:], ["attemptLimits": limits])
    try harness.start()
    harness.pass(.minutes(20))
    let started = harness.events(.attemptStarted).map(\.at)
    #expect(started.count == 3 && started[2] == started[0] + .minutes(10))
    #expect(try harness.explain(LeadID(1))["nextEligibleAt"] == JSON(started[0] + .hours(2)))
    try harness.campaign(id: "d", strategy: "s", ["callingHours": "h", "attemptLimits": limits])
    try harness.start("d")
    harness.pass(.minutes(10))
    #expect(harness.events(.attemptStarted).count == 3)
  }

  @Test("a limit that the rule set gets later counts the calls that were made before")
  func later() throws {
    let harness = try harness(phone: "+12125550105", place: [:])
    try harness.start()
    harness.pass(.minutes(10))
    let started = harness.events(.attemptStarted).map(\.at)
    try harness.call(
      "callingHours.put", set(["attemptLimits": [["count": 2, "windowSeconds": 86_400, "scope": "lead"]]]))
    harness.pass(.minutes(10))
    #expect(harness.events(.attemptStarted).count == started.count && started.count > 2)
    #expect(
      try harness.explain(LeadID(1))["nextEligibleAt"] == JSON(started[started.count - 2] + .hours(24)))
  }

  @Test("a lead whose state is not known is called by the rules of the policy, and explain and evidence name it")
  func unknownState() throws {
    let rules: JSONObject = [
      "regions": ["US-FL": ["source": "s", "weekly": .object(JSONObject(dictionary: Self.week.map { ($0, []) }))]]
    ]
    let harness = try harness(phone: "+12125550105", place: ["region": "US"], rules: rules)
    try harness.start()
    harness.pass(.seconds(1))
    let evidence = try JSON(parsing: try #require(harness.store.attempts[AttemptID(1)]).evidence)
    #expect(evidence["unknownPlace"] == "state not known: base" && evidence["rules"] == "h")
    try harness.call("campaign.update", ["campaignID": "c", "unknownRegion": "strictest"])
    harness.pass(.minutes(10))
    #expect(harness.events(.attemptStarted).count == 1)
    let hours = (try harness.explain(LeadID(1))["gates"]?.arrayValue ?? []).first { $0["gate"] == "calling-hours" }
    let detail = try #require(hours?["detail"]?.stringValue)
    #expect(detail.contains("US-FL") && detail.contains("state not known: strictest"), "\(detail)")
  }

  @Test(
    "lead.dial passes by any gate that an administrator names, and by no other",
    arguments: [
      ("calling-hours", ["weekly": [:]], [:]),
      ("attempt-limits", [:], ["attemptLimits": [["count": 1, "windowSeconds": 86_400, "scope": "lead"]]]),
      ("minimum-gap", [:], ["minimumGapSeconds": 86_400]), ("called-count-limit", [:], ["calledCountLimit": 1]),
    ] as [(String, JSONObject, JSONObject)])
  func overrides(gate: String, rules: JSONObject, campaign: JSONObject) throws {
    let harness = try harness(phone: "+12125550105", place: [:], ["maximumLiveCalls": 5])
    try harness.start()
    harness.pass(.seconds(20))
    try harness.call("callingHours.put", set(rules))
    try harness.call("campaign.update", .object(["campaignID": "c"] + campaign))
    harness.pass(.minutes(2))
    let before = harness.claimedLeads.count
    #expect(try harness.failingGates(LeadID(1)) == [gate])
    let dial: JSONObject = ["leadID": 1, "campaignID": "c"]
    #expect(refusal { try harness.call("lead.dial", .object(dial)) } == "refused")
    #expect(refusal { try harness.call("lead.dial", .object(dial + ["override": ["status"]])) } == "refused")
    let override: JSONObject = ["override": [.string(gate)]]
    #expect(refusal { try harness.call("lead.dial", .object(dial + override), as: .crm()) } == "not-permitted")
    try harness.call("lead.dial", .object(dial + override))
    #expect(harness.claimedLeads.count == before + 1)
    let last = try #require(harness.store.attempts.keys.max())
    let evidence = try JSON(parsing: try #require(harness.store.attempts[last]).evidence)
    #expect(evidence["override"] == [.string(gate)] && evidence["overriddenBy"] == 0)
  }
}
