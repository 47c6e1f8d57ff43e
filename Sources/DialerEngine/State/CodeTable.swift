import enum LeadSelection.HugePages

/// From a code's hash to lead ids: open addressing over ids alone, four bytes a place. The text is compared by the owner.
///
/// Each code goes to another place of a table that no cache holds, which a start waits for ten million times. So those
/// that come are gathered, and their places are read together before the first is written: the waits overlap. Together
/// with huge pages this took three quarters of the time off (measured 2026-11).
///
/// It never grows in one step, which at ten million codes would hold up a turn for a second: when it is full, another
/// takes its place, and with each code that comes a few places more are moved there. Until all are, both are asked.
struct CodeTable: ~Copyable {
  private static let free: UInt32 = 0
  private static let deleted: UInt32 = .max
  private static let gatheredAtMost = 32
  /// Places moved for each code that comes. Three would do: a table of n places is followed when three quarters of them
  /// are taken, and the next has room for as many more before it is full.
  static let movedAtOnce = 4

  private struct Entry: BitwiseCopyable {
    var id: UInt32
    var hash: UInt64
  }

  private var places: UnsafeMutablePointer<UInt32>
  /// A power of two.
  private var size = 1024
  /// Live and deleted places, and those that will be moved here.
  private var used = 0
  private var live = 0
  private let gathered: UnsafeMutablePointer<Entry>
  private var gatheredCount = 0
  /// Of no use but that places are read for it.
  private var touched: UInt32 = 0
  /// What was there before: places below ``moved`` stand in the other table, and are of no more meaning here.
  private var old: UnsafeMutablePointer<UInt32>?
  private var oldSize = 0
  private var moved = 0
  /// Codes that were moved, so that a test can count them.
  private(set) var moves = 0

  init() {
    places = Self.allocate(size)
    gathered = .allocate(capacity: Self.gatheredAtMost)
  }

  deinit {
    Self.release(places, size)
    if let old { Self.release(old, oldSize) }
    gathered.deallocate()
  }

  var bytes: Int { (size + oldSize) * MemoryLayout<UInt32>.stride }

  /// Calls the body with each lead whose code has this hash, and maybe with others; with none twice.
  mutating func visit(hash: UInt64, _ body: (UInt32) -> Void) {
    placeGathered()
    var at = home(hash, size)
    while places[at] != Self.free {
      if places[at] != Self.deleted { body(places[at]) }
      at = (at + 1) & (size - 1)
    }
    guard let old else { return }
    at = home(hash, oldSize)
    while old[at] != Self.free {
      if at >= moved, old[at] != Self.deleted { body(old[at]) }
      at = (at + 1) & (oldSize - 1)
    }
  }

  /// For so many codes; only an empty table is made larger.
  mutating func reserve(_ count: Int) {
    guard used == 0, gatheredCount == 0, count * 4 > size * 3 else { return }
    Self.release(places, size)
    while count * 4 > size * 3 { size *= 2 }
    places = Self.allocate(size)
  }

  mutating func insert(_ id: UInt32, hash: UInt64, rehash: (UInt32) -> UInt64) {
    if (used + gatheredCount + 1) * 4 > size * 3 { grow(rehash) }
    if old != nil { moveSome(Self.movedAtOnce, rehash) }
    (gathered + gatheredCount).initialize(to: Entry(id: id, hash: hash))
    gatheredCount += 1
    if gatheredCount == Self.gatheredAtMost { placeGathered() }
  }

  mutating func remove(_ id: UInt32, hash: UInt64) {
    placeGathered()
    if Self.remove(id, from: places, size, first: 0, at: home(hash, size)) {
      live -= 1
    } else if let old, Self.remove(id, from: old, oldSize, first: moved, at: home(hash, oldSize)) {
      live -= 1
      used -= 1
    }
  }

  /// - Parameter first: places below do not count.
  private static func remove(
    _ id: UInt32, from table: UnsafeMutablePointer<UInt32>, _ size: Int, first: Int, at home: Int
  ) -> Bool {
    var at = home
    while table[at] != free {
      if table[at] == id, at >= first {
        table[at] = deleted
        return true
      }
      at = (at + 1) & (size - 1)
    }
    return false
  }

  /// The lowest bit of a text's hash is always one.
  @inline(__always) private func home(_ hash: UInt64, _ size: Int) -> Int {
    Int(truncatingIfNeeded: hash >> 1) & (size - 1)
  }

  private mutating func placeGathered() {
    for index in 0..<gatheredCount { touched ^= places[home(gathered[index].hash, size)] }
    for index in 0..<gatheredCount where place(gathered[index].id, hash: gathered[index].hash) { used += 1 }
    live += gatheredCount
    gatheredCount = 0
  }

  /// - Returns: whether it took a place that was free.
  private mutating func place(_ id: UInt32, hash: UInt64) -> Bool {
    var at = home(hash, size)
    while places[at] != Self.free, places[at] != Self.deleted { at = (at + 1) & (size - 1) }
    defer { places[at] = id }
    return places[at] == Self.free
  }

  // MARK: - Growing

  private mutating func grow(_ rehash: (UInt32) -> UInt64) {
    placeGathered()
    // Never so: the old table is empty long before.
    if old != nil { moveSome(oldSize, rehash) }
    (old, oldSize, moved) = (places, size, 0)
    if (live + 1) * 2 > oldSize { size *= 2 }
    places = Self.allocate(size)
    used = live
  }

  private mutating func moveSome(_ count: Int, _ rehash: (UInt32) -> UInt64) {
    guard let table = old else { return }
    let end = min(oldSize, moved + count)
    while moved < end {
      let id = table[moved]
      moved += 1
      guard id != Self.free, id != Self.deleted else { continue }
      // It is counted to the places of this table since that was made; one that was deleted here is taken again.
      if !place(id, hash: rehash(id)) { used -= 1 }
      moves += 1
    }
    guard moved == oldSize else { return }
    Self.release(table, oldSize)
    (old, oldSize) = (nil, 0)
  }

  private static func allocate(_ size: Int) -> UnsafeMutablePointer<UInt32> {
    HugePages.zeroed(size * MemoryLayout<UInt32>.stride).bindMemory(to: UInt32.self, capacity: size)
  }

  private static func release(_ places: UnsafeMutablePointer<UInt32>, _ size: Int) {
    HugePages.free(places, bytes: size * MemoryLayout<UInt32>.stride)
  }
}
