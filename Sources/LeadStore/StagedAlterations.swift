import DialerModel

/// What rows of a file make of leads before they are written: a row is compared with the leads as the rows before it
/// leave them, and not only with those that stand in the database.
///
/// Beside the rows on disk, because a file may alter millions. Nothing is looked up while nothing is altered.
public final class StagedAlterations {
  /// What of a lead is altered.
  public enum Aspect: Hashable, Sendable {
    /// The keys are its numbers by their places, 0 for none.
    case phones
    /// The key is its list.
    case list
    /// The key is that of its value (``UniqueValue/key``); none = it has none.
    case field(FilterField)

    fileprivate var number: Int64 {
      switch self {
      case .phones: 0
      case .list: 1
      // Of all fields that a tenant has rules for, no two have the same hash.
      case .field(let field): Int64(bitPattern: TextKey.hash(field.name.utf8) | 2)
      }
    }
  }

  static let schema = """
    CREATE TABLE IF NOT EXISTS altered (
      leadID INTEGER NOT NULL, aspect INTEGER NOT NULL, row INTEGER NOT NULL, keys BLOB NOT NULL,
      PRIMARY KEY (leadID, aspect, row)) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS altered_key (
      key INTEGER NOT NULL, aspect INTEGER NOT NULL, leadID INTEGER NOT NULL, row INTEGER NOT NULL,
      PRIMARY KEY (key, aspect, leadID, row)) STRICT, WITHOUT ROWID;
    """

  private let connection: Connection
  public private(set) var isEmpty: Bool

  init(_ connection: Connection) throws(StoreError) {
    self.connection = connection
    isEmpty = try connection.number("SELECT 1 FROM altered LIMIT 1") == nil
  }

  /// From this row on the lead has these keys in the place of those that it had.
  public func alter(_ lead: LeadID, _ aspect: Aspect, _ keys: [UInt64], row: Int64) throws(StoreError) {
    isEmpty = false
    let statement = try connection.cached("INSERT OR REPLACE INTO altered VALUES (?, ?, ?, ?)")
    statement.bind(1, Int64(lead.rawValue))
    statement.bind(2, aspect.number)
    statement.bind(3, row)
    statement.bind(4, blob: keys.flatMap { key in withUnsafeBytes(of: key.littleEndian) { Array($0) } })
    try statement.run()
    let insert = try connection.cached("INSERT OR REPLACE INTO altered_key VALUES (?, ?, ?, ?)")
    for key in Set(keys).sorted() where key != 0 {
      insert.bind(1, Int64(bitPattern: key))
      insert.bind(2, aspect.number)
      insert.bind(3, Int64(lead.rawValue))
      insert.bind(4, row)
      try insert.run()
    }
  }

  /// What the lead has by now; nil = it is as it was.
  public func keys(of lead: LeadID, _ aspect: Aspect) throws(StoreError) -> [UInt64]? {
    guard !isEmpty else { return nil }
    let rows = try connection.cached(
      "SELECT keys FROM altered WHERE leadID = ? AND aspect = ? ORDER BY row DESC LIMIT 1")
    defer { rows.reset() }
    rows.bind(1, Int64(lead.rawValue))
    rows.bind(2, aspect.number)
    guard try rows.step(), let bytes = rows.bytes(0) else { return nil }
    return stride(from: 0, to: bytes.count / 8 * 8, by: 8).map {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
    }
  }

  /// The leads that have been given the key, whether they still have it or not.
  public func leads(given key: UInt64, _ aspect: Aspect) throws(StoreError) -> [LeadID] {
    guard !isEmpty else { return [] }
    let rows = try connection.cached("SELECT DISTINCT leadID FROM altered_key WHERE key = ? AND aspect = ?")
    defer { rows.reset() }
    rows.bind(1, Int64(bitPattern: key))
    rows.bind(2, aspect.number)
    var found: [LeadID] = []
    while try rows.step() { found.append(LeadID(UInt32(truncatingIfNeeded: rows.integer(0)))) }
    return found
  }

  func forget(after row: Int64) throws(StoreError) { try forget(where: "row > ?", row) }

  /// What this one row made.
  func forget(row: Int64) throws(StoreError) { try forget(where: "row = ?", row) }

  private func forget(where condition: String, _ row: Int64) throws(StoreError) {
    guard !isEmpty else { return }
    for table in ["altered", "altered_key"] {
      let statement = try connection.cached("DELETE FROM \(table) WHERE \(condition)")
      statement.bind(1, row)
      try statement.run()
    }
    isEmpty = try connection.number("SELECT 1 FROM altered LIMIT 1") == nil
  }
}
