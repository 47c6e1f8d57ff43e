import DialerModel
import DialingRules
import Testing

@Suite("Retry decisions") struct RetryDecisionTests {
  private let end = Builders.at("2026-11-20T14:00:00.123Z")

  private func ended(
    _ outcome: Outcome, state: LeadState = LeadState(), strategy: Strategy = .standard, phone: Int = 0,
    phones: [String?] = ["+12125550101", "+12125550102"], listed: UInt8 = 0, before: LeadState? = nil
  ) -> RetryDecision.Result {
    var attempt = RetryDecision.EndedAttempt(
      outcome: outcome, phoneIndex: phone, endedAt: end, phones: Builders.record(phones: phones).phones,
      beforeClaim: before)
    attempt.doNotCallPhones = listed
    return RetryDecision.ended(state, attempt, RetryRules(strategy))
  }

  private func strategy(_ rule: RetryRule, policy: PhonePolicy = .nextAttempt) -> Strategy {
    Strategy(strategyID: StrategyID("s"), name: "s", phonePolicy: policy, retries: [rule])
  }

  @Test(
    "the standard strategy waits as the design says",
    arguments: [
      (.busy, 15 * 60, "AB"), (.noAnswer, 4 * 3600, "NA"), (.machine, 6 * 3600, "AA"), (.congestion, 3600, "ADCT"),
      (.refused, 24 * 3600, "NA"), (.failed, 3600, "NA"), (.cancelled, 15 * 60, "NA"), (.dropped, 72 * 3600, "DROP"),
      (.unknown, 4 * 3600, "UNK"), (.disconnected, 0, "ADC"), (.fax, 0, "AFAX"),
    ] as [(Outcome, Int64, String)])
  func standardWaits(outcome: Outcome, seconds: Int64, status: String) {
    let result = ended(outcome)
    #expect(result.state.retryAt == end + .seconds(seconds))
    #expect(result.state.status.description == status && result.state.lastOutcome == outcome)
    #expect(!result.state.completed && result.state.retries[outcome] == 1)
  }

  @Test("answered and connected complete the lead and make it contacted", arguments: [Outcome.answered, .connected])
  func completes(outcome: Outcome) {
    let state = ended(outcome).state
    #expect(state.completed && state.stage == .contacted && state.status.description == "PU")
  }

  @Test("a dropped call was a contact; a stage that was reached does not go back")
  func stages() {
    #expect(ended(.dropped).state.stage == .contacted)
    var converted = LeadState()
    converted.stage = .converted
    #expect(ended(.connected, state: converted).state.stage == .converted)
    #expect(ended(.busy).state.stage == .new)
  }

  @Test("a lead comes back as often as the limit says, and then its retries have ended for good")
  func limit() {
    var state = LeadState()
    for _ in 0..<5 {
      let result = ended(.busy, state: state)
      #expect(!result.retriesEnded && result.state.retryAt == end + .minutes(15))
      state = result.state
    }
    let last = ended(.busy, state: state)
    #expect(last.retriesEnded && last.state.retryAt == .distantFuture && !last.state.completed)
    // Other outcomes have counts of their own.
    #expect(!ended(.noAnswer, state: state).retriesEnded)
  }

  @Test("a limit of 255 is reached although the counter stops there")
  func largestLimit() {
    var state = LeadState()
    for _ in 0..<254 { state.retries.add(.busy) }
    let rule = strategy(RetryRule(outcome: .busy, after: .minutes(1), limit: 255))
    let almost = ended(.busy, state: state, strategy: rule)
    #expect(!almost.retriesEnded)
    #expect(ended(.busy, state: almost.state, strategy: rule).retriesEnded)
  }

  @Test(
    "a disconnected number or a fax machine is spent; the next phone is dialled, and without one the lead is complete")
  func spent() {
    for outcome in [Outcome.disconnected, .fax] {
      let first = ended(outcome).state
      #expect(first.spentPhones == 1 && first.phoneCursor == 1 && !first.completed && first.retryAt == end)
      let second = ended(outcome, state: first, phone: 1).state
      #expect(second.spentPhones == 3 && second.completed)
    }
    // Also where the strategy's rule says nothing of the next phone.
    let own = strategy(RetryRule(outcome: .fax, after: .hours(1)))
    #expect(ended(.fax, strategy: own).state.spentPhones == 1)
  }

  @Test("nextPhone moves on for the next attempt, after the wait; without it the same phone is dialled again")
  func nextPhone() {
    let moving = strategy(RetryRule(outcome: .busy, after: .minutes(10), nextPhone: true))
    let result = ended(.busy, strategy: moving)
    #expect(result.state.phoneCursor == 1 && result.state.retryAt == end + .minutes(10) && !result.dialsNextPhone)
    #expect(ended(.busy).state.phoneCursor == 0)
    #expect(ended(.busy, phone: 1).state.phoneCursor == 1)
  }

  @Test("dialNow, or the policy same-attempt, goes through the phones at once and waits after the last")
  func sameTurn() {
    let now = strategy(RetryRule(outcome: .busy, after: .minutes(10), dialNow: true))
    let policy = strategy(RetryRule(outcome: .busy, after: .minutes(10), nextPhone: true), policy: .sameAttempt)
    for strategy in [now, policy] {
      let first = ended(.busy, strategy: strategy)
      #expect(first.dialsNextPhone && first.state.retryAt == end && first.state.phoneCursor == 1)
      let second = ended(.busy, state: first.state, strategy: strategy, phone: 1)
      #expect(!second.dialsNextPhone && second.state.retryAt == end + .minutes(10))
      // A phone that must not be called is not gone on to.
      #expect(!ended(.busy, strategy: strategy, listed: 2).dialsNextPhone)
    }
  }

  @Test("an outcome that the strategy does not name follows the standard rule")
  func unnamedOutcome() {
    let own = strategy(RetryRule(outcome: .busy, after: .minutes(1)))
    #expect(ended(.noAnswer, strategy: own).state.retryAt == end + .hours(4))
  }

  @Test("the rule's priority is the lead's until another outcome")
  func priority() {
    let own = strategy(RetryRule(outcome: .busy, after: .minutes(1), priority: 9))
    let state = ended(.busy, strategy: own).state
    #expect(state.priority == 9)
    #expect(ended(.noAnswer, state: state, strategy: own).state.priority == 0)
  }

  @Test("a failure of our own trunk gives the count back, moves no phone on and waits a minute")
  func trunkFailure() {
    var before = LeadState()
    before.status = StatusCode("NA") ?? .new
    before.calledCount = 2
    before.lastAttemptAt = end - .hours(5)
    let claimed = RetryDecision.claimed(before, at: end - .seconds(1))
    #expect(claimed.calledCount == 3 && claimed.lastAttemptAt == end - .seconds(1) && claimed.status == .queue)
    let state = ended(.trunkFailure, state: claimed, before: before).state
    #expect(state.calledCount == 2 && state.retryAt == end + .seconds(60) && state.status.description == "NA")
    #expect(state.lastAttemptAt == before.lastAttemptAt && state.retries == before.retries && state.phoneCursor == 0)
    // After a crash nobody knows the state before: a lead that was never called counts as such again.
    let fresh = ended(.trunkFailure, state: RetryDecision.claimed(LeadState(), at: end)).state
    #expect(fresh.calledCount == 0 && !fresh.wasAttempted)
  }

  @Test("a wrap code sets status, stage and completed, and a callback or do-not-call goes before the code")
  func wrapCodes() {
    let answered = ended(.connected).state
    let sale = RetryDecision.wrapped(
      answered, WrapCode(code: "SALE", name: "Sale", completed: true, converted: true, contact: true))
    #expect(sale.status.description == "SALE" && sale.completed && sale.stage == .converted)
    let later = RetryDecision.wrapped(answered, WrapCode(code: "LATER", name: "Later"))
    #expect(!later.completed && later.retryAt == end + RetryDecision.waitWithoutRule)
    let callback = RetryDecision.wrapped(
      answered, WrapCode(code: "CB", name: "Callback", completed: true, callback: true), callbackAt: end)
    #expect(callback.status == .callback && !callback.completed)
    let stop = RetryDecision.wrapped(
      answered, WrapCode(code: "STOP", name: "Stop", completed: true, doNotCall: true), callbackAt: end)
    #expect(stop.status == .dnc && stop.completed)
  }

  @Test("a reset clears waits, counts, spent phones and completed, never the called count")
  func reset() {
    var state = ended(.disconnected).state
    state.completed = true
    state.calledCount = 7
    state.retryAt = .distantFuture
    let reset = RetryDecision.reset(state)
    #expect(reset.retryAt.milliseconds == 0 && reset.retries == OutcomeCounts() && reset.spentPhones == 0)
    #expect(!reset.completed && reset.calledCount == 7 && reset.phoneCursor == 0)
    for status in [StatusCode.dnc, .dncl, .dup] {
      state.status = status
      #expect(RetryDecision.reset(state) == state)
    }
  }

  @Test("the start of a campaign ends the waits whose rule says so, but not retries that have ended")
  func recycle() {
    let recycling = RetryRules(
      strategy(RetryRule(outcome: .busy, after: .hours(9), limit: 1, recycleOnStart: true)))
    var state = LeadState()
    state.lastOutcome = .busy
    state.retryAt = end + .hours(9)
    #expect(RetryDecision.recycledOnStart(state, recycling).retryAt.milliseconds == 0)
    #expect(RetryDecision.recycledOnStart(state, RetryRules(.standard)) == state)
    state.retryAt = .distantFuture
    #expect(RetryDecision.recycledOnStart(state, recycling) == state)
    state.lastOutcome = nil
    state.retryAt = end
    #expect(RetryDecision.recycledOnStart(state, recycling) == state)
  }
}
