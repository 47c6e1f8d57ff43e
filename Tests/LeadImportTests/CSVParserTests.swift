import DialerModel
import Testing

@testable import LeadImport

@Suite("Reading CSV")
struct CSVParserTests {
  /// All records of a file given in pieces.
  private static func read(_ pieces: [[UInt8]], delimiter: UInt8? = nil) throws(ImportFault) -> [CSVRecord] {
    var parser = CSVParser(delimiter: delimiter)
    var records: [CSVRecord] = []
    for piece in pieces { try parser.feed(piece) { records.append($0) } }
    try parser.finish { records.append($0) }
    return records
  }

  private static func fields(_ text: String) throws -> [[String]] { try read([Array(text.utf8)]).map(\.fields) }

  /// What spreadsheets and people write, and what it means.
  static let files: [(text: String, fields: [[String]])] = [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
    ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
    ("\u{FEFF}a;b\r\n1;2\r\n", [["a", "b"], ["1", "2"]]),
    ("sep=;\r\na,x;b\r\n1;2\r\n", [["a,x", "b"], ["1", "2"]]),
    ("a\tb\n1,5\t2\n", [["a", "b"], ["1,5", "2"]]),
    ("a|b\n1|2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\n\n\r\n1,2\n\n", [["a", "b"], ["1", "2"]]),
    ("a,b\n\"x\r\ny\",\"say \"\"hi\"\"\"\n", [["a", "b"], ["x\r\ny", "say \"hi\""]]),
    ("a,b\n\"\",\n,\"\"\n", [["a", "b"], ["", ""], ["", ""]]),
    ("a,b\nO\"Neil,2\n", [["a", "b"], ["O\"Neil", "2"]]),
    ("a,b\n\"x\" y,2\n", [["a", "b"], ["x y", "2"]]),
    ("a,b\n\"x\"\"\",2\n", [["a", "b"], ["x\"", "2"]]),
    ("\"a;1\",\"b;2\"\n1,2\n", [["a;1", "b;2"], ["1", "2"]]),
    ("only\n1\n", [["only"], ["1"]]),
    ("a,b\nÄpfel,日本\n", [["a", "b"], ["Äpfel", "日本"]]),
    ("a,b\n1,2\n\u{1A}", [["a", "b"], ["1", "2"]]),
    ("", []),
  ]

  @Test("a file is read as it is meant", arguments: files)
  func meaning(file: (text: String, fields: [[String]])) throws {
    #expect(try Self.fields(file.text) == file.fields)
  }

  @Test("a file cut in two at any byte, and byte by byte, is the same file", arguments: files)
  func cuts(file: (text: String, fields: [[String]])) throws {
    let bytes = Array(file.text.utf8)
    let whole = try Self.read([bytes])
    for cut in 0...bytes.count {
      #expect(try Self.read([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "cut at \(cut)")
    }
    #expect(try Self.read(bytes.map { [$0] }) == whole)
  }

  @Test("a parser made from the state of another goes on where that one stood", arguments: files)
  func takenUp(file: (text: String, fields: [[String]])) throws {
    let bytes = Array(file.text.utf8)
    let whole = try Self.read([bytes])
    for cut in 0...bytes.count {
      var records: [CSVRecord] = []
      var first = CSVParser()
      try first.feed(Array(bytes[..<cut])) { records.append($0) }
      var second = CSVParser(state: first.state)
      try second.feed(Array(bytes[cut...])) { records.append($0) }
      try second.finish { records.append($0) }
      #expect(records == whole, "cut at \(cut)")
    }
  }

  @Test("a record knows the line that it begins in")
  func lines() throws {
    let text = "h,i\r\n\"a\r\nb\",1\r\n\r\nc,2\rd,\"e\rf\"\ng,3"
    #expect(try Self.read([Array(text.utf8)]).map(\.line) == [1, 2, 5, 6, 8])
  }

  @Test("what is not UTF-8 is read as Windows-1252")
  func windows1252() throws {
    let bytes: [UInt8] = Array("name\nM".utf8) + [0xFC] + Array("ller ".utf8) + [0x80, 10]
    #expect(try Self.read([bytes]).map(\.fields) == [["name"], ["Müller €"]])
  }

  @Test("a file that was UTF-8 and then is not is refused, with the line")
  func mixedEncoding() {
    let bytes: [UInt8] = Array("ä\nb\n".utf8) + [0xFC, 10]
    #expect(throws: ImportFault.encoding(line: 3)) { try Self.read([bytes]) }
  }

  static let refused: [(what: String, bytes: [UInt8], fault: ImportFault)] = [
    ("a ZIP file", [0x50, 0x4B, 0x03, 0x04, 0x14], .binary(offset: 2)),
    ("a zero behind text", Array("a,b\n1,".utf8) + [0, 10], .binary(offset: 6)),
    ("UTF-16 with a mark", [0xFF, 0xFE, 0x61, 0x00], .utf16), ("UTF-16 without one", [0x61, 0x00, 0x2C, 0x00], .utf16),
    ("a byte that Windows-1252 does not have", [0x61, 10, 0x81, 10], .encoding(line: 2)),
    (
      "a line without end", Array("a\n".utf8) + [UInt8](repeating: 0x61, count: CSVParser.maximumRecordBytes + 1),
      .recordTooLong(line: 2)
    ),
    (
      "a quote that never ends",
      Array("a\n\"".utf8) + [UInt8](repeating: 0x61, count: CSVParser.maximumRecordBytes + 1), .unclosedQuote(line: 2)
    ), ("a quote that is open at the end", Array("a\n\"b".utf8), .unclosedQuote(line: 2)),
    ("ten thousand columns", [UInt8](repeating: 0x2C, count: 10_000), .tooManyColumns(line: 1)),
  ]

  @Test("rubbish is refused with a sentence", arguments: refused.map(\.what))
  func refusal(what: String) throws {
    let file = try #require(Self.refused.first { $0.what == what })
    #expect(throws: file.fault, "\(file.what)") { try Self.read([file.bytes]) }
    #expect(file.fault.message.hasSuffix("."))
  }

  @Test("memory holds no more of a long file than its longest record")
  func constantMemory() throws {
    var parser = CSVParser()
    let piece = Array(String(repeating: "abc,def,\"g\nh\"\n", count: 1000).utf8)
    var most = 0
    for _ in 0..<200 {
      try parser.feed(piece) { _ in }
      most = max(most, parser.state.rest.count)
    }
    #expect(most < 20)
    #expect(parser.state.offset + parser.state.rest.count == piece.count * 200)
  }

  @Test("random bytes are read or refused, and in pieces the same as whole", arguments: [1, 2, 3, 4, 5])
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabet: [UInt8] = [0x22, 0x2C, 0x3B, 0x0A, 0x0D, 0x61, 0x62, 0x20, 0xC3, 0xA4, 0xFC, 0x09]
    for _ in 0..<400 {
      let isWild = Int.random(in: 0..<10, using: &generator) == 0
      let bytes = (0..<Int.random(in: 0..<60, using: &generator)).map { _ -> UInt8 in
        isWild
          ? UInt8.random(in: 0...255, using: &generator)
          : alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      let cut = Int.random(in: 0...bytes.count, using: &generator)
      let whole = Result { () throws(ImportFault) in try Self.read([bytes]) }
      let pieces = Result { () throws(ImportFault) in try Self.read([Array(bytes[..<cut]), Array(bytes[cut...])]) }
      #expect(whole == pieces, "\(bytes) cut at \(cut)")
    }
  }

  @Test("what the writer writes, the parser reads", arguments: [11, 12, 13])
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("ab,;\"\n\r äö\t=")
    for _ in 0..<200 {
      let rows = (0..<3).map { row in
        (0..<3).map { column -> String in
          let text = (0..<Int.random(in: 0..<6, using: &generator)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
          }
          return (row == 0 && column == 0 ? "x" : "") + String(text)
        }
      }
      var bytes: [UInt8] = []
      for row in rows { CSVWriter.append(row, to: &bytes) }
      #expect(try Self.read([bytes], delimiter: UInt8(ascii: ",")).map(\.fields) == rows)
    }
  }
}
