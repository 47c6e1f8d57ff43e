extension Schema {
  /// Imports of do-not-call numbers. How far one has come stands beside its document, because it is written a thousand
  /// times while the document stays as it is.
  static let doNotCallImports = """
    CREATE TABLE dnc_import (
      id TEXT PRIMARY KEY, document TEXT NOT NULL, applied INTEGER NOT NULL, added INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    """
}
