import ControlProtocol
import DaemonSystem
import DialerEngine
import DialerModel
import Telephony

/// The agents that a simulator brings with it: they ask the engine for what a CRM would ask.
final class SimulatedAgentHost {
  private let loop: EventLoop
  private var agents: SimulatedAgents
  private var joined: Set<CampaignID> = []
  var onRequest: ((EngineRequest) -> Void)?

  init(loop: EventLoop, options: SimulatedAgentOptions) {
    self.loop = loop
    agents = SimulatedAgents(options)
  }

  /// N agents join each campaign that is there.
  func join(_ campaigns: [(id: CampaignID, wrapCodes: [String])]) {
    var requests: [SimulatedAgentRequest] = []
    for campaign in campaigns where joined.insert(campaign.id).inserted {
      agents.join(campaign.id, wrapCodes: campaign.wrapCodes, at: loop.now.monotonic, requests: &requests)
    }
    ask(requests)
  }

  func observe(_ agentID: AgentID, _ state: AgentState, callID: CallID?) {
    guard agents.contains(agentID) else { return }
    var requests: [SimulatedAgentRequest] = []
    agents.observe(agentID, state, callID: callID, at: loop.now.monotonic, requests: &requests)
    ask(requests)
  }

  func advance(to now: Now) -> MonotonicInstant? {
    if let due = agents.nextDeadline, due <= now.monotonic {
      var requests: [SimulatedAgentRequest] = []
      agents.advance(to: now.monotonic, requests: &requests)
      ask(requests)
    }
    return agents.nextDeadline
  }

  private func ask(_ requests: [SimulatedAgentRequest]) {
    for request in requests {
      switch request {
      case .login(let agent, let campaign, let place):
        send(
          "agent.login",
          [
            "agentID": .string(agent.rawValue), "campaignIDs": [.string(campaign.rawValue)],
            "extension": .string(place),
          ])
      case .ready(let agent): send("agent.setState", ["agentID": .string(agent.rawValue), "state": "ready"])
      case .wrap(let agent, let call, let code):
        if let code {
          send(
            "call.wrap",
            ["callID": .string(call.rawValue), "wrapCode": .string(code), "agentID": .string(agent.rawValue)])
        } else {
          send("agent.setState", ["agentID": .string(agent.rawValue), "state": "ready"])
        }
      case .logout(let agent): send("agent.logout", ["agentID": .string(agent.rawValue)])
      }
    }
  }

  /// As the daemon itself; nobody waits for the reply.
  private func send(_ method: String, _ params: JSONObject) {
    guard let spec = MethodTable.method(method) else { return }
    do throws(RequestError) {
      let parameters = try Parameters(params, of: spec)
      onRequest?(
        EngineRequest(
          token: RequestToken(0), peer: Peer(userID: 0, role: .admin), method: method, changes: spec.changes,
          parameters: parameters))
    } catch {
      preconditionFailure("a simulated agent asks what the method table takes: \(error.message)")
    }
  }
}
