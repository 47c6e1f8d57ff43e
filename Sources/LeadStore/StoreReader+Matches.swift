import CSQLite
import DialerModel

/// A lead that could be the one that a row of a file means.
public struct StoredMatch: Sendable, Hashable {
  public let leadID: LeadID
  public let listID: ListID
  public let emailKey: UInt64
  public let nameKey: UInt64
  public let isArchived: Bool
}

/// Questions that an import asks for each row. They also find leads that are hidden: those of the import itself are what
/// later rows of the same file may match.
extension StoreReader {
  private static let candidateColumns = "lead.leadID, listID, lead.emailKey, nameKey, archived"

  public func candidates(vendorLeadCode: String) throws(StoreError) -> [StoredMatch] {
    let rows = try connection.cached(
      "SELECT \(Self.candidateColumns) FROM lead WHERE vendorLeadCode = ?1 ORDER BY leadID")
    rows.bind(1, vendorLeadCode)
    return try candidates(rows)
  }

  /// In any of the five places.
  public func candidates(phone: PhoneNumber) throws(StoreError) -> [StoredMatch] {
    let rows = try connection.cached(
      """
      SELECT \(Self.candidateColumns) FROM lead_of_phone k CROSS JOIN lead USING (leadID) WHERE k.phone = ?1
      ORDER BY k.leadID
      """)
    rows.bind(1, Int64(bitPattern: phone.digits))
    return try candidates(rows)
  }

  public func candidates(emailKey: UInt64) throws(StoreError) -> [StoredMatch] {
    let rows = try connection.cached(
      """
      SELECT \(Self.candidateColumns) FROM lead_of_email k CROSS JOIN lead USING (leadID) WHERE k.emailKey = ?1
      ORDER BY k.leadID
      """)
    rows.bind(1, Int64(bitPattern: emailKey))
    return try candidates(rows)
  }

  public func source(of lead: LeadID) throws(StoreError) -> String? {
    try connection.text("SELECT source FROM lead_detail WHERE leadID = ?") { $0.bind(1, Int64(lead.rawValue)) }
  }

  /// Many questions over one view of the database cost half of what each costs alone.
  public func inOneView<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    try connection.execute("BEGIN", "read")
    defer { _ = sqlite3_exec(connection.handle, "COMMIT", nil, nil, nil) }
    return try body()
  }

  private func candidates(_ rows: Statement) throws(StoreError) -> [StoredMatch] {
    defer { rows.reset() }
    var found: [StoredMatch] = []
    while try rows.step() {
      found.append(
        StoredMatch(
          leadID: LeadID(UInt32(truncatingIfNeeded: rows.integer(0))),
          listID: ListID(UInt32(truncatingIfNeeded: rows.integer(1))),
          emailKey: UInt64(bitPattern: rows.integer(2)), nameKey: UInt64(bitPattern: rows.integer(3)),
          isArchived: rows.integer(4) != 0))
    }
    return found
  }
}
