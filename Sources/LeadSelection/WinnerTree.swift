/// A key by which a ``WinnerTree`` finds the lowest.
protocol TreeKey: BitwiseCopyable, Comparable {
  /// After every other: of a leaf that does not take part.
  static var none: Self { get }
  /// Orders as the keys do, but for keys that have the same.
  var prefix: UInt64 { get }
  /// Of two keys with the same prefix; `isLeft`: it is that of the lower leaf.
  func tiedPrecedes(_ other: Self, isLeft: Bool) -> Bool
}

extension Int64: TreeKey {
  @inline(__always) static var none: Int64 { .max }
  @inline(__always) var prefix: UInt64 { UInt64(bitPattern: self) ^ (1 << 63) }
  @inline(__always) func tiedPrecedes(_ other: Int64, isLeft: Bool) -> Bool { isLeft }
}

extension SelectionKey: TreeKey {
  @inline(__always) var prefix: UInt64 { first }

  /// Keys are equal only where both are `none` or an entry is stale: then either may win.
  @inline(__always) func tiedPrecedes(_ other: SelectionKey, isLeft: Bool) -> Bool {
    UInt128(second) << 64 | UInt128(third) < UInt128(other.second) << 64 | UInt128(other.third)
  }
}

/// A tournament over numbered leaves: who has the lowest key, in one look; a leaf changes in log₂(leaves) steps.
///
/// A leaf that does not take part has the key `none`. Nodes hold their winner's
/// prefix, so that a step reads one line of memory, and the keys only where prefixes are equal.
///
/// A plain value over memory that it does not own: its owner calls ``free()``, and no copy is used after the tree has
/// grown. Invariant: `keys` has room for `capacity` keys, a power of two, and `nodes` for twice as many; all are
/// initialised.
struct WinnerTree<Key: TreeKey>: BitwiseCopyable {
  private struct Node: BitwiseCopyable {
    var prefix: UInt64
    /// Of the leaf that won below: its number in the low half, its tag in the high one.
    var winner: UInt64

    @inline(__always) var leaf: Int { Int(winner & 0xFFFF_FFFF) }
  }

  private(set) var keys: UnsafeMutablePointer<Key>
  /// Node 1 is the root, the children of n are 2n and 2n+1, the leaves follow from `capacity` on.
  private var nodes: UnsafeMutablePointer<Node>
  private(set) var capacity = 1

  init() {
    keys = .allocate(capacity: 1)
    keys.initialize(to: .none)
    nodes = .allocate(capacity: 2)
    nodes.initialize(repeating: Node(prefix: Key.none.prefix, winner: 0), count: 2)
  }

  func free() {
    keys.deallocate()
    nodes.deallocate()
  }

  /// The leaf with the lowest key; any leaf when none takes part.
  @inline(__always) var winner: Int { nodes[1].leaf }
  /// What ``setTag(_:_:)`` said of that leaf.
  @inline(__always) var winnerTag: Int { Int(nodes[1].winner >> 32) }
  @inline(__always) var lowest: Key { keys[winner] }

  var bytes: Int { capacity * (MemoryLayout<Key>.stride + 2 * MemoryLayout<Node>.stride) }

  @inline(__always) func set(_ leaf: Int, _ key: Key) {
    assert(leaf >= 0 && leaf < capacity, "a leaf outside of the tree")
    keys[leaf] = key
    replay(leaf, key.prefix)
  }

  /// Which of two keys is lower is a toss, and a jump that the processor guesses wrong costs as much as twenty steps: so
  /// the winner is chosen by a mask. That prefixes are equal is no toss: leads never called all have the same.
  @inline(__always) private func replay(_ leaf: Int, _ prefix: UInt64) {
    let (keys, nodes) = (self.keys, self.nodes)
    var node = capacity &+ leaf
    // Kept in registers: read back from the node it would be waited for at each level.
    nodes[node].prefix = prefix
    var won = nodes[node]
    let own = won.winner
    while node > 1 {
      let rival = nodes[node ^ 1]
      var rivalWins: UInt64 = rival.prefix < won.prefix ? 1 : 0
      if rival.prefix == won.prefix {
        rivalWins = keys[rival.leaf].tiedPrecedes(keys[won.leaf], isLeft: node & 1 == 1) ? 1 : 0
      }
      let mask = 0 &- rivalWins
      won.prefix ^= (won.prefix ^ rival.prefix) & mask
      won.winner ^= (won.winner ^ rival.winner) & mask
      node >>= 1
      // Above a node that another leaf has won before and after, nothing changes.
      if won.winner == nodes[node].winner, won.winner != own { return }
      nodes[node] = won
    }
  }

  /// Gives a leaf that does not take part a number that is found with it, below 2^32.
  func setTag(_ leaf: Int, _ tag: Int) {
    nodes[capacity + leaf].winner = UInt64(tag) << 32 | UInt64(leaf)
    replay(leaf, Key.none.prefix)
  }

  /// Makes room for `leaves`; the new ones do not take part.
  mutating func grow(to leaves: Int) {
    var larger = capacity
    while larger < leaves { larger *= 2 }
    guard larger > capacity else { return }
    let more = UnsafeMutablePointer<Key>.allocate(capacity: larger)
    more.initialize(repeating: .none, count: larger)
    more.update(from: keys, count: capacity)
    let moreNodes = HugePages.allocate(2 * larger * MemoryLayout<Node>.stride)
      .bindMemory(to: Node.self, capacity: 2 * larger)
    moreNodes.initialize(repeating: Node(prefix: Key.none.prefix, winner: 0), count: 2 * larger)
    for leaf in 0..<larger {
      moreNodes[larger + leaf].winner = leaf < capacity ? nodes[capacity + leaf].winner : UInt64(leaf)
    }
    free()
    keys = more
    nodes = moreNodes
    capacity = larger
    replayAll()
  }

  /// Sets every leaf at once.
  func setAll(_ key: (Int) -> Key) {
    for leaf in 0..<capacity { keys[leaf] = key(leaf) }
    replayAll()
  }

  private func replayAll() {
    for leaf in 0..<capacity { nodes[capacity + leaf].prefix = keys[leaf].prefix }
    for node in stride(from: capacity - 1, through: 1, by: -1) {
      let (left, right) = (nodes[2 * node], nodes[2 * node + 1])
      nodes[node] = keys[right.leaf] < keys[left.leaf] ? right : left
    }
  }
}
