import DialerModel

/// Agreed times to call.
///
/// A call centre may have tens of thousands, most of them an agent's own, and a claim asks for the next: so each
/// campaign has one queue for those that anyone may take and one for each agent, and nothing here goes over all of them
/// in a turn. One that a gate stands against is out of its queue until it may be tried again.
struct CallbackBook {
  private struct Key: Hashable {
    var lead: LeadID
    var campaign: CampaignID
  }

  /// Queues of a campaign. An agent's stays when it is empty: there are no more of them than agents.
  private struct Queues {
    var anyone = CallbackQueue()
    var agents: [AgentID] = []
    /// By the place in ``agents``, which is sorted.
    var own: [CallbackQueue] = []
  }

  /// Why a callback is looked at: each holds only if the callback is still as it was then.
  private enum Wake {
    case due(Key)
    case over(Key)
    case back(Key)
  }

  /// Those of a lead are few: one for each campaign at most, in the order of the campaigns.
  private var byLead: [LeadID: [Callback]] = [:]
  private(set) var count = 0
  private var queues: [CampaignID: Queues] = [:]
  /// Not looked at again before then: the gates stood against a callback that is due.
  private var postponed: [Key: Instant] = [:]
  private var wakes = MomentHeap<Instant, Wake>()

  var isEmpty: Bool { count == 0 }

  subscript(lead: LeadID, campaign: CampaignID) -> Callback? {
    count == 0 ? nil : byLead[lead]?.first { $0.campaignID == campaign }
  }

  func all(of lead: LeadID) -> [Callback] { count == 0 ? [] : byLead[lead] ?? [] }

  /// All of a campaign, in the order of their leads. Goes over all there are.
  func leads(in campaign: CampaignID) -> [LeadID] {
    byLead.filter { $0.value.contains { $0.campaignID == campaign } }.keys.sorted()
  }

  // MARK: - Changes

  mutating func put(_ callback: Callback) {
    remove(callback.leadID, callback.campaignID)
    let place = byLead[callback.leadID, default: []].partitioningIndex { callback.campaignID < $0.campaignID }
    byLead[callback.leadID, default: []].insert(callback, at: place)
    count += 1
    inQueue(of: callback) { $0.insert(Self.entry(callback)) }
    wake(callback)
    dropStaleWakes()
  }

  @discardableResult
  mutating func remove(_ lead: LeadID, _ campaign: CampaignID) -> Callback? {
    guard count > 0, let place = byLead[lead]?.firstIndex(where: { $0.campaignID == campaign }),
      let old = byLead[lead]?.remove(at: place)
    else { return nil }
    if byLead[lead]?.isEmpty == true { byLead[lead] = nil }
    count -= 1
    if postponed.removeValue(forKey: Key(lead: lead, campaign: campaign)) == nil {
      inQueue(of: old) { $0.remove(Self.entry(old)) }
    }
    return old
  }

  mutating func markAnnounced(_ lead: LeadID, _ campaign: CampaignID) {
    guard let place = byLead[lead]?.firstIndex(where: { $0.campaignID == campaign }) else { return }
    byLead[lead]?[place].announced = true
  }

  /// The gates stand against it: others go before it until then.
  mutating func postpone(_ lead: LeadID, _ campaign: CampaignID, until: Instant) {
    guard let callback = self[lead, campaign] else { return }
    let key = Key(lead: lead, campaign: campaign)
    if postponed.updateValue(until, forKey: key) == nil {
      inQueue(of: callback) { $0.remove(Self.entry(callback)) }
    }
    wakes.set(.back(key), at: until)
    dropStaleWakes()
  }

  /// Something about it changed: one that was postponed is in its queue again.
  ///
  /// - Returns: whether it had been postponed.
  mutating func tryAgain(_ lead: LeadID, _ campaign: CampaignID) -> Bool {
    guard !postponed.isEmpty, postponed.removeValue(forKey: Key(lead: lead, campaign: campaign)) != nil,
      let callback = self[lead, campaign]
    else { return false }
    inQueue(of: callback) { $0.insert(Self.entry(callback)) }
    return true
  }

  private static func entry(_ callback: Callback) -> CallbackQueue.Entry {
    CallbackQueue.Entry(at: callback.at, lead: callback.leadID)
  }

  private mutating func inQueue(of callback: Callback, _ body: (inout CallbackQueue) -> Void) {
    guard let agent = callback.agentID else { return body(&queues[callback.campaignID, default: Queues()].anyone) }
    Self.inQueue(of: agent, &queues[callback.campaignID, default: Queues()], body)
  }

  private static func inQueue(of agent: AgentID, _ queues: inout Queues, _ body: (inout CallbackQueue) -> Void) {
    let place = queues.agents.partitioningIndex { agent <= $0 }
    if place == queues.agents.count || queues.agents[place] != agent {
      queues.agents.insert(agent, at: place)
      queues.own.insert(CallbackQueue(), at: place)
    }
    body(&queues.own[place])
  }

  // MARK: - Time

  /// When the next one falls due, is over, or may be tried again.
  mutating func nextAt() -> Instant? {
    while let event = wakes.nextEvent, let at = wakes.next {
      if holds(event, at: at) { return at }
      _ = wakes.pop(dueAt: at)
    }
    return nil
  }

  /// Those that have come due and not said so, and those that are over, in the order of these moments; and those that
  /// may be tried again are in their queues from then on.
  /// - Parameter limit: how many at the most; the others come the next time.
  mutating func needingWord(at now: Instant, limit: Int) -> [Callback] {
    var found: [Callback] = []
    var looked = 0
    while looked < limit, let at = wakes.next, let event = wakes.pop(dueAt: now) {
      looked += 1
      guard holds(event, at: at) else { continue }
      switch event {
      case .due(let key), .over(let key):
        if let callback = self[key.lead, key.campaign] { found.append(callback) }
      case .back(let key):
        postponed[key] = nil
        if let callback = self[key.lead, key.campaign] { inQueue(of: callback) { $0.insert(Self.entry(callback)) } }
      }
    }
    return found
  }

  private func holds(_ event: Wake, at moment: Instant) -> Bool {
    switch event {
    case .due(let key): self[key.lead, key.campaign].map { $0.at == moment && !$0.announced } ?? false
    case .over(let key): self[key.lead, key.campaign]?.until == moment
    case .back(let key): postponed[key] == moment
    }
  }

  private mutating func wake(_ callback: Callback) {
    let key = Key(lead: callback.leadID, campaign: callback.campaignID)
    if !callback.announced { wakes.set(.due(key), at: callback.at) }
    if let until = callback.until { wakes.set(.over(key), at: until) }
  }

  /// Wakes of callbacks that have changed lie until their moment comes: no more than of those that hold.
  private mutating func dropStaleWakes() {
    guard wakes.count > 8 * count + 64 else { return }
    wakes = MomentHeap()
    for lead in byLead.keys.sorted() { for callback in byLead[lead] ?? [] { wake(callback) } }
    for (key, until) in postponed.sorted(by: { ($0.key.lead, $0.key.campaign) < ($1.key.lead, $1.key.campaign) }) {
      wakes.set(.back(key), at: until)
    }
  }

  // MARK: - Whose turn it is

  /// The earliest that is due and may go to anyone.
  func firstForAnyone(in campaign: CampaignID, at now: Instant) -> Callback? {
    guard count > 0, let first = queues[campaign]?.anyone.first, first.at <= now else { return nil }
    return self[first.lead, campaign]
  }

  /// The earliest that is due and whose agent may take it.
  func firstOfAgents(in campaign: CampaignID, at now: Instant, mayTake: (AgentID) -> Bool) -> Callback? {
    guard count > 0, let queues = queues[campaign] else { return nil }
    var best: CallbackQueue.Entry?
    for place in queues.own.indices {
      guard let first = queues.own[place].first, first.at <= now, best.map({ first < $0 }) ?? true,
        mayTake(queues.agents[place])
      else { continue }
      best = first
    }
    return best.flatMap { self[$0.lead, campaign] }
  }

  /// Those that are due and are this agent's or anyone's, earliest first.
  func due(for agent: AgentID, in campaign: CampaignID, at now: Instant, limit: Int) -> [Callback] {
    guard count > 0, let queues = queues[campaign] else { return [] }
    var due = queues.anyone.due(at: now, limit: limit)
    if let place = queues.agents.firstIndex(of: agent) { due += queues.own[place].due(at: now, limit: limit) }
    return due.sorted().prefix(limit).compactMap { self[$0.lead, campaign] }
  }
}
