import DialerModel
import Foundation

/// A lead with everything that is stored of it.
public struct StoredLead: Sendable, Hashable {
  public var record: LeadRecord
  public var vendorLeadCode: String?
  public var details: LeadDetails
  public var lastContactedAt: Instant?
  public var lastAgentID: AgentID?
  /// Of the last call that was wrapped.
  public var wrapCode: String?
  /// The next callback that is agreed, in whatever campaign.
  public var callbackAt: Instant?
}

extension StoreReader {
  static let leadColumns = """
    \(LeadScan.columns), firstName, lastName, email, source, owner, postalCode, custom, createdAt, updatedAt,
    lastContactedAt, lastAgentID, wrapCode, (SELECT min(c.at) FROM callback c WHERE c.leadID = lead.leadID)
    """
  static let leadTables = "lead LEFT JOIN lead_detail USING (leadID)"
  static let leadColumnCount = LeadScan.columnCount + 13

  /// Nil when there is no such lead.
  public func lead(_ leadID: LeadID) throws(StoreError) -> StoredLead? {
    let rows = try connection.cached("SELECT \(Self.leadColumns) FROM \(Self.leadTables) WHERE leadID = ?")
    defer { rows.reset() }
    rows.bind(1, Int64(leadID.rawValue))
    return try rows.step() ? Self.read(rows) : nil
  }

  /// Those of them that exist, in the order given.
  public func leads(_ leadIDs: [LeadID]) throws(StoreError) -> [StoredLead] {
    var found: [StoredLead] = []
    found.reserveCapacity(leadIDs.count)
    for leadID in leadIDs {
      if let lead = try lead(leadID) { found.append(lead) }
    }
    return found
  }

  /// The leads of that code, in one list or in all, lowest id first.
  public func leadIDs(vendorLeadCode: String, listID: ListID? = nil) throws(StoreError) -> [LeadID] {
    var query = SQLText()
    query.append("SELECT leadID FROM lead WHERE vendorLeadCode = ", .text(vendorLeadCode))
    if let listID { query.append(" AND +listID = ", .integer(Int64(listID.rawValue))) }
    return try ids(query)
  }

  /// The leads that have the number in any place, lowest id first.
  public func leadIDs(phone: PhoneNumber) throws(StoreError) -> [LeadID] {
    var query = SQLText()
    query.append("SELECT leadID FROM lead_of_phone WHERE phone = ", .integer(Int64(bitPattern: phone.digits)))
    return try ids(query)
  }

  /// The leads whose email has that hash (``LeadRecord/emailKey``), lowest id first.
  public func leadIDs(emailKey: UInt64) throws(StoreError) -> [LeadID] {
    guard emailKey != 0 else { return [] }
    var query = SQLText()
    query.append("SELECT leadID FROM lead_of_email WHERE emailKey = ", .integer(Int64(bitPattern: emailKey)))
    return try ids(query)
  }

  /// Every lead of a list, lowest id first.
  public func leadIDs(listID: ListID) throws(StoreError) -> [LeadID] {
    var query = SQLText()
    query.append("SELECT leadID FROM lead WHERE listID = ", .integer(Int64(listID.rawValue)))
    return try ids(query)
  }

  /// The code of a lead that was deleted, as its rows in the call log have it.
  public func deletedVendorLeadCode(_ leadID: LeadID) throws(StoreError) -> String? {
    try connection.text("SELECT vendorLeadCode FROM deleted_lead WHERE leadID = ?") {
      $0.bind(1, Int64(leadID.rawValue))
    }
  }

  private func ids(_ query: SQLText) throws(StoreError) -> [LeadID] {
    var visible = SQLText()
    visible.append("SELECT leadID FROM (")
    visible.append(query)
    visible.append(") AS lead WHERE \(LeadScan.visible) ORDER BY leadID")
    let rows = try visible.prepare(on: connection)
    defer { rows.reset() }
    var ids: [LeadID] = []
    while try rows.step() { ids.append(LeadID(UInt32(truncatingIfNeeded: rows.integer(0)))) }
    return ids
  }

  static func read(_ rows: Statement) throws(StoreError) -> StoredLead {
    let first = LeadScan.columnCount
    var details = LeadDetails(createdAt: rows.instant(first + 7))
    details.firstName = rows.optionalText(first)
    details.lastName = rows.optionalText(first + 1)
    details.email = rows.optionalText(first + 2)
    details.source = rows.optionalText(first + 3)
    details.owner = rows.optionalText(first + 4)
    details.postalCode = rows.optionalText(first + 5)
    if let custom = rows.optionalText(first + 6) {
      guard let object = (try? JSON(parsing: custom))?.objectValue else {
        throw StoreError(
          operation: "read", kind: .corrupt, name: "document", message: "a row of table lead_detail cannot be read")
      }
      details.custom = object
    }
    details.updatedAt = rows.instant(first + 8)
    return StoredLead(
      record: LeadScan.read(rows.handle), vendorLeadCode: rows.optionalText(LeadScan.vendorLeadCode), details: details,
      lastContactedAt: rows.optionalInstant(first + 9), lastAgentID: rows.optionalText(first + 10).map { AgentID($0) },
      wrapCode: rows.optionalText(first + 11), callbackAt: rows.optionalInstant(first + 12))
  }
}
