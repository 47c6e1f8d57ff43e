import ControlProtocol
import DialerModel
import DialingRules
import LeadStore

/// Leads put away and taken back, and leads copied to another list.
extension Engine {
  /// - Parameter archived: an archived lead is not dialled, and found only by a filter that names `archived`.
  func archiveLeads(_ command: Command, archived: Bool) throws(RequestError) -> Answer {
    // By a filter only those are taken that are not so already.
    let others = FilterExpression.compare(.archived, .eq, [.boolean(!archived)])
    let change = archived ? "lead.archive" : "lead.restore"
    let shown = ShownResult.result { [self] record in archivedForm(record, archived) }
    return try onLeads(command, only: others, shown) { _, _ in
    } one: { [self] record in
      setArchived([record.leadID], archived)
      emit(.leadUpdated, list: record.listID, lead: record.leadID, state: leads.state(record.leadID)) {
        $0.member("change", change)
      }
    } many: { engine, ids in
      engine.setArchived(ids, archived)
    } conclude: { engine, count in
      engine.sayMany(.leadUpdated, command, count, change: change)
    }
  }

  /// - Parameter record: as it was before.
  private func archivedForm(_ record: LeadRecord, _ archived: Bool) -> JSON {
    [
      "count": record.state.archived == archived ? 0 : 1, "leadID": JSON(record.leadID.rawValue),
      "vendorLeadCode": JSON(leads.vendorLeadCode(record.leadID)),
    ]
  }

  private func setArchived(_ ids: [LeadID], _ archived: Bool) {
    var states: [(LeadID, LeadState)] = []
    for lead in ids {
      guard var state = leads.state(lead), state.archived != archived else { continue }
      state.archived = archived
      leads.setState(lead, state)
      states.append((lead, state))
      refresh(lead)
    }
    guard !states.isEmpty else { return }
    output.transaction.changes.append(.setLeadStates(states))
    output.transaction.changes.append(.setUpdated(states.map(\.0), at: now.wall))
  }

  /// A new lead with the details of another, not yet called. Who must not be called stays so.
  func duplicateLead(_ command: Command) throws(RequestError) -> Answer {
    let target = try list(try command.parameters.listID(), command.peer)
    let original = try leadIgnoringList(command)
    guard tenant(of: original) == target.tenant else {
      throw .conflict("list-of-another-tenant", "A copy of a lead stays with its tenant.")
    }
    edit(original.leadID, command) { [self] (stored) throws(RequestError) in
      try copy(of: stored, command, target)
    } lookingFor: { [self] copy, probe in
      lookForEqual(copy, command.parameters, isNew: true, target.tenant, &probe)
    } body: { [self] (stored, found) throws(RequestError) in
      _ = try list(target.listID, command.peer)
      var copy = try copy(of: stored, command, target)
      try checkUnique(copy, command.parameters, isNew: true, target.tenant, among: found)
      if command.isDryRun { return LeadForm(engine: self).json(copy, isDraft: true) }
      copy.record.leadID = LeadID(nextLeadID)
      nextLeadID += 1
      write(copy, isNew: true)
      return LeadForm(engine: self).json(copy)
    }
    return .later
  }

  private func copy(
    of stored: KnownLead, _ command: Command, _ target: LeadList
  ) throws(RequestError) -> KnownLead {
    var copy = stored
    copy.touch = LeadTouch()
    copy.record.leadID = LeadID(0)
    copy.record.listID = target.listID
    copy.record.entered = now.wall
    copy.record.state = LeadState()
    if stored.record.state.status.forbidsDialing { copy.record.state.status = stored.record.state.status }
    copy.details.createdAt = now.wall
    copy.details.updatedAt = now.wall
    let isNamedByID = command.parameters.optionalLeadID() != nil
    let given = isNamedByID ? command.parameters.optionalText("vendorLeadCode") : nil
    if let given { try checkCode(given, isFreeIn: target.listID) }
    copy.vendorLeadCode = given ?? stored.vendorLeadCode.flatMap { holder(of: $0, in: target.listID) == nil ? $0 : nil }
    return copy
  }
}
