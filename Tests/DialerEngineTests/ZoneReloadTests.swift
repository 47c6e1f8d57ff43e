import DialerModel
import Foundation
import Telephony
import Testing
import TimeZones

@testable import DialerEngine

/// A new tz database takes effect without losing a call, and the leads whose windows moved are counted.
@Suite struct ZoneReloadTests {
  /// A database in which zones go by the files of others.
  private func database(_ zones: [String: String]) throws -> TimeZoneDatabase {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zones-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, file) in zones {
      let target = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: URL(fileURLWithPath: "/usr/share/zoneinfo/\(file)").resolvingSymlinksInPath(), to: target)
    }
    return try TimeZoneDatabase(directory: folder.path)
  }

  private static let present = [
    "Australia/Sydney": "Australia/Sydney", "Australia/Perth": "Australia/Perth",
    "Pacific/Auckland": "Pacific/Auckland",
  ]

  /// Leads 1 and 2 in Sydney, 3 in Perth; it is noon in Sydney, 9 in Perth; calls from 9 to 13.
  private func harness() throws -> EngineHarness {
    let zones = try database(Self.present)
    let harness = try EngineHarness({ $0.timeZones = zones }, simulator: nil)
    try harness.list()
    try harness.leads(2)
    try harness.lead(3, ["timeZone": "Australia/Perth"])
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    try harness.call(
      "callingHours.put",
      ["callingHoursID": "h", "weekly": .object(JSONObject(dictionary: week.map { ($0, ["09:00-13:00"]) }))])
    try harness.campaign(["callingHours": "h", "strictZones": false, "maximumLiveCalls": 1])
    try harness.start()
    return harness
  }

  private func reload(_ harness: EngineHarness, _ zones: [String: String]) throws {
    harness.settings.timeZones = try database(zones)
    #expect(try harness.call("daemon.reload")["reloaded"] == true)
  }

  private func moved(_ harness: EngineHarness) -> [String] {
    harness.logs.filter { "\($0.name)" == "hours.moved" }.map { event in
      event.fields.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
  }

  @Test("a zone that shows another clock moves its leads' windows; the live call stays, and the leads are counted")
  func moves() throws {
    let harness = try harness()
    let live = try #require(harness.liveCall?.attempt)
    #expect(live.leadID == LeadID(1))
    // Sydney goes over to the clock of Auckland, where it is two in the afternoon.
    try reload(harness, Self.present.merging(["Australia/Sydney": "Pacific/Auckland"]) { $1 })
    #expect(harness.liveCall?.attempt.callID == live.callID)
    let lines = moved(harness)
    #expect(lines.count == 1 && lines[0].contains("2") && lines[0].contains("Australia/Sydney"), "\(lines)")
    #expect(try harness.failingGates(LeadID(2)) == ["calling-hours", "trunk-capacity"])
    harness.say(.ended(live.callID, CallEnding(byFarEnd: true)))
    harness.pass(.seconds(1))
    #expect(harness.claimedLeads == [1, 3], "Perth is open")
  }

  @Test("a zone that is gone closes for its leads and opens again when it is back")
  func goneAndBack() throws {
    let harness = try harness()
    let live = try #require(harness.liveCall?.attempt.callID)
    try reload(harness, Self.present.filter { $0.key != "Australia/Sydney" })
    harness.say(.ended(live, CallEnding(byFarEnd: true)))
    harness.pass(.seconds(1))
    #expect(harness.claimedLeads == [1, 3])
    let second = try #require(harness.liveCall?.attempt.callID)
    try reload(harness, Self.present)
    harness.say(.ended(second, CallEnding(byFarEnd: true)))
    harness.pass(.seconds(1))
    #expect(harness.claimedLeads == [1, 3, 2])
    #expect(moved(harness).count == 2)
  }

  @Test("a database that shows the same clocks moves nothing, and leads keep their places")
  func same() throws {
    let harness = try harness()
    try reload(harness, Self.present)
    #expect(moved(harness).isEmpty)
    let live = try #require(harness.liveCall?.attempt.callID)
    harness.say(.ended(live, CallEnding(byFarEnd: true)))
    harness.pass(.seconds(1))
    #expect(harness.claimedLeads == [1, 2])
    // The new objects are those that the clock is read from: they close at 13:00 in Sydney.
    #expect(
      harness.engine.campaignOrder[0].profiles.allSatisfy {
        $0.hours.zones[0] === harness.settings.timeZones.zone(named: $0.hours.zones[0].name)
      })
  }
}
