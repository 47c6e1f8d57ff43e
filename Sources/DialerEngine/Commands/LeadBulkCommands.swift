import ControlProtocol
import DialerModel
import DialingRules

/// Commands on one lead or on all that a filter takes.
extension Engine {
  func deleteLeads(_ command: Command) throws(RequestError) -> Answer {
    let shown = ShownResult.result { [self] record in deletedForm(record, leads.vendorLeadCode(record.leadID)) }
    return try onLeads(command, shown) { [self] (lead, _) throws(RequestError) in
      guard callByLead[lead] == nil, reservations[lead] == nil else {
        throw .conflict("lead-is-live", "The lead \(lead) is in a call or reserved.")
      }
    } one: { [self] record in
      let code = leads.vendorLeadCode(record.leadID)
      eraseStaged([record.leadID])
      forget(record.leadID)
      output.transaction.changes.append(.deleteLeads([record.leadID]))
      emit(.leadDeleted, list: record.listID, lead: record.leadID, code: code)
    } many: { engine, ids in
      engine.eraseStaged(ids)
      for lead in ids { engine.forget(lead) }
      engine.output.transaction.changes.append(.deleteLeads(ids))
    } conclude: { engine, count in
      engine.sayMany(.leadDeleted, command, count)
    }
  }

  private func deletedForm(_ record: LeadRecord, _ code: String?) -> JSON {
    ["deleted": 1, "leadID": JSON(record.leadID.rawValue), "vendorLeadCode": JSON(code)]
  }

  /// One event for all leads of a command; by the tenant it is known whom it concerns.
  func sayMany(_ type: EventType, _ command: Command, list: ListID? = nil, _ count: Int, change: String? = nil) {
    let tenant = command.peer.tenant?.rawValue ?? command.parameters.optionalText("tenant")
    emit(type, list: list) { writer in
      writer.member("count", Int64(count))
      if let change { writer.member("change", change) }
      if let tenant { writer.member("tenant", tenant) }
    }
  }

  /// Out of memory: tables, indexes, callbacks.
  func forget(_ lead: LeadID) {
    for campaign in campaignOrder {
      campaign.drop(lead)
      if callbacks.remove(lead, campaign.id) != nil {
        output.transaction.changes.append(.deleteCallback(lead, campaign.id))
      }
    }
    leads.remove(lead)
    unwrittenLeads.remove(lead)
    touches[lead] = nil
    touchSeq[lead] = nil
  }

  func moveLeads(_ command: Command) throws(RequestError) -> Answer {
    let target = try list(try command.parameters.listID(), command.peer)
    let shown = ShownResult.lead { [self] lead in
      lead.record.listID = target.listID
      lead.record.entered = now.wall
    }
    return try onLeads(command, into: target.listID, shown) { [self] (lead, record) throws(RequestError) in
      guard tenant(of: record) == target.tenant else {
        throw .conflict("list-of-another-tenant", "A lead stays with its tenant.")
      }
      guard callByLead[lead] == nil, reservations[lead] == nil else {
        throw .conflict("lead-is-live", "The lead \(lead) is in a call or reserved.")
      }
    } one: { [self] record in
      move([record.leadID], to: target.listID)
      emit(.leadUpdated, list: target.listID, lead: record.leadID) { $0.member("change", "lead.move") }
    } many: { engine, ids in
      engine.move(ids, to: target.listID)
    } conclude: { engine, count in
      engine.sayMany(.leadUpdated, command, list: target.listID, count, change: "lead.move")
    }
  }

  private func move(_ ids: [LeadID], to list: ListID) {
    for lead in ids {
      guard var record = leads.record(lead) else { continue }
      record.listID = list
      record.entered = now.wall
      leads.put(record, vendorLeadCode: leads.vendorLeadCode(lead))
      refresh(lead)
    }
    output.transaction.changes.append(.moveLeads(ids, to: list, entered: now.wall))
    output.transaction.changes.append(.setUpdated(ids, at: now.wall))
  }

  func setLeadStatus(_ command: Command) throws(RequestError) -> Answer {
    let parameters = command.parameters
    var status: StatusCode?
    if let text = parameters.optionalText("status") {
      guard let code = StatusCode(text), !code.isLive else {
        throw parameters.invalid(
          "status", accepted: ["a code in which a lead can rest"],
          "status: \(text) belongs to a live call and cannot be set.")
      }
      status = code
    }
    let change = StatusChange(
      status: status, completed: parameters.optionalBoolean("completed"),
      owner: parameters.isPresent("owner") ? .some(parameters.optionalText("owner")) : nil,
      rank: parameters.isPresent("rank")
        ? parameters.optionalInteger("rank").map { Int32(clamping: $0) } ?? LeadRecord.missingRank : nil)
    return try onLeads(command, .lead(change.apply)) { _, _ in
    } one: { [self] record in
      apply(change, to: [record.leadID])
      let state = leads.state(record.leadID)
      emit(.leadUpdated, list: record.listID, lead: record.leadID, state: state) {
        $0.member("change", "lead.setStatus")
      }
    } many: { engine, ids in
      engine.apply(change, to: ids)
    } conclude: { engine, count in
      engine.sayMany(.leadUpdated, command, count, change: "lead.setStatus")
    }
  }

  private struct StatusChange {
    var status: StatusCode?
    var completed: Bool?
    var owner: String??
    var rank: Int32?

    func apply(_ lead: inout KnownLead) {
      lead.record = Engine.changed(lead.record, self)
      if let owner { lead.details.owner = owner }
    }
  }

  private static func changed(_ record: LeadRecord, _ change: StatusChange) -> LeadRecord {
    var record = record
    if let status = change.status { record.state.status = status }
    if let completed = change.completed { record.state.completed = completed }
    if let rank = change.rank { record.rank = rank }
    return record
  }

  private func apply(_ change: StatusChange, to ids: [LeadID]) {
    var states: [(LeadID, LeadState)] = []
    for lead in ids {
      guard let record = leads.record(lead).map({ Self.changed($0, change) }) else { continue }
      leads.put(record, vendorLeadCode: leads.vendorLeadCode(lead))
      states.append((lead, record.state))
      refresh(lead)
    }
    if change.status != nil || change.completed != nil { output.transaction.changes.append(.setLeadStates(states)) }
    if let owner = change.owner { output.transaction.changes.append(.setOwner(ids, owner)) }
    if let rank = change.rank { output.transaction.changes.append(.setRank(ids, rank)) }
    output.transaction.changes.append(.setUpdated(ids, at: now.wall))
  }

  /// What a command on one lead answers with.
  enum ShownResult {
    /// The whole lead, as this makes it.
    case lead((inout KnownLead) -> Void)
    /// Something else, made before the change.
    case result((LeadRecord) -> JSON)
  }

  /// The one frame of these commands: one lead answers at once, many go in pieces, a dry run only counts.
  ///
  /// - Parameters:
  ///   - target: the list that the leads go into, which the command names by its `listID`.
  ///   - only: what the leads of a filter must be beside it.
  ///   - shown: the answer for one lead, also of a dry run.
  func onLeads(
    _ command: Command, into target: ListID? = nil, only: FilterExpression? = nil, _ shown: ShownResult,
    check: @escaping (LeadID, LeadRecord) throws(RequestError) -> Void,
    one: @escaping (LeadRecord) -> Void, many: @escaping (Engine, [LeadID]) -> Void,
    conclude: @escaping (Engine, Int) -> Void
  ) throws(RequestError) -> Answer {
    guard command.parameters.isPresent("filter") else {
      let record = try target == nil ? lead(of: command.parameters, command.peer) : leadIgnoringList(command)
      try check(record.leadID, record)
      switch shown {
      case .lead(let change):
        showing(record.leadID, command, into: target, change, check: check, one: one)
        return .later
      case .result(let result):
        let shown = result(record)
        guard !command.isDryRun else { return .done(shown) }
        one(record)
        judgeFiltersAnew(record.leadID)
        return .done(shown)
      }
    }
    var filter = try command.parameters.filter("filter")
    if let only { filter = .and([filter, only]) }
    ask(.leadIDs(try query(filter, tenant: try selectedTenant(command)))) { [self] answer in
      guard case .leadIDs(let ids) = answer else { return answerFailed(command, answer) }
      if let target, lists[target] == nil { return finish(command, .failure(.notFound("list", JSON(target.rawValue)))) }
      var touched: Set<ListID> = []
      let job = BulkJob(leads: ids, into: target, command: command) { engine, piece in
        // Leads that are in a call, or gone, are passed over and not counted.
        let able = piece.filter { lead in
          guard let record = engine.leads.record(lead), engine.lists[record.listID] != nil else { return false }
          do throws(RequestError) {
            try check(lead, record)
            touched.insert(record.listID)
            return true
          } catch {
            return false
          }
        }
        if !command.isDryRun, !able.isEmpty { many(engine, able) }
        return able.count
      } conclude: { engine, count in
        guard !command.isDryRun, count > 0 else { return }
        conclude(engine, count)
        engine.manyChanged(in: touched)
      }
      jobs.append(job)
    }
    return .later
  }

  /// One lead, of which all is shown: its details are read first.
  private func showing(
    _ lead: LeadID, _ command: Command, into target: ListID?, _ change: @escaping (inout KnownLead) -> Void,
    check: @escaping (LeadID, LeadRecord) throws(RequestError) -> Void, one: @escaping (LeadRecord) -> Void
  ) {
    edit(lead, command) {
      $0
    } lookingFor: { _, _ in
    } body: { [self] (stored, _) throws(RequestError) in
      if let target { _ = try list(target, command.peer) }
      try check(lead, stored.record)
      var changed = stored
      change(&changed)
      changed.details.updatedAt = now.wall
      if !command.isDryRun {
        one(stored.record)
        judgeFiltersAnew(lead)
      }
      return LeadForm(engine: self).json(changed, isDraft: true)
    }
  }

  /// In `lead.move` the listID is where the lead goes, not where it is.
  func leadIgnoringList(_ command: Command) throws(RequestError) -> LeadRecord {
    if command.parameters.optionalLeadID() != nil { return try lead(of: command.parameters, command.peer) }
    let code = try command.parameters.text("vendorLeadCode")
    let found = leads.leads(withCode: code).compactMap { leads.record($0) }
      .filter { lists[$0.listID] != nil && sees(command.peer, tenant(of: $0)) }
    guard let first = found.first else { throw .notFound("lead", .string(code)) }
    guard found.count == 1 else { throw .ambiguous(vendorLeadCode: code, leadIDs: found.map(\.leadID)) }
    return first
  }
}
