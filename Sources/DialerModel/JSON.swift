/// One JSON value (RFC 8259).
///
/// Foundation's codec costs 3 to 9 µs for a small message, keeps the first of two equal keys, and says neither where
/// a fault is nor how deep a text may nest. What a client sends is untrusted and read on the daemon's hot path, so the
/// daemon has its own: strict, bounded, with positions.
public enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  /// A number without decimals or exponent that fits; kept exactly.
  case integer(Int64)
  /// Every other number. Never NaN or infinite when it was parsed.
  case number(Double)
  case string(String)
  case array([JSON])
  case object(JSONObject)

  /// How deep arrays and objects may stand in each other unless the caller says otherwise.
  /// The deepest shape of the control protocol nests fewer than 30.
  public static let standardMaximumDepth = 64
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
}

extension JSON: ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .string(value) }
}

extension JSON: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// A key that stands twice keeps its first place and its last value.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    var object = JSONObject()
    for (key, value) in elements { object[key] = value }
    self = .object(object)
  }
}

extension JSON {
  public init(_ value: Bool) { self = .bool(value) }
  public init(_ value: some BinaryInteger) { self = .integer(Int64(clamping: value)) }
  public init(_ value: Double) { self = .number(value) }
  public init(_ value: String) { self = .string(value) }
  /// RFC 3339 in UTC with milliseconds.
  public init(_ value: Instant) { self = .string(value.description) }
  /// Seconds with decimals to the millisecond; whole seconds without decimals.
  public init(_ value: Interval) {
    self = value.milliseconds % 1000 == 0 ? .integer(value.milliseconds / 1000) : .number(value.seconds)
  }
  public init(_ value: [String]) { self = .array(value.map { .string($0) }) }
  /// Null for nil.
  public init(_ value: String?) { self = value.map { .string($0) } ?? .null }
  /// Null for nil.
  public init(_ value: Instant?) { self = value.map { JSON($0) } ?? .null }

  public var isNull: Bool { if case .null = self { true } else { false } }
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
  public var arrayValue: [JSON]? { if case .array(let value) = self { value } else { nil } }
  public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// The whole number that this is: also `3.0` and `3e2`, as JSON Schema counts integers, while a Double is exact
  /// (up to 2^53).
  public var integerValue: Int64? {
    switch self {
    case .integer(let value): value
    case .number(let value) where value.rounded() == value && value.magnitude <= 9_007_199_254_740_992: Int64(value)
    default: nil
    }
  }

  /// Any number.
  public var numberValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The member of an object; nil when this is no object or has no such key.
  public subscript(key: String) -> JSON? {
    if case .object(let object) = self { object[key] } else { nil }
  }

  /// The element of an array; nil when this is no array or has no such element.
  public subscript(index: Int) -> JSON? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The word for what kind of value this is, as a message to a person names it.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .string: "text"
    case .array: "array"
    case .object: "object"
    }
  }

  /// The same value with the keys of every object in byte order, so that two clients that order keys differently are
  /// seen to ask the same.
  public var canonical: JSON {
    switch self {
    case .array(let elements): .array(elements.map(\.canonical))
    case .object(let object): .object(object.canonical)
    default: self
    }
  }
}
