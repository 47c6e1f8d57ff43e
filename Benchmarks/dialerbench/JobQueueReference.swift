import CSQLite
import Foundation

/// The reference for claims: how a job queue on SQLite does it. One indexed table; a claim is one `UPDATE … RETURNING`
/// of the first row that is due; so and so many claims a transaction; write-ahead log, `synchronous = FULL`.
final class JobQueueReference {
  private let database: OpaquePointer
  private var claim: OpaquePointer?
  private let path: String

  /// Makes the table anew with so many jobs, and its index.
  init(path: String, leads: Int) throws {
    self.path = path
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    var opened: OpaquePointer?
    guard sqlite3_open(path, &opened) == SQLITE_OK, let opened else {
      throw BenchmarkError("\(path) cannot be opened")
    }
    database = opened
    try execute("PRAGMA journal_mode = WAL")
    try execute("PRAGMA synchronous = FULL")
    try execute("PRAGMA cache_size = -65536")
    try execute(
      """
      CREATE TABLE job (
        id INTEGER PRIMARY KEY, list INTEGER NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL,
        dueAt INTEGER NOT NULL, claimedAt INTEGER, phone INTEGER NOT NULL, code TEXT NOT NULL)
      """)
    try execute(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(leads))
      INSERT INTO job SELECT i, 1 + i % 3, 0, 0, 0, NULL, 61200000000 + i, 'CRM-' || i FROM n
      """)
    try execute("CREATE INDEX job_due ON job(list, state, attempts, dueAt, id)")
    try execute("PRAGMA wal_checkpoint(TRUNCATE)")
    let sql = """
      UPDATE job SET state = 1, attempts = attempts + 1, claimedAt = ?1 WHERE id = (
        SELECT id FROM job WHERE list = ?2 AND state = 0 AND dueAt <= ?1 ORDER BY attempts, dueAt, id LIMIT 1)
      RETURNING id, phone, code
      """
    guard sqlite3_prepare_v2(database, sql, -1, &claim, nil) == SQLITE_OK else { throw fault(sql) }
  }

  deinit {
    sqlite3_finalize(claim)
    sqlite3_close(database)
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
  }

  /// Claims a second. With one claim a transaction each is on disk before the next begins.
  func rate(claims count: Int, perTransaction: Int) throws -> Double {
    var done = 0
    let seconds = try Stopwatch.seconds {
      while done < count {
        try execute("BEGIN IMMEDIATE")
        for _ in 0..<min(perTransaction, count - done) {
          try claimOne(list: done % 3 + 1, at: done)
          done += 1
        }
        try execute("COMMIT")
      }
    }
    return Double(count) / seconds
  }

  private func claimOne(list: Int, at: Int) throws {
    sqlite3_bind_int64(claim, 1, Int64(at))
    sqlite3_bind_int64(claim, 2, Int64(list))
    guard sqlite3_step(claim) == SQLITE_ROW else { throw BenchmarkError("the job queue of the reference ran dry") }
    // RETURNING gives its rows first; the statement is over with the next step.
    guard sqlite3_step(claim) == SQLITE_DONE else { throw fault("claim") }
    sqlite3_reset(claim)
  }

  private func execute(_ sql: String) throws {
    guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else { throw fault(sql) }
  }

  private func fault(_ sql: String) -> BenchmarkError {
    BenchmarkError("the reference's SQLite says: \(String(cString: sqlite3_errmsg(database))) (\(sql.prefix(40)))")
  }
}
