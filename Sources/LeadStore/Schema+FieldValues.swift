extension Schema {
  /// Values of unique fields: in a table, which can be filled piece by piece between commits, and not in an index, which
  /// SQLite makes in one transaction that every commit has to wait for.
  static let valuesOfFields = """
    CREATE TABLE field_value (
      field TEXT NOT NULL, value ANY NOT NULL, leadID INTEGER NOT NULL, PRIMARY KEY (field, value, leadID)) STRICT,
      WITHOUT ROWID;
    -- nextLeadID: leads from this one on have yet to be looked at; null = none is left. goes: see FieldIndex.
    CREATE TABLE field_index (
      field TEXT PRIMARY KEY, nextLeadID INTEGER, goes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    """
}
