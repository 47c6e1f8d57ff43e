import Testing

@testable import DialerModel

struct JSON5ParserTests {
  @Test(
    "a value is read as JSON5 writes it",
    arguments: [
      ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("0", .integer(0)), ("-12", .integer(-12)),
      ("+7", .integer(7)), ("0x1F", .integer(31)), ("-0xff", .integer(-255)), ("9223372036854775807", .integer(.max)),
      ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5", .number(1.5)), (".5", .number(0.5)),
      ("5.", .number(5)), ("5.e2", .number(500)), ("-.25E+1", .number(-2.5)), ("1e-3", .number(0.001)),
      ("Infinity", .number(.infinity)), ("-Infinity", .number(-.infinity)), ("'it'", .text("it")),
      (#""a\n\t\x41\u00e9\uD83D\uDE00\'\/""#, .text("a\n\tAé😀'/")), ("'one \\\r\ntwo'", .text("one two")),
      ("\"a 'b'\"", .text("a 'b'")), (#"'\0'"#, .text("\0")), (#"'\é'"#, .text("é")),
      ("\u{FEFF} /* a */ // b\n 1 // c", .integer(1)), ("\u{A0}\u{2003}1\u{2028}", .integer(1)),
      ("// a\u{2028}1", .integer(1)), ("[]", .array([])), ("{ /* */ }", .object([])),
    ] as [(String, JSON5Value.Content)])
  func reads(_ text: String, _ expected: JSON5Value.Content) throws {
    #expect(try JSON5Parser.value(of: Array(text.utf8)).content == expected)
  }

  @Test("keys may stand without quotes, and commas at the end")
  func keys() throws {
    let value = try JSON5Parser.value(of: Array("{a_1: 1, $é: [2, 3,], \"x y\": 4,}".utf8))
    guard case .object(let members) = value.content else {
      Issue.record("no object")
      return
    }
    #expect(members.map(\.key) == ["a_1", "$é", "x y"])
    #expect(members.map(\.offset) == [1, 9, 23])
    #expect(
      members[1].value.content
        == .array([
          JSON5Value(content: .integer(2), offset: 15), JSON5Value(content: .integer(3), offset: 18),
        ]))
  }

  @Test(
    "a fault of the syntax is named with its place",
    arguments: [
      ("", .endsTooSoon, 1, 1), ("{\n  a: 1\n  b: 2 }", .commaOrBraceExpected, 3, 3),
      ("{\r\n a 1}", .colonExpected, 2, 4), ("{ ,}", .keyExpected, 1, 3), ("{ log-level: 1 }", .colonExpected, 1, 6),
      ("[1 2]", .commaOrBracketExpected, 1, 4), ("{a: yes}", .notAValue, 1, 5), ("{a: }", .notAValue, 1, 5),
      ("{é: é é}", .notAValue, 1, 5), ("['a\n']", .unclosedText, 1, 2), ("'a", .endsTooSoon, 1, 3),
      (#"'\1'"#, .wrongEscape, 1, 2), (#"'\uD800x'"#, .wrongEscape, 1, 2), (#"'\uDC00'"#, .wrongEscape, 1, 2),
      (#"'\xg0'"#, .wrongEscape, 1, 4), ("\n/* a", .unclosedComment, 2, 1), ("{mode: 0660}", .leadingZero, 1, 8),
      ("-", .endsTooSoon, 1, 2), ("1e+,", .digitExpected, 1, 4), (".", .endsTooSoon, 1, 2),
      ("[0x]", .digitExpected, 1, 4), ("1e999", .numberTooLarge, 1, 1),
      ("0xFFFFFFFFFFFFFFFF", .numberTooLarge, 1, 1), ("{}\n{}", .trailingText, 2, 1), ("/", .notAValue, 1, 1),
      (String(repeating: "[", count: 33), .tooDeep, 1, 33), ("12a", .trailingText, 1, 3),
    ] as [(String, JSON5Fault.Problem, Int, Int)])
  func names(_ text: String, _ problem: JSON5Fault.Problem, _ line: Int, _ column: Int) {
    let bytes = Array(text.utf8)
    let fault = #expect(throws: JSON5Fault.self) { try JSON5Parser.value(of: bytes) }
    #expect(fault?.problem == problem)
    #expect(fault.map { SourceText(bytes).position(of: $0.offset) } == .init(line: line, column: column))
  }

  @Test("bytes that are not UTF-8 are named with their place")
  func notUTF8() {
    let fault = #expect(throws: JSON5Fault.self) { try JSON5Parser.value(of: Array("'é".utf8) + [0xFF, 0x27]) }
    #expect(fault == JSON5Fault(offset: 3, problem: .notUTF8))
  }
}
