import DialerModel

/// Who is next in one campaign: an index in memory over the leads that the engine says may be dialled.
///
/// It knows keys, groups and times, no leads and no rules, and everything in it is a hint: the engine judges all gates
/// when it claims, and says what came of it. Leads are grouped by list, zone and rule profile, and whether they were
/// ever called. A group is open or closed as a whole. A tree over the open groups' first entries gives the best
/// lead of a list; ``ListShares`` chooses the list. A lead has one 8-byte word that says where it is; entries that
/// no longer agree with it are dropped when they come up.
///
/// Not thread-safe, and big: keep it in one place and change it there. A copy is the same index, not another.
public struct CampaignIndex {
  /// Lists at one time.
  public static let maximumLists = ListShares.maximumLists
  /// Lists over the life of an index: slots are not used twice.
  public static let maximumSlots = 1 << 16
  /// Profiles are numbers below this; tables are addressed by them, so they should be dense from 0.
  public static let maximumProfiles = 1 << 16

  /// Frees the state with the last copy of the index.
  private final class Owner {
    let state: UnsafeMutablePointer<IndexState>
    init(_ state: UnsafeMutablePointer<IndexState>) { self.state = state }
    deinit {
      state.deinitialize(count: 1)
      state.deallocate()
    }
  }

  private let owner: Owner
  /// The owner's, without the steps to it. It lives as long as `owner`, and so through each call on this index.
  private let state: UnsafeMutablePointer<IndexState>

  /// - Parameter now: where time starts; waiting leads that are due before it come back at the first advance.
  public init(now: Instant) {
    state = .allocate(capacity: 1)
    state.initialize(to: IndexState(now: now))
    owner = Owner(state)
  }

  // MARK: - The choice

  /// Takes the next lead: it is claimed from then on, until one of the `put` functions or ``remove(_:)`` says what
  /// became of it. Counts against no share: ``charge(_:)`` does, and before it the choice of list stays the same.
  /// Nil: no list to dial has a ready lead in an open group.
  public mutating func pick() -> Pick? { state.pointee.pick() }

  /// Counts the pick just made as a call of its list. Not to be called for a pick that was rejected at the claim.
  public mutating func charge(_ slot: ListSlot) { state.pointee.charge(place(slot)) }

  /// Undoes one counted call, as after a failure of our own trunk or a reservation that was released: the list's
  /// next call is made up for at once and is free. With weighting off there is nothing to give back.
  public mutating func giveBack(_ slot: ListSlot) { state.pointee.giveBack(place(slot)) }

  /// Whether lists get calls by weight; otherwise all lists to dial are one pool in the order of the keys.
  public var isWeighted: Bool { state.pointee.isWeighted }

  /// Switches between weights and one pool. Lags stay as they are while weighting is off.
  public mutating func setWeighting(_ isOn: Bool) { state.pointee.setWeighting(isOn) }

  // MARK: - One lead

  /// The lead may be dialled whenever its profile is open, whatever it was before; its place is by `key`.
  ///
  /// In a list that was removed the lead is taken out instead.
  public mutating func putReady(key: SelectionKey, profile: UInt32, isFresh: Bool, list slot: ListSlot) {
    state.pointee.putReady(key, profile, isFresh: isFresh, place(slot))
  }

  /// The lead comes back at `until`; ``advance(to:profileState:due:)`` asks then what becomes of it.
  public mutating func putWaiting(_ lead: LeadID, until: Instant, list slot: ListSlot) {
    state.pointee.putWaiting(lead, until, place(slot))
  }

  /// The lead belongs to the list and is not dialled until somebody changes something.
  public mutating func park(_ lead: LeadID, list slot: ListSlot) { state.pointee.park(lead, place(slot)) }

  /// The lead is being dialled by another way than ``pick()``, as a callback or a command of the CRM.
  public mutating func claim(_ lead: LeadID, list slot: ListSlot) { state.pointee.claim(lead, place(slot)) }

  /// Takes the lead out, whatever it was.
  public mutating func remove(_ lead: LeadID) { state.pointee.remove(lead) }

  public func state(of lead: LeadID) -> LeadState { state.pointee.table[lead].state }

  /// The list that the lead is in; nil: not in this index.
  public func list(of lead: LeadID) -> ListSlot? {
    let word = state.pointee.table[lead]
    switch word.state {
    case .absent: return nil
    case .ready: return ListSlot(state.pointee.groups[word.group].list)
    case .waiting, .claimed, .parked: return ListSlot(word.list)
    }
  }

  /// When a waiting lead comes back; nil: it does not wait.
  public func due(of lead: LeadID) -> Instant? {
    let word = state.pointee.table[lead]
    return word.isWaiting ? Instant(milliseconds: word.due) : nil
  }

  /// Where a ready lead stands in its list, from 1: one more than the leads of open groups that come before it. Nil
  /// if it is not ready or its group is closed. Goes over all entries of the list; for explaining, not for dialling.
  /// What `newEvery` pulls forward is not reckoned with.
  public func position(of lead: LeadID) -> Int? { state.pointee.position(of: lead) }

  /// Calls `body` with leads that wait and when they come back. Bucket follows bucket in the order of time, a minute or
  /// less in each, and within one there is no order; after each, `goesOn` is asked. For explaining.
  public func visitWaiting(goesOn: () -> Bool, _ body: (LeadID, Instant) -> Void) {
    state.pointee.wheel.visit(in: state.pointee.table.words, goesOn: goesOn) { body($0, Instant(milliseconds: $1)) }
  }

  // MARK: - Many leads

  /// Takes in many ready leads of one list at once; each replaces what was known of that lead.
  ///
  /// Sorts once for each group: far faster than one at a time, and the way to fill an index at the start.
  public mutating func load(list slot: ListSlot, entries: [LoadEntry]) { state.pointee.load(place(slot), entries) }

  /// Memory held, in bytes, without what the allocator adds. Goes over all groups.
  public var bytes: Int { state.pointee.bytes }

  // MARK: - Time

  /// Says that a profile is open or closed until a time. Costs a few steps for each group of the profile, whatever
  /// the number of leads in them.
  public mutating func setProfile(_ profile: UInt32, _ state: ProfileState) {
    self.state.pointee.setProfile(profile, state)
  }

  /// Brings the index to `now`: profiles whose time has come are asked for anew, once each, in the order of their
  /// numbers; leads whose waiting time is over are asked for in the order of due time and id.
  ///
  /// After a clock that went back all profiles are asked, and leads wait until the clock is there again. The two
  /// closures must not use the index.
  /// - Returns: how many leads came due.
  @discardableResult public mutating func advance(
    to now: Instant, profileState: (UInt32) -> ProfileState, due: (LeadID) -> DueAnswer
  ) -> Int {
    state.pointee.advance(to: now, profileState: profileState, due: due)
  }

  /// When ``advance(to:profileState:due:)`` next has something to do, at the latest; it may turn out to be nothing.
  /// Nil: never.
  public mutating func nextEvent() -> Instant? { state.pointee.nextEvent() }

  /// What the index goes by for a profile; nil: it has not been told yet.
  public func profileState(_ profile: UInt32) -> ProfileState? { state.pointee.profileState(profile) }

  /// Memory is addressed by slots without another check.
  @inline(__always) private func place(_ slot: ListSlot) -> Int {
    precondition(slot.index < state.pointee.lists.count, "a slot of another index")
    return slot.index
  }
}

// MARK: - Lists

extension CampaignIndex {
  /// Takes a list into the campaign, without leads yet.
  /// - Parameters:
  ///   - weight: 1…1000.
  ///   - newEvery: N ≥ 1: each Nth counted pick is a lead that was never called, if one can be dialled.
  public mutating func addList(_ id: ListID, weight: Int, toDial: Bool, newEvery: Int?) -> ListSlot {
    Self.check(weight, newEvery)
    return ListSlot(state.pointee.addList(id, weight: weight, toDial: toDial, newEvery: newEvery))
  }

  /// Takes a list and all its leads out. Goes over all leads of the campaign: about a nanosecond each.
  public mutating func removeList(_ slot: ListSlot) { state.pointee.removeList(place(slot)) }

  /// - Parameter weight: 1…1000.
  public mutating func setWeight(_ slot: ListSlot, _ weight: Int) {
    Self.check(weight, nil)
    state.pointee.shares.setWeight(place(slot), weight)
  }

  public mutating func setToDial(_ slot: ListSlot, _ toDial: Bool) { state.pointee.setToDial(place(slot), toDial) }

  public mutating func setNewEvery(_ slot: ListSlot, _ newEvery: Int?) {
    Self.check(1, newEvery)
    state.pointee.setNewEvery(place(slot), newEvery)
  }

  public func counts(_ slot: ListSlot) -> ListCounts { state.pointee.counts(place(slot)) }

  public func listID(_ slot: ListSlot) -> ListID { state.pointee.lists[place(slot)].id }

  /// The list's share of the next calls in per cent; 0 when it has no lead to dial now.
  public func sharePercent(_ slot: ListSlot) -> Double { state.pointee.shares.fraction(place(slot)) * 100 }

  /// How far the list is behind its share, in 2^-32 calls; below zero: ahead of it. Within ±2 calls.
  public func lag(_ slot: ListSlot) -> Int64 { state.pointee.shares.lag(place(slot)) }

  /// What ``restoreShareState(_:)`` needs to go on as if nothing had happened, one for each list.
  public var shareState: [ListShareState] { state.pointee.shareState() }

  /// Takes over the state of another run. Lists are found by id; what is not here is left out, and what is not in
  /// `states` starts with no lag. Call it after the lists were added.
  public mutating func restoreShareState(_ states: [ListShareState]) { state.pointee.restoreShareState(states) }

  private static func check(_ weight: Int, _ newEvery: Int?) {
    precondition(1...ListShares.maximumWeight ~= weight, "a weight is 1 to 1,000")
    precondition((newEvery ?? 1) >= 1, "newEvery is 1 or more")
  }
}
