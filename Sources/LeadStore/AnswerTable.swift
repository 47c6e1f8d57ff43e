import DialerModel

/// First answers to requests with a `requestID`, kept for 24 hours.
final class AnswerTable {
  /// The control protocol's promise.
  static let kept = Interval.hours(24)
  private static let pruneEvery = Interval.minutes(10)
  private let connection: Connection
  private var prunedAt = Instant.distantPast

  init(_ connection: Connection) { self.connection = connection }

  func add(_ answer: RememberedAnswer) throws(StoreError) {
    let insert = try connection.cached(
      """
      INSERT OR REPLACE INTO remembered_answer (userID, requestID, fingerprint, answer, at, isError)
      VALUES (?, ?, ?, ?, ?, ?)
      """)
    insert.bind(1, Int64(answer.userID))
    insert.bind(2, answer.requestID)
    insert.bind(3, Int64(bitPattern: answer.fingerprint))
    insert.bind(4, blob: answer.answer)
    insert.bind(5, answer.at.milliseconds)
    insert.bind(6, answer.isError ? 1 : 0)
    try insert.run()
    if answer.at - prunedAt >= Self.pruneEvery || answer.at < prunedAt { try prune(answer.at) }
  }

  private func prune(_ now: Instant) throws(StoreError) {
    let delete = try connection.cached("DELETE FROM remembered_answer WHERE at < ?")
    delete.bind(1, (now - Self.kept).milliseconds)
    try delete.run()
    prunedAt = now
  }

  /// Those that still count, oldest first.
  static func recent(_ connection: Connection, now: Instant) throws(StoreError) -> [RememberedAnswer] {
    let rows = try connection.prepare(
      """
      SELECT userID, requestID, fingerprint, answer, at, isError FROM remembered_answer WHERE at > ?
      ORDER BY at, requestID
      """)
    rows.bind(1, (now - kept).milliseconds)
    var answers: [RememberedAnswer] = []
    while try rows.step() {
      answers.append(
        RememberedAnswer(
          userID: UInt32(truncatingIfNeeded: rows.integer(0)), requestID: rows.text(1),
          fingerprint: UInt64(bitPattern: rows.integer(2)), answer: rows.blob(3),
          isError: rows.integer(5) != 0, at: rows.instant(4)))
    }
    return answers
  }
}
