import CSQLite
import DialerModel
import Glibc

extension LeadStore {
  /// Copies the database as it stands at one moment, while dialling goes on. On the caller's thread.
  ///
  /// The write-ahead log cannot be emptied meanwhile, and grows with what is written.
  /// - Parameters:
  ///   - target: a path at which nothing is yet.
  ///   - progress: called after each step with the pages copied and the pages in all; false stops the copying.
  /// - Throws: `other` named `exists` or `stopped`, `full`, `ioError`. What was begun of the copy is taken away.
  public func backup(
    to target: String, progress: (_ copied: Int, _ all: Int) -> Bool = { _, _ in true }
  ) throws(StoreError) {
    // Made here and now, so that no other file is ever overwritten.
    let file = open(target, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      let isThere = errno == EEXIST
      throw StoreError(
        operation: "backup", kind: isThere ? .other : errno == ENOSPC ? .full : .ioError,
        name: isThere ? "exists" : "errno \(errno)",
        message: isThere ? "there is a file at the target already" : "the target cannot be made")
    }
    Glibc.close(file)
    do throws(StoreError) {
      try copy(to: target, progress)
    } catch {
      unlink(target)
      throw error
    }
  }

  private func copy(to target: String, _ progress: (Int, Int) -> Bool) throws(StoreError) {
    /// 1 MiB: some milliseconds.
    let pagesAtOnce: Int32 = 256
    let source = try Connection(path: path, mode: .readWrite)
    let destination = try Connection(path: target, mode: .readWrite)
    // An open transaction keeps the copy at one moment: else it would begin anew with every commit.
    try source.execute("PRAGMA query_only = ON; BEGIN", "backup")
    _ = try source.number("SELECT count(*) FROM meta")
    guard let backup = sqlite3_backup_init(destination.handle, "main", source.handle, "main") else {
      throw destination.error("backup", sqlite3_errcode(destination.handle))
    }
    var code = SQLITE_OK
    var isStopped = false
    while code == SQLITE_OK, !isStopped {
      code = sqlite3_backup_step(backup, pagesAtOnce)
      let all = Int(sqlite3_backup_pagecount(backup))
      isStopped = !progress(all - Int(sqlite3_backup_remaining(backup)), all)
    }
    let finished = sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE else {
      if isStopped {
        throw StoreError(operation: "backup", kind: .other, name: "stopped", message: "the copying was stopped")
      }
      throw destination.error("backup", code == SQLITE_OK ? finished : code)
    }
  }

  /// Reads the whole database and looks for damage; empty = none was found. On the caller's thread; gigabytes take
  /// minutes.
  public func integrityCheck() throws(StoreError) -> [String] {
    let connection = try Connection(path: path, mode: .readWrite)
    try connection.execute("PRAGMA query_only = ON", "check")
    let rows = try connection.prepare("PRAGMA integrity_check(100)")
    var faults: [String] = []
    do throws(StoreError) {
      while try rows.step() { faults.append(rows.text(0)) }
    } catch {
      // Some damage stops the check itself: that is its finding.
      guard error.kind == .corrupt else { throw error }
      faults.append(error.message)
    }
    return faults == ["ok"] ? [] : faults
  }
}
