extension Schema {
  /// The chain of evidence covers the whole claim from here on, and may begin behind rows that became too old.
  static let evidenceOfTheClaim = """
    -- Rows below were chained over their evidence alone.
    INSERT INTO meta SELECT 'evidenceWholeFrom', value FROM meta WHERE key = 'nextAttemptID';
    -- The newest row that was taken out for its age, and its hash: the chain goes on from it.
    INSERT INTO meta VALUES ('evidenceBaseAttempt', 0), ('evidenceBase', zeroblob(32));
    """

  /// What each attempt came to is kept as records that are added and never changed, chained as the claims are.
  static let evidenceOfTheCourse = """
    -- One for the end of an attempt, and one for each time that it was wrapped or noted later; seq is its event's.
    CREATE TABLE attempt_course (
      seq INTEGER PRIMARY KEY, attemptID INTEGER NOT NULL, agentID TEXT, dialledAt INTEGER, ringingAt INTEGER,
      answeredAt INTEGER, connectedAt INTEGER, endedAt INTEGER NOT NULL, outcome INTEGER, cause INTEGER,
      counted INTEGER NOT NULL, wrapCode TEXT, hash BLOB NOT NULL) STRICT;
    -- The newest record of the attempt, which its row must agree with; NULL = it has not ended.
    ALTER TABLE attempt ADD COLUMN course INTEGER;
    -- Attempts below may have ended without a record.
    INSERT INTO meta SELECT 'courseFrom', value FROM meta WHERE key = 'nextAttemptID';
    -- The newest record and its hash; and those of the newest that was taken out for its age.
    INSERT INTO meta VALUES ('courseThrough', 0), ('courseHead', zeroblob(32)), ('courseBaseSeq', 0),
      ('courseBase', zeroblob(32));
    """
}
