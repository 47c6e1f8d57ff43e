import DialerModel
import Telephony
import Testing

@Suite("Drawn outcomes of the simulator")
struct SimulatorMixTests {
  private static let weights: [Outcome: Double] = [
    .answered: 25, .machine: 25, .busy: 8, .noAnswer: 30, .disconnected: 5, .congestion: 2, .fax: 2, .refused: 2,
    .failed: 1,
  ]

  private func bench(
    _ weights: [Outcome: Double], calls: Int, seed: UInt64 = 1, random: String = "0123456789abcdef",
    step: UInt64 = 1
  ) throws -> SimulatorBench {
    var bench = SimulatorBench(SimulatorOptions(seed: seed, outcomes: .mix(try OutcomeMix(weights))))
    for call in 0..<UInt64(calls) {
      let index = call &* step % UInt64(calls)
      bench.dial("\(String(index + 1, radix: 36))x\(random)", 61_400_000_000 + index)
    }
    bench.pass(.hours(1))
    return bench
  }

  /// By call: the outcome, `answered` for a person.
  private func outcomes(_ bench: SimulatorBench) -> [CallID: Outcome] {
    var found: [CallID: Outcome] = [:]
    for case .ended(let callID, let ending) in bench.events { found[callID] = ending.outcome ?? .answered }
    return found
  }

  @Test("each outcome comes as often as its weight says")
  func frequencies() throws {
    let calls = 20_000
    let found = outcomes(try bench(Self.weights, calls: calls))
    #expect(found.count == calls)
    for outcome in OutcomeMix.outcomes {
      let share = (Self.weights[outcome] ?? 0) / 100
      let count = Double(found.values.filter { $0 == outcome }.count)
      let deviation = (Double(calls) * share * (1 - share)).squareRoot()
      // Four standard deviations of the binomial distribution.
      #expect(abs(count - Double(calls) * share) < 4 * deviation, "\(outcome.word)")
    }
  }

  @Test("a person answers after a median of 12 s, never before 1 s or after 28 s")
  func answerTimes() throws {
    let bench = try bench([.answered: 1], calls: 4_000)
    var seconds: [Double] = []
    for (index, event) in bench.events.enumerated() {
      if case .answered = event { seconds.append(Double(bench.times[index]) / 1000) }
    }
    seconds.sort()
    #expect(seconds.count == 4_000)
    // The cut at 28 s takes the top 3 %, so the median of what is left is a little lower than 12.
    #expect((11.4...12.1).contains(seconds[2_000]))
    #expect(seconds[0] >= 1 && seconds[3_999] <= 28)
  }

  @Test(
    "what fails does so in its range of seconds",
    arguments: [
      (Outcome.busy, 2.0, 5.0), (.disconnected, 1.0, 4.0), (.refused, 1.0, 4.0), (.noAnswer, 28.0, 28.0),
      (.machine, 1.0, 28.0), (.fax, 1.0, 28.0),
    ])
  func failureTimes(outcome: Outcome, from: Double, to: Double) throws {
    let bench = try bench([outcome: 1], calls: 1_000)
    for (index, event) in bench.events.enumerated() {
      guard case .ended(_, let ending) = event else { continue }
      #expect(ending.outcome == outcome)
      #expect((from...to).contains(Double(bench.times[index]) / 1000))
    }
  }

  @Test("talks last 120 s on average, and a short ring timeout cuts late answers off")
  func talkAndTimeout() throws {
    var bench = SimulatorBench(SimulatorOptions(outcomes: .mix(try OutcomeMix([.answered: 1]))))
    for call in 0..<4_000 { bench.dial("\(call)", ringTimeout: .seconds(12)) }
    bench.pass(.seconds(12))
    let answered = bench.events.compactMap { if case .answered(let callID) = $0 { callID } else { nil } }
    let cut = outcomes(bench).values.filter { $0 == .noAnswer }.count
    #expect((1_700...2_300).contains(cut))
    for callID in answered { bench.handle(.connect(callID, AgentID("anna"), extension: nil)) }
    let before = Double(bench.times.last ?? 0)
    var connected: [CallID: Bool] = [:]
    bench.pass(.hours(2))
    var total = 0.0
    for (index, event) in bench.events.enumerated() {
      if case .connected(let callID, _) = event { connected[callID] = true }
      if case .ended(let callID, _) = event, connected[callID] == true { total += Double(bench.times[index]) - before }
    }
    let mean = total / Double(connected.count) / 1000
    // Standard error at cv 1 and about 1,900 talks: 2.8 s.
    #expect((109...131).contains(mean))
  }

  @Test("what becomes of a call depends neither on the order of dialling nor on the random part of its id")
  func commonRandomNumbers() throws {
    let straight = outcomes(try bench(Self.weights, calls: 1_000))
    // 387 and 1,000 have no common factor: each call once, in another order.
    let shuffled = outcomes(try bench(Self.weights, calls: 1_000, random: "zyxwvutsrqpnmkjh", step: 387))
    #expect(straight.count == 1_000)
    for (callID, outcome) in straight {
      let other = CallID(callID.rawValue.dropLast(16) + "zyxwvutsrqpnmkjh")
      #expect(shuffled[other] == outcome)
    }
  }

  @Test("another seed is another carrier")
  func seeds() throws {
    let one = outcomes(try bench(Self.weights, calls: 500, seed: 1))
    let two = outcomes(try bench(Self.weights, calls: 500, seed: 2))
    #expect(one.count == two.count && one != two)
  }

  @Test("a mix names what is wrong with it")
  func faults() {
    #expect(throws: OutcomeMixFault.notSimulated("dropped")) { try OutcomeMix(words: ["dropped": 1]) }
    #expect(throws: OutcomeMixFault.notSimulated("engaged")) { try OutcomeMix(words: ["engaged": 1]) }
    #expect(throws: OutcomeMixFault.badWeight("busy")) { try OutcomeMix(words: ["busy": -1, "answered": 5]) }
    #expect(throws: OutcomeMixFault.badWeight("busy")) { try OutcomeMix([.busy: .nan]) }
    #expect(throws: OutcomeMixFault.noWeight) { try OutcomeMix([.busy: 0]) }
    #expect(throws: OutcomeMixFault.noWeight) { try OutcomeMix(words: [:]) }
  }
}
