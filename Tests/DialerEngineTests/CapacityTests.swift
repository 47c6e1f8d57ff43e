import DialerModel
import Testing

@testable import DialerEngine

/// How many calls at once, and how many a second.
@Suite struct CapacityTests {
  @Test("neither trunk nor campaign ever has more calls than its maximum", arguments: [(3, 100), (100, 4)])
  func maximumCalls(_ onTrunk: Int, _ ofCampaign: Int) throws {
    let harness = try EngineHarness { $0.trunks[0].maximumCalls = onTrunk }
    try harness.list()
    try harness.leads(30, ending: 6)
    try harness.campaign(["maximumLiveCalls": JSON(ofCampaign)])
    try harness.start()
    var most = 0
    for _ in 0..<100 {
      harness.pass(.milliseconds(100))
      most = max(most, harness.engine.calls.count)
    }
    #expect(most == min(onTrunk, ofCampaign))
    #expect(harness.claimedLeads.count >= 8)
  }

  @Test("calls begin no faster than trunk and campaign allow", arguments: [(5.0, 1000.0), (1000.0, 5.0)])
  func callsPerSecond(_ onTrunk: Double, _ ofCampaign: Double) throws {
    let harness = try EngineHarness { $0.trunks[0].callsPerSecond = onTrunk }
    try harness.list()
    try harness.leads(100, ending: 6)
    try harness.campaign(["callsPerSecond": JSON(ofCampaign)])
    try harness.start()
    harness.pass(.seconds(10))
    let times = harness.events(.attemptStarted).map(\.at)
    #expect((49...51).contains(times.count))
    for (early, late) in zip(times, times.dropFirst(5)) { #expect(late - early >= .milliseconds(980)) }
  }

  @Test("two campaigns that want one trunk both get calls")
  func campaignsShareATrunk() throws {
    let harness = try EngineHarness { $0.trunks[0].maximumCalls = 2 }
    for (index, id) in ["a", "b"].enumerated() {
      try harness.list(index + 1)
      try harness.leads(40, from: index * 40, list: index + 1, ending: 8)
      try harness.campaign(id: id, lists: [(index + 1, 100)])
    }
    try harness.start("a")
    try harness.start("b")
    harness.pass(.seconds(10))
    let counts = ["a", "b"].map { id in harness.events(.attemptStarted).filter { $0.campaignID?.rawValue == id }.count }
    #expect(counts[0] > 10 && counts[1] > 10, "\(counts)")
  }
}
