import DialerModel

/// A filter held against one lead, whatever its fields come from.
///
/// A field without a value, and empty text, is blank: it equals nothing, so `ne` holds and every order fails. Text is
/// compared byte by byte. Values of different kinds (possible in custom fields alone) are not equal and have no order,
/// but integers and numbers compare as numbers.
public enum FilterEvaluator {
  /// Whether the filter takes the lead.
  ///
  /// - Parameters:
  ///   - value: the value of a field; nil = blank. Words, time zones and the like are text. Never asked for `phone`:
  ///     that is any of `phone1` to `phone5`.
  ///   - segment: the filter of that name; a name that is not known takes no lead.
  public static func takes(
    _ expression: FilterExpression, value: (FilterField) -> FilterValue?,
    segment: (String) -> FilterExpression? = { _ in nil }
  ) -> Bool {
    takes(expression, value, segment, depth: 0)
  }

  /// Segments may name each other; a circle takes no lead.
  static let maximumDepth = FilterExpression.maximumDepth * 4
  static let phones: [FilterField] = [.phone1, .phone2, .phone3, .phone4, .phone5]

  private static func takes(
    _ expression: FilterExpression, _ value: (FilterField) -> FilterValue?, _ segment: (String) -> FilterExpression?,
    depth: Int
  ) -> Bool {
    guard depth < maximumDepth else { return false }
    switch expression {
    case .compare(let field, let comparison, let values): return compare(field, comparison, values, value)
    case .and(let parts): return parts.allSatisfy { takes($0, value, segment, depth: depth + 1) }
    case .or(let parts): return parts.contains { takes($0, value, segment, depth: depth + 1) }
    case .not(let part): return !takes(part, value, segment, depth: depth + 1)
    case .segment(let name):
      return segment(name).map { takes($0, value, segment, depth: depth + 1) } ?? false
    }
  }

  private static func compare(
    _ field: FilterField, _ comparison: FilterOperator, _ values: [FilterValue], _ value: (FilterField) -> FilterValue?
  ) -> Bool {
    guard field == .phone else { return holds(value(field), comparison, values) }
    switch comparison {
    // Of any number: not equal means that none is.
    case .ne: return phones.allSatisfy { holds(value($0), .ne, values) }
    case .blank:
      let isBlank = phones.allSatisfy { value($0) == nil }
      return values.first == .boolean(isBlank)
    default: return phones.contains { holds(value($0), comparison, values) }
    }
  }

  /// One comparison of a value with those of the filter.
  static func holds(_ value: FilterValue?, _ comparison: FilterOperator, _ values: [FilterValue]) -> Bool {
    var isBlank = value == nil
    if case .text(let text) = value, text.isEmpty { isBlank = true }
    if comparison == .blank { return values.first == .boolean(isBlank) }
    guard let value, !isBlank else { return comparison == .ne }
    guard let first = values.first else { return false }
    switch comparison {
    case .eq: return isEqual(value, first)
    case .ne: return !isEqual(value, first)
    case .in: return values.contains { isEqual(value, $0) }
    case .lt: return isLess(value, first) ?? false
    case .le: return isLess(first, value).map { !$0 } ?? false
    case .gt: return isLess(first, value) ?? false
    case .ge: return isLess(value, first).map { !$0 } ?? false
    case .prefix: return text(value).utf8.starts(with: text(first).utf8)
    case .contains: return contains(Array(text(value).utf8), Array(text(first).utf8))
    case .blank: return false
    }
  }

  private static func isEqual(_ left: FilterValue, _ right: FilterValue) -> Bool {
    if case .text(let one) = left, case .text(let other) = right { return one.utf8.elementsEqual(other.utf8) }
    if case .integer = left, case .integer = right { return left == right }
    if let one = number(left), let other = number(right) { return one == other }
    return left == right
  }

  /// Nil where the two have no order.
  private static func isLess(_ left: FilterValue, _ right: FilterValue) -> Bool? {
    switch (left, right) {
    case (.integer(let one), .integer(let other)): return one < other
    case (.instant(let one), .instant(let other)): return one < other
    case (.text(let one), .text(let other)): return one.utf8.lexicographicallyPrecedes(other.utf8)
    default:
      guard let one = number(left), let other = number(right) else { return nil }
      return one < other
    }
  }

  /// Integers are compared as such wherever both are; beside a decimal both are doubles.
  private static func number(_ value: FilterValue) -> Double? {
    switch value {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  private static func text(_ value: FilterValue) -> String {
    switch value {
    case .text(let text): text
    case .phone(let phone): phone.e164
    case .integer(let number): String(number)
    case .number(let number): "\(number)"
    case .boolean(let flag): flag ? "true" : "false"
    case .instant(let instant): instant.description
    }
  }

  private static func contains(_ text: [UInt8], _ piece: [UInt8]) -> Bool {
    guard piece.count <= text.count else { return false }
    return (0...text.count - piece.count).contains { text[$0..<$0 + piece.count].elementsEqual(piece) }
  }
}
