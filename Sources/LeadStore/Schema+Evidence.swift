extension Schema {
  /// The chain of evidence covers the whole claim from here on, and may begin behind rows that became too old.
  static let evidenceOfTheClaim = """
    -- Rows below were chained over their evidence alone.
    INSERT INTO meta SELECT 'evidenceWholeFrom', value FROM meta WHERE key = 'nextAttemptID';
    -- The newest row that was taken out for its age, and its hash: the chain goes on from it.
    INSERT INTO meta VALUES ('evidenceBaseAttempt', 0), ('evidenceBase', zeroblob(32));
    """
}
