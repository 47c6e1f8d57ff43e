import DialerModel

extension IndexState {
  mutating func addList(_ id: ListID, weight: Int, toDial: Bool, newEvery: Int?) -> Int {
    precondition(lists.count < CampaignIndex.maximumSlots, "an index has had 65,536 lists: it is to be built anew")
    precondition(
      lists.indices.count { lists[$0].isPresent } < CampaignIndex.maximumLists, "a campaign has at most 1,024 lists")
    lists.append(ListEntry(id: id, toDial: toDial, newEvery: newEvery ?? 0))
    lanes.append(Lane())
    lanes.append(Lane())
    shares.add(weight: weight)
    pool.grow(to: lists.count)
    return lists.count - 1
  }

  mutating func removeList(_ list: Int) {
    guard lists[list].isPresent else { return }
    table.forEachWord { word in
      let owner = word.state == .ready ? groups[word.group].list : word.list
      if owner == list { word = .absent }
    }
    for number in 2 * list...2 * list + 1 {
      let lane = lanes.at(number)
      for leaf in 0..<lane.pointee.groups.count {
        let group = lane.pointee.groups[leaf]
        groups.at(Int(group)).pointee.free(&chunks)
        profiles.at(Int(groups[Int(group)].profile)).pointee.groups.remove(group)
        freeGroups.append(group)
      }
      lane.pointee.free()
      lane.pointee = Lane()
    }
    let entry = lists[list]
    lists[list] = ListEntry(id: entry.id, isPresent: false, toDial: false, isPoolStale: entry.isPoolStale)
    openCountChanged(list)
    poolChanged(list)
  }

  mutating func setToDial(_ list: Int, _ toDial: Bool) {
    guard lists[list].isPresent else { return }
    lists.at(list).pointee.toDial = toDial
    openCountChanged(list)
    poolChanged(list)
  }

  mutating func setNewEvery(_ list: Int, _ newEvery: Int?) {
    let entry = lists.at(list)
    entry.pointee.newEvery = newEvery ?? 0
    entry.pointee.picksSinceNew %= newEvery ?? 1
    poolChanged(list)
  }

  func counts(_ list: Int) -> ListCounts {
    let entry = lists[list]
    return ListCounts(
      readyOpen: lanes[2 * list].readyOpen + lanes[2 * list + 1].readyOpen,
      readyClosed: entry.readyClosed, waiting: entry.waiting, claimed: entry.claimed, parked: entry.parked)
  }

  // MARK: - Over a restart

  func shareState() -> [ListShareState] {
    lists.indices.filter { lists[$0].isPresent }.map { list in
      let saved = shares.saved(list)
      return ListShareState(
        list: lists[list].id, isActive: saved.isActive, weight: Int(saved.weight),
        totalWeight: Int(shares.totalWeight), lag: saved.lag, credit: Int(saved.credit),
        picksSinceNew: lists[list].picksSinceNew)
    }
  }

  mutating func restoreShareState(_ states: [ListShareState]) {
    var found: [(slot: Int, share: ListShares.Saved)] = []
    for state in states {
      let known = lists.indices.first { lists[$0].isPresent && lists[$0].id == state.list }
      guard let list = known else { continue }
      let every = lists[list].newEvery
      lists.at(list).pointee.picksSinceNew = every > 0 ? max(0, state.picksSinceNew) % every : 0
      let weight = max(1, min(state.weight, ListShares.maximumWeight))
      found.append(
        (
          list,
          ListShares.Saved(
            weight: Int64(weight), isActive: state.isActive, lag: state.lag,
            credit: Int64(max(0, state.credit)))
        ))
      poolChanged(list)
    }
    shares.restore(found, savedTotal: Int64(states.first?.totalWeight ?? 0))
  }
}
