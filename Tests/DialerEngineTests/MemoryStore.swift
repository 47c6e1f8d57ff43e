import DialerEngine
import DialerModel
import DialingRules
import LeadStore

/// What the transactions of an engine add up to, in memory: the store's place in these tests.
///
/// Events are projected at once; otherwise it keeps what the real store keeps, and nothing that the engine did not write.
struct MemoryStore {
  var campaigns: [CampaignID: Campaign] = [:]
  var lists: [ListID: LeadList] = [:]
  var strategies: [StrategyID: Strategy] = [.standard: .standard]
  var callingHours: [CallingHoursID: CallingHours] = [
    CallingHours.always.callingHoursID: .always, CallingHours.usFederal.callingHoursID: .usFederal,
  ]
  var agents: [AgentID: Agent] = [:]
  /// Of one tenant; no test has two.
  var segments: [String: Segment] = [:]
  var fieldRules: [String: FieldRule] = [:]
  var callbacks: [Callback] = []
  var goingNext: [(leadID: LeadID, campaignID: CampaignID)] = []
  var zones: [(zone: UInt16, name: String)] = []
  var places: [(place: UInt32, region: String?, state: String?)] = []
  var shares: [CampaignID: [ListShare]] = [:]
  var leads: [LeadID: KnownLead] = [:]
  var attempts: [AttemptID: Attempt] = [:]
  var doNotCall: Set<DoNotCallEntry> = []
  var events: [JournalEvent] = []
  var answers: [RememberedAnswer] = []
  var doNotCallImports: [ImportID: DoNotCallImport] = [:]
  let numberFiles = MemoryNumberFiles()
  /// What a walk along the evidence finds.
  var brokenAttempt: AttemptID?
  var imports: [ImportID: ImportRecord] = [:]
  var templates: [String: ImportTemplate] = [:]
  /// It answers readers as a store does whose disk is full.
  var isBehind = false
  var behindSince: Instant?
  private var highestLead: UInt32 = 0
  private var highestList: UInt32 = 0

  mutating func commit(_ transaction: StoreTransaction) {
    for change in transaction.changes { apply(change) }
    for event in transaction.events { project(event) }
    answers += transaction.answers
  }

  private mutating func apply(_ change: StoreChange) {
    switch change {
    case .addLead(let record, let code, let details):
      leads[record.leadID] = KnownLead(record: record, vendorLeadCode: code, details: details, touch: LeadTouch())
      highestLead = max(highestLead, record.leadID.rawValue)
    case .updateLead(var record, let code, let details):
      guard let old = leads[record.leadID] else { return }
      record.state = old.record.state
      leads[record.leadID] = KnownLead(record: record, vendorLeadCode: code, details: details, touch: old.touch)
    case .deleteLeads(let ids): for id in ids { leads[id] = nil }
    case .setLeadStates(let states): for (id, state) in states { leads[id]?.record.state = state }
    case .setOwner(let ids, let owner): for id in ids { leads[id]?.details.owner = owner }
    case .setRank(let ids, let rank): for id in ids { leads[id]?.record.rank = rank }
    case .setUpdated(let ids, let at): for id in ids { leads[id]?.details.updatedAt = at }
    case .moveLeads(let ids, let list, let entered):
      for id in ids {
        leads[id]?.record.listID = list
        leads[id]?.record.entered = entered
      }
    default: applySmall(change)
    }
  }

  private mutating func applySmall(_ change: StoreChange) {
    switch change {
    case .putCampaign(let campaign): campaigns[campaign.campaignID] = campaign
    case .deleteCampaign(let id):
      campaigns[id] = nil
      shares[id] = nil
    case .putList(let list):
      lists[list.listID] = list
      if list.listID.rawValue < .max { highestList = max(highestList, list.listID.rawValue) }
    case .deleteList(let id): lists[id] = nil
    case .putStrategy(let strategy): strategies[strategy.strategyID] = strategy
    case .deleteStrategy(let id): strategies[id] = nil
    case .putCallingHours(let hours): callingHours[hours.callingHoursID] = hours
    case .deleteCallingHours(let id): callingHours[id] = nil
    case .putSegment(let segment): segments[segment.name] = segment
    case .deleteSegment(_, let name): segments[name] = nil
    case .putFieldRule(let rule): fieldRules[rule.field] = rule
    case .deleteFieldRule(_, let field): fieldRules[field] = nil
    case .putAgent(let agent): agents[agent.agentID] = agent
    case .deleteAgent(let id): agents[id] = nil
    case .putCallback(let callback):
      callbacks.removeAll { $0.leadID == callback.leadID && $0.campaignID == callback.campaignID }
      callbacks.append(callback)
    case .deleteCallback(let lead, let campaign):
      callbacks.removeAll { $0.leadID == lead && $0.campaignID == campaign }
    case .queueNext(let lead, let campaign):
      if !goingNext.contains(where: { $0 == (lead, campaign) }) { goingNext.append((lead, campaign)) }
    case .unqueueNext(let lead, let campaign): goingNext.removeAll { $0 == (lead, campaign) }
    case .addDoNotCall(let entries, _, _): doNotCall.formUnion(entries)
    case .addDoNotCallBatch(let batch, _, _):
      for digits in batch.digits {
        doNotCall.insert(DoNotCallEntry(scope: batch.scope, digits: digits, isPrefix: batch.isPrefix))
      }
    case .removeDoNotCall(let entries): doNotCall.subtract(entries)
    case .addZone(let zone, let name): zones.append((zone, name))
    case .addPlace(let place, let region, let state): places.append((place, region, state))
    case .setShares(let campaign, let shares): self.shares[campaign] = shares
    case .putDoNotCallImport(let record): doNotCallImports[record.importID] = record
    case .setDoNotCallProgress(let id, let applied, let added):
      doNotCallImports[id]?.applied = applied
      doNotCallImports[id]?.added = added
    case .deleteDoNotCallImport(let id): doNotCallImports[id] = nil
    case .putImport(let record): imports[record.importID] = record
    case .deleteImport(let id): imports[id] = nil
    case .putTemplate(let template): templates["\(template.tenant) \(template.name)"] = template
    case .deleteTemplate(let name, let tenant): templates["\(tenant) \(name)"] = nil
    case .hideLeads(let first, let count): highestLead = max(highestLead, first.rawValue + UInt32(count) - 1)
    default: break
    }
  }

  private mutating func project(_ event: JournalEvent) {
    events.append(event)
    if let lead = event.leadID, let state = event.leadState { leads[lead]?.record.state = state }
    if let shares = event.shares, let campaign = event.campaignID { self.shares[campaign] = shares }
    if let attempt = event.attempt {
      var merged = attempt
      if let known = attempts[attempt.attemptID] {
        merged.dialledAt = attempt.dialledAt ?? known.dialledAt
        merged.ringingAt = attempt.ringingAt ?? known.ringingAt
        merged.answeredAt = attempt.answeredAt ?? known.answeredAt
        merged.evidence = known.evidence
      }
      attempts[attempt.attemptID] = merged
      touch(attempt)
      return
    }
    guard let id = event.attemptID else { return }
    switch event.type {
    case .attemptDialing: attempts[id]?.dialledAt = event.at
    case .attemptRinging: attempts[id]?.ringingAt = event.at
    case .attemptAnswered: attempts[id]?.answeredAt = event.at
    default: break
    }
  }

  private mutating func touch(_ attempt: Attempt) {
    if attempt.outcome?.isContact == true { leads[attempt.leadID]?.touch.lastContactedAt = attempt.answeredAt }
    if let agent = attempt.agentID { leads[attempt.leadID]?.touch.lastAgentID = agent }
    if let code = attempt.wrapCode { leads[attempt.leadID]?.touch.wrapCode = code }
  }

  /// What a start of the daemon would find.
  func image(at now: Now) -> StoreImage {
    var image = StoreImage()
    image.campaigns = campaigns.values.sorted { $0.campaignID < $1.campaignID }
    image.lists = lists.values.sorted { $0.listID < $1.listID }
    image.strategies = strategies.values.sorted { $0.strategyID < $1.strategyID }
    image.callingHours = callingHours.values.sorted { $0.callingHoursID < $1.callingHoursID }
    image.agents = agents.values.sorted { $0.agentID < $1.agentID }
    image.segments = segments.keys.sorted().compactMap { segments[$0] }
    image.fieldRules = fieldRules.keys.sorted().compactMap { fieldRules[$0] }
    image.callbacks = callbacks
    image.goingNext = goingNext
    image.zones = zones
    image.places = places
    image.shares = shares.keys.sorted().map { ($0, shares[$0] ?? []) }
    image.openAttempts = attempts.values.filter { $0.endedAt == nil }.sorted { $0.attemptID < $1.attemptID }
    for place in image.openAttempts.indices { image.openAttempts[place].evidence = [] }
    image.rememberedAnswers = answers.filter { now.wall - $0.at <= .hours(24) }
    image.nextLeadID = LeadID(highestLead + 1)
    image.nextListID = ListID(highestList == .max ? .max : highestList + 1)
    image.nextAttemptID = AttemptID((attempts.keys.max()?.rawValue ?? 0) + 1)
    image.nextSeq = (events.last?.seq ?? 0) + 1
    image.doNotCallImports = doNotCallImports.values.sorted { $0.importID < $1.importID }
    image.imports = imports.values.sorted { $0.importID < $1.importID }
    image.templates = templates.keys.sorted().compactMap { templates[$0] }
    image.leadCount = leads.count
    return image
  }

  /// Streams the leads and the do-not-call numbers as a load does.
  func stream(into loader: inout LeadLoader) {
    loader.begin(maximumLeads: leads.count, highestLeadID: LeadID(highestLead))
    for id in leads.keys.sorted() {
      guard let lead = leads[id] else { continue }
      let code = Array((lead.vendorLeadCode ?? "").utf8)
      code.withUnsafeBytes { loader.lead(lead.record, vendorLeadCode: $0) }
    }
    for entry in doNotCall {
      loader.doNotCall(DoNotCallBatch(scope: entry.scope, isPrefix: entry.isPrefix, digits: [entry.digits]))
    }
  }
}
