import DialerModel

extension IndexState {
  // MARK: - One lead

  @inline(__always) mutating func putReady(_ key: SelectionKey, _ profile: UInt32, isFresh: Bool, _ list: Int) {
    let lead = key.lead
    guard lists.at(list).pointee.isPresent else { return remove(lead) }
    let index = groupFor(list, profile, isFresh)
    let place = table.at(lead)
    let old = place.pointee
    // As it was: another entry would be one too many.
    if old == .ready(group: index, fingerprint: key.fingerprint) { return }
    detach(old)
    makeReady(key, place, index)
  }

  /// - Parameter word: of the key's lead, which is in no count any more.
  @inline(__always) mutating func makeReady(
    _ key: SelectionKey, _ word: UnsafeMutablePointer<LeadWord>, _ index: Int
  ) {
    word.pointee = .ready(group: index, fingerprint: key.fingerprint)
    addReady(index, 1)
    let group = groups.at(index)
    let mayBeHead = group.pointee.push(key, &chunks)
    if group.pointee.wantsCleaning { clean(index) }
    // Mostly it is not, and the leaf, which lies anywhere in memory, is left alone.
    guard mayBeHead, group.pointee.isOpen else { return }
    let tree = lanes.at(Int(group.pointee.lane)).pointee.tree
    let leaf = Int(group.pointee.leaf)
    if key < tree.key(of: leaf) {
      tree.set(leaf, key)
      poolChanged(group.pointee.list)
    }
  }

  @inline(__always) mutating func putWaiting(_ lead: LeadID, _ until: Instant, _ list: Int) {
    guard lists.at(list).pointee.isPresent else { return remove(lead) }
    let place = table.at(lead)
    let old = place.pointee
    detach(old)
    let word = LeadWord.waiting(list: list, due: until.milliseconds)
    place.pointee = word
    lists.at(list).pointee.waiting &+= 1
    wheel.add(WaitingLead(lead: lead, group: foreseenGroup(list, old)), due: word.due, previous: old)
  }

  /// Where a lead that was picked will mostly come back to: as one that was called, in its zone. Only a hint.
  @inline(__always) private mutating func foreseenGroup(_ list: Int, _ word: LeadWord) -> UInt32 {
    let groups = lanes.at(2 &* list).pointee.groupOfProfile
    guard let profile = word.pickedProfile, profile < groups.count else { return WaitingLead.noGroup }
    return groups[profile]
  }

  mutating func park(_ lead: LeadID, _ list: Int) {
    guard lists.at(list).pointee.isPresent else { return remove(lead) }
    let place = table.at(lead)
    detach(place.pointee)
    place.pointee = .parked(list: list)
    lists.at(list).pointee.parked &+= 1
  }

  mutating func claim(_ lead: LeadID, _ list: Int) {
    guard lists.at(list).pointee.isPresent else { return remove(lead) }
    let place = table.at(lead)
    detach(place.pointee)
    place.pointee = .claimed(list: list)
    lists.at(list).pointee.claimed &+= 1
  }

  mutating func remove(_ lead: LeadID) {
    let old = table[lead]
    guard old != .absent else { return }
    detach(old)
    table.at(lead).pointee = .absent
  }

  // MARK: - Many leads

  mutating func load(_ list: Int, _ entries: [LoadEntry]) {
    guard lists[list].isPresent, !entries.isEmpty else { return }
    // Group → how many entries, then where its next one goes.
    var places: ContiguousArray<Int> = []
    var touched: ContiguousArray<Int> = []
    for entry in entries {
      let group = groupFor(list, entry.profile, entry.isFresh)
      while places.count <= group { places.append(0) }
      if places[group] == 0 { touched.append(group) }
      places[group] += 1
    }
    let keys = UnsafeMutableBufferPointer<SelectionKey>.allocate(capacity: entries.count)
    defer { keys.deallocate() }
    keys.initialize(repeating: .none)
    var start = 0
    for group in touched {
      let count = places[group]
      places[group] = start
      start += count
    }
    for entry in entries {
      let group = groupFor(list, entry.profile, entry.isFresh)
      let word = table.at(entry.key.lead)
      if word.pointee != .absent { detach(word.pointee) }
      word.pointee = .ready(group: group, fingerprint: entry.key.fingerprint)
      addReady(group, 1)
      keys[places[group]] = entry.key
      places[group] += 1
    }
    start = 0
    for group in touched {
      var own = UnsafeMutableBufferPointer(rebasing: keys[start..<places[group]])
      own.sort()
      groups.at(group).pointee.load(own, &chunks)
      refreshLeaf(group)
      start = places[group]
    }
  }

  // MARK: - Bookkeeping

  /// Takes the lead out of the counts of where it was; its entries become stale by what is written next.
  @inline(__always) private mutating func detach(_ word: LeadWord) {
    switch word.state {
    case .absent: break
    case .ready: addReady(word.group, -1)
    case .waiting: lists.at(word.list).pointee.waiting &-= 1
    case .claimed: lists.at(word.list).pointee.claimed &-= 1
    case .parked: lists.at(word.list).pointee.parked &-= 1
    }
  }

  @inline(__always) private mutating func addReady(_ index: Int, _ change: Int) {
    let group = groups.at(index)
    group.pointee.ready &+= Int32(truncatingIfNeeded: change)
    let list = group.pointee.list
    guard group.pointee.isOpen else {
      lists.at(list).pointee.readyClosed &+= change
      return
    }
    let lane = lanes.at(Int(group.pointee.lane))
    let before = lane.pointee.readyOpen
    lane.pointee.readyOpen = before &+ change
    if before == 0 || before &+ change == 0 { openCountChanged(list) }
    // A lane that empties or fills may change whose turn it is within the list.
    poolChanged(list)
  }

  /// The group of a list's leads with this profile, made when first asked for.
  @inline(__always) mutating func groupFor(_ list: Int, _ profile: UInt32, _ isFresh: Bool) -> Int {
    let number = 2 &* list &+ (isFresh ? 1 : 0)
    let lane = lanes.at(number)
    if Int(profile) < lane.pointee.groupOfProfile.count {
      let group = lane.pointee.groupOfProfile[Int(profile)]
      if group != .max { return Int(group) }
    }
    return makeGroup(list, number, profile)
  }

  @inline(never) private mutating func makeGroup(_ list: Int, _ number: Int, _ profile: UInt32) -> Int {
    useProfile(profile)
    let lane = lanes.at(number)
    let owner = profiles.at(Int(profile))
    let leaf = lane.pointee.groups.count
    let made = LeadGroup(lane: number, leaf: leaf, profile: profile, isOpen: owner.pointee.isOpen)
    let group: Int
    if let free = freeGroups.popLast() {
      group = Int(free)
      groups[group] = made
    } else {
      group = groups.count
      precondition(group < Self.maximumGroups, "an index has at most 16,777,216 groups")
      groups.append(made)
    }
    lane.pointee.groups.append(UInt32(group))
    lane.pointee.tree.grow(to: leaf + 1)
    lane.pointee.tree.setTag(leaf, group)
    lane.pointee.groupOfProfile.fill(to: Int(profile) + 1, with: .max)
    lane.pointee.groupOfProfile[Int(profile)] = UInt32(group)
    owner.pointee.groups.append(UInt32(group))
    return group
  }

  /// Shows the group's first entry to the tree if the group is open, else takes it out of the tree.
  mutating func refreshLeaf(_ index: Int) {
    let group = groups[index]
    lanes.at(Int(group.lane)).pointee.tree.set(Int(group.leaf), group.isOpen ? group.head : .none)
    poolChanged(group.list)
  }

  /// Drops the group's stale and repeated entries. Called when they may be more than half, so it costs each entry its
  /// share of a constant.
  @inline(never) private mutating func clean(_ index: Int) {
    Self.clean(groups.at(index), index, &table, &chunks)
    refreshLeaf(index)
  }

  private static func clean(
    _ group: UnsafeMutablePointer<LeadGroup>, _ index: Int, _ table: inout LeadTable, _ chunks: inout BlockPool
  ) {
    group.pointee.filter(&chunks) { key in
      let word = table.at(key.lead)
      // A marked word equals none without a mark: a second entry of the same lead is dropped.
      guard word.pointee == .ready(group: index, fingerprint: key.fingerprint) else { return false }
      word.pointee.isMarked = true
      return true
    }
    group.pointee.forEachEntry { table.at($0.lead).pointee.isMarked = false }
  }
}
