import DialerModel
import DialingRules
import Telephony

/// The end of a call, and what it leaves on lead, list, agent and trunk.
extension Engine {
  func finish(_ call: LiveCall, _ outcome: Outcome, cause: Int?, byFarEnd: Bool = false, fault: TrunkFault? = nil) {
    let id = call.attempt.attemptID
    guard calls.removeValue(forKey: id) != nil else { return }
    if callByLead[call.attempt.leadID] == id { callByLead[call.attempt.leadID] = nil }
    withdrawn.remove(call.attempt.callID)
    let campaign = call.campaign
    trunkRuntime(call.attempt.trunk)?.liveCalls -= 1
    call.attempt.endedAt = now.wall
    call.attempt.outcome = outcome
    call.attempt.cause = cause
    call.attempt.counted = outcome.counts
    counters.ended[Int(outcome.rawValue)] += 1
    campaign.left(call)
    if !outcome.counts {
      if let row = call.logRow { log.markUncounted(row) }
      if call.source.countsToShare { campaign.giveBack(call.attempt.listID) }
    } else if call.attempt.answeredAt != nil {
      campaign.noteAnswer(abandoned: outcome == .dropped, at: now.wall)
    }
    if let row = call.logRow {
      if outcome == .dropped { log.markAbandoned(row, at: now.wall) }
      if !outcome.isContact { log.markUnanswered(row) }
    }
    let state = leaveOnLead(call, outcome, byFarEnd: byFarEnd)
    emit(.attemptEnded, call: call, withAttempt: true, state: state) { writer in
      Self.describeEnd(call.attempt, fault: fault, to: &writer)
      if let user = call.hungUpBy { writer.member("hungUpBy", Int64(user)) }
    }
    logCall(.info, "call.ended", call.attempt, endFields(call.attempt))
    wake(locks.release(call.locks))
    refresh(call.attempt.leadID, afterAttemptIn: campaign)
    rejudgeFilter(call.attempt.leadID)
    releaseAgents(of: call)
  }

  private static func describeEnd(_ attempt: Attempt, fault: TrunkFault?, to writer: inout JSONWriter) {
    writer.member("phone", attempt.phone)
    writer.member("outcome", attempt.outcome?.word ?? "")
    if let cause = attempt.cause { writer.member("cause", Int64(cause)) }
    if let ring = attempt.ringTime { writer.member("ringSeconds", ring) }
    if let talk = attempt.talkTime { writer.member("talkSeconds", talk) }
    writer.member("counted", attempt.counted)
    if let agent = attempt.agentID { writer.member("agentID", agent.rawValue) }
    if let fault { writer.member("fault", fault.rawValue) }
  }

  private func endFields(_ attempt: Attempt) -> [(key: StaticString, value: LogEvent.Value)] {
    var fields: [(key: StaticString, value: LogEvent.Value)] = [
      ("outcome", .text(attempt.outcome?.word ?? "")), ("phone", .phone(attempt.phone)),
    ]
    if let cause = attempt.cause { fields.append(("cause", .number(Int64(cause)))) }
    if let talk = attempt.talkTime { fields.append(("talk", .seconds(talk))) }
    return fields
  }

  /// - Returns: the lead's state after the call; nil when the lead was deleted meanwhile.
  private func leaveOnLead(_ call: LiveCall, _ outcome: Outcome, byFarEnd: Bool) -> LeadState? {
    let lead = call.attempt.leadID
    guard let record = leads.record(lead) else {
      return nil
    }
    let rules = call.campaign.assigned[call.attempt.listID]?.retryRules ?? RetryRules(.standard)
    let result = RetryDecision.ended(
      record.state,
      RetryDecision.EndedAttempt(
        outcome: outcome, phoneIndex: (0..<PhoneSet.capacity).first { record.phones[$0] == call.attempt.phone } ?? -1,
        endedAt: now.wall, phones: record.phones, doNotCallPhones: forbiddenPhones(record, call.campaign),
        beforeClaim: call.stateBefore), rules)
    var state = result.state
    if result.dialsNextPhone { call.campaign.nextPhoneQueue.append(lead) }
    if call.attempt.wrapCode != nil {
      // Wrapped while the call was still up: what the agent said stands.
      state.status = record.state.status
      state.completed = record.state.completed
    }
    if outcome == .dropped, byFarEnd, let code = StatusCode("PDROP") { state.status = code }
    leads.setState(lead, state)
    if outcome.isContact || call.attempt.agentID != nil {
      touch(lead) { touch in
        if outcome.isContact { touch.lastContactedAt = call.attempt.answeredAt }
        if let agent = call.attempt.agentID { touch.lastAgentID = agent }
      }
    }
    return state
  }

  /// The agent that talked wraps up; reservations for lines that are gone are given back.
  private func releaseAgents(of call: LiveCall) {
    if let agentID = call.attempt.agentID, let agent = agents[agentID], agent.call == call.attempt.attemptID {
      agent.call = nil
      if call.attempt.connectedAt != nil {
        // Who said during the call what it came to has nothing left to wrap.
        if call.attempt.wrapCode != nil { agentIsFree(agent) } else { startWrapUp(agent, call.campaign) }
      } else {
        agentIsFree(agent)
      }
    } else if let agentID = call.connecting ?? call.forAgent, let agent = agents[agentID],
      agent.call == call.attempt.attemptID
    {
      agent.call = nil
      agentIsFree(agent)
    }
    balanceReservations(call.campaign)
  }

  /// Leads that waited for a person or a line to be free are looked at anew.
  func wake(_ woken: [LeadID]) {
    lookAnew(at: woken)
  }
}
