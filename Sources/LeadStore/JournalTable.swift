import DialerModel

/// Appends events to the journal.
struct JournalTable {
  private let insert: Statement
  private let arena = ByteArena(capacity: 64 << 10)

  init(_ connection: Connection) throws(StoreError) {
    insert = try connection.prepare(
      """
      INSERT INTO journal (seq, at, type, leadID, vendorLeadCode, campaignID, listID, attemptID, callID, members, state)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
  }

  /// - Throws: `other` for a sequence number or an attempt that is not the next: to write it would break the journal.
  func append(_ event: JournalEvent, _ state: inout WriterState) throws(StoreError) {
    guard event.seq == state.lastSeq + 1 else {
      throw StoreError(
        operation: "commit", kind: .other, name: "sequence",
        message: "event \(event.seq) does not follow \(state.lastSeq)")
    }
    if let attempt = event.attempt { try check(attempt.attemptID, event.type, &state) }
    try write(event)
    state.lastSeq = event.seq
  }

  private func check(_ attempt: AttemptID, _ type: EventType, _ state: inout WriterState) throws(StoreError) {
    let isNew = attempt.rawValue > state.lastStartedAttempt
    guard isNew == (type == .attemptStarted) else {
      throw StoreError(
        operation: "commit", kind: .other, name: "attempt-order",
        message: "\(type.word) of attempt \(attempt) when the last that was started is \(state.lastStartedAttempt)")
    }
    if isNew { state.lastStartedAttempt = attempt.rawValue }
  }

  /// Everything is laid out in the arena first: only then do addresses stay, and SQLite reads it without a copy.
  private func write(_ event: JournalEvent) throws(StoreError) {
    arena.clear()
    let vendorLeadCode = event.vendorLeadCode.map { arena.append($0) }
    let campaignID = event.campaignID.map { arena.append($0.rawValue) }
    let callID = event.callID.map { arena.append($0.rawValue) }
    let membersStart = arena.count
    arena.append(event.members)
    let members = membersStart..<arena.count
    let parts = EventCodec.encode(event, into: arena)

    insert.bind(1, event.seq)
    insert.bind(2, event.at.milliseconds)
    insert.bind(3, Int64(event.type.rawValue))
    insert.bind(4, event.leadID.map { Int64($0.rawValue) })
    insert.bind(5, staticText: vendorLeadCode.map { arena.bytes($0) })
    insert.bind(6, staticText: campaignID.map { arena.bytes($0) })
    insert.bind(7, event.listID.map { Int64($0.rawValue) })
    insert.bind(8, event.attemptID?.rawValue)
    insert.bind(9, staticText: callID.map { arena.bytes($0) })
    insert.bind(10, staticText: arena.bytes(members))
    insert.bind(11, staticBlob: parts.map { arena.bytes($0) })
    try insert.run()
  }
}
