/// A field of a lead that a filter may name: those that `lead.get` shows, and `custom.NAME`.
///
/// What is worked out for one campaign only (`nextEligibleAt`, `exhausted`) is not here: a filter is about the lead.
public enum FilterField: Sendable, Hashable {
  case leadID, vendorLeadCode, listID, listName
  case source, firstName, lastName, email
  /// Any of the lead's numbers.
  case phone
  case phone1, phone2, phone3, phone4, phone5
  case timeZone, timeZoneSource, region, state, postalCode
  case rank, owner
  case status, statusName, stage, completed, live, archived
  case calledCount, createdAt, updatedAt, enteredAt
  case lastAttemptAt, lastContactedAt, lastOutcome, lastAgentID, wrapCode, callbackAt
  /// A field of the client's own, by its name without `custom.` before it.
  case custom(String)

  /// The longest name of a custom field, in bytes of UTF-8.
  public static let maximumCustomNameBytes = 64
  private static let customPrefix = "custom."

  /// Every field but the custom ones with its name and type, in the order in which help lists them.
  public static let all: [(name: String, field: FilterField, type: FilterType)] = [
    ("leadID", .leadID, .integer), ("vendorLeadCode", .vendorLeadCode, .text), ("listID", .listID, .integer),
    ("listName", .listName, .text), ("source", .source, .text), ("firstName", .firstName, .text),
    ("lastName", .lastName, .text), ("email", .email, .text), ("phone", .phone, .phone), ("phone1", .phone1, .phone),
    ("phone2", .phone2, .phone), ("phone3", .phone3, .phone), ("phone4", .phone4, .phone), ("phone5", .phone5, .phone),
    ("timeZone", .timeZone, .text), ("timeZoneSource", .timeZoneSource, .word(TimeZoneSource.allCases.map(\.word))),
    ("region", .region, .text), ("state", .state, .text), ("postalCode", .postalCode, .text), ("rank", .rank, .integer),
    ("owner", .owner, .text), ("status", .status, .text), ("statusName", .statusName, .text),
    ("stage", .stage, .word(LeadStage.allCases.map(\.word))), ("completed", .completed, .boolean),
    ("live", .live, .boolean), ("archived", .archived, .boolean), ("calledCount", .calledCount, .integer),
    ("createdAt", .createdAt, .instant), ("updatedAt", .updatedAt, .instant),
    ("enteredAt", .enteredAt, .instant), ("lastAttemptAt", .lastAttemptAt, .instant),
    ("lastContactedAt", .lastContactedAt, .instant), ("lastOutcome", .lastOutcome, .word(Outcome.allCases.map(\.word))),
    ("lastAgentID", .lastAgentID, .text), ("wrapCode", .wrapCode, .text), ("callbackAt", .callbackAt, .instant),
  ]

  /// Nil for a name that is no field, and for a custom name that is empty, too long, or has a zero byte in it.
  public init?(name: String) {
    if name.hasPrefix(Self.customPrefix) {
      let custom = String(name.dropFirst(Self.customPrefix.count))
      guard (1...Self.maximumCustomNameBytes).contains(custom.utf8.count), !custom.utf8.contains(0) else { return nil }
      self = .custom(custom)
    } else {
      guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
      self = found.field
    }
  }

  public var name: String {
    if case .custom(let name) = self { return Self.customPrefix + name }
    return entry?.name ?? ""
  }

  public var type: FilterType { entry?.type ?? .any }

  /// The comparisons that mean something for the field. An id can be asked for by a part of its digits.
  public var operators: [FilterOperator] { type.operators + (self == .leadID ? [.prefix, .contains] : []) }

  private var entry: (name: String, field: FilterField, type: FilterType)? { Self.all.first { $0.field == self } }
}

/// What a field holds, and so what it may be compared with.
public enum FilterType: Sendable, Hashable {
  case integer
  case text
  case boolean
  case instant
  case phone
  /// One of these words.
  case word([String])
  /// A custom field: text, a number or a boolean.
  case any

  /// The comparisons that mean something for the type. A boolean is never blank; words and phones have no order.
  public var operators: [FilterOperator] {
    switch self {
    case .integer, .instant: [.eq, .ne, .lt, .le, .gt, .ge, .in, .blank]
    case .text, .any: FilterOperator.allCases
    case .boolean: [.eq, .ne]
    case .phone: [.eq, .ne, .in, .prefix, .blank]
    case .word: [.eq, .ne, .in, .blank]
    }
  }

  /// What a value of the type looks like, for a message to a person.
  public var accepted: String {
    switch self {
    case .integer: "an integer"
    case .text: "text"
    case .boolean: "true or false"
    case .instant: "an instant such as 2026-11-20T14:03:11.123Z"
    case .phone: "a number in E.164 such as +61291234567"
    case .word(let words): "one of " + words.joined(separator: ", ")
    case .any: "text, a number or a boolean"
    }
  }
}

/// A comparison of a field with values.
public enum FilterOperator: String, Sendable, Hashable, CaseIterable {
  case eq, ne, lt, le, gt, ge
  /// Equal to one of several values.
  case `in`
  /// Text, or a number in E.164, that begins with the value.
  case prefix
  /// Text with the value somewhere in it.
  case contains
  /// With true: the field has no value, or empty text. With false: it has one.
  case blank
}

/// One value that a field is compared with.
public enum FilterValue: Sendable, Hashable {
  case integer(Int64)
  /// Only for custom fields.
  case number(Double)
  /// Also a word, and the beginning of a number for `prefix` of a phone (digits, with `+` before them).
  case text(String)
  case boolean(Bool)
  case instant(Instant)
  case phone(PhoneNumber)

  public var json: JSON {
    switch self {
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .text(let value): .string(value)
    case .boolean(let value): .bool(value)
    case .instant(let value): JSON(value)
    case .phone(let value): .string(value.e164)
    }
  }
}
