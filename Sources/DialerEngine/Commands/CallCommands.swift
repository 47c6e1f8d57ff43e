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
    try withAttempt(command, readingLead: false) { [self] attempt, live, _ in
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
    try withAttempt(command, readingLead: true) { [self] attempt, live, lead in
      do throws(RequestError) {
        return .success(try wrap(attempt, live, lead, command))
      } catch {
        return .failure(error)
      }
    }
  }

  private func wrap(
    _ old: Attempt, _ live: LiveCall?, _ lead: KnownLead?, _ command: Command
  ) throws(RequestError) -> JSON {
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
    guard !command.isDryRun else { return wrapReply(attempt, lead, state, wrap, previous) }
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
    refresh(attempt.leadID)
    rejudgeFilter(attempt.leadID)
    return wrapReply(attempt, lead, leads.state(attempt.leadID), wrap, previous)
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

  private func wrapReply(
    _ attempt: Attempt, _ lead: KnownLead?, _ state: LeadState?, _ wrap: WrapCode, _ previous: WrapCode?
  ) -> JSON {
    guard var lead, let state, let record = leads.record(attempt.leadID) else {
      return ["leadID": JSON(attempt.leadID.rawValue), "vendorLeadCode": JSON(attempt.vendorLeadCode), "deleted": true]
    }
    lead.record = record
    lead.record.state = state
    let shown = LeadForm(engine: self).json(lead, isDraft: true)
    guard previous?.doNotCall == true, !wrap.doNotCall, var form = shown.objectValue else { return shown }
    // What a person asked for is not taken back by the way.
    form.append("doNotCallStays", .string(attempt.phone.e164))
    form.append(
      "doNotCallStaysReason",
      "the number stays on the do-not-call list and the lead DNC; dnc.remove and lead.setStatus change that")
    return .object(form)
  }

  /// Finds the attempt that `callID` or `attemptID` names, live or long ended, and its lead if that is wanted, and answers
  /// with what the body makes of it.
  private func withAttempt(
    _ command: Command, readingLead: Bool,
    _ body: @escaping (Attempt, LiveCall?, KnownLead?) -> Result<JSON, RequestError>
  ) throws(RequestError) -> Answer {
    let callID = command.parameters.optionalText("callID").map { CallID($0) }
    let wanted = callID.map { $0.attemptID } ?? command.parameters.optionalAttemptID()
    let named: JSON = callID.map { .string($0.rawValue) } ?? JSON(wanted?.rawValue ?? 0)
    guard let wanted else { throw .notFound("call", named) }
    if let call = calls[wanted] {
      guard sees(command.peer, call.attempt.tenant), callID == nil || call.attempt.callID == callID else {
        throw .notFound("call", named)
      }
      guard readingLead else { return .done(try body(call.attempt, call, nil).get()) }
    }
    let edit = AttemptEdit(
      attemptID: wanted, callID: callID, named: named, command: command, readsLead: readingLead, body: body)
    // One after the other, so that a second wrap finds what the first one wrote.
    let run = { [self] in
      if let call = calls[wanted] { readLead(of: call.attempt, edit) } else { lookUp(edit) }
    }
    editingAttempts[wanted, default: []].append(run)
    if editingAttempts[wanted]?.count == 1 { run() }
    return .later
  }

  private struct AttemptEdit {
    let attemptID: AttemptID
    let callID: CallID?
    let named: JSON
    let command: Command
    let readsLead: Bool
    let body: (Attempt, LiveCall?, KnownLead?) -> Result<JSON, RequestError>
  }

  private func lookUp(_ edit: AttemptEdit) {
    ask(.attempt(edit.attemptID)) { [self] answer in
      guard case .attempts(let found, _) = answer else {
        answerFailed(edit.command, answer)
        return nextEdit(of: edit.attemptID)
      }
      guard let attempt = found.first, sees(edit.command.peer, attempt.tenant),
        edit.callID == nil || attempt.callID == edit.callID
      else {
        finish(edit.command, .failure(.notFound("call", edit.named)))
        return nextEdit(of: edit.attemptID)
      }
      guard edit.readsLead else { return conclude(edit, attempt, nil) }
      readLead(of: attempt, edit)
    }
  }

  private func readLead(of attempt: Attempt, _ edit: AttemptEdit) {
    let wasLive = calls[edit.attemptID] != nil
    ask(.lead(attempt.leadID)) { [self] answer in
      // It has ended meanwhile: what the call log has of it counts.
      if wasLive, calls[edit.attemptID] == nil { return lookUp(edit) }
      guard case .lead(let stored) = answer else {
        answerFailed(edit.command, answer)
        return nextEdit(of: edit.attemptID)
      }
      conclude(edit, attempt, stored)
    }
  }

  private func conclude(_ edit: AttemptEdit, _ attempt: Attempt, _ lead: KnownLead?) {
    let call = calls[edit.attemptID]
    finish(edit.command, edit.body(call?.attempt ?? attempt, call, lead))
    nextEdit(of: edit.attemptID)
  }

  private func nextEdit(of attempt: AttemptID) {
    editingAttempts[attempt]?.removeFirst()
    if let next = editingAttempts[attempt]?.first { next() } else { editingAttempts[attempt] = nil }
  }
}
