import CSQLite
import DialerModel
import Testing

@testable import LeadStore

@Suite("The chain of evidence")
struct EvidenceTests {
  private let fixture: Fixture
  private let store: LeadStore
  private let reader: StoreReader

  init() throws {
    fixture = try Fixture()
    store = try fixture.open()
    reader = try store.makeReader()
  }

  /// Attempts 1 to `count`, one a day, each of which has ended.
  private func fill(_ count: Int64) throws {
    var seq: Int64 = 0
    for number in 1...count {
      let attempt = Make.attempt(number, lead: UInt32(number), at: .start + .hours(24 * (number - 1)))
      let events = [
        Make.event(seq + 1, .attemptStarted, attempt: attempt),
        Make.event(seq + 2, .attemptEnded, attempt: Make.ended(attempt)),
      ]
      try store.commit(Make.transaction([], events))
      seq += 2
    }
    try store.flushProjection()
  }

  private func days(_ since: Int64?, _ until: Int64? = nil) -> EvidenceRange {
    EvidenceRange(since: since.map { .start + .hours(24 * $0) }, until: until.map { .start + .hours(24 * $0) })
  }

  /// Every column that is in the hash, and the hash.
  static let tampering: [String] = [
    "leadID = leadID + 1", "listID = 0", "phone = phone + 1", "startedAt = startedAt - 1", "callID = callID || 'x'",
    "campaignID = 'autumn'", "tenant = ''", "trunk = 'sip'", "vendorLeadCode = NULL", "vendorLeadCode = 'crm-99'",
    "callerID = NULL", "callerID = '+61290000001'", "evidence = '{}'", "evidence = evidence || ' '",
    "hash = zeroblob(32)", "vendorLeadCode = vendorLeadCode || callerID, callerID = ''",
  ]

  @Test("a change of any column of a claim is found, and its row named", arguments: tampering)
  func changed(_ change: String) throws {
    try fill(5)
    #expect(try reader.verifyEvidence() == whole(5))
    try store.executeOnWriter("UPDATE attempt SET \(change) WHERE attemptID = 3")
    let walk = try reader.verifyEvidence()
    #expect(walk.fault == .changed(AttemptID(3)))
    #expect(walk.checked == 2)
  }

  private func whole(_ count: Int) throws -> EvidenceWalk {
    let walk = try reader.verifyEvidence()
    #expect(walk.fault == nil && walk.isFinished && walk.checked == count)
    return walk
  }

  static let tamperedRows: [(sql: String, fault: EvidenceWalk.Fault)] = [
    ("DELETE FROM attempt WHERE attemptID = 6", .missing(after: AttemptID(5))),
    ("DELETE FROM attempt WHERE attemptID = 3", .changed(AttemptID(4))),
    ("DELETE FROM attempt WHERE attemptID < 3", .changed(AttemptID(3))),
    ("DELETE FROM attempt", .missing(after: AttemptID(0))),
    ("UPDATE attempt SET attemptID = 9 WHERE attemptID = 3", .changed(AttemptID(4))),
    (
      "DELETE FROM attempt WHERE attemptID = 3; UPDATE attempt SET attemptID = 3 WHERE attemptID = 4",
      .changed(AttemptID(3))
    ),
    (
      "INSERT INTO attempt SELECT 7, callID, leadID, vendorLeadCode, listID, campaignID, tenant, phone, callerID, trunk, "
        + "agentID, startedAt, dialledAt, ringingAt, answeredAt, connectedAt, endedAt, outcome, cause, counted, wrapCode, "
        + "notes, recording, leadDeleted, hash, evidence, course FROM attempt WHERE attemptID = 6",
      .changed(AttemptID(7))
    ),
  ]

  @Test(
    "a row that is taken out, put in or moved is found at the first row that then does not fit", arguments: tamperedRows
  )
  func rows(sql: String, fault: EvidenceWalk.Fault) throws {
    try fill(6)
    try store.executeOnWriter(sql)
    #expect(try reader.verifyEvidence().fault == fault)
  }

  @Test("pieces of any length find the same as one walk", arguments: [1, 2, 3, 5, 100])
  func pieces(_ rows: Int) throws {
    try fill(5)
    func walk() throws -> EvidenceWalk {
      var walk = try reader.verifyEvidence(EvidenceRange(), from: nil, rows: rows)
      while !walk.isFinished { walk = try reader.verifyEvidence(EvidenceRange(), from: walk, rows: rows) }
      return walk
    }
    #expect(try walk() == whole(5))
    try store.executeOnWriter("UPDATE attempt SET phone = 1 WHERE attemptID = 4")
    #expect(try walk().fault == .changed(AttemptID(4)))
  }

  @Test("a walk over a time looks at its rows only, and at the end of the chain only without an end")
  func range() throws {
    try fill(6)
    #expect(try reader.verifyEvidence(days(2)).checked == 4)
    #expect(try reader.verifyEvidence(days(2, 4)).checked == 2)
    #expect(try reader.verifyEvidence(days(nil, 4)).checked == 4)
    #expect(try reader.verifyEvidence(days(100)).checked == 0)
    #expect(try reader.verifyEvidence(days(-9, -5)).checked == 0)
    try store.executeOnWriter("UPDATE attempt SET phone = 1 WHERE attemptID = 2")
    #expect(try reader.verifyEvidence(days(2)).fault == nil)
    #expect(try reader.verifyEvidence(days(1)).fault == .changed(AttemptID(2)))
    try store.executeOnWriter("DELETE FROM attempt WHERE attemptID = 6")
    #expect(try reader.verifyEvidence(days(2, 4)).fault == nil)
    #expect(try reader.verifyEvidence(days(2)).fault == .missing(after: AttemptID(5)))
    #expect(try reader.verifyEvidence(days(100)).fault == .missing(after: AttemptID(5)))
  }

  @Test("rows chained before the claim was in the hash still fit, and so do those behind them")
  func olderRows() throws {
    store.close()
    // As a database was before: the schema's later steps are yet to come.
    let path = fixture.path + "-old"
    try Self.older(path)
    let upgraded = try LeadStore(path: path)
    let state = try Fixture.load(upgraded).image
    let attempt = Make.attempt(state.nextAttemptID.rawValue)
    try upgraded.commit(Make.transaction([], [Make.event(state.nextSeq, .attemptStarted, attempt: attempt)]))
    try upgraded.flushProjection()
    let walk = try upgraded.makeReader().verifyEvidence()
    #expect(walk.fault == nil && walk.checked == 2)
    try upgraded.executeOnWriter("UPDATE attempt SET listID = 7 WHERE attemptID = 2")
    #expect(try upgraded.makeReader().verifyEvidence().fault == .changed(AttemptID(2)))
    upgraded.close()
  }

  /// A database of the first schema with one attempt in its call log.
  private static func older(_ path: String) throws {
    let connection = try Connection(path: path, mode: .readWriteCreate)
    try connection.execute(Schema.steps[0])
    var sha = SHA256()
    [UInt8](repeating: 0, count: 32).withUnsafeBytes { sha.update($0) }
    withUnsafeBytes(of: Int64(1).bigEndian) { sha.update($0) }
    Array("{}".utf8).withUnsafeBytes { sha.update($0) }
    let hash = sha.finish().map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined()
    try connection.execute(
      """
      INSERT INTO meta VALUES ('createdAt', 0), ('projectedSeq', 0), ('nextLeadID', 1), ('nextListID', 1),
        ('nextAttemptID', 2), ('evidenceHead', x'\(hash)');
      INSERT INTO attempt (attemptID, callID, leadID, listID, campaignID, tenant, phone, trunk, startedAt, endedAt, counted,
        hash, evidence) VALUES (1, 'a', 1, 1, 'c', 'default', 61, 'sim', 0, 0, 1, x'\(hash)', '{}');
      PRAGMA application_id = \(Schema.applicationID);
      PRAGMA user_version = 1;
      """)
  }

  // MARK: Retention

  private func expire(before day: Int64) throws -> Int {
    let pending = PendingResult<Int>()
    store.deleteAttempts(before: .start + .hours(24 * day)) { pending.complete($0) }
    return try pending.wait()
  }

  @Test("old attempts go with their keys, the chain of the rest stays whole, and it goes on")
  func expired() throws {
    try fill(6)
    #expect(try expire(before: 3) == 3)
    #expect(try whole(3).fault == nil)
    #expect(try reader.history(LeadID(1)).isEmpty)
    #expect(try reader.history(LeadID(4)).count == 1)
    for table in ["attempt", "attempt_of_lead", "attempt_of_phone"] {
      #expect(try reader.connection.number("SELECT count(*) FROM \(table)") == 3, "\(table)")
    }
    let next = Make.event(13, .attemptStarted, attempt: Make.attempt(7))
    try store.commit(Make.transaction([], [next]))
    try store.flushProjection()
    #expect(try whole(4).fault == nil)
    try store.executeOnWriter("DELETE FROM attempt WHERE attemptID = 4")
    #expect(try reader.verifyEvidence().fault == .changed(AttemptID(5)))
  }

  @Test("with every attempt gone the chain is whole, and a later one hangs on it")
  func allExpired() throws {
    try fill(3)
    #expect(try expire(before: 100) == 3)
    #expect(try whole(0).fault == nil)
    try store.commit(Make.transaction([], [Make.event(7, .attemptStarted, attempt: Make.attempt(4))]))
    try store.flushProjection()
    #expect(try whole(1).fault == nil)
  }

  @Test("an attempt that has not ended stays, with all behind it")
  func open() throws {
    let first = Make.attempt(1)
    let events = [
      Make.event(1, .attemptStarted, attempt: first), Make.event(2, .attemptEnded, attempt: Make.ended(first)),
      Make.event(3, .attemptStarted, attempt: Make.attempt(2)),
      Make.event(4, .attemptStarted, attempt: Make.attempt(3)),
      Make.event(5, .attemptEnded, attempt: Make.ended(Make.attempt(3))),
    ]
    try store.commit(Make.transaction([], events))
    try store.flushProjection()
    #expect(try expire(before: 1) == 1)
    #expect(try reader.attempt(AttemptID(2)) != nil)
    #expect(try whole(2).fault == nil)
  }

  @Test("more than one step's worth is taken out in steps")
  func steps() throws {
    try fill(450)
    #expect(try expire(before: 430) == 430)
    #expect(try whole(20).fault == nil)
  }

  @Test("a walk that is overtaken by what becomes too old goes on at the new beginning")
  func overtaken() throws {
    try fill(6)
    var walk = try reader.verifyEvidence(EvidenceRange(), from: nil, rows: 2)
    #expect(try expire(before: 4) == 4)
    while !walk.isFinished { walk = try reader.verifyEvidence(EvidenceRange(), from: walk, rows: 2) }
    #expect(walk.fault == nil && walk.checked == 4)
  }

  @Test("the ids of a deleted lead are kept as long as an attempt of it is")
  func deletedLead() throws {
    try store.commit(Make.leads(1...2))
    try fill(2)
    try store.commit(Make.transaction([.deleteLeads([LeadID(1), LeadID(2)])]))
    #expect(try expire(before: 1) == 1)
    #expect(try reader.connection.number("SELECT group_concat(leadID) FROM deleted_lead") == 2)
  }

  // MARK: Export

  @Test("attempts with their evidence come oldest first, in pieces, of one time and one tenant")
  func export() throws {
    try fill(6)
    let first = try reader.evidence(days(1, 5), tenant: nil, after: nil, limit: 3)
    #expect(first.attempts.map(\.attemptID.rawValue) == [2, 3, 4])
    #expect(first.attempts.allSatisfy { $0.evidence == Array(#"{"rules":"always"}"#.utf8) && $0.outcome == .busy })
    #expect(first.next == AttemptID(4))
    let second = try reader.evidence(days(1, 5), tenant: .standard, after: first.next, limit: 3)
    #expect(second.attempts.map(\.attemptID.rawValue) == [5])
    #expect(second.next == nil)
    #expect(try reader.evidence(days(nil), tenant: TenantID("other"), after: nil, limit: 3).attempts.isEmpty)
    #expect(try reader.evidence(days(9), tenant: nil, after: nil, limit: 3).attempts.isEmpty)
  }
}
