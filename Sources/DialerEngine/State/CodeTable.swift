import enum LeadSelection.HugePages

/// From a code's hash to lead ids: open addressing over ids alone, four bytes a place. The text is compared by the owner.
///
/// Each code goes to another place of a table that no cache holds, which a start waits for ten million times. So those
/// that come are gathered, and their places are read together before the first is written: the waits overlap. Together
/// with huge pages this took three quarters of the time off (measured 2026-11).
struct CodeTable: ~Copyable {
  private static let free: UInt32 = 0
  private static let deleted: UInt32 = .max
  private static let gatheredAtMost = 32

  private struct Entry: BitwiseCopyable {
    var id: UInt32
    var hash: UInt64
  }

  private var places: UnsafeMutablePointer<UInt32>
  /// A power of two.
  private var size = 1024
  /// Live and deleted places.
  private var used = 0
  private var live = 0
  private let gathered: UnsafeMutablePointer<Entry>
  private var gatheredCount = 0
  /// Of no use but that places are read for it.
  private var touched: UInt32 = 0

  init() {
    places = Self.allocate(size)
    gathered = .allocate(capacity: Self.gatheredAtMost)
  }

  deinit {
    places.deallocate()
    gathered.deallocate()
  }

  var bytes: Int { size * MemoryLayout<UInt32>.stride }

  /// Calls the body with each lead whose code has this hash, and maybe with others.
  mutating func visit(hash: UInt64, _ body: (UInt32) -> Void) {
    placeGathered()
    var at = home(hash)
    while places[at] != Self.free {
      if places[at] != Self.deleted { body(places[at]) }
      at = (at + 1) & (size - 1)
    }
  }

  /// For so many codes; only an empty table is made larger.
  mutating func reserve(_ count: Int) {
    guard used == 0, gatheredCount == 0, count * 4 > size * 3 else { return }
    places.deallocate()
    while count * 4 > size * 3 { size *= 2 }
    places = Self.allocate(size)
  }

  mutating func insert(_ id: UInt32, hash: UInt64, rehash: (UInt32) -> UInt64) {
    if (used + gatheredCount + 1) * 4 > size * 3 {
      placeGathered()
      grow(rehash)
    }
    (gathered + gatheredCount).initialize(to: Entry(id: id, hash: hash))
    gatheredCount += 1
    if gatheredCount == Self.gatheredAtMost { placeGathered() }
  }

  mutating func remove(_ id: UInt32, hash: UInt64) {
    placeGathered()
    var at = home(hash)
    while places[at] != Self.free {
      if places[at] == id {
        places[at] = Self.deleted
        live -= 1
        return
      }
      at = (at + 1) & (size - 1)
    }
  }

  @inline(__always) private func home(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (size - 1) }

  private mutating func placeGathered() {
    for index in 0..<gatheredCount { touched ^= places[home(gathered[index].hash)] }
    for index in 0..<gatheredCount { place(gathered[index].id, hash: gathered[index].hash) }
    live += gatheredCount
    gatheredCount = 0
  }

  private mutating func place(_ id: UInt32, hash: UInt64) {
    var at = home(hash)
    while places[at] != Self.free, places[at] != Self.deleted { at = (at + 1) & (size - 1) }
    if places[at] == Self.free { used += 1 }
    places[at] = id
  }

  private mutating func grow(_ rehash: (UInt32) -> UInt64) {
    let (old, oldSize) = (places, size)
    if (live + 1) * 2 > oldSize { size *= 2 }
    places = Self.allocate(size)
    used = 0
    for index in 0..<oldSize where old[index] != Self.free && old[index] != Self.deleted {
      place(old[index], hash: rehash(old[index]))
    }
    old.deallocate()
  }

  private static func allocate(_ size: Int) -> UnsafeMutablePointer<UInt32> {
    let places = HugePages.allocate(size * MemoryLayout<UInt32>.stride)
      .bindMemory(to: UInt32.self, capacity: size)
    places.initialize(repeating: free, count: size)
    return places
  }
}
