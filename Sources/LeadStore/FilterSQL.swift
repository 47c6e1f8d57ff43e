import DialerModel

/// Makes a condition in SQL of a filter. Every value is bound.
///
/// A comparison with a field that has no value does not hold, `ne` holds, and `not` turns the one into the other: so a
/// negation is carried down to the comparisons, because in SQL the negation of "not known" is not known either.
/// Text is compared as it stands, with its case.
struct FilterSQL {
  private let fields: FieldSQL
  private let segments: [String: FilterExpression]

  /// - Parameters:
  ///   - live: leads with a call now.
  ///   - segments: the named filters that the filter may refer to.
  init(live: [LeadID], segments: [String: FilterExpression]) {
    fields = FieldSQL(live: "[" + live.map(\.description).joined(separator: ",") + "]")
    self.segments = segments
  }

  func expression(of field: FilterField) -> SQLText { fields.expression(of: field) }

  /// - Throws: `other` for a segment that is not known or refers to itself.
  func condition(_ filter: FilterExpression) throws(StoreError) -> SQLText {
    try condition(filter, negated: false, within: [])
  }

  private func condition(
    _ filter: FilterExpression, negated: Bool, within: [String]
  ) throws(StoreError) -> SQLText {
    switch filter {
    case .and(let parts): return try join(parts, any: negated, negated: negated, within: within)
    case .or(let parts): return try join(parts, any: !negated, negated: negated, within: within)
    case .not(let part): return try condition(part, negated: !negated, within: within)
    case .segment(let name):
      guard let segment = segments[name], !within.contains(name) else {
        throw StoreError(
          operation: "find", kind: .other, name: "segment", message: "a segment is not known or refers to itself")
      }
      return try condition(segment, negated: negated, within: within + [name])
    case .compare(let field, let comparison, let values):
      var sql = SQLText()
      sql.append(negated ? "((" : "(")
      sql.append(compare(field, comparison, values))
      sql.append(negated ? ") IS NOT TRUE)" : ")")
      return sql
    }
  }

  private func join(
    _ parts: [FilterExpression], any: Bool, negated: Bool, within: [String]
  ) throws(StoreError) -> SQLText {
    var sql = SQLText()
    sql.append("(")
    for (index, part) in parts.enumerated() {
      if index > 0 { sql.append(any ? " OR " : " AND ") }
      sql.append(try condition(part, negated: negated, within: within))
    }
    if parts.isEmpty { sql.append(any ? "FALSE" : "TRUE") }
    sql.append(")")
    return sql
  }

  private func compare(_ field: FilterField, _ comparison: FilterOperator, _ values: [FilterValue]) -> SQLText {
    switch field {
    case .phone: return anyPhone(comparison, values)
    case .custom(let name): return custom(name, comparison, values)
    default: return simple(field, fields.expression(of: field), comparison, values)
    }
  }

  /// A lead has several numbers: one that fits is enough, and for `ne` none may be equal.
  private func anyPhone(_ comparison: FilterOperator, _ values: [FilterValue]) -> SQLText {
    var sql = SQLText()
    if comparison == .ne {
      sql.append("(")
      sql.append(anyPhone(.eq, values))
      sql.append(") IS NOT TRUE")
      return sql
    }
    let isBlank = comparison == .blank && values.first == .boolean(true)
    for (index, field) in [FilterField.phone1, .phone2, .phone3, .phone4, .phone5].enumerated() {
      if index > 0 { sql.append(isBlank ? " AND " : " OR ") }
      sql.append(simple(field, fields.expression(of: field), comparison, values))
    }
    return sql
  }

  private func simple(
    _ field: FilterField, _ expression: SQLText, _ comparison: FilterOperator, _ values: [FilterValue]
  ) -> SQLText {
    guard let first = values.first else { return Self.never }
    var sql = SQLText()
    switch comparison {
    case .blank: return blank(field, expression, first == .boolean(true))
    case .prefix where field.type == .phone: return phonePrefix(expression, first)
    case .prefix:
      sql.append("substr(")
      sql.append(expression)
      sql.append(", 1, length(", FieldSQL.value(first, of: field))
      sql.append(")) = ", FieldSQL.value(first, of: field))
    case .contains:
      sql.append("instr(")
      sql.append(expression)
      sql.append(", ", FieldSQL.value(first, of: field))
      sql.append(") > 0")
    case .in:
      sql.append(expression)
      sql.append(" IN (")
      for (index, value) in values.enumerated() { sql.append(index > 0 ? ", " : "", FieldSQL.value(value, of: field)) }
      sql.append(")")
    default:
      sql.append(expression)
      sql.append(" \(Self.sign(comparison)) ", FieldSQL.value(first, of: field))
    }
    return sql
  }

  private static var never: SQLText {
    var sql = SQLText()
    sql.append("FALSE")
    return sql
  }

  private static func sign(_ comparison: FilterOperator) -> String {
    switch comparison {
    case .lt: "<"
    case .le: "<="
    case .gt: ">"
    case .ge: ">="
    case .ne: "IS NOT"
    default: "="
    }
  }

  private func blank(_ field: FilterField, _ expression: SQLText, _ wanted: Bool) -> SQLText {
    var sql = SQLText()
    // Empty text is blank; so is a custom field that is null, whose value is null here.
    let mayBeText = field.type == .text || field.type == .any
    sql.append(mayBeText ? "nullif(" : "(")
    sql.append(expression)
    sql.append(mayBeText ? ", '')" : ")")
    sql.append(wanted ? " IS NULL" : " IS NOT NULL")
    return sql
  }

  /// The numbers of each length that begin with these digits are a range: an index finds them.
  private func phonePrefix(_ expression: SQLText, _ value: FilterValue) -> SQLText {
    guard case .text(let text) = value else { return Self.never }
    var sql = SQLText()
    guard let digits = Int64(text.dropFirst()), digits > 0 else {
      // Only the plus sign: any number. Zeros: no number begins so.
      guard text == "+" else { return Self.never }
      sql.append(expression)
      sql.append(" IS NOT NULL")
      return sql
    }
    var low = digits
    var high = digits
    sql.append("(")
    // E.164: at most fifteen digits.
    for length in text.utf8.count - 1...15 {
      if length > text.utf8.count - 1 {
        sql.append(" OR ")
        low *= 10
        high = high * 10 + 9
      }
      sql.append(expression)
      sql.append(" BETWEEN ", .integer(low))
      sql.append(" AND ", .integer(high))
    }
    sql.append(")")
    return sql
  }

  /// A custom field holds any type, and SQL puts numbers before texts: only values of one type are compared.
  private func custom(_ name: String, _ comparison: FilterOperator, _ values: [FilterValue]) -> SQLText {
    let field = FilterField.custom(name)
    if comparison == .blank { return simple(field, fields.expression(of: field), comparison, values) }
    var sql = SQLText()
    if comparison == .ne {
      sql.append("(")
      sql.append(custom(name, .eq, values))
      sql.append(") IS NOT TRUE")
      return sql
    }
    for (index, value) in values.enumerated() {
      if index > 0 { sql.append(" OR ") }
      sql.append("(")
      sql.append(FieldSQL.customType(name))
      sql.append(Self.types(of: value))
      sql.append(" AND ")
      sql.append(simple(field, fields.expression(of: field), comparison == .in ? .eq : comparison, [value]))
      sql.append(")")
    }
    return sql
  }

  private static func types(of value: FilterValue) -> String {
    switch value {
    case .boolean: " IN ('true', 'false')"
    case .integer, .number: " IN ('integer', 'real')"
    default: " = 'text'"
    }
  }
}
