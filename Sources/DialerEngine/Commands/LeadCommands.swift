import ControlProtocol
import DialerModel
import LeadStore

extension Engine {
  /// Puts the lead into memory and store, and says so.
  func write(_ lead: KnownLead, isNew: Bool) {
    let record = lead.record
    leads.put(record, vendorLeadCode: lead.vendorLeadCode)
    unwrittenLeads.put(lead, turn: turnNumber)
    judgeFilters(lead)
    let change: StoreChange =
      isNew
      ? .addLead(record, vendorLeadCode: lead.vendorLeadCode, details: lead.details)
      : .updateLead(record, vendorLeadCode: lead.vendorLeadCode, details: lead.details)
    output.transaction.changes.append(change)
    emit(
      isNew ? .leadAdded : .leadUpdated, list: record.listID, lead: record.leadID, code: lead.vendorLeadCode,
      state: record.state)
    writeLog(
      .debug, isNew ? "lead.added" : "lead.updated",
      [
        ("lead", .number(Int64(record.leadID.rawValue))), ("vlc", .text(lead.vendorLeadCode ?? "")),
        ("list", .number(Int64(record.listID.rawValue))),
      ])
    refresh(record.leadID)
  }

  // MARK: - Changing

  func updateLead(_ command: Command) throws(RequestError) -> Answer {
    let record = try lead(of: command.parameters, command.peer)
    edit(record.leadID, command) { [self] (stored) throws(RequestError) in
      guard let list = lists[stored.record.listID] else { throw .notFound("lead", JSON(record.leadID.rawValue)) }
      let changed = try draft(command.parameters, base: stored, list: list)
      if !command.isDryRun {
        write(changed, isNew: false)
        if command.parameters.optionalText("priority") == "now" { goesNext(record.leadID) }
      }
      return LeadForm(engine: self).json(changed)
    }
    return .later
  }

  /// Reads a lead's details and changes them, one command after the other for the same lead.
  func edit(
    _ lead: LeadID, _ command: Command, _ body: @escaping (KnownLead) throws(RequestError) -> JSON
  ) {
    let run = { [self] in
      ask(.lead(lead)) { [self] answer in
        carryOut(lead, command, answer, body)
        editing[lead]?.removeFirst()
        if let next = editing[lead]?.first { next() } else { editing[lead] = nil }
      }
    }
    editing[lead, default: []].append(run)
    if editing[lead]?.count == 1 { run() }
  }

  private func carryOut(
    _ lead: LeadID, _ command: Command, _ answer: QueryAnswer, _ body: (KnownLead) throws(RequestError) -> JSON
  ) {
    guard case .lead(let found) = answer else { return answerFailed(command, answer) }
    guard var stored = found, let record = leads.record(lead) else {
      return finish(command, .failure(.notFound("lead", JSON(lead.rawValue))))
    }
    stored.record = record
    let known = namesBeforeDryRun(of: command)
    defer { forgetNames(since: known) }
    do throws(RequestError) {
      finish(command, .success(try body(stored)))
    } catch {
      finish(command, .failure(error))
    }
  }

  func checkMovable(_ lead: LeadID) throws(RequestError) {
    guard callByLead[lead] == nil, reservations[lead] == nil else {
      throw .conflict("lead-is-live", "The lead \(lead) is in a call or reserved.")
    }
  }

  // MARK: - Reading

  func getLead(_ command: Command) throws(RequestError) -> Answer {
    let record = try lead(of: command.parameters, command.peer)
    var runtime: CampaignRuntime?
    if command.parameters.isPresent("campaignID") { runtime = try campaign(of: command) }
    ask(.lead(record.leadID), afterCommit: unwrittenLeads[record.leadID] != nil) { [self] answer in
      guard case .lead(let found) = answer else { return answerFailed(command, answer) }
      guard let stored = found, let current = leads.record(record.leadID) else {
        return finish(command, .failure(.notFound("lead", JSON(record.leadID.rawValue))))
      }
      var form = LeadForm(engine: self).json(stored).objectValue ?? JSONObject()
      if let runtime {
        let explanation = explain(current, in: runtime, at: now.wall)
        form.append("nextEligibleAt", JSON(explanation.nextEligibleAt))
        form.append("exhausted", .bool(explanation.verdict.exhausted))
      }
      finish(command, .success(.object(form)))
    }
    return .later
  }

  func findLeads(_ command: Command) throws(RequestError) -> Answer {
    let filter = try command.parameters.optionalFilter("filter")
    let sort = try sortKeys(command.parameters)
    let limit = Int(command.parameters.optionalInteger("limit") ?? 100)
    var query = query(filter, tenant: command.peer.tenant)
    query.sort = sort
    query.limit = limit
    query.cursor = command.parameters.optionalText("cursor")
    ask(.find(query)) { [self] answer in
      guard case .leads(let found, let next) = answer else { return answerFailed(command, answer) }
      let form = LeadForm(engine: self)
      var result: JSONObject = ["leads": .array(found.map(form.json))]
      result.append("nextCursor", ifPresent: next.map { .string($0) })
      finish(command, .success(.object(result)))
    }
    return .later
  }

  /// A query for the leads that a filter takes, and of one tenant's lists where that is asked.
  func query(_ filter: FilterExpression?, tenant: TenantID?) -> LeadQuery {
    var query = LeadQuery()
    query.filter = filter ?? .everything
    if let tenant { query.lists = lists.values.filter { $0.tenant == tenant }.map(\.listID).sorted() }
    query.live = callByLead.keys.sorted()
    return query
  }

  private func sortKeys(_ parameters: Parameters) throws(RequestError) -> [LeadSort] {
    var words: [String] = []
    if let text = parameters.optionalText("sort") { words = [text] }
    if let many = parameters.optionalStrings("sort") { words = many }
    var keys: [LeadSort] = []
    for word in words {
      let name = word.hasPrefix("-") ? String(word.dropFirst()) : word
      guard let field = FilterField(name: name) else {
        throw parameters.invalid(
          "sort", accepted: FilterField.all.map(\.name), "sort: there is no field \(name) to sort by.")
      }
      keys.append(LeadSort(field, descending: word.hasPrefix("-")))
    }
    return keys
  }

  /// A lead without its details: for replies about what was done to it.
  func shortForm(_ record: LeadRecord) -> JSON {
    LeadForm(engine: self).short(record)
  }
}
