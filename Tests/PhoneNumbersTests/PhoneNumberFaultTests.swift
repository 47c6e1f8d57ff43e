import DialerModel
import Testing

@testable import PhoneNumbers

@Suite("Faults of typed numbers")
struct PhoneNumberFaultTests {
  let plan: NumberingPlan
  init() throws { plan = try ShippedData.plan.get() }

  @Test(
    "each fault has its reason",
    arguments: [
      ("", "US", "not-a-number"), ("abc", "US", "not-a-number"), ("N/A", "US", "not-a-number"),
      ("+", "US", "not-a-number"),
      ("()", "US", "not-a-number"), ("201 + 555 0123", "US", "not-a-number"), ("+ +12015550123", "US", "not-a-number"),
      ("201!555!0123", "US", "not-a-number"), ("12a34", "US", "not-a-number"),
      ("201 555 0123", nil, "no-region"),
      ("201 555 0123", "ZZ", "unknown-region"), ("201 555 0123", "USA", "unknown-region"),
      ("201 555 0123", "", "unknown-region"),
      ("+999 123 456 789", "US", "unknown-country-code"), ("+0 123 456", nil, "unknown-country-code"),
      ("011 999 123 4567", "US", "unknown-country-code"), ("+210 123 456", "US", "unknown-country-code"),
      ("+1", "US", "too-short"), ("5", "US", "too-short"), ("12", "US", "too-short"), ("555-0123", "US", "too-short"),
      ("011", "US", "too-short"), ("+1 201", nil, "too-short"), ("0", "DE", "too-short"),
      ("201 555 0123 4567", "US", "too-long"), ("+44 20 7946 0958 1234", nil, "too-long"),
      ("1111111111111111111111111111111111", "US", "too-long"),
      ("1234567", "AD", "wrong-length"),
      ("200 555 0123", "US", "not-in-plan"), ("+1 100 231 5178", nil, "not-in-plan"),
      ("591 555 0123", "US", "not-in-plan"),
    ] as [(String, String?, String)])
  func reasons(text: String, region: String?, reason: String) {
    #expect(plan.parse(text, region: region).failure?.reason == reason)
  }

  @Test("text of more than 250 characters is too long, of 250 it is read")
  func textLimit() {
    let number = "2015550123"
    let padding = String(repeating: " ", count: 240)
    #expect(plan.parse(padding + number, region: "US") == .success(PhoneNumber(digits: 12_015_550_123)))
    #expect(plan.parse(padding + " " + number, region: "US").failure?.reason == "too-long")
    let wide = String(repeating: "\u{3000}", count: 240)
    #expect(plan.parse(wide + number, region: "US") == .success(PhoneNumber(digits: 12_015_550_123)))
    #expect(plan.parse(wide + "\u{3000}" + number, region: "US").failure?.reason == "too-long")
    #expect(plan.parse(String(repeating: "\u{1F600}", count: 251), region: "US").failure?.reason == "too-long")
  }

  @Test("a message says what was wrong and what would be accepted, without the number")
  func messages() {
    let short = plan.parse("555-0123", region: "US").failure
    #expect(short == .tooShort(region: "US", digits: 7, lengths: NumberLengths(mask: 1 << 10)))
    #expect(short?.message == "too short for US: 7 digits, where a national number has 10")
    let wrong = plan.parse("1234567", region: "AD").failure
    #expect(wrong?.message == "not a length used in AD: 7 digits, where a national number has 6, 8 or 9")
    #expect(plan.parse("2015550123", region: "Narnia-and-beyond").failure == .unknownRegion("Narnia-a"))
    let faults: [PhoneNumberFault] = [
      .notANumber, .noRegion, .unknownRegion("ZZ"), .unknownCountryCode, .overlong, .notInPlan(region: "US"),
      .tooShort(region: nil, digits: 1, lengths: NumberLengths(mask: 0)),
      .tooLong(region: "GB", digits: 12, lengths: NumberLengths(mask: 0b110 << 8)),
    ]
    for fault in faults { #expect(fault.message.contains(":"), "\(fault.reason)") }
    #expect(Set(faults.map(\.message)).count == faults.count)
  }

  @Test(
    "lengths read as a person would say them",
    arguments: [
      ([10], "10"), ([9, 10], "9 or 10"), ([5, 6, 7, 8], "5 to 8"), ([6, 8, 9], "6, 8 or 9"), ([], "none"),
    ])
  func lengths(all: [Int], text: String) throws {
    let lengths = try #require(NumberLengths(all))
    #expect(lengths.description == text)
    #expect(lengths.all == all)
  }
}
