/// A moment of wall time: milliseconds since 1970-01-01T00:00:00Z.
@frozen public struct Instant: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  public var milliseconds: Int64

  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }
  @inlinable public init(seconds: Int64) { milliseconds = seconds * 1000 }

  /// Before every moment that is ever compared.
  public static let distantPast = Instant(milliseconds: -62_135_596_800_000)
  /// After every moment that is ever compared: "never", where a moment is asked for (year 9999).
  public static let distantFuture = Instant(milliseconds: 253_402_300_799_999)

  /// Whole seconds, rounded down, as the tz database counts.
  @inlinable public var unixSeconds: Int64 {
    milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
  }

  @inlinable public static func < (left: Instant, right: Instant) -> Bool {
    left.milliseconds < right.milliseconds
  }
  @inlinable public static func + (left: Instant, right: Interval) -> Instant {
    Instant(milliseconds: left.milliseconds + right.milliseconds)
  }
  @inlinable public static func - (left: Instant, right: Interval) -> Instant {
    Instant(milliseconds: left.milliseconds - right.milliseconds)
  }
  @inlinable public static func - (left: Instant, right: Instant) -> Interval {
    Interval(milliseconds: left.milliseconds - right.milliseconds)
  }

  public init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }
}

/// A moment of the clock that never steps: milliseconds since some start of this machine's.
@frozen public struct MonotonicInstant: Hashable, Comparable, Sendable {
  public var milliseconds: Int64
  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }
  @inlinable public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
  @inlinable public static func + (left: Self, right: Interval) -> Self {
    Self(milliseconds: left.milliseconds + right.milliseconds)
  }
  @inlinable public static func - (left: Self, right: Self) -> Interval {
    Interval(milliseconds: left.milliseconds - right.milliseconds)
  }
  public static let distantFuture = MonotonicInstant(milliseconds: .max / 4)
}

/// A length of time in whole milliseconds.
@frozen public struct Interval: Hashable, Comparable, Codable, Sendable {
  public var milliseconds: Int64
  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }
  @inlinable public static func seconds(_ seconds: Int64) -> Interval { Interval(milliseconds: seconds * 1000) }
  @inlinable public static func minutes(_ minutes: Int64) -> Interval { .seconds(minutes * 60) }
  @inlinable public static func hours(_ hours: Int64) -> Interval { .seconds(hours * 3600) }
  /// Seconds with decimals to the millisecond, as the control protocol writes durations.
  public init(seconds: Double) { milliseconds = Int64((seconds * 1000).rounded()) }
  public var seconds: Double { Double(milliseconds) / 1000 }
  public static let zero = Interval(milliseconds: 0)
  @inlinable public static func < (left: Interval, right: Interval) -> Bool {
    left.milliseconds < right.milliseconds
  }
  @inlinable public static func + (left: Interval, right: Interval) -> Interval {
    Interval(milliseconds: left.milliseconds + right.milliseconds)
  }
  public init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }
}

/// Both clocks, read once for a turn.
@frozen public struct Now: Hashable, Sendable {
  public var wall: Instant
  public var monotonic: MonotonicInstant
  @inlinable public init(wall: Instant, monotonic: MonotonicInstant) {
    self.wall = wall
    self.monotonic = monotonic
  }
}

// MARK: - RFC 3339

extension Instant {
  /// `2026-11-20T14:03:11.123Z`, always in UTC and with three decimals.
  public var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(24)
    append(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the same text as ``description`` without making a string.
  public func append(to text: inout [UInt8]) {
    let seconds = unixSeconds
    let date = CivilDate(daysSinceEpoch: Self.floorDivide(seconds, 86_400))
    let ofDay = Int(seconds - Self.floorDivide(seconds, 86_400) * 86_400)
    Self.append(date.year, digits: 4, to: &text)
    text.append(UInt8(ascii: "-"))
    Self.append(date.month, digits: 2, to: &text)
    text.append(UInt8(ascii: "-"))
    Self.append(date.day, digits: 2, to: &text)
    text.append(UInt8(ascii: "T"))
    Self.append(ofDay / 3600, digits: 2, to: &text)
    text.append(UInt8(ascii: ":"))
    Self.append(ofDay / 60 % 60, digits: 2, to: &text)
    text.append(UInt8(ascii: ":"))
    Self.append(ofDay % 60, digits: 2, to: &text)
    text.append(UInt8(ascii: "."))
    Self.append(Int(milliseconds - seconds * 1000), digits: 3, to: &text)
    text.append(UInt8(ascii: "Z"))
  }

  @inlinable static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
    value >= 0 ? value / by : (value - by + 1) / by
  }

  private static func append(_ value: Int, digits: Int, to text: inout [UInt8]) {
    var scale = 1
    for _ in 1..<digits { scale *= 10 }
    while scale > 0 {
      text.append(UInt8(ascii: "0") + UInt8(value / scale % 10))
      scale /= 10
    }
  }

  /// Reads RFC 3339 with any offset and up to nine decimals (cut to milliseconds); nil for anything else.
  public init?(rfc3339 text: String) {
    var reader = DigitReader(text)
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
      let day = reader.number(2), reader.take("T") || reader.take("t") || reader.take(" "),
      let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
      let second = reader.number(2)
    else { return nil }
    guard let date = CivilDate(year: year, month: month, day: day), hour < 24, minute < 60, second < 61
    else { return nil }
    var fraction: Int64 = 0
    if reader.take(".") {
      guard let read = reader.fraction() else { return nil }
      fraction = read
    }
    var offset: Int64 = 0
    if !(reader.take("Z") || reader.take("z")) {
      let sign: Int64 = reader.take("+") ? 1 : reader.take("-") ? -1 : 0
      guard sign != 0, let hours = reader.number(2), reader.take(":"), let minutes = reader.number(2), hours < 24,
        minutes < 60
      else { return nil }
      offset = sign * Int64(hours * 3600 + minutes * 60)
    }
    guard reader.isAtEnd else { return nil }
    let seconds = date.daysSinceEpoch * 86_400 + Int64(hour * 3600 + minute * 60 + second) - offset
    self.init(milliseconds: seconds * 1000 + fraction)
  }
}

/// Reads fixed runs of digits out of ASCII text.
private struct DigitReader {
  private let bytes: [UInt8]
  private var position = 0
  init(_ text: String) { bytes = Array(text.utf8) }
  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ character: Character) -> Bool {
    guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  mutating func number(_ digits: Int) -> Int? {
    guard position + digits <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<position + digits] {
      guard byte >= 48, byte <= 57 else { return nil }
      value = value * 10 + Int(byte - 48)
    }
    position += digits
    return value
  }

  /// Decimals of a second in milliseconds; nil without a digit or with more than nine.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var count = 0
    while position < bytes.count, bytes[position] >= 48, bytes[position] <= 57 {
      if count < 3 { value = value * 10 + Int64(bytes[position] - 48) }
      count += 1
      position += 1
    }
    guard count > 0, count <= 9 else { return nil }
    for _ in min(count, 3)..<3 { value *= 10 }
    return value
  }
}
