extension Schema {
  /// Named filters, rules for fields, and what must go without a trace when its lead is deleted for good.
  static let segmentsAndFields = """
    CREATE TABLE segment (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE field_rule (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- Not in the journal, which cannot be searched for what was written of one person.
    CREATE TABLE attempt_note (attemptID INTEGER PRIMARY KEY, notes TEXT, recording TEXT) STRICT;
    -- Whose details the answer shows.
    ALTER TABLE remembered_answer ADD COLUMN leadID INTEGER;
    CREATE INDEX remembered_answer_lead ON remembered_answer(leadID) WHERE leadID IS NOT NULL;
    """
}
