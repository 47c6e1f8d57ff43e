import DialerModel
import DialingRules
import Testing
import TimeZones

/// Days on which the clock changes, and zones off the full hour.
@Suite("Calling hours and clock changes") struct ClockChangeTests {
  /// Every change of the hours of one window from a moment on, until `end`.
  private func changes(
    _ window: String, in zone: String, from start: String, to end: String
  ) throws -> [String] {
    let hours = CompiledHours(Builders.hours(weekly: Builders.everyDay(window)))
    let profile = hours.profile(zones: [try Builders.zone(zone)], country: nil, state: nil)
    var time = Builders.at(start)
    var changes: [String] = []
    while true {
      let status = hours.status(profile, at: time)
      // Exact: still the same a millisecond before, and different at the moment.
      let before = hours.status(profile, at: status.until - Interval(milliseconds: 1))
      #expect(before.open == status.open && before.until == status.until)
      #expect(hours.status(profile, at: status.until).open != status.open)
      time = status.until
      if time >= Builders.at(end) { return changes }
      let text = time.description
      changes.append((status.open ? "-" : "+") + text.dropFirst(5).prefix(11))
    }
  }

  @Test("an opening that the clock skips opens when the clock has jumped")
  func skippedOpening() throws {
    // New York, 2026-03-08: 02:00 EST is followed by 03:00 EDT at 07:00 UTC.
    let found = try changes(
      "02:30-04:00", in: "America/New_York", from: "2026-03-08T00:00:00Z", to: "2026-03-09T00:00:00Z")
    #expect(found == ["+03-08T07:00", "-03-08T08:00"])
  }

  @Test("a window that the clock skips as a whole does not open on that day")
  func skippedWindow() throws {
    let found = try changes(
      "02:10-02:50", in: "America/New_York", from: "2026-03-08T00:00:00Z", to: "2026-03-10T00:00:00Z")
    #expect(found == ["+03-09T06:10", "-03-09T06:50"])
  }

  @Test("a window that comes twice opens twice")
  func doubledWindow() throws {
    // New York, 2026-11-01: 02:00 EDT is followed by 01:00 EST at 06:00 UTC.
    let found = try changes(
      "01:10-01:30", in: "America/New_York", from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z")
    #expect(found == ["+11-01T05:10", "-11-01T05:30", "+11-01T06:10", "-11-01T06:30"])
  }

  @Test("a window that is over opens again when the clock is put back into it")
  func putBackIntoWindow() throws {
    let found = try changes(
      "00:30-01:30", in: "America/New_York", from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z")
    #expect(found == ["+11-01T04:30", "-11-01T05:30", "+11-01T06:00", "-11-01T06:30"])
  }

  @Test("a window closes when the clock jumps out of it")
  func jumpOut() throws {
    let found = try changes(
      "01:00-02:30", in: "America/New_York", from: "2026-03-08T00:00:00Z", to: "2026-03-09T00:00:00Z")
    #expect(found == ["+03-08T06:00", "-03-08T07:00"])
  }

  @Test(
    "zones off the full hour and at the ends of the world open at their own nine o'clock",
    arguments: [
      ("Asia/Kathmandu", "+06-10T03:15"), ("Australia/Lord_Howe", "+06-10T22:30"), ("Asia/Kolkata", "+06-10T03:30"),
      ("Australia/Eucla", "+06-10T00:15"), ("Pacific/Kiritimati", "+06-10T19:00"),
      ("Pacific/Pago_Pago", "+06-10T20:00"),
      ("America/St_Johns", "+06-10T11:30"), ("Pacific/Chatham", "+06-10T20:15"),
    ])
  func oddZones(zone: String, opening: String) throws {
    let found = try changes("09:00-20:00", in: zone, from: "2026-06-10T00:00:00Z", to: "2026-06-11T00:00:00Z")
    #expect(found.contains(opening))
  }

  @Test("Lord Howe Island's clock moves by half an hour")
  func halfHourChange() throws {
    // 2026-04-05: 02:00 (+11) is followed by 01:30 (+10:30) at 2026-04-04T15:00 UTC.
    let found = try changes(
      "01:40-02:10", in: "Australia/Lord_Howe", from: "2026-04-04T12:00:00Z", to: "2026-04-05T00:00:00Z")
    #expect(found == ["+04-04T14:40", "-04-04T15:00", "+04-04T15:10", "-04-04T15:40"])
  }

  @Test("a date that a zone left out does not open")
  func skippedDate() throws {
    // Samoa went from 2011-12-29 straight to 2011-12-31.
    let hours = CompiledHours(
      Builders.hours(
        weekly: [:],
        dates: [SpecialDate(rule: .date(year: 2011, month: 12, day: 30), windows: Builders.windows("00:00-24:00"))]))
    let profile = hours.profile(zones: [try Builders.zone("Pacific/Apia")], country: nil, state: nil)
    let status = hours.status(profile, at: Builders.at("2011-12-29T00:00:00Z"))
    #expect(!status.open && status.until == .distantFuture)
  }
}
