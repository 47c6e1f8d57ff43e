import CSystem

/// Deadlines of numbered lists, looked through for the earliest in two steps: block by block, then within one.
///
/// Blocks are as long as there are blocks, about. What comes in earlier than its block's earliest costs a step, what
/// goes out a look through its block: less than the ways up a tree at some hundred lists, and no jump to guess.
struct DeadlineBlocks: ~Copyable {
  private static let none = Int64.max

  /// In whole blocks; `none`: not here.
  private var deadlines = Slab<Int64>()
  /// Of each block.
  private var lowest = Slab<Int64>()
  /// A block has 2^bits lists.
  private var bits = 3

  var bytes: Int { deadlines.bytes + lowest.bytes }

  /// Takes all out.
  mutating func clear(_ lists: Int) {
    while lists >> bits > 2 << bits { bits += 1 }
    let blocks = (lists + (1 << bits) - 1) >> bits
    lowest.fill(to: blocks, with: Self.none)
    deadlines.fill(to: blocks << bits, with: Self.none)
    for block in lowest.indices { lowest[block] = Self.none }
    for slot in deadlines.indices { deadlines[slot] = Self.none }
  }

  /// Of a list that is not here.
  @inline(__always) mutating func insert(_ slot: Int, _ deadline: Int64) {
    deadlines[slot] = deadline
    let block = lowest.at(slot &>> bits)
    block.pointee = min(block.pointee, deadline)
  }

  @inline(__always) mutating func replace(_ slot: Int, _ deadline: Int64) {
    deadlines[slot] = deadline
    let block = slot &>> bits
    lowest[block] = Self.lowest(deadlines, block &<< bits..<(block &+ 1) &<< bits).number
  }

  /// The list with the earliest deadline, of those with the same the first; nil: none is here.
  @inline(__always) mutating func earliest() -> Int? {
    let (block, earliest) = Self.lowest(lowest, 0..<lowest.count)
    guard earliest != Self.none else { return nil }
    return Self.lowest(deadlines, block &<< bits..<(block &+ 1) &<< bits).place
  }

  /// The first place with the lowest number.
  @inline(__always) private static func lowest(
    _ numbers: borrowing Slab<Int64>, _ places: Range<Int>
  ) -> (place: Int, number: Int64) {
    var found = places.lowerBound
    var lowest = Self.none
    var place = places.lowerBound
    while place < places.upperBound {
      let number = numbers[place]
      let isLower = csystem_less(Int(number), Int(lowest))
      found ^= (found ^ place) & isLower
      lowest ^= (lowest ^ number) & Int64(isLower)
      place &+= 1
    }
    return (found, lowest)
  }
}
