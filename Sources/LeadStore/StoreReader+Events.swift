import DialerModel

extension StoreReader {
  /// Rows looked at for one answer at most, so that a rare type does not keep the caller.
  private static let eventsLookedAt: Int64 = 20_000

  /// The oldest event that is kept; the next one to come when none is.
  public func oldestSeq() throws(StoreError) -> Int64 {
    if let oldest = try connection.number("SELECT min(seq) FROM journal") { return oldest }
    return try projectedSeq() + 1
  }

  /// The newest event; 0 when there was none yet.
  public func lastSeq() throws(StoreError) -> Int64 {
    let projected = try projectedSeq()
    return max(projected, try connection.number("SELECT max(seq) FROM journal") ?? 0)
  }

  /// Events from a number on, for a subscriber that catches up: as clients see them, without lead states and attempts.
  ///
  /// - Parameters:
  ///   - types: only these; nil = all.
  ///   - campaignID: only those of this campaign; nil = all.
  /// - Returns: up to `limit` events, and where to go on. The list may be empty before the end is reached: the end is
  ///   where `next` is above ``lastSeq()``.
  public func events(
    from seq: Int64, limit: Int, types: [EventType]? = nil, campaignID: CampaignID? = nil
  ) throws(StoreError) -> (events: [JournalEvent], next: Int64) {
    let last = try lastSeq()
    let end = min(seq + Self.eventsLookedAt, last + 1)
    var sql = SQLText()
    sql.append(
      "SELECT seq, at, type, leadID, vendorLeadCode, campaignID, listID, attemptID, callID, members FROM journal")
    sql.append(" WHERE seq >= ", .integer(seq))
    sql.append(" AND seq < ", .integer(end))
    if let types {
      let numbers = types.map { "\($0.rawValue)" }.joined(separator: ",")
      sql.append(" AND type IN (\(numbers))")
    }
    if let campaignID { sql.append(" AND campaignID = ", .text(campaignID.rawValue)) }
    sql.append(" ORDER BY seq LIMIT ", .integer(Int64(limit)))
    let rows = try sql.prepare(on: connection)
    defer { rows.reset() }
    var events: [JournalEvent] = []
    while try rows.step() { events.append(try Self.event(rows)) }
    if events.count == limit, let newest = events.last { return (events, newest.seq + 1) }
    return (events, max(seq, end))
  }

  private static func event(_ rows: Statement) throws(StoreError) -> JournalEvent {
    guard let type = EventType(rawValue: UInt8(truncatingIfNeeded: rows.integer(2))) else {
      throw StoreError(
        operation: "read", kind: .corrupt, name: "journal", message: "event \(rows.integer(0)) is of no known type")
    }
    var event = JournalEvent(seq: rows.integer(0), at: rows.instant(1), type: type, members: rows.blob(9))
    event.leadID = rows.optionalInteger(3).map { LeadID(UInt32(truncatingIfNeeded: $0)) }
    event.vendorLeadCode = rows.optionalText(4)
    event.campaignID = rows.optionalText(5).map { CampaignID($0) }
    event.listID = rows.optionalInteger(6).map { ListID(UInt32(truncatingIfNeeded: $0)) }
    event.attemptID = rows.optionalInteger(7).map { AttemptID($0) }
    event.callID = rows.optionalText(8).map { CallID($0) }
    return event
  }
}
