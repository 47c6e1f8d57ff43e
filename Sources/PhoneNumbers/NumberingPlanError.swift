/// Why plan data cannot be used. The caller does not start with it.
public enum NumberingPlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not JSON, or not of the form expected; where, if that is known.
  case malformed(String)
  /// A region whose name is not two capital letters, or one that is there twice.
  case region(String)
  /// A country code that is not in 1...999, or one with no main region or several.
  case countryCode(Int)
  /// A length that is not in 1...17, or none.
  case lengths(region: String)
  /// A pattern that cannot be read or is too large, and the field it stands in.
  case pattern(region: String, field: String)
  /// A prefix that is not 1 to 15 digits.
  case prefix(String)
  /// More regions, states, zones or sets of zones than the tables hold.
  case tooLarge

  public var description: String {
    switch self {
    case .malformed(let detail): "the plan cannot be read: \(detail)"
    case .region(let name): "region \"\(name)\" is there twice or is not two capital letters"
    case .countryCode(let code): "country code \(code) is out of range or has not exactly one main region"
    case .lengths(let region): "region \(region) has no lengths or one that is not in 1...17"
    case .pattern(let region, let field): "region \(region): the pattern in \(field) cannot be read or is too large"
    case .prefix(let prefix): "prefix \"\(prefix)\" is not 1 to 15 digits"
    case .tooLarge: "the plan is larger than the tables can hold"
    }
  }
}
