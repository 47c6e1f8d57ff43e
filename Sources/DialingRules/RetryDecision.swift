import DialerModel

/// What an attempt, a wrap code, a reset or a start makes of a lead's state. All of it is worked out here; the caller
/// stores what comes back.
public enum RetryDecision {
  /// A lead whose call failed on our own trunk waits at least this long, so that a trunk that fails at once is not
  /// offered the same lead over and over.
  public static let trunkFailureWait: Interval = .seconds(60)
  /// After an outcome for which neither the strategy nor the standard has a rule (a conversation that does not complete
  /// the lead): long enough that nobody is called back on the same day.
  public static let waitWithoutRule: Interval = .hours(24)

  /// What is known of an attempt that has ended.
  public struct EndedAttempt: Sendable {
    public var outcome: Outcome
    /// Index of the phone that was dialled.
    public var phoneIndex: Int
    public var endedAt: Instant
    public var phones: PhoneSet
    /// One bit a phone: those that cannot be dialled whatever the state says (invalid).
    public var invalidPhones: UInt8
    /// One bit a phone: on a do-not-call list, so not worth going on to.
    public var doNotCallPhones: UInt8
    /// The state before the claim; nil after a crash. A failure of our own trunk gives back status and last attempt
    /// from it.
    public var beforeClaim: LeadState?

    public init(
      outcome: Outcome, phoneIndex: Int, endedAt: Instant, phones: PhoneSet, invalidPhones: UInt8 = 0,
      doNotCallPhones: UInt8 = 0, beforeClaim: LeadState? = nil
    ) {
      self.outcome = outcome
      self.phoneIndex = phoneIndex
      self.endedAt = endedAt
      self.phones = phones
      self.invalidPhones = invalidPhones
      self.doNotCallPhones = doNotCallPhones
      self.beforeClaim = beforeClaim
    }
  }

  public struct Result: Hashable, Sendable {
    public var state: LeadState
    /// The next phone of the same lead is to be dialled without a wait, as part of the same turn.
    public var dialsNextPhone = false
    /// The rule's limit is reached: the lead does not come back until its list is reset.
    public var retriesEnded = false
  }

  /// The claim: the attempt counts from here on.
  public static func claimed(_ state: LeadState, at now: Instant) -> LeadState {
    var state = state
    state.status = .queue
    state.lastAttemptAt = now
    if state.calledCount < .max { state.calledCount += 1 }
    return state
  }

  /// The end of an attempt that was claimed.
  public static func ended(_ state: LeadState, _ attempt: EndedAttempt, _ rules: RetryRules) -> Result {
    guard attempt.outcome.counts else { return givenBack(state, attempt, rules) }
    let outcome = attempt.outcome
    let rule = rules.rule(after: outcome)
    var result = Result(state: state)
    result.state.status = .resting(after: outcome)
    result.state.lastOutcome = outcome
    if outcome.isContact, state.stage == .new { result.state.stage = .contacted }
    if rules.completes(after: outcome) { result.state.completed = true }
    result.state.retryAt = attempt.endedAt + (rule?.after ?? waitWithoutRule)
    result.state.priority = UInt8(clamping: rule?.priority ?? 0)
    choosePhone(attempt, rule, rules, &result)
    // Compared before this one is counted: a limit of 255 is reached although the counter stops there.
    if let limit = rule?.limit, state.retries[outcome] >= limit {
      result.state.retryAt = .distantFuture
      result.retriesEnded = true
      result.dialsNextPhone = false
    }
    result.state.retries.add(outcome)
    return result
  }

  /// A failure of our own trunk: nobody was called, so nothing counts and no phone is left behind.
  private static func givenBack(_ state: LeadState, _ attempt: EndedAttempt, _ rules: RetryRules) -> Result {
    var state = state
    if state.calledCount > 0 { state.calledCount -= 1 }
    state.lastOutcome = attempt.outcome
    state.status = attempt.beforeClaim?.status ?? .resting(after: attempt.outcome)
    if let before = attempt.beforeClaim {
      state.lastAttemptAt = before.lastAttemptAt
    } else if state.calledCount == 0 {
      state.lastAttemptAt = Instant(milliseconds: 0)
    }
    let wait = max(trunkFailureWait, rules.rule(after: attempt.outcome)?.after ?? .zero)
    // Retries that had ended for good (the call was ordered all the same) do not begin again.
    if state.retryAt != .distantFuture { state.retryAt = attempt.endedAt + wait }
    return Result(state: state)
  }

  private static func choosePhone(
    _ attempt: EndedAttempt, _ rule: RetryRule?, _ rules: RetryRules, _ result: inout Result
  ) {
    let order = rules.phoneOrder
    // A fax machine or a number that is no more is not called again, whatever the rule for it says.
    let isSpent = attempt.outcome == .disconnected || attempt.outcome == .fax
    if isSpent, (0..<PhoneSet.capacity).contains(attempt.phoneIndex) {
      result.state.spentPhones |= 1 << UInt8(attempt.phoneIndex)
    }
    let spent = result.state.spentPhones | attempt.invalidPhones
    if isSpent, order.first(from: 0, of: attempt.phones, excluding: spent) < 0 { result.state.completed = true }
    guard order.count > 0 else { return }
    // A number outside the order (ordered by a command) leaves the cursor where it is.
    guard let place = order.place(of: attempt.phoneIndex) else { return }
    let movesOn = isSpent || rule.map { $0.nextPhone || $0.dialNow } ?? false
    result.state.phoneCursor = UInt8(movesOn ? (place + 1) % order.count : place)
    guard movesOn, let rule, rule.dialNow || rules.phonePolicy == .sameAttempt else { return }
    let excluded = spent | attempt.doNotCallPhones
    let next = order.first(from: Int(result.state.phoneCursor), of: attempt.phones, excluding: excluded)
    // Past the end of the order the turn is over, or a lead nobody answers for would be dialled round and round.
    guard let nextPlace = order.place(of: next), nextPlace > place, !result.state.completed else { return }
    result.state.retryAt = attempt.endedAt
    result.dialsNextPhone = true
  }
}
