import DialerModel
import Telephony
import Testing

@Suite("Faults of the simulator")
struct SimulatorFaultTests {
  /// Three hundred people and failures, dialled 20 ms apart, with events spoilt as told.
  private func spoilt(seed: UInt64 = 1, _ change: (inout SimulatorFaults) -> Void) -> SimulatorBench {
    var faults = SimulatorFaults()
    change(&faults)
    var bench = SimulatorBench(SimulatorOptions(seed: seed, faults: faults))
    for call in 0..<UInt64(300) {
      bench.dial("\(call)", 61_291_230_000 + call)
      bench.pass(Interval(milliseconds: 20))
    }
    bench.pass(.minutes(5))
    return bench
  }

  private func phase(_ event: TrunkEvent) -> Int {
    switch event {
    case .accepted: 0
    case .ringing: 1
    case .answered: 2
    case .ended: 3
    default: 9
    }
  }

  private func isInOrder(_ bench: SimulatorBench, _ call: Int) -> Bool {
    let phases = bench.events(of: "\(call)").map(phase)
    return phases == phases.sorted()
  }

  @Test("a lost event does not arrive, and the rest of the call does")
  func lose() {
    let clean = spoilt { _ in }
    let bench = spoilt { $0.lose = 0.2 }
    #expect(bench.trunk.faultCounts.lost > 0)
    #expect(bench.events.count == clean.events.count - bench.trunk.faultCounts.lost)
    #expect((0..<300).allSatisfy { isInOrder(bench, $0) })
    #expect(bench.liveCalls == 0)
  }

  @Test("a delayed event comes late, with the order within its call kept")
  func delay() {
    let clean = spoilt { _ in }
    let bench = spoilt { $0.delay = 0.3 }
    #expect(bench.trunk.faultCounts.delayed > 0)
    #expect(bench.events.count == clean.events.count)
    #expect(bench.events != clean.events)
    #expect((0..<300).allSatisfy { isInOrder(bench, $0) })
    #expect((0..<300).contains { bench.end(of: "\($0)") != clean.end(of: "\($0)") })
    #expect((0..<300).allSatisfy { (bench.end(of: "\($0)") ?? 0) <= (clean.end(of: "\($0)") ?? 0) + 2_001 })
  }

  @Test("a repeated event comes twice")
  func repeats() {
    let clean = spoilt { _ in }
    let bench = spoilt { $0.repeat = 0.2 }
    #expect(bench.trunk.faultCounts.repeated > 0)
    #expect(bench.events.count == clean.events.count + bench.trunk.faultCounts.repeated)
    #expect(Set(bench.events) == Set(clean.events))
  }

  @Test("a reordered event is passed by later ones of its own call")
  func reorder() {
    let clean = spoilt { _ in }
    let bench = spoilt { $0.reorder = 0.3 }
    #expect(bench.trunk.faultCounts.reordered > 0)
    #expect(bench.events.count == clean.events.count)
    #expect(Set(bench.events) == Set(clean.events))
    #expect((0..<300).contains { !isInOrder(bench, $0) })
  }

  @Test("a rejected dial has no other event, and rejections are decided by the call alone")
  func reject() {
    let bench = spoilt { $0.reject = 0.2 }
    let rejected = bench.events.filter { if case .rejected(_, .noRoute) = $0 { true } else { false } }
    #expect(rejected.count == bench.trunk.faultCounts.rejected)
    #expect((30...90).contains(rejected.count))
    for event in rejected { #expect(bench.events.filter { $0.callID == event.callID } == [event]) }
    let spoiltToo = spoilt {
      $0.reject = 0.2
      $0.delay = 0.5
    }
    #expect(spoiltToo.trunk.faultCounts.rejected == rejected.count)
  }

  @Test("the same seed gives the same events at the same times, faults and all", arguments: [UInt64(1), 2, 99])
  func determinism(seed: UInt64) {
    func run(_ seed: UInt64) -> String {
      let bench = spoilt(seed: seed) {
        $0.lose = 0.1
        $0.delay = 0.1
        $0.repeat = 0.1
        $0.reorder = 0.1
        $0.reject = 0.1
      }
      return zip(bench.times, bench.events).map { "\($0) \($1)" }.joined(separator: "\n")
    }
    let once = run(seed)
    #expect(once == run(seed))
    #expect(once != run(seed + 1))
  }

  @Test("when the faults are turned off, later calls are whole again")
  func liveness() {
    var bench = spoilt {
      $0.lose = 0.3
      $0.delay = 0.3
      $0.reorder = 0.3
    }
    bench.trunk.faults = SimulatorFaults()
    bench.dial("z", 61_291_230_005)
    bench.pass(.seconds(2))
    #expect(bench.events(of: "z").map(phase) == [0, 3])
  }

  @Test("a drop that loses the calls leaves none when the trunk comes back")
  func dropLosesCalls() {
    var faults = SimulatorFaults()
    faults.dropLosesCalls = true
    var bench = SimulatorBench(SimulatorOptions(faults: faults))
    bench.dial("a")
    bench.pass(.seconds(2))
    bench.drop()
    #expect(bench.liveCalls == 0 && bench.trunk.nextDeadline == nil)
    bench.pass(.minutes(1))
    bench.comeBack()
    #expect(bench.events.suffix(2) == [.live([]), .state(.up)])
    #expect(!bench.events.contains { if case .ended = $0 { true } else { false } })
    bench.dial("a")
    #expect(bench.events.last == .accepted(CallID("a")))
  }

  @Test("events that are underway when the connection breaks never arrive")
  func dropCutsTheWire() {
    var faults = SimulatorFaults()
    faults.delay = 1
    var bench = SimulatorBench(SimulatorOptions(faults: faults))
    bench.dial("a")
    #expect(bench.events.isEmpty)
    bench.drop()
    bench.pass(.seconds(1))
    bench.comeBack()
    bench.trunk.faults = SimulatorFaults()
    bench.pass(.minutes(1))
    #expect(!bench.events.contains(.accepted(CallID("a"))))
    #expect(bench.events(of: "a").map(phase) == [2, 3])
  }

  @Test("what was due before a command comes before its answer, however late the timer runs")
  func lateTimer() {
    var bench = SimulatorBench()
    bench.dial("a")
    var events: [TrunkEvent] = []
    let late = Now(wall: bench.now.wall, monotonic: bench.now.monotonic + .seconds(2))
    bench.trunk.handle(.hangup(CallID("a")), at: late, events: &events)
    #expect(
      events == [
        .ringing(CallID("a")), .answered(CallID("a")),
        .ended(CallID("a"), CallEnding(cause: 16, byFarEnd: false)),
      ])
  }

  @Test("many calls that are hung up at once leave no deadline behind")
  func staleTimers() {
    var bench = SimulatorBench()
    for call in 0..<5_000 {
      bench.dial("\(call)")
      if call != 17 { bench.handle(.hangup(CallID("\(call)"))) }
    }
    #expect(bench.liveCalls == 1)
    #expect(bench.trunk.nextDeadline == bench.now.monotonic + Interval(seconds: FixedTimes.ringing))
    bench.handle(.hangup(CallID("17")))
    #expect(bench.trunk.nextDeadline == nil)
  }
}
