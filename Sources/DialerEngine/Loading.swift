import DialerModel
import DialingRules
import LeadSelection
import LeadStore
import Telephony

/// Takes the leads of the store, one after the other, into the engine's table.
public struct LeadLoader: StoreLoading {
  let engine: Engine
  public init(_ engine: Engine) { self.engine = engine }

  public mutating func begin(maximumLeads: Int, highestLeadID: LeadID) {
    engine.leads.beginLoading(maximumLeads, highest: highestLeadID)
  }

  public mutating func lead(_ record: borrowing LeadRecord, vendorLeadCode: UnsafeRawBufferPointer) {
    engine.leads.put(copy record, codeBytes: vendorLeadCode.assumingMemoryBound(to: UInt8.self))
  }

  public mutating func doNotCall(_ batch: DoNotCallBatch) { engine.doNotCall.add(batch) }
}

extension Engine {
  /// Brings the engine to where the disk says it was. Open attempts are taken up as calls whose fate the trunks are
  /// asked for; what they do not know ends as `unknown`.
  ///
  /// To be called once, before the first turn, after the leads were loaded through a ``LeadLoader``.
  public func begin(_ image: StoreImage) {
    leads.endLoading()
    names.load(
      zones: image.zones.map { ($0.zone, $0.name) }, places: image.places.map { ($0.place, $0.region, $0.state) })
    for list in image.lists { lists[list.listID] = list }
    for strategy in image.strategies { strategies[strategy.strategyID] = strategy }
    for hours in image.callingHours { callingHoursSets[hours.callingHoursID] = hours }
    for segment in image.segments { segments[segment.tenant, default: [:]][segment.name] = segment }
    for rule in image.fieldRules.sorted(by: { $0.field < $1.field }) {
      fieldRules[rule.tenant, default: []].append(rule)
    }
    for callback in image.callbacks { callbacks.put(callback) }
    for answer in image.rememberedAnswers { answers.remember(answer) }
    imports.load(image.imports, image.templates, image.stagedErasures)
    nextLeadID = image.nextLeadID.rawValue
    nextListID = image.nextListID.rawValue
    nextAttemptID = image.nextAttemptID.rawValue
    nextSeq = image.nextSeq
    let shares = Dictionary(image.shares.map { ($0.campaignID, $0.shares) }) { $1 }
    for campaign in image.campaigns { restore(campaign, shares[campaign.campaignID] ?? []) }
    // Who has been ready longest still is.
    for agent in image.agents.sorted(by: { ($0.since, $0.agentID) < ($1.since, $1.agentID) }) { restore(agent) }
    for attempt in image.openAttempts { restore(attempt) }
    resume(image.doNotCallImports)
    settleAgents()
    for runtime in campaignOrder { fill(runtime) { _ in true } }
    for (lead, campaign) in image.goingNext { campaigns[campaign]?.priorityQueue.append(lead) }
    requireHistory()
    startEffects = output.afterCommit
    pendingStart = true
  }

  private func restore(_ campaign: Campaign, _ shares: [ListShare]) {
    guard let set = callingHoursSets[campaign.callingHours] else {
      preconditionFailure("the campaign \(campaign.campaignID) has calling hours that the database does not have")
    }
    let runtime = CampaignRuntime(
      campaign: campaign, hours: CompiledHours(set, unknownRegion: campaign.unknownRegion), now: now)
    campaigns[campaign.campaignID] = runtime
    campaignOrder.append(runtime)
    campaignOrder.sort { $0.id < $1.id }
    for assignment in campaign.lists where lists[assignment.listID] != nil { assign(assignment, to: runtime) }
    runtime.restore(shares)
    for id in runtime.assigned.keys.sorted() { applyListState(id, in: runtime) }
  }

  private func restore(_ agent: Agent) {
    let runtime = AgentRuntime(agent: agent)
    agents[agent.agentID] = runtime
    for id in agent.campaignIDs { campaigns[id]?.agents.append(agent.agentID) }
    readyCounter += 1
    runtime.readyOrder = readyCounter
  }

  private func restore(_ attempt: Attempt) {
    guard let runtime = campaigns[attempt.campaignID] else { return }
    let person = leads.record(attempt.leadID).map { personKeys($0, in: runtime) } ?? [.lead(attempt.leadID)]
    let keys = person.with(.line(attempt.phone))
    locks.acquire(keys)
    let call = LiveCall(
      attempt: attempt, campaign: runtime, source: .priority, locks: keys, logRow: nil,
      deadline: now.monotonic + runtime.campaign.ringTimeout + Self.endGrace,
      forAgent: attempt.connectedAt == nil ? attempt.agentID : nil)
    call.isRecovered = true
    call.phase =
      attempt.connectedAt != nil
      ? .connected : attempt.answeredAt != nil ? .answered : attempt.ringingAt != nil ? .ringing : .dialling
    if call.phase == .connected { call.deadline = .distantFuture }
    calls[attempt.attemptID] = call
    callByLead[attempt.leadID] = attempt.attemptID
    runtime.entered(call)
    if call.phase == .connected { runtime.connected(call) }
    trunkRuntime(attempt.trunk)?.liveCalls += 1
    if call.deadline != .distantFuture { timers.set(.call(attempt.attemptID), at: call.deadline) }
    if let agent = attempt.agentID.flatMap({ agents[$0] }) {
      agent.call = attempt.attemptID
      if attempt.connectedAt != nil { agent.agent.lastCallID = attempt.callID }
    }
  }

  /// Nobody knows what agents did meanwhile: who was free still is, who was in a call that is still open stays in it.
  private func settleAgents() {
    for id in agents.keys.sorted() {
      guard let agent = agents[id] else { continue }
      let isBusy = agent.agent.state == .incall || agent.agent.state == .reserved
      if isBusy, agent.call == nil {
        agent.agent.state = agent.agent.state == .reserved ? .ready : .paused
        agent.agent.reason = agent.agent.state == .paused ? "restart" : nil
        agent.agent.since = now.wall
      }
    }
  }

  /// The first turn after a start: orphaned calls end, trunks are asked for theirs, lists' filters are loaded.
  func firstTurn() {
    guard pendingStart else { return }
    pendingStart = false
    for trunk in trunks { timers.set(.trunk(trunk.settings.name), at: now.monotonic + Self.liveCallsInterval) }
    for id in calls.keys.sorted() {
      guard let call = calls[id], trunkRuntime(call.attempt.trunk) == nil else { continue }
      finish(call, .unknown, cause: nil)
    }
    for trunk in trunks where calls.values.contains(where: { $0.attempt.trunk == trunk.settings.name }) {
      tell(trunk.settings.name, .listLive)
    }
    for agent in agents.keys.sorted() {
      guard let runtime = agents[agent] else { continue }
      output.transaction.changes.append(.putAgent(runtime.agent))
      if runtime.agent.state == .wrapping, let campaign = runtime.agent.campaignIDs.first.flatMap({ campaigns[$0] }),
        let length = campaign.campaign.wrapUp
      {
        epochCounter += 1
        runtime.epoch = epochCounter
        timers.set(.wrapUp(agent, epoch: runtime.epoch), at: now.monotonic + length)
      }
    }
    resumeImports()
    for runtime in campaignOrder { reserveForOpenLines(runtime) }
    for runtime in campaignOrder where runtime.isRunning && runtime.campaign.dialMode == .predictive {
      sayPredictive(runtime)
    }
  }

  /// What the store counted for the day so far, by campaign: the abandon limit goes on over a restart.
  public func restoreAnswers(_ campaign: CampaignID, answers: Int, abandoned: Int) {
    campaigns[campaign]?.restoreAnswers(answers, abandoned: abandoned, at: now.wall)
  }

  /// The calls that the store counted for the day so far, by list, and in how many hours of it any were made: today's
  /// rate goes on over a restart.
  public func restoreRate(_ campaign: CampaignID, calls: [ListID: Int64], hours: Int) {
    guard !calls.isEmpty else { return }
    campaigns[campaign]?.rate.restore(calls, hours: hours, at: now.wall)
  }

  /// The ids of all campaigns, in order.
  public var campaignIDs: [CampaignID] { campaignOrder.map(\.id) }

  // MARK: - Filters and history

  /// Asks the store for the parts of a list's filter that memory cannot judge; until then the list is not dialled.
  ///
  /// - Parameter keepsBits: what is known of the leads stays in force until the answer is there.
  func loadFilter(_ id: ListID, in runtime: CampaignRuntime, keepsBits: Bool = false) {
    guard let filter = runtime.assigned[id]?.assignment.filter else {
      runtime.assigned[id]?.filter = nil
      runtime.assigned[id]?.filterBits = [:]
      return
    }
    guard let compiled = try? compiled(filter, runtime.campaign.tenant) else {
      preconditionFailure("a list's filter is checked when it is assigned, and again when a segment changes")
    }
    runtime.assigned[id]?.filter = compiled
    runtime.assigned[id]?.filterEdition += 1
    let edition = runtime.assigned[id]?.filterEdition
    guard !compiled.staticLeaves.isEmpty else {
      runtime.assigned[id]?.filterBits = [:]
      return
    }
    if !keepsBits { runtime.assigned[id]?.filterBits = nil }
    ask(.filterBits(id, compiled.staticLeaves)) { [self, weak runtime] answer in
      guard let runtime, case .filterBits(let found) = answer, runtime.assigned[id]?.filterEdition == edition else {
        return
      }
      var bits: [UInt32: UInt64] = [:]
      for (lead, value) in found where value != 0 { bits[lead.rawValue] = value }
      runtime.assigned[id]?.filterBits = bits
      fill(id, in: runtime)
    }
  }

  /// A lead was written: the filters of the lists that it is in are judged for it with what was written.
  func judgeFilters(_ lead: KnownLead) {
    for runtime in campaignOrder {
      let id = lead.record.listID
      guard let filter = runtime.assigned[id]?.filter, runtime.assigned[id]?.filterBits != nil else { continue }
      runtime.assigned[id]?.filterBits?[lead.record.leadID.rawValue] = filter.staticBits(
        value: LeadFields(engine: self, lead: lead).value)
    }
  }

  /// How far back limits look. When one looks further than what is kept, the past is loaded and nothing is dialled until
  /// it is there.
  func requireHistory() {
    var longest = Interval.zero
    for runtime in campaignOrder {
      longest = max(longest, runtime.campaign.minimumGap)
      for limit in runtime.campaign.attemptLimits { longest = max(longest, limit.window) }
      guard let set = callingHoursSets[runtime.campaign.callingHours] else { continue }
      longest = max(longest, set.longestAbandonHold)
      for limit in set.allAttemptLimits { longest = max(longest, limit.window) }
    }
    guard longest > log.window, !(awaitsHistory && longest <= awaitedWindow) else { return }
    loadHistory(longest)
  }

  func loadHistory(_ window: Interval) {
    awaitsHistory = true
    awaitedWindow = window
    ask(.attemptHistory(since: now.wall - window)) { [self] answer in
      guard case .history(let rows) = answer, window >= awaitedWindow else { return }
      let stopped = log.count > 0
      log.reset(window: window)
      for row in rows { remember(row) }
      awaitsHistory = false
      if stopped || !rows.isEmpty { jobs.append(HistoryPass(rows, stopped: stopped, self)) }
    }
  }

  private func remember(_ row: AttemptTrace) {
    let tenantKey = TextKey.hash(row.tenant.rawValue.utf8)
    var keys: DialKeys = [.phone(row.phone, tenant: tenantKey), .lead(row.leadID)]
    if let record = leads.record(row.leadID) {
      DialKey.forEachPerson(record, codeKey: leads.codeKey(row.leadID), tenant: tenantKey) { keys.append($0) }
    }
    let place = log.add(at: row.startedAt, keys: keys, counted: row.counted, answeredAt: row.answeredAt)
    if let place, let abandonedAt = row.abandonedAt { log.markAbandoned(place, at: abandonedAt) }
    if let call = calls[row.attemptID] { call.logRow = place }
  }
}
