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
    fields = FieldSQL(live: live)
    self.segments = segments
  }

  init(_ query: LeadQuery) {
    fields = FieldSQL(live: query.live, statuses: query.liveStatuses, names: query.statusNames)
    segments = query.segments
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
    case .phone1, .phone2, .phone3, .phone4, .phone5:
      var sql = SQLText()
      sql.append("(")
      sql.append(simple(field, fields.expression(of: field), comparison, values))
      if let narrowed = withPhone(comparison, values) {
        sql.append(" AND ")
        sql.append(narrowed)
      }
      sql.append(")")
      return sql
    case .email where comparison == .eq || comparison == .in: return email(values)
    case .leadID where comparison == .prefix: return leadIDPrefix(values)
    case .leadID where comparison == .contains:
      return simple(field, Self.leadIDText, comparison, values)
    case .vendorLeadCode where comparison == .prefix: return codePrefix(values)
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
    if let found = withPhone(comparison, values) { return found }
    let isBlank = comparison == .blank && values.first == .boolean(true)
    for (index, field) in [FilterField.phone1, .phone2, .phone3, .phone4, .phone5].enumerated() {
      if index > 0 { sql.append(isBlank ? " AND " : " OR ") }
      sql.append(simple(field, fields.expression(of: field), comparison, values))
    }
    return sql
  }

  /// The leads with such a number in any place, by the table of numbers; nil where a pass over the leads is no worse.
  private func withPhone(_ comparison: FilterOperator, _ values: [FilterValue]) -> SQLText? {
    var sql = SQLText()
    sql.append("lead.leadID IN (SELECT k.leadID FROM lead_of_phone k WHERE ")
    var column = SQLText()
    column.append("k.phone")
    switch comparison {
    case .eq, .in: sql.append(simple(.phone1, column, comparison, values))
    case .prefix:
      // Where many leads have it, the first page of an answer is found sooner in the order of the ids.
      guard case .text(let text) = values.first, text.utf8.count > Self.commonPrefixBytes else { return nil }
      sql.append(phonePrefix(column, .text(text), isRare: true))
    default: return nil
    }
    sql.append(")")
    return sql
  }

  /// A plus sign, a country code and one or two digits more.
  private static let commonPrefixBytes = 5

  private func simple(
    _ field: FilterField, _ expression: SQLText, _ comparison: FilterOperator, _ values: [FilterValue]
  ) -> SQLText {
    guard let first = values.first else { return Self.never }
    var sql = SQLText()
    switch comparison {
    case .blank: return blank(field, expression, first == .boolean(true))
    case .prefix where field.type == .phone: return phonePrefix(expression, first, isRare: false)
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

  /// The table has hashes of emails in lower case; what it finds is compared as it stands.
  private func email(_ values: [FilterValue]) -> SQLText {
    // Empty text is no email, and equals none.
    let texts = values.compactMap { if case .text(let text) = $0, !text.isEmpty { text } else { nil } }
    guard !texts.isEmpty else { return Self.never }
    var sql = SQLText()
    sql.append("lead.leadID IN (SELECT k.leadID FROM lead_of_email k WHERE k.emailKey IN (")
    for (index, text) in texts.enumerated() {
      sql.append(index > 0 ? ", " : "", .integer(Int64(bitPattern: TextKey.email(text))))
    }
    sql.append(")) AND lead_detail.email IN (")
    for (index, text) in texts.enumerated() { sql.append(index > 0 ? ", " : "", .text(text)) }
    sql.append(")")
    return sql
  }

  private static var leadIDText: SQLText {
    var sql = SQLText()
    sql.append("CAST(lead.leadID AS TEXT)")
    return sql
  }

  /// The ids of each length that begin with these digits are a range.
  private func leadIDPrefix(_ values: [FilterValue]) -> SQLText {
    guard case .text(let text) = values.first, var low = Int64(text), text.utf8.first != UInt8(ascii: "0"), low > 0,
      text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return Self.never }
    var high = low
    var sql = SQLText()
    while low <= Int64(UInt32.max) {
      if !sql.text.isEmpty { sql.append(" OR ") }
      sql.append(Self.range("lead.leadID", low, high, isRare: text.utf8.count > 1))
      low *= 10
      high = high * 10 + 9
    }
    return sql.text.isEmpty ? Self.never : sql
  }

  /// Every code that begins so lies between the beginning and the beginning with the last of all characters behind it.
  private func codePrefix(_ values: [FilterValue]) -> SQLText {
    guard case .text(let text) = values.first else { return Self.never }
    var sql = SQLText()
    sql.append("(lead.vendorLeadCode >= ", .text(text))
    sql.append(" AND lead.vendorLeadCode <= ", .text(text + String(repeating: "\u{10FFFF}", count: 3)))
    sql.append(" AND substr(lead.vendorLeadCode, 1, length(", .text(text))
    sql.append(")) = ", .text(text))
    sql.append(")")
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
  private func phonePrefix(_ expression: SQLText, _ value: FilterValue, isRare: Bool) -> SQLText {
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
      sql.append(Self.range(expression.text, low, high, isRare: isRare))
    }
    sql.append(")")
    return sql
  }

  /// - Parameter isRare: few leads lie in the range, so that the index is worth its while; without that word SQLite takes
  ///   each range for a quarter of the table, and reads all of it. Where many lie in it the first page of an answer is
  ///   found sooner in the order of the ids.
  private static func range(_ column: String, _ low: Int64, _ high: Int64, isRare: Bool) -> SQLText {
    var sql = SQLText()
    sql.append(isRare ? "(likelihood(\(column) >= " : "(\(column) >= ", .integer(low))
    sql.append(isRare ? ", 0.0001) AND likelihood(\(column) <= " : " AND \(column) <= ", .integer(high))
    sql.append(isRare ? ", 0.0001))" : ")")
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
    // A list or an object stands as its JSON text.
    default: " IN ('text', 'array', 'object')"
    }
  }
}
