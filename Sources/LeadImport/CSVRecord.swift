/// One record of a file: a row with its fields as text.
public struct CSVRecord: Hashable, Sendable {
  /// Where the record begins, from 1.
  public var line: Int
  public var fields: [String]
  public init(line: Int, fields: [String]) {
    self.line = line
    self.fields = fields
  }

  /// A record that ``CSVWriter`` wrote.
  public init(line: Int, written bytes: [UInt8]) {
    self.line = line
    fields = bytes.withUnsafeBufferPointer { all in
      let end = all.count >= 2 && all[all.count - 1] == 10 && all[all.count - 2] == 13 ? all.count - 2 : all.count
      return Self.fields(UnsafeBufferPointer(rebasing: all[..<end]), delimiter: UInt8(ascii: ","))
    }
  }

  /// Nothing but blanks.
  public var isBlank: Bool { fields.allSatisfy { $0.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } } }

  /// Fields of one record without its end, as ``CSVParser`` finds them: `""` in a quoted field is one quote, and what
  /// follows a closing quote is taken as it is, because people's files have it.
  static func fields(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8) -> [String] {
    var fields: [String] = []
    fields.reserveCapacity(16)
    let quote = UInt8(ascii: "\"")
    var at = 0
    while true {
      if at < bytes.count, bytes[at] == quote {
        fields.append(quoted(bytes, &at, delimiter))
      } else {
        let start = at
        while at < bytes.count, bytes[at] != delimiter { at += 1 }
        fields.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self))
      }
      guard at < bytes.count else { return fields }
      at += 1
    }
  }

  private static func quoted(_ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ delimiter: UInt8) -> String {
    let quote = UInt8(ascii: "\"")
    at += 1
    let start = at
    while at < bytes.count, bytes[at] != quote { at += 1 }
    // Most quoted fields have no quote inside, and then nothing is copied twice.
    if at + 1 >= bytes.count || bytes[at + 1] == delimiter {
      defer { at = min(at + 1, bytes.count) }
      return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
    }
    var text = Array(bytes[start..<at])
    var isInside = true
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if isInside, byte == quote {
        isInside = at < bytes.count && bytes[at] == quote
        if !isInside { continue }
        at += 1
      } else if !isInside, byte == delimiter {
        at -= 1
        break
      }
      text.append(byte)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
