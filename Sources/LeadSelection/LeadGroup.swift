import DialerModel

/// The ready leads of one list that share a zone and rule profile and a lane: they are open or closed together.
///
/// Keys that come in order stand in a queue: what is loaded, and in most strategies those that come back, since they
/// have more attempts than any before. The others are in a heap. Entries are never searched for: one that is no
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
  private var heap = KeyHeap()

  init(lane: Int, leaf: Int, profile: UInt32, isOpen: Bool) {
    self.lane = UInt32(lane)
    self.leaf = UInt16(leaf)
    self.profile = UInt16(profile)
    self.isOpen = isOpen
  }

  @inline(__always) var list: Int { Int(lane >> 1) }

  /// The lowest entry, current or not; `none` when there is no entry.
  @inline(__always) var head: SelectionKey {
    if heap.count == 0 { return queue.head }
    return min(heap.lowest, queue.head)
  }

  /// Whether stale and repeated entries may be more than half.
  @inline(__always) var wantsCleaning: Bool { entries > 2 &* ready &+ 64 }

  /// Without the queue's chunks, which are the pool's.
  var heapBytes: Int { heap.bytes }

  @inline(__always) mutating func push(_ key: SelectionKey, _ pool: inout BlockPool) {
    entries &+= 1
    if queue.takes(key) { queue.append(key, &pool) } else { heap.push(key) }
  }

  /// The entry behind the queue's first will soon be asked for.
  @inline(__always) func prefetchSecond() { queue.prefetchSecond() }

  /// Drops the lowest entry and answers the one that follows it.
  @inline(__always) mutating func dropHead(_ pool: inout BlockPool) -> SelectionKey {
    entries &-= 1
    if heap.count == 0 {
      queue.dropFirst(&pool)
      return queue.head
    }
    if heap.lowest < queue.head { heap.dropLowest() } else { queue.dropFirst(&pool) }
    return head
  }

  /// Drops the entries that `isKept` does not want.
  mutating func filter(_ pool: inout BlockPool, _ isKept: (SelectionKey) -> Bool) {
    queue.filter(&pool, isKept)
    heap.filter(isKept)
    entries = 0
    queue.visit { _ in entries += 1 }
    entries += Int32(heap.count)
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
    for key in heap.keys { body(key) }
  }

  /// For an owner whose pool goes as well.
  mutating func freeHeap() { heap.free() }

  mutating func free(_ pool: inout BlockPool) {
    queue.free(&pool)
    heap.free()
    entries = 0
    ready = 0
  }
}
