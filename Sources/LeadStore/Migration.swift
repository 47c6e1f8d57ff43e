import CSQLite
import DialerModel

/// Brings a database to the newest schema, each step in a transaction of its own.
enum Migration {
  /// - Throws: `other` for a schema that is newer than this program, or a database of another program.
  static func run(on connection: Connection) throws(StoreError) {
    let version = try connection.number("PRAGMA user_version") ?? 0
    let application = try connection.number("PRAGMA application_id") ?? 0
    guard version <= Schema.version else {
      throw StoreError(
        operation: "open", kind: .other, name: "schema-newer",
        message: "the database has schema \(version), this program knows up to \(Schema.version)")
    }
    let tables = try connection.number("SELECT count(*) FROM sqlite_schema") ?? 0
    guard application == Schema.applicationID || (version == 0 && application == 0 && tables == 0) else {
      throw StoreError(
        operation: "open", kind: .other, name: "not-ours", message: "the file is a database of another program")
    }
    for step in Int(version)..<Schema.steps.count {
      try transaction(on: connection) { () throws(StoreError) in
        try connection.execute(Schema.steps[step], "migrate")
        if step == 0 { try addDefaults(connection) }
        try connection.execute("PRAGMA user_version = \(step + 1)", "migrate")
      }
    }
  }

  private static func transaction(
    on connection: Connection, _ body: () throws(StoreError) -> Void
  ) throws(StoreError) {
    try connection.execute("BEGIN IMMEDIATE", "migrate")
    do throws(StoreError) {
      try body()
      try connection.execute("COMMIT", "migrate")
    } catch {
      // After some errors SQLite has rolled back by itself; then this fails, and there is nothing to undo.
      sqlite3_exec(connection.handle, "ROLLBACK", nil, nil, nil)
      throw error
    }
  }

  /// What the design pages promise of a new database.
  private static func addDefaults(_ connection: Connection) throws(StoreError) {
    try connection.execute("PRAGMA application_id = \(Schema.applicationID)", "migrate")
    // Milliseconds since 1970; 2440587.5 is that moment as a Julian day.
    try connection.execute(
      "INSERT INTO meta VALUES ('createdAt', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))", "migrate")
    try connection.execute(
      """
      INSERT INTO meta VALUES ('projectedSeq', 0), ('nextLeadID', 1), ('nextListID', 1), ('nextAttemptID', 1),
        ('evidenceHead', zeroblob(\(SHA256.byteCount)))
      """, "migrate")
    let documents = DocumentTable(connection: connection)
    try documents.put("strategy", id: StrategyID.standard.rawValue, Strategy.standard)
    for hours in [CallingHours.always, .usFederal] {
      try documents.put("calling_hours", id: hours.callingHoursID.rawValue, hours)
    }
  }
}
