import DialerModel
import Testing

@testable import LeadStore

@Suite("The chain of what calls came to")
struct CourseEvidenceTests {
  private let fixture: Fixture
  private let store: LeadStore
  private let reader: StoreReader

  init() throws {
    fixture = try Fixture()
    store = try fixture.open()
    reader = try store.makeReader()
  }

  private static func whole(_ number: Int64) -> Attempt {
    var attempt = Make.ended(
      Make.attempt(number, lead: UInt32(number), at: .start + .hours(24 * (number - 1))), .connected)
    attempt.agentID = AgentID("anna")
    attempt.dialledAt = attempt.startedAt + .seconds(1)
    attempt.ringingAt = attempt.startedAt + .seconds(2)
    attempt.answeredAt = attempt.startedAt + .seconds(5)
    attempt.connectedAt = attempt.startedAt + .seconds(6)
    attempt.wrapCode = "NI"
    return attempt
  }

  /// Attempts 1 to `count`, one a day, each ended; the even ones wrapped anew by a supervisor when all had ended.
  private func fill(_ count: Int64) throws {
    var seq: Int64 = 0
    func commit(_ type: EventType, _ attempt: Attempt) throws {
      seq += 1
      try store.commit(Make.transaction([], [Make.event(seq, type, attempt: attempt)]))
    }
    for number in 1...count {
      let attempt = Self.whole(number)
      try commit(.attemptStarted, Make.attempt(number, lead: UInt32(number), at: attempt.startedAt))
      try commit(.attemptEnded, attempt)
    }
    for number in stride(from: 2, through: count, by: 2) {
      var attempt = Self.whole(number)
      attempt.wrapCode = "SALE"
      try commit(.attemptWrapped, attempt)
    }
    try store.flushProjection()
  }

  private func expectWhole(_ count: Int) throws {
    let walk = try reader.verifyEvidence()
    #expect(walk.fault == nil && walk.isFinished && walk.checked == count, "\(walk)")
  }

  /// Every field that `evidence export` prints of a call's course.
  static let tampering: [String] = [
    "agentID = 'bert'", "agentID = NULL", "dialledAt = dialledAt + 1", "dialledAt = NULL", "ringingAt = ringingAt - 1",
    "ringingAt = NULL", "answeredAt = answeredAt + 1", "answeredAt = NULL", "connectedAt = connectedAt + 1",
    "connectedAt = NULL", "endedAt = endedAt - 1", "endedAt = NULL", "outcome = outcome + 1", "outcome = NULL",
    "cause = 16", "cause = NULL", "counted = 0", "wrapCode = 'DNC'", "wrapCode = NULL", "course = NULL",
    "course = NULL, endedAt = NULL", "course = course - 2",
  ]

  @Test("a change of any field of what a call came to is found, and its attempt named", arguments: tampering)
  func changed(_ change: String) throws {
    try fill(5)
    try expectWhole(5)
    try store.executeOnWriter("UPDATE attempt SET \(change) WHERE attemptID = 3")
    #expect(try reader.verifyEvidence().fault == .courseChanged(AttemptID(3)))
  }

  @Test("a wrap code that a supervisor changes is another record, and no fault")
  func wrappedAnew() throws {
    try fill(4)
    try expectWhole(4)
    #expect(try reader.attempt(AttemptID(2))?.attempt.wrapCode == "SALE")
    let kept = "SELECT count(*) FROM attempt_course WHERE attemptID = 2 AND wrapCode IN ('NI', 'SALE')"
    #expect(try reader.connection.number(kept) == 2)
  }

  @Test("putting back what an attempt was before it was wrapped anew is found, also with its older record")
  func putBack() throws {
    try fill(4)
    // Events 3 and 4 are the claim and the end of the attempt 2; event 9 is its second wrap.
    try store.executeOnWriter("UPDATE attempt SET wrapCode = 'NI', course = 4 WHERE attemptID = 2")
    #expect(try reader.verifyEvidence().fault == .courseChanged(AttemptID(2)))
    let since = EvidenceRange(since: .start + .hours(24))
    #expect(try reader.verifyEvidence(since).fault == .courseChanged(AttemptID(2)))
    #expect(try reader.verifyEvidence(EvidenceRange(since: .start + .hours(48))).fault == nil)
  }

  @Test(
    "an attempt whose end was blanked is found within a range that begins with it, in pieces of any length",
    arguments: [1, 2, 100], [1, 4, 5, 6] as [Int64])
  func blankedAtTheStart(_ rows: Int, _ number: Int64) throws {
    try fill(6)
    let range = EvidenceRange(since: .start + .hours(24 * (number - 1)))
    func walk() throws -> EvidenceWalk {
      var walk = try reader.verifyEvidence(range, from: nil, rows: rows)
      while !walk.isFinished { walk = try reader.verifyEvidence(range, from: walk, rows: rows) }
      return walk
    }
    #expect(try walk().fault == nil)
    try store.executeOnWriter("UPDATE attempt SET course = NULL, endedAt = NULL WHERE attemptID = \(number)")
    #expect(try walk().fault == .courseChanged(AttemptID(number)))
  }

  static let tamperedRecords: [(sql: String, fault: EvidenceWalk.Fault)] = [
    ("UPDATE attempt_course SET wrapCode = 'SALE' WHERE seq = 6", .courseChanged(AttemptID(3))),
    ("UPDATE attempt_course SET attemptID = 4 WHERE seq = 6", .courseChanged(AttemptID(3))),
    ("UPDATE attempt_course SET hash = zeroblob(32) WHERE seq = 6", .courseChanged(AttemptID(3))),
    ("DELETE FROM attempt_course WHERE seq = 6", .courseChanged(AttemptID(3))),
    (
      "DELETE FROM attempt_course WHERE seq = 6; UPDATE attempt SET course = NULL, endedAt = NULL WHERE attemptID = 3",
      .courseChanged(AttemptID(4))
    ),
    // The supervisor's wrap of the attempt 4 is the last record.
    (
      "DELETE FROM attempt_course WHERE seq = 12; UPDATE attempt SET wrapCode = 'NI', course = 8 WHERE attemptID = 4",
      .courseMissing(after: AttemptID(2))
    ),
    ("DELETE FROM attempt_course; UPDATE attempt SET course = NULL, endedAt = NULL", .courseMissing(after: nil)),
    (
      "UPDATE attempt_course SET wrapCode = 'X' WHERE seq = 6; UPDATE attempt SET wrapCode = 'X' WHERE attemptID = 3",
      .courseChanged(AttemptID(3))
    ),
    (
      "INSERT INTO attempt_course SELECT 99, attemptID, agentID, dialledAt, ringingAt, answeredAt, connectedAt, endedAt, "
        + "outcome, cause, counted, 'X', hash FROM attempt_course WHERE seq = 6; "
        + "UPDATE attempt SET wrapCode = 'X', course = 99 WHERE attemptID = 3", .courseChanged(AttemptID(3))
    ),
  ]

  @Test("a record that is changed, taken out or put in is found", arguments: tamperedRecords)
  func records(sql: String, fault: EvidenceWalk.Fault) throws {
    try fill(5)
    try expectWhole(5)
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
    #expect(try walk().fault == nil)
    try store.executeOnWriter("UPDATE attempt_course SET outcome = 1 WHERE seq = 11")
    #expect(try walk().fault == .courseChanged(AttemptID(2)))
  }

  @Test("a call that goes on has no record, and what is written of it meanwhile is no fault")
  func open() throws {
    let attempt = Make.attempt(1)
    var connected = attempt
    connected.agentID = AgentID("anna")
    connected.connectedAt = .start + .seconds(3)
    connected.evidence = []
    let events = [
      Make.event(1, .attemptStarted, attempt: attempt), Make.event(2, .attemptConnected, attempt: connected),
    ]
    try store.commit(Make.transaction([], events))
    try store.flushProjection()
    try expectWhole(1)
    #expect(try reader.connection.number("SELECT count(*) FROM attempt_course") == 0)
  }

  @Test("attempts that ended before there were records are taken as they are; what ends later has one")
  func older() throws {
    try fill(3)
    store.close()
    // As it was before: no record, no column, no head. Then the step that brings them.
    let connection = try Connection(path: fixture.path, mode: .readWriteCreate)
    try connection.execute(
      """
      DROP TABLE attempt_course; ALTER TABLE attempt DROP COLUMN course; DELETE FROM meta WHERE key LIKE 'course%';
      """)
    try connection.execute(Schema.evidenceOfTheCourse)
    let upgraded = try fixture.open()
    let reader = try upgraded.makeReader()
    let walk = try reader.verifyEvidence()
    #expect(walk.fault == nil && walk.checked == 3)
    var attempt = Self.whole(3)
    attempt.wrapCode = "SALE"
    let next = Make.attempt(4, lead: 4)
    let seq = try Fixture.load(upgraded).image.nextSeq
    let events = [
      Make.event(seq, .attemptWrapped, attempt: attempt), Make.event(seq + 1, .attemptStarted, attempt: next),
      Make.event(seq + 2, .attemptEnded, attempt: Make.ended(next)),
    ]
    try upgraded.commit(Make.transaction([], events))
    try upgraded.flushProjection()
    #expect(try reader.verifyEvidence().fault == nil)
    for number in [Int64(3), 4] {
      try upgraded.executeOnWriter("UPDATE attempt SET cause = cause + 1 WHERE attemptID = \(number)")
      #expect(try reader.verifyEvidence().fault == .courseChanged(AttemptID(number)))
      try upgraded.executeOnWriter("UPDATE attempt SET cause = cause - 1 WHERE attemptID = \(number)")
    }
    try upgraded.executeOnWriter("UPDATE attempt SET course = NULL WHERE attemptID = 4")
    #expect(try reader.verifyEvidence().fault == .courseChanged(AttemptID(4)))
    upgraded.close()
  }

  // MARK: Retention

  private func expire(before day: Int64) throws {
    let pending = PendingResult<Int>()
    store.deleteAttempts(before: .start + .hours(24 * day)) { pending.complete($0) }
    _ = try pending.wait()
  }

  @Test("records go with their attempts, and the chain of the rest stays whole")
  func expired() throws {
    try fill(6)
    try expire(before: 3)
    try expectWhole(3)
    // Behind the first record that stays, the late wrap of the attempt 2 waits for its turn.
    #expect(try reader.connection.number("SELECT min(seq) FROM attempt_course") == 8)
    try store.executeOnWriter("UPDATE attempt SET outcome = 3 WHERE attemptID = 5")
    #expect(try reader.verifyEvidence().fault == .courseChanged(AttemptID(5)))
    try expire(before: 100)
    try expectWhole(0)
    #expect(try reader.connection.number("SELECT count(*) FROM attempt_course") == 0)
  }

  @Test("a walk that is overtaken by what becomes too old goes on at the new beginning", arguments: [5, 7, 9])
  func overtaken(_ pieces: Int) throws {
    try fill(6)
    var walk = try reader.verifyEvidence(EvidenceRange(), from: nil, rows: 1)
    for _ in 1..<pieces { walk = try reader.verifyEvidence(EvidenceRange(), from: walk, rows: 1) }
    #expect(!walk.isFinished)
    try expire(before: 5)
    while !walk.isFinished { walk = try reader.verifyEvidence(EvidenceRange(), from: walk, rows: 1) }
    #expect(walk.fault == nil)
  }
}
