import DialerModel

/// Agreed times to call, by lead and campaign, in the order of their moments.
struct CallbackBook {
  struct Key: Hashable {
    var lead: LeadID
    var campaign: CampaignID
  }
  private(set) var byKey: [Key: Callback] = [:]
  /// Sorted by moment, then lead: few enough that inserting into an array is no matter.
  private var order: [Entry] = []

  private struct Entry: Equatable {
    var at: Instant
    var key: Key
    static func < (left: Entry, right: Entry) -> Bool {
      (left.at, left.key.lead, left.key.campaign) < (right.at, right.key.lead, right.key.campaign)
    }
  }

  /// Not looked at again before then: the gates stood against a callback that is due.
  private var postponed: [Key: Instant] = [:]

  /// When the next one falls due, is over, or may be tried again.
  func nextAt(after now: Instant) -> Instant? {
    var next = order.first { byKey[$0.key]?.announced == false }?.at
    for callback in byKey.values {
      if let until = callback.until { next = min(next ?? until, until) }
    }
    for moment in postponed.values where moment > now { next = min(next ?? moment, moment) }
    return next
  }

  var isEmpty: Bool { byKey.isEmpty }

  subscript(lead: LeadID, campaign: CampaignID) -> Callback? {
    byKey.isEmpty ? nil : byKey[Key(lead: lead, campaign: campaign)]
  }

  func all(of lead: LeadID) -> [Callback] {
    byKey.values.filter { $0.leadID == lead }.sorted { $0.campaignID < $1.campaignID }
  }

  mutating func put(_ callback: Callback) {
    remove(callback.leadID, callback.campaignID)
    let key = Key(lead: callback.leadID, campaign: callback.campaignID)
    byKey[key] = callback
    let entry = Entry(at: callback.at, key: key)
    order.insert(entry, at: order.partitioningIndex { entry < $0 })
  }

  @discardableResult
  mutating func remove(_ lead: LeadID, _ campaign: CampaignID) -> Callback? {
    guard !byKey.isEmpty else { return nil }
    let key = Key(lead: lead, campaign: campaign)
    postponed[key] = nil
    guard let old = byKey.removeValue(forKey: key) else { return nil }
    let entry = Entry(at: old.at, key: key)
    let place = order.partitioningIndex { !($0 < entry) }
    if place < order.count, order[place] == entry { order.remove(at: place) }
    return old
  }

  mutating func markAnnounced(_ lead: LeadID, _ campaign: CampaignID) {
    byKey[Key(lead: lead, campaign: campaign)]?.announced = true
  }

  mutating func postpone(_ lead: LeadID, _ campaign: CampaignID, until: Instant) {
    let key = Key(lead: lead, campaign: campaign)
    if byKey[key] != nil { postponed[key] = until }
  }

  func isPostponed(_ callback: Callback, at now: Instant) -> Bool {
    guard !postponed.isEmpty else { return false }
    return postponed[Key(lead: callback.leadID, campaign: callback.campaignID)].map { $0 > now } ?? false
  }

  /// Those that have come due and not said so, and those that are over; earliest first.
  func needingWord(at now: Instant, limit: Int) -> [Callback] {
    var found: [Callback] = []
    for entry in order {
      guard entry.at <= now, found.count < limit else { break }
      guard let callback = byKey[entry.key] else { continue }
      if !callback.announced || callback.until.map({ $0 <= now }) == true { found.append(callback) }
    }
    return found
  }

  /// Those whose moment has come, earliest first.
  func due(at now: Instant, limit: Int) -> [Callback] {
    var due: [Callback] = []
    for entry in order {
      guard entry.at <= now, due.count < limit else { break }
      if let callback = byKey[entry.key] { due.append(callback) }
    }
    return due
  }
}

extension Array {
  /// The first place whose element satisfies the condition, where all behind it do as well.
  func partitioningIndex(where belongsBehind: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
