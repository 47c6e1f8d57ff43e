import DialerModel
import Telephony

/// The course of a call, as the trunk tells it. Events may come twice, late, out of order or not at all: a phase only
/// ever moves forward, what is known already is passed over, and what never comes is replaced by a deadline.
extension Engine {
  /// A person who answered waits this long for an agent; longer is abandoned (16 CFR 310.4(b)(4): two seconds).
  static let answerGrace = Interval.seconds(2)
  /// What a trunk may take beyond the ring time to say that a call is over; then it is hung up, and once more so long
  /// later given up.
  static let endGrace = Interval.seconds(10)
  /// What a connection to an agent may take before another agent is tried.
  static let connectGrace = Interval.seconds(5)

  func handle(_ event: TrunkEvent, from trunk: TrunkName) {
    switch event {
    case .state(let state): trunkChanged(trunk, to: state)
    case .live(let ids): reconcile(trunk, live: ids)
    default:
      guard let callID = event.callID, let id = callID.attemptID, let call = calls[id], call.attempt.callID == callID
      else { return }
      handle(event, of: call)
    }
  }

  private func handle(_ event: TrunkEvent, of call: LiveCall) {
    switch event {
    case .accepted: accepted(call)
    case .rejected(_, let fault): rejected(call, fault)
    case .ringing: rang(call)
    case .answered: answered(call)
    case .connected(_, let agent): connected(call, to: agent)
    case .connectFailed(_, let agent, let fault): connectFailed(call, agent, fault)
    case .ended(_, let ending): ended(call, ending)
    case .gone:
      // A call that was taken back before its order left never was on the line.
      finish(call, call.hangup == .ordered && call.attempt.dialledAt == nil ? .cancelled : .unknown, cause: nil)
    case .state, .live: break
    }
  }

  private func accepted(_ call: LiveCall) {
    guard call.attempt.dialledAt == nil else { return }
    trunkRuntime(call.attempt.trunk)?.accepted()
    call.attempt.dialledAt = now.wall
    if call.phase < .dialling { call.phase = .dialling }
    emit(.attemptDialing, call: call, withAttempt: false)
    logCall(.debug, "call.dialling", call.attempt)
  }

  private func rejected(_ call: LiveCall, _ fault: TrunkFault) {
    guard fault != .duplicateCallID, call.attempt.dialledAt == nil else { return }
    trunkRuntime(call.attempt.trunk)?.faulted(at: now.monotonic)
    logCall(
      .warning, "trunk.refused", call.attempt,
      [("trunk", .text(call.attempt.trunk.rawValue)), ("fault", .text(fault.rawValue))])
    finish(call, .trunkFailure, cause: nil, fault: fault)
  }

  private func rang(_ call: LiveCall) {
    if call.attempt.dialledAt == nil { accepted(call) }
    guard call.phase < .ringing else { return }
    call.phase = .ringing
    call.attempt.ringingAt = now.wall
    emit(.attemptRinging, call: call, withAttempt: false)
    logCall(.debug, "call.ringing", call.attempt)
  }

  private func answered(_ call: LiveCall) {
    if call.attempt.dialledAt == nil { accepted(call) }
    guard call.phase < .answered else { return }
    call.phase = .answered
    call.attempt.answeredAt = now.wall
    if let row = call.logRow { log.markAnswer(row, at: now.wall) }
    emit(.attemptAnswered, call: call, withAttempt: false)
    logCall(.info, "call.answered", call.attempt)
    guard call.campaign.campaign.dialMode != .broadcast || call.forAgent != nil else {
      call.deadline = .distantFuture
      return
    }
    setDeadline(call, now.monotonic + Self.answerGrace)
    call.campaign.waitingCalls.append(call.attempt.attemptID)
    route(call)
  }

  private func connected(_ call: LiveCall, to agentID: AgentID) {
    if call.phase < .answered { answered(call) }
    guard call.phase < .connected else { return }
    call.phase = .connected
    call.campaign.connected(call)
    let tried = call.connecting
    call.connecting = nil
    call.deadline = .distantFuture
    call.campaign.waitingCalls.removeAll { $0 == call.attempt.attemptID }
    call.attempt.connectedAt = now.wall
    call.attempt.agentID = agentID
    if let agent = agents[agentID] {
      agent.call = call.attempt.attemptID
      agent.agent.lastCallID = call.attempt.callID
      agent.reservedFor = nil
      setState(agent, .incall)
    }
    emit(.attemptConnected, call: call, withAttempt: true) { $0.member("agentID", agentID.rawValue) }
    logCall(.info, "call.connected", call.attempt, [("agent", .text(agentID.rawValue))])
    // The agent given up on was reached after all: the one tried instead is free.
    if let tried, tried != agentID, let other = agents[tried], other.call == call.attempt.attemptID {
      other.call = nil
      agentIsFree(other)
    }
    balanceReservations(call.campaign)
  }

  private func connectFailed(_ call: LiveCall, _ agentID: AgentID, _ fault: TrunkFault) {
    guard call.phase == .answered, call.connecting == agentID else { return }
    call.connecting = nil
    logCall(
      .warning, "agent.unreachable", call.attempt,
      [("agent", .text(agentID.rawValue)), ("fault", .text(fault.rawValue))])
    if let agent = agents[agentID] {
      agent.call = nil
      agent.reservedFor = nil
      agent.agent.reason = fault.rawValue
      setState(agent, .paused)
    }
    route(call)
    guard call.connecting == nil else { return }
    // Nobody else is ready: the person waits as one who has just answered.
    call.campaign.waitingCalls.append(call.attempt.attemptID)
    setDeadline(call, now.monotonic + Self.answerGrace)
  }

  private func ended(_ call: LiveCall, _ ending: CallEnding) {
    finish(call, outcome(of: call, ending), cause: ending.cause, byFarEnd: ending.byFarEnd)
  }

  /// What the engine knows of the call goes before what the exchange says of it: who talked was connected.
  private func outcome(of call: LiveCall, _ ending: CallEnding) -> Outcome {
    if call.attempt.connectedAt != nil { return .connected }
    if call.attempt.answeredAt != nil {
      if let said = ending.outcome, said == .machine || said == .fax { return said }
      return call.campaign.campaign.dialMode == .broadcast && call.forAgent == nil ? .answered : .dropped
    }
    if let said = ending.outcome, said != .answered, said != .connected { return said }
    if call.hangup == .ordered { return .cancelled }
    if call.isRecovered { return .unknown }
    return ending.byFarEnd ? .failed : .noAnswer
  }

  // MARK: - Deadlines

  func setDeadline(_ call: LiveCall, _ moment: MonotonicInstant) {
    call.deadline = moment
    timers.set(.call(call.attempt.attemptID), at: moment)
  }

  func callDeadline(_ id: AttemptID) {
    guard let call = calls[id], call.deadline <= now.monotonic else { return }
    if let agent = call.connecting, call.phase == .answered, call.hangup == nil {
      connectFailed(call, agent, .agentUnreachable)
      if call.connecting == nil { hangUp(call, .noAgent) }
      return
    }
    switch (call.phase, call.hangup) {
    case (.answered, nil): hangUp(call, .noAgent)
    case (_, nil): hangUp(call, .overdue)
    case (_, .some(let reason)):
      // The trunk did not carry the hangup out either: what became of the call is not known.
      finish(
        call, call.attempt.answeredAt != nil ? outcome(of: call, CallEnding(byFarEnd: false)) : .unknown, cause: nil)
      logCall(.warning, "call.lost", call.attempt, [("after", .text("\(reason)"))])
      tell(call.attempt.trunk, .listLive)
    }
  }

  /// - Parameter user: whose command it is; nil = the engine's own.
  func hangUp(_ call: LiveCall, _ reason: LiveCall.HangupReason, by user: UInt32? = nil) {
    guard call.hangup == nil else { return }
    call.hangup = reason
    call.hungUpBy = user
    if let user { logCall(.info, "call.hangup", call.attempt, [("uid", .number(Int64(user)))]) }
    setDeadline(call, now.monotonic + Self.endGrace)
    tell(call.attempt.trunk, .hangup(call.attempt.callID))
  }

  // MARK: - The trunk itself

  func trunkRuntime(_ name: TrunkName) -> TrunkRuntime? { trunks.first { $0.settings.name == name } }

  private func trunkChanged(_ name: TrunkName, to state: TrunkState) {
    guard let trunk = trunkRuntime(name), trunk.change(to: state) else { return }
    var reason: String?
    if case .down(let why) = state { reason = why }
    emit(.trunkState) { writer in
      writer.member("trunk", name.rawValue)
      writer.member("state", state.word)
      if let reason { writer.member("reason", reason) }
    }
    writeLog(
      state == .up ? .notice : .warning, "trunk.state",
      [("trunk", .text(name.rawValue)), ("state", .text(state.word))] + (reason.map { [("reason", .text($0))] } ?? []))
  }

  /// A person who had answered before the restart is still there, and has waited long enough.
  private func takeUp(_ call: LiveCall) {
    guard call.phase == .answered, call.hangup == nil else { return }
    guard call.campaign.campaign.dialMode != .broadcast || call.forAgent != nil else {
      call.deadline = .distantFuture
      return
    }
    setDeadline(call, now.monotonic + Self.answerGrace)
    call.campaign.waitingCalls.append(call.attempt.attemptID)
    route(call)
  }

  /// How often a trunk is asked for its live calls: a call whose end was lost is open no longer than this.
  static let liveCallsInterval = Interval.minutes(1)

  func askForLiveCalls(_ name: TrunkName) {
    guard let trunk = trunkRuntime(name) else { return }
    if trunk.state == .up, trunk.liveCalls > 0 { tell(name, .listLive) }
    timers.set(.trunk(name), at: now.monotonic + Self.liveCallsInterval)
  }

  /// The trunk has listed its live calls: an open call that it took and does not have any more ended unheard.
  private func reconcile(_ name: TrunkName, live ids: [CallID]) {
    let live = Set(ids)
    for id in calls.keys.sorted() {
      guard let call = calls[id], call.attempt.trunk == name else { continue }
      let isThere = live.contains(call.attempt.callID)
      if call.isRecovered, isThere {
        call.isRecovered = false
        logCall(.notice, "call.recovered", call.attempt)
        takeUp(call)
      } else if !isThere, call.attempt.dialledAt != nil || call.isRecovered {
        finish(call, call.attempt.connectedAt != nil ? .connected : .unknown, cause: nil)
      }
    }
    for callID in ids where callID.attemptID.flatMap({ calls[$0] })?.attempt.callID != callID {
      // A call of ours that nobody here knows: hung up, so that nobody is left in silence.
      guard callID.attemptID != nil else { continue }
      tell(name, .hangup(callID))
    }
  }
}
