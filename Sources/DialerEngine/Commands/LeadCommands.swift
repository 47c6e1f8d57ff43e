import ControlProtocol
import DialerModel
import LeadStore

extension Engine {
  // MARK: - Adding

  func addLead(_ command: Command) throws(RequestError) -> Answer {
    let list = try list(try command.parameters.listID(), command.peer)
    let match = command.parameters.optionalText("match") ?? "vendorLeadCode"
    let known = namesBeforeDryRun(of: command)
    defer { forgetNames(since: known) }
    // Faults are named before anything is looked for.
    let new = try draft(command.parameters, base: nil, list: list)
    if match == "vendorLeadCode" {
      guard let code = new.vendorLeadCode else { return try conclude(command, new, list, matched: []) }
      let scope = lists(inScopeOf: command, list)
      let found = leads.leads(withCode: code).filter { leads.listID($0).map(scope.contains) ?? false }
      return try conclude(command, new, list, matched: found)
    }
    guard let filter = matchFilter(match, new) else { return try conclude(command, new, list, matched: []) }
    // Looked for in the store, one after the other, so that a second one finds the first.
    matching.append { [self] in
      ask(.leadIDs(query(filter, tenant: list.tenant))) { [self] answer in
        concludeMatch(command, list, answer)
        nextMatch()
      }
    }
    if matching.count == 1 { matching[0]() }
    return .later
  }

  private func nextMatch() {
    matching.removeFirst()
    matching.first?()
  }

  private func concludeMatch(_ command: Command, _ list: LeadList, _ answer: QueryAnswer) {
    guard case .leadIDs(let ids) = answer else { return answerFailed(command, answer) }
    let known = namesBeforeDryRun(of: command)
    defer { forgetNames(since: known) }
    do throws(RequestError) {
      let list = try self.list(list.listID, command.peer)
      let new = try draft(command.parameters, base: nil, list: list)
      let scope = lists(inScopeOf: command, list)
      let found = ids.filter { leads.listID($0).map(scope.contains) ?? false }
      if case .done(let result) = try conclude(command, new, list, matched: found) { finish(command, .success(result)) }
    } catch {
      finish(command, .failure(error))
    }
  }

  private func lists(inScopeOf command: Command, _ list: LeadList) -> Set<ListID> {
    switch command.parameters.optionalText("scope") ?? "list" {
    case "campaign": Set(campaigns(with: list.listID).flatMap(\.assigned.keys)).union([list.listID])
    case "tenant": Set(lists.values.filter { $0.tenant == list.tenant }.map(\.listID))
    default: [list.listID]
    }
  }

  private func matchFilter(_ match: String, _ lead: KnownLead) -> FilterExpression? {
    func text(_ field: FilterField, _ value: String?) -> FilterExpression {
      value.map { .compare(field, .eq, [.text($0)]) } ?? .compare(field, .blank, [.boolean(true)])
    }
    let phones = FilterExpression.compare(.phone, .in, lead.record.phones.all.map { .phone($0) })
    switch match {
    case "phone": return phones
    case "phone+source": return .and([phones, text(.source, lead.details.source)])
    case "phone+email": return .and([phones, text(.email, lead.details.email)])
    case "name+email":
      guard lead.record.nameKey != 0, lead.record.emailKey != 0 else { return nil }
      return .and([
        text(.firstName, lead.details.firstName), text(.lastName, lead.details.lastName),
        text(.email, lead.details.email),
      ])
    default: return nil
    }
  }

  private func conclude(
    _ command: Command, _ new: KnownLead, _ list: LeadList, matched: [LeadID]
  ) throws(RequestError) -> Answer {
    guard let existing = matched.min() else { return .done(insert(command, new, "added")) }
    switch command.parameters.optionalText("onMatch") ?? "update" {
    case "skip": return .done(addReply(existing, "skipped"))
    case "add": return .done(insert(command, new, "added"))
    case "duplicate":
      var duplicate = new
      duplicate.record.state.status = .dup
      return .done(insert(command, duplicate, "duplicate"))
    case "reject":
      throw RequestError(
        .alreadyExists, "The lead \(existing) matches already.", details: ["leadID": JSON(existing.rawValue)])
    case "move": return changeMatched(command, existing, moveTo: list, "moved")
    default: return changeMatched(command, existing, moveTo: nil, "updated")
    }
  }

  private func changeMatched(_ command: Command, _ lead: LeadID, moveTo list: LeadList?, _ action: String) -> Answer {
    edit(lead, command) { [self] (stored) throws(RequestError) in
      guard let target = list ?? lists[stored.record.listID] else { throw .notFound("lead", JSON(lead.rawValue)) }
      var changed = try draft(command.parameters, base: stored, list: target)
      if let list, list.listID != changed.record.listID {
        try checkMovable(lead)
        changed.record.listID = list.listID
        changed.record.entered = now.wall
      }
      if !command.isDryRun { write(changed, isNew: false) }
      if !command.isDryRun, command.parameters.optionalText("priority") == "now" { goesNext(lead) }
      return addReply(changed, action)
    }
    return .later
  }

  private func insert(_ command: Command, _ lead: KnownLead, _ action: String) -> JSON {
    var lead = lead
    lead.record.leadID = LeadID(nextLeadID)
    if command.isDryRun {
      lead.record.leadID = LeadID(0)
      return addReply(lead, action)
    }
    nextLeadID += 1
    write(lead, isNew: true)
    if command.parameters.optionalText("priority") == "now" { goesNext(lead.record.leadID) }
    return addReply(lead, action)
  }

  /// It goes out next, in each campaign that dials its list.
  private func goesNext(_ lead: LeadID) {
    guard let list = leads.listID(lead) else { return }
    for campaign in campaigns(with: list) {
      campaign.priorityQueue.append(lead)
      output.transaction.changes.append(.queueNext(lead, campaign.id))
    }
  }

  private func addReply(_ lead: LeadID, _ action: String) -> JSON {
    guard let record = leads.record(lead) else { return .null }
    return addReply(
      KnownLead(
        record: record, vendorLeadCode: leads.vendorLeadCode(lead), details: LeadDetails(createdAt: now.wall),
        touch: LeadTouch()), action)
  }

  private func addReply(_ lead: KnownLead, _ action: String) -> JSON {
    [
      "leadID": lead.record.leadID.rawValue == 0 ? .null : JSON(lead.record.leadID.rawValue),
      "vendorLeadCode": JSON(lead.vendorLeadCode), "action": .string(action),
      "listID": JSON(lead.record.listID.rawValue),
      "timeZone": .string(names.zoneName(lead.record.zone)), "timeZoneSource": .string(lead.record.zoneSource.word),
      "phones": .array(lead.record.phones.all.map { .string($0.e164) }),
    ]
  }

  /// Puts the lead into memory and store, and says so.
  func write(_ lead: KnownLead, isNew: Bool) {
    let record = lead.record
    leads.put(record, vendorLeadCode: lead.vendorLeadCode)
    unwrittenLeads[record.leadID] = turnNumber
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

  private func checkMovable(_ lead: LeadID) throws(RequestError) {
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
