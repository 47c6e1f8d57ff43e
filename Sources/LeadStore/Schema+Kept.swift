extension Schema {
  /// What a restart needs beside the leads: who goes out next, and refusals that are to be given again.
  static let keptOverRestarts = """
    -- place: the order in which they go out; AUTOINCREMENT, so that a place is never given twice.
    CREATE TABLE going_next (
      place INTEGER PRIMARY KEY AUTOINCREMENT, campaignID TEXT NOT NULL, leadID INTEGER NOT NULL,
      UNIQUE (campaignID, leadID)) STRICT;
    -- Whether the answer is an error.
    ALTER TABLE remembered_answer ADD COLUMN isError INTEGER NOT NULL DEFAULT 0;
    """
}
