import Testing

@testable import DialerModel

@Suite("JSON parser")
struct JSONParserTests {
  static let takenTexts: [(String, JSON)] = [
    ("null", JSON.null), ("true", true), (" false ", false), ("0", 0), ("-0", 0), ("-1", -1),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775808", .number(9.223372036854775808e18)),
    ("-9223372036854775809", .number(-9.223372036854775808e18)),
    ("1.5", 1.5), ("-0.0", .number(-0.0)), ("1e3", .number(1000)), ("1E+3", .number(1000)), ("25e-1", 2.5),
    ("0.1", 0.1), ("1e-400", .number(0)), ("123456789012345678901234567890", .number(1.2345678901234568e29)),
    ("\"\"", ""), ("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"", "a\"\\/\u{8}\u{C}\n\r\tA"), ("\"\\ud83d\\uDE00\"", "😀"),
    ("\"é😀\"", "é😀"), ("\"é\\né\"", "é\né"), ("[]", []), ("[ 1 , [2] ]", [1, [2]]), ("{}", [:]),
    ("\t{ \"a\" : 1 ,\r\n\"b\":{\"c\":[null]}}", ["a": 1, "b": ["c": [nil]]]),
  ]

  static let refusedTexts: [(String, Int, JSONFault.Problem)] = [
    ("", 0, JSONFault.Problem.endsTooSoon), ("  ", 2, .endsTooSoon), ("[1,", 3, .endsTooSoon),
    ("{\"a\"", 4, .endsTooSoon),
    ("\"abc", 4, .endsTooSoon), ("\"\\u12", 5, .endsTooSoon), ("-", 1, .endsTooSoon), ("1.", 2, .endsTooSoon),
    ("1e", 2, .endsTooSoon), ("tru", 3, .endsTooSoon), ("nul ", 0, .wrongLiteral), ("True", 0, .notAValue),
    ("NaN", 0, .notAValue), ("Infinity", 0, .notAValue), ("-Infinity", 1, .digitMissing), ("+1", 0, .notAValue),
    (".5", 0, .notAValue), ("01", 0, .leadingZero), ("-01", 1, .leadingZero), ("1.e3", 2, .digitMissing),
    ("1e+ ", 3, .digitMissing), ("1e999", 0, .numberTooLarge), ("[-1e400]", 1, .numberTooLarge),
    ("0x10", 1, .trailingText),
    ("1 2", 2, .trailingText), ("{} ,", 3, .trailingText), ("\"a\nb\"", 2, .controlCharacter),
    ("\"a\u{0}b\"", 2, .controlCharacter), ("\"\\n\u{1}\"", 3, .controlCharacter), ("\"\\x41\"", 2, .wrongEscape),
    ("\"\\u00g0\"", 5, .wrongEscape), ("\"\\ud800\"", 1, .loneSurrogate), ("\"\\udc00\\ud800\"", 1, .loneSurrogate),
    ("\"\\ud800\\u0041\"", 1, .loneSurrogate), ("\"x\\ud800x\"", 2, .loneSurrogate),
    ("\"\\ud800\\n\"", 1, .loneSurrogate),
    ("{a:1}", 1, .keyMissing), ("{\"a\":1,}", 7, .keyMissing), ("{'a':1}", 1, .keyMissing), ("{1:1}", 1, .keyMissing),
    ("{\"a\" 1}", 5, .colonMissing), ("{\"a\":1 \"b\":2}", 7, .commaOrEndOfObjectMissing),
    ("{\"a\":}", 5, .notAValue),
    ("[1 2]", 3, .commaOrEndOfArrayMissing), ("[1,]", 3, .notAValue), ("[1}", 2, .commaOrEndOfArrayMissing),
    ("{\"a\":1,\"a\":2}", 7, .duplicateKey), ("{\"a\":1,\"\\u0061\":2}", 7, .duplicateKey), ("// x", 0, .notAValue),
    ("\u{FEFF}1", 0, .notAValue), ("\u{0}", 0, .notAValue), ("1\u{0}", 1, .trailingText),
  ]

  @Test(
    "each kind of value is read as itself", arguments: Self.takenTexts)
  func values(text: String, expected: JSON) throws {
    #expect(try JSON(parsing: text) == expected)
  }

  @Test(
    "what RFC 8259 does not allow is refused where it stands", arguments: Self.refusedTexts)
  func faults(text: String, offset: Int, problem: JSONFault.Problem) {
    #expect(throws: JSONFault(offset: offset, problem: problem)) { try JSON(parsing: text) }
  }

  @Test(
    "bytes that are not UTF-8 are refused where they stand, also behind an escape",
    arguments: [
      [0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xE2, 0x82, 0x28],
      [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x98, 0x41],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE],
    ] as [[UInt8]])
  func utf8(sequence: [UInt8]) {
    let quote = UInt8(ascii: "\"")
    #expect(throws: JSONFault(offset: 2, problem: .notUTF8)) {
      try JSON(parsing: [quote, 0x61] + sequence + [quote])
    }
    #expect(throws: JSONFault(offset: 3, problem: .notUTF8)) {
      try JSON(parsing: [quote] + Array("\\n".utf8) + sequence + [quote])
    }
    #expect(throws: JSONFault(offset: 1, problem: .notUTF8)) {
      try JSON(parsing: [quote] + sequence + Array("\\n\"".utf8))
    }
  }

  @Test("nesting is taken up to the limit and refused one deeper, for arrays and objects alike")
  func depth() throws {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      func text(_ depth: Int) -> String {
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
      }
      _ = try JSON(parsing: text(64))
      let fault = JSONFault(offset: open.utf8.count * 64, problem: .tooDeep)
      #expect(throws: fault) { try JSON(parsing: text(65)) }
      _ = try JSON(parsing: text(2), maximumDepth: 2)
      #expect(throws: JSONFault(offset: open.utf8.count * 2, problem: .tooDeep)) {
        try JSON(parsing: text(3), maximumDepth: 2)
      }
    }
    #expect(throws: JSONFault(offset: 64, problem: .tooDeep)) {
      try JSON(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20))
    }
  }

  @Test("arrays beside each other are not counted as depth")
  func siblings() throws {
    let text = "[" + Array(repeating: "[{}]", count: 200).joined(separator: ",") + "]"
    #expect(try JSON(parsing: text, maximumDepth: 3).arrayValue?.count == 200)
  }

  @Test("a key that stands twice is found in small and in large objects", arguments: [2, 15, 16, 17, 18, 40, 2000])
  func duplicates(count: Int) throws {
    let members = (0..<count).map { "\"k\($0)\":\($0)" }
    let object = try JSON(parsing: "{" + members.joined(separator: ",") + "}")
    #expect(object.objectValue?.count == count)
    #expect(object["k\(count - 1)"] == .integer(Int64(count - 1)))
    for repeated in [0, count / 2, count - 1] {
      let text = "{" + (members + ["\"k\(repeated)\":0"]).joined(separator: ",") + "}"
      let offset = text.utf8.count - "\"k\(repeated)\":0}".utf8.count
      #expect(throws: JSONFault(offset: offset, problem: .duplicateKey)) { try JSON(parsing: text) }
    }
  }

  @Test("offsets in a slice count from its beginning")
  func slices() {
    let bytes = Array("xxxx[1,}yy".utf8)
    #expect(throws: JSONFault(offset: 3, problem: .notAValue)) { try JSON(parsing: bytes[4..<8]) }
    #expect(throws: JSONFault(offset: 3, problem: .endsTooSoon)) { try JSON(parsing: bytes[4..<7]) }
  }

  @Test("doubles are read as the standard library reads them, by seed", arguments: [1, 2, 3] as [UInt64])
  func doubles(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<3000 {
      let digits = Int.random(in: 1...22, using: &generator)
      var text = String(Int.random(in: 1...9, using: &generator))
      for _ in 1..<max(2, digits) { text += String(Int.random(in: 0...9, using: &generator)) }
      if Bool.random(using: &generator) {
        text.insert(".", at: text.index(text.startIndex, offsetBy: Int.random(in: 1..<text.count, using: &generator)))
      }
      text += "e\(Int.random(in: -330...280, using: &generator))"
      #expect(try JSON(parsing: text) == .number(try #require(Double(text))), "\(text)")
    }
  }

  @Test("a message cut at any byte is refused at or before the cut")
  func cuts() throws {
    let whole = Array(
      #"{"jsonrpc":"2.0","id":-12,"é":[1.5e3,true,null,"a\u00e9\ud83d\ude00é😀\n"],"o":{"x":false}}"#.utf8)
    _ = try JSON(parsing: whole)
    for length in 0..<whole.count {
      do throws(JSONFault) {
        _ = try JSON(parsing: whole[..<length])
        Issue.record("taken when cut at \(length)")
      } catch {
        #expect(error.offset <= length)
        #expect(error.problem == .endsTooSoon || error.problem == .notUTF8 || error.problem == .loneSurrogate)
      }
    }
  }

  @Test(
    "random and mutated bytes never trap, and what is taken reads back the same",
    arguments: 1...4 as ClosedRange<UInt64>)
  func fuzz(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let seedText = Array(
      #"{"jsonrpc":"2.0","id":7,"a":[1,-2.5e-3,"x\u0041\ud83d\ude00é"],"b":{"c":null,"d":true}}"#.utf8)
    let alphabet = Array(#"{}[]",:\ue0123456789.-+truefalsn "#.utf8) + [0, 9, 10, 0x80, 0xC3, 0xA9, 0xF0, 0xFF]
    var taken = 0
    for round in 0..<6000 {
      var bytes = seedText
      if round % 3 == 0 {
        let length = Int.random(in: 0...24, using: &generator)
        bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      } else {
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let index = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: bytes[index] = alphabet.randomElement(using: &generator) ?? 0
          case 1: bytes.remove(at: index)
          default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
          }
        }
      }
      guard let value = try? JSON(parsing: bytes) else { continue }
      taken += 1
      #expect(try JSON(parsing: value.text) == value)
    }
    #expect(taken > 50)
  }
}
