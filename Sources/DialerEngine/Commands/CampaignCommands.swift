import ControlProtocol
import DialerModel
import DialingRules
import LeadSelection

extension Engine {
  func listCampaigns(_ command: Command) -> Answer {
    let seen = campaignOrder.filter { sees(command.peer, $0.campaign.tenant) }
    return .done(["campaigns": .array(seen.map { CampaignForm.json($0.campaign) })])
  }

  func createCampaign(_ command: Command) throws(RequestError) -> Answer {
    let id = try command.parameters.campaignID()
    guard campaigns[id] == nil else { throw .alreadyExists("campaign", .string(id.rawValue)) }
    let tenant = try tenant(for: command)
    let named = command.parameters.optionalText("callingHours").map { CallingHoursID($0) }
    guard let hours = named ?? settings.defaultCallingHours else {
      throw command.parameters.invalid(
        "callingHours", accepted: callingHoursSets.keys.map(\.rawValue).sorted(),
        "callingHours: the configuration has no default, so a campaign must name its calling hours.")
    }
    var campaign = Campaign(campaignID: id, name: id.rawValue, callingHours: hours, createdAt: now.wall)
    campaign.tenant = tenant
    try apply(command.parameters, to: &campaign)
    // A number tells little of its place where mobiles have area codes of their own, as in the US and Canada.
    if !command.parameters.isPresent("strictZones") {
      campaign.strictZones = ["US", "CA"].contains(campaign.region ?? settings.defaultRegion ?? "")
    }
    if command.isDryRun { return .done(CampaignForm.json(campaign)) }
    add(try runtime(for: campaign, command.parameters))
    output.transaction.changes.append(.putCampaign(campaign))
    sayState(campaign)
    return .done(CampaignForm.json(campaign))
  }

  func updateCampaign(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    var campaign = runtime.campaign
    if let tenant = command.parameters.optionalText("tenant"), TenantID(tenant) != campaign.tenant {
      throw .conflict("tenant-is-fixed", "A campaign stays with its tenant.")
    }
    try apply(command.parameters, to: &campaign)
    campaign.updatedAt = now.wall
    let hours = try compiledHours(for: campaign, command.parameters)
    if command.isDryRun { return .done(CampaignForm.json(campaign)) }
    let old = runtime.campaign
    runtime.campaign = campaign
    runtime.gate.rate = campaign.callsPerSecond
    if campaign.listWeighting != old.listWeighting { runtime.index.setWeighting(campaign.listWeighting) }
    output.transaction.changes.append(.putCampaign(campaign))
    rulesChanged(runtime, from: old, hours: hours)
    writeLog(.notice, "campaign.updated", [("campaign", .text(campaign.campaignID.rawValue))])
    return .done(CampaignForm.json(campaign))
  }

  /// What a change of the campaign means for where its leads stand.
  private func rulesChanged(_ runtime: CampaignRuntime, from old: Campaign, hours: CompiledHours) {
    let new = runtime.campaign
    for id in runtime.assigned.keys.sorted() { recompile(id, in: runtime) }
    let hoursChanged =
      new.callingHours != old.callingHours || new.unknownRegion != old.unknownRegion
      || new.strictZones != old.strictZones
    if hoursChanged { runtime.hours = hours }
    if hoursChanged || new.calledCountLimit != old.calledCountLimit || new.seed != old.seed
      || new.attemptLimits != old.attemptLimits || new.minimumGap != old.minimumGap
      // Whether an agent is in hand decides for whom the hold after an abandoned call counts.
      || new.dialMode.hasAgentInHand != old.dialMode.hasAgentInHand
    {
      rebuild(runtime, forgettingProfiles: hoursChanged)
    }
    if new.dialMode != old.dialMode { balanceAfterModeChange(runtime) }
    requireHistory()
  }

  private func balanceAfterModeChange(_ runtime: CampaignRuntime) {
    runtime.recountLines(calls.values.filter { $0.campaign === runtime })
    if runtime.reservesAgents {
      balanceReservations(runtime)
    } else {
      for agent in reservedAgents(runtime) { agentIsFree(agent) }
    }
    if !runtime.campaign.dialMode.isAgentPaced { releaseAll(of: runtime, reason: "mode-changed") }
    if runtime.campaign.dialMode == .predictive { sayPredictive(runtime) }
  }

  func deleteCampaign(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    guard runtime.campaign.state == .stopped else {
      throw .conflict("campaign-is-not-stopped", "Stop the campaign before it is deleted.")
    }
    guard runtime.liveCalls == 0 else {
      throw .conflict("campaign-has-live-calls", "The campaign has \(runtime.liveCalls) live calls.")
    }
    if command.isDryRun { return .done(["deleted": 1]) }
    for lead in callbacks.leads(in: runtime.id) {
      callbacks.remove(lead, runtime.id)
      output.transaction.changes.append(.deleteCallback(lead, runtime.id))
    }
    releaseAll(of: runtime, reason: "campaign-deleted")
    for id in runtime.agents {
      guard let agent = agents[id] else { continue }
      agent.agent.campaignIDs.removeAll { $0 == runtime.id }
      output.transaction.changes.append(.putAgent(agent.agent))
    }
    campaigns[runtime.id] = nil
    campaignOrder.removeAll { $0 === runtime }
    output.transaction.changes.append(.deleteCampaign(runtime.id))
    emit(.campaignState, campaign: runtime.id) { writer in
      writer.member("state", "deleted")
      writer.member("tenant", runtime.campaign.tenant.rawValue)
    }
    return .done(["deleted": 1])
  }

  /// Leads that `lead.next` holds for agents of this campaign, who are ready again.
  private func releaseAll(of runtime: CampaignRuntime, reason: String) {
    for lead in reservations.keys.sorted() where reservations[lead]?.campaign === runtime {
      release(lead, reason: reason)
    }
  }

  func setCampaignState(_ command: Command, _ state: CampaignState) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    if state == .running { try checkStartable(runtime) }
    var changed = runtime.campaign
    changed.state = state
    if command.isDryRun { return .done(CampaignForm.json(changed)) }
    if runtime.campaign.state != state {
      changed.updatedAt = now.wall
      let wasStopped = runtime.campaign.state == .stopped
      runtime.campaign = changed
      runtime.idleReason = nil
      for id in runtime.assigned.keys.sorted() { recompile(id, in: runtime) }
      output.transaction.changes.append(.putCampaign(changed))
      sayState(changed)
      if state == .stopped { releaseAll(of: runtime, reason: "campaign-stopped") }
      if state == .running {
        if wasStopped { recycleOnStart(runtime) }
        if changed.dialMode == .predictive { sayPredictive(runtime) }
      }
    }
    if state == .stopped, command.parameters.optionalBoolean("hangup") == true {
      for id in calls.keys.sorted() {
        if let call = calls[id], call.campaign === runtime { hangUp(call, .ordered, by: command.peer.userID) }
      }
    }
    return .done(CampaignForm.json(runtime.campaign))
  }

  private func checkStartable(_ runtime: CampaignRuntime) throws(RequestError) {
    guard !isDraining else { throw .unavailable("shutting-down", "The daemon is shutting down.") }
    for trunk in runtime.campaign.trunks where trunkRuntime(trunk) == nil {
      throw .conflict("trunk-not-configured", "The campaign names the trunk \(trunk), which is not configured.")
    }
  }

  private func sayState(_ campaign: Campaign) {
    emit(.campaignState, campaign: campaign.campaignID) { $0.member("state", campaign.state.rawValue) }
    writeLog(
      .notice, "campaign.state",
      [("campaign", .text(campaign.campaignID.rawValue)), ("state", .text(campaign.state.rawValue))])
  }

  func sayPredictive(_ runtime: CampaignRuntime) {
    writeLog(
      .warning, "campaign.predictive",
      [
        ("campaign", .text(runtime.id.rawValue)), ("runsAs", .text("progressive")),
        ("reason", .text("predictive pacing is not built yet")),
      ])
  }

  /// Waits end where the retry rule says so, in pieces: a list may have millions of leads.
  private func recycleOnStart(_ runtime: CampaignRuntime) {
    let lists = runtime.assigned.filter { $0.value.strategy.retries.contains { $0.recycleOnStart } }.map(\.key)
    guard !lists.isEmpty else { return }
    jobs.append(RecycleJob(campaign: runtime, lists: Set(lists)))
  }

  // MARK: - Making and keeping runtimes

  func compiledHours(for campaign: Campaign, _ parameters: Parameters?) throws(RequestError) -> CompiledHours {
    guard let set = callingHoursSets[campaign.callingHours] else {
      throw .invalidParams(
        field: "callingHours", value: .string(campaign.callingHours.rawValue),
        accepted: callingHoursSets.keys.map(\.rawValue).sorted(),
        message: "callingHours: there is no set of calling hours of this name.")
    }
    return CompiledHours(set, unknownRegion: campaign.unknownRegion)
  }

  private func runtime(for campaign: Campaign, _ parameters: Parameters) throws(RequestError) -> CampaignRuntime {
    CampaignRuntime(campaign: campaign, hours: try compiledHours(for: campaign, parameters), now: now)
  }

  func add(_ runtime: CampaignRuntime) {
    campaigns[runtime.id] = runtime
    campaignOrder.append(runtime)
    campaignOrder.sort { $0.id < $1.id }
    requireHistory()
  }
}

extension CampaignRuntime {
  /// Lines are counted only in the modes that reserve agents; after a change of mode they are counted anew.
  func recountLines(_ calls: [LiveCall]) {
    setLines(calls.filter { needsAgent($0) && $0.phase < .connected }.count)
  }
}
