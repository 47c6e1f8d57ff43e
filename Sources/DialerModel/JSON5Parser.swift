/// Reads JSON5 (json5.org, version 1.0.0): JSON with comments, keys without quotes and trailing commas.
///
/// Foundation's `JSONDecoder` reads JSON5 too, but says neither where a syntax fault nor where a value is, and keeps
/// the first of two equal keys in silence; a configuration has to name all its faults with their lines. Positions need a
/// scanner that follows the whole grammar, and that is a parser: a second reading of the same text could only disagree
/// with it. A test holds the values against Foundation's. Not taken: escapes in keys without quotes.
public struct JSON5Parser {
  /// No option nests deeper than 6; this only bounds the stack.
  static let maximumDepth = 32

  let bytes: [UInt8]
  var position = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// - Throws: the first fault; what follows it cannot be told.
  public static func value(of bytes: [UInt8]) throws(JSON5Fault) -> JSON5Value {
    if let offset = firstOffsetNotUTF8(bytes) { throw JSON5Fault(offset: offset, problem: .notUTF8) }
    var parser = JSON5Parser(bytes)
    try parser.skipSpace()
    let value = try parser.value()
    try parser.skipSpace()
    if parser.position < bytes.count { throw parser.fault(.trailingText) }
    return value
  }

  private static func firstOffsetNotUTF8(_ bytes: [UInt8]) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
    return offset
  }

  // MARK: - Values

  private mutating func value() throws(JSON5Fault) -> JSON5Value {
    let start = position
    guard let byte = current else { throw fault(.endsTooSoon) }
    switch byte {
    case UInt8(ascii: "{"): return JSON5Value(content: .object(try members()), offset: start)
    case UInt8(ascii: "["): return JSON5Value(content: .array(try elements()), offset: start)
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return JSON5Value(content: .text(try text()), offset: start)
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return JSON5Value(content: try number(), offset: start)
    default: break
    }
    let content: JSON5Value.Content? =
      switch word() {
      case "null": .null
      case "true": .bool(true)
      case "false": .bool(false)
      case "Infinity": .number(.infinity)
      case "NaN": .number(.nan)
      default: nil
      }
    guard let content else { throw JSON5Fault(offset: start, problem: .notAValue) }
    return JSON5Value(content: content, offset: start)
  }

  private mutating func members() throws(JSON5Fault) -> [JSON5Value.Member] {
    try enter()
    var members: [JSON5Value.Member] = []
    while try !closes(UInt8(ascii: "}")) {
      let start = position
      let key = try key()
      try skipSpace()
      try expect(UInt8(ascii: ":"), .colonExpected)
      try skipSpace()
      members.append(JSON5Value.Member(key: key, offset: start, value: try value()))
      try separator(before: UInt8(ascii: "}"), .commaOrBraceExpected)
    }
    return members
  }

  private mutating func elements() throws(JSON5Fault) -> [JSON5Value] {
    try enter()
    var elements: [JSON5Value] = []
    while try !closes(UInt8(ascii: "]")) {
      elements.append(try value())
      try separator(before: UInt8(ascii: "]"), .commaOrBracketExpected)
    }
    return elements
  }

  private mutating func enter() throws(JSON5Fault) {
    guard depth < Self.maximumDepth else { throw fault(.tooDeep) }
    depth += 1
    position += 1
  }

  private mutating func closes(_ end: UInt8) throws(JSON5Fault) -> Bool {
    try skipSpace()
    guard current == end else { return false }
    position += 1
    depth -= 1
    return true
  }

  private mutating func separator(before end: UInt8, _ problem: JSON5Fault.Problem) throws(JSON5Fault) {
    try skipSpace()
    if current != end { try expect(UInt8(ascii: ","), problem) }
  }

  private mutating func expect(_ byte: UInt8, _ problem: JSON5Fault.Problem) throws(JSON5Fault) {
    guard let current else { throw fault(.endsTooSoon) }
    guard current == byte else { throw fault(problem) }
    position += 1
  }

  private mutating func key() throws(JSON5Fault) -> String {
    if current == nil { throw fault(.endsTooSoon) }
    if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") { return try text() }
    let word = word()
    if word.isEmpty { throw fault(.keyExpected) }
    return word
  }

  /// A name without quotes; empty when none begins here.
  private mutating func word() -> String {
    let start = position
    while position < bytes.count {
      let (scalar, width) = scalar(at: position)
      let isFirst = position == start
      let isSign = scalar == "$" || scalar == "_"
      let isLetter = isFirst ? scalar.properties.isIDStart : scalar.properties.isIDContinue
      guard isSign || isLetter else { break }
      position += width
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  // MARK: - Space and bytes

  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  func fault(_ problem: JSON5Fault.Problem) -> JSON5Fault { JSON5Fault(offset: position, problem: problem) }

  /// The character that begins at an offset of bytes that are known to be UTF-8.
  func scalar(at offset: Int) -> (scalar: Unicode.Scalar, width: Int) {
    if bytes[offset] < 0x80 { return (Unicode.Scalar(bytes[offset]), 1) }
    var decoder = UTF8()
    var iterator = bytes[offset..<min(offset + 4, bytes.count)].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
      preconditionFailure("the text was found to be UTF-8 before it was parsed")
    }
    return (scalar, UTF8.width(scalar))
  }

  private mutating func skipSpace() throws(JSON5Fault) {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "/") {
        guard try skipComment() else { return }
        continue
      }
      let (scalar, width) = scalar(at: position)
      guard Self.isSpace(scalar) else { return }
      position += width
    }
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0xA0, 0xFEFF, 0x2028, 0x2029: true
    case 0..<0x80: false
    default: scalar.properties.generalCategory == .spaceSeparator
    }
  }

  /// - Returns: whether a comment began here.
  private mutating func skipComment() throws(JSON5Fault) -> Bool {
    guard position + 1 < bytes.count else { return false }
    switch bytes[position + 1] {
    case UInt8(ascii: "/"):
      while position < bytes.count, !isLineEnd(at: position) { position += 1 }
      return true
    case UInt8(ascii: "*"):
      var end = position + 2
      while end + 1 < bytes.count {
        if bytes[end] == UInt8(ascii: "*"), bytes[end + 1] == UInt8(ascii: "/") {
          position = end + 2
          return true
        }
        end += 1
      }
      throw fault(.unclosedComment)
    default: return false
    }
  }

  /// LF, CR, U+2028 or U+2029 begins here.
  func isLineEnd(at offset: Int) -> Bool {
    switch bytes[offset] {
    case 0x0A, 0x0D: true
    case 0xE2: offset + 2 < bytes.count && bytes[offset + 1] == 0x80 && bytes[offset + 2] & 0xFE == 0xA8
    default: false
    }
  }
}
