extension FilterExpression {
  /// Reads a filter: `{field: value}`, `{field: {op: value}}`, `{and: […]}`, `{or: […]}`, `{not: …}`, `{segment: name}`;
  /// `{}` takes every lead, `{field: null}` those where the field is blank. Several operators on one field hold together.
  ///
  /// - Throws: the first fault, with its path, the value there and what would be accepted.
  public init(json: JSON) throws(FilterFault) {
    var reader = FilterReader()
    if json.objectValue?.isEmpty == true {
      self = .everything
    } else {
      self = try reader.expression(json, depth: 1)
    }
  }
}

/// Counts the terms while it reads.
private struct FilterReader {
  private var terms = 0

  mutating func expression(_ json: JSON, depth: Int) throws(FilterFault) -> FilterExpression {
    try check(depth: depth, json)
    guard let object = json.objectValue else {
      throw FilterFault(value: json, accepted: ["an object"], "A condition is an object.")
    }
    guard let member = object.members.first, object.count == 1 else {
      throw FilterFault(
        value: json, accepted: ["{field: condition}", "{and: [...]}", "{or: [...]}", "{not: ...}", "{segment: name}"],
        "A condition has exactly one key; several conditions stand in {and: [...]}.")
    }
    switch member.key {
    case "and": return .and(try parts(member.value, of: "and", depth: depth))
    case "or": return .or(try parts(member.value, of: "or", depth: depth))
    case "not":
      do throws(FilterFault) {
        return .not(try expression(member.value, depth: depth + 1))
      } catch { throw error.inside("not") }
    case "segment": return try segment(member.value)
    default:
      guard let field = FilterField(name: member.key) else { throw unknownField(member) }
      do throws(FilterFault) {
        return try comparison(member.value, of: field, depth: depth)
      } catch { throw error.inside(member.key) }
    }
  }

  private func check(depth: Int, _ json: JSON) throws(FilterFault) {
    guard depth <= FilterExpression.maximumDepth else {
      throw FilterFault(
        value: json, accepted: ["at most \(FilterExpression.maximumDepth) levels"], "The filter is too deep.")
    }
  }

  private func unknownField(_ member: JSONObject.Member) -> FilterFault {
    FilterFault(
      member.key, value: member.value,
      accepted: FilterField.all.map(\.name) + ["custom.NAME", "and", "or", "not", "segment"],
      "A lead has no field of this name.")
  }

  private mutating func parts(_ json: JSON, of word: String, depth: Int) throws(FilterFault) -> [FilterExpression] {
    guard let elements = json.arrayValue, !elements.isEmpty else {
      throw FilterFault(word, value: json, accepted: ["an array of conditions"], "At least one condition stands here.")
    }
    var parts: [FilterExpression] = []
    for (index, element) in elements.enumerated() {
      do throws(FilterFault) {
        parts.append(try expression(element, depth: depth + 1))
      } catch { throw error.inside("\(word)[\(index)]") }
    }
    return parts
  }

  private mutating func segment(_ json: JSON) throws(FilterFault) -> FilterExpression {
    guard let name = json.stringValue, (1...64).contains(name.utf8.count) else {
      throw FilterFault("segment", value: json, accepted: ["text of 1 to 64 bytes"], "A segment is named by text.")
    }
    try count(json)
    return .segment(name)
  }

  private mutating func comparison(
    _ json: JSON, of field: FilterField, depth: Int
  ) throws(FilterFault) -> FilterExpression {
    guard let object = json.objectValue else {
      guard !json.isNull else { return try comparison(["blank": true], of: field, depth: depth) }
      return .compare(field, .eq, [try value(json, of: field, for: .eq)])
    }
    guard !object.isEmpty else {
      throw FilterFault(value: json, accepted: field.operators.map(\.rawValue), "An operator is missing.")
    }
    // Several operators become an `and` of them, which must be readable again when it is written.
    if object.count > 1 { try check(depth: depth + 1, json) }
    var parts: [FilterExpression] = []
    for member in object.members {
      guard let comparison = FilterOperator(rawValue: member.key), field.operators.contains(comparison) else {
        throw FilterFault(
          member.key, value: member.value, accepted: field.operators.map(\.rawValue),
          "The field \(field.name) is not compared in this way.")
      }
      do throws(FilterFault) {
        parts.append(.compare(field, comparison, try values(member.value, of: field, for: comparison)))
      } catch { throw error.inside(member.key) }
    }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func values(
    _ json: JSON, of field: FilterField, for comparison: FilterOperator
  ) throws(FilterFault) -> [FilterValue] {
    guard comparison == .in else { return [try value(json, of: field, for: comparison)] }
    guard let elements = json.arrayValue, !elements.isEmpty else {
      throw FilterFault(value: json, accepted: ["an array of values"], "At least one value stands here.")
    }
    var values: [FilterValue] = []
    for (index, element) in elements.enumerated() {
      do throws(FilterFault) {
        values.append(try value(element, of: field, for: comparison))
      } catch { throw error.inside("[\(index)]") }
    }
    return values
  }

  private mutating func value(
    _ json: JSON, of field: FilterField, for comparison: FilterOperator
  ) throws(FilterFault) -> FilterValue {
    try count(json)
    if comparison == .blank {
      guard let wanted = json.boolValue else {
        throw FilterFault(value: json, accepted: ["true or false"], "Blank is asked with true or false.")
      }
      return .boolean(wanted)
    }
    if comparison == .prefix || comparison == .contains {
      return .text(try piece(json, of: field))
    }
    guard let value = typed(json, field.type) else {
      throw FilterFault(
        value: json, accepted: [field.type.accepted], "The field \(field.name) is compared with \(field.type.accepted)."
      )
    }
    return value
  }

  private func piece(_ json: JSON, of field: FilterField) throws(FilterFault) -> String {
    let isPhone = field.type == .phone
    if let text = json.stringValue, (1...FilterExpression.maximumTextBytes).contains(text.utf8.count) {
      let digits = text.utf8.dropFirst()
      let isPhonePrefix = text.hasPrefix("+") && digits.count <= 15 && digits.allSatisfy { (48...57).contains($0) }
      if !isPhone || isPhonePrefix { return text }
    }
    let accepted = isPhone ? "the beginning of a number such as +6129" : "text of 1 to 1024 bytes"
    throw FilterFault(value: json, accepted: [accepted], "The field \(field.name) is searched by \(accepted).")
  }

  private func typed(_ json: JSON, _ type: FilterType) -> FilterValue? {
    switch type {
    case .integer: json.integerValue.map { .integer($0) }
    case .text: text(json).map { .text($0) }
    case .boolean: json.boolValue.map { .boolean($0) }
    case .instant: json.stringValue.flatMap { Instant(rfc3339: $0) }.map { .instant($0) }
    case .phone: json.stringValue.flatMap { PhoneNumber(e164: $0) }.map { .phone($0) }
    case .word(let words): json.stringValue.flatMap { words.contains($0) ? .text($0) : nil }
    case .any:
      switch json {
      case .bool(let value): .boolean(value)
      case .integer(let value): .integer(value)
      case .number(let value): .number(value)
      default: text(json).map { .text($0) }
      }
    }
  }

  private func text(_ json: JSON) -> String? {
    json.stringValue.flatMap { $0.utf8.count <= FilterExpression.maximumTextBytes ? $0 : nil }
  }

  private mutating func count(_ json: JSON) throws(FilterFault) {
    terms += 1
    guard terms <= FilterExpression.maximumTerms else {
      throw FilterFault(
        value: json, accepted: ["at most \(FilterExpression.maximumTerms) values and segments"],
        "The filter is too long.")
    }
  }
}
