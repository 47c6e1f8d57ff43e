import CSystem
import DialerModel

/// What a ``CampaignIndex`` is made of, and the choice itself.
///
/// All of it is plain values in slabs: a cycle of a lead costs some hundred instructions, and arrays within structs
/// within arrays cost five times as many (measured 2026-11). It owns the memory of its lanes, groups and profiles.
struct IndexState: ~Copyable {
  static let maximumGroups = 1 << 24
  /// Of so many the records and the next key of each stay in the processor's second cache: a MiB.
  private static let nearGroups = 1 << 13

  /// One list in the campaign. In 64 bytes, as a lane.
  struct ListEntry: BitwiseCopyable {
    let id: ListID
    var isPresent = true
    var toDial: Bool
    /// Waits in `poolChanges`.
    var isPoolStale = false
    /// 0: no pick is kept for the leads never called.
    var newEvery = 0
    /// Counted picks, modulo `newEvery`.
    var picksSinceNew = 0
    var readyClosed = 0
    var waiting = 0
    var claimed = 0
    var parked = 0
    private let filler = 0

    init(id: ListID, isPresent: Bool = true, toDial: Bool, isPoolStale: Bool = false, newEvery: Int = 0) {
      self.id = id
      self.isPresent = isPresent
      self.toDial = toDial
      self.isPoolStale = isPoolStale
      self.newEvery = newEvery
    }
  }

  /// The open groups of one list, either of the leads never called or of the others.
  ///
  /// In 64 bytes, so that a lane lies in one line of the processor's cache and its place is found by a shift.
  struct Lane: BitwiseCopyable {
    var readyOpen = 0
    private let filler = 0
    var tree = WinnerTree()
    /// Leaf of the tree → group.
    var groups = NumberList()
    /// Profile → group, `UInt32.max`: none yet.
    var groupOfProfile = NumberList()

    func free() {
      tree.free()
      groups.free()
      groupOfProfile.free()
    }
  }

  /// A zone and rule profile, and the groups that follow it.
  struct Profile: BitwiseCopyable {
    var isOpen = false
    var isUsed = false
    /// Not known yet: asked for at the next `advance`.
    var until = Instant.distantPast
    var groups = NumberList()
  }

  var table = LeadTable()
  /// The chunks of the groups' queues.
  var chunks = BlockPool(blockBytes: KeyQueue.chunkBytes)
  var lists = Slab<ListEntry>()
  /// Two to a list: those called before, then those never called.
  var lanes = Slab<Lane>()
  var groups = Slab<LeadGroup>()
  var freeGroups = Slab<UInt32>()
  var profiles = Slab<Profile>()
  /// The earliest `until` of a profile.
  var nextProfileChange = Instant.distantFuture
  /// The group that the last pick left on top of its list.
  private var foreseen = 0
  var wheel: MinuteWheel
  var shares = ListShares()
  /// With weighting off: the lists by the key of their next lead, and those whose key may have changed.
  var pool = WinnerTree()
  var poolChanges = Slab<Int>()
  var lastAdvance: Instant
  var isWeighted = true

  init(now: Instant) {
    wheel = MinuteWheel(now: now)
    lastAdvance = now
  }

  deinit {
    for group in groups.indices { groups.at(group).pointee.freeLate() }
    for lane in lanes.indices { lanes[lane].free() }
    for profile in profiles.indices { profiles[profile].groups.free() }
    pool.free()
  }

  // MARK: - The choice

  @inline(__always) mutating func pick() -> Pick? {
    guard let list = nextList() else { return nil }
    return takeHead(of: list) ?? pickAgain()
  }

  /// After a stale entry: it is gone, and the order may be another.
  @inline(never) private mutating func pickAgain() -> Pick? {
    while let list = nextList() {
      if let pick = takeHead(of: list) { return pick }
    }
    return nil
  }

  @inline(__always) mutating func charge(_ list: Int) {
    if isWeighted { shares.charge(list) }
    let entry = lists.at(list)
    guard entry.pointee.newEvery > 0 else { return }
    entry.pointee.picksSinceNew = (entry.pointee.picksSinceNew + 1) % entry.pointee.newEvery
    poolChanged(list)
  }

  mutating func giveBack(_ list: Int) {
    if isWeighted, lists[list].isPresent { shares.giveBack(list) }
  }

  @inline(__always) private mutating func nextList() -> Int? {
    if isWeighted { return shares.next() }
    refreshPool()
    return pool.lowest == .none ? nil : pool.winner
  }

  /// Takes the first entry of the list. Nil if it was stale.
  @inline(__always) private mutating func takeHead(of list: Int) -> Pick? {
    let number = nextLane(of: list)
    let lane = lanes.at(number)
    let key = lane.pointee.tree.lowest
    precondition(key.third != .max, "a list that counts open leads has none in its tree")
    let index = lane.pointee.tree.winnerTag
    let group = groups.at(index)
    let word = table.words.known(key.lead)
    let isCurrent = word.pointee == .ready(group: index, fingerprint: key.fingerprint)
    if isCurrent {
      word.pointee = .picked(list: list, profile: UInt32(group.pointee.profile))
      group.pointee.ready &-= 1
      lane.pointee.readyOpen &-= 1
      lists.at(list).pointee.claimed &+= 1
      if lane.pointee.readyOpen == 0 { openCountChanged(list) }
    }
    let profile = UInt32(group.pointee.profile)
    lane.pointee.tree.replaceWinner(group.pointee.dropHead(&chunks))
    foresee(lane, group)
    poolChanged(list)
    guard isCurrent else { return nil }
    return Pick(list: ListSlot(list), profile: profile, key: key, isFresh: number & 1 == 1)
  }

  /// Has the memory fetched that the lane's next picks read: mostly other lists' picks come before them.
  /// - Parameter group: of this pick.
  @inline(__always) private mutating func foresee(
    _ lane: UnsafeMutablePointer<Lane>, _ group: UnsafeMutablePointer<LeadGroup>
  ) {
    let tree = lane.pointee.tree
    if groups.count <= Self.nearGroups {
      // It has been forgotten by the time the group is next, if there are many.
      group.pointee.prefetchSecond()
    } else {
      // What a group's record leads to can be fetched once the record is there: one pick later.
      groups.at(foreseen).pointee.prefetchSecond()
      foreseen = tree.winnerTag
      csystem_prefetch(groups.at(foreseen))
    }
    table.words.prefetch(tree.lowest.lead)
    tree.prefetchWinner()
  }

  /// The lane that the list's next pick comes from: at each `newEvery`th the leads never called, if there are any in an
  /// open group, else the better of both.
  @inline(__always) func nextLane(of list: Int) -> Int {
    let called = 2 &* list
    let fresh = called &+ 1
    if lanes.at(fresh).pointee.readyOpen == 0 { return called }
    if lanes.at(called).pointee.readyOpen == 0 { return fresh }
    let every = lists.at(list).pointee.newEvery
    if every > 0, lists.at(list).pointee.picksSinceNew == every &- 1 { return fresh }
    return lanes.at(called).pointee.tree.lowest < lanes.at(fresh).pointee.tree.lowest ? called : fresh
  }

  /// Tells the share rule whether the list takes part, after its count of open leads came to or left 0.
  mutating func openCountChanged(_ list: Int) {
    let open = lanes[2 * list].readyOpen + lanes[2 * list + 1].readyOpen
    shares.setWanted(list, open > 0 && lists[list].toDial)
  }

  // MARK: - The pool

  @inline(__always) mutating func poolChanged(_ list: Int) {
    if !isWeighted { markPool(list) }
  }

  private mutating func markPool(_ list: Int) {
    guard !lists[list].isPoolStale else { return }
    lists.at(list).pointee.isPoolStale = true
    poolChanges.append(list)
  }

  private mutating func refreshPool() {
    while let list = poolChanges.popLast() {
      lists.at(list).pointee.isPoolStale = false
      let lane = lanes.at(nextLane(of: list))
      let takesPart = lists[list].toDial && lane.pointee.readyOpen > 0
      pool.set(list, takesPart ? lane.pointee.tree.lowest : .none)
    }
  }

  mutating func setWeighting(_ isOn: Bool) {
    guard isOn != isWeighted else { return }
    isWeighted = isOn
    if !isOn { for list in lists.indices { poolChanged(list) } }
  }
}
