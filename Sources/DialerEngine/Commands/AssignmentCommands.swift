import ControlProtocol
import DialerModel
import DialingRules
import LeadSelection

/// Which lists a campaign dials, how often and in which way. Each change holds for the very next claim.
extension Engine {
  func assignList(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    let id = try command.parameters.listID()
    let known = runtime.assigned[id]?.assignment
    let new = try assignment(command.parameters, base: known ?? ListAssignment(listID: id), runtime, command.peer)
    if command.isDryRun {
      return .done(listsReport(runtime, as: runtime.campaign.lists.filter { $0.listID != id } + [new]))
    }
    set(new, in: runtime)
    save(runtime)
    return .done(listsReport(runtime))
  }

  func unassignList(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    let id = try command.parameters.listID()
    guard runtime.assigned[id] != nil else { throw .notFound("list of this campaign", JSON(id.rawValue)) }
    if command.isDryRun {
      return .done(listsReport(runtime, as: runtime.campaign.lists.filter { $0.listID != id }))
    }
    unassign(id, from: runtime)
    save(runtime)
    return .done(listsReport(runtime))
  }

  func setLists(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    var wanted: [ListAssignment] = []
    for item in try command.parameters.objects("lists") {
      let id = try item.listID()
      guard !wanted.contains(where: { $0.listID == id }) else {
        throw item.invalid("listID", "\(item.field("listID")): the list stands twice.")
      }
      wanted.append(try assignment(item, base: ListAssignment(listID: id), runtime, command.peer))
    }
    if command.isDryRun { return .done(listsReport(runtime, as: wanted)) }
    for id in runtime.assigned.keys.sorted() where !wanted.contains(where: { $0.listID == id }) {
      unassign(id, from: runtime)
    }
    for assignment in wanted { set(assignment, in: runtime) }
    save(runtime)
    return .done(listsReport(runtime))
  }

  private func assignment(
    _ parameters: Parameters, base: ListAssignment, _ runtime: CampaignRuntime, _ peer: Peer
  ) throws(RequestError) -> ListAssignment {
    var assignment = base
    let list = try list(base.listID, peer)
    guard list.tenant == runtime.campaign.tenant else {
      throw .conflict(
        "list-of-another-tenant",
        "The list \(list.listID) belongs to the tenant \(list.tenant), the campaign to \(runtime.campaign.tenant).")
    }
    if runtime.assigned[base.listID] == nil, runtime.assigned.count >= CampaignIndex.maximumLists {
      throw .busy("campaign.lists", "A campaign has at most \(CampaignIndex.maximumLists) lists.")
    }
    if let toDial = parameters.optionalBoolean("toDial") { assignment.toDial = toDial }
    if let weight = parameters.optionalInteger("weight") { assignment.weight = Int(weight) }
    if let strategy = parameters.optionalText("strategy") { assignment.strategyID = StrategyID(strategy) }
    guard strategies[assignment.strategyID] != nil else {
      throw parameters.invalid(
        "strategy", accepted: strategies.keys.map(\.rawValue).sorted(),
        "\(parameters.field("strategy")): there is no strategy of this name.")
    }
    if parameters.isPresent("filter") {
      let filter = try parameters.optionalFilter("filter")
      if let filter { try checkFilter(filter, runtime.campaign.tenant, parameters) }
      assignment.filter = filter == .everything ? nil : filter
    }
    return assignment
  }

  private func checkFilter(
    _ filter: FilterExpression, _ tenant: TenantID, _ parameters: Parameters
  ) throws(RequestError) {
    do throws(CompiledFilter.Fault) {
      _ = try compiled(filter, tenant)
    } catch {
      throw parameters.invalid("filter", "\(parameters.field("filter")): \(error.words).")
    }
  }

  /// Brings the campaign to dial a list as the assignment says; what stays the same is not touched.
  func set(_ assignment: ListAssignment, in runtime: CampaignRuntime) {
    let id = assignment.listID
    guard let old = runtime.assigned[id] else {
      assign(assignment, to: runtime)
      fill(id, in: runtime)
      return
    }
    let before = old.assignment
    old.assignment = assignment
    if before.weight != assignment.weight { runtime.index.setWeight(old.slot, assignment.weight) }
    if before.toDial != assignment.toDial { applyListState(id, in: runtime) }
    guard before.strategyID != assignment.strategyID || before.filter != assignment.filter else { return }
    recompile(id, in: runtime)
    if before.filter != assignment.filter { loadFilter(id, in: runtime) }
    fill(id, in: runtime)
  }

  /// Takes a list into the campaign's index, without its leads yet.
  func assign(_ assignment: ListAssignment, to runtime: CampaignRuntime) {
    let strategy = strategies[assignment.strategyID] ?? .standard
    let slot = runtime.index.addList(
      assignment.listID, weight: assignment.weight, toDial: assignment.toDial && isDialable(assignment.listID),
      newEvery: strategy.newEvery)
    runtime.assigned[assignment.listID] = AssignedList(
      assignment: assignment, slot: slot, strategy: strategy,
      rules: CampaignRules(campaign: runtime.campaign, strategy: strategy), retryRules: RetryRules(strategy),
      encoder: encoder(strategy, runtime))
    if assignment.filter != nil { loadFilter(assignment.listID, in: runtime) }
  }

  /// Works out anew what campaign and strategy ask of the list's leads.
  func recompile(_ id: ListID, in runtime: CampaignRuntime) {
    guard let list = runtime.assigned[id] else { return }
    let strategy = strategies[list.assignment.strategyID] ?? .standard
    runtime.assigned[id]?.strategy = strategy
    runtime.assigned[id]?.rules = CampaignRules(campaign: runtime.campaign, strategy: strategy)
    runtime.assigned[id]?.retryRules = RetryRules(strategy)
    runtime.assigned[id]?.encoder = encoder(strategy, runtime)
    runtime.index.setNewEvery(list.slot, strategy.newEvery)
  }

  private func encoder(_ strategy: Strategy, _ runtime: CampaignRuntime) -> SelectionKeyEncoder {
    let seed = UInt64(bitPattern: runtime.campaign.seed)
    do {
      return try SelectionKeyEncoder(words: strategy.order, seed: seed)
    } catch {
      preconditionFailure("a strategy's order is checked when it is put: \(error)")
    }
  }

  private func unassign(_ id: ListID, from runtime: CampaignRuntime) {
    guard let list = runtime.assigned.removeValue(forKey: id) else { return }
    for lead in reservations.keys.sorted() {
      if let held = reservations[lead], held.campaign === runtime, leads.listID(lead) == id {
        release(lead, reason: "list-unassigned")
      }
    }
    runtime.drop(list.slot)
    runtime.sharesChanged = true
  }

  func save(_ runtime: CampaignRuntime) {
    runtime.campaign.lists = runtime.assigned.values.map(\.assignment).sorted { $0.listID < $1.listID }
    runtime.campaign.updatedAt = now.wall
    output.transaction.changes.append(.putCampaign(runtime.campaign))
    runtime.sharesChanged = true
  }

  // MARK: - Filling an index

  /// Looks at every lead of a list anew; those under way stay as they are.
  func fill(_ id: ListID, in runtime: CampaignRuntime) {
    fill(runtime) { $0 == id }
  }

  /// Looks at every lead of the campaign anew.
  func rebuild(_ runtime: CampaignRuntime, forgettingProfiles: Bool) {
    if forgettingProfiles { renewIndex(of: runtime) }
    fill(runtime) { _ in true }
  }

  /// A new index with the same lists and shares: profiles are numbered by it, so they begin anew with it.
  private func renewIndex(of runtime: CampaignRuntime) {
    let shares = runtime.shares
    runtime.forgetProfiles()
    runtime.index = CampaignIndex(now: now.wall)
    runtime.ledger = StandingLedger()
    runtime.index.setWeighting(runtime.campaign.listWeighting)
    for id in runtime.assigned.keys.sorted() {
      guard let list = runtime.assigned[id] else { continue }
      let slot = runtime.index.addList(
        id, weight: list.assignment.weight, toDial: list.assignment.toDial && isDialable(id),
        newEvery: list.strategy.newEvery)
      runtime.assigned[id]?.slot = slot
    }
    runtime.restore(shares)
  }

  /// What an index takes in at once: 4 MiB of entries, which stay in the cache. All at once would need a fifth more memory.
  private static let leadsLoadedAtOnce = 1 << 17

  /// One pass over all leads, with bulk loads for each list.
  func fill(_ runtime: CampaignRuntime, where wanted: (ListID) -> Bool) {
    let chosen = runtime.assigned.keys.sorted().filter(wanted).compactMap { runtime.assigned[$0] }
    // From 1; 0 = not wanted.
    var places = ListTable()
    for (place, list) in chosen.enumerated() { places[list.assignment.listID] = place + 1 }
    var entries = ContiguousArray<[LoadEntry]>(repeating: [], count: chosen.count)
    var waiting: [(LeadID, Instant, ListSlot)] = []
    _ = leads.visit(from: LeadID(0)) { lead, listID in
      let place = places[listID] - 1
      guard place >= 0, let record = leads.record(lead) else { return true }
      let list = chosen[place]
      if callByLead[lead] != nil || reservations[lead] != nil {
        runtime.hold(
          lead, list: list.slot, busyCause(record.state, list), profile: profile(of: record, phone: -1, in: runtime))
        return true
      }
      let standing = standing(record, list, in: runtime)
      runtime.note(lead, standing, from: runtime.index.list(of: lead), to: list.slot)
      expect(standing, of: lead, in: runtime)
      noteRevival(standing, of: list)
      switch standing.place {
      case .ready(let key, let profile, let isFresh):
        entries[place].append(LoadEntry(key: key, profile: profile, isFresh: isFresh))
        if entries[place].count == Self.leadsLoadedAtOnce {
          runtime.index.load(list: list.slot, entries: entries[place])
          entries[place].removeAll(keepingCapacity: true)
        }
      case .waiting(let until): waiting.append((lead, until, list.slot))
      case .parked: runtime.index.park(lead, list: list.slot)
      case .removed: runtime.index.remove(lead)
      }
      return true
    }
    for (place, list) in chosen.enumerated() where !entries[place].isEmpty {
      runtime.index.load(list: list.slot, entries: entries[place])
      entries[place] = []
    }
    for (lead, until, slot) in waiting { runtime.index.putWaiting(lead, until: until, list: slot) }
  }

  // MARK: - Showing

  /// - Parameter wanted: what a dry run would leave; nil = as it is.
  func listsReport(_ runtime: CampaignRuntime, as wanted: [ListAssignment]? = nil) -> JSON {
    let assignments = wanted ?? runtime.assigned.values.map(\.assignment)
    let reports = assignments.sorted { $0.listID < $1.listID }.map { assignment -> JSON in
      let id = assignment.listID
      var form = JSONObject()
      form.append("listID", JSON(id.rawValue))
      form.append("name", JSON(lists[id]?.name))
      form.append("toDial", .bool(assignment.toDial))
      form.append("weight", JSON(assignment.weight))
      // The share that it would have shows when its leads are looked at, which a dry run does not do.
      let list = runtime.assigned[id]
      let share = wanted == nil ? list.map { runtime.index.sharePercent($0.slot) } : nil
      form.append("sharePercent", share.map { JSON($0) } ?? .null)
      form.append("strategy", .string(assignment.strategyID.rawValue))
      form.append("filter", assignment.filter?.json ?? .null)
      form.append("total", JSON(leads.countByList[id]))
      if let list { appendCounts(of: list, in: runtime, to: &form) }
      return .object(form)
    }
    return ["lists": .array(reports)]
  }

  private func appendCounts(of list: AssignedList, in runtime: CampaignRuntime, to form: inout JSONObject) {
    let counts = runtime.index.counts(list.slot)
    form.append("dialableNow", JSON(counts.readyOpen))
    form.append("outsideHours", JSON(counts.readyClosed))
    form.append("waiting", JSON(counts.waiting))
    form.append("live", JSON(counts.claimed))
    form.append("notDialable", JSON(counts.parked))
    form.append("dialled", JSON(list.dialled))
  }
}
