/// A condition on leads, as a client writes it and a list keeps it, with its types checked.
///
/// It says what is asked, not how it is found out: the store turns it into a query, the rules evaluate it on one lead.
public indirect enum FilterExpression: Sendable, Hashable {
  /// One field against its values: one value, or for `in` at least one. `blank` has a boolean.
  case compare(FilterField, FilterOperator, [FilterValue])
  /// All of them; without any: every lead.
  case and([FilterExpression])
  /// At least one of them.
  case or([FilterExpression])
  case not(FilterExpression)
  /// The filter of that name.
  case segment(String)

  /// How deep conditions may stand in each other; a single comparison is 1.
  public static let maximumDepth = 16
  /// How many values and segments there may be in one filter, which bounds the query made from it.
  public static let maximumTerms = 256
  /// The longest text compared with, in bytes of UTF-8.
  public static let maximumTextBytes = 1024

  /// The filter `{}`, which takes every lead.
  public static let everything = FilterExpression.and([])

  /// The names of the segments in it, in the order in which they stand.
  public var segments: [String] {
    switch self {
    case .compare: []
    case .and(let parts), .or(let parts): parts.flatMap(\.segments)
    case .not(let part): part.segments
    case .segment(let name): [name]
    }
  }

  /// The shape of the control protocol; ``init(json:)`` reads it back to an equal expression.
  public var json: JSON {
    switch self {
    case .compare(let field, .eq, let values): .object([field.name: values.first?.json ?? .null])
    case .compare(let field, .in, let values): .object([field.name: ["in": .array(values.map(\.json))]])
    case .compare(let field, let comparison, let values):
      .object([field.name: .object([comparison.rawValue: values.first?.json ?? .null])])
    case .and(let parts) where parts.isEmpty: .object([:])
    case .and(let parts): ["and": .array(parts.map(\.json))]
    case .or(let parts): ["or": .array(parts.map(\.json))]
    case .not(let part): ["not": part.json]
    case .segment(let name): ["segment": .string(name)]
    }
  }
}

/// Why a filter is refused.
public struct FilterFault: Error, Sendable, Hashable {
  /// Where, inside the filter: `and[1].calledCount.lt`; empty for the filter as a whole.
  public let path: String
  public let value: JSON
  /// What may stand there instead.
  public let accepted: [String]
  /// One sentence for a person.
  public let message: String

  init(_ path: String = "", value: JSON, accepted: [String], _ message: String) {
    self.path = path
    self.value = value
    self.accepted = accepted
    self.message = message
  }

  func inside(_ part: String) -> FilterFault {
    let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
    return FilterFault(part + separator + path, value: value, accepted: accepted, message)
  }
}

/// As its JSON text, so that what is kept is what a client wrote.
extension FilterExpression: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      self = try FilterExpression(json: try JSON(parsing: try container.decode(String.self)))
    } catch let fault as FilterFault {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(fault.path): \(fault.message)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(json.text)
  }
}
