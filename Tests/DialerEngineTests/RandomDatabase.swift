import DialerModel
import Telephony

@testable import DialerEngine

/// A small database drawn from a seed: lists in all conditions, leads in several zones and states, persons that meet,
/// numbers that are forbidden, hours that are open for some.
struct RandomDatabase {
  /// - Parameters:
  ///   - limited: with attempt limits, a minimum gap, short retries, agreed times and a list that expires.
  ///   - simulator: nil = nothing is heard from the trunk.
  static func make(
    _ seed: Int, mode: String = "broadcast", limited: Bool = false, simulator: SimulatorOptions? = nil
  ) throws -> EngineHarness {
    var generator = SeededGenerator(seed: UInt64(seed))
    let harness = try EngineHarness(simulator: simulator)
    // Open in Sydney at the start, closed in Perth or Auckland by chance.
    let opening = ["07:00", "09:30", "11:00"].randomElement(using: &generator) ?? "09:00"
    let window = JSON.array([.string("\(opening)-13:00")])
    try harness.call(
      "callingHours.put", ["callingHoursID": "h", "name": "H", "weekly": ["saturday": window, "friday": window]])
    try harness.call(
      "campaign.create",
      [
        "campaignID": "c", "dialMode": .string(mode), "callingHours": "h", "strictZones": false,
        "calledCountLimit": JSON(Int.random(in: 1...3, using: &generator)),
      ])
    for list in 1...3 {
      try harness.list(list, ["active": .bool(Int.random(in: 0..<6, using: &generator) > 0)])
      for _ in 0..<Int.random(in: 3...12, using: &generator) { try addLead(harness, list, &generator) }
      var assignment: JSONObject = [
        "campaignID": "c", "listID": JSON(list), "toDial": .bool(Int.random(in: 0..<5, using: &generator) > 0),
      ]
      if Bool.random(using: &generator) { assignment["filter"] = ["not": ["owner": "bob"]] }
      try harness.call("campaign.assignList", .object(assignment))
    }
    for _ in 0..<3 {
      let number = EngineHarness.number(Int.random(in: 0..<20, using: &generator))
      try harness.call("dnc.add", ["phones": [.string(number)]])
    }
    if limited { try limit(harness, &generator) }
    return harness
  }

  private static func limit(_ harness: EngineHarness, _ generator: inout SeededGenerator) throws {
    let retries: JSON = .array(
      ["busy", "no-answer", "machine", "failed"].map { outcome in
        ["outcome": .string(outcome), "afterSeconds": JSON(Int.random(in: 60...1200, using: &generator))]
      })
    try harness.call("strategy.put", ["strategyID": "short", "name": "Short", "retries": retries])
    for list in 1...2 {
      try harness.call("campaign.assignList", ["campaignID": "c", "listID": JSON(list), "strategy": "short"])
    }
    let count = Int.random(in: 1...2, using: &generator)
    let window = Int.random(in: 600...7200, using: &generator)
    let scope = ["lead", "phone", "person"].randomElement(using: &generator) ?? "lead"
    try harness.call(
      "campaign.update",
      [
        "campaignID": "c", "calledCountLimit": 4,
        "attemptLimits": [["count": JSON(count), "windowSeconds": JSON(window), "scope": .string(scope)]],
        "minimumGapSeconds": JSON(Int.random(in: 0...900, using: &generator)),
      ])
    try harness.call("list.update", ["listID": 3, "expiresAt": JSON(harness.now.wall + .minutes(90))])
    for lead in harness.store.leads.keys.sorted() where Int.random(in: 0..<6, using: &generator) == 0 {
      let at = harness.now.wall + .seconds(Int64.random(in: 1...7200, using: &generator))
      try harness.call(
        "lead.schedule", ["leadID": JSON(lead.rawValue), "campaignID": "c", "callbackAt": JSON(at)])
    }
  }

  private static func addLead(_ harness: EngineHarness, _ list: Int, _ generator: inout SeededGenerator) throws {
    let zones = ["Australia/Sydney", "Australia/Perth", "Pacific/Auckland"]
    var more: JSONObject = [
      "timeZone": .string(zones.randomElement(using: &generator) ?? zones[0]),
      "owner": .string(Bool.random(using: &generator) ? "ann" : "bob"),
    ]
    if Int.random(in: 0..<4, using: &generator) == 0 {
      more["email"] = .string("p\(Int.random(in: 0..<3, using: &generator))@example.com")
    }
    if Int.random(in: 0..<5, using: &generator) == 0 {
      more["callAt"] = JSON(harness.now.wall + .seconds(Int64.random(in: 1...900, using: &generator)))
    }
    let lead = try harness.lead(Int.random(in: 0..<20, using: &generator), list: list, more)
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: try harness.call("lead.setStatus", ["leadID": JSON(lead.rawValue), "completed": true])
    case 1: try harness.call("lead.setStatus", ["leadID": JSON(lead.rawValue), "status": "DNC"])
    default: break
    }
  }
}
