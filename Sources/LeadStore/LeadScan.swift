import CSQLite
import DialerModel

/// Reads leads out of the hot table without making a string or an array: ten million of them at each start.
struct LeadScan {
  /// The columns that ``read(_:)`` expects first, in this order.
  static let columns = """
    leadID, listID, phone1, phone2, phone3, phone4, phone5, location, rank, entered, emailKey, nameKey,
    status, lastAttemptAt, retryAt, retriesLow, retriesHigh, progress, vendorLeadCode
    """
  static let vendorLeadCode: Int32 = 18
  /// How many columns these are.
  static let columnCount: Int32 = 19

  /// Leads whose import is not committed are not there. The two questions are answered once a statement, in the same
  /// view of the database as the rest of it.
  static let visible = """
    NOT (lead.leadID BETWEEN coalesce((SELECT firstLeadID FROM hidden_leads), 0)
      AND coalesce((SELECT lastLeadID FROM hidden_leads), -1))
    """

  @inline(__always) static func read(_ row: OpaquePointer) -> LeadRecord {
    var phones = PhoneSet()
    phones.numbers = (
      UInt64(bitPattern: sqlite3_column_int64(row, 2)), UInt64(bitPattern: sqlite3_column_int64(row, 3)),
      UInt64(bitPattern: sqlite3_column_int64(row, 4)), UInt64(bitPattern: sqlite3_column_int64(row, 5)),
      UInt64(bitPattern: sqlite3_column_int64(row, 6))
    )
    var lead = LeadRecord(
      leadID: LeadID(UInt32(truncatingIfNeeded: sqlite3_column_int64(row, 0))),
      listID: ListID(UInt32(truncatingIfNeeded: sqlite3_column_int64(row, 1))), phones: phones,
      zone: 0, entered: Instant(milliseconds: sqlite3_column_int64(row, 9)))
    PackedLead.setLocation(sqlite3_column_int64(row, 7), of: &lead)
    if sqlite3_column_type(row, 8) != SQLITE_NULL {
      lead.rank = Int32(truncatingIfNeeded: sqlite3_column_int64(row, 8))
    }
    lead.emailKey = UInt64(bitPattern: sqlite3_column_int64(row, 10))
    lead.nameKey = UInt64(bitPattern: sqlite3_column_int64(row, 11))
    lead.state = state(row)
    return lead
  }

  @inline(__always) private static func state(_ row: OpaquePointer) -> LeadState {
    var state = LeadState()
    state.status = status(row)
    state.lastAttemptAt = Instant(milliseconds: sqlite3_column_int64(row, 13))
    state.retryAt = Instant(milliseconds: sqlite3_column_int64(row, 14))
    state.retries = OutcomeCounts(
      low: UInt64(bitPattern: sqlite3_column_int64(row, 15)), high: UInt64(bitPattern: sqlite3_column_int64(row, 16)))
    PackedLead.setProgress(sqlite3_column_int64(row, 17), of: &state)
    return state
  }

  /// The code's bytes packed as ``StatusCode`` packs them.
  @inline(__always) private static func status(_ row: OpaquePointer) -> StatusCode {
    guard let text = sqlite3_column_text(row, 12) else { return .new }
    var packed: UInt64 = 0
    for index in 0..<Int(min(sqlite3_column_bytes(row, 12), 8)) { packed = packed << 8 | UInt64(text[index]) }
    return StatusCode(packed: packed)
  }

  @inline(__always) static func code(_ row: OpaquePointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: sqlite3_column_blob(row, vendorLeadCode), count: Int(sqlite3_column_bytes(row, vendorLeadCode)))
  }
}
