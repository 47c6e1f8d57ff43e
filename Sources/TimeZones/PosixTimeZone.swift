import DialerModel

/// A rule that holds for all years: a standard offset, and perhaps two changes a year.
///
/// A TZif file ends with one, and it is what tells the time after the file's last transition. Each question is answered
/// from the changes of a few years around the moment asked about; the calendar repeats every 400 years to the weekday
/// (146,097 days), so a moment is first brought into the years 1970 to 2369 and nothing can overflow.
struct PosixTimeZone: Equatable, Sendable {
  /// Seconds east of UTC; with `daylight` nil it holds at all times.
  let standardOffset: Int32
  /// Nil too when the string names daylight saving that never changes the offset.
  let daylight: Daylight?

  struct Daylight: Equatable, Sendable {
    /// Seconds east of UTC; less than the standard one where winter is the exception (Europe/Dublin).
    let offset: Int32
    /// On the clock of standard time.
    let start: YearlyChange
    /// On the clock of daylight saving time.
    let end: YearlyChange
  }

  /// One of the two days of a year on which the clock changes.
  struct YearlyChange: Equatable, Sendable {
    let day: Day
    /// Seconds after that day's midnight on the clock before the change: -167 to 167 hours (RFC 9636, 3.3.1).
    let time: Int32
  }

  enum Day: Equatable, Sendable {
    /// 1 to 365, 29 February never counted (`Jn`).
    case ofYearWithoutLeapDay(Int)
    /// 0 to 365, 29 February counted (`n`).
    case ofYear(Int)
    /// Month 1 to 12; week 1 to 5, where 5 is the last; weekday 0 (Sunday) to 6 (`Mm.w.d`).
    case ofMonth(Int, week: Int, weekday: Int)
  }

  /// Seconds in 400 Gregorian years.
  private static let cycle: Int64 = 146_097 * 86_400
  /// Weekdays and leap years come together in every way within 28 years: what changes nothing for so long is fixed.
  private static let yearsToProveFixed = 28

  /// Seconds east of UTC, for all time.
  init(fixedOffset: Int32) {
    standardOffset = fixedOffset
    daylight = nil
  }

  init(standardOffset: Int32, daylight: Daylight) {
    let rule = Self(unchecked: standardOffset, daylight)
    if rule.nextChangeInCycle(after: 0) == nil {
      // Daylight saving all the year round, or none: `EST5EDT,0/0,J365/25` is written for the first.
      self.init(fixedOffset: rule.offsetInCycle(at: 0))
    } else {
      self = rule
    }
  }

  private init(unchecked standardOffset: Int32, _ daylight: Daylight) {
    self.standardOffset = standardOffset
    self.daylight = daylight
  }

  /// Seconds east of UTC.
  func offset(at unixSeconds: Int64) -> Int32 {
    daylight == nil ? standardOffset : offsetInCycle(at: Self.intoCycle(unixSeconds))
  }

  /// The first moment after the given one at which the offset changes; nil for never, or past what Int64 holds.
  func nextChange(after unixSeconds: Int64) -> Int64? {
    let start = Self.intoCycle(unixSeconds)
    guard daylight != nil, let next = nextChangeInCycle(after: start) else { return nil }
    let (sum, overflow) = unixSeconds.addingReportingOverflow(next - start)
    return overflow ? nil : sum
  }

  private static func intoCycle(_ unixSeconds: Int64) -> Int64 {
    let remainder = unixSeconds % cycle
    return remainder < 0 ? remainder + cycle : remainder
  }

  private static func year(of unixSeconds: Int64) -> Int {
    CivilDate(daysSinceEpoch: unixSeconds / 86_400).year
  }

  private func offsetInCycle(at time: Int64) -> Int32 {
    let year = Self.year(of: time)
    var latest: Change?
    // A change may fall a week outside its year, so the year before last is where looking back surely ends.
    for candidate in year - 2...year + 1 {
      let (first, second) = changes(in: candidate)
      for change in [first, second] where change.at <= time && change.at >= latest?.at ?? .min {
        latest = change
      }
    }
    return latest?.offset ?? standardOffset
  }

  private func nextChangeInCycle(after time: Int64) -> Int64? {
    let current = offsetInCycle(at: time)
    let year = Self.year(of: time)
    for candidate in year...year + Self.yearsToProveFixed {
      // The changes within a calendar year may be its own or, by a week, those of its neighbours.
      var instants: [Int64] = []
      for owner in candidate - 1...candidate + 1 {
        let (first, second) = changes(in: owner)
        for change in [first, second] where change.at > time && Self.year(of: change.at) == candidate {
          instants.append(change.at)
        }
      }
      instants.sort()
      for instant in instants where offsetInCycle(at: instant) != current { return instant }
    }
    return nil
  }

  private struct Change {
    let at: Int64
    let offset: Int32
  }

  /// Both changes of a year in order. Of two at one instant the one that ends comes last within a year, and the next
  /// year's start comes after this year's end, which is how daylight saving can last all the year.
  private func changes(in year: Int) -> (Change, Change) {
    guard let daylight else { preconditionFailure("only a rule with daylight saving has changes") }
    let start = Change(
      at: daylight.start.localSeconds(in: year) - Int64(standardOffset), offset: daylight.offset)
    let end = Change(at: daylight.end.localSeconds(in: year) - Int64(daylight.offset), offset: standardOffset)
    return end.at < start.at ? (end, start) : (start, end)
  }
}

extension PosixTimeZone.YearlyChange {
  /// Seconds from 1970-01-01T00:00:00 on the clock before the change.
  fileprivate func localSeconds(in year: Int) -> Int64 { daysSinceEpoch(in: year) * 86_400 + Int64(time) }

  private func daysSinceEpoch(in year: Int) -> Int64 {
    switch day {
    case .ofYear(let day):
      return Self.firstDay(of: 1, year) + Int64(day)
    case .ofYearWithoutLeapDay(let day):
      let leapDay = CivilDate.isLeap(year) && day >= 60 ? 1 : 0
      return Self.firstDay(of: 1, year) + Int64(day - 1 + leapDay)
    case .ofMonth(let month, let week, let weekday):
      let first = Self.firstDay(of: month, year)
      // 1970-01-01 was a Thursday, day 4 of a week that begins on Sunday.
      let firstWeekday = Int(((first + 4) % 7 + 7) % 7)
      var day = (weekday - firstWeekday + 7) % 7 + 7 * (week - 1)
      if day >= CivilDate.daysIn(month: month, of: year) { day -= 7 }
      return first + Int64(day)
    }
  }

  private static func firstDay(of month: Int, _ year: Int) -> Int64 {
    guard let date = CivilDate(year: year, month: month, day: 1) else {
      preconditionFailure("a rule's month is 1 to 12")
    }
    return date.daysSinceEpoch
  }
}
