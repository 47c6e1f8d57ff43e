import DialerModel

/// Values of fields that are to be unique, by value: without them every lead that arrives would be compared with all.
///
/// Triggers keep up what is written; leads that were there before are looked at in pieces, so that no commit waits long.
struct FieldIndex {
  let connection: Connection

  /// Leads that are looked at, or values that are taken out, in one piece: some milliseconds.
  static let piece = 500

  /// Whether values of the field are being taken out.
  private enum Going: Int64 {
    case no = 0
    case forGood = 1
    /// A rule came back before all had gone. Nobody kept them up meanwhile.
    case toBeginAnew = 2
  }

  /// What is indexed, over `lead_detail`; nil for a field that has an index anyway, or cannot have one.
  static func expression(_ field: FilterField, of row: String = "lead_detail") -> String? {
    switch field {
    case .firstName, .lastName, .source, .owner, .postalCode: return "\(row).\(field.name)"
    case .custom(let name):
      guard !name.utf8.contains(UInt8(ascii: "\"")) else { return nil }
      return "json_extract(\(row).custom, '$.\"\(name.replacing("'", with: "''"))\"')"
    default: return nil
    }
  }

  private static func quoted(_ field: FilterField) -> String { "'\(field.name.replacing("'", with: "''"))'" }

  private static func trigger(_ field: FilterField, _ event: String) -> String {
    "field_value_\(event)_" + field.name.utf8.map { String($0, radix: 16) }.joined()
  }

  // MARK: - Beginning and ending

  /// Values that are written from now on are in it; those of leads that are there have yet to come.
  func begin(_ field: FilterField) throws(StoreError) {
    guard let new = Self.expression(field, of: "new"), let old = Self.expression(field, of: "old"),
      let kept = Self.expression(field)
    else { return }
    // One whose values are still going begins when they have gone.
    if let state = try state(field), state.goes != .forGood { return }
    let name = Self.quoted(field)
    let add = """
      INSERT OR IGNORE INTO field_value SELECT \(name), \(new), new.leadID WHERE nullif(\(new), '') IS NOT NULL;
      """
    // A row that is replaced is deleted without a word to a trigger, so that its value goes ahead of that.
    try connection.execute(
      """
      CREATE TRIGGER IF NOT EXISTS \(Self.trigger(field, "before")) BEFORE INSERT ON lead_detail BEGIN
        DELETE FROM field_value WHERE field = \(name) AND leadID = new.leadID
          AND value = (SELECT \(kept) FROM lead_detail WHERE leadID = new.leadID);
      END;
      CREATE TRIGGER IF NOT EXISTS \(Self.trigger(field, "added")) AFTER INSERT ON lead_detail BEGIN \(add) END;
      CREATE TRIGGER IF NOT EXISTS \(Self.trigger(field, "changed")) AFTER UPDATE ON lead_detail
      WHEN \(old) IS NOT \(new) BEGIN
        DELETE FROM field_value WHERE field = \(name) AND value = \(old) AND leadID = old.leadID; \(add)
      END;
      CREATE TRIGGER IF NOT EXISTS \(Self.trigger(field, "gone")) AFTER DELETE ON lead_detail BEGIN
        DELETE FROM field_value WHERE field = \(name) AND value = \(old) AND leadID = old.leadID;
      END;
      INSERT INTO field_index VALUES (\(name), 0, \(Going.no.rawValue))
        ON CONFLICT (field) DO UPDATE SET nextLeadID = 0, goes = \(Going.toBeginAnew.rawValue);
      """)
  }

  /// Nobody looks values of the field up any more; they go piece by piece.
  func end(_ field: FilterField) throws(StoreError) {
    guard Self.expression(field) != nil else { return }
    for event in ["before", "added", "changed", "gone"] {
      try connection.execute("DROP TRIGGER IF EXISTS \(Self.trigger(field, event))")
    }
    // What an earlier version made.
    let index = "lead_detail_" + field.name.utf8.map { String($0, radix: 16) }.joined()
    try connection.execute("DROP INDEX IF EXISTS \(index)")
    try run("UPDATE field_index SET goes = \(Going.forGood.rawValue) WHERE field = ?", field)
  }

  // MARK: - In pieces

  /// Fields that are not done.
  func underWay() throws(StoreError) -> [FilterField] {
    try fields("SELECT field FROM field_index WHERE nextLeadID IS NOT NULL OR goes > 0 ORDER BY field")
  }

  func all() throws(StoreError) -> [FilterField] { try fields("SELECT field FROM field_index ORDER BY field") }

  private func fields(_ sql: String) throws(StoreError) -> [FilterField] {
    let rows = try connection.cached(sql)
    defer { rows.reset() }
    var fields: [FilterField] = []
    while try rows.step() { if let field = FilterField(name: rows.text(0)) { fields.append(field) } }
    return fields
  }

  /// One piece of it, in a transaction of the caller's.
  func step(_ field: FilterField) throws(StoreError) {
    guard let state = try state(field) else { return }
    if state.goes != .no { return try takeSomeOut(field) }
    guard let next = state.nextLeadID, let value = Self.expression(field) else { return }
    let end = try connection.number(
      "SELECT leadID FROM lead_detail WHERE leadID >= ? ORDER BY leadID LIMIT 1 OFFSET \(Self.piece)"
    ) { $0.bind(1, next) }
    let fill = try connection.cached(
      """
      INSERT OR IGNORE INTO field_value SELECT \(Self.quoted(field)), \(value), leadID FROM lead_detail
      WHERE leadID >= ? AND leadID < ? AND nullif(\(value), '') IS NOT NULL ORDER BY 2
      """)
    fill.bind(1, next)
    fill.bind(2, end ?? Int64.max)
    try fill.run()
    let update = try connection.cached("UPDATE field_index SET nextLeadID = ? WHERE field = ?")
    update.bind(1, end)
    update.bind(2, field.name)
    try update.run()
  }

  private func takeSomeOut(_ field: FilterField) throws(StoreError) {
    try run(
      """
      DELETE FROM field_value WHERE (field, value, leadID) IN
        (SELECT field, value, leadID FROM field_value WHERE field = ? LIMIT \(Self.piece))
      """, field)
    guard connection.changes == 0 else { return }
    try run("DELETE FROM field_index WHERE field = ? AND goes = \(Going.forGood.rawValue)", field)
    try run("UPDATE field_index SET goes = \(Going.no.rawValue) WHERE field = ?", field)
  }

  private func run(_ sql: String, _ field: FilterField) throws(StoreError) {
    let statement = try connection.cached(sql)
    statement.bind(1, field.name)
    try statement.run()
  }

  // MARK: - Looking up

  private func state(_ field: FilterField) throws(StoreError) -> (nextLeadID: Int64?, goes: Going)? {
    let rows = try connection.cached("SELECT nextLeadID, goes FROM field_index WHERE field = ?")
    defer { rows.reset() }
    rows.bind(1, field.name)
    guard try rows.step() else { return nil }
    return (rows.optionalInteger(0), Going(rawValue: rows.integer(1)) ?? .forGood)
  }

  func isComplete(_ field: FilterField) throws(StoreError) -> Bool {
    guard let state = try state(field) else { return false }
    return state.nextLeadID == nil && state.goes == .no
  }

  /// The leads that have the value, at most ``LeadProbe/limit``; nil for a field that is never indexed here.
  func leadIDs(_ field: FilterField, _ value: FilterValue) throws(StoreError) -> [LeadID]? {
    guard let expression = Self.expression(field) else { return nil }
    var sql = SQLText()
    if try isComplete(field) {
      sql.append("SELECT leadID FROM field_value WHERE field = ", .text(field.name))
      sql.append(" AND value = ", FieldSQL.value(value, of: field))
    } else {
      sql.append("SELECT leadID FROM lead_detail WHERE \(expression) = ", FieldSQL.value(value, of: field))
    }
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
    var sql = SQLText()
    let chosen = SQLText.Value.text("\(lists.map(\.rawValue))")
    if try FieldIndex(connection: connection).isComplete(field) {
      sql.append("SELECT min(leadID), max(leadID) FROM field_value v JOIN lead USING (leadID) WHERE v.field = ")
      sql.append("", .text(field.name))
      sql.append(" AND lead.listID IN (SELECT value FROM json_each(", chosen)
      sql.append(")) GROUP BY v.value")
    } else {
      sql.append("SELECT min(leadID), max(leadID) FROM \(Self.leadTables) WHERE lead.listID IN ")
      sql.append("(SELECT value FROM json_each(", chosen)
      // Emails are the same whatever their case.
      var value = SQLText()
      if field == .email { value.append("lead.emailKey") }
      if field != .email { value = FilterSQL(live: [], segments: [:]).expression(of: field) }
      sql.append(")) AND nullif(")
      sql.append(value)
      sql.append(", '') IS NOT NULL GROUP BY ")
      sql.append(value)
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
