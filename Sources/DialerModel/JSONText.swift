extension JSON {
  /// Appends the value on one line without spaces.
  public func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: JSONText.append("null", to: &bytes)
    case .bool(let value): JSONText.append(value ? "true" : "false", to: &bytes)
    case .integer(let value): JSONText.append(value, to: &bytes)
    case .number(let value): JSONText.append(value, to: &bytes)
    case .string(let value): JSONText.append(quoted: value, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for index in elements.indices {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        elements[index].write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for index in object.members.indices {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONText.append(quoted: object.members[index].key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        object.members[index].value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// The value on one line without spaces.
  public var text: String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value for people: two spaces a level, one member or element a line; without a line end behind it.
  public var prettyText: String {
    var bytes: [UInt8] = []
    writePretty(to: &bytes, indentation: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func writePretty(to bytes: inout [UInt8], indentation: Int) {
    func newLine(_ levels: Int) {
      bytes.append(0x0A)
      for _ in 0..<levels * 2 { bytes.append(0x20) }
    }
    switch self {
    case .array(let elements) where !elements.isEmpty:
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        newLine(indentation + 1)
        element.writePretty(to: &bytes, indentation: indentation + 1)
      }
      newLine(indentation)
      bytes.append(UInt8(ascii: "]"))
    case .object(let object) where !object.isEmpty:
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        newLine(indentation + 1)
        JSONText.append(quoted: member.key, to: &bytes)
        JSONText.append(": ", to: &bytes)
        member.value.writePretty(to: &bytes, indentation: indentation + 1)
      }
      newLine(indentation)
      bytes.append(UInt8(ascii: "}"))
    default: write(to: &bytes)
    }
  }
}

extension JSON: CustomStringConvertible {
  public var description: String { text }
}

/// How the parts of JSON are written. RFC 8259 asks only for the quote, the backslash and the control characters to be
/// escaped; nothing else is, so a text is as long as it can be short.
enum JSONText {
  static func append(_ word: StaticString, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  static func append(quoting word: StaticString, to bytes: inout [UInt8]) {
    append(quoting: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount), to: &bytes)
  }

  static func append(_ value: Int64, to bytes: inout [UInt8]) {
    if value >= 0, value < 10 {
      bytes.append(48 + UInt8(truncatingIfNeeded: value))
      return
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = value.magnitude
      var start = 20
      repeat {
        let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
        start -= 1
        digits.initializeElement(at: start, to: 48 + UInt8(truncatingIfNeeded: remainder))
        rest = quotient
      } while rest > 0
      if value < 0 {
        start -= 1
        digits.initializeElement(at: start, to: UInt8(ascii: "-"))
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }

  /// The shortest digits that read back as the same double; null for what JSON has no number for.
  static func append(_ value: Double, to bytes: inout [UInt8]) {
    guard value.isFinite else { return append("null", to: &bytes) }
    bytes.append(contentsOf: value.description.utf8)
  }

  static func append(quoted text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { text in
      var plain = 0
      while plain < text.count, !needsEscape(text[plain]) { plain += 1 }
      if plain == text.count {
        append(quoting: text, to: &bytes)
      } else {
        bytes.append(UInt8(ascii: "\""))
        append(escaping: text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
      }
    }
  }

  /// Both quotes and what stands between them, which needs no escape, in one step: a step for each costs thrice the time.
  @inline(__always)
  static func append(quoting text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(addingCapacity: text.count + 2) { (span: inout OutputSpan<UInt8>) in
      span.withUnsafeMutableBufferPointer { buffer, initialized in
        buffer.initializeElement(at: initialized, to: UInt8(ascii: "\""))
        _ = UnsafeMutableBufferPointer(rebasing: buffer[(initialized + 1)...]).update(fromContentsOf: text)
        buffer.initializeElement(at: initialized + text.count + 1, to: UInt8(ascii: "\""))
        initialized += text.count + 2
      }
    }
  }

  @inline(__always) private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func append(escaping text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    var runStart = 0
    for index in 0..<text.count where needsEscape(text[index]) {
      if runStart < index { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart..<index])) }
      runStart = index + 1
      appendEscape(of: text[index], to: &bytes)
    }
    if runStart < text.count { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart...])) }
  }

  private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x00..<0x20:
      append("u00", to: &bytes)
      bytes.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
      let low = byte & 0x0F
      bytes.append(low < 10 ? 48 + low : 87 + low)
    default: bytes.append(byte)
    }
  }
}
