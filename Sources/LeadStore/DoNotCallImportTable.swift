import DialerModel

/// Imports of do-not-call numbers.
struct DoNotCallImportTable {
  let connection: Connection

  func put(_ record: DoNotCallImport) throws(StoreError) {
    let statement = try connection.cached(
      "INSERT OR REPLACE INTO dnc_import (id, document, applied, added) VALUES (?, ?, ?, ?)")
    statement.bind(1, record.importID.rawValue)
    statement.bind(2, try DocumentTable.text(record))
    statement.bind(3, record.applied)
    statement.bind(4, record.added)
    try statement.run()
  }

  func setProgress(of id: ImportID, applied: Int, added: Int) throws(StoreError) {
    let statement = try connection.cached("UPDATE dnc_import SET applied = ?, added = ? WHERE id = ?")
    statement.bind(1, applied)
    statement.bind(2, added)
    statement.bind(3, id.rawValue)
    try statement.run()
  }

  func delete(_ id: ImportID) throws(StoreError) {
    let statement = try connection.cached("DELETE FROM dnc_import WHERE id = ?")
    statement.bind(1, id.rawValue)
    try statement.run()
  }

  /// In the order of their ids.
  func all() throws(StoreError) -> [DoNotCallImport] {
    let statement = try connection.prepare("SELECT document, applied, added FROM dnc_import ORDER BY id")
    var records: [DoNotCallImport] = []
    while try statement.step() {
      var record = try DocumentTable.value(statement.text(0), "dnc_import") as DoNotCallImport
      record.applied = Int(statement.integer(1))
      record.added = Int(statement.integer(2))
      records.append(record)
    }
    return records
  }
}
