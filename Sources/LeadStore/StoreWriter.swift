import CSQLite
import DialerModel

/// The one that writes: takes what was submitted, commits it in groups, and brings the projections up behind.
///
/// Sendable: made by the store's initialiser and then used by the writer's thread only.
final class StoreWriter: @unchecked Sendable {
  let connection: Connection
  private let options: StoreOptions
  private let queue: CommitQueue
  private let checkpointer: Checkpointer
  private let onProjected: @Sendable (Int64) -> Void
  private let journal: JournalTable
  private let changes: ChangeWriter
  private let answers: AnswerTable
  private let projection: Projection
  private let log: LogFile

  private var state: WriterState
  /// Set by a failed commit: everything is refused until `resume`, so that nothing overtakes what failed.
  private var failure: StoreError?
  /// Set by a failed projection; it is tried again after the next commit that succeeds, or `resume`.
  private var projectionRests = false
  private var retention: [Retention] = []
  /// Fields whose values are being gathered or taken out, and who waits for some to be done.
  var indexing: [FilterField] = []
  var indexWaiters: [(field: FilterField, completion: @Sendable (Result<Void, StoreError>) -> Void)] = []
  /// Who waits until the projection is complete up to an event.
  private var flushes: [(seq: Int64, completion: @Sendable (Result<Int64, StoreError>) -> Void)] = []
  /// Since when the log may hold what a deletion took out of the database, in microseconds; nil = it does not.
  private var erasedSince: Int64?
  /// Pages in the write-ahead log after the last commit; written by SQLite's hook on this thread.
  private let logPages = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

  init(
    connection: Connection, options: StoreOptions, queue: CommitQueue, checkpointer: Checkpointer,
    onProjected: @escaping @Sendable (Int64) -> Void
  ) throws(StoreError) {
    self.connection = connection
    self.options = options
    self.queue = queue
    self.checkpointer = checkpointer
    self.onProjected = onProjected
    journal = try JournalTable(connection)
    changes = ChangeWriter(connection)
    answers = AnswerTable(connection)
    projection = try Projection(connection)
    log = LogFile(connection, limit: Int64(options.logFileMebibytes) << 20)
    state = try WriterState(connection)
    logPages.initialize(to: 0)
    sqlite3_wal_hook(
      connection.handle,
      { context, _, _, pages in
        context?.assumingMemoryBound(to: Int32.self).pointee = pages
        return SQLITE_OK
      }, logPages)
  }

  deinit {
    sqlite3_wal_hook(connection.handle, nil, nil)
    logPages.deallocate()
  }

  // MARK: The loop

  /// Runs until the queue is closed.
  func run() {
    // Where it cannot be written now, the rules that are there do without: they are looked up the long way.
    try? resumeIndexes()
    var hasJustWorked = false
    while true {
      switch queue.next(milliseconds: patience, looksFirst: hasJustWorked) {
      case .work(let work):
        perform(work)
        hasJustWorked = true
      case .idle:
        workInIdleTime()
        hasJustWorked = false
      case .closed(let abandoned):
        if !abandoned { finish() }
        return
      }
    }
  }

  /// How long to wait for work before using the time; nil = there is nothing else to do.
  private var patience: Int? {
    if !retention.isEmpty || !indexing.isEmpty || !flushes.isEmpty { return 0 }
    if erasedSince != nil { return state.pending > 0 && !projectionRests ? 0 : Self.erasureMilliseconds }
    guard state.pending > 0, !projectionRests else { return nil }
    let isDue = projection.isUnderWay || state.pending >= options.projectionBatch
    return isDue ? 0 : options.projectionIdleMilliseconds
  }

  private func workInIdleTime() {
    if !flushes.isEmpty {
      goOnFlushing()
    } else if let step = retention.first {
      retain(step)
    } else if !indexing.isEmpty {
      stepIndex()
    } else if erasedSince != nil, state.pending == 0 || projectionRests {
      emptyErasedLog()
    } else {
      project(minimumRows: 0)
    }
  }

  private func perform(_ work: [WriterWork]) {
    var group: [WriterWork] = []
    var size = 0
    for piece in work {
      guard case .transaction(let transaction, _) = piece else {
        commit(&group, &size)
        run(piece)
        continue
      }
      group.append(piece)
      size += transaction.events.count + transaction.changes.count + 1
      // Who waits behind the leads of an import waits for one chunk of them at most.
      if transaction.changes.contains(where: { if case .addLeads = $0 { true } else { false } }) {
        size = max(size, options.groupLimit)
      }
      if size >= options.groupLimit { commit(&group, &size) }
    }
    commit(&group, &size)
  }

  private func run(_ piece: WriterWork) {
    switch piece {
    case .transaction: break
    case .flush(let completion):
      flushes.append((state.lastSeq, completion))
      goOnFlushing()
    case .probe(let completion): completion(probe())
    case .resume:
      failure = nil
      projectionRests = false
    case .whenIndexed(let field, let completion): whenIndexed(field, completion)
    case .checkpoint(let truncate, let completion): completion(checkpoint(truncate: truncate))
    case .delete(let kind, let before, let completion):
      retention.append(Retention(kind, before: before, completion: completion))
    case .execute(let sql, let completion):
      completion(Result { () throws(StoreError) in try connection.execute(sql) })
    }
  }

  /// At an orderly end: everything projected, and the log empty.
  private func finish() {
    for step in retention { step.completion(.failure(.closed("delete \(step.kind.rawValue)"))) }
    retention = []
    for waiter in indexWaiters { waiter.completion(.failure(.closed("index"))) }
    indexWaiters = []
    let flushed = flushAll()
    for flush in flushes { flush.completion(flushed) }
    flushes = []
    _ = checkpoint(truncate: true)
  }

  // MARK: Commits

  private func commit(_ group: inout [WriterWork], _ size: inout Int) {
    guard !group.isEmpty else { return }
    let taken = group
    let events = size
    group.removeAll(keepingCapacity: true)
    size = 0
    var receipts: [Int64] = []
    if failure == nil {
      do throws(StoreError) {
        try transaction("commit") { () throws(StoreError) in
          log.makeRoom()
          receipts = try write(taken)
        }
        log.took(pages: logPages.pointee)
        projectionRests = false
      } catch { failure = error }
    }
    for (index, piece) in taken.enumerated() {
      guard case .transaction(_, let completion) = piece else { continue }
      if let failure {
        completion(.failure(failure))
      } else {
        completion(.success(CommitReceipt(lastSeq: receipts[index], groupCount: taken.count)))
      }
    }
    guard failure == nil else { return }
    if logPages.pointee >= options.checkpointPages { checkpointer.request() }
    if taken.contains(where: Self.changesIndexes) { lookForIndexes() }
    if taken.contains(where: Self.erases) {
      erasedSince = erasedSince ?? monotonicMicroseconds()
      if logPages.pointee > Checkpointer.tailPages { checkpointer.request() }
    }
    emptyErasedLog()
    if flushes.isEmpty { keepUp(afterCommitting: events) } else { goOnFlushing() }
  }

  // MARK: What was deleted

  private static let patienceMicroseconds: Int64 = 2_000_000
  /// So long the checkpointer has for the bulk of the log before the writer empties the rest.
  private static let erasureMilliseconds = 500

  private static func erases(_ work: WriterWork) -> Bool {
    guard case .transaction(let transaction, _) = work else { return false }
    return transaction.changes.contains { change in
      switch change {
      case .deleteLeads, .deleteErasure: true
      default: false
      }
    }
  }

  /// Old pages in the log still show who was deleted. While a reader holds on to them it is tried again; nobody waits.
  private func emptyErasedLog() {
    let now = monotonicMicroseconds()
    guard let since = erasedSince, now - since >= Int64(Self.erasureMilliseconds) * 1000 else { return }
    erasedSince = now
    sqlite3_busy_timeout(connection.handle, 0)
    defer { sqlite3_busy_timeout(connection.handle, Connection.busyMilliseconds) }
    let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    if code == SQLITE_OK { erasedSince = nil }
  }

  /// A projection that is due goes on between commits, so that a stream without a pause cannot leave it behind.
  private func keepUp(afterCommitting events: Int) {
    guard !projectionRests, projection.isUnderWay || state.pending >= options.projectionBatch else { return }
    if state.pending >= options.pendingLimit {
      while state.pending >= options.pendingLimit / 2, !projectionRests { project(minimumRows: .max) }
    } else if state.pending >= options.pendingLimit / 4 {
      // Each event is worked on up to three times (read, attempt, lead): this much keeps pace with the commits.
      project(minimumRows: max(256, events * 3))
    } else if !queue.hasWork {
      // While less than that waits, who comes goes first: a burst is not held up by what can be done behind it.
      project(minimumRows: 0)
    }
  }

  private func write(_ group: [WriterWork]) throws(StoreError) -> [Int64] {
    var receipts: [Int64] = []
    receipts.reserveCapacity(group.count)
    for case .transaction(let transaction, _) in group {
      if transaction.changes.contains(where: ChangeWriter.needsProjection) {
        try projection.catchUp(limit: options.projectionBatchLimit, &state)
      }
      try changes.apply(transaction.changes, &state)
      for event in transaction.events { try journal.append(event, &state) }
      for answer in transaction.answers { try answers.add(answer) }
      receipts.append(state.lastSeq)
    }
    return receipts
  }

  /// All of the body or nothing of it, on disk and in ``state``.
  func transaction(_ operation: String, _ body: () throws(StoreError) -> Void) throws(StoreError) {
    let before = state
    do throws(StoreError) {
      try connection.cached("BEGIN IMMEDIATE").run()
      try body()
      try state.save(connection, since: before)
      try connection.cached("COMMIT").run()
    } catch {
      if sqlite3_get_autocommit(connection.handle) == 0 { sqlite3_exec(connection.handle, "ROLLBACK", nil, nil, nil) }
      state = before
      projection.abandon()
      throw StoreError(operation: operation, after: error)
    }
  }

  // MARK: Projection

  /// One piece of the projection in a transaction of its own.
  ///
  /// It is not synced: the next commit syncs the log with it, and what a power failure takes is projected again.
  @discardableResult
  private func project(minimumRows: Int) -> StoreError? {
    let projected = state.projectedSeq
    var failure: StoreError?
    do throws(StoreError) {
      try connection.execute("PRAGMA synchronous = NORMAL")
      defer { _ = sqlite3_exec(connection.handle, "PRAGMA synchronous = FULL", nil, nil, nil) }
      try transaction("project") { () throws(StoreError) in try projectPiece(minimumRows) }
    } catch {
      projectionRests = true
      failure = error
    }
    if state.projectedSeq != projected { onProjected(state.projectedSeq) }
    if logPages.pointee >= options.checkpointPages { checkpointer.request() }
    return failure
  }

  /// A question does not hold commits up for longer than any other piece: who asks waits, and calls go on.
  private func goOnFlushing() {
    guard let last = flushes.last?.seq else { return }
    var failure: StoreError?
    if state.projectedSeq < last {
      failure = project(minimumRows: .max)
      if failure == nil { projectionRests = false }
    }
    let projected = state.projectedSeq
    for flush in flushes {
      if let failure {
        flush.completion(.failure(failure))
      } else if flush.seq <= projected {
        flush.completion(.success(projected))
      }
    }
    flushes.removeAll { failure != nil || $0.seq <= projected }
  }

  /// - Parameter minimumRows: what keeps pace with the commits; work beyond it only while no commit waits.
  private func projectPiece(_ minimumRows: Int) throws(StoreError) {
    let rowsAtOnce = 256
    let end = monotonicMicroseconds() + Int64(options.projectionPieceMilliseconds) * 1000
    // With nobody waiting a longer piece spares transactions; and who comes then waits no longer than this.
    let idleEnd = end + Int64(options.projectionPieceMilliseconds) * 1000
    var done = 0
    while try !projection.step(rows: rowsAtOnce, limit: options.projectionBatchLimit, &state) {
      done += rowsAtOnce
      let now = monotonicMicroseconds()
      if now >= idleEnd { return }
      if done >= minimumRows || now >= end, queue.hasWork { return }
    }
  }

  /// Everything in one go, at the end.
  private func flushAll() -> Result<Int64, StoreError> {
    while state.pending > 0 || projection.isUnderWay {
      let before = state.projectedSeq
      do throws(StoreError) {
        try transaction("project") { () throws(StoreError) in
          try projection.catchUp(limit: options.projectionBatchLimit, &state)
        }
      } catch { return .failure(error) }
      projectionRests = false
      if state.projectedSeq != before { onProjected(state.projectedSeq) }
    }
    return .success(state.projectedSeq)
  }

  // MARK: Upkeep

  /// Writes 64 KiB and takes them out again: more than any one page that happened to be free.
  private func probe() -> Result<Void, StoreError> {
    Result { () throws(StoreError) in
      try transaction("probe") { () throws(StoreError) in
        try connection.execute("INSERT OR REPLACE INTO meta VALUES ('probe', zeroblob(65536))", "probe")
      }
      try transaction("probe") { () throws(StoreError) in
        try connection.execute("DELETE FROM meta WHERE key = 'probe'", "probe")
      }
    }
  }

  /// On this thread nobody else writes, so all of the log can be brought over, and the next commit begins it anew.
  private func checkpoint(truncate: Bool) -> Result<Void, StoreError> {
    let mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE
    var code = sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, nil, nil)
    // The checkpointer is at it, for which SQLite does not wait as it does for a reader.
    let end = monotonicMicroseconds() + Self.patienceMicroseconds
    let pause = Monitor()
    while truncate, code & 0xFF == SQLITE_BUSY, monotonicMicroseconds() < end {
      pause.lock()
      _ = pause.wait(milliseconds: 1)
      pause.unlock()
      code = sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, nil, nil)
    }
    // A reader holds on to the log: it is emptied at another time.
    if code & 0xFF == SQLITE_BUSY { code = SQLITE_OK }
    return code == SQLITE_OK ? .success(()) : .failure(connection.error("checkpoint", code))
  }

  private func retain(_ step: Retention) {
    var removed = 0
    do throws(StoreError) {
      try transaction("delete \(step.kind.rawValue)") { () throws(StoreError) in
        removed = try step.deleteSome(connection, projectedSeq: state.projectedSeq)
      }
      retention[0].deleted += removed
      if removed > 0 { return }
      step.completion(.success(step.deleted))
    } catch { step.completion(.failure(error)) }
    retention.removeFirst()
  }
}
