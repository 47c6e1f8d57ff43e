import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// What trunks say twice, out of order, late or not at all: each attempt ends once, and as what it was.
@Suite struct TrunkEventTests {
  private func harness(mode: String = "progressive", leads: Int = 1) throws -> (EngineHarness, CallID) {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(leads)
    try harness.campaign(mode: mode, ["maximumLiveCalls": 1])
    if mode != "broadcast" { try harness.agent("ann") }
    try harness.start()
    return (harness, try #require(harness.liveCall?.attempt.callID))
  }

  private let ann = AgentID("ann")
  private func busy(_ call: CallID) -> TrunkEvent {
    .ended(call, CallEnding(outcome: .busy, cause: 17, byFarEnd: true))
  }

  @Test("every event twice makes each phase once")
  func repeated() throws {
    let (harness, call) = try harness()
    let end = TrunkEvent.ended(call, CallEnding(cause: 16, byFarEnd: true))
    for event in [TrunkEvent.accepted(call), .ringing(call), .answered(call), .connected(call, ann), end] {
      harness.say(event)
      harness.say(event)
    }
    let types: [EventType] = [
      .attemptStarted, .attemptDialing, .attemptRinging, .attemptAnswered, .attemptConnected, .attemptEnded,
    ]
    #expect(harness.store.events.map(\.type).filter(types.contains) == types)
    #expect(harness.outcomes == [.connected])
  }

  @Test("any order of a call's events ends it once", arguments: 0..<24)
  func reordered(_ seed: Int) throws {
    let (harness, call) = try harness()
    var generator = SeededGenerator(seed: UInt64(seed))
    let events: [TrunkEvent] = [.accepted(call), .ringing(call), .answered(call), .connected(call, ann), busy(call)]
    for event in events.shuffled(using: &generator) { harness.say(event) }
    harness.pass(.minutes(5))
    #expect(harness.events(.attemptEnded).count == 1)
    #expect(harness.engine.calls.isEmpty)
    #expect(harness.stored(LeadID(1))?.calledCount == 1)
  }

  @Test("an event lost, whichever it is, leaves no call open and no agent stuck", arguments: 0..<5)
  func lost(_ missing: Int) throws {
    let (harness, call) = try harness()
    var events: [TrunkEvent] = [
      .accepted(call), .ringing(call), .answered(call), .connected(call, ann),
      .ended(call, CallEnding(cause: 16, byFarEnd: true)),
    ]
    events.remove(at: missing)
    for event in events {
      harness.say(event)
      harness.pass(.milliseconds(100))
    }
    // A connected call may be as long as it likes: only the trunk's list of live calls ends it.
    harness.pass(.minutes(5))
    harness.say(.live([]))
    harness.pass(.minutes(1))
    #expect(harness.events(.attemptEnded).count == 1)
    #expect(harness.engine.calls.isEmpty)
    #expect(harness.state("ann") != "reserved" && harness.state("ann") != "incall")
  }

  @Test("a trunk that says nothing at all is told to hang up, and the attempt ends as unknown")
  func silence() throws {
    let (harness, call) = try harness()
    harness.pass(.minutes(2))
    #expect(harness.commands.contains(.hangup(call)))
    #expect(harness.outcomes == [.unknown])
    #expect(harness.stored(LeadID(1))?.status.description == "UNK")
  }

  @Test("an end without an outcome is judged by how far the call came and by who ended it")
  func unsaidOutcomes() throws {
    for (answered, byFarEnd, expected) in [
      (false, false, Outcome.noAnswer), (false, true, .failed), (true, true, .dropped),
    ] {
      let (harness, call) = try harness()
      try harness.call("agent.setState", ["agentID": "ann", "state": "paused"])
      harness.say(.accepted(call))
      if answered { harness.say(.answered(call)) }
      harness.say(.ended(call, CallEnding(byFarEnd: byFarEnd)))
      #expect(harness.outcomes == [expected])
      if answered { #expect(harness.stored(LeadID(1))?.status.description == "PDROP") }
    }
  }

  @Test("a dial that our own trunk refuses is not counted, gives its share back, and waits")
  func trunkFailure() throws {
    let (harness, call) = try harness(leads: 2)
    let before = LeadState()
    harness.say(.rejected(call, .noRoute))
    let ended = try #require(harness.events(.attemptEnded).first)
    #expect(ended.attempt?.outcome == .trunkFailure && ended.attempt?.counted == false)
    let state = try #require(harness.stored(LeadID(1)))
    #expect(state.calledCount == 0 && state.status == before.status && !state.wasAttempted)
    #expect(state.retryAt == harness.now.wall + .minutes(1))
    let lists = try harness.call("campaign.lists", ["campaignID": "c"])
    #expect(lists["lists"]?[0]?["dialled"] == 0)
    // The trunk rests a second, then one call tries it.
    #expect(harness.engine.calls.isEmpty)
    harness.pass(.seconds(1))
    #expect(harness.claimedLeads == [1, 2])
    #expect(harness.hasLogged("trunk.refused"))
  }

  @Test("a trunk that goes on refusing is tried more and more rarely")
  func trunkRests() throws {
    let harness = try EngineHarness()
    harness.simulators[TestSettings.trunk]?.faults.reject = 1
    try harness.list()
    try harness.leads(50)
    try harness.campaign(["maximumLiveCalls": 5])
    try harness.start()
    harness.pass(.minutes(2))
    // Five together, then one each time after 1, 2, 4, 8, 16, 30, 30 … seconds.
    let first = try #require(harness.events(.attemptStarted).first?.at)
    let tries = harness.events(.attemptStarted).dropFirst(4).map { ($0.at - first).milliseconds / 1000 }
    #expect(tries == [0, 1, 3, 7, 15, 31, 61, 91])
    #expect(harness.outcomes.allSatisfy { $0 == .trunkFailure })
    harness.simulators[TestSettings.trunk]?.faults.reject = 0
    harness.pass(.minutes(2))
    #expect(harness.outcomes.filter { $0 == .answered }.count == 50)
    #expect(harness.faults.isEmpty)
  }

  @Test("nothing is dialled on a trunk that is down, and the campaign goes on when it is up")
  func downAndUp() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(200, ending: 8)
    try harness.campaign(["maximumLiveCalls": 2])
    try harness.start()
    harness.pass(.seconds(2))
    harness.withSimulator { $0.drop(at: harness.now, events: &$1) }
    let before = harness.claimedLeads.count
    harness.pass(.seconds(20))
    #expect(harness.claimedLeads.count == before)
    harness.withSimulator { $0.comeBack(at: harness.now, events: &$1) }
    harness.pass(.seconds(5))
    #expect(harness.claimedLeads.count > before)
    #expect(harness.events(.trunkState).count == 4, "up at first, then down, probing, up")
    #expect(harness.events(.attemptEnded).count + harness.engine.calls.count == harness.claimedLeads.count)
  }

  @Test("of the calls that a trunk lists, unknown ones are hung up, and open ones that are not there end as unknown")
  func reconcile() throws {
    let (harness, call) = try harness()
    harness.say(.accepted(call))
    let stranger = CallID(attempt: AttemptID(900), random: (1, 2))
    harness.say(.live([call, stranger, CallID("somebody-else")]))
    #expect(harness.commands.last == .hangup(stranger))
    #expect(harness.engine.calls.count == 1)
    harness.say(.live([]))
    #expect(harness.outcomes == [.unknown])
  }

  @Test("a talk whose end is lost is found out when the trunk is asked for its calls, each minute")
  func lostEnd() throws {
    let (harness, call) = try harness()
    for event in [TrunkEvent.accepted(call), .ringing(call), .answered(call), .connected(call, ann)] {
      harness.say(event)
    }
    harness.pass(.seconds(61))
    #expect(harness.commands.last == .listLive)
    #expect(harness.outcomes.isEmpty)
    harness.say(.live([]))
    #expect(harness.outcomes == [.connected])
  }

  @Test("call.hangup ends a call as cancelled, and a call that is not there is not found")
  func hangup() throws {
    let (harness, call) = try harness()
    harness.say(.accepted(call))
    try harness.call("call.hangup", ["callID": .string(call.rawValue)])
    #expect(harness.commands.last == .hangup(call))
    harness.say(.ended(call, CallEnding(cause: 16, byFarEnd: false)))
    #expect(harness.outcomes == [.cancelled])
    #expect(refusal { try harness.call("call.hangup", ["callID": .string(call.rawValue)]) } == "not-found")
  }

  @Test("campaign.stop with hangup ends its live calls")
  func stopHangsUp() throws {
    let (harness, call) = try harness()
    try harness.call("campaign.stop", ["campaignID": "c", "hangup": true])
    #expect(harness.commands.last == .hangup(call))
  }

  @Test("a drain makes no new call and says when the last has ended")
  func drain() throws {
    let (harness, call) = try harness(mode: "broadcast", leads: 3)
    harness.say(.accepted(call))
    harness.give(.drain)
    harness.settle()
    #expect(!harness.isDrained)
    harness.say(busy(call))
    #expect(harness.isDrained)
    #expect(harness.claimedLeads == [1])
  }
}
