import DialerModel
import Testing

@testable import PhoneNumbers

@Suite("Typed text of any kind")
struct TypedTextFuzzTests {
  let plan: NumberingPlan
  let zones: PrefixZones

  init() throws {
    plan = try ShippedData.plan.get()
    zones = try ShippedData.zones.get()
  }

  /// What holds for any answer.
  func check(_ result: Result<PhoneNumber, PhoneNumberFault>, _ text: some CustomStringConvertible) {
    switch result {
    case .success(let number):
      #expect(plan.isValid(number), "\(text)")
      #expect(PhoneNumber(e164: number.e164) == number, "\(text)")
      #expect(plan.parse(number.e164, region: nil) == .success(number), "\(text)")
      #expect(Int(zones.zoneSet(of: number, plan: plan)) < zones.zoneSets.count)
    case .failure(let fault): #expect(!fault.message.isEmpty)
    }
  }

  @Test("random bytes are answered", arguments: [1, 2, 3] as [UInt64])
  func randomBytes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      check(plan.parse(utf8: bytes.span, region: "US"), bytes)
    }
  }

  @Test("random runs of the characters that mean something are answered", arguments: [4, 5, 6] as [UInt64])
  func randomCharacters(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array(
      "0123456789012345678901234567890123456789++ -()x#;,~/ext=isubtel:phone-context=０１２٣＋ｘ\u{A0}\u{301}")
    for _ in 0..<3000 {
      let text = String(
        (0..<Int.random(in: 0...24, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! })
      let region = plan.regions[Int.random(in: 0..<plan.regions.count, using: &generator)]
      check(plan.parse(text, region: region), text)
    }
  }

  @Test("random digits are answered in every region", arguments: [7, 8] as [UInt64])
  func randomDigits(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for region in plan.regions {
      for _ in 0..<20 {
        let digits = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
          UInt8.random(in: 48...57, using: &generator)
        }
        check(plan.parse(utf8: digits.span, region: region), digits)
      }
    }
    for _ in 0..<2000 {
      let number = PhoneNumber(digits: generator.next() >> UInt64.random(in: 0...63, using: &generator))
      if plan.isValid(number) { #expect(plan.region(of: number) != nil) }
      #expect(Int(zones.zoneSet(of: number, plan: plan)) < zones.zoneSets.count)
      #expect(Int(zones.zoneSet(ofPrefixOf: number)) < zones.zoneSets.count)
    }
  }

  @Test(
    "text cut after any byte is answered",
    arguments: [
      "tel:020-7946-0958;ext=12;phone-context=+44", "＋４４　20 7946 0958 ｅｘｔｎ 12#", "+1 (201) 555-0123 extensio\u{301}n 7",
      "٢٠١ ٥٥٥ ٠١٢٣ доб 7",
    ])
  func cut(text: String) {
    let bytes = Array(text.utf8)
    for end in 0...bytes.count { check(plan.parse(utf8: bytes[..<end], region: "US"), end) }
  }
}
