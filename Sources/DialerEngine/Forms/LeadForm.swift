import DialerModel

/// A lead as clients see it: what the store keeps, and what the engine knows of it now.
struct LeadForm {
  let engine: Engine

  /// - Parameter isDraft: it is what a dry run would make of the lead, and not what the engine has.
  func json(_ stored: KnownLead, isDraft: Bool = false) -> JSON {
    // The engine's state is ahead of the projection, and so is what the last call left.
    let known = isDraft ? nil : engine.leads.record(stored.record.leadID)
    let record = known ?? stored.record
    let touch = engine.touches[record.leadID]
    let details = stored.details
    let place = engine.names.place(record.place)
    var form = JSONObject()
    form.append("leadID", record.leadID.rawValue == 0 ? .null : JSON(record.leadID.rawValue))
    form.append("vendorLeadCode", JSON(stored.vendorLeadCode))
    form.append("listID", JSON(record.listID.rawValue))
    form.append("listName", JSON(engine.lists[record.listID]?.name))
    form.append("phones", .array((0..<PhoneSet.capacity).compactMap { record.phones[$0] }.map { .string($0.e164) }))
    for index in 0..<PhoneSet.capacity {
      form.append("phone\(index + 1)", JSON(record.phones[index]?.e164))
    }
    form.append("firstName", JSON(details.firstName))
    form.append("lastName", JSON(details.lastName))
    form.append("email", JSON(details.email))
    form.append("source", JSON(details.source))
    form.append("timeZone", .string(engine.names.zoneName(record.zone)))
    form.append("timeZoneSource", .string(record.zoneSource.word))
    form.append("region", JSON(place.region))
    form.append("state", JSON(place.state))
    form.append("postalCode", JSON(details.postalCode))
    form.append("rank", record.rank == LeadRecord.missingRank ? .null : JSON(record.rank))
    form.append("owner", JSON(details.owner))
    form.append("custom", .object(details.custom ?? JSONObject()))
    append(record.state, of: record.leadID, to: &form)
    form.append("createdAt", JSON(details.createdAt))
    form.append("updatedAt", JSON(details.updatedAt))
    form.append("enteredAt", JSON(record.entered))
    form.append("lastContactedAt", JSON(touch?.lastContactedAt ?? stored.touch.lastContactedAt))
    form.append("lastAgentID", JSON((touch?.lastAgentID ?? stored.touch.lastAgentID)?.rawValue))
    form.append("wrapCode", JSON(touch?.wrapCode ?? stored.touch.wrapCode))
    let callback = engine.callbacks.all(of: record.leadID).map(\.at).min()
    form.append("callbackAt", JSON(callback))
    return .object(form)
  }

  /// Without what only the store has.
  ///
  /// - Parameter isHeld: nil = as it is; for what a dry run says.
  func short(_ record: LeadRecord, isHeld: Bool? = nil) -> JSON {
    var form = JSONObject()
    form.append("leadID", JSON(record.leadID.rawValue))
    form.append("vendorLeadCode", JSON(engine.leads.vendorLeadCode(record.leadID)))
    form.append("listID", JSON(record.listID.rawValue))
    form.append("listName", JSON(engine.lists[record.listID]?.name))
    form.append("phones", .array(record.phones.all.map { .string($0.e164) }))
    form.append("timeZone", .string(engine.names.zoneName(record.zone)))
    form.append("timeZoneSource", .string(record.zoneSource.word))
    form.append("rank", record.rank == LeadRecord.missingRank ? .null : JSON(record.rank))
    append(record.state, of: record.leadID, isHeld: isHeld, to: &form)
    return .object(form)
  }

  private func append(_ state: LeadState, of lead: LeadID, isHeld: Bool? = nil, to form: inout JSONObject) {
    let call = engine.callByLead[lead].flatMap { engine.calls[$0] }
    let isHeld = isHeld ?? (engine.reservations[lead] != nil)
    let status = call?.liveStatus ?? (isHeld ? "QUEUE" : state.status.description)
    form.append("status", .string(status))
    form.append("statusName", JSON(engine.statusName(status, list: engine.leads.listID(lead))))
    form.append("stage", .string(state.stage.word))
    form.append("completed", .bool(state.completed))
    form.append("archived", .bool(state.archived))
    form.append("calledCount", JSON(state.calledCount))
    form.append("lastAttemptAt", state.wasAttempted ? JSON(state.lastAttemptAt) : .null)
    form.append("lastOutcome", JSON(state.lastOutcome?.word))
    form.append("live", call.map { AttemptForm.json($0.attempt, live: $0, leadDeleted: false) } ?? .bool(false))
  }
}

extension Engine {
  /// The full name of a status code: a built-in one's, or that of a wrap code of a campaign that has the list.
  func statusName(_ code: String, list: ListID?) -> String? {
    if let name = StatusName.name(of: code) { return name }
    for campaign in campaignOrder {
      if let list, campaign.assigned[list] == nil { continue }
      if let found = campaign.campaign.wrapCodes.first(where: { $0.code == code }) { return found.name }
    }
    return nil
  }
}
