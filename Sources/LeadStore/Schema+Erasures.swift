extension Schema {
  /// What has yet to go out of the rows of imports.
  static let stagedErasures = """
    CREATE TABLE staged_erasure (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """
}
