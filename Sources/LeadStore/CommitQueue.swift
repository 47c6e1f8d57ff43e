import DialerModel
import Synchronization

/// What is known once a transaction is on disk.
public struct CommitReceipt: Sendable, Hashable {
  /// The journal's last event after this transaction.
  public let lastSeq: Int64
  /// How many transactions shared the commit.
  public let groupCount: Int
}

/// Work for the writer, in the order in which it came.
enum WriterWork: Sendable {
  case transaction(StoreTransaction, @Sendable (Result<CommitReceipt, StoreError>) -> Void)
  /// Everything before it committed and projected.
  case flush(@Sendable (Result<Int64, StoreError>) -> Void)
  /// A write that is waited for, also after a failure.
  case probe(@Sendable (Result<Void, StoreError>) -> Void)
  /// Ends the refusal that follows a failure.
  case resume
  /// Once all values of the field are gathered.
  case whenIndexed(FilterField, @Sendable (Result<Void, StoreError>) -> Void)
  case checkpoint(truncate: Bool, @Sendable (Result<Void, StoreError>) -> Void)
  case delete(Retention.Kind, before: Instant, @Sendable (Result<Int, StoreError>) -> Void)
  /// Statements on the writer's connection: how tests bring faults about.
  case execute(String, @Sendable (Result<Void, StoreError>) -> Void)
}

/// Hands work to the writer's thread, first in, first out.
///
/// At most ``limit`` pieces wait; then `add` blocks its caller until the writer has taken some. A completion is called
/// on the writer's thread: it must hand over and return, and never call back into the store to wait.
///
/// Sendable: every stored field is touched under the monitor only.
final class CommitQueue: @unchecked Sendable {
  enum Next {
    case work([WriterWork])
    /// Nothing came in the time given.
    case idle
    /// Closed, and everything before is taken.
    case closed(abandoned: Bool)
  }

  private static let limit = 10_000
  /// How long the writer looks for more before it sleeps. To wake a sleeping thread takes some 40 µs on a virtual
  /// machine, a third of a commit on a fast disk; who commits one at a time comes back within this.
  private static let lookMicroseconds = 60
  private let hasSome = Atomic(false)
  private let monitor = Monitor()
  private var waiting: [WriterWork] = []
  private var isClosed = false
  private var isAbandoned = false
  private var writerSleeps = false
  private var producersWait = false

  /// False when the queue is closed: the work was not taken.
  func add(_ work: WriterWork) -> Bool {
    monitor.lock()
    defer { monitor.unlock() }
    while waiting.count >= Self.limit, !isClosed {
      producersWait = true
      monitor.wait()
    }
    guard !isClosed else { return false }
    waiting.append(work)
    hasSome.store(true, ordering: .releasing)
    if writerSleeps { monitor.signalAll() }
    return true
  }

  /// - Parameter abandon: what waits is dropped, and nothing is projected: how a crash looks from the disk.
  func close(abandon: Bool) {
    monitor.withLock {
      isClosed = true
      isAbandoned = isAbandoned || abandon
      hasSome.store(true, ordering: .releasing)
      monitor.signalAll()
    }
  }

  var hasWork: Bool { hasSome.load(ordering: .acquiring) }

  /// Everything that waits. Blocks until there is something, or for so many milliseconds.
  ///
  /// - Parameter looksFirst: for a writer that has just worked: more is likely to come at once.
  func next(milliseconds: Int?, looksFirst: Bool) -> Next {
    if looksFirst, milliseconds != 0 { look() }
    monitor.lock()
    defer { monitor.unlock() }
    while waiting.isEmpty, !isClosed {
      writerSleeps = true
      defer { writerSleeps = false }
      if let milliseconds {
        if milliseconds <= 0 || (!monitor.wait(milliseconds: milliseconds) && waiting.isEmpty && !isClosed) {
          return .idle
        }
      } else {
        monitor.wait()
      }
    }
    if isAbandoned || waiting.isEmpty { return .closed(abandoned: isAbandoned) }
    var taken: [WriterWork] = []
    swap(&taken, &waiting)
    if !isClosed { hasSome.store(false, ordering: .releasing) }
    if producersWait {
      producersWait = false
      monitor.signalAll()
    }
    return .work(taken)
  }

  private func look() {
    let end = monotonicMicroseconds() + Int64(Self.lookMicroseconds)
    while !hasSome.load(ordering: .acquiring), monotonicMicroseconds() < end {}
  }
}
