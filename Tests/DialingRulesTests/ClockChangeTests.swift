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

  @Test("a window over midnight on a change day ends by the new clock, when the clock jumps and when it is put back")
  func nightOfTheChange() throws {
    // New York: 2026-03-08 02:00 EST is 03:00 EDT at 07:00 UTC, and 2026-11-01 02:00 EDT is 01:00 EST at 06:00 UTC.
    #expect(
      try changes("20:00-02:30", in: "America/New_York", from: "2026-03-07T12:00:00Z", to: "2026-03-08T20:00:00Z")
        == ["+03-08T01:00", "-03-08T07:00"])
    #expect(
      try changes("20:00-03:30", in: "America/New_York", from: "2026-03-07T12:00:00Z", to: "2026-03-08T20:00:00Z")
        == ["+03-08T01:00", "-03-08T07:30"])
    #expect(
      try changes("20:00-01:30", in: "America/New_York", from: "2026-10-31T12:00:00Z", to: "2026-11-01T20:00:00Z")
        == ["+11-01T00:00", "-11-01T05:30", "+11-01T06:00", "-11-01T06:30"])
  }

  @Test("a zone that moves for good opens by its new clock from that day on")
  func movesForGood() throws {
    // Istanbul stayed at +3 when it would have gone back to +2 on 2016-10-30.
    #expect(
      try changes("09:00-10:00", in: "Europe/Istanbul", from: "2016-10-29T00:00:00Z", to: "2016-11-01T00:00:00Z")
        == ["+10-29T06:00", "-10-29T07:00", "+10-30T06:00", "-10-30T07:00", "+10-31T06:00", "-10-31T07:00"])
    // Pyongyang went from +8:30 to +9 at 2018-05-04T15:00 UTC.
    #expect(
      try changes("09:00-10:00", in: "Asia/Pyongyang", from: "2018-05-04T00:00:00Z", to: "2018-05-05T12:00:00Z")
        == ["+05-04T00:30", "-05-04T01:30", "+05-05T00:00", "-05-05T01:00"])
  }

  @Test("a date's windows go by the local date, from the first zone of the world to the last")
  func localDates() throws {
    let christmas = CompiledHours(
      Builders.hours(
        weekly: Builders.everyDay("00:00-24:00"), dates: [SpecialDate(rule: .date(year: 2026, month: 12, day: 25))]))
    for (zone, start) in [
      ("Pacific/Kiritimati", "2026-12-24T10:00:00Z"), ("Pacific/Pago_Pago", "2026-12-25T11:00:00Z"),
    ] {
      let profile = christmas.profile(zones: [try Builders.zone(zone)], country: nil, state: nil)
      let first = Builders.at(start)
      #expect(christmas.status(profile, at: first - Interval(milliseconds: 1)).until == first)
      let closed = christmas.status(profile, at: first)
      #expect(!closed.open && closed.until == first + .hours(24))
    }
  }
}
