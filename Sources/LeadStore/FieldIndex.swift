import DialerModel

/// Indexes on fields that a rule says are unique: without one every lead that arrives would be compared with all.
enum FieldIndex {
  /// What is indexed, over `lead_detail`; nil for a field that has an index anyway, or cannot have one.
  ///
  /// An index on an expression is used only by a query with the very same text, so that here a name stands in the text
  /// itself, with its quotation marks doubled.
  static func expression(_ field: FilterField) -> String? {
    switch field {
    case .firstName, .lastName, .source, .owner, .postalCode: return field.name
    case .custom(let name):
      guard !name.utf8.contains(UInt8(ascii: "\"")) else { return nil }
      return "json_extract(custom, '$.\"\(name.replacing("'", with: "''"))\"')"
    default: return nil
    }
  }

  private static func name(_ field: FilterField) -> String {
    "lead_detail_" + field.name.utf8.map { String($0, radix: 16) }.joined()
  }

  static func make(_ field: FilterField, _ connection: Connection) throws(StoreError) {
    guard let expression = expression(field) else { return }
    try connection.execute(
      "CREATE INDEX IF NOT EXISTS \(name(field)) ON lead_detail(\(expression)) WHERE \(expression) IS NOT NULL")
  }

  static func drop(_ field: FilterField, _ connection: Connection) throws(StoreError) {
    guard expression(field) != nil else { return }
    try connection.execute("DROP INDEX IF EXISTS \(name(field))")
  }

  static func leadIDs(
    _ field: FilterField, _ value: FilterValue, _ connection: Connection
  ) throws(StoreError) -> [LeadID]? {
    guard let expression = expression(field) else { return nil }
    var sql = SQLText()
    sql.append("SELECT leadID FROM lead_detail WHERE \(expression) = ", FieldSQL.value(value, of: field))
    sql.append(" LIMIT ", .integer(Int64(LeadProbe.limit)))
    let rows = try sql.prepare(on: connection)
    defer { rows.reset() }
    var found: [LeadID] = []
    while try rows.step() { found.append(LeadID(UInt32(truncatingIfNeeded: rows.integer(0)))) }
    return found
  }
}

extension StoreReader {
  /// Two leads of these lists with the same value of a field; nil when it is nowhere the same.
  public func leadsWithSameValue(_ field: FilterField, lists: [ListID]) throws(StoreError) -> (LeadID, LeadID)? {
    // Emails are the same whatever their case.
    let value = field == .email ? "lead.emailKey" : FilterSQL(live: [], segments: [:]).expression(of: field).text
    var sql = SQLText()
    sql.append(
      "SELECT min(leadID), max(leadID) FROM \(Self.leadTables) WHERE lead.listID IN (SELECT value FROM json_each(")
    sql.append("", .text("\(lists.map(\.rawValue))"))
    if case .custom = field {
      let expression = FilterSQL(live: [], segments: [:]).expression(of: field)
      sql.append(")) AND nullif(")
      sql.append(expression)
      sql.append(", '') IS NOT NULL GROUP BY ")
      sql.append(expression)
    } else {
      sql.append(")) AND nullif(\(value), '') IS NOT NULL GROUP BY \(value)")
    }
    sql.append(" HAVING count(*) > 1 LIMIT 1")
    let rows = try sql.prepare(on: connection)
    defer { rows.reset() }
    guard try rows.step() else { return nil }
    return (
      LeadID(UInt32(truncatingIfNeeded: rows.integer(0))), LeadID(UInt32(truncatingIfNeeded: rows.integer(1)))
    )
  }
}
