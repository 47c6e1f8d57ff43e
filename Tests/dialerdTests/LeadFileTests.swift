import DialerModel
import Testing

@testable import dialerd

struct LeadFileTests {
  private func values(_ text: String) throws -> [[String]] {
    let file = try LeadFile(Array(text.utf8))
    return file.rows.map { row in file.headers.map { row[$0] } }
  }

  @Test(
    "rows are read by header",
    arguments: [
      ("a,b\n1,2\n", [["1", "2"]]), ("a,b\r\n1,2\r\n3,4", [["1", "2"], ["3", "4"]]),
      ("\u{FEFF}a,b\n1,2", [["1", "2"]]), ("a,b\n,\n", [["", ""]]),
      ("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", [["x, y", "say \"hi\""]]),
      ("a,b\n\"one\r\ntwo\",2", [["one\r\ntwo", "2"]]), ("a,b\n\n1,2\n\n", [["1", "2"]]), ("a,b", []),
      ("\"a\",\"b\"\n\"\",é", [["", "é"]]), ("a,b\n1\r,2", [["1\r", "2"]]),
    ] as [(String, [[String]])])
  func reads(_ text: String, _ expected: [[String]]) throws {
    #expect(try values(text) == expected)
  }

  @Test("a row knows its line, also behind a field of several lines")
  func lines() throws {
    #expect(try LeadFile(Array("a\n\"1\n2\"\n\n3\n".utf8)).rows.map(\.line) == [2, 5])
  }

  @Test(
    "a malformed file is named with its line",
    arguments: [
      ("", .init(line: 1, problem: .empty)), ("a,a\n", .init(line: 1, problem: .duplicateHeader("a"))),
      ("a,b\n1\n", .init(line: 2, problem: .fieldCount(found: 1, expected: 2))),
      ("a,b\n1,2,3\n", .init(line: 2, problem: .fieldCount(found: 3, expected: 2))),
      ("a\n\"x", .init(line: 2, problem: .unclosedQuote)), ("a\n\"x\"y\n", .init(line: 2, problem: .textAfterQuote)),
      ("a\nx\"y\n", .init(line: 2, problem: .quoteInField)),
    ] as [(String, LeadFile.Fault)])
  func faults(_ text: String, _ expected: LeadFile.Fault) {
    #expect(throws: expected) { try LeadFile(Array(text.utf8)) }
  }

  @Test("bytes that are not UTF-8 are a fault")
  func notUTF8() {
    #expect(throws: LeadFile.Fault(line: 1, problem: .notUTF8)) { try LeadFile([0x61, 0x0A, 0xFF]) }
  }

  @Test("a file cut at any byte is read or is a fault")
  func cuts() throws {
    let bytes = Array("\u{FEFF}a,b\r\n\"x\"\"\r\ny\",é\r\n1,2\r\n".utf8)
    for length in 0...bytes.count {
      guard let file = try? LeadFile(Array(bytes[..<length])) else { continue }
      #expect(file.rows.allSatisfy { $0.fields.count == file.headers.count })
    }
  }

  @Test("any bytes are read or are a fault", arguments: 1...20 as ClosedRange<UInt64>)
  func randomBytes(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("ab,,\"\"\r\n\n".utf8)
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator)!
      }
      guard let file = try? LeadFile(bytes) else { continue }
      #expect(file.rows.allSatisfy { $0.fields.count == file.headers.count })
    }
  }
}
