extension JSON5Parser {
  // MARK: - Text

  /// Reads text in quotes of either kind.
  mutating func text() throws(JSON5Fault) -> String {
    let start = position
    let quote = bytes[position]
    position += 1
    var content: [UInt8] = []
    while let byte = current {
      switch byte {
      case quote:
        position += 1
        return String(decoding: content, as: UTF8.self)
      case 0x0A, 0x0D: throw JSON5Fault(offset: start, problem: .unclosedText)
      case UInt8(ascii: "\\"): try escape(into: &content)
      default:
        content.append(byte)
        position += 1
      }
    }
    throw fault(.endsTooSoon)
  }

  private mutating func escape(into content: inout [UInt8]) throws(JSON5Fault) {
    let start = position
    position += 1
    guard let byte = current else { throw fault(.endsTooSoon) }
    if isLineEnd(at: position) {
      let isPair = byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
      position += isPair ? 2 : scalar(at: position).width
      return
    }
    position += 1
    switch byte {
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "v"): content.append(0x0B)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "x"): content += UTF8.encode(Unicode.Scalar(UInt8(try hexadecimal(2))))!
    case UInt8(ascii: "u"): content += try UTF8.encode(escapedScalar(from: start))!
    case UInt8(ascii: "0"):
      if let next = current, isDigit(next) { throw JSON5Fault(offset: start, problem: .wrongEscape) }
      content.append(0)
    case UInt8(ascii: "1")...UInt8(ascii: "9"): throw JSON5Fault(offset: start, problem: .wrongEscape)
    default:
      // Any other character stands for itself; its further bytes follow as they are.
      content.append(byte)
    }
  }

  /// What `\u` names, together with a second `\u` for a surrogate pair.
  private mutating func escapedScalar(from start: Int) throws(JSON5Fault) -> Unicode.Scalar {
    let first = try hexadecimal(4)
    if let scalar = Unicode.Scalar(first) { return scalar }
    let wrong = JSON5Fault(offset: start, problem: .wrongEscape)
    guard first < 0xDC00 else { throw wrong }
    for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
      guard let byte = current else { throw fault(.endsTooSoon) }
      guard byte == expected else { throw wrong }
      position += 1
    }
    let second = try hexadecimal(4)
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw wrong }
    return scalar
  }

  private mutating func hexadecimal(_ count: Int) throws(JSON5Fault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let byte = current else { throw fault(.endsTooSoon) }
      guard let digit = hexadecimalDigit(byte) else { throw fault(.wrongEscape) }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  // MARK: - Numbers

  /// Reads the number that begins here with a sign, a point or a digit.
  mutating func number() throws(JSON5Fault) -> JSON5Value.Content {
    let start = position
    let isNegative = current == UInt8(ascii: "-")
    if isNegative || current == UInt8(ascii: "+") { position += 1 }
    if let content = try namedNumber(isNegative: isNegative) { return content }
    if current == UInt8(ascii: "0"), position + 1 < bytes.count, bytes[position + 1] | 0x20 == UInt8(ascii: "x") {
      return try hexadecimalNumber(isNegative: isNegative, start: start)
    }
    let digits = skipDigits()
    if digits.count > 1, bytes[digits.lowerBound] == UInt8(ascii: "0") {
      throw JSON5Fault(offset: start, problem: .leadingZero)
    }
    var isWhole = true
    if current == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      if skipDigits().isEmpty && digits.isEmpty { throw digitMissing }
    } else if digits.isEmpty {
      throw digitMissing
    }
    if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      position += 1
      if current == UInt8(ascii: "-") || current == UInt8(ascii: "+") { position += 1 }
      if skipDigits().isEmpty { throw digitMissing }
    }
    var written = String(decoding: bytes[start..<position], as: UTF8.self)
    if written.hasPrefix("+") { written.removeFirst() }
    if isWhole, let value = Int64(written) { return .integer(value) }
    guard let value = Self.double(written), value.isFinite else {
      throw JSON5Fault(offset: start, problem: .numberTooLarge)
    }
    return .number(value)
  }

  /// `Double` takes no point without digits on both sides of it.
  private static func double(_ written: String) -> Double? {
    var padded = ""
    var previous: Character = "-"
    for character in written {
      if character == ".", !previous.isNumber { padded.append("0") }
      if previous == ".", !character.isNumber { padded.append("0") }
      padded.append(character)
      previous = character
    }
    if previous == "." { padded.append("0") }
    return Double(padded)
  }

  /// `Infinity` or `NaN` behind a sign.
  private mutating func namedNumber(isNegative: Bool) throws(JSON5Fault) -> JSON5Value.Content? {
    for (name, value) in [("Infinity", Double.infinity), ("NaN", Double.nan)] {
      guard bytes[position...].starts(with: name.utf8) else { continue }
      position += name.utf8.count
      return .number(isNegative ? -value : value)
    }
    return nil
  }

  private mutating func hexadecimalNumber(isNegative: Bool, start: Int) throws(JSON5Fault) -> JSON5Value.Content {
    position += 2
    let first = position
    while let byte = current, hexadecimalDigit(byte) != nil { position += 1 }
    if first == position { throw digitMissing }
    let digits = (isNegative ? "-" : "") + String(decoding: bytes[first..<position], as: UTF8.self)
    guard let value = Int64(digits, radix: 16) else { throw JSON5Fault(offset: start, problem: .numberTooLarge) }
    return .integer(value)
  }

  private var digitMissing: JSON5Fault { fault(current == nil ? .endsTooSoon : .digitExpected) }

  private mutating func skipDigits() -> Range<Int> {
    let start = position
    while let byte = current, isDigit(byte) { position += 1 }
    return start..<position
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
