/// Reads the text of a POSIX TZ string such as `EST5EDT,M3.2.0,M11.1.0` or `<-02>2<-01>,M3.5.0/-1,M10.5.0/0`.
///
/// Source: POSIX.1-2017, XBD 8.3, and RFC 9636, 3.3.1, which widens the hours of a change to -167…167. A string with
/// daylight saving must say when it begins and ends, as every footer does: POSIX leaves the default to the system.
struct PosixTimeZoneParser {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Nil unless the whole text is one rule.
  mutating func parse() -> PosixTimeZone? {
    guard skipName(), let west = time(maximumHours: 24) else { return nil }
    let standard = -west
    if isAtEnd { return PosixTimeZone(fixedOffset: standard) }
    guard skipName() else { return nil }
    var daylight = standard + 3600
    if peek != UInt8(ascii: ",") {
      guard let west = time(maximumHours: 24) else { return nil }
      daylight = -west
    }
    guard take(","), let start = yearlyChange(), take(","), let end = yearlyChange(), isAtEnd else { return nil }
    return PosixTimeZone(standardOffset: standard, daylight: .init(offset: daylight, start: start, end: end))
  }

  private var isAtEnd: Bool { position == bytes.endIndex }
  private var peek: UInt8? { isAtEnd ? nil : bytes[position] }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let next = peek, next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// At least three letters, or three of letters, digits and signs between angle brackets.
  private mutating func skipName() -> Bool {
    let isQuoted = take("<")
    var length = 0
    while let byte = peek, Self.isLetter(byte) || isQuoted && Self.isDigitOrSign(byte) {
      position += 1
      length += 1
    }
    return length >= 3 && (!isQuoted || take(">"))
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigitOrSign(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private mutating func time(maximumHours: Int) -> Int32? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let hours = number(0...maximumHours) else { return nil }
    var seconds = hours * 3600
    if take(":") {
      guard let minutes = number(0...59) else { return nil }
      seconds += minutes * 60
      if take(":") {
        guard let rest = number(0...59) else { return nil }
        seconds += rest
      }
    }
    return Int32(isNegative ? -seconds : seconds)
  }

  /// `date[/time]`; the time is 02:00:00 when it is not said.
  private mutating func yearlyChange() -> PosixTimeZone.YearlyChange? {
    guard let day = day() else { return nil }
    guard take("/") else { return .init(day: day, time: 2 * 3600) }
    guard let time = time(maximumHours: 167) else { return nil }
    return .init(day: day, time: time)
  }

  private mutating func day() -> PosixTimeZone.Day? {
    if take("M") {
      guard let month = number(1...12), take("."), let week = number(1...5), take("."), let weekday = number(0...6)
      else { return nil }
      return .ofMonth(month, week: week, weekday: weekday)
    }
    if take("J") { return number(1...365).map { .ofYearWithoutLeapDay($0) } }
    return number(0...365).map { .ofYear($0) }
  }

  /// At most three digits, which every number here fits in.
  private mutating func number(_ range: ClosedRange<Int>) -> Int? {
    var value = 0
    var digits = 0
    while digits < 3, let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      position += 1
      digits += 1
    }
    return digits > 0 && range.contains(value) ? value : nil
  }
}

extension PosixTimeZone {
  /// Nil unless the whole text is one rule.
  init?(_ text: ArraySlice<UInt8>) {
    var parser = PosixTimeZoneParser(text)
    guard let rule = parser.parse() else { return nil }
    self = rule
  }
}
