/// The tables, as numbered steps. A step that has been released is never changed: a change is a new step.
enum Schema {
  /// `PRAGMA application_id` of a database of ours: "dial" in ASCII.
  static let applicationID: Int64 = 0x6469_616C

  /// Step n brings `PRAGMA user_version` from n to n + 1.
  static let steps: [String] = [
    first, keptOverRestarts, evidenceOfTheClaim, imports, segmentsAndFields, doNotCallImports, evidenceOfTheCourse,
    keysOfLeads, stagedErasures, valuesOfFields,
  ]

  static var version: Int64 { Int64(steps.count) }

  private static let first = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

    -- What selection needs of each lead. No column that dialling changes stands in an index. A start reads all of
    -- it, and each column costs that some 30 ns a lead: small numbers share one (see PackedLead), and the columns made
    -- from it are for people and queries.
    CREATE TABLE lead (
      leadID INTEGER PRIMARY KEY, listID INTEGER NOT NULL,
      phone1 INTEGER, phone2 INTEGER, phone3 INTEGER, phone4 INTEGER, phone5 INTEGER,
      vendorLeadCode TEXT, location INTEGER NOT NULL, rank INTEGER, entered INTEGER NOT NULL,
      emailKey INTEGER, nameKey INTEGER,
      status TEXT NOT NULL, lastAttemptAt INTEGER NOT NULL, retryAt INTEGER NOT NULL,
      retriesLow INTEGER NOT NULL, retriesHigh INTEGER NOT NULL, progress INTEGER NOT NULL,
      lastContactedAt INTEGER, lastAgentID TEXT, wrapCode TEXT,
      zone INTEGER AS (location & 65535) VIRTUAL,
      zoneSource INTEGER AS (location >> 16 & 255) VIRTUAL,
      place INTEGER AS (location >> 24 & 4294967295) VIRTUAL,
      calledCount INTEGER AS (progress & 65535) VIRTUAL,
      lastOutcome INTEGER AS (nullif(progress >> 16 & 255, 255)) VIRTUAL,
      stage INTEGER AS (progress >> 24 & 255) VIRTUAL,
      completed INTEGER AS (progress >> 32 & 1) VIRTUAL,
      archived INTEGER AS (progress >> 33 & 1) VIRTUAL,
      spentPhones INTEGER AS (progress >> 40 & 31) VIRTUAL,
      phoneCursor INTEGER AS (progress >> 45 & 255) VIRTUAL,
      priority INTEGER AS (progress >> 53 & 255) VIRTUAL) STRICT;
    CREATE INDEX lead_vendor ON lead(vendorLeadCode) WHERE vendorLeadCode IS NOT NULL;
    CREATE INDEX lead_list ON lead(listID);
    CREATE INDEX lead_phone1 ON lead(phone1);
    CREATE INDEX lead_phone2 ON lead(phone2) WHERE phone2 IS NOT NULL;
    CREATE INDEX lead_phone3 ON lead(phone3) WHERE phone3 IS NOT NULL;
    CREATE INDEX lead_phone4 ON lead(phone4) WHERE phone4 IS NOT NULL;
    CREATE INDEX lead_phone5 ON lead(phone5) WHERE phone5 IS NOT NULL;
    CREATE INDEX lead_email ON lead(emailKey) WHERE emailKey IS NOT NULL;

    CREATE TABLE lead_detail (
      leadID INTEGER PRIMARY KEY, firstName TEXT, lastName TEXT, email TEXT, source TEXT, owner TEXT,
      postalCode TEXT, custom TEXT, createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL) STRICT;
    -- Both ids of a lead that is gone, for its rows in the call log.
    CREATE TABLE deleted_lead (leadID INTEGER PRIMARY KEY, vendorLeadCode TEXT NOT NULL) STRICT;
    CREATE INDEX deleted_lead_vendor ON deleted_lead(vendorLeadCode);

    CREATE TABLE zone (zone INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE place (place INTEGER PRIMARY KEY, region TEXT, state TEXT) STRICT;

    CREATE TABLE list (
      listID INTEGER PRIMARY KEY, name TEXT NOT NULL, tenant TEXT NOT NULL, owner TEXT, description TEXT,
      timeZone TEXT, expiresAt INTEGER, active INTEGER NOT NULL, createdAt INTEGER NOT NULL,
      updatedAt INTEGER NOT NULL) STRICT;
    CREATE TABLE campaign (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE strategy (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE calling_hours (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE agent (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE callback (
      leadID INTEGER NOT NULL, campaignID TEXT NOT NULL, at INTEGER NOT NULL, document TEXT NOT NULL,
      PRIMARY KEY (leadID, campaignID)) STRICT, WITHOUT ROWID;
    -- seq: the journal's last when it was written, so that an older event does not take its place.
    CREATE TABLE share (
      campaignID TEXT NOT NULL, listID INTEGER NOT NULL, isActive INTEGER NOT NULL, weight INTEGER NOT NULL,
      totalWeight INTEGER NOT NULL, lag INTEGER NOT NULL, credit INTEGER NOT NULL, picksSinceNew INTEGER NOT NULL,
      dialled INTEGER NOT NULL, seq INTEGER NOT NULL,
      PRIMARY KEY (campaignID, listID)) STRICT, WITHOUT ROWID;

    CREATE TABLE attempt (
      attemptID INTEGER PRIMARY KEY, callID TEXT NOT NULL, leadID INTEGER NOT NULL, vendorLeadCode TEXT,
      listID INTEGER NOT NULL, campaignID TEXT NOT NULL, tenant TEXT NOT NULL, phone INTEGER NOT NULL,
      callerID TEXT, trunk TEXT NOT NULL, agentID TEXT, startedAt INTEGER NOT NULL, dialledAt INTEGER,
      ringingAt INTEGER, answeredAt INTEGER, connectedAt INTEGER, endedAt INTEGER, outcome INTEGER,
      cause INTEGER, counted INTEGER NOT NULL, wrapCode TEXT, notes TEXT, recording TEXT,
      leadDeleted INTEGER NOT NULL DEFAULT 0, hash BLOB NOT NULL, evidence TEXT NOT NULL) STRICT;
    -- Tables in the place of indexes: the projection fills them sorted, which writes each page once a batch; an index
    -- would be filled in the order of the calls, all over.
    CREATE TABLE attempt_of_lead (
      leadID INTEGER NOT NULL, attemptID INTEGER NOT NULL, PRIMARY KEY (leadID, attemptID)) STRICT, WITHOUT ROWID;
    CREATE TABLE attempt_of_phone (
      phone INTEGER NOT NULL, attemptID INTEGER NOT NULL, PRIMARY KEY (phone, attemptID)) STRICT, WITHOUT ROWID;
    -- Appended to at its end, so it costs little; attempt ids follow the clock only while it does not step.
    CREATE INDEX attempt_started ON attempt(startedAt);
    CREATE INDEX attempt_open ON attempt(attemptID) WHERE endedAt IS NULL;

    CREATE TABLE dnc_scope (scope INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id TEXT NOT NULL, UNIQUE (kind, id)) STRICT;
    CREATE TABLE dnc (
      scope INTEGER NOT NULL, isPrefix INTEGER NOT NULL, digits INTEGER NOT NULL, reason TEXT, at INTEGER NOT NULL,
      PRIMARY KEY (scope, isPrefix, digits)) STRICT, WITHOUT ROWID;

    CREATE TABLE remembered_answer (
      userID INTEGER NOT NULL, requestID TEXT NOT NULL, fingerprint INTEGER NOT NULL, answer BLOB NOT NULL,
      at INTEGER NOT NULL, PRIMARY KEY (userID, requestID)) STRICT, WITHOUT ROWID;
    CREATE INDEX remembered_answer_at ON remembered_answer(at);

    -- state: see EventCodec.
    CREATE TABLE journal (
      seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type INTEGER NOT NULL, leadID INTEGER, vendorLeadCode TEXT,
      campaignID TEXT, listID INTEGER, attemptID INTEGER, callID TEXT, members TEXT NOT NULL, state BLOB) STRICT;
    """
}
