import DialerModel
import Telephony

@testable import DialerEngine

/// A small database drawn from a seed on which every gate is at work: two campaigns that share lists, persons that share
/// codes, emails, names and numbers across lists, two numbers a lead, state rules with limits and holds of their own,
/// strict zones, agreed times of all kinds, short retries, forbidden prefixes.
struct RandomRules {
  let harness: EngineHarness
  private(set) var generator: SeededGenerator
  static let campaigns = ["c", "d"]

  init(_ seed: Int) throws {
    generator = SeededGenerator(seed: UInt64(seed) &* 0x9E37 &+ 77)
    harness = try EngineHarness(
      { $0.logLevel = .error }, simulator: SimulatorOptions(seed: UInt64(seed), speed: 10))
    try makeHours()
    try makeStrategies()
    for campaign in Self.campaigns { try makeCampaign(campaign) }
    for list in 1...3 {
      try harness.list(list, ["active": .bool(one(in: 8) > 0)])
      for _ in 0..<number(in: 6...16) { try addLead(list) }
      for campaign in Self.campaigns where one(in: 4) > 0 { try assign(list, to: campaign) }
    }
    if one(in: 2) == 0 {
      try harness.call("list.update", ["listID": 3, "expiresAt": JSON(harness.now.wall + .minutes(50))])
    }
    try harness.call("dnc.add", ["phones": [.string(Self.phone(number(in: 0...24)))]])
    try harness.call("dnc.add", ["phones": ["+1212555010*"], "campaignID": "d"])
    try agreeTimes()
  }

  mutating func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  mutating func one(in count: Int) -> Int { number(in: 0...count - 1) }
  mutating func pick(_ words: [String]) -> String { words[one(in: words.count)] }

  /// Florida, New York, Indiana (whose numbers may lie in two zones) and, by their last digit, with all outcomes.
  static func phone(_ index: Int) -> String {
    let areas = ["305", "212", "812", "850", "208"]
    return "+1\(areas[index % areas.count])55501\(index / 10)\(index % 10)"
  }

  // MARK: - Rules

  /// Friday 20:00 in New York at the start.
  private mutating func makeHours() throws {
    func day(_ from: [String], _ to: [String]) -> JSON { [.string("\(pick(from))-\(pick(to))")] }
    let late = day(["08:00", "20:05"], ["20:30", "21:00", "24:00"])
    let florida = day(["08:00", "09:00"], ["20:10", "21:00"])
    try harness.call(
      "callingHours.put",
      [
        "callingHoursID": "h", "name": "H", "weekly": ["friday": late, "saturday": ["09:00-21:00"]],
        "regions": [
          "US-FL": [
            "source": "a test", "weekly": ["friday": florida],
            "attemptLimits": [
              ["count": JSON(number(in: 1...2)), "windowSeconds": JSON(number(in: 300...3000)), "scope": "person"]
            ],
          ],
          "US": ["source": "a test", "abandonHoldSeconds": JSON(number(in: 200...4000))],
        ],
        "unknownRegion": .string(pick(["base", "strictest"])),
      ])
  }

  private mutating func makeStrategies() throws {
    let retries = ["busy", "no-answer", "machine", "failed", "dropped", "answered", "connected", "congestion"].map {
      JSON.object([
        "outcome": .string($0), "afterSeconds": JSON(number(in: 30...900)), "nextPhone": .bool(one(in: 2) == 0),
      ])
    }
    try harness.call(
      "strategy.put",
      [
        "strategyID": "s", "name": "S", "retries": .array(retries), "completeAfter": [],
        "phoneOrder": one(in: 2) == 0 ? ["phone1", "phone2"] : ["phone2", "phone1"],
        "phonePolicy": .string(pick(["next-attempt", "same-attempt"])),
      ])
  }

  private mutating func makeCampaign(_ id: String) throws {
    var limits: [JSON] = []
    for scope in ["lead", "phone", "person"] where one(in: 2) == 0 {
      limits.append([
        "count": JSON(number(in: 1...3)), "windowSeconds": JSON(number(in: 120...3600)), "scope": .string(scope),
        "counts": .string(pick(["attempts", "answers"])),
      ])
    }
    try harness.call(
      "campaign.create",
      [
        "campaignID": .string(id), "dialMode": "broadcast", "region": "US", "timeZone": "America/New_York",
        "callingHours": "h", "strictZones": .bool(one(in: 2) == 0), "calledCountLimit": JSON(number(in: 3...9)),
        "minimumGapSeconds": JSON(one(in: 2) * number(in: 1...600)), "attemptLimits": .array(limits),
        "dialRatio": 2, "wrapUpSeconds": 4,
      ])
  }

  private mutating func assign(_ list: Int, to campaign: String) throws {
    var form: JSONObject = [
      "campaignID": .string(campaign), "listID": JSON(list), "toDial": .bool(one(in: 7) > 0),
      "strategy": .string(pick(["s", "s", "standard"])), "weight": JSON(number(in: 1...100)),
    ]
    if one(in: 3) == 0 { form["filter"] = ["not": ["owner": "bob"]] }
    try harness.call("campaign.assignList", .object(form))
  }

  // MARK: - Leads

  mutating func addLead(_ list: Int) throws {
    var form: JSONObject = ["listID": JSON(list), "owner": .string(pick(["ann", "bob", "cat"])), "onMatch": "add"]
    form["phone1"] = .string(Self.phone(number(in: 0...24)))
    if one(in: 3) == 0 { form["phone2"] = .string(Self.phone(number(in: 0...24))) }
    if one(in: 3) > 0 { form["timeZone"] = .string(pick(["America/New_York", "America/Chicago", "America/Boise"])) }
    if one(in: 4) > 0 {
      form["region"] = "US"
      if one(in: 3) > 0 { form["state"] = .string(pick(["FL", "NY", "IN", "ID"])) }
    }
    if one(in: 3) == 0 { form["email"] = .string("p\(one(in: 4))@example.com") }
    if one(in: 3) == 0 {
      form["firstName"] = .string(pick(["Ann", "Bob"]))
      form["lastName"] = "Lee"
    }
    if one(in: 3) == 0 { form["vendorLeadCode"] = .string("P\(one(in: 6))") }
    if one(in: 8) == 0 { form["callAt"] = JSON(harness.now.wall + .seconds(Int64(number(in: 1...900)))) }
    let lead = try harness.call("lead.add", .object(form))["leadID"] ?? .null
    switch one(in: 10) {
    case 0: try harness.call("lead.setStatus", ["leadID": lead, "completed": true])
    case 1: try harness.call("lead.setStatus", ["leadID": lead, "status": "DNC"])
    default: break
    }
  }

  mutating func agreeTimes() throws {
    for lead in harness.store.leads.keys.sorted() where one(in: 8) == 0 {
      let at = harness.now.wall + .seconds(Int64(number(in: 1...3600)))
      var form: JSONObject = [
        "leadID": JSON(lead.rawValue), "campaignID": .string(pick(Self.campaigns)), "callbackAt": JSON(at),
      ]
      if one(in: 2) == 0 {
        form["agentID"] = "ann"
        if one(in: 3) > 0 {
          form["until"] = JSON(at + .seconds(Int64(number(in: 1...900))))
          form["then"] = .string(pick(["anyone", "missed"]))
        }
      }
      // Refused where the campaign does not have the lead's list.
      _ = try? harness.call("lead.schedule", .object(form))
    }
  }

  // MARK: - Time

  /// Both campaigns dial for a while, one of them with an agent and more lines than that, so that calls are abandoned.
  mutating func dial() throws {
    try harness.call("campaign.update", ["campaignID": "d", "dialMode": "ratio"])
    try harness.agent("eve", ["d"])
    for campaign in Self.campaigns { try harness.start(campaign) }
    harness.pass(.seconds(Int64(number(in: 30...600))))
    try harness.call("agent.logout", ["agentID": "eve"])
    try harness.call("campaign.update", ["campaignID": "d", "dialMode": "broadcast"])
    harness.pass(.seconds(Int64(number(in: 1...300))))
  }

  /// Nothing more is dialled, and what goes on ends.
  mutating func rest() {
    harness.give(.trunk(TestSettings.trunk, .state(.down(reason: "test"))))
    harness.settle()
    while !harness.engine.calls.isEmpty { harness.pass(.seconds(30)) }
    harness.pass(.seconds(Int64(number(in: 1...400))))
  }
}
