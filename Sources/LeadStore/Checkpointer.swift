import CSQLite

/// Brings the write-ahead log over into the database file on a thread and a connection of its own, because a checkpoint
/// inside a commit makes that commit the slowest of all.
///
/// What the writer adds meanwhile is left over. Once that is little, the writer is asked to bring it over itself: it
/// alone can be sure that nothing is added, and then the log begins anew in place and does not grow. It is asked also
/// when nothing is left over: a transaction that began before goes on behind the end of the log all the same, and where
/// one long transaction follows another, as in an import, the log would grow without end.
///
/// Sendable: the flags are touched under the monitor, the connection by this thread only.
final class Checkpointer: @unchecked Sendable {
  private let connection: Connection
  private let queue: CommitQueue
  private let monitor = Monitor()
  private var isRequested = false
  private var isClosed = false
  /// The writer has yet to do its part of the last request.
  private var isAtWriter = false

  /// So many pages the writer brings over itself: 8 MiB.
  static let tailPages: Int32 = 2_048
  /// So often the log is brought over while it grows as fast; then the writer has to wait for the rest.
  private static let rounds = 4

  init(path: String, queue: CommitQueue) throws(StoreError) {
    connection = try Connection(path: path, mode: .readWrite)
    try connection.execute("PRAGMA wal_autocheckpoint = 0", "open")
    // A connection that has read nothing does not know of the log yet: SQLite then says that there is nothing to bring
    // over, and brings nothing over.
    _ = try connection.number("PRAGMA schema_version")
    self.queue = queue
  }

  func request() {
    monitor.withLock {
      guard !isRequested else { return }
      isRequested = true
      monitor.signalAll()
    }
  }

  func close() {
    monitor.withLock {
      isClosed = true
      monitor.signalAll()
    }
  }

  func run() {
    while waitForRequest() {
      bringOver()
      if !queue.add(.checkpoint(truncate: false, { [weak self] _ in self?.done() })) {
        done()
      }
    }
  }

  private func waitForRequest() -> Bool {
    monitor.lock()
    defer { monitor.unlock() }
    while !isClosed {
      if isRequested, !isAtWriter { return true }
      monitor.wait()
    }
    return false
  }

  private func done() {
    monitor.withLock {
      isRequested = false
      isAtWriter = false
      monitor.signalAll()
    }
  }

  private func bringOver() {
    for _ in 0..<Self.rounds {
      var pages: Int32 = 0
      var brought: Int32 = 0
      let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, &pages, &brought)
      // An error here loses nothing: the log keeps everything, and the next request tries again.
      guard code == SQLITE_OK else { break }
      if pages - brought <= Self.tailPages { break }
    }
    monitor.withLock { isAtWriter = true }
  }
}
