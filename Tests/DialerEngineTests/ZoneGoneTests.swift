import DialerModel
import Testing

@testable import DialerEngine

@Suite struct ZoneGoneTests {
  @Test("a lead whose zone the tz database does not have is not called at a guess")
  func zoneGone() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(1)
    let zone = try #require(harness.engine.leads.record(LeadID(1))?.zone)
    harness.engine.names.load(zones: [(zone, "Mars/Phobos")], places: [])
    try harness.campaign(mode: "broadcast")
    try harness.start()
    harness.pass(.seconds(2))
    #expect(harness.claimedLeads.isEmpty)
    let explained = try harness.explain(LeadID(1))
    #expect(explained["dialable"] == false)
    #expect(explained["nextEligibleAt"] == .null)
    #expect(explained["localTime"] == .null)
    #expect(explained["timeZone"] == "Mars/Phobos")
    let hours = (explained["gates"]?.arrayValue ?? []).first { $0["gate"] == "calling-hours" }
    #expect(hours?["passes"] == false)
    #expect(hours?["detail"]?.stringValue?.hasPrefix("the tz database has no time zone Mars/Phobos") == true)
  }
}
