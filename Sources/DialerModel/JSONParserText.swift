extension JSONParser {
  /// Reads the text in quotes that begins at the position.
  mutating func string() throws(JSONFault) -> String {
    let start = position + 1
    var end = start
    var anyHighBit: UInt8 = 0
    while true {
      let byte = byte(at: end)
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start, until: end) }
      if byte < 0x20 { throw fault(.controlCharacter, at: end) }
      anyHighBit |= byte
      end += 1
    }
    if anyHighBit >= 0x80 { try checkUTF8(start..<end) }
    position = end + 1
    return String(decoding: slice(start..<end), as: UTF8.self)
  }

  /// The slow way, from the first backslash on: the text is put together in a buffer.
  private mutating func escapedString(from start: Int, until firstEscape: Int) throws(JSONFault) -> String {
    try checkUTF8(start..<firstEscape)
    var text = Array(slice(start..<firstEscape))
    position = firstEscape
    while true {
      let runStart = position
      while current >= 0x20, current != UInt8(ascii: "\""), current != UInt8(ascii: "\\") { position += 1 }
      try checkUTF8(runStart..<position)
      text.append(contentsOf: slice(runStart..<position))
      switch current {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(&text)
      default: throw fault(.controlCharacter)
      }
    }
  }

  private mutating func escape(_ text: inout [UInt8]) throws(JSONFault) {
    let start = position
    position += 1
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(current)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      let scalar = try scalar(escapeAt: start)
      text.append(contentsOf: scalar.utf8)
      return
    default: throw fault(.wrongEscape)
    }
    position += 1
  }

  /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair; the position stands behind the `u`.
  private mutating func scalar(escapeAt start: Int) throws(JSONFault) -> Unicode.Scalar {
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00 else { throw fault(.loneSurrogate, at: start) }
    guard current == UInt8(ascii: "\\") else {
      throw isAtEnd ? fault(.endsTooSoon) : fault(.loneSurrogate, at: start)
    }
    guard byte(at: position + 1) == UInt8(ascii: "u") else { throw fault(.loneSurrogate, at: start) }
    position += 2
    let second = try fourHexDigits()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x1_0000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    else { throw fault(.loneSurrogate, at: start) }
    return scalar
  }

  private mutating func fourHexDigits() throws(JSONFault) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch current {
      case 48...57: digit = current - 48
      case 65...70: digit = current - 55
      case 97...102: digit = current - 87
      default: throw fault(.wrongEscape)
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }

  /// Refuses what is not well-formed UTF-8: overlong forms, surrogates, above U+10FFFF, and sequences cut short.
  /// Source: Unicode Standard, table 3-7.
  private func checkUTF8(_ range: Range<Int>) throws(JSONFault) {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let lead = byte(at: offset)
      if lead < 0x80 {
        offset += 1
        continue
      }
      let second: ClosedRange<UInt8>
      let length: Int
      switch lead {
      case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
      case 0xE0: (second, length) = (0xA0...0xBF, 3)
      case 0xED: (second, length) = (0x80...0x9F, 3)
      case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
      case 0xF0: (second, length) = (0x90...0xBF, 4)
      case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
      case 0xF4: (second, length) = (0x80...0x8F, 4)
      default: throw fault(.notUTF8, at: offset)
      }
      guard offset + length <= range.upperBound, second.contains(byte(at: offset + 1)) else {
        throw fault(.notUTF8, at: offset)
      }
      for index in offset + 2..<max(offset + 2, offset + length) where byte(at: index) & 0xC0 != 0x80 {
        throw fault(.notUTF8, at: offset)
      }
      offset += length
    }
  }
}
