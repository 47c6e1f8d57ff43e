extension JSON {
  /// Reads one JSON text, with nothing but white space around it.
  ///
  /// - Parameter maximumDepth: how deep arrays and objects may stand in each other.
  /// - Throws: where and why the text is refused; the caller answers with both.
  public init(
    parsing bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int = JSON.standardMaximumDepth
  ) throws(JSONFault) {
    var parser = JSONParser(bytes, maximumDepth: maximumDepth)
    self = try parser.document()
  }

  public init(parsing bytes: [UInt8], maximumDepth: Int = JSON.standardMaximumDepth) throws(JSONFault) {
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONFault) in
      try JSON(parsing: buffer, maximumDepth: maximumDepth)
    }
  }

  /// Offsets in a fault count from the beginning of the slice.
  public init(parsing bytes: ArraySlice<UInt8>, maximumDepth: Int = JSON.standardMaximumDepth) throws(JSONFault) {
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(JSONFault) in
      try JSON(parsing: buffer, maximumDepth: maximumDepth)
    }
  }

  public init(parsing text: String, maximumDepth: Int = JSON.standardMaximumDepth) throws(JSONFault) {
    self = try JSON(parsing: Array(text.utf8), maximumDepth: maximumDepth)
  }
}

/// One pass over the bytes; every byte is looked at a fixed number of times, whatever they are.
struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let maximumDepth: Int
  private var depth = 0
  var position = 0

  /// From this many members on, keys that stand twice are found by a set: a walk over all earlier keys for each would
  /// make a large object quadratic.
  private static let membersWalked = 16

  init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  mutating func document() throws(JSONFault) -> JSON {
    let value = try value()
    skipSpace()
    if position < bytes.count { throw fault(.trailingText) }
    return value
  }

  /// The byte at the position, or 0 at the end. A byte 0 in the text is refused wherever one is met.
  @inline(__always) var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

  @inline(__always) func byte(at offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  var isAtEnd: Bool { position >= bytes.count }

  func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: bytes[range]) }

  func fault(_ problem: JSONFault.Problem) -> JSONFault { fault(problem, at: position) }

  /// What is wrong at the end of the text is that it ends.
  func fault(_ problem: JSONFault.Problem, at offset: Int) -> JSONFault {
    JSONFault(offset: offset, problem: offset >= bytes.count ? .endsTooSoon : problem)
  }

  @inline(__always) private mutating func skipSpace() {
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      position += 1
    }
  }

  private mutating func value() throws(JSONFault) -> JSON {
    skipSpace()
    switch current {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "-"), 48...57: return try number()
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: throw fault(.notAValue)
    }
  }

  private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONFault) -> JSON {
    let start = position
    for index in 0..<word.utf8CodeUnitCount {
      guard position < bytes.count else { throw fault(.endsTooSoon) }
      guard bytes[position] == word.utf8Start[index] else { throw fault(.wrongLiteral, at: start) }
      position += 1
    }
    return value
  }

  private mutating func enter() throws(JSONFault) {
    guard depth < maximumDepth else { throw fault(.tooDeep) }
    depth += 1
    position += 1
    skipSpace()
  }

  private mutating func leave() {
    depth -= 1
    position += 1
  }

  private mutating func array() throws(JSONFault) -> JSON {
    try enter()
    var elements: [JSON] = []
    if current == UInt8(ascii: "]") {
      leave()
      return .array(elements)
    }
    while true {
      elements.append(try value())
      skipSpace()
      if current == UInt8(ascii: ",") {
        position += 1
      } else if current == UInt8(ascii: "]") {
        leave()
        return .array(elements)
      } else {
        throw fault(.commaOrEndOfArrayMissing)
      }
    }
  }

  private mutating func object() throws(JSONFault) -> JSON {
    try enter()
    var object = JSONObject()
    if current == UInt8(ascii: "}") {
      leave()
      return .object(object)
    }
    var seen: Set<String> = []
    object.reserve(4)
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw fault(.keyMissing) }
      let start = position
      let key = try string()
      if isRepeated(key, in: object, &seen) { throw fault(.duplicateKey, at: start) }
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw fault(.colonMissing) }
      position += 1
      object.append(key, try value())
      skipSpace()
      if current == UInt8(ascii: ",") {
        position += 1
      } else if current == UInt8(ascii: "}") {
        leave()
        return .object(object)
      } else {
        throw fault(.commaOrEndOfObjectMissing)
      }
    }
  }

  @inline(__always)
  private func isRepeated(_ key: String, in object: JSONObject, _ seen: inout Set<String>) -> Bool {
    if object.count < Self.membersWalked {
      for member in object.members where member.key == key { return true }
      return false
    }
    if seen.isEmpty { for member in object.members { seen.insert(member.key) } }
    return !seen.insert(key).inserted
  }
}
