import DialerModel
import Testing

@testable import ControlProtocol

/// Each limit at its edge: the last value that is taken, and the first that is not.
@Suite("Limits of parameters")
struct ParameterLimitTests {
  static func text(_ count: Int) -> JSON { .string(String(repeating: "a", count: count)) }

  static let valuesByType: [(ParameterType, [JSON], [JSON])] = [
    (.text(bytes: 1...4), ["a", "abcd", "éé"], ["", "abcde", "ééé", "a\u{0}", 1, nil]),
    (.text(bytes: 0...4), ["", "a\nb"], ["abcde"]),
    (.identifier, [text(1), text(64)], ["", text(65), "a\tb"]),
    (.statusCode, ["A", "ABCDEFGH", "A-1_"], ["", "ABCDEFGHI", "a", "Ä", 1]),
    (.integer(1...1000), [1, 1000, 1000.0], [0, 1001, -1, 1.5, "1", 1e30]),
    (.integer(1...Int64.max), [.integer(.max)], [.integer(.min), .number(9.3e18)]),
    (.number(0.5...2), [0.5, 2, 1], [0.49, 2.01, "1"]),
    (.boolean, [true, false], [0, 1, "true"]),
    (
      .instant, ["2026-11-20T14:03:11Z", "2026-11-20T14:03:11.123+10:00"],
      ["2026-11-20", "2026-02-30T00:00:00Z", "", 1_795_183_391]
    ),
    (.seconds(0...86_400), [0, 0.001, 86_400], [-0.001, 86_400.001, "1"]),
    (.phone, ["1", "(02) 9123-4567", text(64)], ["", text(65), "1\n2", 61_291_234_567]),
    (.word(["a", "b"]), ["a", "b"], ["", "A", "c", 1]),
    (.array(of: .boolean, count: 1...3), [[true], [true, true, false]], [[], [true, true, true, true], true, [1]]),
    (.map(of: .scalar, count: 0...2), [[:], ["a": 1, "b": nil]], [["a": 1, "b": 1, "c": 1], ["a": []], 1]),
    (.scalar, [1, "a", true, nil, 1.5], [[], [:]]),
    (.either([.text(bytes: 1...2), .object([])]), ["a", [:]], ["abc", 1, ["x": 1]]),
  ]

  @Test("each type takes its last value and refuses the next", arguments: valuesByType)
  func edges(type: ParameterType, taken: [JSON], refused: [JSON]) throws {
    for value in taken { try ParameterCheck.value(value, type) }
    for value in refused {
      #expect(throws: ParameterFault.self, "\(value) as \(type)") { try ParameterCheck.value(value, type) }
    }
  }

  @Test(
    "the limits of named parameters are those of the contract",
    arguments: [
      ("vendorLeadCode", "lead.get", 128), ("requestID", "lead.release", 64), ("campaignID", "lead.get", 64),
    ])
  func bytes(name: String, method: String, limit: Int) throws {
    let spec = try #require(MethodTable.method(method)?.parameter(name))
    try ParameterCheck.value(Self.text(limit), spec.type)
    #expect(throws: ParameterFault.self) { try ParameterCheck.value(Self.text(limit + 1), spec.type) }
    #expect(throws: ParameterFault.self) { try ParameterCheck.value("", spec.type) }
  }

  @Test("10,000 do-not-call numbers are taken at once, and fit a line")
  func doNotCall() throws {
    let phones = JSON.array(Array(repeating: "+612912345678901", count: 10_000))
    #expect(try fault("dnc.add", ["phones": phones]) == nil)
    #expect(phones.text.utf8.count < Message.standardMaximumLineBytes)
    #expect(try fault("dnc.add", ["phones": .array(Array(repeating: "+6129", count: 10_001))]) != nil)
  }
}
