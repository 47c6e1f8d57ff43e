import DialerModel

/// The ready leads of one list that share a zone and rule profile and a lane: they are open or closed together.
///
/// Keys that come in order stand in a queue: what is loaded, and in most strategies those that come back, since they
/// have more attempts than any before. The others are in a heap. Entries are never searched for: one that is no
/// longer its lead's current one (see ``LeadWord``) stays until it comes up, and is dropped then.
///
/// A plain value; its owner calls ``free()``.
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

  var bytes: Int {
    heap.bytes + (queue.isEmpty ? 0 : (Int(entries) - heap.count) / 20 + 1) * KeyQueue.chunkBytes
  }

  @inline(__always) mutating func push(_ key: SelectionKey) {
    entries &+= 1
    if queue.takes(key) { queue.append(key) } else { heap.push(key) }
  }

  /// Drops the lowest entry and answers the one that follows it.
  @inline(__always) mutating func dropHead() -> SelectionKey {
    entries &-= 1
    if heap.count == 0 {
      queue.dropFirst()
      return queue.head
    }
    if heap.lowest < queue.head { heap.dropLowest() } else { queue.dropFirst() }
    return head
  }

  /// Drops the entries that `isKept` does not want.
  mutating func filter(_ isKept: (SelectionKey) -> Bool) {
    queue.filter(isKept)
    heap.filter(isKept)
    entries = 0
    queue.visit { _ in entries += 1 }
    entries += Int32(heap.count)
  }

  /// Takes in keys in ascending order. Those that are there are sorted in among them if they come later.
  mutating func load(_ sorted: UnsafeMutableBufferPointer<SelectionKey>) {
    guard let first = sorted.first else { return }
    entries += Int32(sorted.count)
    if queue.takes(first) {
      for key in sorted { queue.append(key) }
      return
    }
    var merged = KeyQueue()
    var next = 0
    queue.visit { key in
      while next < sorted.count, sorted[next] < key {
        merged.append(sorted[next])
        next += 1
      }
      merged.append(key)
    }
    for place in next..<sorted.count { merged.append(sorted[place]) }
    queue.free()
    queue = merged
  }

  /// Calls `body` with every entry, current or not.
  func forEachEntry(_ body: (SelectionKey) -> Void) {
    queue.visit(body)
    for key in heap.keys { body(key) }
  }

  mutating func free() {
    queue.free()
    heap.free()
    entries = 0
    ready = 0
  }
}
