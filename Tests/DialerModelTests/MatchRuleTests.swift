import DialerModel
import Testing

/// Two leads, what they have in common, and which keys find the one for the other.
struct MatchCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let left: MatchSubject
  let right: MatchSubject
  let keys: [MatchRule.Key]

  init(_ name: String, _ left: MatchSubject, _ right: MatchSubject, _ keys: [MatchRule.Key]) {
    testDescription = name
    self.left = left
    self.right = right
    self.keys = keys
  }
}

@Suite("Which lead is the same as one that arrives")
struct MatchRuleTests {
  private static func subject(
    code: String? = nil, phones: [UInt64] = [61_291_234_567], source: String? = nil, email: String? = nil,
    name: (String?, String?) = (nil, nil)
  ) -> MatchSubject {
    MatchSubject(
      vendorLeadCode: code, phones: PhoneSet(phones.map { PhoneNumber(digits: $0) }), source: source,
      emailKey: TextKey.email(email), nameKey: TextKey.name(first: name.0, last: name.1))
  }

  static let cases: [MatchCase] = [
    MatchCase("the number alone", subject(source: "web"), subject(source: "fair", email: "a@b.c"), [.phone]),
    MatchCase("another number", subject(), subject(phones: [61_291_234_568]), []),
    MatchCase(
      "a number in another place", subject(phones: [61_291_234_567, 61_291_234_599]), subject(phones: [61_291_234_599]),
      [.phone, .phoneAndSource, .phoneAndEmail]),
    MatchCase(
      "number and source", subject(source: "web"), subject(source: "web", email: "a@b.c"), [.phone, .phoneAndSource]),
    MatchCase("the source in another case", subject(source: "web"), subject(source: "Web", email: "x@y.z"), [.phone]),
    MatchCase("no source on either side", subject(source: ""), subject(), [.phone, .phoneAndSource, .phoneAndEmail]),
    MatchCase(
      "number and email in another case", subject(source: "a", email: "Ann@B.c"),
      subject(source: "b", email: "ann@b.C"),
      [.phone, .phoneAndEmail]),
    MatchCase(
      "name and email, with other case and space",
      subject(phones: [61_291_000_001], email: "ann@b.c", name: ("Ann Marie", "Lee")),
      subject(phones: [61_291_000_002], email: "ANN@b.c", name: (" ann  marie ", "LEE")), [.nameAndEmail]),
    MatchCase(
      "a name without an email", subject(phones: [61_291_000_001], name: ("Ann", "Lee")),
      subject(phones: [61_291_000_002], name: ("Ann", "Lee")), []),
    MatchCase(
      "an email without a name", subject(phones: [61_291_000_001], email: "ann@b.c"),
      subject(phones: [61_291_000_002], email: "ann@b.c"), []),
    MatchCase(
      "the code", subject(code: "7", phones: [61_291_000_001]), subject(code: "7", phones: [61_291_000_002]),
      [.vendorLeadCode]),
  ]

  @Test("two leads match by exactly the keys that they share, either way round", arguments: cases)
  func keys(testCase: MatchCase) {
    let (left, right) = (testCase.left, testCase.right)
    #expect(MatchRule.Key.allCases.filter { MatchRule($0).matches(left, right) } == testCase.keys)
    #expect(MatchRule.Key.allCases.filter { MatchRule($0).matches(right, left) } == testCase.keys)
    let shared = MatchRule.Key.allCases.filter { key in
      !Set(MatchRule(key).keys(of: left)).isDisjoint(with: MatchRule(key).keys(of: right))
    }
    #expect(shared == testCase.keys)
  }

  private static func candidate(_ lead: UInt32, list: UInt32) -> MatchCandidate {
    MatchCandidate(leadID: LeadID(lead), listID: ListID(list), subject: subject())
  }

  @Test("of several that match, one of the list itself comes first, then the oldest")
  func choice() {
    let rule = MatchRule(.phone, scope: .tenant)
    let candidates = [Self.candidate(5, list: 1), Self.candidate(3, list: 2), Self.candidate(4, list: 1)]
    func decision(_ list: UInt32) -> MatchDecision {
      rule.decision(for: Self.subject(), arrivingIn: ListID(list), among: candidates)
    }
    #expect(decision(1) == .update(LeadID(4)))
    #expect(decision(2) == .update(LeadID(3)))
    #expect(decision(9) == .update(LeadID(3)))
    #expect(rule.decision(for: Self.subject(), arrivingIn: ListID(1), among: []) == .add)
  }

  @Test(
    "what becomes of a match is what the rule says",
    arguments: [
      (MatchRule.OnMatch.update, MatchDecision.update(LeadID(7))), (.move, .move(LeadID(7))),
      (.skip, .skip(LeadID(7))), (.duplicate, .addDuplicate(of: LeadID(7))), (.add, .add),
      (.reject, .reject(LeadID(7))),
    ])
  func onMatch(_ onMatch: MatchRule.OnMatch, _ decision: MatchDecision) {
    let rule = MatchRule(.phone, onMatch: onMatch)
    let found = rule.decision(
      for: Self.subject(), arrivingIn: ListID(1), among: [Self.candidate(7, list: 1)])
    #expect(found == decision)
  }
}
