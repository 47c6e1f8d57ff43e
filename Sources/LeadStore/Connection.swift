import CSQLite

/// One connection to the database, used by one thread at a time (opened without SQLite's own mutex).
final class Connection {
  enum Mode { case readWriteCreate, readWrite, readOnly }

  let handle: OpaquePointer
  /// Kept prepared: the same text gives the same statement.
  private var cache: [String: Statement] = [:]
  /// Texts that a client's filter made are many; past this the cache starts anew.
  private static let cachedStatements = 128

  /// Once in the process, before the first connection; refused without harm when somebody else was first.
  private static let isConfigured: Bool = dialerd_no_memory_statistics() == SQLITE_OK

  static let busyMilliseconds: Int32 = 5_000

  init(path: String, mode: Mode) throws(StoreError) {
    _ = Self.isConfigured
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    switch mode {
    case .readWriteCreate: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .readWrite: flags |= SQLITE_OPEN_READWRITE
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw StoreError(operation: "open", code: code, message: message)
    }
    handle = opened
    _ = dialerd_no_checkpoint_on_close(opened)
    // Only another process can hold us up (a backup tool, a shell): our own threads coordinate among themselves.
    sqlite3_busy_timeout(opened, Self.busyMilliseconds)
  }

  deinit {
    cache.removeAll()
    sqlite3_close_v2(handle)
  }

  func error(_ operation: String, _ code: Int32) -> StoreError { Self.error(operation, code, handle) }

  static func error(_ operation: String, _ code: Int32, _ handle: OpaquePointer?) -> StoreError {
    let extended = sqlite3_extended_errcode(handle)
    let agrees = extended & 0xFF == code & 0xFF
    return StoreError(
      operation: operation, code: agrees ? extended : code,
      message: String(cString: agrees ? sqlite3_errmsg(handle) : sqlite3_errstr(code)))
  }

  /// Runs statements that give no rows.
  func execute(_ sql: String, _ operation: String = "execute") throws(StoreError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { throw error(operation, code) }
  }

  /// A statement of one's own.
  func prepare(_ sql: String) throws(StoreError) -> Statement {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw error("prepare", code) }
    return Statement(handle: prepared)
  }

  /// A statement that stays prepared, reset and ready to be bound.
  func cached(_ sql: String) throws(StoreError) -> Statement {
    if let statement = cache[sql] {
      statement.reset()
      return statement
    }
    if cache.count >= Self.cachedStatements { cache.removeAll() }
    let statement = try prepare(sql)
    cache[sql] = statement
    return statement
  }

  /// The first column of the first row as a number, or nil when there is no row or it is null.
  func number(_ sql: String, _ bind: (Statement) -> Void = { _ in }) throws(StoreError) -> Int64? {
    let statement = try cached(sql)
    defer { statement.reset() }
    bind(statement)
    return try statement.step() ? statement.optionalInteger(0) : nil
  }

  /// The first column of the first row as text, or nil.
  func text(_ sql: String, _ bind: (Statement) -> Void = { _ in }) throws(StoreError) -> String? {
    let statement = try cached(sql)
    defer { statement.reset() }
    bind(statement)
    return try statement.step() ? statement.optionalText(0) : nil
  }

  var changes: Int { Int(sqlite3_changes(handle)) }
}
