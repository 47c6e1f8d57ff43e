/// A telephone number in E.164: country code and national number, at most fifteen digits, kept as one number.
/// A country code never begins with zero, so no digit is lost. Zero stands for "no number" where a fixed table needs a value.
@frozen public struct PhoneNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let digits: UInt64

  @inlinable public init(digits: UInt64) { self.digits = digits }

  /// Reads `+` and 3 to 15 digits (ITU-T E.164), nothing else.
  public init?(e164 text: some StringProtocol) {
    var value: UInt64 = 0
    var count = 0
    var bytes = text.utf8.makeIterator()
    guard bytes.next() == UInt8(ascii: "+") else { return nil }
    while let byte = bytes.next() {
      guard byte >= 48, byte <= 57, count < 15 else { return nil }
      value = value * 10 + UInt64(byte - 48)
      count += 1
      if count == 1, value == 0 { return nil }
    }
    guard count >= 3 else { return nil }
    digits = value
  }

  /// `+61291234567`.
  public var e164: String { "+\(digits)" }
  public var description: String { e164 }
  public var lastDigit: Int { Int(digits % 10) }

  /// `+*********67`: all but the last two digits hidden, for logs.
  public var masked: String {
    let text = String(digits)
    return "+" + String(repeating: "*", count: max(0, text.count - 2)) + text.suffix(2)
  }

  @inlinable public static func < (left: Self, right: Self) -> Bool { left.digits < right.digits }
}
