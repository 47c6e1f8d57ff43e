import DialerModel
import Testing
import TimeZones

@testable import DialerEngine

/// With strict zones every zone that the number may lie in must be open, and the lead's own.
@Suite struct StrictZoneTests {
  @Test("every zone of the shipped prefixes is in the tz database")
  func known() throws {
    let settings = try TestSettings.make()
    let names = Set(settings.prefixZones.zoneSets.flatMap { $0 })
    #expect(names.count > 200)
    #expect(names.filter { settings.timeZones.zone(named: $0) == nil }.sorted() == [])
  }

  /// It is 01:00 UTC on a Friday in November: 20:00 in New York, 19:00 in Chicago, 17:00 in Los Angeles.
  @Test(
    "the lead's zone and those of the number's prefix are judged together",
    arguments: [
      // 212 lies in New York alone.
      ("+12125550105", "America/New_York", "08:00-20:00", false, false),
      ("+12125550105", "America/New_York", "08:00-20:30", true, true),
      // The lead says Los Angeles, the number New York.
      ("+12125550105", "America/Los_Angeles", "08:00-20:00", false, true),
      ("+12125550105", "America/Los_Angeles", "17:00-20:30", true, true),
      // 850 lies in Chicago's and New York's zones.
      ("+18505550105", "America/Chicago", "08:00-20:00", false, true),
      ("+18505550105", "America/Chicago", "08:00-20:30", true, true),
      // The number lies in Los Angeles, where the lead's own zone is what closes.
      ("+13105550105", "America/New_York", "08:00-20:00", false, false),
    ])
  func strict(phone: String, zone: String, window: String, strict: Bool, loose: Bool) throws {
    for (isStrict, expected) in [(true, strict), (false, loose)] {
      let harness = try EngineHarness(simulator: nil)
      // The harness begins at 01:00 UTC on 2026-11-21.
      try harness.list()
      try harness.lead(1, ["phones": [.string(phone)], "timeZone": .string(zone), "region": "US"])
      let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
      try harness.call(
        "callingHours.put",
        ["callingHoursID": "h", "weekly": .object(JSONObject(dictionary: week.map { ($0, [.string(window)]) }))])
      try harness.campaign(["callingHours": "h", "strictZones": .bool(isStrict)])
      try harness.start()
      harness.settle()
      #expect(harness.claimedLeads.isEmpty != expected, "strict \(isStrict)")
    }
  }

  @Test(
    "strict zones are on by themselves where the region is US or CA",
    arguments: [("US", true), ("CA", true), ("AU", false)])
  func standard(region: String, strict: Bool) throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.call("campaign.create", ["campaignID": "c", "region": .string(region)])
    #expect(try harness.call("campaign.get", ["campaignID": "c"])["strictZones"] == .bool(strict))
  }
}
