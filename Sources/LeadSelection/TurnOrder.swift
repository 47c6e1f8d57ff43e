/// Whose turn it is: of the lists that are released by now, the one with the earliest deadline.
///
/// Sixteen lists or fewer are looked through from end to end, some steps each and no jump that the processor could
/// guess wrong: less than one walk up a tree. More of them stand in two trees.
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
  private var byDeadline = WinnerTree<Int64>()
  private var byRelease = WinnerTree<Int64>()

  deinit {
    byDeadline.free()
    byRelease.free()
  }

  var bytes: Int { turns.bytes + byDeadline.bytes + byRelease.bytes }

  @inline(__always) private var isScanned: Bool { turns.count <= Self.mostScanned }

  /// Makes room for one more list, which does not take part.
  mutating func append() {
    turns.append(.none)
    guard !isScanned else { return }
    byDeadline.grow(to: turns.count)
    byRelease.grow(to: turns.count)
    // Those that are released already move over at the next look.
    if turns.count == Self.mostScanned + 1 { byRelease.setAll { $0 < turns.count ? turns[$0].release : .max } }
  }

  /// - Parameter calls: made so far.
  @inline(__always) func set(_ slot: Int, _ turn: Turn, after calls: Int64) {
    turns[slot] = turn
    if !isScanned { setInTrees(slot, turn, calls) }
  }

  @inline(never) private func setInTrees(_ slot: Int, _ turn: Turn, _ calls: Int64) {
    if turn.release > calls {
      byRelease.set(slot, turn.release)
      if byDeadline.keys[slot] != .max { byDeadline.set(slot, .max) }
    } else {
      if byRelease.keys[slot] != .max { byRelease.set(slot, .max) }
      byDeadline.set(slot, turn.deadline)
    }
  }

  func setAll(_ turn: (Int) -> Turn) {
    for slot in turns.indices { turns[slot] = turn(slot) }
    guard !isScanned else { return }
    byRelease.setAll { $0 < turns.count ? turns[$0].release : .max }
    byDeadline.setAll { _ in .max }
  }

  /// The list whose turn it is; nil: nobody takes part.
  ///
  /// When everybody has had more than the share, as when lists in debt come back, `calls` goes on without a call.
  @inline(__always) func next(after calls: inout Int64) -> Int? { isScanned ? scan(&calls) : look(&calls) }

  @inline(__always) private func scan(_ calls: inout Int64) -> Int? {
    while true {
      var found = -1
      var earliest = Int64.max
      for slot in turns.indices {
        let turn = turns[slot]
        let deadline = turn.release <= calls ? turn.deadline : .max
        found = deadline < earliest ? slot : found
        earliest = min(earliest, deadline)
      }
      if found >= 0 { return found }
      let release = turns.indices.reduce(Int64.max) { min($0, turns[$1].release) }
      guard release != .max else { return nil }
      calls = release
    }
  }

  @inline(never) private func look(_ calls: inout Int64) -> Int? {
    release(calls)
    if byDeadline.lowest == .max {
      guard byRelease.lowest != .max else { return nil }
      calls = byRelease.lowest
      release(calls)
    }
    return byDeadline.winner
  }

  private func release(_ calls: Int64) {
    while byRelease.lowest <= calls {
      let slot = byRelease.winner
      byRelease.set(slot, .max)
      byDeadline.set(slot, turns[slot].deadline)
    }
  }
}
