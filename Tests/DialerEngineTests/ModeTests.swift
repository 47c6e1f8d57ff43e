import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// Who talks to whom: agents, lines and the modes of dialling.
@Suite struct ModeTests {
  private static let codes: JSON = [
    ["code": "SALE", "name": "Sale", "completed": true, "converted": true, "contact": true],
    ["code": "NOPE", "name": "Never again", "doNotCall": true, "contact": true],
    ["code": "LATER", "name": "Later", "callback": true],
    ["code": "HM", "name": "Hung up"],
  ]

  private func harness(
    mode: String = "progressive", leads: Int = 10, ending digit: Int = 0, agents: [String] = ["ann"],
    simulated: Bool = true, _ more: JSONObject = [:]
  ) throws -> EngineHarness {
    let harness = try EngineHarness(simulator: simulated ? SimulatorOptions() : nil)
    try harness.list()
    try harness.leads(leads, ending: digit)
    try harness.campaign(mode: mode, ["wrapCodes": Self.codes] + more)
    for agent in agents { try harness.agent(agent) }
    return harness
  }

  @Test("progressive reserves one agent for each line, and dials nobody without one")
  func progressiveReserves() throws {
    let harness = try harness(agents: ["ann", "bob"])
    try harness.start()
    harness.pass(.seconds(1))
    #expect(harness.engine.calls.count == 2)
    #expect(harness.state("ann") == "reserved" && harness.state("bob") == "reserved")
    harness.pass(.seconds(30))
    #expect(harness.claimedLeads.count == 2, "both wrap up and nobody is ready")
    #expect(harness.state("ann") == "wrapping")
    #expect(harness.outcomes == [.connected, .connected])
  }

  @Test("an agent whose line came to nothing is ready again and keeps its place")
  func reservationIsGivenBack() throws {
    let harness = try harness(leads: 1, ending: 5, agents: ["ann", "bob"])
    try harness.start()
    harness.pass(.seconds(10))
    #expect(harness.state("ann") == "ready" && harness.state("bob") == "ready")
    try harness.lead(99)
    harness.pass(.seconds(2))
    #expect(harness.events(.attemptConnected).first?.attempt?.agentID == AgentID("ann"))
  }

  @Test("an agent who logs in to other campaigns while held for a line is free, and another takes its place")
  func leavesLine() throws {
    let harness = try harness(leads: 1, agents: ["ann", "bob"])
    try harness.call("campaign.create", ["campaignID": "d", "dialMode": "progressive"])
    try harness.start()
    harness.pass(.milliseconds(500))
    #expect(harness.state("ann") == "reserved")
    try harness.agent("ann", ["d"], ready: false)
    #expect(harness.state("ann") == "ready")
    #expect(harness.state("bob") == "reserved")
    harness.pass(.seconds(2))
    #expect(harness.state("bob") == "incall")
  }

  @Test("no line is dialled for an agent whom a line that lost its own waits for")
  func lineWithoutAgent() throws {
    let harness = try harness(leads: 4, agents: ["ann", "bob"])
    try harness.start()
    harness.pass(.milliseconds(500))
    #expect(harness.claimedLeads.count == 2)
    try harness.call("agent.setState", ["agentID": "ann", "state": "paused"])
    try harness.agent("mia")
    harness.pass(.milliseconds(500))
    #expect(harness.claimedLeads.count == 2, "bob and mia have a line each")
    harness.pass(.seconds(4))
    #expect(harness.events(.attemptConnected).count == 2)
  }

  @Test("a person who answers goes to the agent who has been ready longest")
  func longestReady() throws {
    let harness = try harness(leads: 0, agents: ["zoe", "ann", "mia"])
    try harness.start()
    for index in 0..<3 {
      try harness.lead(index)
      harness.pass(.seconds(3))
    }
    #expect(harness.events(.attemptConnected).compactMap { $0.attempt?.agentID?.rawValue } == ["zoe", "ann", "mia"])
  }

  @Test(
    "ratio dials as many lines for each ready agent as the campaign says", arguments: [(1.0, 2), (1.5, 3), (3.0, 6)])
  func ratio(_ ratio: Double, _ lines: Int) throws {
    let harness = try harness(mode: "ratio", ending: 6, agents: ["ann", "bob"], ["dialRatio": JSON(ratio)])
    try harness.start()
    harness.pass(.seconds(1))
    #expect(harness.engine.calls.count == lines)
  }

  @Test("a person for whom there is no agent within 2 s is hung up on, and the call is dropped")
  func dropped() throws {
    let harness = try harness(mode: "ratio", leads: 2, agents: ["ann"], ["dialRatio": 2, "abandonTargetPercent": 100])
    try harness.start()
    harness.pass(.seconds(8))
    let answered = try #require(harness.events(.attemptAnswered).last)
    let end = try #require(harness.events(.attemptEnded).first { $0.attempt?.outcome == .dropped })
    #expect(end.at - answered.at == .seconds(2))
    #expect(
      harness.commands.contains { if case .hangup(let id) = $0 { id == end.callID } else { false } })
    #expect(harness.stored(LeadID(2))?.status.description == "DROP")
    #expect(harness.outcomes.sorted { $0.rawValue < $1.rawValue } == [.connected, .dropped])
  }

  @Test("an agent who becomes ready within 2 s takes the person who waits")
  func waitingCallIsTaken() throws {
    let harness = try harness(mode: "ratio", leads: 2, agents: ["ann"], ["dialRatio": 2])
    try harness.start()
    harness.pass(.seconds(3))
    #expect(harness.engine.calls.values.filter { $0.phase == .answered }.count == 1)
    try harness.agent("bob")
    harness.pass(.seconds(10))
    #expect(harness.outcomes == [.connected, .connected])
  }

  @Test("after the call the agent wraps up as long as the campaign says, then is ready")
  func wrapUpTimer() throws {
    let harness = try harness(leads: 2, ["wrapUpSeconds": 7])
    try harness.start()
    harness.pass(.seconds(30))
    let ended = harness.events(.attemptEnded).map(\.at)
    let started = harness.events(.attemptStarted).map(\.at)
    #expect(started.count == 2 && started[1] - ended[0] == .seconds(7))
  }

  @Test("call.wrap ends the wrap-up, and sets stage, completed and status as the code says")
  func wrapConverts() throws {
    let harness = try harness(leads: 2, ending: 0)
    try harness.start()
    harness.pass(.seconds(10))
    let first = try #require(harness.events(.attemptEnded).first?.callID)
    let lead = try harness.call("call.wrap", ["callID": .string(first.rawValue), "wrapCode": "SALE", "notes": "two"])
    #expect(lead["status"] == "SALE" && lead["statusName"] == "Sale" && lead["stage"] == "converted")
    #expect(lead["completed"] == true)
    #expect(harness.stored(LeadID(1))?.stage == .converted)
    #expect(harness.state("ann") == "reserved", "the next line is dialled at once")
    #expect(harness.events(.attemptWrapped).count == 1)
    #expect(harness.store.attempts[AttemptID(1)]?.notes == "two")
  }

  @Test("what an agent wraps while the call is still up stands after the call")
  func wrapDuringTheCall() throws {
    let harness = try harness(leads: 1)
    try harness.start()
    harness.pass(.seconds(3))
    let live = try #require(harness.liveCall?.attempt)
    #expect(live.connectedAt != nil)
    try harness.call("call.wrap", ["callID": .string(live.callID.rawValue), "wrapCode": "NOPE"])
    harness.pass(.seconds(10))
    #expect(harness.outcomes == [.connected])
    #expect(harness.stored(LeadID(1))?.status == .dnc)
    #expect(harness.store.attempts[live.attemptID]?.wrapCode == "NOPE")
    // Nothing is left to wrap: the agent is ready at the end of the call.
    let agents = try harness.call("agent.list", [:])["agents"]?.arrayValue ?? []
    #expect(agents.map { $0["state"] } == [.string("ready")])
  }

  @Test("a wrap code that says so puts the number on the tenant's do-not-call list")
  func wrapForbids() throws {
    let harness = try harness(leads: 1)
    try harness.start()
    harness.pass(.seconds(10))
    try harness.call("call.wrap", ["attemptID": 1, "wrapCode": "NOPE"])
    #expect(harness.stored(LeadID(1))?.status == .dnc)
    let check = try harness.call("dnc.check", ["phones": [.string(EngineHarness.number(0))]])
    #expect(check["phones"]?[0]?["listed"] == true)
    #expect(harness.events(.dncChanged).count == 1)
  }

  @Test("a wrap code with a callback wants its time, and the lead is dialled then")
  func wrapCallsBack() throws {
    let harness = try harness(leads: 1, ["wrapUpSeconds": 1])
    try harness.start()
    harness.pass(.seconds(10))
    #expect(refusal { try harness.call("call.wrap", ["attemptID": 1, "wrapCode": "LATER"]) } == "invalid-params")
    #expect(refusal { try harness.call("call.wrap", ["attemptID": 1, "wrapCode": "WHAT"]) } == "invalid-params")
    #expect(refusal { try harness.call("call.wrap", ["attemptID": 77, "wrapCode": "SALE"]) } == "not-found")
    let at = harness.now.wall + .minutes(10)
    try harness.call("call.wrap", ["attemptID": 1, "wrapCode": "LATER", "callbackAt": JSON(at)])
    #expect(harness.stored(LeadID(1))?.status == .callback)
    harness.pass(.minutes(11))
    #expect(harness.events(.attemptStarted).map(\.at).last == at)
  }

  @Test("an agent told to pause in a call pauses when it is over")
  func pauseAfterCall() throws {
    let harness = try harness(leads: 3, ["wrapUpSeconds": 1])
    try harness.start()
    harness.pass(.seconds(3))
    try harness.call("agent.setState", ["agentID": "ann", "state": "paused", "reason": "lunch"])
    #expect(harness.state("ann") == "incall")
    harness.pass(.minutes(1))
    #expect(harness.state("ann") == "paused")
    #expect(harness.claimedLeads.count == 1)
  }

  @Test("broadcast needs no agent, and a person who answers is outcome `answered`")
  func broadcast() throws {
    let harness = try harness(mode: "broadcast", leads: 4, agents: [])
    try harness.start()
    harness.pass(.seconds(10))
    #expect(harness.outcomes == [.answered, .answered, .answered, .answered])
    #expect(harness.stored(LeadID(1))?.completed == true)
    #expect(harness.stored(LeadID(1))?.stage == .contacted)
  }

  @Test("predictive dials as progressive does, and says so")
  func predictive() throws {
    let harness = try harness(mode: "predictive", agents: ["ann", "bob"])
    try harness.start()
    harness.pass(.seconds(1))
    #expect(harness.engine.calls.count == 2)
    #expect(harness.hasLogged("campaign.predictive"))
    #expect(try harness.call("campaign.get", ["campaignID": "c"])["runsAs"] == "progressive")
  }

  @Test("an agent who cannot be reached is paused, and the person goes to another who comes in time")
  func unreachableAgent() throws {
    let harness = try harness(leads: 1, simulated: false)
    try harness.start()
    let call = try #require(harness.liveCall?.attempt.callID)
    for event in [TrunkEvent.accepted(call), .answered(call)] { harness.say(event) }
    #expect(harness.commands.last == .connect(call, AgentID("ann"), extension: nil))
    harness.say(.connectFailed(call, AgentID("ann"), .agentUnreachable))
    #expect(harness.state("ann") == "paused")
    harness.pass(.seconds(1))
    try harness.agent("bob")
    #expect(harness.commands.last == .connect(call, AgentID("bob"), extension: nil))
    harness.say(.connected(call, AgentID("bob")))
    #expect(harness.state("bob") == "incall")
  }

  @Test("an agent who is connected after the engine gave up on it frees the one that was tried instead")
  func lateConnection() throws {
    let harness = try harness(leads: 1, agents: ["ann", "bob"], simulated: false)
    try harness.start()
    let call = try #require(harness.liveCall?.attempt.callID)
    for event in [TrunkEvent.accepted(call), .answered(call)] { harness.say(event) }
    harness.say(.connectFailed(call, AgentID("ann"), .agentUnreachable))
    #expect(harness.commands.last == .connect(call, AgentID("bob"), extension: nil))
    harness.say(.connected(call, AgentID("ann")))
    #expect(harness.state("ann") == "incall")
    #expect(harness.state("bob") == "ready")
    harness.say(.ended(call, CallEnding(byFarEnd: true)))
    #expect(harness.state("ann") == "wrapping" && harness.state("bob") == "ready")
  }
}
