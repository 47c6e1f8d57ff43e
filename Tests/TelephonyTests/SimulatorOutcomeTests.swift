import DialerModel
import Telephony
import Testing

@Suite("Outcomes of the simulator")
struct SimulatorOutcomeTests {
  @Test(
    "the last digit says the outcome and the time of each failure",
    arguments: [
      (5, Outcome.busy, 17, FixedTimes.busy, false), (6, .noAnswer, 19, FixedTimes.noAnswer, true),
      (7, .machine, 16, FixedTimes.machine, true), (8, .disconnected, 1, FixedTimes.disconnected, false),
      (9, .congestion, 34, FixedTimes.congestion, false),
    ])
  func failures(digit: UInt64, outcome: Outcome, cause: Int, seconds: Double, rings: Bool) {
    var bench = SimulatorBench()
    bench.dial("a", 4_930_000_000 + digit)
    bench.pass(.seconds(60))
    #expect(
      bench.events.last
        == .ended(CallID("a"), CallEnding(outcome: outcome, cause: cause, byFarEnd: outcome != .noAnswer)))
    #expect(bench.end(of: "a") == Int64(seconds * 1000))
    #expect(bench.events.contains(.ringing(CallID("a"))) == rings)
  }

  @Test("numbers that end in 0 to 4 are answered by a person", arguments: 0...4)
  func answers(digit: UInt64) {
    var bench = SimulatorBench()
    bench.dial("a", 4_930_000_000 + digit)
    bench.pass(Interval(seconds: FixedTimes.answer))
    #expect(bench.events == [.accepted(CallID("a")), .ringing(CallID("a")), .answered(CallID("a"))])
    #expect(bench.times == [0, 200, 1500])
  }

  @Test("a person whom nobody is connected to hangs up when the patience ends")
  func patience() {
    var bench = SimulatorBench()
    bench.dial("a")
    bench.pass(.minutes(1))
    #expect(bench.events.last == .ended(CallID("a"), CallEnding(cause: 16, byFarEnd: true)))
    #expect(bench.end(of: "a") == Int64((FixedTimes.answer + FixedTimes.patience) * 1000))
  }

  @Test("a connected person talks before hanging up")
  func talk() {
    var bench = SimulatorBench()
    bench.dial("a")
    bench.pass(.seconds(3))
    bench.handle(.connect(CallID("a"), AgentID("anna"), extension: nil))
    bench.pass(.minutes(1))
    #expect(bench.end(of: "a") == 3000 + 10 + Int64(FixedTimes.talk * 1000))
  }

  @Test("a broadcast call ends from our side when its message has been played")
  func broadcast() {
    var bench = SimulatorBench()
    bench.dial("a", expectsAgent: false)
    bench.pass(.minutes(1))
    #expect(bench.events.last == .ended(CallID("a"), CallEnding(cause: 16, byFarEnd: false)))
    #expect(bench.end(of: "a") == Int64((FixedTimes.answer + FixedTimes.message) * 1000))
  }

  @Test("all times are divided by the speed")
  func speed() {
    var bench = SimulatorBench(SimulatorOptions(speed: 10))
    bench.dial("a")
    bench.dial("b", 4_930_000_006, ringTimeout: .seconds(3))
    bench.pass(.minutes(1))
    #expect(bench.end(of: "a") == 1150)
    #expect(bench.end(of: "b") == 300)
  }

  @Test("a call beyond the channels is rejected until one is free")
  func channels() {
    var bench = SimulatorBench(SimulatorOptions(channels: 2))
    for callID in ["a", "b", "c"] { bench.dial(callID) }
    #expect(bench.events.last == .rejected(CallID("c"), .noChannel))
    bench.handle(.hangup(CallID("a")))
    bench.dial("d")
    #expect(bench.events.last == .accepted(CallID("d")))
  }

  @Test("each dial is logged before anything is said about it, a rejected one as well")
  func dialLog() {
    let log = RecordedDials()
    var bench = SimulatorBench(SimulatorOptions(channels: 1), dialLog: log.sink)
    bench.dial("a", 4_930_000_001)
    bench.dial("b", 4_930_000_002)
    #expect(log.lines == ["2027-01-15T08:00:00.000Z a +4930000001", "2027-01-15T08:00:00.000Z b +4930000002"])
  }
}

/// Collects what the simulator was told to dial. The tests are on one thread.
private final class RecordedDials: @unchecked Sendable {
  private(set) var lines: [String] = []
  var sink: DialLogging { { [self] at, callID, number in lines.append("\(at) \(callID) \(number)") } }
}
