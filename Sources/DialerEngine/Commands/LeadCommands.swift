import ControlProtocol
import DialerModel
import LeadStore

extension Engine {
  /// Puts the lead into memory and store, and says so.
  func write(_ lead: KnownLead, isNew: Bool) {
    let record = lead.record
    leads.put(record, vendorLeadCode: lead.vendorLeadCode)
    unwrittenLeads.put(lead, turn: turnNumber)
    hiddenImport?.meanwhile.wrote(lead, in: turnNumber)
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
      try changed(stored, by: command)
    } lookingFor: { [self] changed, probe in
      lookForEqual(changed, command.parameters, isNew: false, tenant(of: changed.record), &probe)
    } body: { [self] (stored, found) throws(RequestError) in
      let changed = try changed(stored, by: command)
      try checkUnique(
        changed, command.parameters, isNew: false, tenant(of: changed.record), among: found)
      if !command.isDryRun {
        write(changed, isNew: false)
        if command.parameters.optionalText("priority") == "now" { goesNext(record.leadID) }
      }
      var form = LeadForm(engine: self).json(changed, isDraft: command.isDryRun).objectValue ?? JSONObject()
      if !changed.cut.isEmpty { form.append("cut", JSON(changed.cut)) }
      return .object(form)
    }
    return .later
  }

  private func changed(_ stored: KnownLead, by command: Command) throws(RequestError) -> KnownLead {
    guard let list = lists[stored.record.listID] else {
      throw .notFound("lead", JSON(stored.record.leadID.rawValue))
    }
    let changed = try draft(command.parameters, base: stored, list: list)
    if let code = changed.vendorLeadCode, code != stored.vendorLeadCode {
      try checkCode(code, isFreeIn: list.listID)
    }
    return changed
  }

  /// In a list a code stands for one lead, unless a second one is added on purpose.
  func checkCode(_ code: String, isFreeIn list: ListID) throws(RequestError) {
    guard let other = holder(of: code, in: list) else { return }
    throw RequestError(
      .alreadyExists, "vendorLeadCode: it is the code of the lead \(other) of this list.",
      details: [
        "field": "vendorLeadCode", "value": RequestError.shortened(.string(code)), "leadID": JSON(other.rawValue),
      ])
  }

  /// An archived lead is out of the way.
  func holder(of code: String, in list: ListID) -> LeadID? {
    leads.leads(withCode: code).compactMap { leads.record($0) }
      .filter { $0.listID == list && !$0.state.archived }.map(\.leadID).min()
  }

  /// Reads a lead's details and changes them, one command after the other for the same lead.
  ///
  /// - Parameters:
  ///   - draft: the lead as the command makes it.
  ///   - lookingFor: what other leads it must be compared with.
  ///   - body: makes the change; it gets the lead as it stands and those others.
  ///   - gone: what is done when the lead was deleted meanwhile; nil = the command is refused.
  func edit(
    _ lead: LeadID, _ command: Command, draft: @escaping (KnownLead) throws(RequestError) -> KnownLead,
    lookingFor look: @escaping (KnownLead, inout LeadProbe) -> Void,
    body: @escaping (KnownLead, [KnownLead]) throws(RequestError) -> JSON, gone: (() -> Void)? = nil
  ) {
    let run = { [self] in
      ask(.lead(lead)) { [self] answer in
        guard let stored = editable(lead, command, answer, gone) else { return nextEdit(of: lead) }
        var probe = LeadProbe()
        let isDrafted = drafting(command) { () throws(RequestError) in look(try draft(stored), &probe) }
        guard isDrafted else { return nextEdit(of: lead) }
        guard probe != LeadProbe() else {
          if meetsHidden(hiddenImport, stored, command, draft, [], []) {
            finish(command, .failure(.busy("imports")))
          } else {
            conclude(command) { () throws(RequestError) in try body(stored, []) }
          }
          return nextEdit(of: lead)
        }
        // Its details stay as they are: the next change of the lead waits for this one.
        askCandidates(probe) { [self] answer, unseen, commit in
          defer { nextEdit(of: lead) }
          guard case .candidates(let found) = answer else { return answerFailed(command, answer) }
          guard let stored = editable(lead, command, .lead(stored), gone) else { return }
          if meetsHidden(commit, stored, command, draft, found, unseen) {
            return finish(command, .failure(.busy("imports")))
          }
          let others = candidates(found, probe)
          conclude(command) { () throws(RequestError) in try body(stored, others) }
        }
      }
    }
    editing[lead, default: []].append(run)
    if editing[lead]?.count == 1 { run() }
  }

  /// Whether a value that is to be unique belongs to a lead of an import that nobody sees yet, or is about to be given to
  /// one.
  private func meetsHidden(
    _ commit: ImportCommit?, _ stored: KnownLead, _ command: Command,
    _ draft: (KnownLead) throws(RequestError) -> KnownLead,
    _ found: [KnownLead], _ unseen: [ImportedLead]
  ) -> Bool {
    guard !command.isDryRun else { return false }
    var meets = false
    _ = drafting(command) { () throws(RequestError) in
      let changed = try draft(stored)
      guard let list = lists[changed.record.listID] else { return }
      let values = uniqueValues(changed, list.tenant) { _ in true }
      let own = uniqueValues(stored, list.tenant) { _ in true }
      meets = importPlanning(values.filter { !own.contains($0) }, list.tenant) != nil
      guard let commit, !meets else { return }
      meets = meetsHidden(changed, nil, values, list, commit, found: found, unseen: unseen)
    }
    return meets
  }

  private func nextEdit(of lead: LeadID) {
    editing[lead]?.removeFirst()
    if let next = editing[lead]?.first { next() } else { editing[lead] = nil }
  }

  /// The lead as it stands now, or nil when the command has been answered.
  private func editable(
    _ lead: LeadID, _ command: Command, _ answer: QueryAnswer, _ gone: (() -> Void)?
  ) -> KnownLead? {
    guard case .lead(let found) = answer else {
      answerFailed(command, answer)
      return nil
    }
    guard var stored = found, let record = leads.record(lead), lists[record.listID] != nil else {
      if let gone { gone() } else { finish(command, .failure(.notFound("lead", JSON(lead.rawValue)))) }
      return nil
    }
    stored.record = record
    return stored
  }

  /// - Returns: false when the command was refused.
  private func drafting(_ command: Command, _ body: () throws(RequestError) -> Void) -> Bool {
    let known = namesBeforeDryRun(of: command)
    defer { forgetNames(since: known) }
    do throws(RequestError) {
      try body()
      return true
    } catch {
      finish(command, .failure(error))
      return false
    }
  }

  private func conclude(_ command: Command, _ body: () throws(RequestError) -> JSON) {
    _ = drafting(command) { () throws(RequestError) in finish(command, .success(try body())) }
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
    var query = try query(filter, tenant: try selectedTenant(command))
    query.sort = sort
    query.limit = limit
    query.cursor = command.parameters.optionalText("cursor")
    ask(.find(query)) { [self] answer in
      guard case .leads(let found, let next) = answer else { return answerFailed(command, answer) }
      let form = LeadForm(engine: self)
      var result: JSONObject = ["leads": .array(found.map { form.json($0) })]
      result.append("nextCursor", ifPresent: next.map { .string($0) })
      finish(command, .success(.object(result)))
    }
    return .later
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
