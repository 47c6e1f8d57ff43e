/// What people put before a national number inside their country (`0`, `1`, `8`, a carrier's code), and how to take it
/// off. A rule may put other digits in its place: `268\1` completes a local number of Antigua with the area code.
struct NationalPrefix: Sendable {
  private let matcher: PrefixMatcher
  private let rule: TransformRule?

  private struct TransformRule: Sendable {
    let digits: DigitString
    let group: Int
  }

  /// Nil when the pattern or the rule cannot be read.
  init?(pattern: String, transformRule: String?) {
    guard let matcher = DigitPattern(pattern).flatMap(PrefixMatcher.init) else { return nil }
    self.matcher = matcher
    guard let transformRule, !transformRule.isEmpty else {
      rule = nil
      return
    }
    let parts = transformRule.split(separator: "\\", omittingEmptySubsequences: false)
    guard parts.count == 2, let digits = DigitString(ascii: String(parts[0])), digits.count <= 8,
      let group = Int(parts[1]), group >= 1, group <= matcher.groupCount
    else { return nil }
    rule = TransformRule(digits: digits, group: group)
  }

  /// The number without its prefix; nil when it has none.
  func stripped(_ digits: DigitString) -> DigitString? {
    guard digits.count > 0, let match = matcher.match(digits) else { return nil }
    let rest = digits.dropFirst(match.length)
    // The rule is for the alternative in which the last group took part; in the others the prefix just goes.
    guard let rule, match.group(matcher.groupCount) != nil else { return rest }
    let kept = match.group(rule.group).map { digits[$0] } ?? DigitString()
    return rule.digits.appending(kept).appending(rest)
  }
}
