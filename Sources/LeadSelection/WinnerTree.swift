import CSystem

/// A tournament over numbered leaves: who has the lowest key, in one look; a leaf changes in log₂(leaves) steps.
///
/// A leaf that does not take part has the key `none`. Each node holds its winner's whole key, and two that play each
/// other lie in one line of the processor's cache: a step reads one line and waits for no other.
///
/// A plain value over memory that it does not own: its owner calls ``free()``, and no copy is used after the tree has
/// grown. Invariant: `nodes` has room for twice `capacity` nodes, a power of two; all are initialised.
struct WinnerTree: BitwiseCopyable {
  private struct Node: BitwiseCopyable {
    var key = SelectionKey.none
    /// Of the leaf that won below: its number in the low half, its tag in the high one.
    var winner: UInt64 = 0
  }

  /// Node 1 is the root, the children of n are 2n and 2n+1, the leaves follow from `capacity` on.
  private var nodes: UnsafeMutablePointer<Node>
  private(set) var capacity = 1

  init() { nodes = Self.allocate(1) }

  func free() { nodes.deallocate() }

  /// The leaf with the lowest key; any leaf when none takes part.
  @inline(__always) var winner: Int { Int(nodes[1].winner & 0xFFFF_FFFF) }
  /// What ``setTag(_:_:)`` said of that leaf.
  @inline(__always) var winnerTag: Int { Int(nodes[1].winner >> 32) }
  @inline(__always) var lowest: SelectionKey { nodes[1].key }

  var bytes: Int { 2 * capacity * MemoryLayout<Node>.stride }

  @inline(__always) func key(of leaf: Int) -> SelectionKey { nodes[capacity &+ leaf].key }

  /// Changes the key of any leaf.
  func set(_ leaf: Int, _ key: SelectionKey) {
    assert(leaf >= 0 && leaf < capacity, "a leaf outside of the tree")
    let nodes = nodes
    var node = capacity &+ leaf
    nodes[node].key = key
    let own = nodes[node].winner
    while node > 1 {
      let other = node ^ 1
      let won = nodes[other].key < nodes[node].key ? other : node
      node >>= 1
      // Above a node that another leaf has won before and after, nothing changes.
      if nodes[won].winner == nodes[node].winner, nodes[won].winner != own { return }
      nodes[node] = nodes[won]
    }
  }

  /// Gives the winner another key. All the way up it had won, so that no look at a node says what may stay.
  ///
  /// Which of two keys is lower is a toss, and a jump that the processor guesses wrong costs as much as twenty steps: so
  /// keys are compared by what a subtraction borrows, and the winner is chosen by a mask. Keys are equal only where both
  /// are `none` or an entry is stale: then either may win.
  @inline(__always) func replaceWinner(_ key: SelectionKey) {
    let base = UnsafeMutableRawPointer(nodes)
    let stride = MemoryLayout<Node>.stride
    var offset = (capacity &+ winner) &* stride
    (base + offset).assumingMemoryBound(to: Node.self).pointee.key = key
    // Kept in registers: read back from the node it would be waited for at each level.
    var won = (base + offset).assumingMemoryBound(to: Node.self).pointee
    while offset > stride {
      let rival = (base + (offset ^ stride)).assumingMemoryBound(to: Node.self)
      let mask = Self.precedes(rival.pointee.key, won.key)
      won.key.first ^= (won.key.first ^ rival.pointee.key.first) & mask
      won.key.second ^= (won.key.second ^ rival.pointee.key.second) & mask
      won.key.third ^= (won.key.third ^ rival.pointee.key.third) & mask
      won.winner ^= (won.winner ^ rival.pointee.winner) & mask
      offset = (offset &>> 1) & (0 &- stride)
      (base + offset).assumingMemoryBound(to: Node.self).pointee = won
    }
  }

  /// All ones or zero.
  @inline(__always) private static func precedes(_ left: SelectionKey, _ right: SelectionKey) -> UInt64 {
    UInt64(
      csystem_below(
        UInt(left.first), UInt(left.second), UInt(left.third), UInt(right.first), UInt(right.second), UInt(right.third))
    )
  }

  /// Has the way up from the winner fetched, but for the top, which each change goes over.
  @inline(__always) func prefetchWinner() {
    var node = capacity &+ winner
    while node > 15 {
      csystem_prefetch(nodes + node)
      node >>= 1
    }
  }

  /// Gives a leaf that does not take part a number that is found with it, below 2^32.
  func setTag(_ leaf: Int, _ tag: Int) {
    nodes[capacity + leaf].winner = UInt64(tag) << 32 | UInt64(leaf)
    set(leaf, .none)
  }

  /// Makes room for `leaves`; the new ones do not take part.
  mutating func grow(to leaves: Int) {
    var larger = capacity
    while larger < leaves { larger *= 2 }
    guard larger > capacity else { return }
    let more = Self.allocate(larger)
    for leaf in 0..<larger {
      more[larger + leaf].winner = UInt64(leaf)
      if leaf < capacity { more[larger + leaf] = nodes[capacity + leaf] }
    }
    free()
    nodes = more
    capacity = larger
    replayAll()
  }

  private func replayAll() {
    for node in stride(from: capacity - 1, through: 1, by: -1) {
      let (left, right) = (nodes[2 * node], nodes[2 * node + 1])
      nodes[node] = right.key < left.key ? right : left
    }
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Node> {
    let nodes = HugePages.allocate(2 * capacity * MemoryLayout<Node>.stride)
      .bindMemory(to: Node.self, capacity: 2 * capacity)
    nodes.initialize(repeating: Node(), count: 2 * capacity)
    return nodes
  }
}
