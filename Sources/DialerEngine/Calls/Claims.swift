import DialerModel
import DialingRules
import LeadSelection
import Telephony

/// The claims of a turn: for each campaign that has room, leads added to go out now, then callbacks that are due, then
/// the weighted lists.
extension Engine {
  /// Claims of one campaign before the next has its turn at the trunks.
  private static let claimsInARow = 16

  func dial() {
    guard !campaignOrder.isEmpty else { return }
    var budget = TurnBudget(claims: Bounds.claims, evaluations: Bounds.evaluations)
    for campaign in campaignOrder { campaign.nextClaim = nil }
    campaignTurn = (campaignTurn + 1) % campaignOrder.count
    var hungry = campaignOrder[campaignTurn...] + campaignOrder[..<campaignTurn]
    while !hungry.isEmpty, !budget.isSpent {
      hungry = hungry.filter { dial($0, &budget) }
    }
    if budget.isSpent {
      for campaign in hungry { campaign.nextClaim = now.monotonic }
    }
  }

  /// - Returns: whether there may be more to claim in this campaign now.
  private func dial(_ campaign: CampaignRuntime, _ budget: inout TurnBudget) -> Bool {
    guard campaign.isRunning, !campaign.campaign.dialMode.isAgentPaced else { return false }
    for _ in 0..<Self.claimsInARow {
      guard !budget.isSpent else { return true }
      guard let trunk = room(for: campaign) else { return false }
      guard claimNext(campaign, on: trunk, &budget) else { return false }
    }
    return true
  }

  /// The trunk for the next call of a campaign; nil when the campaign, its agents or its trunks have no room.
  func room(for campaign: CampaignRuntime) -> TrunkRuntime? {
    if let most = campaign.campaign.maximumLiveCalls, campaign.liveCalls >= most { return nil }
    guard hasAgentForLine(campaign) else { return nil }
    guard campaign.gate.isOpen(at: now.monotonic) else {
      campaign.wakes(at: campaign.gate.opens(after: now.monotonic))
      return nil
    }
    return trunkWithRoom(for: campaign)
  }

  func trunkWithRoom(for campaign: CampaignRuntime) -> TrunkRuntime? {
    for trunk in trunks(of: campaign) {
      if trunk.hasRoom(at: now.monotonic) { return trunk }
      campaign.wakes(at: trunk.nextRoom(after: now.monotonic))
    }
    return nil
  }

  func trunks(of campaign: CampaignRuntime) -> [TrunkRuntime] {
    let named = campaign.campaign.trunks
    return named.isEmpty ? trunks : named.compactMap { trunkRuntime($0) }
  }

  /// - Returns: whether a call was claimed.
  private func claimNext(_ campaign: CampaignRuntime, on trunk: TrunkRuntime, _ budget: inout TurnBudget) -> Bool {
    while !budget.isSpent, !campaign.priorityQueue.isEmpty {
      let lead = campaign.priorityQueue.removeFirst()
      // In the claim's own transaction: after a crash it is either queued still or dialled.
      output.transaction.changes.append(.unqueueNext(lead, campaign.id))
      if claimQueued(lead, campaign, on: trunk, .priority, &budget) { return true }
    }
    // The next phone of a lead whose turn it still is; it counts to the list like the first.
    while !budget.isSpent, !campaign.nextPhoneQueue.isEmpty {
      let lead = campaign.nextPhoneQueue.removeFirst()
      if claimQueued(lead, campaign, on: trunk, .list, &budget) { return true }
    }
    // One whose gates stand against it is put off, and keeps none of the others.
    while !budget.isSpent, let callback = dueCallback(in: campaign) {
      if claimQueued(callback.leadID, campaign, on: trunk, .callback, &budget) { return true }
    }
    while !budget.isSpent, let pick = campaign.index.pick() {
      if claimPick(pick, campaign, on: trunk, &budget) { return true }
    }
    return false
  }

  private func claimPick(
    _ pick: Pick, _ campaign: CampaignRuntime, on trunk: TrunkRuntime, _ budget: inout TurnBudget
  ) -> Bool {
    budget.evaluations -= 1
    counters.evaluations += 1
    guard let record = leads.record(pick.lead), let list = campaign.assigned[record.listID] else {
      campaign.drop(pick.lead)
      return false
    }
    let keys = personKeys(record, in: campaign)
    let verdict = judge(record, list, in: campaign, locks: keys)
    guard verdict.passes else {
      putAside(record, list, in: campaign, verdict, keys)
      return false
    }
    claim(record, list, in: campaign, verdict, keys: keys, on: trunk, source: .list)
    campaign.charge(record.listID)
    budget.claims -= 1
    return true
  }

  /// A lead that goes ahead of the lists.
  private func claimQueued(
    _ lead: LeadID, _ campaign: CampaignRuntime, on trunk: TrunkRuntime, _ source: ClaimSource,
    _ budget: inout TurnBudget
  ) -> Bool {
    budget.evaluations -= 1
    counters.evaluations += 1
    guard let record = leads.record(lead), let list = campaign.assigned[record.listID] else {
      if source == .callback { callbacks.postpone(lead, campaign.id, until: now.wall + .minutes(1)) }
      return false
    }
    let keys = personKeys(record, in: campaign)
    var phone: Int8 = -1
    if source == .callback, let wanted = callbacks[lead, campaign.id]?.phone {
      phone = Int8((0..<PhoneSet.capacity).first { record.phones[$0] == wanted } ?? -1)
    }
    let agent = source == .callback ? callbacks[lead, campaign.id]?.agentID : nil
    let verdict = judge(record, list, in: campaign, locks: keys, requestedPhone: phone, agent: agent)
    guard verdict.passes else {
      // It loses its place ahead of the others and waits among them; a callback stays due and is asked again.
      if source == .callback {
        callbacks.postpone(lead, campaign.id, until: retryMoment(verdict, record, list, campaign, phone))
      } else {
        refresh(lead)
      }
      return false
    }
    campaign.hold(lead, list: list.slot, .gate(.notLive), profile: profile(of: record, phone: -1, in: campaign))
    let call = claim(record, list, in: campaign, verdict, keys: keys, on: trunk, source: source, agent: agent)
    if source == .list { campaign.charge(record.listID) }
    if let agent = agent.flatMap({ agents[$0] }) {
      agent.call = call.attempt.attemptID
      setState(agent, .reserved)
    }
    budget.claims -= 1
    return true
  }

  private func retryMoment(
    _ verdict: Verdict, _ record: LeadRecord, _ list: AssignedList, _ campaign: CampaignRuntime, _ phone: Int8
  ) -> Instant {
    let facts = facts(record, in: campaign, list: list, locks: [], requestedPhone: phone)
    let next = Eligibility.nextEligible(
      of: facts, under: list.rules, hours: LeadHoursInCampaign(engine: self, campaign: campaign, record: record),
      history: history(record, in: campaign), from: now.wall)
    return max(next ?? now.wall + .minutes(1), now.wall + .seconds(1))
  }

  /// The index offered a lead that may not be dialled: it comes back when its gates could pass.
  func putAside(
    _ record: LeadRecord, _ list: AssignedList, in campaign: CampaignRuntime, _ verdict: Verdict, _ keys: DialKeys
  ) {
    counters.rejectedClaims += 1
    let lead = record.leadID
    let profile = profile(of: record, phone: verdict.judgedPhoneIndex, in: campaign)
    let first = verdict.failing.subtracting(GateSet(.callingHours)).counted
    let cause = first.map { StandingCause.gate($0) } ?? .none
    func put(_ place: DueAnswer) {
      campaign.put(lead, Standing(place: place, cause: cause, profile: profile), list: list.slot)
    }
    if verdict.failing.contains(.notLive) {
      put(.parked)
      let lines = record.phones.all.map(DialKey.line)
      if let held = (Array(keys) + lines).first(where: { locks.isHeld($0) }) { locks.wait(lead, for: held) }
      return
    }
    if verdict.failing.subtracting(.capacity) == GateSet(.callingHours) {
      // Its group should have been closed: it is from now on.
      campaign.index.setProfile(profile, ProfileState(isOpen: false, until: verdict.hours.until))
      put(
        .ready(
          key: key(record, phone: max(0, verdict.judgedPhoneIndex), list), profile: profile,
          isFresh: record.state.calledCount == 0))
      return
    }
    // Until what it is counted under passes: then it is looked at for what stops it next.
    if let first, case .at(let moment) = verdict.until(first) {
      put(.waiting(until: max(moment, now.wall + Interval(milliseconds: 1))))
    } else {
      put(.parked)
    }
  }

  /// The durable decision to dial: counted and numbered here, on disk with this turn, told to the trunk after that.
  @discardableResult
  func claim(
    _ record: LeadRecord, _ list: AssignedList, in campaign: CampaignRuntime, _ verdict: Verdict, keys: DialKeys,
    on trunk: TrunkRuntime, source: ClaimSource, agent: AgentID? = nil, override: Override? = nil
  ) -> LiveCall {
    let lead = record.leadID
    let phone = verdict.phone ?? record.phones[0] ?? PhoneNumber(digits: 0)
    let attemptID = AttemptID(nextAttemptID)
    nextAttemptID += 1
    counters.claims += 1
    let callerIDs = campaign.campaign.callerIDs
    let callerID = callerIDs.isEmpty ? nil : callerIDs[Int(attemptID.rawValue) % callerIDs.count]
    let proof = evidence(
      phone, callerID, trunk.settings.name, record, list, in: campaign, verdict, keys: keys, override: override)
    let attempt = Attempt(
      attemptID: attemptID,
      callID: CallID(
        attempt: attemptID,
        random: (callIDGenerator.next(), UInt16(truncatingIfNeeded: callIDGenerator.next()))),
      leadID: lead, vendorLeadCode: leads.vendorLeadCode(lead), listID: record.listID, campaignID: campaign.id,
      tenant: campaign.campaign.tenant, phone: phone, callerID: callerID, trunk: trunk.settings.name, agentID: agent,
      startedAt: now.wall, evidence: proof)
    let row =
      log.window > .zero ? log.add(at: now.wall, keys: keys.with(.phone(phone, tenant: campaign.tenantKey))) : nil
    let held = keys.with(.line(phone))
    locks.acquire(held)
    let call = LiveCall(
      attempt: attempt, campaign: campaign, source: source, locks: held, logRow: row,
      deadline: now.monotonic + campaign.campaign.ringTimeout + Self.endGrace, forAgent: agent)
    calls[attemptID] = call
    callByLead[lead] = attemptID
    if agent == nil { _ = reserveForLine(campaign) }
    campaign.entered(call)
    campaign.gate.take(at: now.monotonic)
    campaign.rate.note(record.listID, at: now.wall)
    trunk.took(at: now.monotonic)
    timers.set(.call(attemptID), at: call.deadline)
    start(call, record)
    noteRelated(lead)
    // Kept on disk from here on; memory holds it no longer than the turn.
    call.attempt.evidence = []
    return call
  }

  private func start(_ call: LiveCall, _ record: LeadRecord) {
    let lead = record.leadID
    let state = RetryDecision.claimed(record.state, at: now.wall)
    call.stateBefore = record.state
    leads.setState(lead, state)
    noteBusy(lead)
    if callbacks.remove(lead, call.attempt.campaignID) != nil {
      output.transaction.changes.append(.deleteCallback(lead, call.attempt.campaignID))
    }
    emit(.attemptStarted, call: call, withAttempt: true, state: state) { writer in
      writer.member("phone", call.attempt.phone)
      writer.member("trunk", call.attempt.trunk.rawValue)
      if let callerID = call.attempt.callerID { writer.member("callerID", callerID) }
      if let agent = call.attempt.agentID { writer.member("agentID", agent.rawValue) }
      writer.member("calledCount", Int64(state.calledCount))
    }
    logCall(
      .info, "call.started", call.attempt,
      [
        ("phone", .phone(call.attempt.phone)), ("trunk", .text(call.attempt.trunk.rawValue)),
        ("count", .number(Int64(state.calledCount))),
      ])
    let campaign = call.campaign
    tell(
      call.attempt.trunk,
      .dial(
        DialOrder(
          callID: call.attempt.callID, number: call.attempt.phone, callerID: call.attempt.callerID,
          ringTimeout: campaign.campaign.ringTimeout, campaignID: call.attempt.campaignID,
          expectsAgent: campaign.campaign.dialMode != .broadcast || call.forAgent != nil)))
  }
}

/// What a turn may still do.
struct TurnBudget {
  var claims: Int
  var evaluations: Int
  var isSpent: Bool { claims <= 0 || evaluations <= 0 }
}

/// Gates that an administrator's `lead.dial` disregarded, and who it was.
struct Override {
  var gates: [Gate]
  var userID: UInt32
}

extension CampaignRuntime {
  func wakes(at moment: MonotonicInstant?) {
    guard let moment else { return }
    nextClaim = min(nextClaim ?? moment, moment)
  }
}
