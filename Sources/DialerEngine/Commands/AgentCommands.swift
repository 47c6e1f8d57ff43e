import ControlProtocol
import DialerModel

/// Agents as the CRM reports them.
extension Engine {
  /// How many may be logged in: more than any one site has, and each costs a scan at a claim.
  static let maximumAgents = 10_000

  func loginAgent(_ command: Command) throws(RequestError) -> Answer {
    let id = try command.parameters.agentID()
    let wanted = try command.parameters.strings("campaignIDs").map { CampaignID($0) }
    for campaign in wanted { _ = try self.campaign(campaign, command.peer) }
    let existing = agents[id]
    if let existing, !sees(command.peer, existing) {
      throw .conflict("agent-of-another-tenant", "The agent \(id) is logged in with another tenant.")
    }
    guard existing != nil || agents.count < Self.maximumAgents else { throw .busy("agents") }
    var agent =
      existing?.agent ?? Agent(agentID: id, campaignIDs: wanted, state: .paused, since: now.wall)
    agent.campaignIDs = wanted
    if command.parameters.isPresent("extension") { agent.extension = command.parameters.optionalText("extension") }
    if command.isDryRun { return .done(CampaignForm.agent(AgentRuntime(agent: agent), callID: nil)) }
    let runtime = existing ?? AgentRuntime(agent: agent)
    runtime.agent = agent
    agents[id] = runtime
    for campaign in campaignOrder {
      campaign.agents.removeAll { $0 == id }
      if wanted.contains(campaign.id) { campaign.agents.append(id) }
    }
    output.transaction.changes.append(.putAgent(agent))
    // Said at each login: one whom a restart left logged in learns from it where they stand.
    sayState(runtime, agent.state.rawValue) { writer in
      writer.member("login", true)
      if agent.state == .wrapping, let call = runtime.lastCallID { writer.member("callID", call.rawValue) }
    }
    leaveOtherCampaigns(runtime)
    if existing == nil { writeLog(.info, "agent.login", [("agent", .text(id.rawValue))]) }
    return .done(form(runtime))
  }

  /// What the agent was held for in a campaign that it does not work for any more goes to others.
  private func leaveOtherCampaigns(_ runtime: AgentRuntime) {
    let campaigns = runtime.agent.campaignIDs
    if let lead = runtime.reservedLead, let held = reservations[lead], !campaigns.contains(held.campaign.id) {
      return release(lead, reason: "agent-left-campaign")
    }
    guard runtime.agent.state == .reserved, runtime.call == nil, let line = runtime.reservedFor,
      !campaigns.contains(line)
    else { return }
    agentIsFree(runtime)
    if let campaign = self.campaigns[line] { reserveForOpenLines(campaign) }
  }

  func logoutAgent(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try agent(command)
    guard runtime.agent.state != .incall else {
      throw .conflict("agent-in-call", "The agent is in a call; end it first.")
    }
    if command.isDryRun { return .done(form(runtime, as: .paused)) }
    let id = runtime.agent.agentID
    if let lead = runtime.reservedLead { release(lead, reason: "logout") }
    if let attempt = runtime.call, let call = calls[attempt], call.connecting == id {
      call.connecting = nil
      setDeadline(call, now.monotonic + Self.answerGrace)
      call.campaign.waitingCalls.append(attempt)
    }
    runtime.agent.state = .paused
    agents[id] = nil
    for campaign in campaignOrder { campaign.agents.removeAll { $0 == id } }
    output.transaction.changes.append(.deleteAgent(id))
    sayState(runtime, "logged-out")
    writeLog(.info, "agent.logout", [("agent", .text(id.rawValue))])
    for attempt in calls.keys.sorted() {
      if let call = calls[attempt], call.phase == .answered, call.connecting == nil { route(call) }
    }
    return .done(form(runtime))
  }

  func setAgentState(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try agent(command)
    let reason = command.parameters.optionalText("reason")
    let state = AgentState(rawValue: try command.parameters.text("state")) ?? .paused
    if state == .wrapping, runtime.agent.state == .incall {
      throw .conflict("agent-in-call", "The agent is in a call, and wraps up when it has ended.")
    }
    let isBusy = [.incall, .reserved].contains(runtime.agent.state)
    let waits = isBusy && (state == .ready || state == .paused && runtime.call != nil)
    if command.isDryRun {
      return .done(
        waits ? form(runtime, pausesNext: state == .paused) : form(runtime, as: state, reason: reason))
    }
    switch state {
    case _ where waits: runtime.pausesNext = state == .paused ? .some(reason) : nil
    case .ready: if runtime.agent.state != .ready { agentIsFree(runtime) }
    case .paused:
      if let lead = runtime.reservedLead { release(lead, reason: "agent-paused") }
      runtime.pausesNext = nil
      runtime.reservedFor = nil
      runtime.agent.reason = reason
      setState(runtime, .paused)
    case .wrapping:
      if let lead = runtime.reservedLead { release(lead, reason: "agent-wrapping") }
      runtime.reservedFor = nil
      setState(runtime, .wrapping)
    case .reserved, .incall: break
    }
    return .done(form(runtime))
  }

  func listAgents(_ command: Command) throws(RequestError) -> Answer {
    var wanted: CampaignRuntime?
    if command.parameters.isPresent("campaignID") { wanted = try campaign(of: command) }
    let ids = wanted.map { $0.agents.sorted() } ?? agents.keys.sorted()
    let seen = ids.compactMap { agents[$0] }.filter { sees(command.peer, $0) }
    return .done(["agents": .array(seen.map { form($0) })])
  }

  private func agent(_ command: Command) throws(RequestError) -> AgentRuntime {
    let id = try command.parameters.agentID()
    return try agent(id, command.peer)
  }

  func agent(_ id: AgentID, _ peer: Peer) throws(RequestError) -> AgentRuntime {
    guard let found = agents[id], sees(peer, found) else { throw .notFound("agent", .string(id.rawValue)) }
    return found
  }

  /// An agent belongs to the tenants of its campaigns.
  func sees(_ peer: Peer, _ agent: AgentRuntime) -> Bool {
    let tenants = agent.agent.campaignIDs.compactMap { campaigns[$0]?.campaign.tenant }
    return tenants.isEmpty || tenants.contains { sees(peer, $0) }
  }

  func form(_ runtime: AgentRuntime) -> JSON {
    CampaignForm.agent(runtime, callID: runtime.call.flatMap { calls[$0]?.attempt.callID })
  }

  /// The agent as it would be, for a dry run.
  private func form(_ runtime: AgentRuntime, as state: AgentState, reason: String? = nil) -> JSON {
    let copy = AgentRuntime(agent: runtime.agent)
    copy.call = runtime.call
    if state != runtime.agent.state { copy.agent.since = now.wall }
    copy.agent.state = state
    copy.agent.reason = state == .paused ? reason : nil
    return form(copy)
  }

  private func form(_ runtime: AgentRuntime, pausesNext: Bool) -> JSON {
    let copy = AgentRuntime(agent: runtime.agent)
    copy.call = runtime.call
    copy.reservedLead = runtime.reservedLead
    copy.pausesNext = pausesNext ? .some(nil) : nil
    return form(copy)
  }
}
