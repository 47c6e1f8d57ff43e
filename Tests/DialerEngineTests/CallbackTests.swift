import DialerModel
import Testing

@testable import DialerEngine

/// Agreed times: whose they are, when they are dialled, and what becomes of those that nobody takes.
@Suite struct CallbackTests {
  private func harness(agents: [String] = ["ann", "bob"]) throws -> EngineHarness {
    let harness = try EngineHarness()
    try harness.list()
    let lead = try harness.lead(0, ending: 0)
    #expect(lead == LeadID(1))
    try harness.campaign(mode: "progressive")
    for agent in agents { try harness.agent(agent, ready: false) }
    return harness
  }

  private func schedule(_ harness: EngineHarness, _ more: JSONObject = [:]) throws -> Instant {
    let at = harness.now.wall + .milliseconds(10_011)
    try harness.call(
      "lead.schedule", .object(["leadID": 1, "campaignID": "c", "callbackAt": JSON(at)] + more))
    return at
  }

  private func ready(_ harness: EngineHarness, _ agent: String) throws {
    try harness.call("agent.setState", ["agentID": .string(agent), "state": "ready"])
  }

  @Test("anyone's callback is dialled at its very millisecond, though the list would have dialled earlier")
  func anyone() throws {
    let harness = try harness()
    let at = try schedule(harness)
    try ready(harness, "bob")
    try harness.start()
    harness.pass(.seconds(12))
    #expect(harness.events(.attemptStarted).map(\.at) == [at])
    #expect(harness.events(.callbackDue).map(\.at) == [at])
    #expect(harness.store.callbacks.isEmpty)
  }

  @Test("a callback that a gate stands against keeps none that falls due with it")
  func heldUp() throws {
    let harness = try harness()
    try harness.leads(1, from: 1)
    let at = try schedule(harness)
    try harness.call("lead.schedule", ["leadID": 2, "campaignID": "c", "callbackAt": JSON(at)])
    try harness.call("dnc.add", ["phones": [.string(EngineHarness.number(0))]])
    try ready(harness, "bob")
    try harness.start()
    harness.pass(.seconds(50))
    #expect(harness.claimedLeads == [2])
    #expect(harness.events(.attemptStarted).map(\.at) == [at])
  }

  @Test("anyone's callback does not wait behind the many of an agent who is away")
  func behindManyOfAnotherAgent() throws {
    let harness = try harness()
    let many = Engine.Bounds.dueCallbacks + 100
    try harness.leads(many, from: 1)
    for lead in 2..<many + 2 {
      try harness.call(
        "lead.schedule",
        ["leadID": JSON(lead), "campaignID": "c", "callbackAt": JSON(harness.now.wall), "agentID": "ann"])
    }
    let at = try schedule(harness)
    try ready(harness, "bob")
    try harness.start()
    harness.pass(.seconds(12))
    #expect(harness.events(.attemptStarted).map(\.at) == [at])
    #expect(harness.claimedLeads == [1])
  }

  @Test("an agent's own callback waits for that agent and goes to nobody else")
  func own() throws {
    let harness = try harness()
    _ = try schedule(harness, ["agentID": "ann"])
    try ready(harness, "bob")
    try harness.start()
    harness.pass(.seconds(60))
    #expect(harness.claimedLeads.isEmpty)
    try ready(harness, "ann")
    harness.pass(.seconds(3))
    #expect(harness.claimedLeads == [1])
    #expect(harness.events(.attemptConnected).first?.attempt?.agentID == AgentID("ann"))
  }

  @Test("after `until` an agent's own callback goes to anyone")
  func untilThenAnyone() throws {
    let harness = try harness()
    let until = harness.now.wall + .seconds(40)
    _ = try schedule(harness, ["agentID": "ann", "until": JSON(until), "then": "anyone"])
    try ready(harness, "bob")
    try harness.start()
    harness.pass(.seconds(60))
    #expect(harness.events(.attemptStarted).map(\.at) == [until])
    #expect(harness.events(.attemptConnected).first?.attempt?.agentID == AgentID("bob"))
  }

  @Test("after `until` an agent's own callback is reported missed where it says so, and the lead is the list's again")
  func untilThenMissed() throws {
    let harness = try harness()
    let until = harness.now.wall + .seconds(40)
    _ = try schedule(harness, ["agentID": "ann", "until": JSON(until), "then": "missed"])
    try ready(harness, "bob")
    try harness.start()
    harness.pass(.seconds(60))
    #expect(harness.events(.callbackMissed).map(\.at) == [until])
    #expect(harness.store.callbacks.isEmpty)
    #expect(harness.claimedLeads == [1])
  }

  @Test("a callback outlives a restart, and is announced once")
  func restart() throws {
    let harness = try harness()
    let at = try schedule(harness, ["agentID": "ann"])
    try harness.start()
    harness.pass(.seconds(20))
    harness.crash(after: .seconds(1))
    harness.pass(.seconds(5))
    #expect(harness.events(.callbackDue).map(\.at) == [at])
    try ready(harness, "ann")
    harness.pass(.seconds(3))
    #expect(harness.claimedLeads == [1])
  }

  @Test("an agent's own callback under way keeps no other agent from dialling the list")
  func ownCallbackIsNoLineOfOthers() throws {
    let harness = try harness()
    _ = try schedule(harness, ["agentID": "ann"])
    // A callback that rings long, and leads that are over at once.
    try harness.call("lead.update", ["leadID": 1, "phones": [.string(EngineHarness.number(70, ending: 6))]])
    try harness.leads(10, from: 1, ending: 8)
    try harness.start()
    harness.pass(.seconds(12))
    try ready(harness, "ann")
    try ready(harness, "bob")
    harness.pass(.seconds(2))
    #expect(harness.claimedLeads.count >= 4, "bob's calls of 0.4 s each go on while ann's rings for 4 s")
  }

  @Test("a schedule is refused before a list is the campaign's, with an end before its time, and for another's number")
  func refusals() throws {
    let harness = try harness()
    try harness.list(2)
    try harness.lead(5, list: 2)
    let at = JSON(harness.now.wall + .seconds(10))
    #expect(
      refusal { try harness.call("lead.schedule", ["leadID": 2, "campaignID": "c", "callbackAt": at]) }
        == "conflict:list-not-assigned")
    #expect(
      refusal {
        try harness.call("lead.schedule", ["leadID": 1, "campaignID": "c", "callbackAt": at, "until": at])
      } == "invalid-params")
    #expect(
      refusal {
        try harness.call(
          "lead.schedule", ["leadID": 1, "campaignID": "c", "callbackAt": at, "phone": "+61291230999"])
      } == "invalid-params")
  }

  @Test("an unscheduled lead is the list's again at once")
  func unschedule() throws {
    let harness = try harness()
    _ = try schedule(harness)
    try ready(harness, "bob")
    try harness.start()
    harness.pass(.seconds(1))
    #expect(harness.claimedLeads.isEmpty)
    let reply = try harness.call("lead.unschedule", ["leadID": 1, "campaignID": "c"])
    #expect(reply["unscheduled"] == 1)
    #expect(harness.events(.leadUpdated).last?.leadState?.status == .new)
    #expect(harness.claimedLeads == [1])
    #expect(try harness.call("lead.unschedule", ["leadID": 1, "campaignID": "c"])["unscheduled"] == 0)
    #expect(refusal { try harness.call("lead.unschedule", ["leadID": 9, "campaignID": "c"]) } == "not-found")
  }
}
