/// The sample leads of the demonstration, as rows by header: a small reader of CSV (RFC 4180), for a file of our own.
/// What clients send is read by the import, which streams, takes other delimiters and names each fault with its field.
struct LeadFile: Sendable, Equatable {
  struct Row: Sendable, Equatable {
    /// Of the file, from 1; where the row begins.
    var line: Int
    /// By header; an empty field is empty text.
    var fields: [String: String]

    subscript(header: String) -> String { fields[header] ?? "" }
  }

  struct Fault: Error, Sendable, Equatable {
    /// From 1.
    var line: Int
    var problem: Problem

    enum Problem: Sendable, Equatable {
      case notUTF8
      /// No line at all.
      case empty
      case duplicateHeader(String)
      case unclosedQuote
      /// Something other than a comma or the end of the line follows a closing quote.
      case textAfterQuote
      /// A quote inside a field that does not begin with one.
      case quoteInField
      case fieldCount(found: Int, expected: Int)
    }
  }

  var headers: [String]
  var rows: [Row]

  /// Reads a whole file. Lines end with LF or CRLF; a byte order mark is skipped, and so are empty lines.
  ///
  /// - Throws: the first fault.
  init(_ bytes: [UInt8]) throws(Fault) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw Fault(line: 1, problem: .notUTF8) }
    var scanner = Scanner(bytes: bytes)
    guard let header = try scanner.record() else { throw Fault(line: 1, problem: .empty) }
    for (index, name) in header.fields.enumerated() where header.fields[..<index].contains(name) {
      throw Fault(line: header.line, problem: .duplicateHeader(name))
    }
    headers = header.fields
    rows = []
    while let record = try scanner.record() {
      guard record.fields.count == headers.count else {
        let problem = Fault.Problem.fieldCount(found: record.fields.count, expected: headers.count)
        throw Fault(line: record.line, problem: problem)
      }
      let fields = Dictionary(uniqueKeysWithValues: zip(headers, record.fields))
      rows.append(Row(line: record.line, fields: fields))
    }
  }

  private struct Scanner {
    let bytes: [UInt8]
    var position: Int
    var line = 1

    init(bytes: [UInt8]) {
      self.bytes = bytes
      position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next line that is not empty; nil at the end.
    mutating func record() throws(Fault) -> (line: Int, fields: [String])? {
      while skipLineEnd() {}
      guard position < bytes.count else { return nil }
      let start = line
      var fields = [try field()]
      while position < bytes.count, !skipLineEnd() {
        guard bytes[position] == UInt8(ascii: ",") else { throw Fault(line: line, problem: .textAfterQuote) }
        position += 1
        fields.append(try field())
      }
      return (start, fields)
    }

    /// CR counts only before LF.
    private func lineEndWidth() -> Int {
      guard position < bytes.count else { return 0 }
      if bytes[position] == 0x0A { return 1 }
      return bytes[position] == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A ? 2 : 0
    }

    private mutating func skipLineEnd() -> Bool {
      let width = lineEndWidth()
      position += width
      if width > 0 { line += 1 }
      return width > 0
    }

    private mutating func field() throws(Fault) -> String {
      if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return try quotedField() }
      let start = position
      while position < bytes.count, bytes[position] != UInt8(ascii: ","), lineEndWidth() == 0 {
        if bytes[position] == UInt8(ascii: "\"") { throw Fault(line: line, problem: .quoteInField) }
        position += 1
      }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Two quotes stand for one; commas and line ends belong to the field.
    private mutating func quotedField() throws(Fault) -> String {
      let start = line
      position += 1
      var content: [UInt8] = []
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\"") {
          guard position < bytes.count, bytes[position] == byte else {
            return String(decoding: content, as: UTF8.self)
          }
          position += 1
        }
        if byte == 0x0A { line += 1 }
        content.append(byte)
      }
      throw Fault(line: start, problem: .unclosedQuote)
    }
  }
}
