import DialerModel
import DialingRules
import Testing
import TimeZones

/// Windows by the wall clock. All moments are UTC unless a zone is named.
@Suite("Calling hours") struct CallingHoursTests {
  private func isOpen(
    _ hours: CallingHours, _ moment: String, zone: String? = nil, country: String? = nil, state: String? = nil
  ) throws -> Bool {
    let rules = CompiledHours(hours)
    let zones = [try zone.map { try Builders.zone($0) } ?? ZoneRules.utc]
    return rules.status(rules.profile(zones: zones, country: country, state: state), at: Builders.at(moment)).open
  }

  @Test(
    "a window's start is in it and its end is not, to the millisecond",
    arguments: [
      ("2026-11-20T08:59:59.999Z", false), ("2026-11-20T09:00:00.000Z", true), ("2026-11-20T11:59:59.999Z", true),
      ("2026-11-20T12:00:00.000Z", false), ("2026-11-20T13:00:00.000Z", true), ("2026-11-20T19:59:59.999Z", true),
      ("2026-11-20T20:00:00.000Z", false),
    ])
  func boundaries(moment: String, open: Bool) throws {
    let hours = Builders.hours(weekly: Builders.everyDay("09:00-12:00", "13:00-20:00"))
    #expect(try isOpen(hours, moment) == open)
  }

  @Test("a weekday that is not named is closed")
  func unnamedWeekday() throws {
    let hours = Builders.hours(weekly: [5: Builders.windows("00:00-24:00")])
    // 2026-11-20 is a Friday.
    #expect(try !isOpen(hours, "2026-11-19T23:59:59.999Z"))
    #expect(try isOpen(hours, "2026-11-20T00:00:00Z"))
    #expect(try isOpen(hours, "2026-11-20T23:59:59.999Z"))
    #expect(try !isOpen(hours, "2026-11-21T00:00:00Z"))
  }

  @Test(
    "a window over midnight goes on into the next day, whatever that weekday says",
    arguments: [
      ("2026-11-20T19:59:59.999Z", false), ("2026-11-20T20:00:00Z", true), ("2026-11-21T01:59:59.999Z", true),
      ("2026-11-21T02:00:00Z", false), ("2026-11-20T01:00:00Z", false),
    ])
  func overMidnight(moment: String, open: Bool) throws {
    // Friday alone; Saturday is named and empty.
    let hours = Builders.hours(weekly: [5: Builders.windows("20:00-02:00"), 6: []])
    #expect(try isOpen(hours, moment) == open)
  }

  @Test("a date without calls closes its whole local date, the end of last night's window too")
  func closedDateEndsTheNight() throws {
    let hours = Builders.hours(
      weekly: Builders.everyDay("20:00-02:00"),
      dates: [SpecialDate(rule: .date(year: 2026, month: 12, day: 25))])
    #expect(try isOpen(hours, "2026-12-24T23:59:59.999Z"))
    #expect(try !isOpen(hours, "2026-12-25T00:00:00Z"))
    #expect(try !isOpen(hours, "2026-12-25T23:00:00Z"))
    // Its own window did not begin either.
    #expect(try !isOpen(hours, "2026-12-26T01:00:00Z"))
    #expect(try isOpen(hours, "2026-12-26T20:00:00Z"))
  }

  @Test("a date with windows of its own replaces the weekday's, and last night's window goes on into it")
  func dateWithWindows() throws {
    let hours = Builders.hours(
      weekly: Builders.everyDay("20:00-02:00"),
      dates: [SpecialDate(rule: .yearly(month: 12, day: 24), windows: Builders.windows("10:00-12:00"))])
    #expect(try isOpen(hours, "2026-12-24T01:59:59Z"))
    #expect(try !isOpen(hours, "2026-12-24T02:00:00Z"))
    #expect(try isOpen(hours, "2026-12-24T10:00:00Z"))
    #expect(try !isOpen(hours, "2026-12-24T12:00:00Z"))
    #expect(try !isOpen(hours, "2026-12-24T21:00:00Z"))
  }

  @Test("of several special dates on one day only what all allow is open")
  func severalDates() throws {
    let hours = Builders.hours(
      weekly: Builders.everyDay("00:00-24:00"),
      dates: [
        SpecialDate(rule: .yearly(month: 5, day: 1), windows: Builders.windows("08:00-14:00")),
        SpecialDate(rule: .nthWeekday(month: 5, weekday: 5, nth: 1), windows: Builders.windows("12:00-18:00")),
      ])
    // 2026-05-01 is the first Friday of May; 2027-05-01 is a Saturday.
    #expect(try !isOpen(hours, "2026-05-01T11:59:59Z"))
    #expect(try isOpen(hours, "2026-05-01T12:00:00Z"))
    #expect(try !isOpen(hours, "2026-05-01T14:00:00Z"))
    #expect(try isOpen(hours, "2027-05-01T08:00:00Z"))
  }

  @Test(
    "a date rule means the day that the calendar says",
    arguments: [
      (DateRule.nthWeekday(month: 11, weekday: 4, nth: 4), false, "2026-11-26"),
      (.nthWeekday(month: 5, weekday: 1, nth: -1), false, "2026-05-25"),
      (.nthWeekday(month: 5, weekday: 1, nth: -5), false, nil),
      (.nthWeekday(month: 6, weekday: 1, nth: 5), false, "2026-06-29"),
      (.easter(days: 0), false, "2026-04-05"), (.easter(days: -2), false, "2026-04-03"),
      (.easter(days: 39), false, "2026-05-14"), (.yearly(month: 2, day: 29), false, nil),
      (.yearly(month: 7, day: 4), true, "2026-07-03"), (.yearly(month: 7, day: 5), true, "2026-07-06"),
      (.yearly(month: 7, day: 6), true, "2026-07-06"), (.date(year: 2025, month: 7, day: 6), false, nil),
    ] as [(DateRule, Bool, String?)])
  func dateRules(rule: DateRule, observed: Bool, expected: String?) throws {
    let hours = CompiledHours(
      Builders.hours(weekly: Builders.everyDay("00:00-24:00"), dates: [SpecialDate(rule: rule, observed: observed)]))
    let profile = hours.profile(zones: [.utc], country: nil, state: nil)
    var closed: [String] = []
    var time = Builders.at("2026-01-01T12:00:00Z")
    while time < Builders.at("2027-01-01T00:00:00Z") {
      if !hours.status(profile, at: time).open { closed.append(String(time.description.prefix(10))) }
      time = time + .hours(24)
    }
    #expect(closed == (expected.map { [$0] } ?? []))
  }

  @Test("New Year on a Saturday is kept on the last day of the year before")
  func observedInTheYearBefore() throws {
    let hours = Builders.hours(
      weekly: Builders.everyDay("00:00-24:00"),
      dates: [SpecialDate(rule: .yearly(month: 1, day: 1), observed: true)])
    // 2028-01-01 is a Saturday.
    #expect(try !isOpen(hours, "2027-12-31T12:00:00Z"))
    #expect(try isOpen(hours, "2028-01-01T12:00:00Z"))
  }

  /// Source: the published dates of Western Easter.
  @Test(
    "Easter is on the published day",
    arguments: [
      "1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2025-04-20", "2038-04-25",
      "2049-04-18", "2076-04-19",
    ])
  func easter(text: String) throws {
    let hours = Builders.hours(
      weekly: Builders.everyDay("00:00-24:00"), dates: [SpecialDate(rule: .easter(days: 0))])
    #expect(try !isOpen(hours, "\(text)T12:00:00Z"))
  }

  @Test("a set that is always open never closes, and an empty one never opens")
  func constants() throws {
    let always = CompiledHours(.always)
    let status = always.status(always.profile(zones: [.utc], country: nil, state: nil), at: Instant(milliseconds: 5))
    #expect(status.open && status.until == .distantFuture)
    let never = CompiledHours(Builders.hours(weekly: [:]))
    let closed = never.status(never.profile(zones: [.utc], country: nil, state: nil), at: Instant(milliseconds: 5))
    #expect(!closed.open && closed.until == .distantFuture)
  }

  @Test("with several zones all must be open, and the next change is exact")
  func strictZones() throws {
    let hours = CompiledHours(Builders.hours(weekly: Builders.everyDay("09:00-20:00")))
    let zones = [try Builders.zone("America/New_York"), try Builders.zone("America/Los_Angeles")]
    let profile = hours.profile(zones: zones, country: "US", state: nil)
    // In winter New York is at -5 and Los Angeles at -8: both are open from 17:00 to 01:00 UTC.
    let early = hours.status(profile, at: Builders.at("2026-11-20T14:30:00Z"))
    #expect(!early.open && early.zoneIndex == 1 && early.until == Builders.at("2026-11-20T17:00:00Z"))
    let open = hours.status(profile, at: Builders.at("2026-11-20T17:00:00Z"))
    #expect(open.open && open.until == Builders.at("2026-11-21T01:00:00Z"))
    let late = hours.status(profile, at: Builders.at("2026-11-21T01:00:00Z"))
    #expect(!late.open && late.zoneIndex == 0 && late.until == Builders.at("2026-11-21T17:00:00Z"))
  }

  @Test("zones that are never open together never open")
  func disjointZones() throws {
    let hours = CompiledHours(Builders.hours(weekly: Builders.everyDay("09:00-10:00")))
    let zones = [try Builders.zone("Europe/Paris"), try Builders.zone("America/New_York")]
    let status = hours.status(
      hours.profile(zones: zones, country: nil, state: nil), at: Builders.at("2026-11-20T08:30:00Z"))
    #expect(!status.open && status.until == .distantFuture && status.zoneIndex == 1)
  }
}
