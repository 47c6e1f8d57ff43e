/// A lead on its way in, as rules for fields see it.
public protocol RuledLead {
  /// The value of a field that a rule can be made for; nil = it has none.
  func ruledValue(_ field: FilterField) -> JSON?
  /// What a rule made of it. Of a number, a rank or a place a rule makes nothing else, so that these stay as they are.
  mutating func setRuledValue(_ field: FilterField, _ value: JSON?)
}

/// All that a tenant asks of the fields of its leads: held against a lead that a client adds or changes and against the
/// row of a file in the same way.
public struct FieldRules: Hashable, Sendable {
  private struct Entry: Hashable {
    var field: FilterField
    var rule: FieldRule
  }
  private let entries: [Entry]

  /// In the order of their fields' names.
  public init(_ rules: [FieldRule] = []) {
    entries = rules.compactMap { rule in FilterField(name: rule.field).map { Entry(field: $0, rule: rule) } }
      .sorted { $0.rule.field < $1.rule.field }
  }

  public var isEmpty: Bool { entries.isEmpty }
  public var hasUnique: Bool { entries.contains(where: \.rule.unique) }

  /// Puts the values into the form that the rules ask for.
  ///
  /// - Parameters:
  ///   - isGiven: whether something is said of the field; of a lead that is there the others are not judged, so that a
  ///     new rule stops nobody from changing another field.
  ///   - phone: reads a number as people type it; nil = it is none.
  /// - Returns: the fields whose values were cut.
  public func apply(
    to lead: inout some RuledLead, isGiven: (FilterField) -> Bool = { _ in true }, phone: (String) -> PhoneNumber?
  ) throws(FieldValueFault) -> [String] {
    var cut: [String] = []
    for entry in entries where isGiven(entry.field) {
      let value = lead.ruledValue(entry.field)
      let taken = try entry.rule.take(value, phone: phone)
      if taken.isCut { cut.append(entry.rule.field) }
      if taken.value != value { lead.setRuledValue(entry.field, taken.value) }
    }
    return cut
  }

  /// The values that no other lead of the tenant may have. A blank is no value, and any number of leads may have none.
  public func uniqueValues(
    of lead: some RuledLead, isGiven: (FilterField) -> Bool = { _ in true }
  ) -> [UniqueValue] {
    entries.compactMap { entry in
      guard entry.rule.unique, isGiven(entry.field) else { return nil }
      return lead.ruledValue(entry.field).flatMap { UniqueValue(entry.field, $0) }
    }
  }

  /// Fields in which no two leads may have the same.
  public var uniqueFields: [FilterField] { entries.filter(\.rule.unique).map(\.field) }
}

/// A value that one lead of a tenant has and no other.
public struct UniqueValue: Hashable, Sendable {
  public let field: FilterField
  public let value: FilterValue

  /// Nil for a value that is blank.
  public init?(_ field: FilterField, _ value: JSON) {
    self.field = field
    switch (field, value) {
    case (_, .null), (_, .string("")): return nil
    case (.phone1, .string(let text)), (.phone2, .string(let text)), (.phone3, .string(let text)),
      (.phone4, .string(let text)), (.phone5, .string(let text)):
      guard let digits = UInt64(text.dropFirst()) else { return nil }
      self.value = .phone(PhoneNumber(digits: digits))
    case (_, .string(let text)): self.value = .text(text)
    case (_, .integer(let number)): self.value = .integer(number)
    case (_, .number(let number)): self.value = .number(number)
    case (_, .bool(let flag)): self.value = .boolean(flag)
    case (_, .array), (_, .object): self.value = .text(value.text)
    }
  }

  /// The same for values that count as the same: an email in any case is one.
  public var key: UInt64 {
    if field == .email, case .text(let email) = value { return TextKey.email(email) }
    return TextKey.hash("\(field.name)\u{1F}\(value.json.text)".utf8)
  }

  /// For a person who gave a value that another lead has.
  public func message(holder: LeadID) -> String {
    "\(field.name): the lead \(holder) has this value, and it is to be unique."
  }
}
