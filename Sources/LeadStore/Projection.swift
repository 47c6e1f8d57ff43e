import DialerModel

/// Brings lead states, the call log and shares up to the journal, behind the commits.
///
/// It reads the journal itself instead of keeping events in memory: a backlog costs no memory, and a restart replays by
/// the same code. A batch is worked off in small steps; between two steps the transaction may be committed, because to
/// apply a batch again from its beginning gives the same.
final class Projection {
  private enum Phase { case reading, byLead, byPhone, attempts, leads, finished }

  private let connection: Connection
  private let read: Statement
  private let callLog: CallLog
  private let keyOfLead: Statement
  private let keyOfPhone: Statement
  private let setLead: Statement
  private let setContact: Statement
  private let arena = ByteArena()

  private var batch: ProjectionBatch?
  private var phase = Phase.reading
  private var readSeq: Int64 = 0
  private var position = 0

  /// An arena that grew past this is let go of after its batch.
  private static let keptArena = 1 << 20

  init(_ connection: Connection) throws(StoreError) {
    self.connection = connection
    read = try connection.prepare(
      """
      SELECT seq, at, type, leadID, campaignID, attemptID, state FROM journal
      WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?
      """)
    callLog = try CallLog(connection)
    // A batch that is applied again finds its keys there.
    keyOfLead = try connection.prepare("INSERT OR IGNORE INTO attempt_of_lead (leadID, attemptID) VALUES (?, ?)")
    keyOfPhone = try connection.prepare("INSERT OR IGNORE INTO attempt_of_phone (phone, attemptID) VALUES (?, ?)")
    let contact = """
      lastContactedAt = coalesce(?, lastContactedAt), lastAgentID = coalesce(?, lastAgentID),
      wrapCode = coalesce(?, wrapCode) WHERE leadID = ?
      """
    setLead = try connection.prepare("UPDATE lead SET \(LeadTable.assignState), \(contact)")
    setContact = try connection.prepare("UPDATE lead SET \(contact)")
  }

  /// Whether a batch is half done.
  var isUnderWay: Bool { batch != nil }

  /// After a rollback: what was done is undone, and the batch begins anew.
  func abandon() {
    batch = nil
    phase = .reading
  }

  /// Does about so many rows' worth of work inside the caller's transaction.
  /// - Returns: whether the batch is complete; `state.projectedSeq` then says up to where.
  func step(rows: Int, limit: Int, _ state: inout WriterState) throws(StoreError) -> Bool {
    if batch == nil { begin(limit: limit, state) }
    switch phase {
    case .reading: try readSome(rows, &state)
    case .byLead: try writeKeys(rows, \.byLead, keyOfLead, next: .byPhone)
    case .byPhone: try writeKeys(rows, \.byPhone, keyOfPhone, next: .attempts)
    case .attempts: try writeAttempts(rows)
    case .leads: try writeLeads(rows)
    case .finished: break
    }
    guard phase == .finished else { return false }
    try finish(&state)
    return true
  }

  /// Everything in the journal, at once.
  func catchUp(limit: Int, _ state: inout WriterState) throws(StoreError) {
    while state.pending > 0 || isUnderWay {
      while try !step(rows: .max, limit: limit, &state) {}
    }
  }

  private func begin(limit: Int, _ state: WriterState) {
    batch = ProjectionBatch(upTo: min(state.lastSeq, state.projectedSeq + Int64(limit)), arena: arena)
    phase = .reading
    readSeq = state.projectedSeq
    position = 0
  }

  private func finish(_ state: inout WriterState) throws(StoreError) {
    guard let done = batch else { return }
    for campaign in done.shares.keys.sorted() {
      guard let (seq, shares) = done.shares[campaign] else { continue }
      for share in shares { try ShareTable.put(connection, campaign, share, seq: seq, isEvent: true) }
    }
    state.projectedSeq = done.upTo
    batch = nil
    phase = .reading
    arena.shrink(to: Self.keptArena)
  }

  // MARK: Reading

  private func readSome(_ rows: Int, _ state: inout WriterState) throws(StoreError) {
    guard var filling = batch.take() else { return }
    defer { batch = filling }
    read.bind(1, readSeq)
    read.bind(2, filling.upTo)
    read.bind(3, Int64(rows))
    defer { read.reset() }
    var count = 0
    while try read.step() {
      count += 1
      readSeq = read.integer(0)
      try take(&filling, &state)
    }
    guard readSeq >= filling.upTo else {
      guard count < rows else { return }
      // Fewer rows than there must be: it would otherwise be waited for without end.
      throw StoreError(
        operation: "project", kind: .corrupt, name: "journal", message: "event \(readSeq + 1) is missing")
    }
    filling.sort()
    phase = .byLead
  }

  /// One row of the journal.
  private func take(_ batch: inout ProjectionBatch, _ state: inout WriterState) throws(StoreError) {
    let order = UInt32(truncatingIfNeeded: batch.upTo - readSeq) ^ .max
    guard let bytes = read.bytes(6) else {
      return takeInstant(&batch, order)
    }
    var reader = ByteReader(bytes)
    let flags: UInt8 = reader.next()
    let leadState = flags & EventCodec.hasLeadState != 0 ? EventCodec.leadState(&reader) : nil
    var contact: ProjectionBatch.Contact?
    var leadID = UInt32(truncatingIfNeeded: read.integer(3))
    if flags & EventCodec.hasAttempt != 0 {
      let start = reader.position
      let attempt = AttemptView(&reader)
      let range = start..<reader.position
      leadID = attempt.leadID
      contact = batch.contact(of: attempt)
      try takeAttempt(attempt, UnsafeRawBufferPointer(rebasing: bytes[range]), order, &batch, &state)
    } else {
      takeInstant(&batch, order)
    }
    if leadState != nil || contact != nil { batch.addLead(leadID, leadState, contact: contact, order: order) }
    if flags & EventCodec.hasShares != 0, let campaign = read.optionalText(4) {
      batch.shares[campaign] = (readSeq, EventCodec.shares(&reader))
    }
    guard !reader.isShort else {
      throw StoreError(
        operation: "project", kind: .corrupt, name: "journal", message: "event \(readSeq) cannot be read")
    }
  }

  private func takeAttempt(
    _ attempt: AttemptView, _ bytes: UnsafeRawBufferPointer, _ order: UInt32, _ batch: inout ProjectionBatch,
    _ state: inout WriterState
  ) throws(StoreError) {
    guard read.integer(2) == Int64(EventType.attemptStarted.rawValue) else {
      batch.addSnapshot(attempt.attemptID, bytes, seq: readSeq, order: order)
      return try callLog.addCourse(of: attempt, seq: readSeq, &state)
    }
    batch.byLead.append(.init(key: Int64(attempt.leadID), attemptID: attempt.attemptID))
    batch.byPhone.append(.init(key: Int64(bitPattern: attempt.phone), attemptID: attempt.attemptID))
    // Below, an earlier try at this batch has written the row.
    if attempt.attemptID >= state.nextAttemptID { try callLog.add(attempt, &state) }
  }

  private func takeInstant(_ batch: inout ProjectionBatch, _ order: UInt32) {
    let kind: ProjectionBatch.AttemptEntry.Kind
    switch EventType(rawValue: UInt8(truncatingIfNeeded: read.integer(2))) {
    case .attemptDialing: kind = .dialled
    case .attemptRinging: kind = .ringing
    case .attemptAnswered: kind = .answered
    default: return
    }
    guard let attemptID = read.optionalInteger(5) else { return }
    batch.addInstant(attemptID, kind, at: read.integer(1), order: order)
  }

  // MARK: Writing

  private func writeKeys(
    _ rows: Int, _ keys: KeyPath<ProjectionBatch, [ProjectionBatch.Key]>, _ insert: Statement, next: Phase
  ) throws(StoreError) {
    guard let keys = batch?[keyPath: keys] else { return }
    let end = min(keys.count, rows > keys.count ? keys.count : position + rows)
    while position < end {
      insert.bind(1, keys[position].key)
      insert.bind(2, keys[position].attemptID)
      try insert.run()
      position += 1
    }
    if position == keys.count {
      position = 0
      phase = next
    }
  }

  private func writeAttempts(_ rows: Int) throws(StoreError) {
    guard let batch else { return }
    var left = rows
    while position < batch.attempts.count, left > 0 {
      left -= 1
      let attemptID = batch.attempts[position].attemptID
      var instants = CallLog.Instants()
      var snapshot: Range<Int>?
      var seq: Int64 = 0
      while position < batch.attempts.count, batch.attempts[position].attemptID == attemptID {
        let entry = batch.attempts[position]
        switch entry.kind {
        case .snapshot:
          snapshot = Int(entry.start)..<Int(entry.end)
          seq = entry.at
        case .dialled: instants.dialledAt = entry.at
        case .ringing: instants.ringingAt = entry.at
        case .answered: instants.answeredAt = entry.at
        }
        position += 1
      }
      if let snapshot {
        var reader = ByteReader(batch.arena.bytes(snapshot))
        try callLog.set(AttemptView(&reader), instants, seq: seq)
      } else {
        try callLog.set(attemptID, instants)
      }
    }
    if position == batch.attempts.count {
      position = 0
      phase = .leads
    }
  }

  private func writeLeads(_ rows: Int) throws(StoreError) {
    guard let batch else { return }
    var left = rows
    while position < batch.leads.count, left > 0 {
      left -= 1
      let leadID = batch.leads[position].leadID
      var newest: LeadState?
      var contact = ProjectionBatch.Contact()
      while position < batch.leads.count, batch.leads[position].leadID == leadID {
        let entry = batch.leads[position]
        if entry.hasState { newest = entry.state }
        if entry.contact >= 0 {
          let later = batch.contacts[Int(entry.contact)]
          contact.contactedAt = later.contactedAt ?? contact.contactedAt
          contact.agentID = later.agentID ?? contact.agentID
          contact.wrapCode = later.wrapCode ?? contact.wrapCode
        }
        position += 1
      }
      try write(leadID, newest, contact, batch.arena)
    }
    if position == batch.leads.count { phase = .finished }
  }

  private func write(
    _ leadID: UInt32, _ state: LeadState?, _ contact: ProjectionBatch.Contact, _ arena: ByteArena
  ) throws(StoreError) {
    let statement = state == nil ? setContact : setLead
    var next: Int32 = 1
    if let state {
      LeadTable.bind(statement, state, from: 1)
      next = 1 + LeadTable.stateCount
    }
    statement.bind(next, contact.contactedAt)
    statement.bind(next + 1, staticText: contact.agentID.map { arena.bytes($0) })
    statement.bind(next + 2, staticText: contact.wrapCode.map { arena.bytes($0) })
    statement.bind(next + 3, Int64(leadID))
    try statement.run()
  }
}
