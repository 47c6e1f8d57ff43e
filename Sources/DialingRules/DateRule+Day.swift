import DialerModel

extension DateRule {
  /// The day that the rule means in a year, in days since 1970-01-01; nil where that year has none (29 February, a
  /// fifth Monday). `easter` may lead into a neighbouring year.
  func day(in year: Int) -> Int64? {
    switch self {
    case .date(let only, let month, let day):
      return only == year ? CivilDate(year: year, month: month, day: day)?.daysSinceEpoch : nil
    case .yearly(let month, let day):
      return CivilDate(year: year, month: month, day: day)?.daysSinceEpoch
    case .nthWeekday(let month, let weekday, let nth):
      return Self.day(nth: nth, weekday: weekday, of: month, in: year)
    case .easter(let days):
      return Self.easterSunday(in: year) + Int64(days)
    }
  }

  private static func day(nth: Int, weekday: Int, of month: Int, in year: Int) -> Int64? {
    guard let first = CivilDate(year: year, month: month, day: 1) else { return nil }
    let length = CivilDate.daysIn(month: month, of: year)
    let firstMatch = 1 + (weekday - first.weekday + 7) % 7
    let day = nth > 0 ? firstMatch + 7 * (nth - 1) : firstMatch + (length - firstMatch) / 7 * 7 + 7 * (nth + 1)
    guard nth != 0, (1...length).contains(day) else { return nil }
    return first.daysSinceEpoch + Int64(day - 1)
  }

  /// Western Easter Sunday, in days since 1970-01-01.
  ///
  /// Source: the Gregorian computus: the Sunday after the full moon of the church's tables that falls on or after
  /// 21 March. `moon` is the age of the moon's cycle in days after 21 March, 0 to 28 or 29 with the two exceptions by
  /// which the tables keep the full moon from 19 April repeating.
  static func easterSunday(in year: Int) -> Int64 {
    let golden = year % 19
    let century = year / 100
    let leapCorrection = century - century / 4
    let moonCorrection = (8 * century + 13) / 25
    var moon = (19 * golden + leapCorrection - moonCorrection + 15) % 30
    if moon == 29 || (moon == 28 && golden > 10) { moon -= 1 }
    guard let spring = CivilDate(year: year, month: 3, day: 21) else { preconditionFailure("21 March is a date") }
    let fullMoon = spring.daysSinceEpoch + Int64(moon)
    // The Sunday after, never the same day.
    return fullMoon + Int64(7 - CivilDate(daysSinceEpoch: fullMoon).weekday % 7)
  }
}

extension SpecialDate {
  /// The day that is kept in a year: a Saturday moves to the Friday before and a Sunday to the Monday after where that
  /// is asked for, and the day itself is then a day like others.
  func keptDay(in year: Int) -> Int64? {
    guard let day = rule.day(in: year) else { return nil }
    guard observed else { return day }
    switch CivilDate(daysSinceEpoch: day).weekday {
    case 6: return day - 1
    case 7: return day + 1
    default: return day
    }
  }
}
