/// A heap of keys, lowest first: the leads of a group that came back or were added out of order.
///
/// Four children to a node: half the levels of a binary heap, and the children lie side by side in memory.
///
/// A plain value over memory that it does not own: the group's owner calls ``free()``, and no copy is used after a
/// change. Invariant: `base` has room for `capacity` keys, the first `count` are initialised; nil at capacity 0.
struct KeyHeap: BitwiseCopyable {
  private var base: UnsafeMutablePointer<SelectionKey>?
  private var used: Int32 = 0
  private var capacity: Int32 = 0

  @inline(__always) var count: Int { Int(used) }
  var bytes: Int { Int(capacity) * MemoryLayout<SelectionKey>.stride }
  @inline(__always) var lowest: SelectionKey {
    guard used > 0, let base else { return .none }
    return base[0]
  }
  var keys: UnsafeMutableBufferPointer<SelectionKey> { UnsafeMutableBufferPointer(start: base, count: count) }

  mutating func push(_ key: SelectionKey) {
    // Grown by a quarter: doubling would leave a third of the index's memory idle.
    if used == capacity { resize(to: count + max(4, count / 4)) }
    guard let base else { return }
    var hole = count
    used += 1
    while hole > 0 {
      let parent = (hole &- 1) >> 2
      guard key < base[parent] else { break }
      base[hole] = base[parent]
      hole = parent
    }
    base[hole] = key
  }

  mutating func dropLowest() {
    guard used > 0, let base else { return }
    used -= 1
    if used > 0 { Self.sink(base[count], from: 0, in: base, count: count) }
    // Given back in steps, so that a group that has emptied holds no memory.
    if capacity > 64, used < capacity / 4 { resize(to: count * 2) }
  }

  /// Keeps only what `isKept` says, in linear time.
  mutating func filter(_ isKept: (SelectionKey) -> Bool) {
    guard let base else { return }
    var kept = 0
    for place in 0..<count where isKept(base[place]) {
      base[kept] = base[place]
      kept += 1
    }
    used = Int32(kept)
    if kept > 1 {
      for node in stride(from: (kept - 2) >> 2, through: 0, by: -1) {
        Self.sink(base[node], from: node, in: base, count: kept)
      }
    }
    if capacity > 64, used < capacity / 4 { resize(to: kept * 2) }
  }

  mutating func free() {
    base?.deallocate()
    self = KeyHeap()
  }

  @inline(never) private mutating func resize(to size: Int) {
    guard size > 0 else { return free() }
    let other = UnsafeMutablePointer<SelectionKey>.allocate(capacity: size)
    if let base {
      other.update(from: base, count: count)
      base.deallocate()
    }
    base = other
    capacity = Int32(size)
  }

  @inline(__always) private static func sink(
    _ key: SelectionKey, from start: Int, in keys: UnsafeMutablePointer<SelectionKey>, count: Int
  ) {
    var hole = start
    while true {
      let child = hole &* 4 &+ 1
      guard child < count else { break }
      var least = child
      let end = min(child &+ 4, count)
      var other = child &+ 1
      while other < end {
        if keys[other] < keys[least] { least = other }
        other &+= 1
      }
      guard keys[least] < key else { break }
      keys[hole] = keys[least]
      hole = least
    }
    keys[hole] = key
  }
}
