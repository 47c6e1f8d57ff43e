import DialerModel

/// Takes old rows out in small steps, so that no commit waits long.
struct Retention {
  enum Kind: String, Sendable {
    case events
    /// Attempts with their evidence.
    case attempts
  }

  let kind: Kind
  let before: Instant
  let completion: @Sendable (Result<Int, StoreError>) -> Void
  var deleted = 0

  /// Rows a step: a millisecond or two.
  private static let events: Int64 = 1_000
  /// Each of them lies in three tables.
  private static let attempts: Int64 = 200
  /// An attempt has one, and one more for each time that it was wrapped or noted later; what is left goes the next time.
  private static let courses: Int64 = 1_000

  init(_ kind: Kind, before: Instant, completion: @escaping @Sendable (Result<Int, StoreError>) -> Void) {
    self.kind = kind
    self.before = before
    self.completion = completion
  }

  /// Only from the oldest end, up to the first that is to stay, so that what is left has no gap.
  /// - Returns: how many were deleted; 0 = done.
  func deleteSome(_ connection: Connection, projectedSeq: Int64) throws(StoreError) -> Int {
    switch kind {
    case .events: try deleteEvents(connection, projectedSeq: projectedSeq)
    case .attempts: try deleteAttempts(connection)
    }
  }

  private func deleteEvents(_ connection: Connection, projectedSeq: Int64) throws(StoreError) -> Int {
    guard let oldest = try connection.number("SELECT min(seq) FROM journal") else { return 0 }
    let end = min(oldest + Self.events, projectedSeq + 1)
    let kept = try connection.number(
      "SELECT seq FROM journal WHERE seq >= ? AND seq < ? AND at >= ? ORDER BY seq LIMIT 1"
    ) {
      $0.bind(1, oldest)
      $0.bind(2, end)
      $0.bind(3, before.milliseconds)
    }
    let delete = try connection.cached("DELETE FROM journal WHERE seq < ?")
    delete.bind(1, kept ?? end)
    try delete.run()
    return connection.changes
  }

  // MARK: Attempts

  private struct Row {
    let attemptID: Int64
    let leadID: Int64
    let phone: Int64
    let leadDeleted: Bool
    let hash: [UInt8]
  }

  /// The chain of evidence then begins behind the last that is taken out.
  private func deleteAttempts(_ connection: Connection) throws(StoreError) -> Int {
    let rows = try oldAttempts(connection)
    guard let last = rows.last else {
      try deleteCourses(connection)
      return 0
    }
    for row in rows {
      try run(connection, "DELETE FROM attempt_of_lead WHERE leadID = ? AND attemptID = ?", row.leadID, row.attemptID)
      try run(connection, "DELETE FROM attempt_of_phone WHERE phone = ? AND attemptID = ?", row.phone, row.attemptID)
      try run(connection, "DELETE FROM attempt WHERE attemptID = ?", row.attemptID)
      try run(connection, "DELETE FROM attempt_note WHERE attemptID = ?", row.attemptID)
      guard row.leadDeleted else { continue }
      // Kept for the call log only.
      try run(
        connection,
        "DELETE FROM deleted_lead WHERE leadID = ?1 AND NOT EXISTS (SELECT 1 FROM attempt_of_lead WHERE leadID = ?1)",
        row.leadID)
    }
    try run(connection, "UPDATE meta SET value = ? WHERE key = 'evidenceBaseAttempt'", last.attemptID)
    let base = try connection.cached("UPDATE meta SET value = ? WHERE key = 'evidenceBase'")
    base.bind(1, blob: last.hash)
    try base.run()
    try deleteCourses(connection)
    return rows.count
  }

  /// The oldest records of what attempts came to, up to the first whose attempt is still there.
  private func deleteCourses(_ connection: Connection) throws(StoreError) {
    let oldest = try connection.cached(
      """
      SELECT seq, hash, attemptID <= (SELECT value FROM meta WHERE key = 'evidenceBaseAttempt') FROM attempt_course
      ORDER BY seq LIMIT ?
      """)
    defer { oldest.reset() }
    oldest.bind(1, Self.courses)
    var last: (seq: Int64, hash: [UInt8])?
    while try oldest.step(), oldest.integer(2) != 0 { last = (oldest.integer(0), oldest.blob(1)) }
    oldest.reset()
    guard let last else { return }
    try run(connection, "DELETE FROM attempt_course WHERE seq <= ?", last.seq)
    try run(connection, "UPDATE meta SET value = ? WHERE key = 'courseBaseSeq'", last.seq)
    let base = try connection.cached("UPDATE meta SET value = ? WHERE key = 'courseBase'")
    base.bind(1, blob: last.hash)
    try base.run()
  }

  private func oldAttempts(_ connection: Connection) throws(StoreError) -> [Row] {
    let oldest = try connection.cached(
      "SELECT attemptID, leadID, phone, leadDeleted, hash, startedAt, endedAt FROM attempt ORDER BY attemptID LIMIT ?")
    defer { oldest.reset() }
    oldest.bind(1, Self.attempts)
    var rows: [Row] = []
    while try oldest.step() {
      // A call that is going on stays whatever the clock says, and with it all that came later.
      guard oldest.instant(5) < before, !oldest.isNull(6) else { break }
      rows.append(
        Row(
          attemptID: oldest.integer(0), leadID: oldest.integer(1), phone: oldest.integer(2),
          leadDeleted: oldest.integer(3) != 0, hash: oldest.blob(4)))
    }
    return rows
  }

  private func run(_ connection: Connection, _ sql: String, _ values: Int64...) throws(StoreError) {
    let statement = try connection.cached(sql)
    for (place, value) in values.enumerated() { statement.bind(Int32(place + 1), value) }
    try statement.run()
  }
}
