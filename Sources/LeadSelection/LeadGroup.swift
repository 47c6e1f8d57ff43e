import DialerModel

/// The ready leads of one list that share a zone and rule profile and a lane: they are open or closed together.
///
/// Keys that come in order stand in a queue: what is loaded, and in most strategies those that come back, since they
/// have more attempts than any before. The others are ``LateKeys``. Entries are never searched for: one that is no
/// longer its lead's current one (see ``LeadWord``) stays until it comes up, and is dropped then.
///
/// A plain value; its owner calls ``free(_:)``, and tells each change the pool of the queue's chunks.
struct LeadGroup: BitwiseCopyable {
  let lane: UInt32
  /// The group's leaf in its lane's tree.
  let leaf: UInt16
  let profile: UInt16
  /// As the profile is.
  var isOpen: Bool
  /// Leads, not entries.
  var ready: Int32 = 0
  private var entries: Int32 = 0
  private var queue = KeyQueue()
  private var late = LateKeys()

  init(lane: Int, leaf: Int, profile: UInt32, isOpen: Bool) {
    self.lane = UInt32(lane)
    self.leaf = UInt16(leaf)
    self.profile = UInt16(profile)
    self.isOpen = isOpen
  }

  @inline(__always) var list: Int { Int(lane >> 1) }

  /// The lowest entry, current or not; `none` when there is no entry.
  @inline(__always) var head: SelectionKey {
    if late.isEmpty { return queue.head }
    return min(late.lowest, queue.head)
  }

  /// Whether stale and repeated entries may be more than half.
  @inline(__always) var wantsCleaning: Bool { entries > 2 &* ready &+ 64 }

  /// Without the queue's chunks, which are the pool's.
  var lateBytes: Int { late.bytes }

  /// - Returns: whether the key may now be the lowest entry.
  @inline(__always) mutating func push(_ key: SelectionKey, _ pool: inout BlockPool) -> Bool {
    entries &+= 1
    guard queue.takes(key) else {
      late.push(key, &pool)
      return true
    }
    let wasEmpty = queue.isEmpty
    queue.append(key, &pool)
    return wasEmpty
  }

  /// A key will soon be pushed.
  @inline(__always) func prefetchLast() { queue.prefetchLast() }

  /// The entry behind the first will soon be asked for.
  @inline(__always) func prefetchSecond() {
    queue.prefetchSecond()
    late.prefetchSecond()
  }

  /// Drops the lowest entry and answers the one that follows it.
  @inline(__always) mutating func dropHead(_ pool: inout BlockPool) -> SelectionKey {
    entries &-= 1
    if late.isEmpty {
      queue.dropFirst(&pool)
      return queue.head
    }
    return dropHeadOfBoth(&pool)
  }

  @inline(never) private mutating func dropHeadOfBoth(_ pool: inout BlockPool) -> SelectionKey {
    let (first, other) = (queue.head, late.lowest)
    if other < first {
      late.dropLowest(&pool)
      return min(late.lowest, first)
    }
    queue.dropFirst(&pool)
    return min(other, queue.head)
  }

  /// Drops the entries that `isKept` does not want.
  mutating func filter(_ pool: inout BlockPool, _ isKept: (SelectionKey) -> Bool) {
    queue.filter(&pool, isKept)
    late.filter(&pool, isKept)
    entries = 0
    forEachEntry { _ in entries += 1 }
  }

  /// Takes in keys in ascending order. Those that are there are sorted in among them if they come later.
  mutating func load(_ sorted: UnsafeMutableBufferPointer<SelectionKey>, _ pool: inout BlockPool) {
    guard let first = sorted.first else { return }
    entries += Int32(sorted.count)
    if queue.takes(first) {
      for key in sorted { queue.append(key, &pool) }
      return
    }
    var merged = KeyQueue()
    var next = 0
    queue.visit { key in
      while next < sorted.count, sorted[next] < key {
        merged.append(sorted[next], &pool)
        next += 1
      }
      merged.append(key, &pool)
    }
    for place in next..<sorted.count { merged.append(sorted[place], &pool) }
    queue.free(&pool)
    queue = merged
  }

  /// Calls `body` with every entry, current or not.
  func forEachEntry(_ body: (SelectionKey) -> Void) {
    queue.visit(body)
    late.visit(body)
  }

  /// For an owner whose pool goes as well.
  mutating func freeLate() { late.freeHeap() }

  mutating func free(_ pool: inout BlockPool) {
    queue.free(&pool)
    late.free(&pool)
    entries = 0
    ready = 0
  }
}
