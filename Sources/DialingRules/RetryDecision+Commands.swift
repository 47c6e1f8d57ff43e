import DialerModel

extension RetryDecision {
  /// What an agent's wrap code makes of the lead: status, stage, completed.
  ///
  /// - Parameter callbackAt: an agreed time; the lead rests as `CALLBK` and is not complete until it was called.
  public static func wrapped(_ state: LeadState, _ wrap: WrapCode, callbackAt: Instant? = nil) -> LeadState {
    var state = state
    state.status = StatusCode(wrap.code) ?? state.status
    state.completed = wrap.completed
    if wrap.contact, state.stage == .new { state.stage = .contacted }
    if wrap.converted { state.stage = .converted }
    if wrap.doNotCall {
      // The status by which the gate and a reset of the list know it, whatever the campaign calls the code.
      state.status = .dnc
    } else if callbackAt != nil {
      state.status = .callback
      state.completed = false
    }
    return state
  }

  /// The same, when the call may have been wrapped before or may not be the lead's last.
  ///
  /// What the first wrap code said is taken back as far as that can be: status, completed, a conversion. That somebody
  /// must not be called stays. What a call before the last one came to changes neither status nor a later call's result.
  public static func wrapped(
    _ state: LeadState, _ wrap: WrapCode, insteadOf previous: WrapCode?, isLastAttempt: Bool, callbackAt: Instant? = nil
  ) -> LeadState {
    var before = state
    if let previous, previous.converted, before.stage == .converted { before.stage = .contacted }
    var after = wrapped(before, wrap, callbackAt: callbackAt)
    if !isLastAttempt {
      let isAgreed = callbackAt != nil && !wrap.doNotCall
      after.status = wrap.doNotCall ? .dnc : isAgreed && !state.status.forbidsDialing ? .callback : state.status
      after.completed = isAgreed ? false : state.completed || wrap.completed
    }
    if state.status == .dnc, previous?.doNotCall == true { after.status = .dnc }
    return after
  }

  /// `list.reset`: retry waits, retry counts, spent phones and `completed` are cleared, the called count never. A lead
  /// that must not be called (DNC, DNCL) or is a duplicate stays as it is.
  public static func reset(_ state: LeadState) -> LeadState {
    guard !state.status.forbidsDialing else { return state }
    var state = state
    state.retryAt = Instant(milliseconds: 0)
    state.retries = OutcomeCounts()
    state.spentPhones = 0
    state.phoneCursor = 0
    state.priority = 0
    state.completed = false
    return state
  }

  /// The start of a campaign: a wait ends where the last outcome's rule has `recycleOnStart`. Retries that have ended
  /// for good stay so.
  public static func recycledOnStart(_ state: LeadState, _ rules: RetryRules) -> LeadState {
    guard let outcome = state.lastOutcome, rules.rule(after: outcome)?.recycleOnStart == true,
      state.retryAt != .distantFuture
    else { return state }
    var state = state
    state.retryAt = Instant(milliseconds: 0)
    return state
  }
}
