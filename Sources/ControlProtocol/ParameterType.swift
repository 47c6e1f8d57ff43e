import DialerModel

/// What a parameter may hold.
public indirect enum ParameterType: Sendable {
  /// Text of so many bytes of UTF-8, without NUL.
  case text(bytes: ClosedRange<Int>)
  /// An id chosen by a client or an operator: 1 to 64 bytes, no control characters.
  case identifier
  /// 1 to 8 capitals, digits, `-` or `_`.
  case statusCode
  case integer(ClosedRange<Int64>)
  case number(ClosedRange<Double>)
  case boolean
  /// RFC 3339.
  case instant
  /// A duration in seconds, decimals to the millisecond.
  case seconds(ClosedRange<Double>)
  /// A telephone number as people type it; the method reads it with the region that applies.
  case phone
  /// One of these words.
  case word([String])
  case object([ParameterSpec])
  /// An object with keys of the client's own.
  case map(of: ParameterType, count: ClosedRange<Int>)
  case array(of: ParameterType, count: ClosedRange<Int>)
  case filter(mayBeEmpty: Bool)
  /// Text, a number, a boolean or null.
  case scalar
  /// Any JSON.
  case json
  /// The first of these that fits.
  case either([ParameterType])

  public static let maximumIdentifierBytes = 64
  /// Longer than any number that people type, with words such as "ext." in it.
  static let phoneBytes = 1...64

  static let leadID = ParameterType.integer(1...Int64(UInt32.max))
  static let listID = ParameterType.integer(1...Int64(UInt32.max))
  static let attemptID = ParameterType.integer(1...Int64.max)

  /// What would be accepted, for a message to a person.
  public var accepted: String {
    switch self {
    case .text(let bytes): "text of \(bytes.lowerBound) to \(bytes.upperBound) bytes"
    case .identifier: "text of 1 to \(Self.maximumIdentifierBytes) bytes without control characters"
    case .statusCode: "a code of 1 to 8 capitals, digits, - or _"
    case .integer(let range):
      range.upperBound == .max
        ? "an integer from \(range.lowerBound)" : "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "a number from \(JSON(range.lowerBound).plain) to \(JSON(range.upperBound).plain)"
    case .boolean: "true or false"
    case .instant: "an instant such as 2026-11-20T14:03:11.123Z"
    case .seconds(let range): "seconds from \(JSON(range.lowerBound).plain) to \(JSON(range.upperBound).plain)"
    case .phone: "a telephone number as text of 1 to \(Self.phoneBytes.upperBound) bytes"
    case .word(let words): "one of " + words.joined(separator: ", ")
    case .object(let specs):
      "an object of " + specs.map { $0.required ? $0.name : $0.name + "?" }.joined(separator: ", ")
    case .map(let type, let count):
      "an object of \(count.lowerBound) to \(count.upperBound) members, each \(type.accepted)"
    case .array(let type, let count): "an array of \(count.lowerBound) to \(count.upperBound), each \(type.accepted)"
    case .filter: "a filter"
    case .scalar: "text, a number, a boolean or null"
    case .json: "any JSON"
    case .either(let types): types.map(\.accepted).joined(separator: ", or ")
    }
  }

  /// The type in one word or two, for a table.
  public var word: String {
    switch self {
    case .text, .identifier, .statusCode: "text"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .instant: "instant"
    case .seconds: "seconds"
    case .phone: "phone"
    case .word: "word"
    case .object, .map: "object"
    case .array(let type, _): "array of \(type.word)"
    case .filter: "filter"
    case .scalar, .json: "any value"
    case .either(let types): types.map(\.word).joined(separator: " or ")
    }
  }
}

extension JSON {
  /// A number without `.0` behind it.
  var plain: String {
    if let whole = integerValue { String(whole) } else { text }
  }
}

/// One parameter of a method, or one member of an object inside its parameters. A class, because the check of a call
/// walks many of them, and one reference is cheaper to hold than six fields.
public final class ParameterSpec: Sendable {
  public let name: String
  public let type: ParameterType
  public let required: Bool
  /// Whether null is accepted: it clears the field, or leaves it unset in something new.
  public let isNullable: Bool
  /// What holds without it, as a person reads it; empty when nothing does.
  public let standard: String
  /// One sentence.
  public let summary: String
  /// The role that using this parameter needs, when it is more than the method's.
  public let role: Role?

  public init(
    _ name: String, _ type: ParameterType, required: Bool = false, isNullable: Bool = false, standard: String = "",
    role: Role? = nil, _ summary: String
  ) {
    self.name = name
    self.type = type
    self.required = required
    self.isNullable = isNullable
    self.standard = standard
    self.role = role
    self.summary = summary
  }

  func asRequired() -> ParameterSpec {
    ParameterSpec(name, type, required: true, isNullable: isNullable, role: role, summary)
  }

  /// Also without a default: in an update what is not given stays.
  func asOptional() -> ParameterSpec {
    ParameterSpec(name, type, isNullable: isNullable, role: role, summary)
  }

  func orNull() -> ParameterSpec {
    ParameterSpec(name, type, required: required, isNullable: true, standard: standard, role: role, summary)
  }
}
