import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// After a crash every open attempt finds its end, and none is dialled again.
@Suite struct RecoveryTests {
  private func harness(mode: String = "progressive", agents: [String] = ["ann"], leads: Int = 1) throws -> EngineHarness
  {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(leads)
    try harness.campaign(mode: mode, ["maximumLiveCalls": 1])
    for agent in agents { try harness.agent(agent) }
    try harness.start()
    return harness
  }

  @Test("an open attempt that the trunk does not know ends as unknown, counted once, and is not dialled again")
  func unknown() throws {
    let harness = try harness()
    let call = try #require(harness.liveCall?.attempt.callID)
    harness.say(.accepted(call))
    harness.crash()
    harness.settle()
    #expect(harness.commands.last == .listLive)
    harness.say(.live([]))
    #expect(harness.outcomes == [.unknown])
    #expect(harness.stored(LeadID(1))?.calledCount == 1)
    #expect(harness.dialled == [call])
    harness.pass(.hours(3))
    #expect(harness.claimedLeads == [1])
    harness.pass(.hours(2))
    #expect(harness.claimedLeads == [1, 1], "the retry rule for `unknown` is four hours")
  }

  @Test("an open attempt that the trunk still has is taken up and ends as it ends")
  func recovered() throws {
    let harness = try harness()
    let call = try #require(harness.liveCall?.attempt.callID)
    harness.say(.accepted(call))
    harness.say(.ringing(call))
    harness.crash()
    harness.say(.live([call]))
    #expect(harness.outcomes.isEmpty)
    harness.say(.answered(call))
    harness.say(.connected(call, AgentID("ann")))
    harness.say(.ended(call, CallEnding(byFarEnd: true)))
    #expect(harness.outcomes == [.connected])
    #expect(harness.state("ann") == "wrapping")
  }

  @Test("a person who had answered before the crash is given to an agent after it")
  func answeredIsRouted() throws {
    let harness = try harness(agents: ["ann"])
    let call = try #require(harness.liveCall?.attempt.callID)
    harness.say(.accepted(call))
    harness.say(.answered(call))
    harness.crash()
    harness.settle()
    harness.say(.live([call]))
    #expect(harness.commands.last == .connect(call, AgentID("ann"), extension: nil))
  }

  @Test("a call that was connected stays its agent's over a crash")
  func connectedStays() throws {
    let harness = try harness()
    let call = try #require(harness.liveCall?.attempt.callID)
    for event in [TrunkEvent.accepted(call), .answered(call), .connected(call, AgentID("ann"))] { harness.say(event) }
    harness.crash(after: .seconds(3))
    harness.say(.live([call]))
    #expect(harness.state("ann") == "incall")
    harness.say(.ended(call, CallEnding(byFarEnd: true)))
    #expect(harness.outcomes == [.connected])
    #expect(harness.state("ann") == "wrapping")
  }

  @Test("the wrap of the last call ends the wrap-up after a restart, too")
  func wrapAfterRestart() throws {
    let harness = try harness()
    try harness.call("campaign.update", ["campaignID": "c", "wrapCodes": [["code": "SALE", "name": "Sale"]]])
    let call = try #require(harness.liveCall?.attempt.callID)
    for event in [TrunkEvent.accepted(call), .answered(call), .connected(call, AgentID("ann"))] { harness.say(event) }
    harness.say(.ended(call, CallEnding(byFarEnd: true)))
    harness.crash(after: .seconds(3))
    harness.settle()
    #expect(harness.state("ann") == "wrapping")
    try harness.call("call.wrap", ["callID": .string(call.rawValue), "wrapCode": "SALE"])
    #expect(harness.state("ann") == "ready")
  }

  @Test("an attempt that was claimed and whose commit was lost never was")
  func lostCommit() throws {
    let harness = try harness(agents: [])
    try harness.agent("ann", ready: false)
    harness.holdsCommits = true
    try harness.send("agent.setState", ["agentID": "ann", "state": "ready"])
    harness.settle()
    #expect(harness.engine.calls.count == 1)
    harness.holdsCommits = false
    harness.crash()
    harness.settle()
    #expect(harness.dialled.isEmpty && harness.claimedLeads.isEmpty)
    #expect(harness.stored(LeadID(1))?.calledCount == 0)
  }

  @Test("an agent who logs in again after a restart is told the state it was left in")
  func loginAfterRestart() throws {
    let harness = try harness(agents: [])
    try harness.agent("ann", ready: false)
    harness.crash(after: .seconds(1))
    let before = harness.events(.agentState).count
    try harness.agent("ann", ready: false)
    let said = harness.events(.agentState).dropFirst(before).map { String(decoding: $0.members, as: UTF8.self) }
    #expect(said.count == 1)
    #expect(said.first?.contains(#""state":"paused""#) == true)
  }

  @Test("lines that are open after a crash keep agents for themselves, so that nobody is dialled without one")
  func openLinesKeepAgents() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(10)
    try harness.campaign(mode: "progressive")
    for agent in ["ann", "bob"] { try harness.agent(agent) }
    try harness.start()
    let calls = harness.dialled
    #expect(calls.count == 2)
    for call in calls { harness.say(.accepted(call)) }
    harness.crash()
    harness.say(.live(calls))
    harness.pass(.seconds(5))
    #expect(harness.claimedLeads.count == 2)
    for call in calls { harness.say(.answered(call)) }
    #expect(harness.commands.suffix(2).allSatisfy { if case .connect = $0 { true } else { false } })
  }

  @Test("agents who were ready keep their order over a restart")
  func readyOrder() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.campaign(mode: "progressive")
    for agent in ["zoe", "ann"] {
      try harness.agent(agent)
      harness.pass(.seconds(1))
    }
    try harness.start()
    harness.crash()
    harness.settle()
    try harness.lead(1)
    #expect(harness.state("zoe") == "reserved" && harness.state("ann") == "ready")
  }

  @Test("an attempt on a trunk that the configuration no longer has ends as unknown")
  func trunkIsGone() throws {
    let harness = try harness()
    harness.settings.trunks = [
      TrunkSettings(name: TrunkName("new"), kind: "simulator", maximumCalls: 1, callsPerSecond: 1)
    ]
    harness.crash()
    harness.settle()
    #expect(harness.outcomes == [.unknown])
  }
}
