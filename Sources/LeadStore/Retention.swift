import DialerModel

/// Takes old events out of the journal in small steps, so that no commit waits long.
struct Retention {
  let before: Instant
  let completion: @Sendable (Result<Int, StoreError>) -> Void
  var deleted = 0

  /// Rows a step: a millisecond or two.
  private static let rows: Int64 = 1_000

  init(before: Instant, completion: @escaping @Sendable (Result<Int, StoreError>) -> Void) {
    self.before = before
    self.completion = completion
  }

  /// Only from the oldest end, up to the first event that is to stay, so that what is left has no gap.
  /// - Returns: how many were deleted; 0 = done.
  func deleteSome(_ connection: Connection, projectedSeq: Int64) throws(StoreError) -> Int {
    guard let oldest = try connection.number("SELECT min(seq) FROM journal") else { return 0 }
    let end = min(oldest + Self.rows, projectedSeq + 1)
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
}
