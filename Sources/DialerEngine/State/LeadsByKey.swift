import enum LeadSelection.HugePages

/// What a ``LeadsByKey`` asks its owner, who has the keys themselves.
protocol LeadKeys {
  /// Whether the lead is there and has a key with this hash.
  func has(_ hash: UInt64, _ lead: UInt32) -> Bool
  /// The hashes of all its keys of the kind, none of them twice.
  func forEachHash(of lead: UInt32, _ body: (UInt64) -> Void)
  /// Another lead has one of its keys.
  func shares(_ lead: UInt32)
}

/// From the hash of a key (a vendor lead code, an email, a number) to the leads that have it: open addressing over ids and
/// a byte of the hash beside each, five bytes a place. The key itself is compared by the owner, and the byte makes that
/// rare.
///
/// Each key goes to another place of a table that no cache holds, which a start waits for ten million times. So those
/// that come are gathered, and their places are read together before the first is written: the waits overlap. Together
/// with huge pages this took three quarters of the time off (measured 2026-11).
///
/// It never grows in one step, which at ten million keys would hold up a turn for a second: when it is full, another
/// takes its place, and with each key that comes a few places more are moved there. Until all are, both are asked.
///
/// Of the leads with one key only a few stand in the table, one behind the other; where a junk email stands for a hundred
/// thousand leads, the others stand in a list of their own, the crowd, so that no search goes over all of them. There
/// stands as well the second of two keys of one lead with the same byte.
struct LeadsByKey: ~Copyable {
  private static let free: UInt8 = 0
  private static let deleted: UInt8 = 1
  private static let gatheredAtMost = 32
  /// Leads with one key in the table; others are its crowd.
  static let together = 8
  /// Of a larger crowd nobody is looked for.
  private static let searchedAtMost = 64
  /// Places moved for each key that comes. A table of n places is followed when three quarters of them are taken, and the
  /// next has room for three eighths of n more before it is full, or for a quarter where many places were deleted.
  static let movedAtOnce = 4

  private struct Entry: BitwiseCopyable {
    var id: UInt32
    var hash: UInt64
  }

  private struct Places {
    let size: Int
    let tags: UnsafeMutablePointer<UInt8>
    let ids: UnsafeMutablePointer<UInt32>

    init(_ size: Int) {
      self.size = size
      tags = HugePages.zeroed(size).bindMemory(to: UInt8.self, capacity: size)
      ids = HugePages.zeroed(size * 4).bindMemory(to: UInt32.self, capacity: size)
    }

    func release() {
      HugePages.free(tags, bytes: size)
      HugePages.free(ids, bytes: size * 4)
    }

    /// The 32 bits behind the tag, as a fraction of the size: it need not be a power of two, of which nearly half would
    /// be of no use.
    @inline(__always) func home(_ hash: UInt64) -> Int {
      Int(truncatingIfNeeded: ((hash >> 24 & 0xFFFF_FFFF) &* UInt64(truncatingIfNeeded: size)) >> 32)
    }
    @inline(__always) func after(_ place: Int) -> Int { place + 1 == size ? 0 : place + 1 }

    /// Calls the body with each lead that may have the key, from the place `first` on.
    @inline(__always) func visit(_ hash: UInt64, from first: Int, _ body: (Int, UInt32) -> Void) {
      let tag = LeadsByKey.tag(hash)
      var at = home(hash)
      while tags[at] != LeadsByKey.free {
        if tags[at] == tag, at >= first { body(at, ids[at]) }
        at = after(at)
      }
    }
  }

  /// Those of one key for whom there is no room in the table. Some may be gone.
  private struct Crowd {
    var ids: ContiguousArray<UInt32> = []
    var gone = 0
  }

  private var places = Places(1024)
  /// Live and deleted places, and those that will be moved here.
  private var used = 0
  private var live = 0
  private let gathered: UnsafeMutablePointer<Entry>
  private var gatheredCount = 0
  /// Of no use but that places are read for it.
  private var touched: UInt32 = 0
  /// What was there before: places below ``moved`` stand in the other table, and are of no more meaning here.
  private var old: Places?
  private var moved = 0
  private var crowds: [UInt64: Crowd] = [:]
  /// Keys that were moved, so that a test can count them.
  private(set) var moves = 0

  init() { gathered = .allocate(capacity: Self.gatheredAtMost) }

  deinit {
    places.release()
    old?.release()
    gathered.deallocate()
  }

  var bytes: Int { (places.size + (old?.size ?? 0)) * 5 + crowds.values.reduce(0) { $0 + $1.ids.capacity * 4 + 64 } }

  /// Calls the body with each lead whose key has this hash, and maybe with others.
  mutating func visit(_ hash: UInt64, _ keys: some LeadKeys, _ body: (UInt32) -> Void) {
    settle(keys)
    visitTables(hash) { body($0) }
    guard !crowds.isEmpty, let crowd = crowds[hash] else { return }
    for id in crowd.ids { body(id) }
  }

  /// Leads that came share their keys with others from now on at the latest.
  @inline(__always) mutating func settle(_ keys: some LeadKeys) { if gatheredCount > 0 { placeGathered(keys) } }

  /// For so many keys; only an empty table is made larger.
  mutating func reserve(_ count: Int) {
    guard used == 0, gatheredCount == 0, count * 4 > places.size * 3 else { return }
    places.release()
    places = Places(count / 3 * 4 + count / 32 + 64)
  }

  /// The lead must not have the key already.
  mutating func insert(_ id: UInt32, _ hash: UInt64, _ keys: some LeadKeys) {
    if (used + gatheredCount + 1) * 4 > places.size * 3 { grow(keys) }
    if old != nil { moveSome(Self.movedAtOnce, keys) }
    (gathered + gatheredCount).initialize(to: Entry(id: id, hash: hash))
    gatheredCount += 1
    if gatheredCount == Self.gatheredAtMost { placeGathered(keys) }
  }

  mutating func remove(_ id: UInt32, _ hash: UInt64, _ keys: some LeadKeys) {
    settle(keys)
    // One that is in a crowd for its tag's sake has nothing in the table; what is there is another key's.
    if let crowd = crowds[hash], crowd.ids.count <= Self.searchedAtMost, crowd.ids.contains(id) {
      leaveCrowd(id, hash, keys)
    } else if Self.remove(id, hash, from: places, first: 0) {
      live -= 1
    } else if let old, Self.remove(id, hash, from: old, first: moved) {
      live -= 1
      used -= 1
    } else if crowds[hash] != nil {
      leaveCrowd(id, hash, keys)
    }
  }

  /// - Parameter first: places below do not count.
  private static func remove(_ id: UInt32, _ hash: UInt64, from table: Places, first: Int) -> Bool {
    var found: Int?
    table.visit(hash, from: first) { place, other in if other == id { found = place } }
    if let found { table.tags[found] = deleted }
    return found != nil
  }

  /// Who left is taken out with the others that did, when they are half of the crowd.
  private mutating func leaveCrowd(_ id: UInt32, _ hash: UInt64, _ keys: some LeadKeys) {
    guard var crowd = crowds.removeValue(forKey: hash) else { return }
    crowd.gone += 1
    if crowd.gone * 2 >= crowd.ids.count {
      var seen: Set<UInt32> = []
      crowd.ids.removeAll { $0 == id || !keys.has(hash, $0) || !seen.insert($0).inserted }
      crowd.gone = 0
    }
    if !crowd.ids.isEmpty { crowds[hash] = crowd }
  }

  private static func tag(_ hash: UInt64) -> UInt8 { max(2, UInt8(truncatingIfNeeded: hash >> 56)) }

  @inline(__always) private func visitTables(_ hash: UInt64, _ body: (UInt32) -> Void) {
    places.visit(hash, from: 0) { body($1) }
    old?.visit(hash, from: moved) { body($1) }
  }

  private mutating func placeGathered(_ keys: some LeadKeys) {
    for index in 0..<gatheredCount {
      let home = places.home(gathered[index].hash)
      touched ^= places.ids[home] ^ UInt32(places.tags[home])
    }
    for index in 0..<gatheredCount { add(gathered[index], keys) }
    gatheredCount = 0
  }

  private mutating func add(_ entry: Entry, _ keys: some LeadKeys) {
    var others = 0
    func meet(_ other: UInt32) {
      guard other != entry.id, keys.has(entry.hash, other) else { return }
      others += 1
      keys.shares(other)
    }
    visitTables(entry.hash) { meet($0) }
    var isCrowded = others >= Self.together || isAmbiguous(entry, keys)
    if !crowds.isEmpty, let crowd = crowds[entry.hash] {
      isCrowded = true
      // Also where none of the last is there any more.
      keys.shares(entry.id)
      // Those of a larger one share it with each other already.
      for other in crowd.ids.suffix(Self.together) { meet(other) }
    }
    if others > 0 { keys.shares(entry.id) }
    if isCrowded {
      crowds[entry.hash, default: Crowd()].ids.append(entry.id)
      return
    }
    live += 1
    if place(entry) { used += 1 }
  }

  /// Whether the lead has two keys with this tag: then nothing in the table says which of them it stands there for.
  private func isAmbiguous(_ entry: Entry, _ keys: some LeadKeys) -> Bool {
    var count = 0
    keys.forEachHash(of: entry.id) { if Self.tag($0) == Self.tag(entry.hash) { count += 1 } }
    return count > 1
  }

  /// - Returns: whether it took a place that was free.
  private mutating func place(_ entry: Entry) -> Bool {
    var at = places.home(entry.hash)
    while places.tags[at] > Self.deleted { at = places.after(at) }
    let wasFree = places.tags[at] == Self.free
    places.tags[at] = Self.tag(entry.hash)
    places.ids[at] = entry.id
    return wasFree
  }

  // MARK: - Growing

  private mutating func grow(_ keys: some LeadKeys) {
    settle(keys)
    // Never so: the old table is empty long before.
    if let old { moveSome(old.size, keys) }
    (old, moved) = (places, 0)
    places = Places((live + 1) * 2 > places.size ? places.size / 2 * 3 : places.size)
    used = live
  }

  private mutating func moveSome(_ count: Int, _ keys: some LeadKeys) {
    guard let table = old else { return }
    let end = min(table.size, moved + count)
    while moved < end {
      let (tag, id) = (table.tags[moved], table.ids[moved])
      moved += 1
      guard tag > Self.deleted else { continue }
      moves += 1
      // It is counted to the places of this table since that was made; one that was deleted here is taken again.
      guard let hash = hashToMove(id, tag, keys) else { preconditionFailure("a key goes when its lead loses it") }
      if !place(Entry(id: id, hash: hash)) { used -= 1 }
    }
    guard moved == table.size else { return }
    table.release()
    old = nil
  }

  /// The key that the lead stands there for: of those with this tag the one for which it is in no crowd.
  private func hashToMove(_ id: UInt32, _ tag: UInt8, _ keys: some LeadKeys) -> UInt64? {
    var found: UInt64?
    var others = 0
    keys.forEachHash(of: id) { hash in
      guard Self.tag(hash) == tag else { return }
      if found == nil { found = hash } else { others += 1 }
    }
    guard others > 0 else { return found }
    found = nil
    keys.forEachHash(of: id) { hash in
      // One that has just come stands nowhere yet.
      let isGathered = (0..<gatheredCount).contains { gathered[$0].id == id && gathered[$0].hash == hash }
      if found == nil, Self.tag(hash) == tag, !isGathered, crowds[hash]?.ids.contains(id) != true { found = hash }
    }
    return found
  }
}
