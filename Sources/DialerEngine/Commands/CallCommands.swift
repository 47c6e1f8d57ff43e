import ControlProtocol
import DialerModel
import DialingRules

/// Live calls, and what is said of calls afterwards.
extension Engine {
  func listCalls(_ command: Command) throws(RequestError) -> Answer {
    var wanted: CampaignRuntime?
    if command.parameters.isPresent("campaignID") { wanted = try campaign(of: command) }
    let found = calls.keys.sorted().compactMap { calls[$0] }
      .filter { (wanted == nil || $0.campaign === wanted) && sees(command.peer, $0.attempt.tenant) }
    return .done(["calls": .array(found.map { AttemptForm.json($0.attempt, live: $0, leadDeleted: false) })])
  }

  func hangUpCall(_ command: Command) throws(RequestError) -> Answer {
    let id = CallID(try command.parameters.text("callID"))
    guard let call = id.attemptID.flatMap({ calls[$0] }), call.attempt.callID == id,
      sees(command.peer, call.attempt.tenant)
    else { throw .notFound("live call", .string(id.rawValue)) }
    if !command.isDryRun { hangUp(call, .ordered, by: command.peer.userID) }
    return .done(AttemptForm.json(call.attempt, live: call, leadDeleted: false))
  }

  func noteCall(_ command: Command) throws(RequestError) -> Answer {
    try withAttempt(command) { [self] attempt, live in
      var attempt = attempt
      if command.parameters.isPresent("notes") { attempt.notes = command.parameters.optionalText("notes") }
      if command.parameters.isPresent("recording") { attempt.recording = command.parameters.optionalText("recording") }
      if leads.record(attempt.leadID) == nil {
        return .failure(.conflict("lead-is-deleted", "Nothing is written down of the lead \(attempt.leadID) any more."))
      }
      if !command.isDryRun {
        live?.attempt = attempt
        keepNotes(of: attempt)
        emit(.attemptWrapped, attempt: attempt, withAttempt: true) { $0.member("noted", true) }
      }
      return .success(AttemptForm.json(attempt, live: live, leadDeleted: leads.record(attempt.leadID) == nil))
    }
  }

  func wrapCall(_ command: Command) throws(RequestError) -> Answer {
    try withAttempt(command) { [self] attempt, live in
      do throws(RequestError) {
        return .success(try wrap(attempt, live, command))
      } catch {
        return .failure(error)
      }
    }
  }

  private func wrap(_ old: Attempt, _ live: LiveCall?, _ command: Command) throws(RequestError) -> JSON {
    var attempt = old
    let code = try command.parameters.text("wrapCode")
    guard let runtime = campaigns[attempt.campaignID] else {
      throw .notFound("campaign", .string(attempt.campaignID.rawValue))
    }
    guard let wrap = runtime.campaign.wrapCodes.first(where: { $0.code == code }) else {
      throw command.parameters.invalid(
        "wrapCode", accepted: runtime.campaign.wrapCodes.map(\.code),
        "wrapCode: the campaign \(runtime.id) has no wrap code \(code).")
    }
    let callbackAt = command.parameters.optionalInstant("callbackAt")
    if wrap.callback, callbackAt == nil {
      throw command.parameters.invalid(
        "callbackAt", accepted: ["an instant"], "callbackAt: the wrap code \(code) agrees a time, so it must be named.")
    }
    let previous = old.wrapCode.flatMap { known in runtime.campaign.wrapCodes.first { $0.code == known } }
    attempt.wrapCode = code
    let record = leads.record(attempt.leadID)
    // Of who was deleted nothing more is written down.
    if record != nil, let notes = command.parameters.optionalText("notes") { attempt.notes = notes }
    if let agent = command.parameters.optionalText("agentID") { attempt.agentID = AgentID(agent) }
    let isLast = record.map { $0.state.lastAttemptAt <= attempt.startedAt } ?? false
    let state = record.map {
      RetryDecision.wrapped($0.state, wrap, insteadOf: previous, isLastAttempt: isLast, callbackAt: callbackAt)
    }
    if command.isDryRun {
      var wrapped = record
      if let state { wrapped?.state = state }
      return wrapReply(attempt, wrapped, wrap, previous)
    }
    live?.attempt = attempt
    if attempt.notes != old.notes { keepNotes(of: attempt) }
    if let record, let state { leads.setState(record.leadID, state) }
    if let record {
      touch(record.leadID) { touch in
        touch.wrapCode = code
        if let agent = attempt.agentID { touch.lastAgentID = agent }
      }
    }
    emit(.attemptWrapped, attempt: attempt, withAttempt: true, state: state) { writer in
      writer.member("wrapCode", code)
      if let before = old.wrapCode { writer.member("previousWrapCode", before) }
      if let agent = attempt.agentID { writer.member("agentID", agent.rawValue) }
    }
    logCall(.info, "call.wrapped", attempt, [("wrap", .text(code))])
    if let record { settleCallback(of: record, runtime, at: callbackAt, previous) }
    if wrap.doNotCall { forbid(attempt.phone, runtime.campaign.tenant) }
    wrapUpEnds(attempt)
    if live == nil { refresh(attempt.leadID) }
    rejudgeFilter(attempt.leadID)
    return wrapReply(attempt, leads.record(attempt.leadID), wrap, previous)
  }

  private func keepNotes(of attempt: Attempt) {
    output.transaction.changes.append(
      .putNotes(attempt.attemptID, notes: attempt.notes, recording: attempt.recording))
  }

  /// The time that is agreed now; or none, where the wrap code that agreed on one is taken back.
  private func settleCallback(
    of record: LeadRecord, _ runtime: CampaignRuntime, at callbackAt: Instant?, _ previous: WrapCode?
  ) {
    if let callbackAt {
      put(Callback(leadID: record.leadID, campaignID: runtime.id, at: callbackAt), record)
    } else if previous?.callback == true, callbacks[record.leadID, runtime.id] != nil {
      callbacks.remove(record.leadID, runtime.id)
      output.transaction.changes.append(.deleteCallback(record.leadID, runtime.id))
    }
  }

  /// The agent is done with this call.
  private func wrapUpEnds(_ attempt: Attempt) {
    guard let id = attempt.agentID, let agent = agents[id], agent.agent.state == .wrapping,
      agent.lastAttempt == attempt.attemptID
    else { return }
    agentIsFree(agent)
  }

  private func wrapReply(_ attempt: Attempt, _ record: LeadRecord?, _ wrap: WrapCode, _ previous: WrapCode?) -> JSON {
    guard let record else {
      return ["leadID": JSON(attempt.leadID.rawValue), "vendorLeadCode": JSON(attempt.vendorLeadCode), "deleted": true]
    }
    guard previous?.doNotCall == true, !wrap.doNotCall, var form = shortForm(record).objectValue else {
      return shortForm(record)
    }
    // What a person asked for is not taken back by the way.
    form.append("doNotCallStays", .string(attempt.phone.e164))
    form.append(
      "doNotCallStaysReason",
      "the number stays on the do-not-call list and the lead DNC; dnc.remove and lead.setStatus change that")
    return .object(form)
  }

  /// Finds the attempt that `callID` or `attemptID` names, live or long ended, and answers with what the body makes of it.
  private func withAttempt(
    _ command: Command, _ body: @escaping (Attempt, LiveCall?) -> Result<JSON, RequestError>
  ) throws(RequestError) -> Answer {
    let callID = command.parameters.optionalText("callID").map { CallID($0) }
    let wanted = callID.map { $0.attemptID } ?? command.parameters.optionalAttemptID()
    let named: JSON = callID.map { .string($0.rawValue) } ?? JSON(wanted?.rawValue ?? 0)
    guard let wanted else { throw .notFound("call", named) }
    if let call = calls[wanted] {
      guard sees(command.peer, call.attempt.tenant), callID == nil || call.attempt.callID == callID else {
        throw .notFound("call", named)
      }
      return .done(try body(call.attempt, call).get())
    }
    // One after the other, so that a second wrap finds what the first one wrote.
    let run = { [self] in
      ask(.attempt(wanted)) { [self] answer in
        defer { nextEdit(of: wanted) }
        guard case .attempts(let found, _) = answer else { return answerFailed(command, answer) }
        guard let attempt = found.first, sees(command.peer, attempt.tenant), callID == nil || attempt.callID == callID
        else { return finish(command, .failure(.notFound("call", named))) }
        finish(command, body(attempt, calls[wanted]))
      }
    }
    editingAttempts[wanted, default: []].append(run)
    if editingAttempts[wanted]?.count == 1 { run() }
    return .later
  }

  private func nextEdit(of attempt: AttemptID) {
    editingAttempts[attempt]?.removeFirst()
    if let next = editingAttempts[attempt]?.first { next() } else { editingAttempts[attempt] = nil }
  }
}
