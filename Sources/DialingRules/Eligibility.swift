import DialerModel

/// Whether a lead may be dialled: the one function that claims, explanations and forecasts share.
///
/// Comparisons are in milliseconds, and equal passes.
public enum Eligibility {
  /// Every gate at one moment.
  ///
  /// - Parameter override: gates that an administrator's command disregards. They are judged and reported all the same;
  ///   with `do-not-call` or `callable-phone` among them a number on a do-not-call list is dialled if no other is left.
  @inlinable public static func verdict(
    of lead: LeadFacts, under rules: CampaignRules, hours: some LeadHours, history: some AttemptHistory,
    at now: Instant, override: GateSet = []
  ) -> Verdict {
    var verdict = Verdict()
    judgeStanding(lead, rules, now, &verdict)
    judgePhone(lead, rules, override, &verdict)
    let ofPhone = hours.of(phone: verdict.judgedPhoneIndex)
    let number = number(of: lead, phone: verdict.judgedPhoneIndex)
    verdict.hours = ofPhone.status(at: now)
    if !verdict.hours.open { verdict.fail(.callingHours, never: verdict.hours.until == .distantFuture) }
    verdict.agentInHand = lead.agentInHand
    if !history.isBlank(phone: number) { judgeHistory(lead, rules, ofPhone, history, number, now, &verdict) }
    verdict.overridden.formUnion(verdict.failing.intersection(override))
    return verdict
  }

  /// The gates that look back on earlier calls.
  @inlinable static func judgeHistory(
    _ lead: LeadFacts, _ rules: CampaignRules, _ hours: some PhoneHours, _ history: some AttemptHistory,
    _ number: PhoneNumber, _ now: Instant, _ verdict: inout Verdict
  ) {
    let stops = stopsByHistory(
      rules, hours: hours, history: history, number: number, agentInHand: lead.agentInHand, at: now)
    if stops.limitsUntil > now {
      verdict.fail(.attemptLimits)
      verdict.limitsUntil = stops.limitsUntil
    }
    if stops.gapUntil > now {
      verdict.fail(.minimumGap)
      verdict.gapUntil = stops.gapUntil
    }
  }

  /// From when on earlier calls stop no dial of a number: by the limits, and by the minimum gap and the hold after an
  /// abandoned call. A moment at or before `now` = they do not stop it now.
  @inlinable public static func stopsByHistory(
    _ rules: CampaignRules, hours: some PhoneHours, history: some AttemptHistory, number: PhoneNumber,
    agentInHand: Bool, at now: Instant
  ) -> (limitsUntil: Instant, gapUntil: Instant) {
    var gap = Instant.distantPast
    if rules.minimumGap.milliseconds > 0, let last = history.lastToPerson { gap = last + rules.minimumGap }
    if !agentInHand { gap = max(gap, heldUntil(hours, history, number, at: now)) }
    return (limitsClear(rules, hours, history, number, at: now), gap)
  }

  /// The earliest moment, from `now` on, at which every gate passes if nothing else changes: then it passes, and one
  /// millisecond before it does not. Nil when nobody knows, when it is never, or not within 400 days.
  ///
  /// - Parameters:
  ///   - hours: asked for later moments too, so ``KnownHours`` will not do.
  ///   - ignoring: gates that do not count; by default those that pause a campaign and disqualify no lead.
  @inlinable public static func nextEligible(
    of lead: LeadFacts, under rules: CampaignRules, hours: some LeadHours, history: some AttemptHistory,
    from now: Instant, override: GateSet = [], ignoring: GateSet = .capacity
  ) -> Instant? {
    let horizon = now + .hours(24 * 400)
    var time = now
    // Each round goes to the latest of the moments before which some gate surely fails, so no eligible one is skipped.
    for _ in 0..<maximumRounds {
      let verdict = verdict(of: lead, under: rules, hours: hours, history: history, at: time, override: override)
      let failing = verdict.failing.subtracting(verdict.overridden).subtracting(ignoring)
      if failing.isEmpty { return time }
      guard verdict.never.isDisjoint(with: failing), failing.isSubset(of: .timed) else { return nil }
      var next = time
      if failing.contains(.callingHours) { next = max(next, verdict.hours.until) }
      if failing.contains(.attemptLimits) { next = max(next, verdict.limitsUntil) }
      if failing.contains(.minimumGap) { next = max(next, verdict.gapUntil) }
      if failing.contains(.retryTime) { next = max(next, verdict.retryUntil) }
      if failing.contains(.trunkCapacity) { next = max(next, verdict.trunkUntil) }
      guard next > time, next <= horizon else { return nil }
      time = next
    }
    return nil
  }

  /// A day has at most a few openings and a lead a handful of limits: ten rounds for each of 400 days.
  @usableFromInline static let maximumRounds = 4000

  /// From when on no limit stops a dial; a moment at or before `now` = none does now.
  @inlinable static func limitsClear(
    _ rules: CampaignRules, _ hours: some PhoneHours, _ history: some AttemptHistory, _ number: PhoneNumber,
    at now: Instant
  ) -> Instant {
    var clear = Instant.distantPast
    for index in rules.attemptLimits.indices {
      clear = max(clear, limitClear(rules.attemptLimits[index], history, number))
    }
    let limits = hours.limits
    for index in limits.indices where limits[index].holds(at: now) {
      clear = max(clear, min(limitClear(limits[index].limit, history, number), limits[index].until))
    }
    return clear
  }

  /// Until when an abandoned call forbids one without an agent in hand; a moment at or before `now` = none does now.
  ///
  /// It is the gate `minimum-gap` that says so: like the campaign's own gap it is a distance from an earlier call.
  @inlinable static func heldUntil(
    _ hours: some PhoneHours, _ history: some AttemptHistory, _ number: PhoneNumber, at now: Instant
  ) -> Instant {
    let holds = hours.holds
    guard !holds.isEmpty else { return .distantPast }
    guard let abandoned = history.lastAbandoned(phone: number) else { return .distantPast }
    var until = Instant.distantPast
    for index in holds.indices where holds[index].holds(at: now) {
      until = max(until, min(abandoned + holds[index].hold, holds[index].until))
    }
    return until
  }

  /// No digits where the lead has no such phone.
  @inlinable static func number(of lead: LeadFacts, phone: Int) -> PhoneNumber {
    (phone >= 0 ? lead.record.phones[phone] : nil) ?? PhoneNumber(digits: 0)
  }

  /// From when on one limit has room.
  @inlinable static func limitClear(
    _ limit: AttemptLimit, _ history: some AttemptHistory, _ number: PhoneNumber
  ) -> Instant {
    if limit.scope == .phone, number.digits == 0 { return .distantPast }
    guard let oldest = history.nth(limit.count, newest: limit.scope, counts: limit.counts, phone: number)
    else { return .distantPast }
    return oldest + limit.window
  }
}

extension GateSet {
  /// Gates that may fail and say from when on they pass.
  @usableFromInline static let timed: GateSet = [
    GateSet(.callingHours), GateSet(.attemptLimits), GateSet(.minimumGap), GateSet(.retryTime),
    GateSet(.trunkCapacity),
  ]
}
