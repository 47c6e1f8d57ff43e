import DialerModel

/// The windows of the base or of one region, with every special date resolved to its day.
struct RuleSheet: Sendable {
  /// Days for which special dates are resolved. Outside of it nothing is known about dates, so nothing is open.
  static let years = 1969...2100
  static let days: Range<Int64> = {
    guard let first = CivilDate(year: years.lowerBound, month: 1, day: 1),
      let last = CivilDate(year: years.upperBound, month: 12, day: 31)
    else { preconditionFailure("every year has a first and a last day") }
    return first.daysSinceEpoch..<last.daysSinceEpoch
  }()

  /// Where windows stand in the common table of spans. `first` below zero: nothing is said.
  struct Spans: Hashable, Sendable {
    static let unnamed = Spans(first: -1, end: -1)
    var first: Int32
    var end: Int32
    var isNamed: Bool { first >= 0 }
    var isEmpty: Bool { first >= end }
  }

  struct KeptDate: Sendable {
    var day: Int64
    var spans: Spans
    /// Index into ``dateNames``.
    var name: Int32
  }

  /// The region's code; nil for the base.
  let region: String?
  let source: String?
  /// Local days since 1970, both included.
  let effectiveFrom: Int64
  let effectiveUntil: Int64
  /// From Monday on.
  let weekly: [Spans]
  /// Ascending, each day once.
  let dates: ContiguousArray<KeptDate>
  let dateNames: [String?]

  init(base: CallingHours, table: inout ContiguousArray<MinuteSpan>) {
    region = nil
    source = base.source
    effectiveFrom = .min
    effectiveUntil = .max
    weekly = Self.compile(weekly: base.weekly, into: &table)
    dates = Self.compile(dates: base.dates, into: &table)
    dateNames = base.dates.map(\.name)
  }

  init(region code: String, _ rules: RegionRules, table: inout ContiguousArray<MinuteSpan>) {
    region = code
    source = rules.source
    effectiveFrom = rules.effectiveFrom?.daysSinceEpoch ?? .min
    effectiveUntil = rules.effectiveUntil?.daysSinceEpoch ?? .max
    weekly = Self.compile(weekly: rules.weekly, into: &table)
    dates = Self.compile(dates: rules.dates, into: &table)
    dateNames = rules.dates.map(\.name)
  }

  func isEffective(on day: Int64) -> Bool { effectiveFrom <= day && day <= effectiveUntil }

  /// The special date that falls on the day; nil when it is a day like others.
  func keptDate(on day: Int64) -> KeptDate? {
    var low = 0
    var high = dates.count
    while low < high {
      let middle = (low + high) / 2
      if dates[middle].day < day { low = middle + 1 } else { high = middle }
    }
    return low < dates.count && dates[low].day == day ? dates[low] : nil
  }

  private static func add(_ spans: [MinuteSpan], to table: inout ContiguousArray<MinuteSpan>) -> Spans {
    let first = Int32(table.count)
    table.append(contentsOf: spans)
    return Spans(first: first, end: Int32(table.count))
  }

  private static func compile(
    weekly: [Int: [HoursWindow]], into table: inout ContiguousArray<MinuteSpan>
  ) -> [Spans] {
    (1...7).map { weekday in
      weekly[weekday].map { add(MinuteSpan.normalised($0), to: &table) } ?? .unnamed
    }
  }

  /// Several dates on one day: only what all of them allow.
  private static func compile(
    dates: [SpecialDate], into table: inout ContiguousArray<MinuteSpan>
  ) -> ContiguousArray<KeptDate> {
    let windows = dates.map { MinuteSpan.normalised($0.windows) }
    let spans = windows.map { add($0, to: &table) }
    var found: [(day: Int64, index: Int)] = []
    // A day kept in the first or last year may belong to the year before or after.
    for year in (years.lowerBound - 1)...(years.upperBound + 1) {
      for (index, date) in dates.enumerated() {
        if let day = date.keptDay(in: year) { found.append((day, index)) }
      }
    }
    found.sort { ($0.day, $0.index) < ($1.day, $1.index) }
    var kept = ContiguousArray<KeptDate>()
    kept.reserveCapacity(found.count)
    var common: [MinuteSpan] = []
    for (day, index) in found {
      if let last = kept.last, last.day == day {
        common = MinuteSpan.intersection(common, windows[index])
        kept[kept.count - 1].spans = add(common, to: &table)
      } else {
        common = windows[index]
        kept.append(KeptDate(day: day, spans: spans[index], name: Int32(index)))
      }
    }
    return kept
  }
}
