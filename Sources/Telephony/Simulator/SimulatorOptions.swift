import DialerModel

/// How a simulated carrier behaves.
public struct SimulatorOptions: Hashable, Sendable {
  public enum Outcomes: Hashable, Sendable {
    /// The last digit says what happens: 0 to 4 a person answers, 5 busy, 6 no answer, 7 machine, 8 disconnected,
    /// 9 congestion; the times are those of ``FixedTimes``.
    case byLastDigit
    /// Drawn for each call, with the times of ``DrawnTimes``.
    case mix(OutcomeMix)
  }

  public var seed: UInt64
  /// All times are divided by it; above 0.
  public var speed: Double
  public var outcomes: Outcomes
  /// A call beyond these is rejected with `no-channel`. Far above any trunk's `maximumCalls`, because the engine throttles
  /// and the exchange is never used for it.
  public var channels: Int
  public var faults: SimulatorFaults

  public init(
    seed: UInt64 = 1, speed: Double = 1, outcomes: Outcomes = .byLastDigit, channels: Int = 100_000,
    faults: SimulatorFaults = SimulatorFaults()
  ) {
    self.seed = seed
    self.speed = speed
    self.outcomes = outcomes
    self.channels = channels
    self.faults = faults
  }

  /// Seconds of the model as time of this simulator.
  func scaled(_ seconds: Double) -> Interval { Interval(seconds: seconds / speed) }
}

/// What goes wrong on purpose, for tests: probabilities, 0 to 1, for each event about a call. `state` and `live`, by which
/// an engine recovers, are never touched.
public struct SimulatorFaults: Hashable, Sendable {
  /// The event never arrives.
  public var lose = 0.0
  /// The event comes up to ``delayMaximum`` late, and the call's later events behind it.
  public var delay = 0.0
  /// The event comes twice, the second time up to ``delayMaximum`` later.
  public var `repeat` = 0.0
  /// The event comes up to ``delayMaximum`` late, and the call's later events may pass it.
  public var reorder = 0.0
  /// A dial is rejected with `no-route`; decided for each call.
  public var reject = 0.0
  /// At least a millisecond; divided by the speed.
  public var delayMaximum = Interval.seconds(2)
  /// Whether live calls are lost when the trunk drops, as at an exchange that was killed, or go on, as when only the
  /// connection to it breaks.
  public var dropLosesCalls = false

  public init() {}

  var touchesEvents: Bool { lose > 0 || delay > 0 || `repeat` > 0 || reorder > 0 }
}

/// How often each fault was met, so that a test can prove that it was reached.
public struct SimulatorFaultCounts: Hashable, Sendable {
  public var lost = 0
  public var delayed = 0
  public var repeated = 0
  public var reordered = 0
  public var rejected = 0
}
