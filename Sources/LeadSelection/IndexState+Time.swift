import DialerModel

extension IndexState {
  mutating func setProfile(_ profile: UInt32, _ state: ProfileState) {
    useProfile(profile)
    apply(state, to: Int(profile))
    nextProfileChange = min(nextProfileChange, state.until)
  }

  @inline(__always) mutating func advance(
    to now: Instant, profileState: (UInt32) -> ProfileState, due: (LeadID) -> DueAnswer
  ) -> Int {
    let wentBack = now < lastAdvance
    lastAdvance = now
    if wentBack || now >= nextProfileChange { askProfiles(now, wentBack, profileState) }
    wheel.roll(to: now, in: table.words, groups)
    var count = 0
    while let (lead, word) = wheel.next(at: now, in: table.words) {
      count += 1
      answer(due(lead), lead, word, now)
    }
    return count
  }

  @inline(__always) private mutating func answer(
    _ answer: DueAnswer, _ lead: LeadID, _ word: UnsafeMutablePointer<LeadWord>, _ now: Instant
  ) {
    let list = word.pointee.list
    switch answer {
    case .ready(let key, let profile, let isFresh):
      precondition(key.lead == lead, "the key of another lead was given for the one that is due")
      // It waits, and so is in a list that is present.
      lists.at(list).pointee.waiting &-= 1
      makeReady(key, word, groupFor(list, profile, isFresh))
    case .waiting(let until):
      putWaiting(lead, max(until, Instant(milliseconds: now.milliseconds + 1)), list)
    case .parked: park(lead, list)
    case .removed: remove(lead)
    }
  }

  private mutating func askProfiles(
    _ now: Instant, _ wentBack: Bool, _ profileState: (UInt32) -> ProfileState
  ) {
    nextProfileChange = .distantFuture
    for profile in profiles.indices where profiles[profile].isUsed {
      if wentBack || profiles[profile].until <= now { apply(profileState(UInt32(profile)), to: profile) }
      nextProfileChange = min(nextProfileChange, profiles[profile].until)
    }
  }

  mutating func nextEvent() -> Instant? {
    let due = wheel.nextDue(in: table.words) ?? .distantFuture
    let next = min(due, nextProfileChange)
    return next == .distantFuture ? nil : next
  }

  func profileState(_ profile: UInt32) -> ProfileState? {
    guard Int(profile) < profiles.count, profiles[Int(profile)].until != .distantPast else { return nil }
    return ProfileState(isOpen: profiles[Int(profile)].isOpen, until: profiles[Int(profile)].until)
  }

  mutating func useProfile(_ profile: UInt32) {
    precondition(profile < CampaignIndex.maximumProfiles, "a profile is a number below 65,536")
    profiles.fill(to: Int(profile) + 1, with: Profile())
    guard !profiles[Int(profile)].isUsed else { return }
    profiles.at(Int(profile)).pointee.isUsed = true
    nextProfileChange = .distantPast
  }

  private mutating func apply(_ state: ProfileState, to index: Int) {
    let profile = profiles.at(index)
    profile.pointee.until = state.until
    guard profile.pointee.isOpen != state.isOpen else { return }
    profile.pointee.isOpen = state.isOpen
    for place in 0..<profile.pointee.groups.count {
      let number = Int(profile.pointee.groups[place])
      let group = groups.at(number)
      group.pointee.isOpen = state.isOpen
      let list = group.pointee.list
      let change = state.isOpen ? Int(group.pointee.ready) : -Int(group.pointee.ready)
      lanes.at(Int(group.pointee.lane)).pointee.readyOpen += change
      lists.at(list).pointee.readyClosed -= change
      refreshLeaf(number)
      openCountChanged(list)
    }
  }
}
