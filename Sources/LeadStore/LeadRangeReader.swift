import DialerModel

/// Some leads on their way from a reading thread to the one that loads.
struct LeadChunk: Sendable {
  var leads: [LeadRecord] = []
  /// Where the code of each lead ends in ``codes``.
  var codeEnds: [Int] = []
  var codes: [UInt8] = []
}

/// Reads all leads on two threads and hands them on in the order of their ids.
///
/// A start reads every lead, and SQLite decodes a row in about half a microsecond: the threads take turns at ranges of
/// ids, each up to two ranges ahead, while the loading thread builds its index from what is there.
final class LeadRangeReader: @unchecked Sendable {
  // Sendable: `chunks`, `failure` and `isOver` are touched under the monitor; the rest does not change.
  private static let threads = 2
  /// Ids a range: about 2.5 MB of leads.
  private static let span: Int64 = 16_384
  private static let ahead = 4

  private let path: String
  private let lowest: Int64
  private let rangeCount: Int
  private let monitor = Monitor()
  private var chunks: [Int: LeadChunk] = [:]
  private var next = 0
  private var failure: StoreError?
  private var isOver = false

  init(path: String, lowest: Int64, highest: Int64) {
    self.path = path
    self.lowest = lowest
    rangeCount = highest < lowest ? 0 : Int((highest - lowest) / Self.span) + 1
  }

  /// - Returns: how many leads there were.
  func forEachChunk(_ body: (borrowing LeadChunk) -> Void) throws(StoreError) -> Int {
    var workers: [WorkerThread] = []
    defer {
      monitor.withLock {
        isOver = true
        monitor.signalAll()
      }
      for worker in workers { worker.join() }
    }
    for first in 0..<min(Self.threads, rangeCount) { workers.append(try WorkerThread { self.read(from: first) }) }
    var count = 0
    for range in 0..<rangeCount {
      let chunk = try take(range)
      count += chunk.leads.count
      body(chunk)
    }
    return count
  }

  private func take(_ range: Int) throws(StoreError) -> LeadChunk {
    monitor.lock()
    defer { monitor.unlock() }
    while true {
      if let failure { throw failure }
      if let chunk = chunks.removeValue(forKey: range) {
        next = range + 1
        monitor.signalAll()
        return chunk
      }
      monitor.wait()
    }
  }

  /// Every other range, from this one.
  private func read(from first: Int) {
    do throws(StoreError) {
      let connection = try Connection(path: path, mode: .readWrite)
      try connection.execute("PRAGMA query_only = ON", "load")
      let rows = try connection.prepare(
        """
        SELECT \(LeadScan.columns) FROM lead NOT INDEXED WHERE leadID >= ? AND leadID < ?
          AND \(LeadScan.visible) ORDER BY leadID
        """)
      for range in stride(from: first, to: rangeCount, by: Self.threads) {
        let chunk = try readRange(range, rows)
        guard hand(chunk, range) else { return }
      }
    } catch {
      monitor.withLock {
        failure = failure ?? error
        monitor.signalAll()
      }
    }
  }

  private func readRange(_ range: Int, _ rows: Statement) throws(StoreError) -> LeadChunk {
    var chunk = LeadChunk()
    chunk.leads.reserveCapacity(Int(Self.span))
    chunk.codeEnds.reserveCapacity(Int(Self.span))
    let start = lowest + Int64(range) * Self.span
    rows.bind(1, start)
    rows.bind(2, start + Self.span)
    while try rows.step() {
      chunk.leads.append(LeadScan.read(rows.handle))
      chunk.codes.append(contentsOf: LeadScan.code(rows.handle))
      chunk.codeEnds.append(chunk.codes.count)
    }
    rows.reset()
    return chunk
  }

  /// Waits until the loading thread is near. False when nobody wants it any more.
  private func hand(_ chunk: LeadChunk, _ range: Int) -> Bool {
    monitor.lock()
    defer { monitor.unlock() }
    while range >= next + Self.ahead, !isOver { monitor.wait() }
    guard !isOver else { return false }
    chunks[range] = chunk
    monitor.signalAll()
    return true
  }
}
