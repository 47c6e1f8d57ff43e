import DialerModel

/// Up to 32 decimal digits in a register: four bits a digit, the first digit in the highest four, zeros behind the last.
/// What a person types holds at most an international prefix (9), a country code (3) and a national number (17), so 32
/// are enough, and parsing needs no heap.
struct DigitString: Hashable, Sendable {
  static let capacity = 32

  private(set) var bits: UInt128 = 0
  private(set) var count = 0

  init() {}

  /// The digits of an E.164 number, country code first.
  init(_ number: PhoneNumber) {
    var rest = number.digits
    while rest > 0 {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
      bits = bits >> 4 | UInt128(remainder) << 124
      count += 1
      rest = quotient
    }
  }

  /// Reads ASCII digits; nil for anything else, or for more than `capacity`.
  init?(ascii text: String) {
    for byte in text.utf8 {
      guard byte >= 48, byte <= 57, append(byte &- 48) else { return nil }
    }
  }

  /// False, and nothing appended, when it is full.
  @inline(__always)
  mutating func append(_ digit: UInt8) -> Bool {
    guard count < Self.capacity else { return false }
    bits |= UInt128(digit) &<< UInt128(124 - 4 * count)
    count += 1
    return true
  }

  /// The other digits put behind these; what exceeds the capacity is dropped.
  func appending(_ other: DigitString) -> DigitString {
    guard count < Self.capacity else { return self }
    var joined = self
    joined.bits |= other.bits >> UInt128(4 * count)
    joined.count = min(Self.capacity, count + other.count)
    return joined
  }

  /// Zero where there is no digit: ask `count` first.
  @inline(__always)
  subscript(index: Int) -> Int {
    index < Self.capacity ? Int(truncatingIfNeeded: bits &>> UInt128(124 - 4 * index)) & 15 : 0
  }

  func dropFirst(_ length: Int) -> DigitString {
    guard length > 0 else { return self }
    guard length < count else { return DigitString() }
    var rest = self
    rest.bits = bits << UInt128(4 * length)
    rest.count = count - length
    return rest
  }

  subscript(range: Range<Int>) -> DigitString {
    var part = dropFirst(range.lowerBound)
    guard range.count < part.count else { return part }
    part.count = range.count
    let unused = UInt128(128 - 4 * range.count)
    part.bits = (part.bits >> unused) << unused
    return part
  }

  func hasPrefix(_ prefix: DigitString) -> Bool { count >= prefix.count && self[0..<prefix.count] == prefix }

  /// The digits as one number; nil when they are more than the nineteen that always fit.
  var value: UInt64? {
    guard count <= 19 else { return nil }
    var value: UInt64 = 0
    var rest = bits
    for _ in 0..<count {
      value = value &* 10 &+ UInt64(truncatingIfNeeded: rest &>> 124)
      rest = rest &<< 4
    }
    return value
  }
}
