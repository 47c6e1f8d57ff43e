/// Why a value cannot stand in a field.
public struct FieldValueFault: Error, Hashable, Sendable {
  public let field: String
  /// Nil: it is missing.
  public let value: JSON?
  public let accepted: String
  /// One sentence for a person.
  public let message: String

  /// A stable word.
  public var reason: String { value == nil ? "required" : "wrong-type" }
}

/// A rule held against one value: the same for a lead that a client adds and for the row of an import.
extension FieldRule {
  /// The value as it is kept.
  ///
  /// Null and empty text are no value. Text that reads as the type is taken for it, as the cells of a file are text.
  /// - Parameter phone: reads a number as people type it; nil = it is none.
  /// - Returns: the value, nil for none, and whether it was cut.
  public func take(
    _ value: JSON?, phone: (String) -> PhoneNumber?
  ) throws(FieldValueFault) -> (value: JSON?, isCut: Bool) {
    let isBlank = value == nil || value?.isNull == true || value?.stringValue?.allSatisfy(\.isWhitespace) == true
    guard let value, !isBlank else {
      guard !required else {
        throw FieldValueFault(
          field: field, value: nil, accepted: accepted, message: "\(field): the field is required and has no value.")
      }
      return (nil, false)
    }
    guard let read = read(value, phone) else {
      throw FieldValueFault(
        field: field, value: value, accepted: accepted, message: "\(field): the value is not \(accepted).")
    }
    guard let maximumLength, let text = read.stringValue, text.count > maximumLength else { return (read, false) }
    return (.string(String(text.prefix(maximumLength))), true)
  }

  /// What a value looks like, for a message.
  public var accepted: String {
    switch type {
    case .text: "text"
    case .integer: "a whole number"
    case .number: "a number"
    case .boolean: "true or false"
    case .date: "a date such as 2026-11-20"
    case .email: "an email address"
    case .phone: "a telephone number"
    case .json: "any value"
    }
  }

  private func read(_ value: JSON, _ phone: (String) -> PhoneNumber?) -> JSON? {
    switch type {
    case .json: return value
    case .text:
      guard value.arrayValue == nil, value.objectValue == nil else { return nil }
      return value.stringValue == nil ? .string(value.text) : value
    case .integer: return Self.integer(value).map { .integer($0) }
    case .number: return Self.number(value)
    case .boolean: return Self.boolean(value).map { .bool($0) }
    case .date: return value.stringValue.map(Self.trimmed).flatMap { Self.isDate($0) ? .string($0) : nil }
    case .email: return value.stringValue.map(Self.trimmed).flatMap { Self.isEmail($0) ? .string($0) : nil }
    case .phone: return value.stringValue.flatMap(phone).map { .string($0.e164) }
    }
  }

  private static func integer(_ value: JSON) -> Int64? {
    if let text = value.stringValue { return Int64(trimmed(text)) }
    return value.integerValue
  }

  private static func number(_ value: JSON) -> JSON? {
    if let whole = integer(value) { return .integer(whole) }
    guard let text = value.stringValue else { return value.numberValue.map { .number($0) } }
    let trimmed = trimmed(text)
    // Swift would read hexadecimal digits as well, which nobody means.
    guard trimmed.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
    return Double(trimmed).flatMap { $0.isFinite ? .number($0) : nil }
  }

  private static func boolean(_ value: JSON) -> Bool? {
    if let flag = value.boolValue { return flag }
    switch (value.stringValue ?? value.text).lowercased() {
    case "true", "yes", "1": return true
    case "false", "no", "0": return false
    default: return nil
    }
  }

  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return false }
    return CivilDate(year: year, month: month, day: day) != nil
  }

  /// One `@` with something on both sides, no space, and no empty label behind it: what a typing error breaks. Whether
  /// somebody reads it only mail can tell.
  private static func isEmail(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !text.contains(where: \.isWhitespace), text.utf8.count <= 254 else {
      return false
    }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return labels.count > 1 && labels.allSatisfy { !$0.isEmpty }
  }

  private static func trimmed(_ text: String) -> String {
    let end = text.reversed().drop(while: \.isWhitespace)
    return String(String(end.reversed()).drop(while: \.isWhitespace))
  }
}
