import ControlProtocol
import DialerModel
import DialingRules

extension Engine {
  func createList(_ command: Command) throws(RequestError) -> Answer {
    let parameters = command.parameters
    let id = parameters.optionalListID() ?? freeListID()
    guard lists[id] == nil else {
      throw .alreadyExists("list", JSON(id.rawValue))
    }
    guard !jobs.contains(where: { ($0 as? DeleteListJob)?.list == id }) else {
      throw .busy("list.delete", "The list \(id) is still being deleted; try again.")
    }
    var list = LeadList(listID: id, name: try parameters.text("name"), createdAt: now.wall)
    list.tenant = try tenant(for: command)
    try apply(parameters, to: &list)
    if command.isDryRun { return .done(CampaignForm.list(list, leads: 0)) }
    // Nothing follows the highest id: others go on being numbered below it.
    if id.rawValue < .max { nextListID = max(nextListID, id.rawValue + 1) }
    lists[id] = list
    output.transaction.changes.append(.putList(list))
    return .done(CampaignForm.list(list, leads: 0))
  }

  /// Above every id there has been; with none left there, the lowest that is free.
  private func freeListID() -> ListID {
    let next = ListID(nextListID)
    guard lists[next] != nil else { return next }
    return (1...UInt32.max).lazy.map { ListID($0) }.first { lists[$0] == nil } ?? next
  }

  func updateList(_ command: Command) throws(RequestError) -> Answer {
    let id = try command.parameters.listID()
    var list = try list(id, command.peer)
    if let tenant = command.parameters.optionalText("tenant"), TenantID(tenant) != list.tenant {
      throw .conflict("tenant-is-fixed", "A list stays with its tenant.")
    }
    if let name = command.parameters.optionalText("name") { list.name = name }
    try apply(command.parameters, to: &list)
    list.updatedAt = now.wall
    if command.isDryRun { return .done(CampaignForm.list(list, leads: leads.countByList[id])) }
    lists[id] = list
    output.transaction.changes.append(.putList(list))
    for campaign in campaignOrder { applyListState(id, in: campaign) }
    return .done(CampaignForm.list(list, leads: leads.countByList[id]))
  }

  private func apply(_ parameters: Parameters, to list: inout LeadList) throws(RequestError) {
    if parameters.isPresent("owner") { list.owner = parameters.optionalText("owner") }
    if parameters.isPresent("description") { list.description = parameters.optionalText("description") }
    if parameters.isPresent("timeZone") {
      list.timeZone = parameters.optionalText("timeZone")
      if let zone = list.timeZone { try checkTimeZone(zone, "timeZone") }
    }
    if parameters.isPresent("expiresAt") { list.expiresAt = parameters.optionalInstant("expiresAt") }
    if parameters.isPresent("active") { list.active = parameters.optionalBoolean("active") ?? true }
  }

  /// A list that is off or has expired gets no share; the index is told, so that others get it at once.
  func applyListState(_ id: ListID, in campaign: CampaignRuntime) {
    guard let list = campaign.assigned[id] else { return }
    campaign.index.setToDial(list.slot, list.assignment.toDial && isDialable(id))
  }

  func isDialable(_ id: ListID) -> Bool {
    guard let list = lists[id], list.active else { return false }
    return (list.expiresAt ?? .distantFuture) > now.wall
  }

  /// Lists whose time is over drop out.
  func expireLists() {
    if expiring.edition != listsEdition {
      let found = lists.values.compactMap { list in list.expiresAt.map { (list.listID, $0) } }.sorted { $0.0 < $1.0 }
      expiring = (listsEdition, found.map(\.0), found.map(\.1).min() ?? .distantFuture)
    }
    guard expiring.first <= now.wall else { return }
    for campaign in campaignOrder {
      for id in expiring.lists where campaign.assigned[id] != nil && !isDialable(id) {
        applyListState(id, in: campaign)
      }
    }
  }

  func getList(_ command: Command) throws(RequestError) -> Answer {
    let id = try command.parameters.listID()
    let list = try list(id, command.peer)
    ask(.listStatusCounts(id), afterCommit: true) { [self] answer in
      guard case .statusCounts(let counts) = answer else { return answerFailed(command, answer) }
      var form = CampaignForm.list(list, leads: leads.countByList[id]).objectValue ?? JSONObject()
      form.append(
        "statuses",
        .array(
          counts.map {
            [
              "status": .string($0.status), "statusName": JSON(statusName($0.status, list: id)),
              "leads": JSON($0.count),
            ]
          }))
      finish(command, .success(.object(form)))
    }
    return .later
  }

  func listLists(_ command: Command) -> Answer {
    let seen = lists.keys.sorted().compactMap { lists[$0] }.filter { sees(command.peer, $0.tenant) }
    return .done(["lists": .array(seen.map { CampaignForm.list($0, leads: leads.countByList[$0.listID]) })])
  }

  func deleteList(_ command: Command) throws(RequestError) -> Answer {
    let id = try command.parameters.listID()
    let tenant = try list(id, command.peer).tenant
    for campaign in campaignOrder where campaign.assigned[id]?.assignment.toDial == true {
      throw .conflict(
        "list-is-to-dial", "The list \(id) is marked to dial in the campaign \(campaign.id); unmark it there first.")
    }
    let held = leadsUnderWay(in: id)
    guard held == 0 else {
      throw .conflict("list-has-live-calls", "\(held) leads of the list are in a call or reserved.")
    }
    try checkNothingComes(into: id)
    let count = leads.countByList[id]
    if command.isDryRun { return .done(["deleted": 1, "leads": JSON(count)]) }
    for campaign in campaignOrder where campaign.assigned[id] != nil {
      guard let list = campaign.assigned.removeValue(forKey: id) else { continue }
      campaign.drop(list.slot)
      save(campaign)
    }
    lists[id] = nil
    listsBeingDeleted.insert(id)
    jobs.append(DeleteListJob(list: id, of: tenant, command: command))
    return .later
  }

  /// Leads that are on their way into the list would be there without one.
  private func checkNothingComes(into id: ListID) throws(RequestError) {
    if let record = imports.ordered.first(where: { $0.listID == id && imports.isBeingCommitted($0) }) {
      throw .conflict(
        "import-is-committing",
        "The import \(record.importID) is being committed into the list \(id), or about to be; try again afterwards.")
    }
    guard !jobs.contains(where: { ($0 as? BulkJob)?.target == id }) else {
      throw .conflict("leads-are-moving", "Leads are being moved into the list \(id); try again afterwards.")
    }
  }

  private func leadsUnderWay(in id: ListID) -> Int {
    (Array(callByLead.keys) + Array(reservations.keys)).filter { leads.listID($0) == id }.count
  }

  func resetList(_ command: Command) throws(RequestError) -> Answer {
    let id = try command.parameters.listID()
    _ = try list(id, command.peer)
    let filter = try command.parameters.optionalFilter("filter")
    guard let filter, filter != .everything else {
      jobs.append(ResetJob(list: id, leads: nil, command: command))
      return .later
    }
    let wanted = FilterExpression.and([.compare(.listID, .eq, [.integer(Int64(id.rawValue))]), filter])
    ask(.leadIDs(try query(wanted, tenant: lists[id]?.tenant))) {
      [self] answer in
      guard case .leadIDs(let found) = answer else { return answerFailed(command, answer) }
      jobs.append(ResetJob(list: id, leads: found, command: command))
    }
    return .later
  }

  /// A query that should have answered something else.
  func answerFailed(_ command: Command, _ answer: QueryAnswer) {
    if case .failed(let error) = answer { return finish(command, .failure(error)) }
    finish(command, .failure(.internalError("The store answered something else than it was asked.")))
  }

  // MARK: - Strategies

  func putStrategy(_ command: Command) throws(RequestError) -> Answer {
    let strategy = try StrategyForm.strategy(command.parameters)
    try checkMayChange(strategy.strategyID, command)
    if command.isDryRun { return .done(StrategyForm.json(strategy)) }
    let old = strategies[strategy.strategyID]
    strategies[strategy.strategyID] = strategy
    output.transaction.changes.append(.putStrategy(strategy))
    guard old != strategy else { return .done(StrategyForm.json(strategy)) }
    for campaign in campaignOrder {
      for id in campaign.assigned.keys.sorted()
      where campaign.assigned[id]?.assignment.strategyID == strategy.strategyID {
        recompile(id, in: campaign)
        fill(id, in: campaign)
      }
    }
    return .done(StrategyForm.json(strategy))
  }

  func getStrategy(_ command: Command) throws(RequestError) -> Answer {
    let id = StrategyID(try command.parameters.text("strategyID"))
    guard let strategy = strategies[id] else { throw .notFound("strategy", .string(id.rawValue)) }
    return .done(StrategyForm.json(strategy))
  }

  func listStrategies() -> Answer {
    .done(["strategies": .array(strategies.keys.sorted().compactMap { strategies[$0] }.map(StrategyForm.json))])
  }

  func deleteStrategy(_ command: Command) throws(RequestError) -> Answer {
    let id = StrategyID(try command.parameters.text("strategyID"))
    guard strategies[id] != nil else { throw .notFound("strategy", .string(id.rawValue)) }
    try checkMayChange(id, command)
    guard id != .standard else { throw .conflict("strategy-is-built-in", "The strategy `standard` always exists.") }
    for campaign in campaignOrder {
      guard
        let list = campaign.assigned.values.filter({ $0.assignment.strategyID == id }).map(\.assignment.listID).min()
      else { continue }
      throw .conflict("strategy-in-use", "The campaign \(campaign.id) dials the list \(list) by this strategy.")
    }
    if command.isDryRun { return .done(["deleted": 1]) }
    strategies[id] = nil
    output.transaction.changes.append(.deleteStrategy(id))
    return .done(["deleted": 1])
  }

  // MARK: - Calling hours

  func putCallingHours(_ command: Command) throws(RequestError) -> Answer {
    var hours = try CallingHoursForm.hours(command.parameters)
    try checkMayChange(hours.callingHoursID, command)
    if let old = callingHoursSets[hours.callingHoursID] {
      hours.version = old.version
      if hours == old { return .done(CallingHoursForm.json(old)) }
      hours.version = old.version + 1
    }
    if command.isDryRun { return .done(CallingHoursForm.json(hours)) }
    callingHoursSets[hours.callingHoursID] = hours
    output.transaction.changes.append(.putCallingHours(hours))
    for campaign in campaignOrder where campaign.campaign.callingHours == hours.callingHoursID {
      campaign.hours = CompiledHours(hours, unknownRegion: campaign.campaign.unknownRegion)
      rebuild(campaign, forgettingProfiles: true)
    }
    requireHistory()
    writeLog(
      .notice, "callingHours.put",
      [("callingHours", .text(hours.callingHoursID.rawValue)), ("version", .number(Int64(hours.version)))])
    return .done(CallingHoursForm.json(hours))
  }

  func getCallingHours(_ command: Command) throws(RequestError) -> Answer {
    let id = CallingHoursID(try command.parameters.text("callingHoursID"))
    guard let hours = callingHoursSets[id] else { throw .notFound("set of calling hours", .string(id.rawValue)) }
    return .done(CallingHoursForm.json(hours))
  }

  func listCallingHours() -> Answer {
    let sets = callingHoursSets.keys.sorted().compactMap { callingHoursSets[$0] }
    return .done(["callingHours": .array(sets.map(CallingHoursForm.json))])
  }

  func deleteCallingHours(_ command: Command) throws(RequestError) -> Answer {
    let id = CallingHoursID(try command.parameters.text("callingHoursID"))
    guard callingHoursSets[id] != nil else { throw .notFound("set of calling hours", .string(id.rawValue)) }
    try checkMayChange(id, command)
    if let campaign = campaignOrder.first(where: { $0.campaign.callingHours == id }) {
      throw .conflict("calling-hours-in-use", "The campaign \(campaign.id) goes by these calling hours.")
    }
    if command.isDryRun { return .done(["deleted": 1]) }
    callingHoursSets[id] = nil
    output.transaction.changes.append(.deleteCallingHours(id))
    return .done(["deleted": 1])
  }
}
