import DialerModel
import Telephony

/// Who takes the next call, and what agents are doing.
extension Engine {
  func setState(_ agent: AgentRuntime, _ state: AgentState) {
    guard agent.agent.state != state else { return }
    let old = agent.agent.state
    agent.agent.state = state
    agent.agent.since = now.wall
    if state != .paused { agent.agent.reason = nil }
    epochCounter += 1
    agent.epoch = epochCounter
    if state == .ready, old != .reserved {
      readyCounter += 1
      agent.readyOrder = readyCounter
    }
    output.transaction.changes.append(.putAgent(agent.agent))
    let current = agent.call.flatMap { calls[$0]?.attempt.callID }
    let call = state == .wrapping ? agent.lastCallID : current
    sayState(agent, state.rawValue) { writer in
      if let reason = agent.agent.reason { writer.member("reason", reason) }
      if let call { writer.member("callID", call.rawValue) }
    }
    writeLog(.debug, "agent.state", [("agent", .text(agent.agent.agentID.rawValue)), ("state", .text(state.rawValue))])
  }

  /// The event names the agent's campaigns: by them it is known which tenants it concerns.
  func sayState(_ agent: AgentRuntime, _ state: String, members: @escaping (inout JSONWriter) -> Void = { _ in }) {
    emit(.agentState) { writer in
      writer.member("agentID", agent.agent.agentID.rawValue)
      writer.member("state", state)
      writer.key("campaignIDs")
      writer.beginArray()
      for campaign in agent.agent.campaignIDs { writer.value(campaign.rawValue) }
      writer.endArray()
      members(&writer)
    }
  }

  /// The agents of a campaign who are ready, longest first.
  func readyAgents(_ campaign: CampaignRuntime) -> [AgentRuntime] {
    campaign.agents.compactMap { agents[$0] }.filter { $0.agent.state == .ready }
      .sorted { $0.readyOrder < $1.readyOrder }
  }

  func reservedAgents(_ campaign: CampaignRuntime) -> [AgentRuntime] {
    campaign.agents.compactMap { agents[$0] }
      .filter { $0.agent.state == .reserved && $0.reservedFor == campaign.id && $0.call == nil }
      .sorted { $0.readyOrder < $1.readyOrder }
  }

  /// Gives a person who answered to the longest-ready agent; with none the call waits for its deadline.
  func route(_ call: LiveCall) {
    guard call.phase == .answered, call.connecting == nil, call.hangup == nil else { return }
    let chosen: AgentRuntime?
    if let wanted = call.forAgent {
      chosen = agents[wanted].flatMap { $0.call == call.attempt.attemptID || $0.agent.state == .ready ? $0 : nil }
    } else {
      chosen = (reservedAgents(call.campaign) + readyAgents(call.campaign)).min { $0.readyOrder < $1.readyOrder }
    }
    guard let agent = chosen else { return }
    agent.call = call.attempt.attemptID
    agent.reservedFor = call.campaign.id
    setState(agent, .reserved)
    call.connecting = agent.agent.agentID
    call.campaign.waitingCalls.removeAll { $0 == call.attempt.attemptID }
    setDeadline(call, now.monotonic + Self.connectGrace)
    tell(call.attempt.trunk, .connect(call.attempt.callID, agent.agent.agentID, extension: agent.agent.extension))
  }

  /// A free agent takes the person who has waited longest, or becomes ready.
  func agentIsFree(_ agent: AgentRuntime) {
    agent.reservedFor = nil
    agent.reservedLead = nil
    if let pause = agent.pausesNext {
      agent.pausesNext = nil
      agent.agent.reason = pause
      setState(agent, .paused)
      return
    }
    if agent.agent.state == .reserved {
      // Back to the place in the queue that it had.
      agent.agent.state = .ready
      agent.agent.since = now.wall
      output.transaction.changes.append(.putAgent(agent.agent))
      sayState(agent, AgentState.ready.rawValue)
    } else {
      setState(agent, .ready)
    }
    takeWaitingCall(agent)
  }

  private func takeWaitingCall(_ agent: AgentRuntime) {
    var oldest: LiveCall?
    for id in agent.agent.campaignIDs {
      guard let campaign = campaigns[id] else { continue }
      for attempt in campaign.waitingCalls {
        guard let call = calls[attempt], call.phase == .answered, call.connecting == nil, call.hangup == nil,
          call.forAgent == nil || call.forAgent == agent.agent.agentID
        else { continue }
        if let known = oldest?.attempt.answeredAt, let at = call.attempt.answeredAt, at >= known { continue }
        oldest = call
      }
    }
    if let oldest { route(oldest) }
  }

  /// Progressive keeps one agent for each line, ratio one for each `dialRatio` lines; what is left over is ready again.
  func balanceReservations(_ campaign: CampaignRuntime) {
    guard campaign.reservesAgents else { return }
    let reserved = reservedAgents(campaign)
    let needed = campaign.agentsNeeded(lines: campaign.lines)
    guard reserved.count > needed else { return }
    for agent in reserved.suffix(reserved.count - needed) { agentIsFree(agent) }
  }

  /// Reserves agents for one more line.
  ///
  /// - Returns: false when there is no agent for it.
  func reserveForLine(_ campaign: CampaignRuntime) -> Bool {
    guard campaign.reservesAgents else { return true }
    let missing = campaign.agentsNeeded(lines: campaign.lines + 1) - reservedAgents(campaign).count
    guard missing > 0 else { return true }
    let ready = readyAgents(campaign).prefix(missing)
    for agent in ready {
      agent.reservedFor = campaign.id
      setState(agent, .reserved)
    }
    return ready.count == missing
  }

  /// After a restart the lines that are still open have a first call on the agents.
  func reserveForOpenLines(_ campaign: CampaignRuntime) {
    guard campaign.reservesAgents else { return }
    let missing = campaign.agentsNeeded(lines: campaign.lines) - reservedAgents(campaign).count
    for agent in readyAgents(campaign).prefix(max(0, missing)) {
      agent.reservedFor = campaign.id
      setState(agent, .reserved)
    }
  }

  /// Whether an agent is there for one more line.
  func hasAgentForLine(_ campaign: CampaignRuntime) -> Bool {
    guard campaign.reservesAgents else { return true }
    // Lines whose agents paused or left while they rang come first.
    let missing = campaign.agentsNeeded(lines: campaign.lines + 1) - reservedAgents(campaign).count
    return missing <= 0 || readyAgents(campaign).count >= missing
  }

  func startWrapUp(_ agent: AgentRuntime, _ campaign: CampaignRuntime) {
    setState(agent, .wrapping)
    if let length = campaign.campaign.wrapUp {
      timers.set(.wrapUp(agent.agent.agentID, epoch: agent.epoch), at: now.monotonic + length)
    }
  }

  func wrapUpOver(_ id: AgentID, epoch: UInt64) {
    guard let agent = agents[id], agent.epoch == epoch, agent.agent.state == .wrapping else { return }
    agentIsFree(agent)
  }
}
