import DialerModel
import Foundation
import Testing

@testable import PhoneNumbers

@Suite("Zones by prefix")
struct PrefixZonesTests {
  let plan: NumberingPlan
  let shipped: PrefixZones

  init() throws {
    plan = try ShippedData.plan.get()
    shipped = try ShippedData.zones.get()
  }

  @Test("the longest known prefix decides, and a number without one has no zones")
  func longest() throws {
    let json = #"{"prefixes": {"1": ["B/B", "A/A"], "1201": ["C/C"], "12015": ["A/A", "B/B"], "44": []}}"#
    let zones = try PrefixZones(json: Data(json.utf8))
    #expect(zones.zoneSets == [[], ["A/A", "B/B"], ["C/C"]])
    for (digits, set) in [(12_015_550_123, 1), (12_025_550_123, 1), (12_014_550_123, 2), (442_079_460_958, 0), (7, 0)] {
      #expect(zones.zoneSet(ofPrefixOf: PhoneNumber(digits: UInt64(digits))) == set, "\(digits)")
    }
  }

  @Test("the table agrees with looking each prefix up, longest first")
  func agreesWithLookup() throws {
    struct Contents: Decodable { var prefixes: [String: [String]] }
    let known = try JSONDecoder().decode(Contents.self, from: ShippedData.file("Config/phone-timezones.json")).prefixes
    var generator = SeededGenerator(seed: 11)
    let prefixes = known.keys.sorted()
    #expect(prefixes.count == 3240)
    for prefix in prefixes {
      let digits = prefix + String(UInt64.random(in: 1000...999_999, using: &generator))
      let expected = (1...digits.count).reversed().lazy.compactMap { known[String(digits.prefix($0))] }.first
      let number = PhoneNumber(digits: try #require(UInt64(digits)))
      #expect(shipped.zoneSets[Int(shipped.zoneSet(ofPrefixOf: number))] == expected, "\(digits)")
    }
    #expect(shipped.zoneSets.count == 316)
  }

  @Test(
    "a number that belongs to no place takes the zones of its country",
    arguments: [
      ("+61291234567", true, 1), ("+61412345678", false, 8), ("+18002348478", false, 42), ("+12015550123", true, 1),
      ("+5511962234567", true, 1), ("+447400123456", false, 4),
    ])
  func placeless(e164: String, isGeographic: Bool, count: Int) throws {
    let number = try #require(PhoneNumber(e164: e164))
    #expect(plan.isGeographic(number) == isGeographic)
    #expect(shipped.zones(of: number, plan: plan).count == count)
  }

  @Test("a number of an unknown country code has no zones")
  func unknown() {
    #expect(shipped.zoneSet(of: PhoneNumber(digits: 999_123_456), plan: plan) == 0)
    #expect(!plan.isGeographic(PhoneNumber(digits: 999_123_456)))
    #expect(!plan.isGeographic(PhoneNumber(digits: 0)))
  }

  @Test(
    "a prefix that is not 1 to 15 digits is refused",
    arguments: ["", "12a", "+1", "1234567890123456"])
  func badPrefix(prefix: String) {
    #expect(throws: NumberingPlanError.prefix(prefix)) {
      try PrefixZones(json: Data(#"{"prefixes": {"\#(prefix)": ["A/A"]}}"#.utf8))
    }
  }

  @Test("data of another form is refused", arguments: ["", "[]", "{}", #"{"prefixes": {"1": "A/A"}}"#])
  func malformed(json: String) throws {
    let error = #expect(throws: NumberingPlanError.self) { try PrefixZones(json: Data(json.utf8)) }
    guard case .malformed = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
