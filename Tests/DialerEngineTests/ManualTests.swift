import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// Dialling by hand: what an agent is shown, and what the CRM orders.
@Suite struct ManualTests {
  private func harness(mode: String = "preview", lists: Int = 1, leads: Int = 6) throws -> EngineHarness {
    let harness = try EngineHarness()
    for list in 1...lists {
      try harness.list(list)
      try harness.leads(leads, from: list * 1000, list: list)
    }
    try harness.campaign(mode: mode, lists: (1...lists).map { ($0, 100) })
    try harness.agent("ann")
    try harness.agent("bob")
    try harness.start()
    return harness
  }

  private func next(_ harness: EngineHarness, _ agent: String = "ann", _ more: JSONObject = [:]) throws -> JSON {
    try harness.call("lead.next", .object(["campaignID": "c", "agentID": .string(agent)] + more))
  }

  private func dialled(_ harness: EngineHarness) throws -> [Int64?] {
    (try harness.call("campaign.lists", ["campaignID": "c"])["lists"]?.arrayValue ?? []).map {
      $0["dialled"]?.integerValue
    }
  }

  @Test("preview and manual dial nobody by themselves", arguments: ["preview", "manual"])
  func nothingByItself(_ mode: String) throws {
    let harness = try harness(mode: mode)
    harness.pass(.minutes(1))
    #expect(harness.claimedLeads.isEmpty)
    #expect(harness.dialled.isEmpty)
  }

  @Test("lead.next reserves lead and agent, counts to the share, and gives the same lead when asked again")
  func reserves() throws {
    let harness = try harness()
    #expect(try next(harness)["lead"]?["leadID"] == 1)
    #expect(harness.state("ann") == "reserved")
    #expect(try dialled(harness) == [1])
    #expect(try next(harness)["lead"]?["leadID"] == 1)
    #expect(try next(harness, "bob")["lead"]?["leadID"] == 2)
    #expect(harness.events(.leadReserved).count == 2)
    #expect(try harness.failingGates(LeadID(1)) == ["not-live"])
  }

  @Test("a lead that goes next is shown first, then callbacks, then the lists; it counts to no list")
  func goingNext() throws {
    let harness = try harness(leads: 2)
    let now = try harness.lead(90, ["priority": "now"])
    let callback = try harness.lead(91)
    try harness.call(
      "lead.schedule",
      ["leadID": JSON(callback.rawValue), "campaignID": "c", "callbackAt": JSON(harness.now.wall)])
    #expect(try next(harness, "ann", ["dryRun": true])["lead"]?["leadID"] == JSON(now.rawValue))
    var shown: [JSON?] = []
    for _ in 0..<3 {
      let lead = try next(harness)["lead"]?["leadID"]
      shown.append(lead)
      try harness.call("lead.dial", ["leadID": lead ?? .null, "campaignID": "c", "agentID": "ann"])
      harness.pass(.seconds(20))
      try harness.call("agent.setState", ["agentID": "ann", "state": "ready"])
    }
    #expect(shown == [JSON(now.rawValue), JSON(callback.rawValue), 1])
    #expect(try dialled(harness) == [1])
    #expect(harness.store.goingNext.isEmpty)
    harness.crash()
    let after = try next(harness)
    #expect(after["lead"]?["leadID"] == 2, "\(after)")
  }

  @Test("lead.release gives share, lead and agent back")
  func releases() throws {
    let harness = try harness()
    _ = try next(harness)
    try harness.call("lead.release", ["leadID": 1])
    #expect(harness.state("ann") == "ready")
    #expect(try dialled(harness) == [0])
    #expect(harness.events(.leadReleased).count == 1)
    #expect(try next(harness, "bob")["lead"]?["leadID"] == 1)
    #expect(refusal { try harness.call("lead.release", ["leadID": 3]) } == "conflict:lead-is-not-reserved")
  }

  @Test("a reservation ends by itself after its time")
  func expires() throws {
    let harness = try harness()
    _ = try next(harness, "ann", ["reserveSeconds": 30])
    harness.pass(.milliseconds(29_999))
    #expect(harness.state("ann") == "reserved")
    harness.pass(.milliseconds(1))
    #expect(harness.state("ann") == "ready")
    #expect(try dialled(harness) == [0])
  }

  @Test("lead.dial by the agent who holds the lead dials it for that agent, and counts once")
  func dialsReserved() throws {
    let harness = try harness()
    _ = try next(harness)
    let reply = try harness.call("lead.dial", ["leadID": 1, "campaignID": "c", "agentID": "ann"])
    #expect(reply["attemptID"] == 1)
    harness.pass(.seconds(10))
    #expect(harness.events(.attemptConnected).first?.attempt?.agentID == AgentID("ann"))
    #expect(harness.state("ann") == "wrapping")
    #expect(try dialled(harness) == [1])
    #expect(harness.stored(LeadID(1))?.calledCount == 1)
  }

  @Test("what was counted to a share by a reservation is given back when the daemon restarts")
  func reservationOverRestart() throws {
    let harness = try harness(lists: 2)
    _ = try next(harness)
    harness.crash()
    harness.pass(.seconds(1))
    #expect(try dialled(harness) == [0, 0])
    #expect(harness.state("ann") == "ready")
    #expect(try next(harness)["lead"]?["leadID"] == 1)
  }

  @Test("a dry run of lead.next leaves shares and reservations of others as they are")
  func dryRunOfNext() throws {
    let harness = try harness(lists: 2)
    _ = try next(harness, "bob")
    let before = try dialled(harness)
    let shown = try next(harness, "ann", ["dryRun": true])
    #expect(shown["lead"]?["leadID"] == 7)
    #expect(try dialled(harness) == before)
    #expect(harness.state("ann") == "ready")
    try harness.call("lead.release", ["leadID": 1])
    #expect(try dialled(harness) == [0, 0])
    harness.crash()
    harness.pass(.seconds(1))
    #expect(try dialled(harness) == [0, 0])
  }

  @Test("lead.next with nothing to dial says why, and when there may be")
  func nothingToDial() throws {
    let harness = try harness(leads: 1)
    try harness.call("lead.update", ["leadID": 1, "callAt": JSON(harness.now.wall + .minutes(5))])
    let reply = try next(harness)
    #expect(reply["lead"] == .null && reply["reason"] == "retry-time")
    #expect(reply["nextAt"]?.stringValue != nil)
    try harness.call("campaign.pause", ["campaignID": "c"])
    #expect(try next(harness)["reason"] == "campaign-running")
  }

  @Test("lead.next is refused to agents who are not there, not logged in to the campaign or not ready")
  func nextRefusals() throws {
    let harness = try harness()
    #expect(refusal { try next(harness, "eve") } == "not-found")
    try harness.campaign(id: "d", mode: "manual")
    try harness.agent("cat", ["d"])
    #expect(refusal { try next(harness, "cat") } == "conflict:agent-not-in-campaign")
    try harness.call("agent.setState", ["agentID": "ann", "state": "paused"])
    #expect(refusal { try next(harness) } == "conflict:agent-is-not-free")
  }

  @Test("lead.dial is refused with every failing gate, and an administrator may override some")
  func refusesWithGates() throws {
    let harness = try harness()
    try harness.call("lead.update", ["leadID": 1, "callAt": JSON(harness.now.wall + .hours(1))])
    try harness.call("dnc.add", ["phones": [.string(EngineHarness.number(1000))]])
    let dial: JSONObject = ["leadID": 1, "campaignID": "c", "agentID": "ann"]
    do {
      try harness.call("lead.dial", .object(dial))
      Issue.record("the dial is not refused")
    } catch {
      #expect(error.reason == .refused)
      let failing = (error.details["gates"]?.arrayValue ?? []).filter { $0["passes"] == false }
      #expect(failing.map { $0["gate"] } == ["callable-phone", "do-not-call", "retry-time"])
      #expect(error.details["gates"]?.arrayValue?.count == 14)
    }
    try harness.call("dnc.remove", ["phones": [.string(EngineHarness.number(1000))]])
    let override: JSONObject = ["override": ["retry-time"]]
    #expect(refusal { try harness.call("lead.dial", .object(dial + override), as: .crm()) } == "not-permitted")
    try harness.call("lead.dial", .object(dial + override))
    #expect(harness.claimedLeads == [1])
    let evidence = try JSON(parsing: try #require(harness.store.attempts[AttemptID(1)]).evidence)
    #expect(evidence["override"] == ["retry-time"] && evidence["overriddenBy"] == 0)
  }

  @Test("a number that is added while its lead is reserved is not dialled: lead.dial is refused, and the agent is free")
  func doNotCallWhileReserved() throws {
    let harness = try harness()
    #expect(try next(harness)["lead"]?["leadID"] == 1)
    try harness.call("dnc.add", ["phones": [.string(EngineHarness.number(1000))]])
    let dial: JSON = ["leadID": 1, "campaignID": "c", "agentID": "ann"]
    do {
      try harness.call("lead.dial", dial)
      Issue.record("the dial is not refused")
    } catch {
      let failing = (error.details["gates"]?.arrayValue ?? []).filter { $0["passes"] == false }.map { $0["gate"] }
      #expect(failing.contains("do-not-call"))
    }
    harness.pass(.minutes(10))
    #expect(harness.dialled.isEmpty)
    #expect(harness.state("ann") == "ready")
    #expect(try next(harness)["lead"]?["leadID"] == 2)
  }

  @Test("a number that is added after lead.dial and before its commit is taken back, and the agent is free again")
  func doNotCallAfterDial() throws {
    let harness = try harness()
    _ = try next(harness)
    harness.holdsCommits = true
    try harness.send("lead.dial", ["leadID": 1, "campaignID": "c", "agentID": "ann"])
    harness.settle()
    #expect(harness.engine.calls.count == 1)
    try harness.send("dnc.add", ["phones": [.string(EngineHarness.number(1000))]])
    harness.settle()
    harness.holdsCommits = false
    harness.commitHeld()
    harness.pass(.minutes(1))
    #expect(harness.dialled.isEmpty)
    #expect(harness.outcomes == [.cancelled])
    #expect(harness.state("ann") == "ready")
  }

  @Test("lead.dial says busy when the trunk is full, and unavailable when it is down")
  func dialWithoutRoom() throws {
    let harness = try harness()
    try harness.call("campaign.update", ["campaignID": "c", "maximumLiveCalls": 1])
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c", "agentID": "ann"])
    #expect(
      refusal { try harness.call("lead.dial", ["leadID": 2, "campaignID": "c"]) } == "busy:maximumLiveCalls")
    harness.pass(.seconds(20))
    harness.withSimulator { $0.drop(at: harness.now, events: &$1) }
    #expect(refusal { try harness.call("lead.dial", ["leadID": 2, "campaignID": "c"]) } == "unavailable:trunk-down")
  }

  @Test("lead.dial takes the number that is asked for, of the lead's own")
  func dialsPhone() throws {
    let harness = try harness()
    try harness.call("lead.update", ["leadID": 1, "phone2": .string(EngineHarness.number(9))])
    #expect(
      refusal { try harness.call("lead.dial", ["leadID": 1, "campaignID": "c", "phone": "+61292999990"]) }
        == "invalid-params")
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c", "phone": .string(EngineHarness.number(9))])
    #expect(harness.liveCall?.attempt.phone.e164 == EngineHarness.number(9))
  }

  @Test("while the limits' history is being loaded lead.dial is not let through unjudged")
  func dialWaitsForHistory() throws {
    let harness = try harness()
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c", "agentID": "ann"])
    harness.pass(.seconds(20))
    try harness.call("lead.setStatus", ["leadID": 1, "completed": false, "status": "NEW"])
    harness.holdsCommits = true
    try harness.send("campaign.update", ["campaignID": "c", "minimumGapSeconds": 3600])
    let token = try harness.send(
      "lead.dial", ["leadID": 1, "campaignID": "c", "agentID": "bob", "override": ["retry-time"]])
    harness.settle()
    harness.holdsCommits = false
    harness.commitHeld()
    harness.settle()
    #expect(refusal { try #require(harness.replies[token]).get() } == "busy:history")
    #expect(harness.claimedLeads == [1])
  }
}
