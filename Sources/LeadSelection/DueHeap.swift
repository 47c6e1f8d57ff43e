/// A binary heap of leads that wait, the one that is due first on top.
struct DueHeap: ~Copyable {
  private var entries = Slab<Due>()

  @inline(__always) var lowest: Due? { entries.isEmpty ? nil : entries[0] }
  @inline(__always) var isEmpty: Bool { entries.isEmpty }
  var bytes: Int { entries.bytes }

  /// Calls `body` with every entry, in no order.
  func visit(_ body: (Due) -> Void) { for place in entries.indices { body(entries[place]) } }

  mutating func push(_ entry: Due) {
    entries.append(entry)
    var hole = entries.count &- 1
    while hole > 0 {
      let parent = (hole &- 1) >> 1
      guard entry < entries[parent] else { break }
      entries[hole] = entries[parent]
      hole = parent
    }
    entries[hole] = entry
  }

  mutating func dropLowest() {
    guard let last = entries.popLast(), !entries.isEmpty else { return }
    let count = entries.count
    var hole = 0
    while true {
      var child = hole &* 2 &+ 1
      guard child < count else { break }
      if child &+ 1 < count, entries[child &+ 1] < entries[child] { child &+= 1 }
      guard entries[child] < last else { break }
      entries[hole] = entries[child]
      hole = child
    }
    entries[hole] = last
  }
}

/// A lead and when it is due, in milliseconds since 1970.
struct Due: Comparable, BitwiseCopyable {
  var milliseconds: Int64
  var lead: UInt32

  @inline(__always) static func < (left: Due, right: Due) -> Bool {
    left.milliseconds != right.milliseconds ? left.milliseconds < right.milliseconds : left.lead < right.lead
  }
}
