import ControlProtocol
import DialerModel
import DialingRules
import LeadSelection

/// A lead that `lead.next` holds for an agent.
struct Reservation {
  var lead: LeadID
  var agentID: AgentID
  let campaign: CampaignRuntime
  var list: ListID
  var epoch: UInt64
  var locks: [DialKey]
  var until: Instant
  /// Whether it was counted to its list's share.
  var charged: Bool
}

/// Dialling by hand: what the CRM orders, and what an agent is shown before.
extension Engine {
  /// Long enough to read a lead's history; the CRM may say otherwise.
  static let reservationTime = Interval.minutes(5)

  // MARK: - lead.dial

  func dialLead(_ command: Command) throws(RequestError) -> Answer {
    let parameters = command.parameters
    let record = try lead(of: parameters, command.peer)
    let runtime = try campaign(of: command)
    let gates = try overriddenGates(command)
    // A lead that `lead.next` holds is dialled for the agent that it is held for.
    let agentID = parameters.optionalText("agentID").map { AgentID($0) } ?? reservations[record.leadID]?.agentID
    guard !awaitsHistory else { throw .busy("history", "The limits' history is being loaded; try again.") }
    let phone = try requestedPhone(parameters, record, runtime)
    let agent = try agentForDial(agentID, record, command.peer)
    guard let list = runtime.assigned[record.listID] else {
      throw refusal(record, nil, runtime, phone, agentID, gates)
    }
    let keys = personKeys(record, in: runtime)
    let held = reservations[record.leadID]
    let verdict = judge(
      record, list, in: runtime, locks: held?.agentID == agentID && held != nil ? [] : keys, requestedPhone: phone,
      agent: held?.agentID == agentID ? agentID : nil, override: GateSet(of: gates), agentInHand: agentID != nil)
    guard verdict.passes else { throw refusal(record, list, runtime, phone, agentID, gates) }
    guard !isDraining else { throw .unavailable("shutting-down", "The daemon is shutting down.") }
    guard turnNumber - committedTurn <= 64 else { throw .busy("commits", "The disk is behind; try again.") }
    let trunk = try trunkForDial(runtime)
    if command.isDryRun {
      return .done([
        "attemptID": nil, "callID": nil, "leadID": JSON(record.leadID.rawValue),
        "vendorLeadCode": JSON(leads.vendorLeadCode(record.leadID)),
      ])
    }
    let wasCharged = held?.charged ?? false
    if held != nil { endReservation(record.leadID) }
    runtime.hold(
      record.leadID, list: list.slot, .gate(.notLive), profile: profile(of: record, phone: -1, in: runtime))
    if wasCharged { runtime.sharesChanged = true }
    let call = claim(
      record, list, in: runtime, verdict, keys: keys, on: trunk, source: .command(charged: wasCharged), agent: agentID,
      override: gates.isEmpty ? nil : Override(gates: gates, userID: command.peer.userID))
    if let agent {
      agent.call = call.attempt.attemptID
      setState(agent, .reserved)
    }
    return .done([
      "attemptID": JSON(call.attempt.attemptID.rawValue), "callID": .string(call.attempt.callID.rawValue),
      "leadID": JSON(record.leadID.rawValue), "vendorLeadCode": JSON(call.attempt.vendorLeadCode),
    ])
  }

  private func overriddenGates(_ command: Command) throws(RequestError) -> [Gate] {
    guard let words = command.parameters.optionalStrings("override") else { return [] }
    guard command.peer.role == .admin else {
      throw .notPermitted(command.peer.role, "lead.dial", needs: .admin, parameter: "override")
    }
    let gates = words.compactMap { Gate(word: $0) }
    // What cannot be: two calls at once to one line, or a call without a number.
    for gate in gates where gate == .notLive || gate == .callablePhone || gate == .listToDial {
      throw command.parameters.invalid(
        "override",
        accepted: Gate.allCases.filter { ![.notLive, .callablePhone, .listToDial].contains($0) }.map(\.word),
        "override: the gate \(gate.word) cannot be passed by.")
    }
    return gates
  }

  private func requestedPhone(
    _ parameters: Parameters, _ record: LeadRecord, _ runtime: CampaignRuntime
  ) throws(RequestError) -> Int8 {
    guard let text = parameters.optionalText("phone") else { return -1 }
    let region = names.place(record.place).region ?? runtime.campaign.region ?? settings.defaultRegion
    let wanted = try phone(text, region: region, "phone")
    guard let place = (0..<PhoneSet.capacity).first(where: { record.phones[$0] == wanted }) else {
      throw parameters.invalid(
        "phone", accepted: record.phones.all.map(\.e164), "phone: the lead \(record.leadID) has no such number.")
    }
    return Int8(place)
  }

  /// The agent must be free for it: ready, or holding this very lead.
  private func agentForDial(
    _ id: AgentID?, _ record: LeadRecord, _ peer: Peer
  ) throws(RequestError) -> AgentRuntime? {
    guard let id else { return nil }
    let agent = try agent(id, peer)
    let isFree = agent.call == nil && (agent.agent.state == .ready || agent.reservedLead == record.leadID)
    guard isFree else {
      throw .conflict(
        "agent-is-not-free", "The agent \(id) is \(agent.agent.state.rawValue) and not free for this lead.")
    }
    return agent
  }

  private func trunkForDial(_ runtime: CampaignRuntime) throws(RequestError) -> TrunkRuntime {
    if let most = runtime.campaign.maximumLiveCalls, runtime.liveCalls >= most {
      throw .busy("maximumLiveCalls", "The campaign has its \(most) calls at once; try again.")
    }
    guard runtime.gate.isOpen(at: now.monotonic) else {
      throw .busy("callsPerSecond", "The campaign has its calls of this second; try again.")
    }
    let usable = trunks(of: runtime)
    if let trunk = usable.first(where: { $0.hasRoom(at: now.monotonic) }) { return trunk }
    let reasons = usable.compactMap { $0.reasonForNoRoom(at: now.monotonic) }.joined(separator: "; ")
    guard usable.contains(where: { $0.state == .up }) else {
      throw .unavailable("trunk-down", "No trunk of the campaign is up: \(reasons).")
    }
    throw .busy("trunk-capacity", "There is no room on a trunk now: \(reasons).")
  }

  private func refusal(
    _ record: LeadRecord, _ list: AssignedList?, _ runtime: CampaignRuntime, _ phone: Int8, _ agent: AgentID?,
    _ override: [Gate]
  ) -> RequestError {
    let explanation = explain(
      record, in: runtime, at: now.wall, requestedPhone: phone, agent: agent, override: GateSet(of: override),
      agentInHand: agent != nil)
    return .refused(gates: GateForm.json(explanation.gates))
  }

  // MARK: - lead.next, lead.release

  func nextLead(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    let id = try command.parameters.agentID()
    let agent = try agent(id, command.peer)
    guard agent.agent.campaignIDs.contains(runtime.id) else {
      throw .conflict("agent-not-in-campaign", "The agent \(id) is not logged in to the campaign \(runtime.id).")
    }
    if let lead = agent.reservedLead, let held = reservations[lead], held.campaign === runtime,
      let record = leads.record(lead)
    {
      return .done(reservedReply(record, until: held.until))
    }
    guard agent.agent.state == .ready else {
      throw .conflict("agent-is-not-free", "The agent \(id) is \(agent.agent.state.rawValue), not ready.")
    }
    guard runtime.isRunning, isWritable, !isDraining else {
      return .done(["lead": .null, "reason": "campaign-running"])
    }
    guard !awaitsHistory else { throw .busy("history", "The limits' history is being loaded; try again.") }
    let length = command.parameters.optionalSeconds("reserveSeconds") ?? Self.reservationTime
    expireLists()
    catchUp(runtime)
    guard let (record, list, charged) = nextToReserve(runtime, agent: id, isDryRun: command.isDryRun) else {
      return .done(nothingToReserve(runtime))
    }
    if command.isDryRun {
      place(record, list, in: runtime)
      return .done(reservedReply(record, until: now.wall + length))
    }
    reserve(record, list, runtime, agent, charged: charged, for: length)
    return .done(reservedReply(record, until: now.wall + length))
  }

  /// Leads that were added to go out next, callbacks that are this agent's or anyone's, then the lists.
  private func nextToReserve(
    _ runtime: CampaignRuntime, agent: AgentID, isDryRun: Bool
  ) -> (LeadRecord, AssignedList, charged: Bool)? {
    if let (record, list) = nextQueued(runtime, agent: agent, isDryRun: isDryRun) { return (record, list, false) }
    for callback in callbacks.due(for: agent, in: runtime.id, at: now.wall, limit: Bounds.dueCallbacks) {
      guard let record = leads.record(callback.leadID), let list = runtime.assigned[record.listID] else { continue }
      let verdict = judge(record, list, in: runtime, locks: personKeys(record, in: runtime), agent: agent)
      if verdict.passes { return (record, list, false) }
    }
    var tries = 0
    while tries < Bounds.evaluations, let pick = runtime.index.pick() {
      tries += 1
      guard let record = leads.record(pick.lead), let list = runtime.assigned[record.listID] else {
        runtime.drop(pick.lead)
        continue
      }
      let keys = personKeys(record, in: runtime)
      let verdict = judge(record, list, in: runtime, locks: keys, agent: agent)
      guard verdict.passes else {
        putAside(record, list, in: runtime, verdict, keys)
        continue
      }
      return (record, list, true)
    }
    return nil
  }

  /// Who may not be dialled loses the place ahead of the others, as at a claim.
  private func nextQueued(
    _ runtime: CampaignRuntime, agent: AgentID, isDryRun: Bool
  ) -> (LeadRecord, AssignedList)? {
    for lead in runtime.priorityQueue.prefix(Bounds.evaluations) {
      if !isDryRun {
        runtime.priorityQueue.removeFirst()
        output.transaction.changes.append(.unqueueNext(lead, runtime.id))
      }
      guard let record = leads.record(lead), let list = runtime.assigned[record.listID] else { continue }
      let verdict = judge(record, list, in: runtime, locks: personKeys(record, in: runtime), agent: agent)
      if verdict.passes { return (record, list) }
      if !isDryRun { refresh(lead) }
    }
    return nil
  }

  private func nothingToReserve(_ runtime: CampaignRuntime) -> JSON {
    var next: Instant?
    for list in runtime.assigned.values where list.assignment.toDial {
      let counts = runtime.index.counts(list.slot)
      if counts.readyClosed + counts.waiting > 0 { next = runtime.index.nextEvent() }
    }
    return ["lead": .null, "reason": .string(idleWord(runtime)), "nextAt": JSON(next)]
  }

  private func reserve(
    _ record: LeadRecord, _ list: AssignedList, _ runtime: CampaignRuntime, _ agent: AgentRuntime, charged: Bool,
    for length: Interval
  ) {
    let lead = record.leadID
    if charged {
      runtime.index.charge(list.slot)
      runtime.assigned[record.listID]?.dialled += 1
      runtime.uncommittedCharges[record.listID, default: 0] += 1
    }
    let keys = Array(personKeys(record, in: runtime)) + record.phones.all.map(DialKey.line)
    locks.acquire(keys)
    epochCounter += 1
    let until = now.wall + length
    reservations[lead] = Reservation(
      lead: lead, agentID: agent.agent.agentID, campaign: runtime, list: record.listID, epoch: epochCounter,
      locks: keys, until: until, charged: charged)
    timers.set(.reservation(lead, epoch: epochCounter), at: now.monotonic + length)
    runtime.hold(lead, list: list.slot, .gate(.notLive), profile: profile(of: record, phone: -1, in: runtime))
    noteBusy(lead)
    noteRelated(lead)
    agent.reservedLead = lead
    setState(agent, .reserved)
    emit(.leadReserved, campaign: runtime.id, list: record.listID, lead: lead) { writer in
      writer.member("agentID", agent.agent.agentID.rawValue)
      writer.member("until", until)
    }
  }

  private func reservedReply(_ record: LeadRecord, until: Instant) -> JSON {
    ["lead": LeadForm(engine: self).short(record, isHeld: true), "reservedUntil": JSON(until)]
  }

  func releaseLead(_ command: Command) throws(RequestError) -> Answer {
    let record = try lead(of: command.parameters, command.peer)
    guard reservations[record.leadID] != nil else {
      throw .conflict("lead-is-not-reserved", "The lead \(record.leadID) is not reserved.")
    }
    if command.isDryRun { return .done(LeadForm(engine: self).short(record, isHeld: false)) }
    release(record.leadID, reason: "released")
    return .done(leads.record(record.leadID).map(shortForm) ?? .null)
  }

  func reservationOver(_ lead: LeadID, epoch: UInt64) {
    guard let held = reservations[lead], held.epoch == epoch else { return }
    release(lead, reason: "expired")
  }

  /// Ends a reservation without a dial: the list's share is given back, the agent is ready again.
  func release(_ lead: LeadID, reason: String) {
    guard let held = reservations[lead] else { return }
    endReservation(lead)
    if held.charged { held.campaign.giveBack(held.list) }
    emit(.leadReleased, campaign: held.campaign.id, list: held.list, lead: lead) { writer in
      writer.member("agentID", held.agentID.rawValue)
      writer.member("reason", reason)
    }
    refresh(lead)
    if let agent = agents[held.agentID], agent.agent.state == .reserved, agent.call == nil { agentIsFree(agent) }
  }

  /// Frees what the reservation holds; who calls says what becomes of the lead.
  private func endReservation(_ lead: LeadID) {
    guard let held = reservations.removeValue(forKey: lead) else { return }
    if held.charged, let open = held.campaign.uncommittedCharges[held.list] {
      held.campaign.uncommittedCharges[held.list] = open > 1 ? open - 1 : nil
    }
    if let agent = agents[held.agentID] { agent.reservedLead = nil }
    if let slot = held.campaign.assigned[held.list]?.slot { held.campaign.index.park(lead, list: slot) }
    wake(locks.release(held.locks).filter { $0 != lead })
  }
}
