import Testing

@testable import DialerModel

@Suite("JSON writer")
struct JSONWriterTests {
  static let written: [(JSON, String)] = [
    (JSON.null, "null"), (true, "true"), (.integer(.min), "-9223372036854775808"),
    (.integer(.max), "9223372036854775807"),
    (0, "0"), (9, "9"), (10, "10"), (-7, "-7"), (1.5, "1.5"), (.number(3), "3.0"), (.number(0.1), "0.1"),
    (.number(1e300), "1e+300"),
    (.number(.nan), "null"), (.number(.infinity), "null"), (.number(-.infinity), "null"),
    ("a\"b\\c/\n\r\t\u{8}\u{C}\u{0}\u{1F}é😀\u{7F}", "\"a\\\"b\\\\c/\\n\\r\\t\\b\\f\\u0000\\u001fé😀\u{7F}\""),
    ([], "[]"), ([1, [nil]], "[1,[null]]"), ([:], "{}"), (["b": 1, "a": ["x": false]], #"{"b":1,"a":{"x":false}}"#),
    (JSON(Instant(milliseconds: 0)), #""1970-01-01T00:00:00.000Z""#), (JSON(Interval(milliseconds: 1500)), "1.5"),
    (JSON(Interval.seconds(15)), "15"), (JSON(["a", "b"]), #"["a","b"]"#),
  ]

  @Test(
    "a value is written compactly", arguments: Self.written)
  func compact(value: JSON, text: String) {
    #expect(value.text == text)
    #expect("\(value)" == text)
  }

  @Test("every control character is escaped, so that a value stays on one line")
  func oneLine() throws {
    for code in 0..<UInt8(0x20) {
      let text = "x" + String(Unicode.Scalar(code)) + "y"
      let written = JSON.string(text).text
      #expect(written.utf8.allSatisfy { $0 >= 0x20 })
      #expect(try JSON(parsing: written) == .string(text))
    }
  }

  @Test("values built at random read back equal, compact and pretty", arguments: 1...6 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<400 {
      let value = Self.randomValue(&generator, depth: 4)
      #expect(try JSON(parsing: value.text) == value)
      #expect(try JSON(parsing: value.prettyText) == value)
      #expect(!value.text.utf8.contains(0x0A))
    }
  }

  static func randomValue(_ generator: inout SeededGenerator, depth: Int) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
    case 3: return .integer(Int64.random(in: -100...100, using: &generator))
    case 4:
      let value = Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
      return .number(value.isFinite ? value : 0.25)
    case 5: return .string(randomText(&generator))
    case 6:
      return .array(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in randomValue(&generator, depth: depth - 1) })
    default:
      var object = JSONObject()
      for index in 0..<Int.random(in: 0...20, using: &generator) {
        object.append("\(index)" + randomText(&generator), randomValue(&generator, depth: depth - 1))
      }
      return .object(object)
    }
  }

  static func randomText(_ generator: inout SeededGenerator) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...20, using: &generator) {
      let limit: UInt32 = [0x7F, 0x7FF, 0x10_FFFF].randomElement(using: &generator) ?? 0x7F
      if let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &generator)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  @Test("the pretty form puts one member a line, and keeps what is empty short")
  func pretty() {
    let value: JSON = ["a": [1, []], "b": [:], "c": ["d": nil]]
    #expect(
      value.prettyText == "{\n  \"a\": [\n    1,\n    []\n  ],\n  \"b\": {},\n  \"c\": {\n    \"d\": null\n  }\n}")
  }

  @Test("the direct writer sets commas right, and its text reads back as the tree")
  func direct() throws {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("a", 1 as Int64)
    writer.member("d", 1.5)
    writer.member("b", true)
    writer.member("s", "x\"y")
    writer.member("at", Instant(milliseconds: 1_795_183_391_123))
    writer.member("t", Interval(milliseconds: -2050))
    writer.key("w")
    writer.value(word: "busy")
    writer.member("tree", ["k": [1, 2]])
    writer.key("é\n")
    writer.beginArray()
    writer.null()
    writer.beginObject()
    writer.endObject()
    writer.beginArray()
    writer.endArray()
    writer.value(raw: Array("{\"r\":1}".utf8))
    writer.value(-5 as Int64)
    writer.endArray()
    writer.member("last", Interval.seconds(3))
    writer.endObject()
    let text = String(decoding: writer.take(), as: UTF8.self)
    #expect(
      text == #"{"a":1,"d":1.5,"b":true,"s":"x\"y","at":"2026-11-20T14:03:11.123Z","t":-2.05,"w":"busy","#
        + #""tree":{"k":[1,2]},"é\n":[null,{},[],{"r":1},-5],"last":3}"#)
    #expect(try JSON(parsing: text).text == text)
    #expect(writer.bytes.isEmpty)
  }

  @Test("values on lines of their own have no comma between them")
  func lines() {
    var writer = JSONWriter(appendingTo: Array("0\n".utf8))
    for number in 1...2 as ClosedRange<Int64> {
      writer.beginArray()
      writer.value(number)
      writer.endArray()
      writer.endLine()
    }
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "0\n[1]\n[2]\n")
  }

  @Test(
    "durations are written in seconds without trailing zeros",
    arguments: [
      (0, "0"), (1, "0.001"), (10, "0.01"), (100, "0.1"), (999, "0.999"), (1000, "1"), (1230, "1.23"), (-1, "-0.001"),
    ])
  func intervals(milliseconds: Int64, text: String) {
    var writer = JSONWriter()
    writer.value(Interval(milliseconds: milliseconds))
    #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
  }
}
