import DialerModel

/// Writes attempts into the call log, and chains their evidence and what they came to.
final class CallLog {
  private let insert: Statement
  private let update: Statement
  private let updateEnded: Statement
  private let touch: Statement
  private let addCourse: Statement
  private let chain: EvidenceChain
  private let courses = CourseChain()

  init(_ connection: Connection) throws(StoreError) {
    chain = try EvidenceChain(connection)
    insert = try connection.prepare(
      """
      INSERT INTO attempt (attemptID, callID, leadID, vendorLeadCode, listID, campaignID, tenant, phone, startedAt,
        hash, evidence, callerID, trunk, agentID, dialledAt, ringingAt, answeredAt, connectedAt, endedAt, outcome, cause,
        counted, wrapCode, notes, recording)
      VALUES (?25, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
      """)
    update = try connection.prepare(
      """
      UPDATE attempt SET callerID = ?1, trunk = ?2, agentID = ?3, dialledAt = coalesce(?4, dialledAt),
        ringingAt = coalesce(?5, ringingAt), answeredAt = coalesce(?6, answeredAt), connectedAt = ?7, endedAt = ?8,
        outcome = ?9, cause = ?10, counted = ?11, wrapCode = ?12, notes = ?13, recording = ?14
      WHERE attemptID = ?25
      """)
    // What ended is as its last event says, and as its record does.
    updateEnded = try connection.prepare(
      """
      UPDATE attempt SET callerID = ?1, trunk = ?2, agentID = ?3, dialledAt = ?4, ringingAt = ?5, answeredAt = ?6,
        connectedAt = ?7, endedAt = ?8, outcome = ?9, cause = ?10, counted = ?11, wrapCode = ?12, notes = ?13,
        recording = ?14, course = ?26
      WHERE attemptID = ?25
      """)
    touch = try connection.prepare(
      """
      UPDATE attempt SET dialledAt = coalesce(?4, dialledAt), ringingAt = coalesce(?5, ringingAt),
        answeredAt = coalesce(?6, answeredAt) WHERE attemptID = ?25 AND endedAt IS NULL
      """)
    addCourse = try connection.prepare(
      """
      INSERT INTO attempt_course (seq, attemptID, agentID, dialledAt, ringingAt, answeredAt, connectedAt, endedAt, outcome,
        cause, counted, wrapCode, hash)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
      """)
  }

  /// Instants that came as events of their own, without the whole attempt.
  struct Instants {
    var dialledAt: Int64?
    var ringingAt: Int64?
    var answeredAt: Int64?
  }

  /// A new row, chained to the one before it.
  func add(_ attempt: AttemptView, _ state: inout WriterState) throws(StoreError) {
    let text = attempt.evidence ?? UnsafeRawBufferPointer(start: nil, count: 0)
    state.evidenceHead = chain.hash(after: state.evidenceHead, EvidenceChain.Row(attempt))
    bindCourse(insert, attempt, Instants())
    insert.bind(15, staticText: attempt.callID)
    insert.bind(16, Int64(attempt.leadID))
    insert.bind(17, staticText: attempt.vendorLeadCode)
    insert.bind(18, Int64(attempt.listID))
    insert.bind(19, staticText: attempt.campaignID)
    insert.bind(20, staticText: attempt.tenant)
    insert.bind(21, Int64(bitPattern: attempt.phone))
    insert.bind(22, attempt.startedAt)
    insert.bind(23, blob: state.evidenceHead)
    insert.bind(24, staticText: text)
    insert.bind(25, attempt.attemptID)
    try insert.run()
    state.nextAttemptID = attempt.attemptID + 1
  }

  /// What an attempt came to, chained to what was written down before; nothing while it goes on.
  /// - Parameter seq: of the event that says so.
  func addCourse(of attempt: AttemptView, seq: Int64, _ state: inout WriterState) throws(StoreError) {
    // Below, an earlier try at this batch has written the record.
    guard seq > state.courseThrough, let record = CourseChain.Record(attempt, seq: seq) else { return }
    state.courseHead = courses.hash(after: state.courseHead, record)
    state.courseThrough = seq
    addCourse.bind(1, seq)
    addCourse.bind(2, record.attemptID)
    addCourse.bind(3, staticText: record.agentID)
    addCourse.bind(4, record.dialledAt)
    addCourse.bind(5, record.ringingAt)
    addCourse.bind(6, record.answeredAt)
    addCourse.bind(7, record.connectedAt)
    addCourse.bind(8, record.endedAt)
    addCourse.bind(9, record.outcome)
    addCourse.bind(10, record.cause)
    addCourse.bind(11, record.counted ? 1 : 0)
    addCourse.bind(12, staticText: record.wrapCode)
    addCourse.bind(13, blob: state.courseHead)
    try addCourse.run()
  }

  /// - Parameter seq: of the event that the attempt is from.
  func set(_ attempt: AttemptView, _ instants: Instants, seq: Int64) throws(StoreError) {
    let hasEnded = attempt.endedAt != nil
    let statement = hasEnded ? updateEnded : update
    bindCourse(statement, attempt, hasEnded ? Instants() : instants)
    statement.bind(25, attempt.attemptID)
    if hasEnded { statement.bind(26, seq) }
    try statement.run()
  }

  func set(_ attemptID: Int64, _ instants: Instants) throws(StoreError) {
    touch.bind(4, instants.dialledAt)
    touch.bind(5, instants.ringingAt)
    touch.bind(6, instants.answeredAt)
    touch.bind(25, attemptID)
    try touch.run()
  }

  /// What a call's course changes: parameters 1 to 14.
  private func bindCourse(_ statement: Statement, _ attempt: AttemptView, _ instants: Instants) {
    statement.bind(1, staticText: attempt.callerID)
    statement.bind(2, staticText: attempt.trunk)
    statement.bind(3, staticText: attempt.agentID)
    statement.bind(4, attempt.dialledAt ?? instants.dialledAt)
    statement.bind(5, attempt.ringingAt ?? instants.ringingAt)
    statement.bind(6, attempt.answeredAt ?? instants.answeredAt)
    statement.bind(7, attempt.connectedAt)
    statement.bind(8, attempt.endedAt)
    statement.bind(9, attempt.outcome)
    statement.bind(10, attempt.cause)
    statement.bind(11, attempt.counted ? 1 : 0)
    statement.bind(12, staticText: attempt.wrapCode)
    statement.bind(13, staticText: attempt.notes)
    statement.bind(14, staticText: attempt.recording)
  }
}
