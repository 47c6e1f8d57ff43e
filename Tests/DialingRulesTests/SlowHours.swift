import DialerModel
import DialingRules

/// Calling hours worked out the slow way, straight from the design page, minute by minute: what the fast one is held
/// against. A date's calendar is a question about single minutes, counted from its midnight into the next day.
struct SlowHours {
  struct Day {
    var isDate: Bool
    var isOpen: (Int) -> Bool

    var isDateWithoutCalls: Bool { isDate && !(0..<2880).contains { isOpen($0) } }
  }
  typealias Calendar = (Int64) -> Day

  let calendars: [Calendar]

  init(_ hours: CallingHours, country: String?, state: String?) {
    let base: Calendar = { day in
      Self.named(hours.weekly, hours.dates, day) ?? Day(isDate: false, isOpen: { _ in false })
    }
    var calendars = [base]
    let codes = [country, country.flatMap { country in state.map { "\(country)-\($0)" } }]
    for code in codes {
      let all = code.flatMap { hours.regions[$0]?.all } ?? []
      for rules in all.filter(\.replaces) {
        let own = Self.effective(rules)
        calendars = calendars.map { below in
          { day in
            let under = below(day)
            guard let over = own(day) else { return under }
            return over.isDate || !under.isDate ? over : under
          }
        }
      }
      for rules in all where !rules.replaces {
        let first = calendars[0]
        let own = Self.effective(rules)
        calendars.append { day in own(day) ?? first(day) }
      }
    }
    self.calendars = calendars
  }

  func isOpen(localSeconds: Int64) -> Bool {
    let time = LocalTime(localSeconds: localSeconds)
    let day = time.date.daysSinceEpoch
    let minute = time.secondOfDay / 60
    return calendars.allSatisfy { calendar in
      let today = calendar(day)
      if today.isOpen(minute) { return true }
      return calendar(day - 1).isOpen(minute + 1440) && !today.isDateWithoutCalls
    }
  }

  private static func effective(_ rules: RegionRules) -> (Int64) -> Day? {
    { day in
      if let from = rules.effectiveFrom, day < from.daysSinceEpoch { return nil }
      if let until = rules.effectiveUntil, day > until.daysSinceEpoch { return nil }
      return named(rules.weekly, rules.dates, day)
    }
  }

  private static func named(_ weekly: [Int: [HoursWindow]], _ dates: [SpecialDate], _ day: Int64) -> Day? {
    let matching = dates.filter { falls($0, on: day) }
    if !matching.isEmpty {
      return Day(isDate: true) { minute in matching.allSatisfy { isOpen($0.windows, minute) } }
    }
    return weekly[CivilDate(daysSinceEpoch: day).weekday].map { windows in
      Day(isDate: false) { isOpen(windows, $0) }
    }
  }

  private static func isOpen(_ windows: [HoursWindow], _ minute: Int) -> Bool {
    windows.contains { window in
      let end = window.endMinute + (window.crossesMidnight ? 1440 : 0)
      return window.startMinute <= minute && minute < end
    }
  }

  /// Looks at the day and its neighbours: a Friday also for its Saturday, a Monday also for its Sunday.
  private static func falls(_ date: SpecialDate, on day: Int64) -> Bool {
    guard date.observed else { return matches(date.rule, day) }
    switch CivilDate(daysSinceEpoch: day).weekday {
    case 6, 7: return false
    case 5: return matches(date.rule, day) || matches(date.rule, day + 1)
    case 1: return matches(date.rule, day) || matches(date.rule, day - 1)
    default: return matches(date.rule, day)
    }
  }

  private static func matches(_ rule: DateRule, _ day: Int64) -> Bool {
    let date = CivilDate(daysSinceEpoch: day)
    switch rule {
    case .date(let year, let month, let only): return (date.year, date.month, date.day) == (year, month, only)
    case .yearly(let month, let day): return (date.month, date.day) == (month, day)
    case .nthWeekday(let month, let weekday, let nth):
      guard date.month == month, date.weekday == weekday else { return false }
      let fromEnd = (CivilDate.daysIn(month: month, of: date.year) - date.day) / 7 + 1
      return nth > 0 ? (date.day - 1) / 7 + 1 == nth : fromEnd == -nth
    case .easter(let days):
      return (-1...1).contains { easter(in: date.year + $0).daysSinceEpoch + Int64(days) == day }
    }
  }

  /// Source: the algorithm that Nature printed in 1876 (Meeus, Astronomical Algorithms, chapter 8). It shares no step
  /// with the one that is tested.
  static func easter(in year: Int) -> CivilDate {
    let (a, b, c) = (year % 19, year / 100, year % 100)
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7
    let m = (a + 11 * h + 22 * l) / 451
    let month = (h + l - 7 * m + 114) / 31
    guard let date = CivilDate(year: year, month: month, day: (h + l - 7 * m + 114) % 31 + 1) else {
      preconditionFailure("Easter is in March or April")
    }
    return date
  }
}

/// Draws rule sets.
struct HoursGenerator {
  var random: SeededGenerator

  mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  mutating func windows() -> [HoursWindow] {
    (0..<below(3)).map { _ in
      // Quarters of an hour mostly, midnight often.
      let start = below(4) == 0 ? 0 : below(10) == 0 ? below(1440) : below(96) * 15
      let end = below(5) == 0 ? 1440 : 1 + below(1440)
      return HoursWindow(startMinute: start, endMinute: end == start ? 1440 : end)
    }
  }

  mutating func weekly(namedOutOf: Int) -> [Int: [HoursWindow]] {
    var weekly: [Int: [HoursWindow]] = [:]
    for weekday in 1...7 where below(namedOutOf) > 0 { weekly[weekday] = windows() }
    return weekly
  }

  /// Around a day, so that tests meet them.
  mutating func dates(near day: Int64) -> [SpecialDate] {
    (0..<below(4)).map { _ in
      let date = CivilDate(daysSinceEpoch: day + Int64(below(9)) - 4)
      let rule: DateRule =
        switch below(5) {
        case 0: .date(year: date.year, month: date.month, day: date.day)
        case 1: .nthWeekday(month: date.month, weekday: date.weekday, nth: (date.day - 1) / 7 + 1)
        case 2: .nthWeekday(month: date.month, weekday: date.weekday, nth: -1)
        case 3:
          .easter(days: Int(date.daysSinceEpoch - SlowHours.easter(in: date.year).daysSinceEpoch))
        default: .yearly(month: date.month, day: date.day)
        }
      return SpecialDate(rule: rule, windows: below(2) == 0 ? [] : windows(), observed: below(3) == 0)
    }
  }

  mutating func region(near day: Int64) -> RegionRules {
    var rules = rule(near: day)
    rules.further = (0..<max(0, below(5) - 2)).map { _ in rule(near: day) }
    return rules
  }

  private mutating func rule(near day: Int64) -> RegionRules {
    RegionRules(
      weekly: weekly(namedOutOf: 2), dates: dates(near: day), replaces: below(3) == 0, source: "test",
      effectiveFrom: below(3) == 0 ? CivilDate(daysSinceEpoch: day + Int64(below(5)) - 2) : nil,
      effectiveUntil: below(3) == 0 ? CivilDate(daysSinceEpoch: day + 2 + Int64(below(3))) : nil)
  }

  mutating func hours(near day: Int64) -> CallingHours {
    var regions: [String: RegionRules] = [:]
    if below(3) > 0 { regions["US"] = region(near: day) }
    if below(3) > 0 { regions["US-FL"] = region(near: day) }
    return Builders.hours(weekly: weekly(namedOutOf: 8), dates: dates(near: day), regions: regions)
  }
}
