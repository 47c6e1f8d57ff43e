/// A heap of keys, lowest first: the leads of a group that came back or were added out of order.
///
/// Four children to a node: half the levels of a binary heap, and the children lie side by side in memory.
///
/// A plain value over memory that it does not own: the group's owner calls ``free()``, and no copy is used after a
/// change. Invariant: `base` is nil, or has room for `capacity` keys, of which the first `used` are initialised, and these two
/// numbers stand before it.
struct KeyHeap: BitwiseCopyable {
  private var base: UnsafeMutablePointer<SelectionKey>?

  private static let headerBytes = 2 * MemoryLayout<Int>.stride

  @inline(__always) private static func sizes(_ base: UnsafeMutablePointer<SelectionKey>) -> UnsafeMutablePointer<Int> {
    (UnsafeMutableRawPointer(base) - headerBytes).assumingMemoryBound(to: Int.self)
  }

  @inline(__always) private var used: Int {
    get { base.map { Self.sizes($0)[0] } ?? 0 }
    nonmutating set { if let base { Self.sizes(base)[0] = newValue } }
  }
  @inline(__always) private var capacity: Int { base.map { Self.sizes($0)[1] } ?? 0 }

  @inline(__always) var count: Int { used }
  var bytes: Int { capacity * MemoryLayout<SelectionKey>.stride }
  @inline(__always) var lowest: SelectionKey {
    guard let base, used > 0 else { return .none }
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
    used = kept
    if kept > 1 {
      for node in stride(from: (kept - 2) >> 2, through: 0, by: -1) {
        Self.sink(base[node], from: node, in: base, count: kept)
      }
    }
    if capacity > 64, used < capacity / 4 { resize(to: kept * 2) }
  }

  mutating func free() {
    if let base { (UnsafeMutableRawPointer(base) - Self.headerBytes).deallocate() }
    base = nil
  }

  @inline(never) private mutating func resize(to size: Int) {
    guard size > 0 else { return free() }
    let count = count
    let memory = HugePages.allocate(Self.headerBytes + size * MemoryLayout<SelectionKey>.stride)
    let sizes = memory.bindMemory(to: Int.self, capacity: 2)
    let other = (memory + Self.headerBytes).bindMemory(to: SelectionKey.self, capacity: size)
    if let base { other.update(from: base, count: count) }
    sizes[0] = count
    sizes[1] = size
    free()
    base = other
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
