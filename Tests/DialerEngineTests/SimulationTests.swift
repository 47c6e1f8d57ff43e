import ControlProtocol
import DialerModel
import Foundation
import Telephony
import Testing

@testable import DialerEngine

/// Random operations on random databases over trunks that lose, repeat and reorder, with crashes between any two
/// commits: whatever happens, an attempt is dialled at most once, ends exactly once and counts exactly once.
@Suite struct SimulationTests {
  /// `DIALERD_LONG=1` runs many more seeds for much longer.
  private static let isLong = ProcessInfo.processInfo.environment["DIALERD_LONG"] == "1"
  private static let seeds = isLong ? 200 : 6
  private static let steps = isLong ? 3000 : 250

  @Test(
    "over random operations, faults and crashes every attempt is dialled at most once and ends once",
    arguments: Seeds.few(0..<seeds))
  func simulation(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed) &* 7919 &+ 11)
    var options = SimulatorOptions(seed: UInt64(seed))
    options.faults.lose = 0.01
    options.faults.repeat = 0.05
    options.faults.reorder = 0.05
    options.faults.delay = 0.05
    options.faults.reject = 0.02
    let harness = try EngineHarness({ $0.logLevel = .error }, simulator: options)
    try prepare(harness)
    var crashes = 0
    for number in 0..<Self.steps {
      try step(harness, &generator, &crashes)
      guard number % 25 == 0 else { continue }
      check(harness, seed)
      harness.settle()
      try StandingCheck.run(harness.engine, "seed \(seed), step \(number)")
    }
    #expect(crashes > 0, "seed \(seed)")
    try end(harness)
    #expect(harness.faults.isEmpty, "seed \(seed): \(harness.faults.first ?? "")")
    #expect(harness.store.attempts.count > 20, "seed \(seed)")
    for attempt in harness.store.attempts.values {
      #expect(attempt.endedAt != nil, "seed \(seed): \(attempt.attemptID)")
    }
    check(harness, seed)
    try StandingCheck.run(harness.engine, "seed \(seed), at the end")
  }

  private func prepare(_ harness: EngineHarness) throws {
    try harness.call(
      "strategy.put",
      [
        "strategyID": "s", "name": "S", "completeAfter": [],
        "retries": [["outcome": "busy", "afterSeconds": 20], ["outcome": "answered", "afterSeconds": 40]],
      ])
    for list in 1...3 {
      try harness.list(list)
      for index in 0..<15 { try harness.lead(list * 100 + index, list: list, ending: index % 10) }
    }
    try harness.campaign(
      id: "a", mode: "ratio", lists: [(1, 70), (2, 30)], strategy: "s", ["wrapUpSeconds": 3, "dialRatio": 1.5])
    try harness.campaign(
      id: "b", lists: [(3, 100), (2, 10)], strategy: "s",
      ["minimumGapSeconds": 15, "attemptLimits": [["count": 3, "windowSeconds": 120, "scope": "person"]]])
    try harness.campaign(id: "m", mode: "preview", lists: [(1, 5)], strategy: "s")
    for agent in ["ann", "bob", "cat"] { try harness.agent(agent, ["a", "m"]) }
    for campaign in ["a", "b", "m"] { try harness.start(campaign) }
  }

  /// One thing that a client, the clock, the trunk or fate does.
  private func step(_ harness: EngineHarness, _ generator: inout SeededGenerator, _ crashes: inout Int) throws {
    let lead = JSON(Int.random(in: 1...50, using: &generator))
    let agent: JSON = .string(["ann", "bob", "cat"].randomElement(using: &generator) ?? "ann")
    let campaign: JSON = .string(["a", "b", "m"].randomElement(using: &generator) ?? "a")
    let list = JSON(Int.random(in: 1...3, using: &generator))
    switch Int.random(in: 0..<26, using: &generator) {
    case 0...9: harness.pass(.milliseconds(Int64.random(in: 1...4000, using: &generator)))
    case 10: attempt { try harness.call("lead.next", ["campaignID": "m", "agentID": agent, "reserveSeconds": 5]) }
    case 11: attempt { try harness.call("lead.dial", ["leadID": lead, "campaignID": campaign]) }
    case 12: attempt { try harness.call("lead.release", ["leadID": lead]) }
    case 13:
      attempt { try harness.call("agent.setState", ["agentID": agent, "state": "ready"]) }
    case 14: attempt { try harness.call("agent.setState", ["agentID": agent, "state": "paused"]) }
    case 15: attempt { try harness.call("campaign.pause", ["campaignID": campaign]) }
    case 16: attempt { try harness.call("campaign.start", ["campaignID": campaign]) }
    case 17: attempt { try harness.call("list.reset", ["listID": list]) }
    case 18:
      let at = JSON(harness.now.wall + .seconds(Int64.random(in: 1...60, using: &generator)))
      attempt { try harness.call("lead.schedule", ["leadID": lead, "campaignID": campaign, "callbackAt": at]) }
    case 19: attempt { try harness.call("lead.move", ["leadID": lead, "listID": list]) }
    case 20:
      let number = EngineHarness.number(Int.random(in: 100...315, using: &generator))
      let index = Int.random(in: 1000...1005, using: &generator)
      let custom: JSONObject = ["priority": "now", "vendorLeadCode": .string("V\(index)")]
      attempt { try harness.call("lead.add", .object(["listID": list, "phones": [.string(number)]] + custom)) }
    case 21:
      let number = EngineHarness.number(Int.random(in: 100...110, using: &generator), ending: 3)
      attempt { try harness.call("dnc.add", ["phones": [.string(number)]]) }
    case 22: attempt { try harness.call("lead.delete", ["leadID": lead]) }
    case 23:
      harness.withSimulator { $0.drop(at: harness.now, events: &$1) }
      harness.pass(.seconds(2))
      harness.withSimulator { $0.comeBack(at: harness.now, events: &$1) }
    default: crash(harness, &generator, &crashes)
    }
  }

  /// Some turns whose commits are under way are lost with the engine.
  private func crash(_ harness: EngineHarness, _ generator: inout SeededGenerator, _ crashes: inout Int) {
    if Bool.random(using: &generator) {
      harness.holdsCommits = true
      harness.settle()
      harness.pass(.milliseconds(Int64.random(in: 0...500, using: &generator)))
      harness.holdsCommits = false
    }
    harness.crash(after: .milliseconds(Int64.random(in: 0...3000, using: &generator)))
    harness.settle()
    crashes += 1
  }

  private func attempt(_ body: () throws -> some Any) { _ = try? body() }

  /// What holds at every moment.
  private func check(_ harness: EngineHarness, _ seed: Int) {
    #expect(Set(harness.dialled).count == harness.dialled.count, "seed \(seed)")
    var counted: [LeadID: Int] = [:]
    for attempt in harness.store.attempts.values where attempt.counted { counted[attempt.leadID, default: 0] += 1 }
    for (id, lead) in harness.store.leads {
      #expect(Int(lead.record.state.calledCount) == counted[id, default: 0], "seed \(seed), lead \(id)")
    }
    let ends = harness.events(.attemptEnded).compactMap(\.attemptID)
    #expect(Set(ends).count == ends.count, "seed \(seed)")
    for (place, event) in harness.store.events.enumerated() where event.seq != Int64(place + 1) {
      Issue.record("seed \(seed): event \(event.seq) stands at \(place + 1)")
    }
  }

  /// Nothing new is dialled, faults end, and all that is open finds its end.
  private func end(_ harness: EngineHarness) throws {
    for campaign in ["a", "b", "m"] { try harness.call("campaign.pause", ["campaignID": .string(campaign)]) }
    harness.withSimulator { simulator, _ in simulator.faults = SimulatorFaults() }
    harness.pass(.minutes(10))
    harness.withSimulator { $0.handle(.listLive, at: harness.now, events: &$1) }
    harness.pass(.minutes(1))
  }
}
