import DialerModel

@testable import LeadSelection

/// The index as one would write it without a thought for speed: every question goes over all leads.
struct NaiveIndex: ~Copyable {
  struct Lead {
    var list: Int
    var state: LeadSelection.LeadState
    var key = SelectionKey.none
    var profile: UInt32 = 0
    var isFresh = false
    var due = Instant.distantFuture
  }

  struct List {
    var toDial: Bool
    var newEvery: Int?
    var picksSinceNew = 0
    var isPresent = true
  }

  var leads: [UInt32: Lead] = [:]
  var lists: [List] = []
  var openProfiles: Set<UInt32> = []
  /// Choice among lists is tested by itself; here it is told naively which lists take part.
  var shares = ListShares()
  var isWeighted = true

  func open(_ list: Int) -> [Lead] {
    leads.values.filter { $0.list == list && $0.state == .ready && openProfiles.contains($0.profile) }
  }

  func candidate(_ list: Int) -> Lead? {
    guard lists[list].isPresent, lists[list].toDial else { return nil }
    let open = open(list)
    if let every = lists[list].newEvery, lists[list].picksSinceNew == every - 1,
      let fresh = open.filter(\.isFresh).min(by: { $0.key < $1.key })
    {
      return fresh
    }
    return open.min { $0.key < $1.key }
  }

  mutating func pick() -> Lead? {
    var chosen: Lead?
    let candidates = lists.indices.map { candidate($0) }
    for list in lists.indices { shares.setWanted(list, candidates[list] != nil) }
    if isWeighted {
      chosen = shares.next().flatMap { candidates[$0] }
    } else {
      chosen = candidates.compactMap { $0 }.min { $0.key < $1.key }
    }
    guard let chosen else { return nil }
    leads[chosen.key.lead.rawValue]?.state = .claimed
    return chosen
  }

  mutating func charge(_ list: Int) {
    if isWeighted { shares.charge(list) }
    if let every = lists[list].newEvery { lists[list].picksSinceNew = (lists[list].picksSinceNew + 1) % every }
  }

  func counts(_ list: Int) -> ListCounts {
    var counts = ListCounts()
    for lead in leads.values where lead.list == list {
      switch lead.state {
      case .absent: break
      case .ready where openProfiles.contains(lead.profile): counts.readyOpen += 1
      case .ready: counts.readyClosed += 1
      case .waiting: counts.waiting += 1
      case .claimed: counts.claimed += 1
      case .parked: counts.parked += 1
      }
    }
    return counts
  }

  func position(_ lead: UInt32) -> Int? {
    guard let own = leads[lead], own.state == .ready, openProfiles.contains(own.profile) else { return nil }
    return open(own.list).count { $0.key < own.key } + 1
  }

  /// Leads whose time has come, by due time and id.
  func due(at now: Instant) -> [UInt32] {
    leads.filter { $0.value.state == .waiting && $0.value.due <= now }
      .sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }.map(\.key)
  }
}
