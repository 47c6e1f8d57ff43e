import DialerModel

/// The gates that need neither hours nor history.
extension Eligibility {
  @usableFromInline static func judgeStanding(
    _ lead: LeadFacts, _ rules: CampaignRules, _ now: Instant, _ verdict: inout Verdict
  ) {
    if !rules.isRunning { verdict.fail(.campaignRunning) }
    let list = lead.list
    if !(list.active && list.assigned && list.toDial && now < list.expiresAt) { verdict.fail(.listToDial) }
    let state = lead.record.state
    if state.completed || state.archived || state.status.forbidsDialing {
      verdict.fail(.status, never: true)
    } else if state.status.isLive {
      verdict.fail(.status)
    } else if !rules.dialable.isEmpty, !rules.dialable.contains(state.status) {
      verdict.fail(.status, never: true)
    }
    if Int(state.calledCount) >= rules.calledCountLimit { verdict.fail(.calledCountLimit, never: true) }
    let due = due(state, lead.callback, at: now)
    if due > now {
      verdict.retryUntil = due
      // A callback that waits for its agent without an end is over when that agent takes it.
      let waitsForAgent = lead.callback.map { $0.waitsForAgent && now < $0.until } ?? false
      verdict.fail(.retryTime, never: due == .distantFuture && !waitsForAgent)
    }
    if !lead.filterTakes { verdict.fail(.listFilter, never: true) }
    if !lead.capacity.trunk {
      verdict.fail(.trunkCapacity)
      verdict.trunkUntil = lead.capacity.trunkUntil
    }
    if !lead.capacity.agent { verdict.fail(.agentAvailable) }
  }

  /// From when on the callback or, without one, the retry rule lets the lead be dialled.
  static func due(_ state: LeadState, _ callback: CallbackFacts?, at now: Instant) -> Instant {
    guard let callback else { return state.retryAt }
    guard callback.waitsForAgent else { return callback.at }
    switch callback.then {
    case .anyone: return max(callback.at, callback.until)
    // Once it is missed it is gone, and what the last outcome asked for counts again.
    case .missed: return callback.until == .distantFuture ? .distantFuture : max(callback.until, state.retryAt)
    }
  }

  /// Which phone is dialled, and which one hours and limits are judged for where none can be.
  ///
  /// A number on a do-not-call list is passed over while another is left; only when all that are left are listed do
  /// both gates fail.
  @usableFromInline static func judgePhone(
    _ lead: LeadFacts, _ rules: CampaignRules, _ override: GateSet, _ verdict: inout Verdict
  ) {
    let unusable = lead.record.state.spentPhones | lead.invalidPhones
    let clean = phone(lead, rules, excluding: unusable | lead.doNotCallPhones)
    var judged = clean
    var chosen = clean
    if clean < 0 {
      verdict.fail(.callablePhone, never: true)
      judged = phoneToJudge(of: lead, under: rules)
      let isListed = judged >= 0 && lead.doNotCallPhones & (1 << UInt8(judged)) != 0
      if isListed { verdict.fail(.doNotCall, never: true) }
      let isSpent = judged >= 0 && unusable & (1 << UInt8(judged)) != 0
      if override.contains(.callablePhone) || (isListed && !isSpent && override.contains(.doNotCall)) {
        chosen = judged
        // Where only the list stood in the way, disregarding the list disregards both gates.
        if chosen >= 0 { verdict.overridden.insert(.callablePhone) }
      }
    }
    verdict.phoneIndex = chosen
    verdict.judgedPhoneIndex = judged
    verdict.phone = chosen >= 0 ? lead.record.phones[chosen] : nil
    let isPhoneLive = judged >= 0 && lead.livePhones & (1 << UInt8(judged)) != 0
    if !lead.live.isEmpty || isPhoneLive { verdict.fail(.notLive) }
  }

  /// The phone for which the gates are judged where none can be dialled; -1 = the lead has none.
  public static func phoneToJudge(of lead: LeadFacts, under rules: CampaignRules) -> Int {
    let listed = phone(lead, rules, excluding: lead.record.state.spentPhones | lead.invalidPhones)
    return listed >= 0 ? listed : phone(lead, rules, excluding: lead.invalidPhones)
  }

  private static func phone(_ lead: LeadFacts, _ rules: CampaignRules, excluding excluded: UInt8) -> Int {
    guard lead.requestedPhone >= 0 else {
      let cursor = Int(lead.record.state.phoneCursor)
      return rules.phoneOrder.first(from: cursor, of: lead.record.phones, excluding: excluded)
    }
    let index = Int(lead.requestedPhone)
    guard index < PhoneSet.capacity, lead.record.phones[index] != nil, excluded & (1 << UInt8(index)) == 0
    else { return -1 }
    return index
  }
}
