import DialerModel

/// What becomes of one call if nobody hangs up, settled when it is dialled. It depends on seed, number and attempt alone:
/// another order of events, or another decision about another call, changes nothing in it (common random numbers).
struct CallScript: Sendable {
  /// From the connection to the order, before it is connected to an agent. The same for each call.
  static let connectSeconds = 0.01

  /// Nil = a person answers.
  var ending: CallEnding?
  /// From the dial to the first ringing; nil = never rings.
  var ringing: Interval?
  /// From the dial to the answer or the end.
  var resolved: Interval
  /// From the connection to an agent to the far end's hang-up.
  var talk = Interval.zero
  /// From the answer to the end when no agent is connected: patience, or the message of a broadcast.
  var unattended = Interval.zero
  /// 0 ≤ rejection < 1: below the probability of ``SimulatorFaults/reject``, the dial is rejected.
  var rejection: Double

  init(_ order: DialOrder, _ options: SimulatorOptions) {
    var generator = SeededGenerator(seed: Self.key(order, seed: options.seed))
    rejection = generator.fraction()
    var outcome: Outcome
    var seconds: Double
    switch options.outcomes {
    case .byLastDigit:
      (outcome, seconds) = Self.fixed(lastDigit: order.number.lastDigit)
    case .mix(let mix):
      outcome = mix.outcome(at: generator.fraction())
      seconds = Self.drawn(outcome, &generator)
    }
    let timeout = order.ringTimeout.seconds
    // The trunk gives up then, whoever would have answered later.
    if outcome == .noAnswer || seconds > timeout {
      outcome = .noAnswer
      seconds = min(seconds, timeout)
    }
    let rings: Bool
    switch outcome {
    case .answered, .machine, .noAnswer, .fax: rings = true
    default: rings = false
    }
    let isDrawn = options.outcomes != .byLastDigit
    if rings { ringing = options.scaled(min(isDrawn ? DrawnTimes.ringing : FixedTimes.ringing, seconds)) }
    resolved = options.scaled(seconds)
    guard outcome != .answered else {
      talk = options.scaled(isDrawn ? DrawnTimes.talk.draw(&generator) : FixedTimes.talk)
      let patience = isDrawn ? Self.uniform(DrawnTimes.patience, &generator) : FixedTimes.patience
      let message = isDrawn ? DrawnTimes.message : FixedTimes.message
      unattended = options.scaled(order.expectsAgent ? patience : message)
      return
    }
    ending = CallEnding(outcome: outcome, cause: Self.cause(outcome), byFarEnd: outcome != .noAnswer)
  }

  private static func fixed(lastDigit: Int) -> (Outcome, Double) {
    switch lastDigit {
    case 5: (.busy, FixedTimes.busy)
    case 6: (.noAnswer, FixedTimes.noAnswer)
    case 7: (.machine, FixedTimes.machine)
    case 8: (.disconnected, FixedTimes.disconnected)
    case 9: (.congestion, FixedTimes.congestion)
    default: (.answered, FixedTimes.answer)
    }
  }

  private static func drawn(_ outcome: Outcome, _ generator: inout SeededGenerator) -> Double {
    switch outcome {
    case .answered: DrawnTimes.answer.draw(in: DrawnTimes.answerRange, &generator)
    case .machine, .fax: DrawnTimes.machine.draw(in: DrawnTimes.machineRange, &generator)
    case .busy: uniform(DrawnTimes.busy, &generator)
    case .noAnswer: .infinity
    default: uniform(DrawnTimes.invalid, &generator)
    }
  }

  private static func uniform(_ range: Range<Double>, _ generator: inout SeededGenerator) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * generator.fraction()
  }

  /// ITU-T Q.850, as the exchanges that were measured give them (design page on telephony, sections 1 and 9).
  private static func cause(_ outcome: Outcome) -> Int {
    switch outcome {
    case .busy: 17
    case .noAnswer: 19
    case .disconnected: 1
    case .congestion: 34
    case .refused: 21
    case .failed: 127
    default: 16
    }
  }

  /// A stable number for seed, number dialled and attempt.
  ///
  /// Of a call id only the part that names the attempt goes in: the 16 random characters behind the `x` differ from run to
  /// run, and a run with the same seed is to meet the same carrier.
  private static func key(_ order: DialOrder, seed: UInt64) -> UInt64 {
    var text = order.callID.rawValue
    let hash = text.withUTF8 { bytes in
      let isOurs = bytes.count > 17 && bytes[bytes.count - 17] == UInt8(ascii: "x")
      return CallIndex.stableHash(bytes.prefix(isOurs ? bytes.count - 17 : bytes.count))
    }
    return SeededGenerator.mix(SeededGenerator.mix(seed) ^ SeededGenerator.mix(order.number.digits) &+ hash)
  }
}
