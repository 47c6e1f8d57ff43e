import DialerModel
import Testing

@testable import DialerEngine

/// Who is next, and when leads come back.
@Suite struct OrderTests {
  private func strategy(_ harness: EngineHarness, _ more: JSONObject) throws {
    try harness.call("strategy.put", .object(["strategyID": "s", "name": "S"] + more))
  }

  @Test(
    "a list is worked through in the strategy's order, without a value last, ties by lead id",
    arguments: [
      (["-rank"], [3, 1, 4, 2, 5]), (["rank"], [1, 4, 3, 2, 5]), (["-leadID"], [5, 4, 3, 2, 1]),
      (["entered"], [1, 2, 3, 4, 5]), (["-entered"], [5, 4, 3, 2, 1]),
    ])
  func order(_ keys: [String], _ expected: [Int]) throws {
    let harness = try EngineHarness()
    try harness.list()
    for (index, rank) in [5, nil, 9, 5, nil].enumerated() {
      harness.pass(.seconds(1))
      try harness.lead(index, ending: 8, rank.map { ["rank": JSON($0)] } ?? [:])
    }
    try strategy(harness, ["order": JSON(keys)])
    try harness.campaign(strategy: "s", ["maximumLiveCalls": 1])
    try harness.start()
    harness.pass(.seconds(10))
    #expect(harness.claimedLeads == expected)
  }

  @Test("the order `random` is the same for the same seed and another for another")
  func randomOrder() throws {
    func sequence(_ seed: Int) throws -> [Int] {
      let harness = try EngineHarness()
      try harness.list()
      try harness.leads(20, ending: 8)
      try strategy(harness, ["order": ["random"]])
      try harness.campaign(strategy: "s", ["maximumLiveCalls": 1, "seed": JSON(seed)])
      try harness.start()
      harness.pass(.seconds(30))
      return harness.claimedLeads
    }
    let first = try sequence(1)
    #expect(first.sorted() == Array(1...20))
    #expect(try sequence(1) == first)
    #expect(try sequence(2) != first)
  }

  @Test("with newEvery each Nth pick is a lead that was never called")
  func newEvery() throws {
    let harness = try EngineHarness()
    try harness.list()
    // Leads 1 to 20 are busy at first, then come back ahead of the fresh ones, because order goes by attempts, down.
    try harness.leads(20, ending: 5)
    try strategy(
      harness, ["order": ["-attempts"], "newEvery": 4, "retries": [["outcome": "busy", "afterSeconds": 1]]])
    try harness.campaign(strategy: "s", ["maximumLiveCalls": 30])
    try harness.start()
    harness.pass(.milliseconds(500))
    try harness.call("campaign.pause", ["campaignID": "c"])
    harness.pass(.seconds(5))
    try harness.leads(20, from: 100, ending: 8)
    try harness.call("campaign.update", ["campaignID": "c", "maximumLiveCalls": 1])
    let before = harness.claimedLeads.count
    try harness.start()
    harness.pass(.seconds(30))
    let picks = harness.claimedLeads.dropFirst(before).prefix(16).map { $0 > 20 }
    #expect(picks.filter { $0 }.count == 4)
    let places = picks.indices.filter { picks[$0] }
    #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 == 4 })
  }

  @Test("a lead added with priority now is dialled before callbacks and lists, the oldest first")
  func priorityNow() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(5, ending: 8)
    try harness.campaign(["maximumLiveCalls": 1])
    try harness.call(
      "lead.schedule",
      ["leadID": 5, "campaignID": "c", "callbackAt": JSON(harness.now.wall + .seconds(1))])
    harness.pass(.seconds(2))
    try harness.lead(50, ending: 8, ["priority": "now"])
    try harness.lead(51, ending: 8, ["priority": "now"])
    try harness.start()
    harness.pass(.seconds(10))
    #expect(Array(harness.claimedLeads.prefix(4)) == [6, 7, 5, 1])
  }

  @Test("leads with priority now and callbacks do not count to their list's share")
  func priorityIsBesideTheShare() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.campaign(["maximumLiveCalls": 1])
    try harness.lead(50, ending: 8, ["priority": "now"])
    try harness.start()
    harness.pass(.seconds(2))
    #expect(harness.claimedLeads == [1])
    let lists = try harness.call("campaign.lists", ["campaignID": "c"])
    #expect(lists["lists"]?[0]?["dialled"]?.integerValue == 0)
  }

  @Test("a lead that was busy comes back at its very millisecond")
  func retryAtItsMillisecond() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(0, ending: 5)
    try strategy(harness, ["retries": [["outcome": "busy", "afterSeconds": 61.234]]])
    try harness.campaign(strategy: "s")
    try harness.start()
    harness.pass(.minutes(5))
    let started = harness.events(.attemptStarted).map(\.at)
    let ended = harness.events(.attemptEnded).map(\.at)
    #expect(started.count > 3)
    for (end, next) in zip(ended, started.dropFirst()) { #expect(next - end == .milliseconds(61_234)) }
  }

  @Test("a lead with callAt is dialled then and not before")
  func callAt() throws {
    let harness = try EngineHarness()
    try harness.list()
    let at = harness.now.wall + .milliseconds(90_007)
    try harness.lead(0, ending: 8, ["callAt": JSON(at)])
    try harness.campaign()
    try harness.start()
    harness.pass(.minutes(3))
    #expect(harness.events(.attemptStarted).map(\.at) == [at])
  }

  @Test("a retry limit that is reached ends the lead, and a reset of the list brings it back")
  func retryLimit() throws {
    let harness = try EngineHarness()
    try harness.list()
    let lead = try harness.lead(0, ending: 5)
    try strategy(harness, ["retries": [["outcome": "busy", "afterSeconds": 10, "limit": 2]]])
    try harness.campaign(strategy: "s")
    try harness.start()
    harness.pass(.minutes(5))
    #expect(harness.claimedLeads.count == 3)
    #expect(harness.events(.leadExhausted).map(\.leadID) == [lead])
    #expect(harness.events(.listExhausted).count == 1)
    #expect(try harness.failingGates(lead).contains("retry-time"))
    let reset = try harness.call("list.reset", ["listID": 1])
    #expect(reset == ["reset": 1, "dialable": 1, "limited": 0])
    harness.pass(.seconds(1))
    #expect(harness.claimedLeads.count == 4)
    #expect(harness.stored(lead)?.calledCount == 4)
  }

  @Test("with dialNow the next phone is dialled as soon as the first is known for dead")
  func nextPhoneAtOnce() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(
      0,
      [
        "phone1": .string(EngineHarness.number(1, ending: 8)), "phone2": .string(EngineHarness.number(2, ending: 8)),
        "phone3": .string(EngineHarness.number(3, ending: 8)),
      ])
    try harness.lead(9, ending: 8)
    try strategy(
      harness,
      ["order": ["leadID"], "retries": [["outcome": "disconnected", "afterSeconds": 3600, "dialNow": true]]])
    try harness.campaign(strategy: "s", ["maximumLiveCalls": 1])
    try harness.start()
    harness.pass(.seconds(10))
    #expect(harness.claimedLeads == [1, 1, 1, 2])
    #expect(harness.stored(LeadID(1))?.completed == true)
    #expect(Set(harness.events(.attemptStarted).compactMap { $0.attempt?.phone.digits }).count == 4)
  }

  @Test("a rule with recycleOnStart ends the wait when the campaign is started again")
  func recycleOnStart() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(0, ending: 5)
    try harness.lead(1, ending: 6)
    try strategy(
      harness,
      [
        "retries": [
          ["outcome": "busy", "afterSeconds": 86_400, "recycleOnStart": true],
          ["outcome": "no-answer", "afterSeconds": 86_400],
        ]
      ])
    try harness.campaign(strategy: "s")
    try harness.start()
    harness.pass(.minutes(1))
    #expect(harness.claimedLeads == [1, 2])
    try harness.call("campaign.stop", ["campaignID": "c"])
    try harness.start()
    harness.pass(.seconds(5))
    #expect(harness.claimedLeads == [1, 2, 1])
  }

  @Test("a list with the highest id that there may be is dialled as any other")
  func highestListID() throws {
    let harness = try EngineHarness()
    let highest = Int(UInt32.max)
    try harness.list(highest)
    try harness.lead(1, list: highest)
    try harness.campaign(lists: [(highest, 100)])
    #expect(try harness.call("list.get", ["listID": JSON(highest)])["leads"] == 1)
    try harness.start()
    harness.pass(.seconds(1))
    #expect(harness.claimedLists == [highest])
  }
}
