import CSQLite

/// Brings the write-ahead log over into the database file on a thread and a connection of its own, because a checkpoint
/// inside a commit makes that commit the slowest of all.
///
/// What the writer adds meanwhile is left over. Once that is little, the writer is asked to bring it over itself: it
/// alone can be sure that nothing is added, and then the log begins anew in place and does not grow.
///
/// Sendable: the flags are touched under the monitor, the connection by this thread only.
final class Checkpointer: @unchecked Sendable {
  private let connection: Connection
  private let queue: CommitQueue
  private let monitor = Monitor()
  private var isRequested = false
  /// The file of the log is to be emptied as well.
  private var empties = false
  private var isClosed = false
  /// The writer has yet to do its part of the last request.
  private var isAtWriter = false

  /// So many pages the writer brings over itself: 8 MiB.
  private static let tailPages: Int32 = 2_048
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

  /// - Parameter empties: also what the log has of old is to go, which is otherwise written over in time.
  func request(empties: Bool = false) {
    monitor.withLock {
      if empties { self.empties = true }
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
      let isDone = bringOver()
      if takesEmptying() {
        if !queue.add(.emptyLog { [weak self] in self?.done() }) { done() }
      } else if isDone {
        done()
      } else if !queue.add(.checkpoint(truncate: false, { [weak self] _ in self?.done() })) {
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

  private func takesEmptying() -> Bool {
    monitor.withLock {
      guard empties else { return false }
      empties = false
      isAtWriter = true
      return true
    }
  }

  private func done() {
    monitor.withLock {
      // Asked for meanwhile.
      isRequested = empties
      isAtWriter = false
      monitor.signalAll()
    }
  }

  /// Whether nothing is left over.
  private func bringOver() -> Bool {
    for _ in 0..<Self.rounds {
      var pages: Int32 = 0
      var brought: Int32 = 0
      let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, &pages, &brought)
      // An error here loses nothing: the log keeps everything, and the next request tries again.
      guard code == SQLITE_OK else { break }
      if pages <= brought { return true }
      if pages - brought <= Self.tailPages { break }
    }
    monitor.withLock { isAtWriter = true }
    return false
  }
}
