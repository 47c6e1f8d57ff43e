import DialerModel
import Foundation
import Testing

@testable import PhoneNumbers

@Suite("Patterns of the plan")
struct PatternMatchingTests {
  func pattern(_ text: String) throws -> DigitPattern { try #require(DigitPattern(text)) }
  func digits(_ text: String) throws -> DigitString { try #require(DigitString(ascii: text)) }

  /// The node for a pattern, which must be one that can be built.
  func node(
    _ text: String, accepting bits: DigitAutomaton.Patterns, in builder: inout DigitAutomatonBuilder
  ) throws -> DigitAutomatonBuilder.Node {
    let node = builder.node(for: try pattern(text), accepting: bits)
    return try #require(node)
  }

  @Test(
    "a pattern that is not of the plan's kind is refused",
    arguments: [
      "(", ")", "[", "[]", "[5-2]", "1+", "1*", "a", "\\w", "1{2", "1{,3}", "1{3,2}", "1{0}", "1{33}", "(?=1)", "[^1]",
      "?", ".", "^1",
    ])
  func refused(text: String) { #expect(DigitPattern(text) == nil) }

  @Test("nesting deeper than the limit is refused, not followed")
  func depth() {
    let deep = String(repeating: "(?:", count: 100_000) + "1" + String(repeating: ")", count: 100_000)
    #expect(DigitPattern(deep) == nil)
  }

  @Test("the automaton agrees with NSRegularExpression on every pattern of the plan")
  func automatonAgrees() throws {
    var sampler = PatternSampler(generator: SeededGenerator(seed: 20_261_121))
    var patterns: Set<String> = []
    for region in try ShippedData.regions() {
      patterns.insert(region.general)
      for kind in region.types.values { patterns.insert(kind.pattern) }
    }
    #expect(patterns.count == 1170)
    var matches = 0
    for text in patterns.sorted() {
      let pattern = try pattern(text)
      var builder = DigitAutomatonBuilder()
      let node = try node(text, accepting: 1, in: &builder)
      let (automaton, roots) = builder.automaton(roots: [node])
      let expression = try NSRegularExpression(pattern: "^(?:\(text))$")
      for trial in 0..<24 {
        let sample = trial == 0 ? sampler.randomDigits(0...17) : sampler.sample(pattern)
        let digits = trial < 12 ? sample : sampler.mutate(sample)
        let expected = expression.firstMatch(in: digits, range: NSRange(location: 0, length: digits.utf16.count)) != nil
        let typed = try self.digits(digits)
        #expect((automaton.patterns(matching: typed, from: roots[0]) == 1) == expected, "\(text) on \(digits)")
        matches += expected ? 1 : 0
      }
    }
    #expect(matches > patterns.count * 11)
  }

  @Test("prefixes match as NSRegularExpression matches them, group by group")
  func prefixesAgree() throws {
    var sampler = PatternSampler(generator: SeededGenerator(seed: 7))
    var patterns: Set<String> = []
    for region in try ShippedData.regions() {
      patterns.insert(region.internationalPrefix)
      if let prefix = region.nationalPrefixForParsing { patterns.insert(prefix) }
    }
    for text in patterns.sorted() {
      let pattern = try pattern(text)
      let matcher = try #require(PrefixMatcher(pattern))
      let expression = try NSRegularExpression(pattern: "^(?:\(text))")
      #expect(matcher.groupCount == expression.numberOfCaptureGroups)
      for trial in 0..<60 {
        let sample = sampler.sample(pattern) + (trial % 3 == 0 ? "" : sampler.randomDigits(0...10))
        let digits = trial % 4 == 3 ? sampler.mutate(sample) : sample
        let typed = try self.digits(digits)
        let expected = expression.firstMatch(in: digits, range: NSRange(location: 0, length: digits.utf16.count))
        let match = matcher.match(typed)
        #expect(match?.length == expected?.range.length, "\(text) on \(digits)")
        guard let match, let expected else { continue }
        for group in 0..<matcher.groupCount {
          #expect(match.group(group + 1) == Range(expected.range(at: group + 1)), "\(text) on \(digits)")
        }
      }
    }
  }

  @Test("one walk tells which of several patterns match, and equal patterns share their states")
  func union() throws {
    var builder = DigitAutomatonBuilder()
    let first = try node("[2-9]\\d{6}", accepting: 1, in: &builder)
    let second = try node("800\\d{4}|5", accepting: 2, in: &builder)
    let again = try node("(?:2|[3-9])\\d{2}\\d{4}", accepting: 1, in: &builder)
    #expect(first == again)
    let root = builder.union(first, second)
    let (automaton, roots) = builder.automaton(roots: [root, DigitAutomatonBuilder.dead])
    for (digits, bits) in [("8001234", 3), ("8011234", 1), ("5", 2), ("1", 0), ("", 0), ("80012345", 0)] {
      let typed = try self.digits(digits)
      #expect(automaton.patterns(matching: typed, from: roots[0]) == bits, "\(digits)")
      #expect(automaton.patterns(matching: typed, from: roots[1]) == 0)
    }
    #expect(automaton.matchesPrefix(of: try digits("59"), from: roots[0]))
    #expect(!automaton.matchesPrefix(of: try digits("69"), from: roots[0]))
  }

  @Test("a pattern for more digits than a number can have is refused")
  func longPattern() throws {
    var builder = DigitAutomatonBuilder()
    #expect(try node("\\d{32}", accepting: 1, in: &builder) != DigitAutomatonBuilder.dead)
    for text in ["\\d{32}\\d", "1$"] {
      let node = builder.node(for: try pattern(text), accepting: 1)
      #expect(node == nil, "\(text)")
    }
  }

  @Test("digits in a register behave as digits in text")
  func digitString() throws {
    var sampler = PatternSampler(generator: SeededGenerator(seed: 3))
    for _ in 0..<500 {
      let text = sampler.randomDigits(0...32)
      let other = sampler.randomDigits(0...32)
      let digits = try digits(text)
      #expect((0..<digits.count).map { String(digits[$0]) }.joined() == text)
      let from = Int.random(in: 0...text.count, using: &sampler.generator)
      let to = Int.random(in: from...text.count, using: &sampler.generator)
      #expect(digits.dropFirst(from) == DigitString(ascii: String(text.dropFirst(from))))
      #expect(digits[from..<to] == DigitString(ascii: String(text.dropFirst(from).prefix(to - from))))
      #expect(digits.hasPrefix(digits[0..<to]))
      let joined = digits.appending(try self.digits(other))
      #expect(joined == DigitString(ascii: String((text + other).prefix(32))))
      #expect(digits.value == (text.count > 19 ? nil : text.isEmpty ? 0 : UInt64(text)))
    }
    #expect(DigitString(ascii: String(repeating: "1", count: 33)) == nil)
    #expect(DigitString(PhoneNumber(digits: .max)) == DigitString(ascii: String(UInt64.max)))
  }
}
