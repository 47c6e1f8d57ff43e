/// A key by which a ``WinnerTree`` finds the lowest. Which of two keys is lower is a toss, and a jump that the processor
/// guesses wrong costs as much as twenty steps: so none of these jumps.
protocol TreeKey: BitwiseCopyable, Comparable {
  /// 1 if `left` comes before `right`, or is equal to it where `orEqual` is 1; else 0.
  static func precedes(_ left: Self, _ right: Self, orEqual: Int) -> UInt64
  /// The other key where `mask` is all ones, this one where it is 0.
  func replaced(by other: Self, where mask: UInt64) -> Self
}

extension Int64: TreeKey {
  /// No key is the lowest number that there is.
  @inline(__always) static func precedes(_ left: Int64, _ right: Int64, orEqual: Int) -> UInt64 {
    left &- Int64(orEqual) < right ? 1 : 0
  }

  @inline(__always) func replaced(by other: Int64, where mask: UInt64) -> Int64 {
    self ^ ((self ^ other) & Int64(bitPattern: mask))
  }
}

extension SelectionKey: TreeKey {
  /// Keys are equal only where both are `none` or an entry is stale: then either may win.
  @inline(__always) static func precedes(_ left: SelectionKey, _ right: SelectionKey, orEqual: Int) -> UInt64 {
    let isLower: UInt64 = left.first < right.first ? 1 : 0
    let isEqual: UInt64 = left.first == right.first ? 1 : 0
    let restIsLower: UInt64 = left.rest < right.rest ? 1 : 0
    return isLower | (isEqual & restIsLower)
  }

  @inline(__always) func replaced(by other: SelectionKey, where mask: UInt64) -> SelectionKey {
    SelectionKey(
      first: first ^ ((first ^ other.first) & mask), second: second ^ ((second ^ other.second) & mask),
      third: third ^ ((third ^ other.third) & mask))
  }

  @inline(__always) private var rest: UInt128 { UInt128(second) << 64 | UInt128(third) }
}

/// A tournament over numbered leaves: who has the lowest key, in one look; a leaf changes in log₂(leaves) steps.
///
/// Of equal keys the lower leaf wins. A leaf that does not take part has the key `none`.
///
/// A plain value over memory that it does not own: its owner calls ``free()``, and no copy is used after the tree has
/// grown. Invariant: `keys` has room for `capacity` keys, a power of two, and `nodes` for twice as many; all are
/// initialised.
struct WinnerTree<Key: TreeKey>: BitwiseCopyable {
  private let none: Key
  private(set) var keys: UnsafeMutablePointer<Key>
  /// Node 1 is the root, the children of n are 2n and 2n+1, the leaves follow from `capacity` on. Each holds the
  /// leaf that won below it.
  private var nodes: UnsafeMutablePointer<Int32>
  private(set) var capacity = 1

  init(none: Key) {
    self.none = none
    keys = .allocate(capacity: 1)
    keys.initialize(to: none)
    nodes = .allocate(capacity: 2)
    nodes.initialize(repeating: 0, count: 2)
  }

  func free() {
    keys.deallocate()
    nodes.deallocate()
  }

  /// The leaf with the lowest key; any leaf when none takes part.
  @inline(__always) var winner: Int { Int(nodes[1]) }
  @inline(__always) var lowest: Key { keys[winner] }

  var bytes: Int { capacity * (MemoryLayout<Key>.stride + 2 * MemoryLayout<Int32>.stride) }

  @inline(__always) func set(_ leaf: Int, _ key: Key) {
    assert(leaf >= 0 && leaf < capacity, "a leaf outside of the tree")
    keys[leaf] = key
    replay(leaf, key)
  }

  @inline(__always) private func replay(_ leaf: Int, _ key: Key) {
    let (keys, nodes) = (self.keys, self.nodes)
    var node = capacity &+ leaf
    // Kept in registers: read back from the node it would be waited for at each level.
    var won = Int32(truncatingIfNeeded: leaf)
    var wonKey = key
    while node > 1 {
      let rival = nodes[node ^ 1]
      let rivalKey = keys[Int(rival)]
      let mask = 0 &- Key.precedes(rivalKey, wonKey, orEqual: node & 1)
      won ^= (won ^ rival) & Int32(truncatingIfNeeded: mask)
      wonKey = wonKey.replaced(by: rivalKey, where: mask)
      node >>= 1
      // Above a node that another leaf has won before and after, nothing changes.
      if won == nodes[node], Int(won) != leaf { return }
      nodes[node] = won
    }
  }

  /// Makes room for `leaves`; the new ones do not take part.
  mutating func grow(to leaves: Int) {
    var larger = capacity
    while larger < leaves { larger *= 2 }
    guard larger > capacity else { return }
    let more = UnsafeMutablePointer<Key>.allocate(capacity: larger)
    more.initialize(repeating: none, count: larger)
    more.update(from: keys, count: capacity)
    free()
    keys = more
    nodes = .allocate(capacity: 2 * larger)
    nodes.initialize(repeating: 0, count: 2 * larger)
    for leaf in 0..<larger { nodes[larger + leaf] = Int32(leaf) }
    capacity = larger
    replayAll()
  }

  /// Sets every leaf at once.
  func setAll(_ key: (Int) -> Key) {
    for leaf in 0..<capacity { keys[leaf] = key(leaf) }
    replayAll()
  }

  private func replayAll() {
    for node in stride(from: capacity - 1, through: 1, by: -1) {
      let left = nodes[2 * node]
      let right = nodes[2 * node + 1]
      nodes[node] = keys[Int(right)] < keys[Int(left)] ? right : left
    }
  }
}
