import DialerModel

extension IndexState {
  func position(of lead: LeadID) -> Int? {
    let word = table[lead]
    guard word.state == .ready, groups[word.group].isOpen else { return nil }
    var own: SelectionKey?
    groups[word.group].forEachEntry { key in
      if key.lead == lead, isCurrent(key, in: word.group) { own = key }
    }
    guard let own else { return nil }
    // A lead may have the same entry twice.
    var before: Set<UInt32> = []
    let list = groups[word.group].list
    for number in 2 * list...2 * list + 1 {
      let lane = lanes[number]
      for leaf in 0..<lane.groups.count where groups[Int(lane.groups[leaf])].isOpen {
        let group = Int(lane.groups[leaf])
        groups[group].forEachEntry { key in
          if key < own, isCurrent(key, in: group) { before.insert(key.lead.rawValue) }
        }
      }
    }
    return before.count + 1
  }

  var bytes: Int {
    var sum = table.bytes + chunks.bytes + wheel.bytes + shares.bytes + pool.bytes
    sum += lists.bytes + lanes.bytes + groups.bytes + freeGroups.bytes + profiles.bytes + poolChanges.bytes
    for group in groups.indices { sum += groups[group].lateBytes }
    for lane in lanes.indices {
      sum += lanes[lane].tree.bytes + lanes[lane].groups.bytes + lanes[lane].groupOfProfile.bytes
    }
    for profile in profiles.indices { sum += profiles[profile].groups.bytes }
    return sum
  }

  private func isCurrent(_ key: SelectionKey, in group: Int) -> Bool {
    table[key.lead] == .ready(group: group, fingerprint: key.fingerprint)
  }
}
