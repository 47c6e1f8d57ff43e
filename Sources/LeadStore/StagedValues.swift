import DialerModel

/// The values of fields that are to be unique, by row: by them a row that repeats a value of a row before it is known
/// while the file is read. Empty where no field is to be unique.
public final class StagedValues {
  static let schema = """
    CREATE TABLE IF NOT EXISTS staged_value (
      key INTEGER NOT NULL, row INTEGER NOT NULL, lead INTEGER NOT NULL, holds INTEGER NOT NULL,
      PRIMARY KEY (key, row)) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS staged_value_row ON staged_value(row);
    """

  private let connection: Connection
  private var isEmpty: Bool

  init(_ connection: Connection) throws(StoreError) {
    self.connection = connection
    isEmpty = try connection.number("SELECT 1 FROM staged_value LIMIT 1") == nil
  }

  /// In the place of those that the row had.
  func put(_ row: borrowing StagedRow) throws(StoreError) {
    try remove(row.row)
    guard !row.values.isEmpty else { return }
    isEmpty = false
    let statement = try connection.cached("INSERT OR REPLACE INTO staged_value VALUES (?, ?, ?, ?)")
    for key in row.values {
      statement.bind(1, Int64(bitPattern: key))
      statement.bind(2, row.row)
      statement.bind(3, Int64(bitPattern: row.leadKey))
      statement.bind(4, row.state == .repeated ? 0 : 1)
      try statement.run()
    }
  }

  func remove(_ row: Int64) throws(StoreError) {
    guard !isEmpty else { return }
    let statement = try connection.cached("DELETE FROM staged_value WHERE row = ?")
    statement.bind(1, row)
    try statement.run()
  }

  public func keys(of row: Int64) throws(StoreError) -> [UInt64] {
    guard !isEmpty else { return [] }
    let rows = try connection.cached("SELECT key FROM staged_value WHERE row = ? ORDER BY key")
    defer { rows.reset() }
    rows.bind(1, row)
    var keys: [UInt64] = []
    while try rows.step() { keys.append(UInt64(bitPattern: rows.integer(0))) }
    return keys
  }

  /// Whether a row before this one has the value, and makes another lead.
  ///
  /// - Parameter leadKey: see ``StagedRow/leadKey``.
  public func isTaken(_ key: UInt64, before row: Int64, leadKey: UInt64) throws(StoreError) -> Bool {
    guard !isEmpty else { return false }
    let rows = try connection.cached(
      "SELECT lead FROM staged_value WHERE key = ? AND row < ? AND holds = 1 ORDER BY row LIMIT 1")
    defer { rows.reset() }
    rows.bind(1, Int64(bitPattern: key))
    rows.bind(2, row)
    guard try rows.step() else { return false }
    return leadKey == 0 || UInt64(bitPattern: rows.integer(0)) != leadKey
  }

  /// The first row behind this one that has the value or would have it.
  public func next(with key: UInt64, after row: Int64) throws(StoreError) -> Int64? {
    guard !isEmpty else { return nil }
    return try connection.number("SELECT row FROM staged_value WHERE key = ? AND row > ? ORDER BY row LIMIT 1") {
      $0.bind(1, Int64(bitPattern: key))
      $0.bind(2, row)
    }
  }
}
