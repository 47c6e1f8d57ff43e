import DialerModel
import Testing

@testable import DialerEngine

/// Lists get the calls that their weights promise, at every moment, over a restart as well.
@Suite struct ShareTests {
  private let weights = [(id: 1, weight: 70), (id: 2, weight: 30), (id: 3, weight: 100)]

  /// Three lists in broadcast mode; one call at a time, so that claims spread over many turns.
  private func harness(leads: [Int], live: Int = 3, weighting: Bool = true) throws -> EngineHarness {
    let harness = try EngineHarness()
    var first = 0
    for list in 1...3 {
      try harness.list(list)
      try harness.leads(leads[list - 1], from: first, list: list, ending: 8)
      first += leads[list - 1]
    }
    try harness.campaign(lists: weights, ["maximumLiveCalls": JSON(live), "listWeighting": .bool(weighting)])
    return harness
  }

  /// The first prefix in which a list is a call or more from its exact share; nil where there is none.
  private func stray(_ claimed: [Int]) -> Int? {
    var counts = [0, 0, 0, 0]
    for (place, list) in claimed.enumerated() {
      counts[list] += 1
      for (id, weight) in weights where abs(Double(counts[id]) - Double(place + 1) * Double(weight) / 200) >= 1 {
        return place
      }
    }
    return nil
  }

  @Test("at every moment each list is within one call of its exact share while all have leads")
  func sharesAreExact() throws {
    let harness = try harness(leads: [150, 150, 150])
    try harness.start()
    harness.pass(.seconds(36))
    let claimed = Array(harness.claimedLists.prefix(250))
    #expect(claimed.count == 250)
    #expect(stray(claimed) == nil)
    #expect(harness.faults.isEmpty)
  }

  @Test("a list that runs dry gives its share to the others at once")
  func dryListGivesItsShare() throws {
    let harness = try harness(leads: [150, 150, 20])
    try harness.start()
    harness.pass(.seconds(60))
    let claimed = harness.claimedLists
    let dry = try #require(claimed.lastIndex(of: 3))
    let after = claimed[(dry + 1)...].prefix(100)
    #expect(after.count == 100)
    #expect(abs(after.filter { $0 == 1 }.count - 70) <= 2)
  }

  @Test("without weighting all lists form one pool in the strategy's order")
  func poolWithoutWeighting() throws {
    let harness = try harness(leads: [20, 20, 20], live: 1, weighting: false)
    try harness.start()
    harness.pass(.seconds(60))
    #expect(harness.claimedLeads == Array(1...60))
  }

  @Test("after a restart in the middle the lists go on as if nothing had happened", arguments: [1, 7, 58, 101])
  func restartChangesNothing(_ calls: Int) throws {
    let whole = try harness(leads: [80, 80, 80], live: 1)
    try whole.start()
    whole.pass(.seconds(80))

    let broken = try harness(leads: [80, 80, 80], live: 1)
    try broken.start()
    while broken.claimedLists.count < calls { broken.pass(.milliseconds(50)) }
    // Between two calls, so that the restart itself takes none.
    try broken.call("campaign.pause", ["campaignID": "c"])
    broken.pass(.seconds(2))
    broken.crash()
    try broken.start()
    broken.pass(.seconds(80))

    #expect(whole.claimedLists.count > 150)
    #expect(broken.claimedLists.prefix(150) == whole.claimedLists.prefix(150))
    #expect(broken.claimedLeads.prefix(150) == whole.claimedLeads.prefix(150))
  }

  @Test("a call that the trunk itself refused is given back to its list")
  func trunkFailureGivesBack() throws {
    let harness = try harness(leads: [60, 60, 60], live: 1)
    harness.simulators[TestSettings.trunk]?.faults.reject = 0.2
    try harness.start()
    harness.pass(.minutes(20))
    let counted = harness.store.attempts.values.filter(\.counted).sorted { $0.attemptID < $1.attemptID }
    #expect(harness.outcomes.contains(.trunkFailure))
    let reported = try harness.call("campaign.lists", ["campaignID": "c"])["lists"]?.arrayValue ?? []
    for list in reported {
      let id = list["listID"]?.integerValue ?? 0
      let calls = counted.filter { Int64($0.listID.rawValue) == id }.count
      #expect(list["dialled"]?.integerValue == Int64(calls), "list \(id)")
    }
  }

  @Test("a change of weights holds from the next call on")
  func weightsChange() throws {
    let harness = try harness(leads: [200, 200, 200], live: 1)
    try harness.start()
    while harness.claimedLists.count < 100 { harness.pass(.milliseconds(50)) }
    let before = harness.claimedLists.count
    try harness.call("campaign.assignList", ["campaignID": "c", "listID": 2, "weight": 830])
    harness.pass(.seconds(60))
    let after = harness.claimedLists.dropFirst(before).prefix(100)
    #expect(abs(after.filter { $0 == 2 }.count - 83) <= 3)
  }
}

extension Interval {
  static func milliseconds(_ count: Int64) -> Interval { Interval(milliseconds: count) }
}
