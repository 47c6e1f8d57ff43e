import Foundation
import Testing

@testable import PhoneNumbers

@Suite("Plans that cannot be used")
struct NumberingPlanErrorTests {
  /// One region; what a test sets is what matters.
  func region(
    _ name: String = "XA", code: Int = 99, isMain: Bool = true, general: String = #"\\d{5}"#, lengths: String = "[5]",
    kind: String = #"1\\d{4}"#, more: String = ""
  ) -> String {
    """
    {"region": "\(name)", "countryCode": \(code), "mainRegionForCode": \(isMain), "general": "\(general)",
    "possibleLengths": \(lengths), "internationalPrefix": "00", \(more)
    "types": {"mobile": {"pattern": "\(kind)", "possibleLengths": [5]}}}
    """
  }

  func plan(_ regions: String...) throws(NumberingPlanError) -> NumberingPlan {
    try NumberingPlan(json: Data("{\"regions\": [\(regions.joined(separator: ","))]}".utf8))
  }

  @Test("a plan of one region works")
  func small() throws {
    let plan = try plan(region())
    #expect(plan.regions == ["XA"])
    #expect(try plan.parse("12345", region: "XA").get().e164 == "+9912345")
    #expect(plan.parse("22345", region: "XA") == .failure(.notInPlan(region: "XA")))
  }

  @Test("a region's name must be two letters and there once", arguments: ["", "X", "XAA", "12", "001", "xÄ"])
  func names(name: String) {
    #expect(throws: NumberingPlanError.region(name)) { try plan(region(name)) }
    #expect(throws: NumberingPlanError.region("XA")) { try plan(region(), region(code: 98)) }
  }

  @Test("a country code must be 1 to 999 with exactly one main region")
  func codes() {
    for code in [0, -1, 1000] { #expect(throws: NumberingPlanError.countryCode(code)) { try plan(region(code: code)) } }
    #expect(throws: NumberingPlanError.countryCode(99)) { try plan(region(isMain: false)) }
    #expect(throws: NumberingPlanError.countryCode(99)) { try plan(region(), region("XB")) }
  }

  @Test("lengths must be 1 to 17", arguments: ["[]", "[0]", "[18]", "[5, 99]"])
  func lengths(lengths: String) {
    #expect(throws: NumberingPlanError.lengths(region: "XA")) { try plan(region(lengths: lengths)) }
  }

  @Test("a pattern that cannot be read is named by its field")
  func patterns() {
    func fails(_ field: String, _ region: String) {
      #expect(throws: NumberingPlanError.pattern(region: "XA", field: field)) { try plan(region) }
    }
    fails("general", region(general: "5+"))
    fails("types.mobile", region(kind: "5("))
    fails("leadingDigits", region(more: #""leadingDigits": "[","#))
    fails("nationalPrefixForParsing", region(more: #""nationalPrefixForParsing": "(","#))
    let rules = ["9", #"\\1\\1"#, #"\\2"#, #"x\\1"#, #"123456789\\1"#]
    for rule in rules {
      let more = #""nationalPrefixForParsing": "0(1)", "nationalPrefixTransformRule": "\#(rule)","#
      fails("nationalPrefixForParsing", region(more: more))
    }
  }

  @Test("a plan whose patterns need too many states is refused at the limit, not built beyond it")
  func tooLarge() throws {
    let regions = try ShippedData.regions()
    #expect(throws: NumberingPlanError.tooLarge) { try NumberingPlan.compile(regions, nodeLimit: 10_000) }
    var builder = DigitAutomatonBuilder(nodeLimit: 10)
    let node = builder.node(for: .repetition(.digit(1), 17, 17), accepting: 1)
    #expect(node == nil)
    #expect(builder.isFull && builder.nodeCount == 10)
  }

  @Test("a kind of number that is not known is refused")
  func unknownKind() {
    let json = region().replacingOccurrences(of: "mobile", with: "mobil")
    #expect(throws: NumberingPlanError.malformed("region XA: a kind of number that is not known")) { try plan(json) }
  }

  @Test("data of another form is refused, and where is said", arguments: ["", "[]", "{}", "{\"regions\": [{}]}"])
  func malformed(json: String) {
    let error = #expect(throws: NumberingPlanError.self) { try NumberingPlan(json: Data(json.utf8)) }
    guard case .malformed(let detail) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!detail.isEmpty)
  }
}
