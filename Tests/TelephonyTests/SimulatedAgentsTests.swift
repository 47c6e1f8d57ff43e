import DialerModel
import Telephony
import Testing

@Suite("Simulated agents")
struct SimulatedAgentsTests {
  private let campaign = CampaignID("sales")
  private let call = CallID("1x0123456789abcdef")
  private let start = MonotonicInstant(milliseconds: 1_000)

  private func agents(_ count: Int, speed: Double = 1, wrap: Interval? = .seconds(2)) -> SimulatedAgents {
    SimulatedAgents(SimulatedAgentOptions(count: count, speed: speed, wrap: wrap))
  }

  private func name(_ number: Int) -> AgentID { SimulatedAgents.agentID(campaign, number) }

  @Test("each campaign's agents log in once, and say ready when they are in")
  func login() {
    var agents = agents(2)
    var requests: [SimulatedAgentRequest] = []
    agents.join(campaign, at: start, requests: &requests)
    agents.join(campaign, at: start, requests: &requests)
    #expect(
      requests == [
        .login(name(1), campaign, extension: "sim-sales-1"), .login(name(2), campaign, extension: "sim-sales-2"),
      ])
    requests = []
    agents.observe(name(1), .paused, callID: nil, at: start, requests: &requests)
    #expect(requests == [.ready(name(1))])
  }

  @Test("no agents make no request")
  func none() {
    var agents = agents(0)
    var requests: [SimulatedAgentRequest] = []
    agents.join(campaign, at: start, requests: &requests)
    #expect(requests.isEmpty && agents.nextDeadline == nil)
  }

  @Test("a call is wrapped with one of the campaign's codes after the wrap time, divided by the speed")
  func wrap() {
    var agents = agents(1, speed: 4)
    var requests: [SimulatedAgentRequest] = []
    agents.join(campaign, wrapCodes: ["SALE"], at: start, requests: &requests)
    agents.observe(name(1), .ready, callID: nil, at: start, requests: &requests)
    agents.observe(name(1), .reserved, callID: nil, at: start, requests: &requests)
    agents.observe(name(1), .incall, callID: call, at: start, requests: &requests)
    #expect(agents.nextDeadline == nil)
    requests = []
    agents.observe(name(1), .wrapping, callID: call, at: start, requests: &requests)
    #expect(agents.nextDeadline == start + Interval(milliseconds: 500))
    agents.advance(to: start + Interval(milliseconds: 499), requests: &requests)
    #expect(requests.isEmpty)
    agents.advance(to: start + Interval(milliseconds: 500), requests: &requests)
    #expect(requests == [.wrap(name(1), call, code: "SALE")])
  }

  @Test("an agent whom the engine makes ready by itself does not wrap any more")
  func wrapUpTime() {
    var agents = agents(1)
    var requests: [SimulatedAgentRequest] = []
    agents.join(campaign, at: start, requests: &requests)
    agents.observe(name(1), .wrapping, callID: call, at: start, requests: &requests)
    agents.observe(name(1), .ready, callID: nil, at: start, requests: &requests)
    requests = []
    agents.advance(to: start + .hours(1), requests: &requests)
    #expect(requests.isEmpty)
  }

  @Test("a request that led to nothing is made again")
  func retry() {
    var agents = agents(1)
    var requests: [SimulatedAgentRequest] = []
    agents.join(campaign, at: start, requests: &requests)
    requests = []
    agents.advance(to: start + .seconds(30), requests: &requests)
    #expect(requests == [.login(name(1), campaign, extension: "sim-sales-1")])
  }

  @Test("an agent whom somebody pauses stays paused")
  func paused() {
    var agents = agents(1)
    var requests: [SimulatedAgentRequest] = []
    agents.join(campaign, at: start, requests: &requests)
    agents.observe(name(1), .ready, callID: nil, at: start, requests: &requests)
    requests = []
    agents.observe(name(1), .paused, callID: nil, at: start, requests: &requests)
    agents.advance(to: start + .hours(1), requests: &requests)
    #expect(requests.isEmpty)
  }

  @Test("agents leave with their campaign, say nothing after that, and can come again")
  func leave() {
    var agents = agents(1)
    var requests: [SimulatedAgentRequest] = []
    agents.join(campaign, at: start, requests: &requests)
    agents.observe(name(1), .wrapping, callID: call, at: start, requests: &requests)
    requests = []
    agents.leave(campaign, at: start, requests: &requests)
    agents.observe(name(1), .paused, callID: nil, at: start, requests: &requests)
    agents.advance(to: start + .hours(1), requests: &requests)
    #expect(requests == [.logout(name(1))])
    agents.join(campaign, at: start, requests: &requests)
    #expect(requests.last == .login(name(1), campaign, extension: "sim-sales-1"))
  }

  @Test("a stranger's state is nothing to them")
  func stranger() {
    var agents = agents(1)
    var requests: [SimulatedAgentRequest] = []
    agents.observe(AgentID("anna"), .wrapping, callID: call, at: start, requests: &requests)
    #expect(requests.isEmpty && !agents.contains(AgentID("anna")))
  }

  @Test("drawn wrap times last 30 s on average, the same for the same seed")
  func drawnWraps() {
    func wraps() -> [Int64] {
      var agents = agents(1, wrap: nil)
      var requests: [SimulatedAgentRequest] = []
      agents.join(campaign, at: start, requests: &requests)
      return (0..<2_000).map { index in
        agents.observe(name(1), .wrapping, callID: CallID("\(index)"), at: start, requests: &requests)
        return agents.nextDeadline.map { ($0 - start).milliseconds } ?? 0
      }
    }
    let once = wraps()
    #expect(once == wraps())
    let mean = Double(once.reduce(0, +)) / 2_000_000
    // Standard error: 30 s × 0.7 / √2,000 = 0.47 s.
    #expect((28...32).contains(mean))
  }
}
