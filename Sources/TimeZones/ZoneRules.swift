/// The offsets of one time zone at all times.
///
/// The engine asks for the local time of a lead's zone at every claim, so the answer for the years that are dialled in
/// must come from one or two cache lines. All changes, those of the file and those that its footer adds, stand in one
/// array of periods; a second array says for each 2^22 seconds (48.5 days) from 1970 to 2106 which period that stretch
/// begins in. From there at most a step or two lead to the answer. Outside these years the periods of the file are
/// searched, and the time after its last transition is worked out from the footer.
public final class ZoneRules: Sendable {
  /// The name of the zone; zones under several names have that of the zone which the others link to.
  public let name: String

  /// A stretch of time in which the offset does not change.
  @frozen public struct Period: Equatable, Sendable {
    /// Seconds east of UTC.
    public let offset: Int32
    /// The first Unix second that is no longer in it; `Int64.max` when it has no end.
    public let until: Int64

    @inlinable init(offset: Int32, until: Int64) {
      self.offset = offset
      self.until = until
    }
  }

  /// Ascending and without gaps up to the first change after the file's last transition, and again from 1969 on.
  @usableFromInline let periods: ContiguousArray<Period>
  @usableFromInline let periodAtStretch: ContiguousArray<UInt16>
  /// What holds from `ruleStart` on; nil when the last period holds for ever.
  private let rule: PosixTimeZone?
  /// The file's last transition, in Unix seconds.
  private let ruleStart: Int64

  @usableFromInline static let stretchBits: Int64 = 22
  /// The seconds that the table covers: those from 1970 on that fit in 32 bits.
  @usableFromInline static let tableBits: Int64 = 32

  /// Reads the bytes of a TZif file (RFC 9636).
  public convenience init(name: String, tzif bytes: [UInt8]) throws(ZoneFileFault) {
    self.init(name: name, try TZifFile(bytes))
  }

  /// A zone that keeps to one POSIX TZ string, such as `CET-1CEST,M3.5.0,M10.5.0/3`, at all times.
  public convenience init(name: String, posixRule: String) throws(ZoneFileFault) {
    guard let rule = PosixTimeZone(ArraySlice(posixRule.utf8)) else { throw .badFooter }
    self.init(name: name, rule: rule)
  }

  /// UTC, which needs no file.
  public static let utc = ZoneRules(name: "UTC", rule: PosixTimeZone(fixedOffset: 0))

  private convenience init(name: String, rule: PosixTimeZone) {
    var builder = PeriodBuilder(initialOffset: rule.offset(at: PeriodBuilder.tableStart))
    builder.addTable(of: rule, after: PeriodBuilder.tableStart)
    self.init(name: name, builder.finished(), rule: rule, ruleStart: .min)
  }

  convenience init(name: String, _ file: TZifFile) {
    guard let last = file.transitionTimes.last else {
      // "If there are no transitions, local time for all timestamps is specified by the TZ string in the footer if
      // present and nonempty; otherwise, it is specified by time type 0" (RFC 9636, 3.2).
      self.init(name: name, rule: file.footer ?? PosixTimeZone(fixedOffset: file.initialOffset))
      return
    }
    var builder = PeriodBuilder(initialOffset: file.initialOffset)
    for (time, offset) in zip(file.transitionTimes, file.offsets) { builder.add(time, offset) }
    if let rule = file.footer {
      // This one closes the file's last period, however far before the table it lies.
      if let next = rule.nextChange(after: last) { builder.add(next, rule.offset(at: next)) }
      builder.addTable(of: rule, after: last)
    }
    self.init(name: name, builder.finished(), rule: file.footer, ruleStart: last)
  }

  private init(name: String, _ periods: ContiguousArray<Period>, rule: PosixTimeZone?, ruleStart: Int64) {
    self.name = name
    self.periods = periods
    self.rule = rule?.daylight == nil ? nil : rule
    self.ruleStart = ruleStart
    var table = ContiguousArray<UInt16>()
    table.reserveCapacity(1 << (Self.tableBits - Self.stretchBits))
    var period = 0
    for stretch in 0..<Int64(1) << (Self.tableBits - Self.stretchBits) {
      while periods[period].until <= stretch << Self.stretchBits { period += 1 }
      table.append(UInt16(period))
    }
    periodAtStretch = table
  }
}

// MARK: - Offsets

extension ZoneRules {
  /// Seconds east of UTC.
  @inlinable public func utcOffset(at unixSeconds: Int64) -> Int32 { period(at: unixSeconds).offset }

  /// The offset and how long it holds: who keeps it need not ask again before `until`.
  @inlinable public func period(at unixSeconds: Int64) -> Period {
    guard unixSeconds >> Self.tableBits == 0 else { return periodOutsideTable(at: unixSeconds) }
    var index = Int(periodAtStretch[Int(unixSeconds >> Self.stretchBits)])
    while periods[index].until <= unixSeconds { index += 1 }
    return periods[index]
  }

  /// The first moment after the given one at which the offset changes, in Unix seconds; nil when it never does again.
  @inlinable public func nextChange(after unixSeconds: Int64) -> Int64? {
    let until = period(at: unixSeconds).until
    return until == .max ? nil : until
  }

  @usableFromInline func periodOutsideTable(at unixSeconds: Int64) -> Period {
    if let rule, unixSeconds >= ruleStart {
      return Period(offset: rule.offset(at: unixSeconds), until: rule.nextChange(after: unixSeconds) ?? .max)
    }
    var low = 0
    var high = periods.count - 1
    while low < high {
      let middle = (low + high) / 2
      if periods[middle].until <= unixSeconds { low = middle + 1 } else { high = middle }
    }
    return periods[low]
  }
}

/// Joins changes into periods, leaving out those that do not change the offset.
private struct PeriodBuilder {
  /// 1969-01-01, a year before the table begins.
  static let tableStart: Int64 = -365 * 86_400
  /// A year after the table ends, in 2106.
  private static let tableEnd: Int64 = (1 << 32) + 366 * 86_400

  private var periods: ContiguousArray<ZoneRules.Period> = []
  private var offset: Int32
  private var lastChange = Int64.min

  init(initialOffset: Int32) { offset = initialOffset }

  mutating func add(_ time: Int64, _ newOffset: Int32) {
    guard newOffset != offset, time > lastChange else { return }
    periods.append(.init(offset: offset, until: time))
    offset = newOffset
    lastChange = time
  }

  /// Adds the changes that a rule makes after `start` in the years of the table.
  mutating func addTable(of rule: PosixTimeZone, after start: Int64) {
    var time = max(start, Self.tableStart)
    // In a gap before the table the offset may differ from the one the last period left.
    add(time, rule.offset(at: time))
    while time < Self.tableEnd, let next = rule.nextChange(after: time) {
      add(next, rule.offset(at: next))
      time = next
    }
  }

  func finished() -> ContiguousArray<ZoneRules.Period> {
    periods + [.init(offset: offset, until: .max)]
  }
}
