import DialerModel
import DialingRules
import LeadSelection

/// Where a lead stands in a campaign: worked out when something about it changes, or about another lead that calls to it
/// have to do with. For the index it is a hint, and the claim judges all gates; the counts of explanations stand on it.
extension Engine {
  func standing(_ record: LeadRecord, _ list: AssignedList, in campaign: CampaignRuntime) -> Standing {
    let rules = list.keptRules.value
    let phone = rules.phoneOrder.first(
      from: Int(record.state.phoneCursor), of: record.phones,
      excluding: record.state.spentPhones | forbiddenPhones(record, campaign))
    let own = ownStanding(record, phone: phone, list, in: campaign)
    // No call has left anything that could stop it: so it is for each of ten million leads at a start.
    if locks.isEmpty, log.count == 0 { return own }
    return stoppedByCalls(own, record, phone: phone, list, in: campaign)
  }

  /// But for what calls, to it or to others, stop.
  private func ownStanding(
    _ record: LeadRecord, phone: Int, _ list: AssignedList, in campaign: CampaignRuntime
  ) -> Standing {
    let state = record.state
    let rules = list.keptRules.value
    let profile = profile(of: record, phone: phone, in: campaign)
    // In the order in which leads are counted: see `GateSet.counted`.
    if stopsByStatus(state, rules) { return .stopped(.status, profile) }
    if phone < 0 { return .stopped(.callablePhone, profile) }
    if Int(state.calledCount) >= rules.calledCountLimit { return .stopped(.calledCountLimit, profile) }
    // An agreed time has its own queue, ahead of the lists.
    if callbacks[record.leadID, campaign.id] != nil {
      return Standing(place: .parked, cause: .callback, profile: profile)
    }
    // Before the wait: a lead that the filter leaves out does not come back by itself.
    if !takes(list, record) { return .stopped(.listFilter, profile) }
    if state.retryAt == .distantFuture { return .stopped(.retryTime, profile) }
    if state.retryAt > now.wall {
      return Standing(place: .waiting(until: state.retryAt), cause: .gate(.retryTime), profile: profile)
    }
    return Standing(
      place: .ready(key: key(record, phone: phone, list), profile: profile, isFresh: state.calledCount == 0),
      cause: .none, profile: profile)
  }

  /// With the gates that look at calls, each where it stands in the stated order: a call to this person or number that
  /// goes on, then limits, then gaps.
  private func stoppedByCalls(
    _ own: Standing, _ record: LeadRecord, phone: Int, _ list: AssignedList, in campaign: CampaignRuntime
  ) -> Standing {
    let lead = record.leadID
    // Its own call is counted as that where it is; agreed times are judged when the counts are read.
    guard own.cause != .gate(.status), own.cause != .callback, callByLead[lead] == nil, reservations[lead] == nil else {
      return own
    }
    let judged =
      phone >= 0 ? phone : Eligibility.phoneToJudge(of: LeadFacts(record: record), under: list.keptRules.value)
    let number = judged >= 0 ? record.phones[judged] : nil
    let keys = personKeys(record, in: campaign)
    if !locks.isEmpty, let held = heldKey(keys, number) {
      return Standing(place: .parked, cause: .gate(.notLive), profile: own.profile, waitsFor: held)
    }
    guard log.count > 0, own.cause != .gate(.callablePhone), own.cause != .gate(.calledCountLimit) else { return own }
    let history = history(record, in: campaign, keys: keys)
    let dialled = number ?? PhoneNumber(digits: 0)
    guard !history.isBlank(phone: dialled) else { return own }
    let stops = Eligibility.stopsByHistory(
      list.keptRules.value, hours: LeadHoursInCampaign.OfPhone(campaign: campaign, profile: own.profile),
      history: history, number: dialled, agentInHand: campaign.campaign.dialMode.hasAgentInHand, at: now.wall)
    if stops.limitsUntil > now.wall { return own.stopped(by: .attemptLimits, until: stops.limitsUntil) }
    if stops.gapUntil > now.wall { return own.stopped(by: .minimumGap, until: stops.gapUntil) }
    return own
  }

  private func heldKey(_ keys: DialKeys, _ number: PhoneNumber?) -> DialKey? {
    for key in keys where locks.isHeld(key) { return key }
    guard let number, locks.isHeld(.line(number)) else { return nil }
    return .line(number)
  }

  private func stopsByStatus(_ state: DialerModel.LeadState, _ rules: CampaignRules) -> Bool {
    state.completed || state.archived || state.status.forbidsDialing
      || (!rules.dialable.isEmpty && !rules.dialable.contains(state.status))
  }

  /// What stops a lead that is in a call or a reservation.
  func busyCause(_ state: DialerModel.LeadState, _ list: AssignedList) -> StandingCause {
    .gate(state.status.isLive || stopsByStatus(state, list.keptRules.value) ? .status : .notLive)
  }

  func key(_ record: LeadRecord, phone: Int, _ list: AssignedList) -> SelectionKey {
    list.encoder.key(
      for: KeyInputs(
        lead: record.leadID, attempts: record.state.calledCount,
        lastAttempt: record.state.wasAttempted ? record.state.lastAttemptAt : nil,
        rank: record.rank == LeadRecord.missingRank ? nil : record.rank, entered: record.entered,
        phone: record.phones[phone], priority: record.state.priority))
  }

  func forbiddenPhones(_ record: LeadRecord, _ campaign: CampaignRuntime) -> UInt8 {
    guard !doNotCall.isEmpty else { return 0 }
    var bits: UInt8 = 0
    for place in 0..<PhoneSet.capacity {
      guard let phone = record.phones[place] else { continue }
      if doNotCall.forbids(phone, tenant: campaign.campaign.tenant, campaign: campaign.id) {
        bits |= 1 << UInt8(place)
      }
    }
    return bits
  }

  /// Something about the lead changed: every campaign that dials its list looks at it anew.
  func refresh(_ lead: LeadID, afterAttemptIn attempted: CampaignRuntime? = nil) {
    guard let record = leads.record(lead) else {
      for campaign in campaignOrder { campaign.drop(lead) }
      return
    }
    let isBusy = callByLead[lead] != nil || reservations[lead] != nil
    for campaign in campaignOrder {
      guard let list = campaign.assigned[record.listID] else {
        if campaign.index.list(of: lead) != nil { campaign.drop(lead) }
        continue
      }
      // A lead in a call stays claimed until the call ends; then this runs again.
      if isBusy, campaign.index.state(of: lead) == .claimed {
        campaign.noteBusy(lead, busyCause(record.state, list), list: list.slot)
        continue
      }
      place(record, list, in: campaign)
      if campaign === attempted {
        announceExhaustion(record, list, in: campaign)
      } else if attempted != nil {
        announceExhaustion(of: list, ifParked: lead, in: campaign)
      }
    }
  }

  func place(_ record: LeadRecord, _ list: AssignedList, in campaign: CampaignRuntime) {
    let standing = standing(record, list, in: campaign)
    campaign.put(record.leadID, standing, list: list.slot)
    expect(standing, of: record.leadID, in: campaign)
    noteRevival(standing, of: list)
    // Another campaign's call: this index learns of it when it picks the lead, the counts say so at once.
    if callByLead[record.leadID] != nil || reservations[record.leadID] != nil {
      campaign.noteBusy(record.leadID, busyCause(record.state, list), list: list.slot)
    }
  }

  /// A list that has a lead to dial again may say anew that it has none.
  func noteRevival(_ standing: Standing, of list: AssignedList) {
    switch standing.place {
    case .ready, .waiting: list.saidExhausted = false
    case .parked, .removed: break
    }
  }

  /// The lead went into a call or a reservation: every campaign that dials its list counts it as that.
  func noteBusy(_ lead: LeadID) {
    guard let state = leads.state(lead), let listID = leads.listID(lead) else { return }
    for campaign in campaignOrder {
      guard let list = campaign.assigned[listID] else { continue }
      campaign.noteBusy(lead, busyCause(state, list), list: list.slot)
    }
  }

  /// A lead that no gate will let pass again unless somebody changes something says so once, when its last attempt has
  /// ended; a completed one has its own word for that.
  private func announceExhaustion(_ record: LeadRecord, _ list: AssignedList, in campaign: CampaignRuntime) {
    let lead = record.leadID
    guard campaign.index.state(of: lead) == .parked, !record.state.completed else {
      announceExhaustion(of: list, in: campaign)
      return
    }
    let verdict = judge(record, list, in: campaign, locks: [])
    if verdict.exhausted {
      let gate = verdict.never.first?.word ?? ""
      emit(.leadExhausted, campaign: campaign.id, list: record.listID, lead: lead) { $0.member("gate", gate) }
    }
    announceExhaustion(of: list, in: campaign)
  }

  /// A lead that was looked at may have been the list's last.
  func announceExhaustion(of list: AssignedList, ifParked lead: LeadID, in campaign: CampaignRuntime) {
    guard campaign.isRunning, list.assignment.toDial, campaign.index.state(of: lead) == .parked else { return }
    announceExhaustion(of: list, in: campaign)
  }

  /// A list without a lead to dial, now or later, says so once.
  func announceExhaustion(of list: AssignedList, in campaign: CampaignRuntime) {
    guard !list.saidExhausted else { return }
    let counts = campaign.index.counts(list.slot)
    guard counts.readyOpen + counts.readyClosed + counts.waiting + counts.claimed == 0 else { return }
    let id = list.assignment.listID
    // Who is in no queue because of a call to it or to another of the person, or has an agreed time, comes back.
    var comesBack = calls.values.contains { leads.listID($0.attempt.leadID) == id }
    campaign.ledger.visit(list.slot) { standing, _ in
      if standing.cause == .gate(.notLive) || standing.cause == .callback { comesBack = true }
    }
    if comesBack { return }
    campaign.assigned[id]?.saidExhausted = true
    emit(.listExhausted, campaign: campaign.id, list: id) { $0.member("leads", Int64(counts.total)) }
    writeLog(
      .notice, "list.exhausted",
      [
        ("campaign", .text(campaign.id.rawValue)), ("list", .number(Int64(id.rawValue))),
        ("leads", .number(Int64(counts.total))),
      ])
  }

  /// All gates, for this lead, at this moment.
  func judge(
    _ record: LeadRecord, _ list: AssignedList?, in campaign: CampaignRuntime, locks keys: DialKeys,
    requestedPhone: Int8 = -1, agent: AgentID? = nil, capacity: CapacityFacts = .free, override: GateSet = [],
    agentInHand: Bool? = nil, at moment: Instant? = nil
  ) -> Verdict {
    if !keys.isEmpty {
      locks.expect(keys, line: record.phones[0])
      log.expect(keys, phone: record.phones[0], tenant: campaign.tenantKey)
    }
    var facts = facts(
      record, in: campaign, list: list, locks: keys, requestedPhone: requestedPhone, agent: agent,
      agentInHand: agentInHand)
    facts.capacity = capacity
    let rules = list?.keptRules ?? Kept(CampaignRules(campaign: campaign.campaign, strategy: .standard))
    return Eligibility.verdict(
      of: facts, under: rules.value, hours: LeadHoursInCampaign(engine: self, campaign: campaign, record: record),
      history: history(record, in: campaign, keys: keys), at: moment ?? now.wall, override: override)
  }

  /// Time goes on in every index: zones open and close, leads that waited come back.
  func advanceIndexes() {
    for campaign in campaignOrder { advanceIndex(of: campaign) }
  }

  /// Brings one index to this moment outside of its place in the turn, and sees to it that what opens is dialled.
  func catchUp(_ campaign: CampaignRuntime) {
    guard let next = campaign.index.nextEvent(), next <= now.wall else { return }
    advanceIndex(of: campaign)
    campaign.wakes(at: now.monotonic)
  }

  private func advanceIndex(of campaign: CampaignRuntime) {
    beginRules(of: campaign)
    campaign.index.advance(to: now.wall) { profile in
      let status = campaign.status(profile: profile, at: now.wall)
      return ProfileState(isOpen: status.open, until: status.until)
    } due: { lead in
      guard let record = leads.record(lead), let list = campaign.assigned[record.listID] else { return .removed }
      var standing = standing(record, list, in: campaign)
      // Another campaign's call: it is counted as that until its end.
      if callByLead[lead] != nil || reservations[lead] != nil { standing.cause = busyCause(record.state, list) }
      campaign.note(lead, standing, from: list.slot, to: list.slot)
      expect(standing, of: lead, in: campaign)
      return standing.place
    }
  }
}
