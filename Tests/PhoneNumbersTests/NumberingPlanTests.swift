import DialerModel
import Foundation
import Testing

@testable import PhoneNumbers

@Suite("The numbering plan")
struct NumberingPlanTests {
  let plan: NumberingPlan
  let zones: PrefixZones

  init() throws {
    plan = try ShippedData.plan.get()
    zones = try ShippedData.zones.get()
  }

  @Test("every vector reads as libphonenumber reads it, and lies in the zones it names")
  func vectors() throws {
    let vectors = try ShippedData.vectors()
    #expect(vectors.count == 1344)
    for vector in vectors {
      switch plan.parse(vector.typed, region: vector.region) {
      case .success(let number):
        #expect(vector.isValid && number.e164 == vector.e164, "\(vector.region) \(vector.typed)")
        #expect(zones.zones(of: number, plan: plan) == vector.zones, "\(vector.region) \(vector.typed)")
      case .failure(let fault):
        #expect(!vector.isValid, "\(vector.region) \(vector.typed): \(fault.reason)")
      }
    }
  }

  @Test(
    "what people type becomes E.164",
    arguments: [
      ("US", "201-555-0123", "+12015550123"),
      ("US", "1-800-FLOWERS", "+18003569377"),
      ("US", "١-٨٠٠-FLOWERS", "+18003569377"),
      ("US", "[201] 555/0123", "+12015550123"),
      ("US", "++1 201 555 0123", "+12015550123"),
      ("US", "201 555 0123 +", "+12015550123"),
      ("US", "011 44 20 7946 0958", "+442079460958"),
      ("US", "2０1 ５５５ ０１２３", "+12015550123"),
      ("US", "٢٠١٥٥٥٠١٢٣", "+12015550123"),
      ("US", "call 201.555.0123 (me)", "+12015550123"),
      ("US", "(530) 583-6985 x302/x2303", "+15305836985"),
      ("GB", "＋44 20 7946 0958", "+442079460958"),
      ("GB", "+44 (0)20 7946 0958", "+442079460958"),
      ("GB", "020\u{2010}7946\u{A0}0958", "+442079460958"),
      ("GB", "0044 20 7946 0958", "+442079460958"),
      ("GB", "+0044 20 7946 0958", "+442079460958"),
      ("GB", "44 20 7946 0958", "+442079460958"),
      ("GG", "725123", "+441481725123"),
      ("AG", "464 1234", "+12684641234"),
      ("AR", "011 15 2345 6789", "+5491123456789"),
      ("BR", "0 15 11 96223 4567", "+5511962234567"),
      ("HU", "06 1 234 5678", "+3612345678"),
      ("RU", "8 (495) 123-45-67", "+74951234567"),
      ("IT", "06 698 12345", "+390669812345"),
      ("IT", "+39 02 1234 5678", "+390212345678"),
      ("SM", "0549 886377", "+3780549886377"),
      ("AU", "0011 64 9 887 6543", "+6498876543"),
      ("us", "(201) 555-0123", "+12015550123"),
    ])
  func typed(region: String, text: String, e164: String) throws {
    #expect(try plan.parse(text, region: region).get().e164 == e164)
  }

  @Test(
    "an extension or parameter is left out, however it is written",
    arguments: [
      "x123", " ext. 123", " EXT 123", " Extension: 123", " extensión 123", " extensio\u{301}n 123", " extn 123",
      ";ext=123",
      " #123", " ~123", " int 123", " anexo 123", " доб 123", " ДОБ. 123", ",,123", ",,,123", ";123", " , 123",
      " - 123#",
      "ｘ123", " ｅｘｔ１２３", " ｉｎｔ 123", ";isub=123", " xt 123", ";ext=12345678901234567890",
    ])
  func extensions(suffix: String) throws {
    #expect(try plan.parse("+1 (201) 555-0123" + suffix, region: nil).get().e164 == "+12015550123")
  }

  @Test("an extension longer than its label allows makes the number none", arguments: ["x1234567890", " - 1234567#"])
  func longExtension(suffix: String) {
    #expect(throws: PhoneNumberFault.self) { try plan.parse("2015550123" + suffix, region: "US").get() }
  }

  @Test("a link's context completes a local number, and a domain as context does not")
  func links() throws {
    #expect(try plan.parse("tel:+1-201-555-0123", region: nil).get().e164 == "+12015550123")
    #expect(try plan.parse("tel:020-7946-0958;phone-context=+44", region: "US").get().e164 == "+442079460958")
    #expect(try plan.parse("tel:201-555-0123;phone-context=example.com", region: "US").get().e164 == "+12015550123")
    #expect(plan.parse("tel:201-555-0123;phone-context=", region: "US") == .failure(.notANumber))
    #expect(plan.parse("tel:201-555-0123;phone-context=+-", region: "US") == .failure(.notANumber))
    #expect(plan.parse("tel:201-555-0123;phone-context=a_b", region: "US") == .failure(.notANumber))
  }

  @Test("a number with a plus sign needs no region, and any region reads it alike")
  func regionless() throws {
    let expected = PhoneNumber(digits: 442_079_460_958)
    for region in [nil, "US", "GB", "ZZ", ""] {
      #expect(plan.parse("+442079460958", region: region) == .success(expected))
    }
  }

  @Test("text, buffer, slice and span read alike")
  func overloads() {
    for text in ["(201) 555-0123", "+44 20 7946 0958 ext 7", "N/A", ""] {
      let bytes = Array(text.utf8)
      let expected = plan.parse(text, region: "US")
      #expect(bytes.withUnsafeBufferPointer { plan.parse(utf8: $0, region: "US") } == expected)
      #expect(plan.parse(utf8: ([0x39] + bytes)[1...], region: "US") == expected)
      #expect(plan.parse(utf8: bytes.span, region: "US") == expected)
    }
  }

  @Test(
    "a country code that regions share is told apart by leading digits or by whose number it is",
    arguments: [
      ("+12015550123", "US"), ("+14165550123", "CA"), ("+12684601234", "AG"), ("+18092345678", "DO"),
      ("+442079460958", "GB"), ("+441481725123", "GG"), ("+447457612345", "IM"), ("+74951234567", "RU"),
      ("+77172123456", "KZ"), ("+390669812345", "VA"), ("+390212345678", "IT"), ("+61291234567", "AU"),
    ])
  func regionOfNumber(e164: String, region: String) throws {
    let number = try #require(PhoneNumber(e164: e164))
    #expect(plan.region(of: number) == region)
    #expect(plan.isValid(number))
  }

  @Test("a number of no country code, too long or out of the plan has no region or is not valid")
  func outOfPlan() {
    #expect(plan.region(of: PhoneNumber(digits: 999_123_456_789)) == nil)
    #expect(plan.region(of: PhoneNumber(digits: 0)) == nil)
    #expect(!plan.isValid(PhoneNumber(digits: 999_123_456_789)))
    #expect(!plan.isValid(PhoneNumber(digits: 11_015_550_123)))
    #expect(!plan.isValid(PhoneNumber(digits: .max)))
    #expect(!plan.isValid(PhoneNumber(digits: 1)))
  }

  @Test("a number longer than E.164 allows is refused even where a pattern allows it")
  func longerThanE164() {
    // Germany's fixed lines go to fifteen digits in the plan, seventeen with the country code.
    #expect(plan.parse("+49 30 1234567890123", region: nil).failure?.reason == "too-long")
  }

  @Test("the regions are 245 names, ascending")
  func regions() {
    #expect(plan.regions.count == 245)
    #expect(plan.regions == plan.regions.sorted())
    #expect(Set(plan.regions).count == 245)
  }
}

extension Result {
  var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
