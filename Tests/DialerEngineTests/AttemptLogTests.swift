import DialerModel
import Testing

@testable import DialerEngine

@Suite struct AttemptLogTests {
  private let key = DialKey.lead(LeadID(1))
  private let start = Instant(seconds: 1_795_132_800)

  private func log(_ minutes: [Int64]) -> AttemptLog {
    let log = AttemptLog()
    log.worthRenewingAbove = 3
    log.reset(window: .hours(1))
    for minute in minutes { _ = log.add(at: start + .minutes(minute), keys: [key]) }
    return log
  }

  @Test("a log is worth loading anew once half of its rows have passed out of the window")
  func worth() {
    let log = log([0, 1, 30, 31])
    #expect(!log.isWorthRenewing(at: start + .minutes(90)))
    #expect(log.isWorthRenewing(at: start + .minutes(90) + Interval(milliseconds: 1)))
  }

  @Test("few rows are never worth it, however old")
  func few() { #expect(!log([0, 1, 2]).isWorthRenewing(at: start + .hours(100))) }

  @Test("an engine whose log is half out of the window loads it anew, and its limits hold as before")
  func renewed() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(6, ending: 8)
    try harness.campaign([
      "attemptLimits": [["count": 3, "windowSeconds": 3600, "scope": "lead"]], "maximumLiveCalls": 2,
    ])
    harness.engine.log.worthRenewingAbove = 3
    try harness.start()
    harness.pass(.minutes(10))
    #expect(harness.engine.log.count == 6)
    harness.pass(.minutes(61))
    #expect(harness.engine.log.count == 0)
    #expect(harness.engine.log.window == .hours(1))
    try harness.lead(50, ending: 8)
    harness.pass(.minutes(1))
    #expect(harness.claimedLeads.last == 7)
    #expect(harness.engine.log.count == 1)
  }
}
