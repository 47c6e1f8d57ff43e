import CSQLite
import DialerModel

/// A lead that could be the one that a row of a file means.
public struct StoredMatch: Sendable, Hashable {
  public let leadID: LeadID
  public let listID: ListID
  public let emailKey: UInt64
  public let nameKey: UInt64
  public let isArchived: Bool
  public let phones: PhoneSet
}

/// Questions that an import asks for each row. They also find leads that are hidden: those of the import itself are what
/// later rows of the same file may match.
extension StoreReader {
  private static let candidateColumns =
    "lead.leadID, listID, lead.emailKey, nameKey, archived, phone1, phone2, phone3, phone4, phone5"

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

  public func candidate(_ lead: LeadID) throws(StoreError) -> StoredMatch? {
    let rows = try connection.cached("SELECT \(Self.candidateColumns) FROM lead WHERE leadID = ?1")
    rows.bind(1, Int64(lead.rawValue))
    return try candidates(rows).first
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

  /// The leads of these lists that have the value.
  public func holders(of unique: UniqueValue, in lists: Set<ListID>) throws(StoreError) -> [LeadID] {
    let found: [StoredMatch]
    switch (unique.field, unique.value) {
    case (.vendorLeadCode, .text(let code)): found = try candidates(vendorLeadCode: code)
    case (.email, .text): found = try candidates(emailKey: unique.key)
    case (let field, .phone(let phone)):
      let place = [FilterField.phone1, .phone2, .phone3, .phone4, .phone5].firstIndex(of: field)
      found = try candidates(phone: phone).filter { match in place.map { match.phones[$0] == phone } ?? false }
    default:
      var holders: [LeadID] = []
      for lead in try FieldIndex(connection: connection).leadIDs(unique.field, unique.value) ?? [] {
        if let list = try listID(of: lead), lists.contains(list) { holders.append(lead) }
      }
      return holders
    }
    return found.filter { lists.contains($0.listID) }.map(\.leadID)
  }

  private func listID(of lead: LeadID) throws(StoreError) -> ListID? {
    try connection.number("SELECT listID FROM lead WHERE leadID = ?") { $0.bind(1, Int64(lead.rawValue)) }
      .map { ListID(UInt32(truncatingIfNeeded: $0)) }
  }

  private func candidates(_ rows: Statement) throws(StoreError) -> [StoredMatch] {
    defer { rows.reset() }
    var found: [StoredMatch] = []
    while try rows.step() {
      var phones = PhoneSet()
      for place in 0..<PhoneSet.capacity {
        let digits = rows.integer(Int32(5 + place))
        if digits != 0 { phones[place] = PhoneNumber(digits: UInt64(bitPattern: digits)) }
      }
      found.append(
        StoredMatch(
          leadID: LeadID(UInt32(truncatingIfNeeded: rows.integer(0))),
          listID: ListID(UInt32(truncatingIfNeeded: rows.integer(1))),
          emailKey: UInt64(bitPattern: rows.integer(2)), nameKey: UInt64(bitPattern: rows.integer(3)),
          isArchived: rows.integer(4) != 0, phones: phones))
    }
    return found
  }
}
