import DialerModel

import enum LeadSelection.HugePages

/// A table from numbers to values, for the paths that every call takes several times: open addressing without tombstones,
/// and no hashing of what is a hash, or next to another number, already. A dictionary of the standard library costs four
/// times as much here.
///
/// It never grows in one step, which at millions of keys would hold up a turn: when it is full, one of twice the size
/// takes its place, and each change moves the entries of a few places more. Until all are moved, both are asked.
///
/// Zero is no key. A value that equals `empty` stands for none.
struct KeyTable<Value: BitwiseCopyable & Equatable>: ~Copyable {
  private struct Entry: BitwiseCopyable {
    var key: UInt64
    var value: Value
  }

  /// Places moved at each change. Three would do: a table of n places is followed when three quarters of them are taken,
  /// and the next, of 2 n, is as full after as many keys more.
  static var movedAtOnce: Int { 4 }

  private let empty: Value
  private(set) var count = 0
  private var entries: UnsafeMutablePointer<Entry>
  /// A power of two.
  private var size = 64
  /// What is not moved yet; what is, and what was taken out, has lost its value and kept its key.
  private var old: UnsafeMutablePointer<Entry>?
  private var oldSize = 0
  private var moved = 0
  /// Entries that were written to another place, so that a test can count them.
  private(set) var moves = 0

  init(empty: Value) {
    self.empty = empty
    entries = Self.allocate(size)
  }

  deinit {
    Self.free(entries, size)
    if let old { Self.free(old, oldSize) }
  }

  var bytes: Int { (size + oldSize) * MemoryLayout<Entry>.stride }

  subscript(key: UInt64) -> Value {
    let mask = size - 1
    var place = Self.home(key, mask)
    while entries[place].key != 0 {
      if entries[place].key == key { return entries[place].value }
      place = (place + 1) & mask
    }
    guard old != nil, let place = oldPlace(of: key) else { return empty }
    return old.unsafelyUnwrapped[place].value
  }

  /// The key will be asked for soon: what that has to wait for begins now.
  @inline(__always) func expect(_ key: UInt64) { HugePages.expect(entries + Self.home(key, size - 1)) }

  /// Changes the value of the key; one that becomes `empty` is taken out.
  mutating func change(_ key: UInt64, _ body: (inout Value) -> Void) {
    precondition(key != 0, "zero is no key")
    if (count + 1) * 4 > size * 3 { grow() }
    if old != nil { moveSome(Self.movedAtOnce, first: key) }
    let mask = size - 1
    var place = Self.home(key, mask)
    while entries[place].key != 0, entries[place].key != key { place = (place + 1) & mask }
    let isNew = entries[place].key == 0
    if isNew { entries[place].value = empty }
    body(&entries[place].value)
    let isEmpty = entries[place].value == empty
    if isNew, !isEmpty {
      entries[place].key = key
      count += 1
    } else if !isNew, isEmpty {
      remove(at: place)
    }
  }

  /// In no order.
  func forEachKey(_ body: (UInt64) -> Void) {
    for place in 0..<size where entries[place].key != 0 { body(entries[place].key) }
    guard let old else { return }
    for place in moved..<oldSize where old[place].key != 0 && old[place].value != empty { body(old[place].key) }
  }

  /// Closes the gap: entries behind it that would not be found any more move up.
  private mutating func remove(at start: Int) {
    let mask = size - 1
    var gap = start
    var place = (gap + 1) & mask
    while entries[place].key != 0 {
      let home = Self.home(entries[place].key, mask)
      if (place - home) & mask >= (place - gap) & mask {
        entries[gap] = entries[place]
        gap = place
      }
      place = (place + 1) & mask
    }
    entries[gap].key = 0
    count -= 1
  }

  // MARK: - Growing

  private mutating func grow() {
    // Never so: the old table is empty long before.
    if old != nil { moveSome(oldSize) }
    (old, oldSize, moved) = (entries, size, 0)
    size *= 2
    entries = Self.allocate(size)
  }

  /// - Parameter key: moved before all others, so that what is changed next is in one table alone.
  private mutating func moveSome(_ places: Int, first key: UInt64) {
    if let place = oldPlace(of: key) { move(place) }
    moveSome(places)
  }

  private mutating func moveSome(_ places: Int) {
    guard let table = old else { return }
    let end = min(oldSize, moved + places)
    while moved < end {
      if table[moved].key != 0, table[moved].value != empty { move(moved) }
      moved += 1
    }
    guard moved == oldSize else { return }
    Self.free(table, oldSize)
    (old, oldSize) = (nil, 0)
  }

  private mutating func move(_ from: Int) {
    guard let table = old else { return }
    let mask = size - 1
    var place = Self.home(table[from].key, mask)
    while entries[place].key != 0 { place = (place + 1) & mask }
    entries[place] = table[from]
    table[from].value = empty
    moves += 1
  }

  /// Where the key still is in the old table; nil = nowhere.
  private func oldPlace(of key: UInt64) -> Int? {
    guard let table = old else { return nil }
    let mask = oldSize - 1
    var place = Self.home(key, mask)
    while table[place].key != 0 {
      if table[place].key == key { return table[place].value == empty ? nil : place }
      place = (place + 1) & mask
    }
    return nil
  }

  private static func allocate(_ size: Int) -> UnsafeMutablePointer<Entry> {
    HugePages.zeroed(size * MemoryLayout<Entry>.stride).bindMemory(to: Entry.self, capacity: size)
  }

  private static func free(_ entries: UnsafeMutablePointer<Entry>, _ size: Int) {
    HugePages.free(entries, bytes: size * MemoryLayout<Entry>.stride)
  }

  /// Fibonacci hashing: spreads neighbours, and costs one multiplication.
  @inline(__always) private static func home(_ key: UInt64, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }
}
