/// How numbers of one region are written and told apart, ready to run.
final class RegionRules: Sendable {
  let name: String
  let countryCode: Int
  let countryCodeDigits: DigitString
  let lengths: NumberLengths
  let internationalPrefix: PrefixMatcher
  let nationalPrefix: NationalPrefix?
  /// Where the general pattern and those of the kinds begin in the automaton.
  let root: DigitAutomaton.State
  /// Where the leading digits begin; zero when the region has none.
  let leadingDigitsRoot: DigitAutomaton.State
  /// By count of digits: the patterns that may match a number so long.
  let patternsByLength: InlineArray<32, DigitAutomaton.Patterns>

  init(
    _ data: NumberingPlanData.Region, root: DigitAutomaton.State, leadingDigitsRoot: DigitAutomaton.State
  ) throws(NumberingPlanError) {
    name = data.region
    countryCode = data.countryCode
    guard let code = DigitString(ascii: String(data.countryCode)) else { throw .countryCode(data.countryCode) }
    countryCodeDigits = code
    guard let lengths = Self.lengths(data.possibleLengths) else { throw .lengths(region: name) }
    self.lengths = lengths
    guard let prefix = DigitPattern(data.internationalPrefix).flatMap(PrefixMatcher.init) else {
      throw .pattern(region: name, field: "internationalPrefix")
    }
    internationalPrefix = prefix
    if let pattern = data.nationalPrefixForParsing, !pattern.isEmpty {
      let rule = data.nationalPrefixTransformRule
      guard let prefix = NationalPrefix(pattern: pattern, transformRule: rule) else {
        throw .pattern(region: name, field: "nationalPrefixForParsing")
      }
      nationalPrefix = prefix
    } else {
      nationalPrefix = nil
    }
    self.root = root
    self.leadingDigitsRoot = leadingDigitsRoot
    // A kind passed over in silence would make its numbers invalid.
    guard data.types.keys.allSatisfy(NumberKind.names.contains) else {
      throw .malformed("region \(data.region): a kind of number that is not known")
    }
    var byLength = InlineArray<32, DigitAutomaton.Patterns>(repeating: 0)
    for length in lengths.all { byLength[length] = NumberKind.general.bit }
    for kind in NumberKind.allCases {
      guard let name = kind.name, let entry = data.types[name] else { continue }
      guard let kindLengths = Self.lengths(entry.possibleLengths) else { throw .lengths(region: self.name) }
      for length in kindLengths.all { byLength[length] |= kind.bit }
    }
    patternsByLength = byLength
  }

  /// libphonenumber's limit for a national number is 17 digits.
  private static func lengths(_ lengths: [Int]) -> NumberLengths? {
    lengths.isEmpty || lengths.contains { $0 > 17 } ? nil : NumberLengths(lengths)
  }

  /// What a national number is by the plan; empty when it is not valid.
  @inline(__always)
  func kinds(of national: DigitString, in automaton: DigitAutomaton) -> DigitAutomaton.Patterns {
    guard national.count < 32 else { return 0 }
    let matched = automaton.patterns(matching: national, from: root) & patternsByLength[national.count]
    return matched & NumberKind.general.bit == 0 ? 0 : matched & NumberKind.anyKind
  }

  /// Whether the general pattern matches, whatever the length.
  @inline(__always)
  func matchesGeneral(_ national: DigitString, in automaton: DigitAutomaton) -> Bool {
    automaton.patterns(matching: national, from: root) & NumberKind.general.bit != 0
  }

  /// The number without national prefix. A number that fits the region as it stands keeps its first digits, unless it
  /// also fits without them.
  func withoutNationalPrefix(_ national: DigitString, in automaton: DigitAutomaton) -> DigitString {
    guard let rest = nationalPrefix?.stripped(national) else { return national }
    if matchesGeneral(national, in: automaton), !matchesGeneral(rest, in: automaton) { return national }
    return rest
  }

  /// The fault of a national number that is not valid here.
  func fault(of national: DigitString) -> PhoneNumberFault {
    let count = national.count
    if count < lengths.shortest { return .tooShort(region: name, digits: count, lengths: lengths) }
    if count > lengths.longest { return .tooLong(region: name, digits: count, lengths: lengths) }
    if !lengths.contains(count) { return .wrongLength(region: name, digits: count, lengths: lengths) }
    return .notInPlan(region: name)
  }
}
