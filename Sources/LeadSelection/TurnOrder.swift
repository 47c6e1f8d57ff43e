import CSystem

/// Whose turn it is: of the lists that are released by now, the one with the earliest deadline.
///
/// Sixteen lists or fewer are looked through from end to end, some steps each and no jump that the processor could
/// guess wrong. Of more, those that are not released yet stand in ``ReleaseRing`` by the call at which they will be,
/// and the others in ``DeadlineBlocks``.
struct TurnOrder: ~Copyable {
  private static let mostScanned = 16

  /// `Int64.max` in both: the list does not take part.
  struct Turn: BitwiseCopyable {
    /// The number of calls made from which on the list may be next.
    var release: Int64
    var deadline: Int64

    static let none = Turn(release: .max, deadline: .max)
  }

  private var turns = Slab<Turn>()
  private var released = DeadlineBlocks()
  private var ring = ReleaseRing()

  var bytes: Int { turns.bytes + released.bytes + ring.bytes }

  @inline(__always) private var isScanned: Bool { turns.count <= Self.mostScanned }

  /// Makes room for one more list, which does not take part.
  /// - Parameter calls: made so far.
  mutating func append(after calls: Int64) {
    turns.append(.none)
    placeAll(after: calls)
  }

  @inline(__always) mutating func set(_ slot: Int, _ turn: Turn, after calls: Int64) {
    let old = turns[slot]
    turns[slot] = turn
    if !isScanned { place(slot, turn, old, calls) }
  }

  /// Sets a turn that counts once ``placeAll(after:)`` is called.
  func note(_ slot: Int, _ turn: Turn) { turns[slot] = turn }

  mutating func placeAll(after calls: Int64) {
    guard !isScanned else { return }
    released.clear(turns.count)
    ring.clear(turns.count, at: calls)
    for slot in turns.indices where turns[slot].release != .max {
      let turn = turns[slot]
      if turn.release <= calls { released.insert(slot, turn.deadline) } else { ring.insert(slot, at: turn.release) }
    }
  }

  /// The list whose turn it is; nil: nobody takes part.
  ///
  /// When everybody has had more than the share, as when lists in debt come back, `calls` goes on without a call.
  @inline(__always) mutating func next(after calls: inout Int64) -> Int? {
    isScanned ? scan(&calls) : look(&calls)
  }

  @inline(__always) private mutating func scan(_ calls: inout Int64) -> Int? {
    while true {
      let made = calls
      let count = turns.count
      var found = -1
      var earliest = Int64.max
      var slot = 0
      while slot < count {
        let turn = turns[slot]
        let isAhead = Int64(csystem_less(Int(made), Int(turn.release)))
        let deadline = turn.deadline & ~isAhead | .max & isAhead
        let isEarlier = csystem_less(Int(deadline), Int(earliest))
        found ^= (found ^ slot) & isEarlier
        earliest ^= (earliest ^ deadline) & Int64(isEarlier)
        slot &+= 1
      }
      if found >= 0 { return found }
      guard let release = firstRelease() else { return nil }
      calls = release
    }
  }

  @inline(never) private mutating func look(_ calls: inout Int64) -> Int? {
    release(calls)
    if let slot = released.earliest() { return slot }
    guard let release = firstRelease() else { return nil }
    calls = release
    self.release(calls)
    return released.earliest()
  }

  @inline(never) private mutating func firstRelease() -> Int64? {
    let release = turns.indices.reduce(Int64.max) { min($0, turns[$1].release) }
    return release == .max ? nil : release
  }

  /// Moves over those whose time has come.
  @inline(__always) private mutating func release(_ calls: Int64) {
    while let slot = ring.next(by: calls) {
      let turn = turns[slot]
      if turn.release <= calls { released.insert(slot, turn.deadline) } else { ring.insert(slot, at: turn.release) }
    }
  }

  @inline(never) private mutating func place(_ slot: Int, _ turn: Turn, _ old: Turn, _ calls: Int64) {
    if ring.holds(slot) {
      // Its place in the ring tells when it is looked at, which may be too early but not too late.
      if turn.release < old.release { placeAll(after: calls) }
    } else if turn.release <= calls {
      released.replace(slot, turn.deadline)
    } else {
      released.replace(slot, .max)
      if turn.release != .max { ring.insert(slot, at: turn.release) }
    }
  }
}
