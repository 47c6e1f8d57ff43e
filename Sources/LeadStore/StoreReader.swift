import CSQLite
import DialerModel

/// Questions to the database on a connection of its own, which never waits for the writer.
///
/// For one thread at a time; make as many as there are threads that ask. It sees whole transactions; what the journal
/// has and the projection has not yet shows after ``LeadStore/flushProjection(_:)``.
public final class StoreReader {
  let connection: Connection

  init(path: String) throws(StoreError) {
    connection = try Connection(path: path, mode: .readWrite)
    // Read-only by rule, not by mode: a reader of a log in use must be able to write its shared index.
    try connection.execute("PRAGMA query_only = ON", "open")
    try connection.execute("PRAGMA wal_autocheckpoint = 0", "open")
  }

  /// How often the value of a key of `meta` is asked for is rare; it has no type of its own.
  func meta(_ key: String) throws(StoreError) -> Int64? {
    try connection.number("SELECT value FROM meta WHERE key = ?") { $0.bind(1, key) }
  }

  /// When the database was made.
  public func createdAt() throws(StoreError) -> Instant? {
    try meta("createdAt").map { Instant(milliseconds: $0) }
  }

  /// When the last event happened that the projections contain; nil when there is none, or it is not kept any more.
  public func projectedAt() throws(StoreError) -> Instant? {
    let seq = try projectedSeq()
    let at = try connection.number("SELECT at FROM journal WHERE seq = ?") { $0.bind(1, seq) }
    return at.map { Instant(milliseconds: $0) }
  }

  /// The last event that the projections contain.
  public func projectedSeq() throws(StoreError) -> Int64 { try meta("projectedSeq") ?? 0 }
}

extension LeadStore {
  /// A reader of the caller's own.
  public func makeReader() throws(StoreError) -> StoreReader { try StoreReader(path: path) }
}
