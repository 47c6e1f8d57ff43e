extension Schema {
  /// Imports and templates as documents; and the leads of a commit that is under way, which nobody sees yet: one range
  /// of ids at most, because one import commits at a time.
  static let imports = """
    CREATE TABLE import (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE import_template (
      tenant TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (tenant, name)) STRICT, WITHOUT ROWID;
    CREATE TABLE hidden_leads (
      one INTEGER PRIMARY KEY CHECK (one = 1), firstLeadID INTEGER NOT NULL, lastLeadID INTEGER NOT NULL) STRICT;
    """
}
