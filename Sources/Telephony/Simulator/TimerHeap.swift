import DialerModel

/// What is to happen when: a binary heap by (time, order of entry), so that what falls on one millisecond comes out as it
/// went in and the same inputs give the same sequence.
struct TimerHeap<Payload: Sendable>: Sendable {
  struct Entry: Sendable {
    var at: MonotonicInstant
    var order: UInt64
    var payload: Payload

    @inline(__always) func precedes(_ other: Entry) -> Bool {
      at.milliseconds != other.at.milliseconds
        ? at.milliseconds < other.at.milliseconds : order < other.order
    }
  }

  private(set) var entries: [Entry] = []
  private var nextOrder: UInt64 = 0

  var count: Int { entries.count }
  var first: Entry? { entries.first }
  /// When the earliest entry is due, without a copy of its payload.
  var firstDue: MonotonicInstant? { entries.isEmpty ? nil : entries[0].at }

  mutating func add(_ payload: Payload, at: MonotonicInstant) {
    nextOrder += 1
    entries.append(Entry(at: at, order: nextOrder, payload: payload))
    siftUp(from: entries.count - 1)
  }

  /// Takes the earliest entry; the heap must not be empty.
  @discardableResult mutating func removeFirst() -> Entry {
    let last = entries.removeLast()
    guard let first = entries.first else { return last }
    siftDown(last, from: 0)
    return first
  }

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  /// Drops what is no longer wanted; the rest keeps its order.
  mutating func keep(where isWanted: (Payload) -> Bool) {
    entries.removeAll { !isWanted($0.payload) }
    // A sorted array is a heap.
    entries.sort { $0.precedes($1) }
  }

  private mutating func siftUp(from start: Int) {
    var hole = start
    let entry = entries[hole]
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard entry.precedes(entries[parent]) else { break }
      entries[hole] = entries[parent]
      hole = parent
    }
    entries[hole] = entry
  }

  private mutating func siftDown(_ entry: Entry, from start: Int) {
    var hole = start
    let count = entries.count
    while true {
      var child = 2 * hole + 1
      guard child < count else { break }
      if child + 1 < count, entries[child + 1].precedes(entries[child]) { child += 1 }
      guard entries[child].precedes(entry) else { break }
      entries[hole] = entries[child]
      hole = child
    }
    entries[hole] = entry
  }
}
