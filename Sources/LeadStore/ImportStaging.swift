import CSQLite
import DialerModel
import Glibc

/// One row of a file on its way to becoming a lead.
public struct StagedRow: Sendable, Hashable {
  public enum State: Int64, Sendable {
    case valid = 0
    case invalid = 1
    case existing = 2
    /// It has nothing wrong in it but a value that is to be unique and that a row before it has.
    case repeated = 3
  }
  /// From 1, in the order of the file.
  public var row: Int64
  /// Of the file, from 1.
  public var line: Int64
  public var state: State
  /// The record as CSV in UTF-8, with commas.
  public var record: [UInt8]
  /// What is wrong with an invalid row: field, reason, message.
  public var fault: [String]
  /// A hash of the vendor lead code, 0 = none, and the numbers: by these a lead that is deleted is found here.
  public var codeKey: UInt64
  public var phones: [UInt64]
  /// Keys of values that are to be unique. They are written and not read.
  public var values: [UInt64] = []
  /// The same for rows that make one lead together; 0 = this one makes its own. Not read either.
  public var leadKey: UInt64 = 0
  public init(row: Int64, line: Int64, state: State, record: [UInt8]) {
    self.row = row
    self.line = line
    self.state = state
    self.record = record
    fault = []
    codeKey = 0
    phones = []
  }
}

/// A change of a lead that is there already, worked out when its import was committed.
public struct PlannedChange: Sendable, Hashable {
  public var row: Int64
  public var leadID: LeadID
  public var moves: Bool
  public init(row: Int64, leadID: LeadID, moves: Bool) {
    self.row = row
    self.leadID = leadID
    self.moves = moves
  }
}

/// The rows of one import, in a database of their own beside the dialer's: neither the engine nor its writer waits for
/// them, and when the import ends the file is gone with everything that was in it.
///
/// For one thread at a time. What a transaction of it has committed is on disk.
public final class ImportStaging {
  private let connection: Connection
  private let path: String
  public let alterations: StagedAlterations
  public let values: StagedValues
  private static let columns = "row, line, state, record, field, reason, message, codeKey, phones"

  public static func exists(path: String) -> Bool { access(path, F_OK) == 0 }

  /// Opens the file, or makes it, readable for its owner only.
  public init(path: String) throws(StoreError) {
    self.path = path
    let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw StoreError(
        operation: "import", kind: errno == ENOSPC ? .full : .ioError, name: "errno \(errno)",
        message: "the file for the rows of the import cannot be made")
    }
    Glibc.close(file)
    connection = try Connection(path: path, mode: .readWriteCreate)
    try connection.execute(
      """
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
      CREATE TABLE IF NOT EXISTS upload (one INTEGER PRIMARY KEY CHECK (one = 1), document TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS staged (
        row INTEGER PRIMARY KEY, line INTEGER NOT NULL, state INTEGER NOT NULL, codeKey INTEGER NOT NULL, phones BLOB,
        field TEXT, reason TEXT, message TEXT, record BLOB NOT NULL) STRICT;
      CREATE INDEX IF NOT EXISTS staged_faulty ON staged(row) WHERE state IN (1, 3);
      CREATE INDEX IF NOT EXISTS staged_existing ON staged(row) WHERE state = 2;
      CREATE TABLE IF NOT EXISTS planned (
        row INTEGER PRIMARY KEY, leadID INTEGER NOT NULL, moves INTEGER NOT NULL) STRICT;
      \(StagedAlterations.schema)
      \(StagedValues.schema)
      """, "import")
    values = try StagedValues(connection)
    alterations = try StagedAlterations(connection)
  }

  /// All of the body or nothing of it, on disk when it returns.
  public func transaction<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    try connection.execute("BEGIN IMMEDIATE", "import")
    do throws(StoreError) {
      let value = try body()
      try connection.execute("COMMIT", "import")
      return value
    } catch {
      if sqlite3_get_autocommit(connection.handle) == 0 { sqlite3_exec(connection.handle, "ROLLBACK", nil, nil, nil) }
      throw error
    }
  }

  // MARK: The upload

  /// What the reader of the file keeps between two pieces, as text of its own making; nil at the beginning.
  public func upload() throws(StoreError) -> String? { try connection.text("SELECT document FROM upload") }

  public func setUpload(_ document: String) throws(StoreError) {
    let statement = try connection.cached("INSERT OR REPLACE INTO upload VALUES (1, ?)")
    statement.bind(1, document)
    try statement.run()
  }

  // MARK: Rows

  public func put(_ row: borrowing StagedRow) throws(StoreError) {
    let statement = try connection.cached(
      "INSERT OR REPLACE INTO staged (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    statement.bind(1, row.row)
    statement.bind(2, row.line)
    statement.bind(3, row.state.rawValue)
    statement.bind(4, blob: row.record)
    for place in 0..<3 { statement.bind(Int32(5 + place), place < row.fault.count ? row.fault[place] : nil) }
    statement.bind(8, Int64(bitPattern: row.codeKey))
    var phones: [UInt8] = []
    for phone in row.phones { withUnsafeBytes(of: phone.littleEndian) { phones.append(contentsOf: $0) } }
    statement.bind(9, blob: phones)
    try statement.run()
    try values.put(row)
  }

  public func row(_ row: Int64) throws(StoreError) -> StagedRow? {
    let statement = try connection.cached("SELECT \(Self.columns) FROM staged WHERE row = ?")
    defer { statement.reset() }
    statement.bind(1, row)
    return try statement.step() ? Self.read(statement) : nil
  }

  public func remove(_ row: Int64) throws(StoreError) {
    let statement = try connection.cached("DELETE FROM staged WHERE row = ?")
    statement.bind(1, row)
    try statement.run()
    try values.remove(row)
  }

  /// Rows behind `row` in their order; the body says whether it wants another.
  ///
  /// - Parameter states: nil = all.
  public func rows(
    after row: Int64, _ states: [StagedRow.State]? = nil, _ body: (StagedRow) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let wanted = states.map { " AND state IN (\($0.map { "\($0.rawValue)" }.joined(separator: ", ")))" } ?? ""
    let statement = try connection.cached(
      "SELECT \(Self.columns) FROM staged WHERE row > ?\(wanted) ORDER BY row")
    defer { statement.reset() }
    statement.bind(1, row)
    while try statement.step() { guard try body(Self.read(statement)) else { return } }
  }

  private static func read(_ statement: Statement) -> StagedRow {
    var row = StagedRow(
      row: statement.integer(0), line: statement.integer(1),
      state: StagedRow.State(rawValue: statement.integer(2)) ?? .invalid, record: statement.blob(3))
    if !statement.isNull(4) { row.fault = [statement.text(4), statement.text(5), statement.text(6)] }
    row.codeKey = UInt64(bitPattern: statement.integer(7))
    row.phones = phones(statement, 8)
    return row
  }

  private static func phones(_ statement: Statement, _ column: Int32) -> [UInt64] {
    guard let bytes = statement.bytes(column) else { return [] }
    return stride(from: 0, to: bytes.count / 8 * 8, by: 8).map {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
    }
  }

  /// Removes every row of somebody who is deleted; what is left of them in the log goes with ``emptyLog()``.
  /// - Returns: number and state of the rows that went, and the values that they had.
  public func erase(
    codeKeys: Set<UInt64>, phones: Set<UInt64>
  ) throws(StoreError) -> (rows: [(row: Int64, state: StagedRow.State)], values: [(key: UInt64, row: Int64)]) {
    let rows = try connection.cached("SELECT row, state, codeKey, phones FROM staged")
    var found: [(row: Int64, state: StagedRow.State)] = []
    while try rows.step() {
      let code = UInt64(bitPattern: rows.integer(2))
      guard (code != 0 && codeKeys.contains(code)) || Self.phones(rows, 3).contains(where: phones.contains) else {
        continue
      }
      found.append((rows.integer(0), StagedRow.State(rawValue: rows.integer(1)) ?? .invalid))
    }
    rows.reset()
    var freed: [(key: UInt64, row: Int64)] = []
    for (row, _) in found {
      freed += try values.keys(of: row).map { ($0, row) }
      try remove(row)
      try alterations.forget(row: row)
    }
    return (found, freed)
  }

  /// Brings the log over into the file and empties it: it may hold rows that are no longer there.
  public func emptyLog() throws(StoreError) {
    try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)", "import")
  }

  // MARK: The plan of a commit

  public func plan(_ changes: [PlannedChange]) throws(StoreError) {
    let statement = try connection.cached("INSERT OR REPLACE INTO planned VALUES (?, ?, ?)")
    for change in changes {
      statement.bind(1, change.row)
      statement.bind(2, Int64(change.leadID.rawValue))
      statement.bind(3, change.moves ? 1 : 0)
      try statement.run()
    }
  }

  /// What was worked out of rows behind this one is worked out anew.
  public func forgetPlan(after row: Int64) throws(StoreError) {
    let statement = try connection.cached("DELETE FROM planned WHERE row > ?")
    statement.bind(1, row)
    try statement.run()
    try alterations.forget(after: row)
  }

  public func planned(after row: Int64, limit: Int) throws(StoreError) -> [PlannedChange] {
    let statement = try connection.cached(
      "SELECT row, leadID, moves FROM planned WHERE row > ? ORDER BY row LIMIT ?")
    defer { statement.reset() }
    statement.bind(1, row)
    statement.bind(2, limit)
    var changes: [PlannedChange] = []
    while try statement.step() {
      changes.append(
        PlannedChange(
          row: statement.integer(0), leadID: LeadID(UInt32(truncatingIfNeeded: statement.integer(1))),
          moves: statement.integer(2) != 0))
    }
    return changes
  }

  /// Overwrites the files and takes them away.
  public static func discard(path: String) {
    let suffixes = ["-wal", "-shm", ""]
    for suffix in suffixes { overwrite(path + suffix) }
    // The file itself last: by it the others are found after a crash.
    for suffix in suffixes { unlink(path + suffix) }
  }

  /// Zeros over all of it, on the disk: what is only unlinked stays in blocks that nobody owns. In pieces that are each
  /// written out, so that commits of calls get their turn at the disk.
  private static func overwrite(_ path: String) {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return }
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    var at = 0
    while at < Int(status.st_size) {
      let written = pwrite(file, zeros, min(zeros.count, Int(status.st_size) - at), off_t(at))
      guard written > 0, fdatasync(file) == 0 else { return }
      at += written
    }
  }
}
