import DialerModel

/// Writes leads: the hot row and the cold one.
struct LeadTable {
  let connection: Connection

  private static let staticColumns =
    "listID, phone1, phone2, phone3, phone4, phone5, vendorLeadCode, location, rank, entered, emailKey, nameKey"
  static let stateColumns =
    "status, lastAttemptAt, retryAt, retriesLow, retriesHigh, progress"
  private static let staticCount: Int32 = 12
  static let stateCount: Int32 = 6

  private static let insertSQL = """
    INSERT INTO lead (\(staticColumns), \(stateColumns), leadID)
    VALUES (\(Array(repeating: "?", count: 19).joined(separator: ", ")))
    """
  private static let updateSQL = """
    UPDATE lead SET (\(staticColumns)) = (\(Array(repeating: "?", count: 12).joined(separator: ", ")))
    WHERE leadID = ?
    """
  static let assignState = stateColumns.split(separator: ",").map { "\($0) = ?" }.joined(separator: ",")
  private static let updateStateSQL = "UPDATE lead SET \(assignState) WHERE leadID = ?"

  /// - Parameter keys: get what the caller writes before the transaction ends.
  func add(_ leads: [NewLead], _ keys: inout LeadKeys) throws(StoreError) {
    let insert = try connection.cached(Self.insertSQL)
    let put = try connection.cached(Self.putSQL)
    for lead in leads {
      bindStatic(insert, lead.record, lead.vendorLeadCode)
      Self.bind(insert, lead.record.state, from: Self.staticCount + 1)
      insert.bind(19, Int64(lead.record.leadID.rawValue))
      try insert.run()
      try Self.put(lead.details, of: lead.record.leadID, put)
      keys.add(lead.record)
    }
  }

  func update(_ lead: LeadRecord, _ vendorLeadCode: String?, _ details: LeadDetails) throws(StoreError) {
    let update = try connection.cached(Self.updateSQL)
    bindStatic(update, lead, vendorLeadCode)
    update.bind(13, Int64(lead.leadID.rawValue))
    try update.run()
    guard connection.changes > 0 else { return }
    try Self.put(details, of: lead.leadID, connection.cached(Self.putSQL))
  }

  func setState(_ state: LeadState, of lead: LeadID) throws(StoreError) {
    let update = try connection.cached(Self.updateStateSQL)
    Self.bind(update, state, from: 1)
    update.bind(7, Int64(lead.rawValue))
    try update.run()
  }

  private func bindStatic(_ statement: Statement, _ lead: LeadRecord, _ vendorLeadCode: String?) {
    statement.bind(1, Int64(lead.listID.rawValue))
    for index in 0..<PhoneSet.capacity {
      statement.bind(Int32(2 + index), nonZero: lead.phones[index]?.digits ?? 0)
    }
    statement.bind(7, vendorLeadCode)
    statement.bind(8, PackedLead.location(of: lead))
    statement.bind(9, lead.rank == LeadRecord.missingRank ? nil : Int64(lead.rank))
    statement.bind(10, lead.entered.milliseconds)
    statement.bind(11, nonZero: lead.emailKey)
    statement.bind(12, nonZero: lead.nameKey)
  }

  /// Six parameters in the order of ``stateColumns``.
  @inline(__always) static func bind(_ statement: Statement, _ state: LeadState, from first: Int32) {
    statement.bind(first, status: state.status)
    statement.bind(first + 1, state.lastAttemptAt.milliseconds)
    statement.bind(first + 2, state.retryAt.milliseconds)
    statement.bind(first + 3, Int64(bitPattern: state.retries.low))
    statement.bind(first + 4, Int64(bitPattern: state.retries.high))
    statement.bind(first + 5, PackedLead.progress(of: state))
  }

  private static let putSQL = """
    INSERT OR REPLACE INTO lead_detail
      (leadID, firstName, lastName, email, source, owner, postalCode, custom, createdAt, updatedAt)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private static func put(_ details: LeadDetails, of lead: LeadID, _ statement: Statement) throws(StoreError) {
    statement.bind(1, Int64(lead.rawValue))
    statement.bind(2, details.firstName)
    statement.bind(3, details.lastName)
    statement.bind(4, details.email)
    statement.bind(5, details.source)
    statement.bind(6, details.owner)
    statement.bind(7, details.postalCode)
    statement.bind(8, details.custom.map { JSON.object($0).text })
    statement.bind(9, details.createdAt.milliseconds)
    statement.bind(10, details.updatedAt.milliseconds)
    try statement.run()
  }

  // MARK: Many at once

  func setOwner(_ leads: [LeadID], _ owner: String?) throws(StoreError) {
    let statement = try connection.cached("UPDATE lead_detail SET owner = ? WHERE leadID = ?")
    statement.bind(1, owner)
    for lead in leads {
      statement.bind(2, Int64(lead.rawValue))
      try statement.run()
    }
  }

  func setRank(_ leads: [LeadID], _ rank: Int32) throws(StoreError) {
    let statement = try connection.cached("UPDATE lead SET rank = ? WHERE leadID = ?")
    statement.bind(1, rank == LeadRecord.missingRank ? nil : Int64(rank))
    for lead in leads {
      statement.bind(2, Int64(lead.rawValue))
      try statement.run()
    }
  }

  func move(_ leads: [LeadID], to list: ListID, entered: Instant) throws(StoreError) {
    let statement = try connection.cached("UPDATE lead SET listID = ?, entered = ? WHERE leadID = ?")
    statement.bind(1, Int64(list.rawValue))
    statement.bind(2, entered.milliseconds)
    for lead in leads {
      statement.bind(3, Int64(lead.rawValue))
      try statement.run()
    }
  }

  func setUpdated(_ leads: [LeadID], at: Instant) throws(StoreError) {
    let statement = try connection.cached("UPDATE lead_detail SET updatedAt = ? WHERE leadID = ?")
    statement.bind(1, at.milliseconds)
    for lead in leads {
      statement.bind(2, Int64(lead.rawValue))
      try statement.run()
    }
  }

  private static let deletions = [
    // Both ids stay findable for the call log.
    """
    INSERT OR REPLACE INTO deleted_lead SELECT leadID, vendorLeadCode FROM lead
    WHERE leadID = ? AND vendorLeadCode IS NOT NULL
    """,
    """
    UPDATE attempt SET leadDeleted = 1, notes = NULL, recording = NULL
    WHERE attemptID IN (SELECT attemptID FROM attempt_of_lead WHERE leadID = ?)
    """,
    "DELETE FROM attempt_note WHERE attemptID IN (SELECT attemptID FROM attempt_of_lead WHERE leadID = ?)",
    """
    UPDATE remembered_answer SET isError = 0, answer = CAST('{"leadID":' || leadID || ',"leadDeleted":true}' AS BLOB)
    WHERE leadID = ?
    """, "DELETE FROM callback WHERE leadID = ?",
    "DELETE FROM lead_detail WHERE leadID = ?", "DELETE FROM lead WHERE leadID = ?",
  ]

  /// The caller sees to it that freed bytes are overwritten.
  func delete(_ leads: [LeadID]) throws(StoreError) {
    for lead in leads {
      for sql in Self.deletions {
        let statement = try connection.cached(sql)
        statement.bind(1, Int64(lead.rawValue))
        try statement.run()
      }
    }
  }
}
