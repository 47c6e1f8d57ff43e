import DialerModel

/// A table from numbers to values, for the paths that every call takes several times: open addressing without tombstones,
/// and no hashing of what is a hash, or next to another number, already. A dictionary of the standard library costs four
/// times as much here.
///
/// Zero is no key. A value that equals `empty` stands for none.
struct KeyTable<Value: Equatable> {
  private var keys: ContiguousArray<UInt64>
  private var values: ContiguousArray<Value>
  private let empty: Value
  private(set) var count = 0

  init(empty: Value) {
    self.empty = empty
    keys = ContiguousArray(repeating: 0, count: 64)
    values = ContiguousArray(repeating: empty, count: 64)
  }

  subscript(key: UInt64) -> Value {
    let mask = keys.count - 1
    var place = Self.home(key, mask)
    while keys[place] != 0 {
      if keys[place] == key { return values[place] }
      place = (place + 1) & mask
    }
    return empty
  }

  /// Changes the value of the key; one that becomes `empty` is taken out.
  mutating func change(_ key: UInt64, _ body: (inout Value) -> Void) {
    precondition(key != 0, "zero is no key")
    if (count + 1) * 4 > keys.count * 3 { grow() }
    let mask = keys.count - 1
    var place = Self.home(key, mask)
    while keys[place] != 0, keys[place] != key { place = (place + 1) & mask }
    let isNew = keys[place] == 0
    body(&values[place])
    let isEmpty = values[place] == empty
    if isNew, !isEmpty {
      keys[place] = key
      count += 1
    } else if !isNew, isEmpty {
      remove(at: place)
    }
  }

  /// Closes the gap: entries behind it that would not be found any more move up.
  private mutating func remove(at start: Int) {
    let mask = keys.count - 1
    var gap = start
    var place = (gap + 1) & mask
    while keys[place] != 0 {
      let home = Self.home(keys[place], mask)
      if (place - home) & mask >= (place - gap) & mask {
        keys[gap] = keys[place]
        values[gap] = values[place]
        gap = place
      }
      place = (place + 1) & mask
    }
    keys[gap] = 0
    values[gap] = empty
    count -= 1
  }

  private mutating func grow() {
    let old = (keys, values)
    keys = ContiguousArray(repeating: 0, count: old.0.count * 2)
    values = ContiguousArray(repeating: empty, count: old.0.count * 2)
    let mask = keys.count - 1
    for (key, value) in zip(old.0, old.1) where key != 0 {
      var place = Self.home(key, mask)
      while keys[place] != 0 { place = (place + 1) & mask }
      keys[place] = key
      values[place] = value
    }
  }

  /// Fibonacci hashing: spreads neighbours, and costs one multiplication.
  private static func home(_ key: UInt64, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }
}
