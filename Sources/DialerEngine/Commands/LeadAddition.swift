import ControlProtocol
import DialerModel
import DialingRules
import LeadStore

/// `lead.add`: a lead that arrives is added, or changes the one that it matches.
extension Engine {
  func addLead(_ command: Command) throws(RequestError) -> Answer {
    let list = try list(try command.parameters.listID(), command.peer)
    let rule = Self.matchRule(command.parameters)
    let known = namesBeforeDryRun(of: command)
    defer { forgetNames(since: known) }
    // Faults are named before anything is looked for.
    let new = try draft(command.parameters, base: nil, list: list)
    var probe = LeadProbe()
    if rule.applies(to: new.subject) { rule.look(for: new, &probe) }
    lookForEqual(new, command.parameters, isNew: true, list.tenant, &probe)
    guard probe != LeadProbe() else {
      if waits(for: hiddenImport, command, new, list, rule) { return .later }
      return try conclude(command, new, list, rule, candidates: [])
    }
    askCandidates(probe) { [self] answer, unseen, commit in
      guard case .candidates(let found) = answer else { return answerFailed(command, answer) }
      concludeLater(command, list.listID, rule, candidates(found, probe)) { [self] new, list in
        waits(for: commit, command, new, list, rule, found: found, unseen: unseen)
      }
    }
    return .later
  }

  /// Whether it has to be seen first what an import makes of it; then it is begun anew.
  private func waits(
    for commit: ImportCommit?, _ command: Command, _ new: KnownLead, _ list: LeadList, _ rule: MatchRule,
    found: [KnownLead] = [], unseen: [ImportedLead] = []
  ) -> Bool {
    guard !command.isDryRun else { return false }
    let values = uniqueValues(new, list.tenant) { _ in true }
    if let planning = importPlanning(values, list.tenant) {
      planning.waitingForChanges.append { [self] in beginAnew(command) }
      return true
    }
    guard let commit, meetsHidden(new, rule, values, list, commit, found: found, unseen: unseen) else { return false }
    // It may have been shown since the store was asked.
    if hiddenImport === commit {
      commit.meanwhile.waiting.append { [self] in beginAnew(command) }
    } else {
      beginAnew(command)
    }
    return true
  }

  private func beginAnew(_ command: Command) {
    do throws(RequestError) {
      if case .done(let result) = try addLead(command) { finish(command, .success(result)) }
    } catch {
      finish(command, .failure(error))
    }
  }

  /// - Parameter base: what holds where the command says nothing.
  static func matchRule(_ parameters: Parameters, base: MatchRule = MatchRule()) -> MatchRule {
    MatchRule(
      parameters.optionalText("match").flatMap(MatchRule.Key.init(rawValue:)) ?? base.key,
      scope: parameters.optionalText("scope").flatMap(MatchRule.Scope.init(rawValue:)) ?? base.scope,
      onMatch: parameters.optionalText("onMatch").flatMap(MatchRule.OnMatch.init(rawValue:)) ?? base.onMatch)
  }

  /// What the store found, put right by what it does not know yet: leads that are on their way to it, and those that are
  /// gone.
  func candidates(_ found: [KnownLead], _ probe: LeadProbe) -> [KnownLead] {
    var byID: [LeadID: KnownLead] = [:]
    for lead in found { byID[lead.record.leadID] = lead }
    let unwritten = unwrittenLeads.leads(phones: probe.phones, emailKey: probe.emailKey) + probe.leads
    for lead in unwritten { if let known = unwrittenLeads[lead] { byID[lead] = known } }
    for wanted in probe.values {
      let filter = FilterExpression.compare(wanted.field, .eq, [wanted.value])
      for lead in unwrittenLeads.all
      where FilterEvaluator.takes(filter, value: LeadFields(engine: self, lead: lead).value) {
        byID[lead.record.leadID] = lead
      }
    }
    return byID.keys.sorted().compactMap { id in
      guard let record = leads.record(id), lists[record.listID] != nil, var lead = unwrittenLeads[id] ?? byID[id] else {
        return nil
      }
      lead.record = record
      return lead
    }
  }

  private func concludeLater(
    _ command: Command, _ list: ListID, _ rule: MatchRule, _ candidates: [KnownLead],
    unless waits: (KnownLead, LeadList) -> Bool
  ) {
    let known = namesBeforeDryRun(of: command)
    defer { forgetNames(since: known) }
    do throws(RequestError) {
      let list = try self.list(list, command.peer)
      let new = try draft(command.parameters, base: nil, list: list)
      if waits(new, list) { return }
      if case .done(let result) = try conclude(command, new, list, rule, candidates: candidates) {
        finish(command, .success(result))
      }
    } catch {
      finish(command, .failure(error))
    }
  }

  /// The lists in which a lead that arrives for this one is looked for.
  func lists(in scope: MatchRule.Scope, of list: LeadList) -> Set<ListID> {
    switch scope {
    case .campaign: Set(campaigns(with: list.listID).flatMap(\.assigned.keys)).union([list.listID])
    case .tenant: Set(lists.values.filter { $0.tenant == list.tenant }.map(\.listID))
    case .list: [list.listID]
    }
  }

  private func conclude(
    _ command: Command, _ new: KnownLead, _ list: LeadList, _ rule: MatchRule, candidates: [KnownLead]
  ) throws(RequestError) -> Answer {
    let decision = decision(new, list, rule, candidates)
    switch decision {
    case .add, .addDuplicate:
      try checkUnique(new, command.parameters, isNew: true, list.tenant, among: candidates)
      return .done(insert(command, new, isDuplicate: decision != .add))
    case .skip(let existing): return .done(addReply(existing, "skipped"))
    case .reject(let existing):
      throw RequestError(
        .alreadyExists, "The lead \(existing) matches already.", details: ["leadID": JSON(existing.rawValue)])
    case .update(let existing): return changeMatched(command, existing, moveTo: nil, "updated")
    case .move(let existing): return changeMatched(command, existing, moveTo: list, "moved")
    }
  }

  private func decision(
    _ new: KnownLead, _ list: LeadList, _ rule: MatchRule, _ candidates: [KnownLead]
  ) -> MatchDecision {
    let scope = lists(in: rule.scope, of: list)
    // Archived leads are not found: what arrives anew is to be dialled.
    func isWanted(_ record: LeadRecord) -> Bool { scope.contains(record.listID) && !record.state.archived }
    if rule.key == .vendorLeadCode {
      let found = new.vendorLeadCode.map { leads.leads(withCode: $0) } ?? []
      let records = found.compactMap { leads.record($0) }.filter(isWanted)
      let first = records.min {
        ($0.listID == list.listID ? 0 : 1, $0.leadID) < ($1.listID == list.listID ? 0 : 1, $1.leadID)
      }
      return first.map { rule.decision(matching: $0.leadID) } ?? .add
    }
    return rule.decision(
      for: new.subject, arrivingIn: list.listID,
      among: candidates.filter { isWanted($0.record) }.map {
        MatchCandidate(leadID: $0.record.leadID, listID: $0.record.listID, subject: $0.subject)
      })
  }

  private func changeMatched(_ command: Command, _ lead: LeadID, moveTo list: LeadList?, _ action: String) -> Answer {
    edit(lead, command) { [self] (stored) throws(RequestError) in
      try matched(stored, command, moveTo: list)
    } lookingFor: { [self] changed, probe in
      lookForEqual(changed, command.parameters, isNew: false, tenant(of: changed.record), &probe)
    } body: { [self] (stored, found) throws(RequestError) in
      let changed = try matched(stored, command, moveTo: list)
      try checkUnique(changed, command.parameters, isNew: false, tenant(of: changed.record), among: found)
      if !command.isDryRun { write(changed, isNew: false) }
      if !command.isDryRun, command.parameters.optionalText("priority") == "now" { goesNext(lead) }
      return addReply(changed, action)
    } gone: { [self] in
      beginAnew(command)
    }
    return .later
  }

  private func matched(
    _ stored: KnownLead, _ command: Command, moveTo list: LeadList?
  ) throws(RequestError) -> KnownLead {
    let target = try self.list(list?.listID ?? stored.record.listID, command.peer)
    var changed = try draft(command.parameters, base: stored, list: target)
    if let list, list.listID != changed.record.listID {
      try checkMovable(stored.record.leadID)
      changed.record.listID = list.listID
      changed.record.entered = now.wall
    }
    return changed
  }

  private func insert(_ command: Command, _ lead: KnownLead, isDuplicate: Bool) -> JSON {
    var lead = lead
    if isDuplicate { lead.record.state.status = .dup }
    let action = isDuplicate ? "duplicate" : "added"
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
  func goesNext(_ lead: LeadID) {
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
    var reply: JSONObject = [
      "leadID": lead.record.leadID.rawValue == 0 ? .null : JSON(lead.record.leadID.rawValue),
      "vendorLeadCode": JSON(lead.vendorLeadCode), "action": .string(action),
      "listID": JSON(lead.record.listID.rawValue),
      "timeZone": .string(names.zoneName(lead.record.zone)), "timeZoneSource": .string(lead.record.zoneSource.word),
      "phones": .array(lead.record.phones.all.map { .string($0.e164) }),
    ]
    if !lead.cut.isEmpty { reply.append("cut", JSON(lead.cut)) }
    return .object(reply)
  }
}

extension KnownLead {
  var subject: MatchSubject {
    MatchSubject(
      vendorLeadCode: vendorLeadCode, phones: record.phones, source: details.source, emailKey: record.emailKey,
      nameKey: record.nameKey)
  }
}

extension MatchRule {
  /// What an index has to be asked for, so that every lead that matches is among those that come back.
  func look(for lead: KnownLead, _ probe: inout LeadProbe) {
    switch key {
    case .vendorLeadCode: break
    case .phone, .phoneAndSource, .phoneAndEmail: probe.phones += lead.record.phones.all
    case .nameAndEmail: probe.emailKey = lead.record.emailKey
    }
  }
}
