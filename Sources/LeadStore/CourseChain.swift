import DialerModel

/// What a call came to changes until it is wrapped, and once more when a supervisor sees it otherwise. So that a change
/// by anybody else shows, each end and each later wrap is a record that is only ever added, with SHA-256 over the record
/// before it and its own content; the row of the call log must agree with the newest record of its attempt.
final class CourseChain {
  /// A record. The bytes are valid as long as those that they were taken from.
  struct Record {
    /// That of the event which it was made from.
    var seq: Int64
    var attemptID: Int64
    var agentID: UnsafeRawBufferPointer?
    var dialledAt: Int64?
    var ringingAt: Int64?
    var answeredAt: Int64?
    var connectedAt: Int64?
    var endedAt: Int64
    var outcome: Int64?
    var cause: Int64?
    var counted: Bool
    var wrapCode: UnsafeRawBufferPointer?
  }

  private let arena = ByteArena()
  private var sha = SHA256()

  func hash(after previous: [UInt8], _ record: Record) -> [UInt8] {
    arena.clear()
    previous.withUnsafeBytes { arena.append($0) }
    arena.append(record.seq)
    arena.append(record.attemptID)
    arena.append(record.endedAt)
    arena.append(record.counted ? 1 : 0 as UInt8)
    // No instant and no code is this low.
    for number in [
      record.dialledAt, record.ringingAt, record.answeredAt, record.connectedAt, record.outcome, record.cause,
    ] { arena.append(number ?? .min) }
    arena.append(optional: record.agentID)
    arena.append(optional: record.wrapCode)
    sha.update(arena.bytes(0..<arena.count))
    return sha.finish()
  }
}

extension CourseChain.Record {
  /// - Returns: nil for an attempt that has not ended.
  init?(_ attempt: AttemptView, seq: Int64) {
    guard let endedAt = attempt.endedAt else { return nil }
    self.init(
      seq: seq, attemptID: attempt.attemptID, agentID: attempt.agentID, dialledAt: attempt.dialledAt,
      ringingAt: attempt.ringingAt, answeredAt: attempt.answeredAt, connectedAt: attempt.connectedAt, endedAt: endedAt,
      outcome: attempt.outcome, cause: attempt.cause, counted: attempt.counted, wrapCode: attempt.wrapCode)
  }

  /// What a row of the call log has as well.
  static let shared = [
    "attemptID", "agentID", "dialledAt", "ringingAt", "answeredAt", "connectedAt", "endedAt", "outcome", "cause",
    "counted", "wrapCode",
  ]
  static let columns = (["seq"] + shared + ["hash"]).map { "c.\($0)" }.joined(separator: ", ")
  static let hashColumn: Int32 = 12
  static let columnCount: Int32 = 13

  /// A row of a query that begins with ``columns``, until its next step.
  init(_ row: Statement) {
    self.init(
      seq: row.integer(0), attemptID: row.integer(1), agentID: row.bytes(2), dialledAt: row.optionalInteger(3),
      ringingAt: row.optionalInteger(4), answeredAt: row.optionalInteger(5), connectedAt: row.optionalInteger(6),
      endedAt: row.integer(7), outcome: row.optionalInteger(8), cause: row.optionalInteger(9),
      counted: row.integer(10) != 0, wrapCode: row.bytes(11))
  }
}
