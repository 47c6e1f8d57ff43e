extension Schema {
  /// Numbers and emails of leads in tables of their own in the place of indexes: an import fills them sorted, a chunk at
  /// a time. Indexes would be filled in the order of the rows, which is all over them: that took twice as long
  /// (2026-11-28, a million leads, 40,000 a transaction).
  ///
  /// Who adds a lead adds its keys (see `LeadKeys`); what becomes of them afterwards is kept up here.
  static let keysOfLeads = """
    CREATE TABLE lead_of_phone (
      phone INTEGER NOT NULL, leadID INTEGER NOT NULL, PRIMARY KEY (phone, leadID)) STRICT, WITHOUT ROWID;
    CREATE TABLE lead_of_email (
      emailKey INTEGER NOT NULL, leadID INTEGER NOT NULL, PRIMARY KEY (emailKey, leadID)) STRICT, WITHOUT ROWID;
    INSERT INTO lead_of_phone SELECT phone1, leadID FROM lead WHERE phone1 IS NOT NULL
      UNION SELECT phone2, leadID FROM lead WHERE phone2 IS NOT NULL
      UNION SELECT phone3, leadID FROM lead WHERE phone3 IS NOT NULL
      UNION SELECT phone4, leadID FROM lead WHERE phone4 IS NOT NULL
      UNION SELECT phone5, leadID FROM lead WHERE phone5 IS NOT NULL ORDER BY 1, 2;
    INSERT INTO lead_of_email SELECT emailKey, leadID FROM lead WHERE emailKey IS NOT NULL ORDER BY 1, 2;
    DROP INDEX lead_phone1; DROP INDEX lead_phone2; DROP INDEX lead_phone3; DROP INDEX lead_phone4;
    DROP INDEX lead_phone5; DROP INDEX lead_email;

    CREATE TRIGGER lead_phones_changed AFTER UPDATE OF phone1, phone2, phone3, phone4, phone5 ON lead
    WHEN (old.phone1, old.phone2, old.phone3, old.phone4, old.phone5)
      IS NOT (new.phone1, new.phone2, new.phone3, new.phone4, new.phone5)
    BEGIN
      DELETE FROM lead_of_phone
      WHERE phone IN (old.phone1, old.phone2, old.phone3, old.phone4, old.phone5) AND leadID = old.leadID;
      INSERT OR IGNORE INTO lead_of_phone SELECT new.phone1, new.leadID WHERE new.phone1 IS NOT NULL
        UNION SELECT new.phone2, new.leadID WHERE new.phone2 IS NOT NULL
        UNION SELECT new.phone3, new.leadID WHERE new.phone3 IS NOT NULL
        UNION SELECT new.phone4, new.leadID WHERE new.phone4 IS NOT NULL
        UNION SELECT new.phone5, new.leadID WHERE new.phone5 IS NOT NULL;
    END;
    CREATE TRIGGER lead_email_changed AFTER UPDATE OF emailKey ON lead WHEN old.emailKey IS NOT new.emailKey
    BEGIN
      DELETE FROM lead_of_email WHERE emailKey = old.emailKey AND leadID = old.leadID;
      INSERT OR IGNORE INTO lead_of_email SELECT new.emailKey, new.leadID WHERE new.emailKey IS NOT NULL;
    END;
    CREATE TRIGGER lead_deleted AFTER DELETE ON lead
    BEGIN
      DELETE FROM lead_of_phone
      WHERE phone IN (old.phone1, old.phone2, old.phone3, old.phone4, old.phone5) AND leadID = old.leadID;
      DELETE FROM lead_of_email WHERE emailKey = old.emailKey AND leadID = old.leadID;
    END;
    """
}
