import DialerModel
import Testing

@testable import LeadStore

/// The tables of numbers and emails say at any time what the leads say.
@Suite("Keys of leads")
struct LeadKeyTests {
  let fixture: Fixture
  let store: LeadStore

  init() throws {
    fixture = try Fixture()
    store = try fixture.open()
  }

  private func keys(_ sql: String) throws -> [[Int64]] {
    let rows = try store.makeReader().connection.prepare(sql)
    var keys: [[Int64]] = []
    while try rows.step() { keys.append([rows.integer(0), rows.integer(1)]) }
    return keys
  }

  private func expectAgreement(_ leads: Int) throws {
    let phones = (1...5).map { "SELECT phone\($0), leadID FROM lead WHERE phone\($0) IS NOT NULL" }
    #expect(
      try keys("SELECT phone, leadID FROM lead_of_phone ORDER BY 1, 2")
        == keys(phones.joined(separator: " UNION ") + " ORDER BY 1, 2"))
    let emails = try keys("SELECT emailKey, leadID FROM lead_of_email ORDER BY 1, 2")
    #expect(try emails == keys("SELECT emailKey, leadID FROM lead WHERE emailKey IS NOT NULL ORDER BY 1, 2"))
    #expect(try keys("SELECT count(*), 0 FROM lead") == [[Int64(leads), 0]])
  }

  private func add(_ number: UInt32, _ phones: [UInt64], email: UInt64 = 0) -> StoreChange {
    .addLead(Make.lead(number, phones: phones, email: email), vendorLeadCode: nil, details: Make.details())
  }

  @Test("numbers in any place and twice in one lead, emails and leads without any are found, and only once")
  func added() throws {
    try store.commit(
      Make.transaction([add(2, [9, 7, 9], email: 5), add(1, [7], email: .max), add(3, [3, 4, 5, 6, 7]), add(4, [])]))
    try expectAgreement(4)
    let reader = try store.makeReader()
    #expect(try reader.leadIDs(phone: PhoneNumber(digits: 7)) == [LeadID(1), LeadID(2), LeadID(3)])
    #expect(try reader.leadIDs(phone: PhoneNumber(digits: 9)) == [LeadID(2)])
    #expect(try reader.candidates(phone: PhoneNumber(digits: 7)).map(\.leadID) == [LeadID(1), LeadID(2), LeadID(3)])
    #expect(try reader.leadIDs(emailKey: .max) == [LeadID(1)])
    #expect(try reader.candidates(emailKey: 5).map(\.leadID) == [LeadID(2)])
  }

  @Test("they follow a lead that is changed, moved or deleted, also in the transaction that adds it")
  func changed() throws {
    let changed = StoreChange.updateLead(
      Make.lead(1, phones: [8, 7], email: 6), vendorLeadCode: nil, details: Make.details())
    try store.commit(Make.transaction([add(1, [7, 9], email: 5), changed, add(2, [7], email: 5)]))
    try expectAgreement(2)
    let reader = try store.makeReader()
    #expect(try reader.leadIDs(phone: PhoneNumber(digits: 9)).isEmpty)
    #expect(try reader.leadIDs(phone: PhoneNumber(digits: 8)) == [LeadID(1)])
    #expect(try reader.leadIDs(emailKey: 5) == [LeadID(2)])
    try store.commit(Make.transaction([.moveLeads([LeadID(1)], to: ListID(2), entered: .start)]))
    try expectAgreement(2)
    try store.commit(Make.transaction([.deleteLeads([LeadID(1)])]))
    try expectAgreement(1)
    try store.commit(Make.transaction([add(5, [1], email: 1), .deleteLeads([LeadID(5), LeadID(2)])]))
    try expectAgreement(0)
    #expect(try keys("SELECT phone, leadID FROM lead_of_phone").isEmpty)
  }

  @Test("leads of an import have them while they are hidden, and leave none behind when they are taken back")
  func hidden() throws {
    let leads = (10...12 as ClosedRange<UInt32>).map {
      NewLead(record: Make.lead($0, phones: [7, UInt64($0)], email: 5), vendorLeadCode: nil, details: Make.details())
    }
    try store.commit(Make.transaction([.hideLeads(from: LeadID(10), count: 3), .addLeads(leads)]))
    try expectAgreement(3)
    let reader = try store.makeReader()
    #expect(try reader.leadIDs(phone: PhoneNumber(digits: 7)).isEmpty)
    #expect(try reader.candidates(phone: PhoneNumber(digits: 7)).count == 3)
    #expect(try reader.candidates(emailKey: 5).count == 3)
    try store.commit(Make.transaction([.deleteHiddenLeads(from: LeadID(10), count: 3), .showLeads]))
    try expectAgreement(0)
  }

  @Test("a database from before the tables has them filled")
  func upgraded() throws {
    let path = fixture.path + "-old"
    let old = try Connection(path: path, mode: .readWriteCreate)
    try old.execute("PRAGMA journal_mode = WAL")
    let before = try #require(Schema.steps.firstIndex(of: Schema.keysOfLeads))
    for step in Schema.steps[..<before] { try old.execute(step) }
    try old.execute(
      """
      INSERT INTO meta VALUES ('projectedSeq', 0), ('nextLeadID', 3), ('nextListID', 1), ('nextAttemptID', 1);
      INSERT INTO lead (leadID, listID, phone1, phone2, phone5, location, entered, emailKey, status, lastAttemptAt,
        retryAt, retriesLow, retriesHigh, progress)
      VALUES (1, 1, 7, 9, 7, 0, 0, 5, 'NEW', 0, 0, 0, 0, 0), (2, 1, 7, NULL, NULL, 0, 0, NULL, 'NEW', 0, 0, 0, 0, 0);
      PRAGMA application_id = \(Schema.applicationID);
      PRAGMA user_version = \(before);
      """)
    let upgraded = try LeadStore(path: path)
    let reader = try upgraded.makeReader()
    #expect(try reader.leadIDs(phone: PhoneNumber(digits: 7)) == [LeadID(1), LeadID(2)])
    #expect(try reader.leadIDs(phone: PhoneNumber(digits: 9)) == [LeadID(1)])
    #expect(try reader.leadIDs(emailKey: 5) == [LeadID(1)])
    #expect(try reader.connection.number("SELECT count(*) FROM lead_of_phone") == 3)
    upgraded.close()
  }

  /// Takes this step of the schema and those behind it back, for tests of databases from before.
  static func undo(_ connection: Connection) throws {
    let indexes = (1...5).map { "CREATE INDEX lead_phone\($0) ON lead(phone\($0));" }.joined()
    try connection.execute(
      """
      DROP TABLE staged_erasure;
      DROP TRIGGER lead_phones_changed; DROP TRIGGER lead_email_changed; DROP TRIGGER lead_deleted;
      DROP TABLE lead_of_phone; DROP TABLE lead_of_email; CREATE INDEX lead_email ON lead(emailKey); \(indexes)
      """)
  }
}
