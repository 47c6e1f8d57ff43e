import ControlProtocol
import DialerModel

/// Agreed times to call.
extension Engine {
  func scheduleLead(_ command: Command) throws(RequestError) -> Answer {
    let parameters = command.parameters
    let record = try lead(of: parameters, command.peer)
    let runtime = try campaign(of: command)
    guard runtime.assigned[record.listID] != nil else {
      throw .conflict("list-not-assigned", "The campaign \(runtime.id) does not have the lead's list \(record.listID).")
    }
    var callback = Callback(
      leadID: record.leadID, campaignID: runtime.id, at: try parameters.instant("callbackAt"),
      until: parameters.optionalInstant("until"),
      then: parameters.optionalText("then").flatMap(Callback.Then.init) ?? .anyone,
      agentID: parameters.optionalText("agentID").map { AgentID($0) })
    if let until = callback.until, until <= callback.at {
      throw parameters.invalid(
        "until", accepted: ["an instant after callbackAt"], "until: it must be after callbackAt.")
    }
    if let text = parameters.optionalText("phone") {
      let wanted = try phone(text, region: names.place(record.place).region ?? settings.defaultRegion, "phone")
      guard record.phones.all.contains(wanted) else {
        throw parameters.invalid(
          "phone", accepted: record.phones.all.map(\.e164), "phone: the lead \(record.leadID) has no such number.")
      }
      callback.phone = wanted
    }
    if !command.isDryRun { put(callback, record) }
    return .done(form(callback, record))
  }

  /// Notes an agreed time. The lead rests as `CALLBK` until then, and is not complete.
  func put(_ callback: Callback, _ record: LeadRecord) {
    callbacks.put(callback)
    output.transaction.changes.append(.putCallback(callback))
    var state = leads.state(record.leadID) ?? record.state
    if !state.status.forbidsDialing, callByLead[record.leadID] == nil {
      state.status = .callback
      state.completed = false
      leads.setState(record.leadID, state)
    }
    emit(.callbackScheduled, campaign: callback.campaignID, list: record.listID, lead: record.leadID, state: state) {
      writer in
      writer.member("callbackAt", callback.at)
      if let agent = callback.agentID { writer.member("agentID", agent.rawValue) }
    }
    refresh(record.leadID)
  }

  private func form(_ callback: Callback, _ record: LeadRecord) -> JSON {
    [
      "leadID": JSON(record.leadID.rawValue), "vendorLeadCode": JSON(leads.vendorLeadCode(record.leadID)),
      "campaignID": .string(callback.campaignID.rawValue), "callbackAt": JSON(callback.at),
      "until": JSON(callback.until), "then": .string(callback.then.rawValue),
      "agentID": JSON(callback.agentID?.rawValue), "phone": JSON(callback.phone?.e164),
    ]
  }

  func unscheduleLead(_ command: Command) throws(RequestError) -> Answer {
    let record = try lead(of: command.parameters, command.peer)
    let runtime = try campaign(of: command)
    let isThere = callbacks[record.leadID, runtime.id] != nil
    if isThere, !command.isDryRun {
      removeCallback(record.leadID, runtime.id)
      restAgain(record)
    }
    return .done([
      "leadID": JSON(record.leadID.rawValue), "vendorLeadCode": JSON(leads.vendorLeadCode(record.leadID)),
      "unscheduled": isThere ? 1 : 0,
    ])
  }

  /// Without an agreed time the lead rests as its last call left it.
  private func restAgain(_ record: LeadRecord) {
    guard var state = leads.state(record.leadID), state.status == .callback, callbacks.all(of: record.leadID).isEmpty
    else { return }
    state.status = state.lastOutcome.map { StatusCode.resting(after: $0) } ?? .new
    leads.setState(record.leadID, state)
    emit(.leadUpdated, list: record.listID, lead: record.leadID, state: state) {
      $0.member("change", "lead.unschedule")
    }
    refresh(record.leadID)
  }

  private func removeCallback(_ lead: LeadID, _ campaign: CampaignID) {
    callbacks.remove(lead, campaign)
    output.transaction.changes.append(.deleteCallback(lead, campaign))
    lookAnew(at: [lead])
  }

  /// Callbacks that have come due say so once; an agent's own that nobody took in time goes to anyone, or is missed.
  func announceCallbacks() {
    for callback in callbacks.needingWord(at: now.wall, limit: Bounds.dueCallbacks) {
      guard let record = leads.record(callback.leadID) else {
        removeCallback(callback.leadID, callback.campaignID)
        continue
      }
      if !callback.announced, callback.at <= now.wall {
        callbacks.markAnnounced(callback.leadID, callback.campaignID)
        output.transaction.changes.append(.putCallback(callbacks[callback.leadID, callback.campaignID] ?? callback))
        emit(.callbackDue, campaign: callback.campaignID, list: record.listID, lead: callback.leadID) { writer in
          writer.member("callbackAt", callback.at)
          if let agent = callback.agentID { writer.member("agentID", agent.rawValue) }
        }
      }
      if let until = callback.until, until <= now.wall { callbackIsOver(callback, record) }
    }
  }

  private func callbackIsOver(_ callback: Callback, _ record: LeadRecord) {
    guard callback.agentID != nil, callback.then == .anyone else {
      removeCallback(callback.leadID, callback.campaignID)
      emit(.callbackMissed, campaign: callback.campaignID, list: record.listID, lead: callback.leadID) { writer in
        writer.member("callbackAt", callback.at)
        if let agent = callback.agentID { writer.member("agentID", agent.rawValue) }
      }
      writeLog(
        .notice, "callback.missed",
        [("lead", .number(Int64(callback.leadID.rawValue))), ("campaign", .text(callback.campaignID.rawValue))])
      return
    }
    var open = callback
    open.agentID = nil
    open.until = nil
    open.announced = true
    callbacks.put(open)
    output.transaction.changes.append(.putCallback(open))
  }

  /// The first callback that is due in a campaign and may go to anyone, or whose agent is ready.
  func dueCallback(in campaign: CampaignRuntime) -> Callback? {
    guard !callbacks.isEmpty else { return nil }
    return callbacks.firstForAnyone(in: campaign.id, at: now.wall) ?? ownCallback(in: campaign)
  }

  /// An agent's own callback is dialled for that agent as soon as it is ready.
  private func ownCallback(in campaign: CampaignRuntime) -> Callback? {
    guard campaign.reservesAgents else { return nil }
    return callbacks.firstOfAgents(in: campaign.id, at: now.wall) { id in
      guard let agent = agents[id]?.agent else { return false }
      return agent.state == .ready && agent.campaignIDs.contains(campaign.id)
    }
  }
}
