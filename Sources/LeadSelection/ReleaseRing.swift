/// Lists by the number of calls at which they are to be looked at: one step for each, where a tree takes one a level.
///
/// Places are used in a circle; a list that is further off than one round is looked at once a round. Invariant:
/// `starts` and `links` make one chain for each place; a list is in one chain or in none. `end`: the end of a chain;
/// `out`: the list is in none.
struct ReleaseRing: ~Copyable {
  /// A power of two. More than most lists wait; each takes four bytes.
  private static let places = 256
  private static let end: Int32 = -1
  private static let out: Int32 = -2

  private var starts = Slab<Int32>()
  private var links = Slab<Int32>()
  /// Lists up to this number of calls were taken out of the places, but for those in `open`.
  private var seen: Int64 = 0
  /// What is left of the chain that is being looked through.
  private var open = Self.end

  var bytes: Int { starts.bytes + links.bytes }

  @inline(__always) func holds(_ slot: Int) -> Bool { links[slot] != Self.out }

  /// Takes all out.
  mutating func clear(_ lists: Int, at calls: Int64) {
    starts.fill(to: Self.places, with: Self.end)
    links.fill(to: lists, with: Self.out)
    for place in starts.indices { starts[place] = Self.end }
    for slot in links.indices { links[slot] = Self.out }
    open = Self.end
    seen = calls
  }

  /// - Parameter calls: more than ``next(by:)`` was last asked for.
  @inline(__always) mutating func insert(_ slot: Int, at calls: Int64) {
    assert(!holds(slot) && calls > seen, "a list is in the ring once, and ahead")
    let place = Int(calls & Int64(Self.places - 1))
    links[slot] = starts[place]
    starts[place] = Int32(truncatingIfNeeded: slot)
  }

  /// Takes out a list that is to be looked at by now. It may still be too early for it.
  @inline(__always) mutating func next(by calls: Int64) -> Int? {
    while open == Self.end {
      guard seen < calls else { return nil }
      seen &+= 1
      let place = Int(seen & Int64(Self.places - 1))
      open = starts[place]
      starts[place] = Self.end
    }
    let slot = Int(open)
    open = links[slot]
    links[slot] = Self.out
    return slot
  }
}
