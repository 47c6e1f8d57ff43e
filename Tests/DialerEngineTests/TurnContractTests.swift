import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// What the host relies on: nothing is told before it is on disk, events have no gap, the same inputs give the same turn.
@Suite struct TurnContractTests {
  @Test("nothing of a turn that writes is told before its commit, and in order after it")
  func effectsWait() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(3)
    try harness.campaign()
    harness.holdsCommits = true
    let start = try harness.send("campaign.start", ["campaignID": "c"])
    let add = try harness.send("lead.add", ["listID": 1, "phones": ["+61291234567"]])
    let read = try harness.send("campaign.get", ["campaignID": "c"])
    harness.settle()
    #expect(harness.commands.isEmpty)
    #expect(harness.replies[start] == nil && harness.replies[add] == nil)
    #expect(harness.replies[read] != nil, "a question waits for no commit")
    harness.holdsCommits = false
    harness.commitHeld()
    #expect(harness.commands.count == 4)
    #expect(harness.replies[start] != nil && harness.replies[add] != nil)
    #expect(harness.faults.isEmpty)
  }

  @Test("with three turns unwritten no more is claimed, and readers are answered")
  func boundedBehindTheDisk() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(50)
    try harness.campaign(["callsPerSecond": 10])
    harness.holdsCommits = true
    try harness.send("campaign.start", ["campaignID": "c"])
    for _ in 0..<20 {
      harness.settle()
      harness.pass(.milliseconds(100))
    }
    #expect(harness.engine.calls.count <= 4)
    let read = try harness.send("daemon.status")
    harness.settle()
    #expect(harness.replies[read] != nil)
    harness.holdsCommits = false
    harness.commitHeld()
    harness.pass(.seconds(3))
    #expect(harness.engine.calls.count > 20)
  }

  @Test("with one turn of three on disk the next is claimed, however many turns wrote nothing meanwhile")
  func goesOnBehindTheDisk() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(50)
    try harness.campaign(["callsPerSecond": 10])
    harness.holdsCommits = true
    try harness.send("campaign.start", ["campaignID": "c"])
    for _ in 0..<20 {
      harness.settle()
      harness.pass(.milliseconds(100))
    }
    let before = harness.engine.calls.count
    let written = harness.held.filter { !$0.output.transaction.isEmpty }.count
    #expect(written == 3 && harness.held.count > 3)
    let first = try #require(harness.held.firstIndex { !$0.output.transaction.isEmpty })
    harness.commitHeld(first + 1)
    harness.pass(.milliseconds(100))
    harness.turn()
    #expect(harness.engine.calls.count == before + 1)
  }

  /// Each call's course, operators at work meanwhile: everything that a turn can come to.
  private func transactions(_ seed: UInt64) throws -> [String] {
    var mix = SimulatorOptions(seed: seed)
    mix.faults.repeat = 0.1
    mix.faults.reorder = 0.1
    let harness = try EngineHarness(simulator: mix)
    harness.keepsOutputs = true
    for list in 1...3 {
      try harness.list(list)
      for index in 0..<30 { try harness.lead(list * 100 + index, list: list, ending: index % 10) }
    }
    try harness.campaign(id: "a", mode: "progressive", lists: [(1, 70), (2, 30)], ["wrapUpSeconds": 2])
    try harness.campaign(
      id: "b", lists: [(3, 100), (2, 1)], ["attemptLimits": [["count": 2, "windowSeconds": 60, "scope": "person"]]])
    for agent in ["zoe", "ann", "mia"] { try harness.agent(agent, ["a"]) }
    try harness.start("a")
    try harness.start("b")
    harness.pass(.minutes(2))
    try harness.call("list.reset", ["listID": 2])
    harness.pass(.minutes(20))
    return harness.outputs.map { "\($0.transaction) \($0.afterCommit.count) \(String(describing: $0.nextWake))" }
  }

  @Test("the same seed and inputs give the same turns, to the byte")
  func deterministic() throws {
    let first = try transactions(3)
    #expect(first.count > 300)
    #expect(try transactions(3) == first)
    #expect(try transactions(4) != first)
  }

  @Test("a request is answered once, and an unknown answer to a question is passed over")
  func strayAnswers() throws {
    let harness = try EngineHarness()
    harness.give(.answer(QueryID(999), .leadIDs([LeadID(1)])))
    harness.say(.ended(CallID(attempt: AttemptID(5), random: (1, 1)), CallEnding(byFarEnd: true)))
    harness.say(.accepted(CallID("nonsense")))
    harness.say(.state(.up), on: TrunkName("unknown"))
    #expect(harness.store.events.filter { $0.type == .attemptEnded }.isEmpty)
    #expect(harness.faults.isEmpty)
  }
}

/// Wall clocks that are set.
@Suite struct ClockTests {
  private func harness() throws -> EngineHarness {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(20, ending: 5)
    try harness.call(
      "strategy.put", ["strategyID": "s", "name": "S", "retries": [["outcome": "busy", "afterSeconds": 30]]])
    try harness.campaign(strategy: "s", ["maximumLiveCalls": 4])
    try harness.start()
    harness.pass(.minutes(1))
    return harness
  }

  @Test(
    "a clock that jumps is told to the operator, and no call or event is lost",
    arguments: [-86_400, -3600, -5, 5, 3600, 86_400, 40 * 86_400])
  func jump(_ seconds: Int) throws {
    let harness = try harness()
    let before = harness.claimedLeads.count
    harness.jumpWall(by: .seconds(Int64(seconds)))
    harness.pass(.minutes(2))
    #expect(harness.hasLogged("clock.jumped"))
    harness.jumpWall(by: .seconds(Int64(-seconds)))
    harness.pass(.minutes(2))
    #expect(harness.claimedLeads.count > before + 20)
    try harness.call("campaign.pause", ["campaignID": "c"])
    harness.pass(.minutes(1))
    #expect(harness.events(.attemptEnded).count == harness.claimedLeads.count)
    #expect(harness.engine.calls.isEmpty)
    #expect(harness.faults.isEmpty)
  }

  @Test("a clock set back leaves deadlines of calls and agents where they were")
  func deadlinesAreSteady() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(1)
    try harness.campaign()
    try harness.start()
    harness.jumpWall(by: .hours(-5))
    harness.pass(.minutes(1))
    #expect(harness.outcomes == [.unknown])
  }

  @Test("a drift of less than two seconds is not told")
  func drift() throws {
    let harness = try harness()
    harness.jumpWall(by: .milliseconds(1999))
    harness.pass(.seconds(1))
    #expect(!harness.hasLogged("clock.jumped"))
  }

  @Test("hours that a jump of the clock opens or closes hold from the next claim on")
  func hoursAfterJump() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(200, ending: 8)
    try harness.campaign(["maximumLiveCalls": 1, "callingHours": "us-federal", "strictZones": false])
    try harness.start()
    harness.pass(.seconds(5))
    let open = harness.claimedLeads.count
    #expect(open > 5)
    harness.jumpWall(by: .hours(12))
    harness.pass(.seconds(10))
    // A call or two may have been claimed in the very turn that saw the jump.
    #expect(harness.claimedLeads.count <= open + 1)
    harness.jumpWall(by: .hours(-12))
    harness.pass(.seconds(10))
    #expect(harness.claimedLeads.count > open + 5)
  }
}
