import DialerModel
import Telephony
import Testing

/// What every trunk driver keeps to, whatever exchange is behind it.
enum TrunkConformance: String, CaseIterable, Sendable {
  case aConnectedCallGoesThroughAllPhasesInOrder
  case eachOutcomeEndsExactlyOnceWithItsHint
  case aHangupWhileDialingEndsTheCallOnce
  case aHangupOfAnAnsweredCallEndsItOnce
  case aHangupOfAConnectedCallEndsItOnce
  case aHangupOfAnEndedCallIsAnsweredGone
  case commandsForUnknownCallsAreAnsweredGone
  case aSecondDialOfALiveCallIsRejectedAndTheFirstGoesOn
  case aConnectBeforeTheAnswerFailsAndTheCallGoesOn
  case aSecondAgentIsRefusedAndTheFirstKeepsTheCall
  case theSameConnectAgainIsConfirmedAgain
  case liveCallsAreListedInTheOrderOfDialling
  case whileDownNothingIsDialledOrConnected
  case aHangupWhileDownIsCarriedOutOnReturn
  case onReturnTheLiveCallsAreListedBeforeUp
  case aDropTwiceIsOneDrop

  func check(_ trunk: inout some TrunkUnderTest) {
    switch self {
    case .aConnectedCallGoesThroughAllPhasesInOrder: allPhases(&trunk)
    case .eachOutcomeEndsExactlyOnceWithItsHint: outcomes(&trunk)
    case .aHangupWhileDialingEndsTheCallOnce: hangupWhileDialing(&trunk)
    case .aHangupOfAnAnsweredCallEndsItOnce: hangupAnswered(&trunk)
    case .aHangupOfAConnectedCallEndsItOnce: hangupConnected(&trunk)
    case .aHangupOfAnEndedCallIsAnsweredGone: hangupEnded(&trunk)
    case .commandsForUnknownCallsAreAnsweredGone: unknownCalls(&trunk)
    case .aSecondDialOfALiveCallIsRejectedAndTheFirstGoesOn: duplicate(&trunk)
    case .aConnectBeforeTheAnswerFailsAndTheCallGoesOn: earlyConnect(&trunk)
    case .aSecondAgentIsRefusedAndTheFirstKeepsTheCall: secondAgent(&trunk)
    case .theSameConnectAgainIsConfirmedAgain: connectAgain(&trunk)
    case .liveCallsAreListedInTheOrderOfDialling: listLive(&trunk)
    case .whileDownNothingIsDialledOrConnected: whileDown(&trunk)
    case .aHangupWhileDownIsCarriedOutOnReturn: hangupWhileDown(&trunk)
    case .onReturnTheLiveCallsAreListedBeforeUp: comeBack(&trunk)
    case .aDropTwiceIsOneDrop: dropTwice(&trunk)
    }
  }
}

private let first = CallID("1x0123456789abcdef")
private let second = CallID("2x0123456789abcdef")
private let anna = AgentID("anna")
private let long = Interval.minutes(30)

extension TrunkConformance {
  private func dial(_ callID: CallID, _ outcome: Outcome, _ trunk: inout some TrunkUnderTest) {
    trunk.handle(
      .dial(DialOrder(callID: callID, number: trunk.number(outcome), campaignID: CampaignID("c"))))
  }

  private func connect(_ callID: CallID, _ agentID: AgentID, _ trunk: inout some TrunkUnderTest) {
    trunk.handle(.connect(callID, agentID, extension: "101"))
  }

  /// Dials a person and lets time go by until the answer.
  private func answered(_ callID: CallID, _ trunk: inout some TrunkUnderTest) {
    dial(callID, .answered, &trunk)
    for _ in 0..<600 where !trunk.events.contains(.answered(callID)) { trunk.pass(Interval(milliseconds: 50)) }
    #expect(trunk.events.contains(.answered(callID)))
  }

  private func connected(_ callID: CallID, _ trunk: inout some TrunkUnderTest) {
    answered(callID, &trunk)
    connect(callID, anna, &trunk)
    trunk.pass(Interval(milliseconds: 100))
    #expect(trunk.events.contains(.connected(callID, anna)))
  }

  private func endings(_ callID: CallID, _ trunk: some TrunkUnderTest) -> [CallEnding] {
    trunk.events.compactMap { if case .ended(callID, let ending) = $0 { ending } else { nil } }
  }

  /// Ended by us, once, even when all the time in the world goes by.
  private func expectHungUp(_ callID: CallID, _ trunk: inout some TrunkUnderTest) {
    trunk.handle(.hangup(callID))
    trunk.pass(long)
    #expect(endings(callID, trunk).map(\.byFarEnd) == [false])
    #expect(endings(callID, trunk).first?.outcome == nil)
    #expect(trunk.liveCalls == 0)
  }

  private func allPhases(_ trunk: inout some TrunkUnderTest) {
    connected(first, &trunk)
    trunk.pass(long)
    let ending = CallEnding(cause: endings(first, trunk).first?.cause, byFarEnd: true)
    #expect(
      trunk.events == [
        .accepted(first), .ringing(first), .answered(first), .connected(first, anna), .ended(first, ending),
      ])
    #expect(trunk.liveCalls == 0)
  }

  private func outcomes(_ trunk: inout some TrunkUnderTest) {
    let outcomes: [Outcome] = [.busy, .noAnswer, .machine, .disconnected, .congestion]
    for (index, outcome) in outcomes.enumerated() {
      let callID = CallID("\(index + 1)x0123456789abcdef")
      dial(callID, outcome, &trunk)
      trunk.pass(long)
      #expect(endings(callID, trunk).map(\.outcome) == [outcome])
      #expect(trunk.events.contains(.accepted(callID)))
      #expect(!trunk.events.contains(.answered(callID)))
    }
  }

  private func hangupWhileDialing(_ trunk: inout some TrunkUnderTest) {
    dial(first, .answered, &trunk)
    expectHungUp(first, &trunk)
    #expect(!trunk.events.contains(.answered(first)))
  }

  private func hangupAnswered(_ trunk: inout some TrunkUnderTest) {
    answered(first, &trunk)
    expectHungUp(first, &trunk)
  }

  private func hangupConnected(_ trunk: inout some TrunkUnderTest) {
    connected(first, &trunk)
    expectHungUp(first, &trunk)
  }

  private func hangupEnded(_ trunk: inout some TrunkUnderTest) {
    dial(first, .busy, &trunk)
    trunk.pass(long)
    trunk.handle(.hangup(first))
    trunk.pass(long)
    #expect(trunk.events.last == .gone(first))
    #expect(endings(first, trunk).count == 1)
  }

  private func unknownCalls(_ trunk: inout some TrunkUnderTest) {
    trunk.handle(.hangup(first))
    connect(second, anna, &trunk)
    trunk.pass(long)
    #expect(trunk.events == [.gone(first), .gone(second)])
  }

  private func duplicate(_ trunk: inout some TrunkUnderTest) {
    connected(first, &trunk)
    dial(first, .busy, &trunk)
    trunk.pass(long)
    #expect(trunk.events.filter { $0 == .rejected(first, .duplicateCallID) }.count == 1)
    #expect(trunk.events.filter { $0 == .accepted(first) }.count == 1)
    #expect(endings(first, trunk).map(\.outcome) == [nil])
  }

  private func earlyConnect(_ trunk: inout some TrunkUnderTest) {
    dial(first, .answered, &trunk)
    connect(first, anna, &trunk)
    trunk.pass(long)
    #expect(trunk.events.contains(.connectFailed(first, anna, .notAnswered)))
    #expect(trunk.events.contains(.answered(first)))
    #expect(endings(first, trunk).count == 1)
  }

  private func secondAgent(_ trunk: inout some TrunkUnderTest) {
    connected(first, &trunk)
    connect(first, AgentID("ben"), &trunk)
    trunk.pass(long)
    #expect(trunk.events.contains(.connectFailed(first, AgentID("ben"), .alreadyConnected)))
    #expect(!trunk.events.contains(.connected(first, AgentID("ben"))))
    #expect(endings(first, trunk).count == 1)
  }

  private func connectAgain(_ trunk: inout some TrunkUnderTest) {
    connected(first, &trunk)
    connect(first, anna, &trunk)
    trunk.pass(Interval(milliseconds: 100))
    #expect(trunk.events.filter { $0 == .connected(first, anna) }.count == 2)
  }

  private func listLive(_ trunk: inout some TrunkUnderTest) {
    let calls = (1...5).map { CallID("\($0)x0123456789abcdef") }
    for callID in calls { dial(callID, .answered, &trunk) }
    trunk.handle(.hangup(calls[1]))
    dial(calls[1], .answered, &trunk)
    trunk.handle(.listLive)
    trunk.pass(Interval(milliseconds: 100))
    #expect(trunk.events.contains(.live([calls[0], calls[2], calls[3], calls[4], calls[1]])))
    #expect(trunk.liveCalls == 5)
  }

  private func whileDown(_ trunk: inout some TrunkUnderTest) {
    answered(first, &trunk)
    trunk.drop()
    dial(second, .answered, &trunk)
    connect(first, anna, &trunk)
    trunk.handle(.listLive)
    #expect(trunk.events.contains(.rejected(second, .notConnected)))
    #expect(trunk.events.contains(.connectFailed(first, anna, .notConnected)))
    #expect(!trunk.events.contains { if case .live = $0 { true } else { false } })
    if case .down = trunk.state {} else { Issue.record("a trunk that dropped is down") }
  }

  private func hangupWhileDown(_ trunk: inout some TrunkUnderTest) {
    connected(first, &trunk)
    trunk.drop()
    trunk.handle(.hangup(first))
    trunk.handle(.hangup(first))
    trunk.handle(.hangup(second))
    #expect(endings(first, trunk).isEmpty)
    trunk.comeBack()
    trunk.pass(long)
    #expect(endings(first, trunk).count == 1)
    #expect(trunk.events.filter { $0 == .gone(second) }.count == 1)
    #expect(!trunk.events.contains(.gone(first)))
  }

  private func comeBack(_ trunk: inout some TrunkUnderTest) {
    connected(first, &trunk)
    dial(second, .busy, &trunk)
    trunk.drop()
    // The busy call ends unheard.
    trunk.pass(.seconds(3))
    trunk.comeBack()
    trunk.pass(Interval(milliseconds: 100))
    #expect(endings(second, trunk).isEmpty)
    #expect(trunk.events.suffix(3) == [.state(.probing), .live([first]), .state(.up)])
    #expect(trunk.state == .up)
    trunk.pass(long)
    #expect(endings(first, trunk).count == 1)
  }

  private func dropTwice(_ trunk: inout some TrunkUnderTest) {
    trunk.drop()
    trunk.drop()
    trunk.comeBack()
    trunk.comeBack()
    trunk.pass(.seconds(1))
    let states = trunk.events.compactMap { if case .state(let state) = $0 { state.word } else { nil } }
    #expect(states == ["down", "probing", "up"])
  }
}
