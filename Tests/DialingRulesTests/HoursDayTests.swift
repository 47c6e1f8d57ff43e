import DialerModel
import DialingRules
import Testing
import TimeZones

@Suite("A day under a set of calling hours") struct HoursDayTests {
  private func day(_ set: String, _ zone: String, _ state: String?, _ date: String) throws -> HoursDay {
    HoursDay(
      try ShippedRules.set(set), zone: try Builders.zone(zone), country: nil, state: state,
      date: try #require(CivilDate(isoText: date)))
  }

  private func lines(_ day: HoursDay, _ key: String) throws -> [String] {
    try #require(day.json[key]?.arrayValue).map { stretch in
      ["from", "until", "region", "rule"].compactMap { stretch[$0]?.stringValue }.joined(separator: " ")
    }
  }

  @Test("each window is named with the rule that closes it, each closed stretch with the one that opens last")
  func rules() throws {
    let day = try day("us-states", "America/New_York", "US-FL", "2026-11-20")
    #expect(try lines(day, "windows") == ["08:00 20:00 US-FL friday 08:00-20:00"])
    #expect(try lines(day, "closed") == ["00:00 08:00 friday", "20:00 24:00 US-FL friday"])
    #expect(day.json["windows"]?[0]?["opensAt"] == "2026-11-20T13:00:00.000Z")
    #expect(day.json["windows"]?[0]?["source"]?.stringValue?.contains("501.616") == true)
    #expect(day.json["attemptLimits"]?[0]?["count"] == 3 && day.json["attemptLimits"]?[0]?["region"] == "US-FL")
    #expect(day.json["weekday"] == "friday" && day.json["unknownPlace"] == nil)
  }

  @Test("a holiday is named, and a day without calls has no window")
  func holiday() throws {
    let day = try day("fr", "Europe/Paris", "FR-67", "2026-04-03")
    #expect(try lines(day, "windows").isEmpty)
    #expect(try lines(day, "closed") == ["00:00 24:00 FR-67 Vendredi saint"])
    #expect(day.limits.map(\.region) == ["fr"])
  }

  @Test("a place that is not known is said to be so, with the policy that chose the rules")
  func unknown() throws {
    #expect(
      try day("us-states", "America/New_York", nil, "2026-11-20").json["unknownPlace"] == "country not known: base")
    let profile = try ShippedRules.set("us-states").profile(zones: [.utc], country: "US", state: nil)
    #expect(profile.unknown == UnknownPlace(country: false, policy: .base))
  }

  @Test("the stretches fill the date, also where the clock changes or the date does not exist")
  func clockChanges() throws {
    let spring = try day("us-states", "America/New_York", "US-NY", "2026-03-08")
    #expect(spring.stretches.last?.until == Builders.at("2026-03-09T04:00:00Z"))
    #expect(try lines(spring, "windows") == ["08:00 21:00 sunday 08:00-21:00"])
    let length = try #require(spring.stretches.first).from.milliseconds
    #expect(spring.stretches.reduce(0) { $0 + ($1.until - $1.from).milliseconds } == 23 * 3_600_000 && length > 0)
    // Samoa went over the date line and left out 30 December 2011.
    #expect(try day("us-states", "Pacific/Apia", nil, "2011-12-30").stretches.isEmpty)
  }
}
