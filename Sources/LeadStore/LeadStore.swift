import CSQLite
import DialerModel
import Synchronization

/// The dialer's memory on disk: leads, configuration, the journal of events and what is projected from it.
///
/// One writer on its own thread commits what is submitted, in order and in groups; a checkpointer on another keeps the
/// write-ahead log short; any number of readers see whole transactions. What a crash finds is what the journal says.
public final class LeadStore: Sendable {
  public let path: String
  public let options: StoreOptions
  let queue: CommitQueue
  private let checkpointer: Checkpointer
  private let threads: Mutex<[WorkerThread]>
  private let projectedHandler = ProjectedHandler()

  /// Opens the database, which is created when there is none, and brings its schema up.
  ///
  /// One process at a time may have it open for writing; the caller sees to that with a lock of its own.
  /// - Throws: `readOnly`, `corrupt` (also for a file that is no database), `ioError` (no such directory), `other`
  ///   (a newer schema, another program's database).
  public init(path: String, options: StoreOptions = StoreOptions()) throws(StoreError) {
    self.path = path
    self.options = options
    let connection = try Self.openWriter(path, options)
    let queue = CommitQueue()
    let checkpointer = try Checkpointer(path: path, queue: queue)
    let handler = projectedHandler
    let writer = try StoreWriter(
      connection: connection, options: options, queue: queue, checkpointer: checkpointer,
      onProjected: { handler.call($0) })
    self.queue = queue
    self.checkpointer = checkpointer
    let writing = try WorkerThread { writer.run() }
    threads = Mutex([writing])
    do throws(StoreError) {
      let checkpointing = try WorkerThread { checkpointer.run() }
      threads.withLock { $0.append(checkpointing) }
    } catch {
      queue.close(abandon: true)
      writing.join()
      throw error
    }
  }

  deinit { stop(abandon: true) }

  private static func openWriter(_ path: String, _ options: StoreOptions) throws(StoreError) -> Connection {
    let connection = try Connection(path: path, mode: options.opensReadOnly ? .readOnly : .readWriteCreate)
    // The first reading of the file: what is no database shows here. SQLite opens what it may not write without a word.
    _ = try connection.number("PRAGMA schema_version")
    guard sqlite3_db_readonly(connection.handle, "main") == 0 else {
      throw StoreError(operation: "open", code: SQLITE_READONLY, message: "the database may not be written")
    }
    try connection.execute("PRAGMA journal_mode = WAL", "open")
    try connection.execute("PRAGMA synchronous = FULL", "open")
    try connection.execute("PRAGMA wal_autocheckpoint = 0", "open")
    try connection.execute("PRAGMA journal_size_limit = \(options.logFileMebibytes << 20)", "open")
    try connection.execute("PRAGMA cache_size = -\(options.cacheMebibytes << 10)", "open")
    // Bytes that are freed inside a page are always overwritten, or an update would leave behind what it replaced; whole
    // pages only where a person's details are changed or deleted (see ChangeWriter).
    try connection.execute("PRAGMA secure_delete = FAST", "open")
    if options.checksIntegrity {
      let found = try connection.text("PRAGMA quick_check(1)") ?? "ok"
      guard found == "ok" else { throw StoreError(operation: "check", code: SQLITE_CORRUPT, message: found) }
    }
    try Migration.run(on: connection)
    return connection
  }

  /// Called on the writer's thread whenever the projection is complete up to a newer event.
  public func onProjected(_ handler: (@Sendable (Int64) -> Void)?) { projectedHandler.set(handler) }

  // MARK: Writing

  /// Hands a transaction to the writer: its changes in their order, then its events, then its answers.
  ///
  /// First in, first out; what waits is committed together. The completion is called on the writer's thread, in order,
  /// after the transaction is on disk, or with the error that kept it from there; after an error every transaction that
  /// was submitted before ``resume()`` fails as well. It must not block.
  public func submit(
    _ transaction: StoreTransaction,
    completion: @escaping @Sendable (Result<CommitReceipt, StoreError>) -> Void
  ) {
    if !queue.add(.transaction(transaction, completion)) { completion(.failure(.closed("commit"))) }
  }

  /// Submits and waits. Not from a completion.
  @discardableResult
  public func commit(_ transaction: StoreTransaction) throws(StoreError) -> CommitReceipt {
    let pending = PendingResult<CommitReceipt>()
    submit(transaction) { pending.complete($0) }
    return try pending.wait()
  }

  /// Tries a small write, also while the store refuses transactions after a failure. Not from a completion.
  public func probeWritable() throws(StoreError) {
    try wait("probe") { .probe($0) }
  }

  /// Lets transactions that are submitted from now on be committed again.
  public func resume() { _ = queue.add(.resume) }

  /// Projects everything submitted so far, then calls back with the journal's last event: a reader then sees it.
  public func flushProjection(_ completion: @escaping @Sendable (Result<Int64, StoreError>) -> Void) {
    if !queue.add(.flush(completion)) { completion(.failure(.closed("project"))) }
  }

  /// The same, waited for. Not from a completion.
  @discardableResult
  public func flushProjection() throws(StoreError) -> Int64 {
    try wait("project") { .flush($0) }
  }

  /// Brings the write-ahead log over into the database file and empties it, as far as no reader holds on to it.
  public func checkpoint() throws(StoreError) {
    try wait("checkpoint") { .checkpoint(truncate: true, $0) }
  }

  /// Calls back when every value of a field that is being indexed is known; at once for one that is not.
  public func whenIndexed(
    _ field: FilterField, _ completion: @escaping @Sendable (Result<Void, StoreError>) -> Void
  ) {
    if !queue.add(.whenIndexed(field, completion)) { completion(.failure(.closed("index"))) }
  }

  /// Takes events out of the journal, from the oldest up to the first that is not older than `before`, in small steps
  /// between commits. The completion gets how many were taken out.
  public func deleteEvents(
    before: Instant, completion: @escaping @Sendable (Result<Int, StoreError>) -> Void
  ) {
    delete(.events, before, completion)
  }

  /// Takes attempts with their evidence out of the call log, from the oldest up to the first that is not older than
  /// `before` or has not ended, in small steps between commits; the chain of evidence of the rest stays whole. The
  /// completion gets how many were taken out.
  public func deleteAttempts(
    before: Instant, completion: @escaping @Sendable (Result<Int, StoreError>) -> Void
  ) {
    delete(.attempts, before, completion)
  }

  private func delete(
    _ kind: Retention.Kind, _ before: Instant, _ completion: @escaping @Sendable (Result<Int, StoreError>) -> Void
  ) {
    if !queue.add(.delete(kind, before: before, completion)) {
      completion(.failure(.closed("delete \(kind.rawValue)")))
    }
  }

  /// For tests: statements on the writer's connection, such as `PRAGMA max_page_count` for a disk that is full.
  func executeOnWriter(_ sql: String) throws(StoreError) {
    try wait("execute") { .execute(sql, $0) }
  }

  private func wait<Value: Sendable>(
    _ operation: String, _ work: (@escaping @Sendable (Result<Value, StoreError>) -> Void) -> WriterWork
  ) throws(StoreError) -> Value {
    let pending = PendingResult<Value>()
    guard queue.add(work { pending.complete($0) }) else { throw .closed(operation) }
    return try pending.wait()
  }

  // MARK: End

  /// Commits what waits, projects everything, empties the log and ends. Not from a completion.
  public func close() { stop(abandon: false) }

  /// For tests: ends as a crash would, with the files as they are.
  func abandon() { stop(abandon: true) }

  private func stop(abandon: Bool) {
    queue.close(abandon: abandon)
    checkpointer.close()
    let running = threads.withLock { list in
      defer { list = [] }
      return list
    }
    for thread in running { thread.join() }
  }
}

/// Who wants to hear of the projection.
final class ProjectedHandler: Sendable {
  private let handler = Mutex<(@Sendable (Int64) -> Void)?>(nil)
  func set(_ new: (@Sendable (Int64) -> Void)?) { handler.withLock { $0 = new } }
  func call(_ seq: Int64) { handler.withLock { $0 }?(seq) }
}
