import DialerModel

/// What the writer knows of the database without asking it. A value, so that a rollback takes it back as well.
struct WriterState {
  /// The journal's last.
  var lastSeq: Int64 = 0
  /// Every event up to this one is in the projection.
  var projectedSeq: Int64 = 0
  var nextLeadID: Int64 = 1
  var nextListID: Int64 = 1
  /// Attempts below are rows of the call log.
  var nextAttemptID: Int64 = 1
  /// The newest attempt in the journal: the next one must be above, or the chain of evidence would have no order.
  var lastStartedAttempt: Int64 = 0
  /// The hash of the newest row of the call log.
  var evidenceHead = [UInt8](repeating: 0, count: SHA256.byteCount)

  /// The newest record of what an attempt came to, and its hash.
  var courseThrough: Int64 = 0
  var courseHead = [UInt8](repeating: 0, count: SHA256.byteCount)

  var pending: Int { Int(lastSeq - projectedSeq) }

  init() {}

  init(_ connection: Connection) throws(StoreError) {
    projectedSeq = try Self.number("projectedSeq", connection)
    nextLeadID = try Self.number("nextLeadID", connection)
    nextListID = try Self.number("nextListID", connection)
    nextAttemptID = try Self.number("nextAttemptID", connection)
    courseThrough = try Self.number("courseThrough", connection)
    evidenceHead = try Self.bytes("evidenceHead", connection)
    courseHead = try Self.bytes("courseHead", connection)
    lastSeq = max(projectedSeq, try connection.number("SELECT max(seq) FROM journal") ?? 0)
    let started = try connection.number(
      "SELECT max(attemptID) FROM journal WHERE seq > ? AND type = \(EventType.attemptStarted.rawValue)"
    ) { $0.bind(1, projectedSeq) }
    lastStartedAttempt = max(nextAttemptID - 1, started ?? 0)
  }

  private static func bytes(_ key: String, _ connection: Connection) throws(StoreError) -> [UInt8] {
    let row = try connection.cached("SELECT value FROM meta WHERE key = ?")
    defer { row.reset() }
    row.bind(1, key)
    return try row.step() ? row.blob(0) : [UInt8](repeating: 0, count: SHA256.byteCount)
  }

  private static func number(_ key: String, _ connection: Connection) throws(StoreError) -> Int64 {
    let value = try connection.number("SELECT value FROM meta WHERE key = ?") { $0.bind(1, key) }
    guard let value else {
      throw StoreError(operation: "open", kind: .corrupt, name: "meta", message: "the row \(key) of meta is missing")
    }
    return value
  }

  /// Writes what differs from `before`.
  func save(_ connection: Connection, since before: WriterState) throws(StoreError) {
    if projectedSeq != before.projectedSeq { try put("projectedSeq", projectedSeq, connection) }
    if nextLeadID != before.nextLeadID { try put("nextLeadID", nextLeadID, connection) }
    if nextListID != before.nextListID { try put("nextListID", nextListID, connection) }
    if nextAttemptID != before.nextAttemptID {
      try put("nextAttemptID", nextAttemptID, connection)
      try put("evidenceHead", evidenceHead, connection)
    }
    if courseThrough != before.courseThrough {
      try put("courseThrough", courseThrough, connection)
      try put("courseHead", courseHead, connection)
    }
  }

  private func put(_ key: String, _ bytes: [UInt8], _ connection: Connection) throws(StoreError) {
    let statement = try connection.cached("UPDATE meta SET value = ? WHERE key = ?")
    statement.bind(1, blob: bytes)
    statement.bind(2, key)
    try statement.run()
  }

  private func put(_ key: String, _ value: Int64, _ connection: Connection) throws(StoreError) {
    let statement = try connection.cached("UPDATE meta SET value = ? WHERE key = ?")
    statement.bind(1, value)
    statement.bind(2, key)
    try statement.run()
  }
}
