extension JSONParser {
  /// Reads the number that begins at the position with a digit or a minus sign.
  mutating func number() throws(JSONFault) -> JSON {
    let start = position
    let isNegative = current == UInt8(ascii: "-")
    if isNegative { position += 1 }
    guard isDigit(current) else { throw fault(.digitMissing) }
    if current == UInt8(ascii: "0"), isDigit(byte(at: position + 1)) { throw fault(.leadingZero) }
    var digits = DecimalDigits()
    while isDigit(current) {
      digits.append(current)
      position += 1
    }
    if current != UInt8(ascii: "."), current | 0x20 != UInt8(ascii: "e") {
      if let value = digits.integer(isNegative: isNegative) { return .integer(value) }
      return .number(try double(digits, start, isNegative))
    }
    if current == UInt8(ascii: ".") {
      position += 1
      guard isDigit(current) else { throw fault(.digitMissing) }
      while isDigit(current) {
        digits.append(current)
        digits.exponent -= 1
        position += 1
      }
    }
    try exponent(&digits)
    return .number(try double(digits, start, isNegative))
  }

  @inline(__always) private func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

  private mutating func exponent(_ digits: inout DecimalDigits) throws(JSONFault) {
    guard current | 0x20 == UInt8(ascii: "e") else { return }
    position += 1
    let isNegative = current == UInt8(ascii: "-")
    if isNegative || current == UInt8(ascii: "+") { position += 1 }
    guard isDigit(current) else { throw fault(.digitMissing) }
    var value = 0
    while isDigit(current) {
      // Beyond this the exact value cannot matter: the slow way reads the text itself.
      if value < 100_000 { value = value * 10 + Int(current - 48) }
      position += 1
    }
    digits.exponent += isNegative ? -value : value
  }

  private func double(_ digits: DecimalDigits, _ start: Int, _ isNegative: Bool) throws(JSONFault) -> Double {
    if let value = digits.exactDouble { return isNegative ? -value : value }
    // The standard library's reader rounds correctly at any length.
    guard let value = Double(String(decoding: slice(start..<position), as: UTF8.self)), value.isFinite
    else { throw JSONFault(offset: start, problem: .numberTooLarge) }
    return value
  }
}

/// The digits of a number as one integer, and the power of ten to take it by.
private struct DecimalDigits {
  private var value: UInt64 = 0
  private var overflowed = false
  var exponent = 0

  @inline(__always) mutating func append(_ byte: UInt8) {
    let (product, first) = value.multipliedReportingOverflow(by: 10)
    let (sum, second) = product.addingReportingOverflow(UInt64(byte - 48))
    value = sum
    overflowed = overflowed || first || second
  }

  func integer(isNegative: Bool) -> Int64? {
    if overflowed { return nil }
    if !isNegative { return Int64(exactly: value) }
    return value <= UInt64(1) << 63 ? Int64(truncatingIfNeeded: 0 &- value) : nil
  }

  /// The value where one multiplication or division of exact doubles gives it correctly rounded: digits up to 2^53 and
  /// powers of ten up to 10^22. Source: Clinger, "How to read floating point numbers accurately", PLDI 1990.
  var exactDouble: Double? {
    guard !overflowed, value <= 1 << 53, (-22...22).contains(exponent) else { return nil }
    let power = Self.powersOfTen[abs(exponent)]
    return exponent < 0 ? Double(value) / power : Double(value) * power
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
  ]
}
