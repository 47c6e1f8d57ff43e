import DialerModel

/// The way from the simulated exchange to the engine, on which events are lost, delayed, repeated and reordered as the
/// options say. Without faults an event goes straight through.
struct FaultyWire: Sendable {
  var faults: SimulatorFaults
  private(set) var counts = SimulatorFaultCounts()
  private let speed: Double
  private var generator: SeededGenerator
  private var underway = TimerHeap<TrunkEvent>()
  /// By call, when its last delayed event arrives: later ones queue behind it. Only looked up, never iterated; an entry
  /// goes with the call's end.
  private var lastArrival: [CallID: MonotonicInstant] = [:]

  init(_ options: SimulatorOptions) {
    faults = options.faults
    speed = options.speed
    // Another stream than the calls': faults do not change what becomes of a call.
    generator = SeededGenerator(seed: ~options.seed)
  }

  var nextArrival: MonotonicInstant? { underway.firstDue }

  mutating func send(_ event: TrunkEvent, at now: MonotonicInstant, events: inout [TrunkEvent]) {
    guard faults.touchesEvents || !lastArrival.isEmpty, let callID = event.callID else {
      events.append(event)
      return
    }
    var arrival = max(lastArrival[callID] ?? now, now)
    if case .ended = event { lastArrival[callID] = nil }
    guard !happens(faults.lose) else {
      counts.lost += 1
      return
    }
    if happens(faults.reorder) {
      counts.reordered += 1
      arrival = now + lateness()
    } else if happens(faults.delay) {
      counts.delayed += 1
      arrival = max(arrival, now + lateness())
      if event.isFollowed { lastArrival[callID] = arrival }
    }
    if happens(faults.repeat) {
      counts.repeated += 1
      underway.add(event, at: arrival + lateness())
    }
    if arrival > now {
      underway.add(event, at: arrival)
    } else {
      events.append(event)
    }
  }

  /// Delivers the one event that arrives next; there must be one.
  mutating func deliver(events: inout [TrunkEvent]) { events.append(underway.removeFirst().payload) }

  /// What is underway when the connection breaks never arrives.
  mutating func cut() {
    underway.removeAll()
    lastArrival.removeAll()
  }

  mutating func countRejected() { counts.rejected += 1 }

  private mutating func happens(_ probability: Double) -> Bool {
    probability > 0 && generator.fraction() < probability
  }

  /// From one millisecond.
  private mutating func lateness() -> Interval {
    let maximum = max(1, Double(faults.delayMaximum.milliseconds) / speed)
    return Interval(milliseconds: 1 + Int64(generator.fraction() * maximum))
  }
}

extension TrunkEvent {
  /// Whether the call is live after it, and so has an `ended` to come.
  fileprivate var isFollowed: Bool {
    switch self {
    case .accepted, .ringing, .answered, .connected: true
    case .rejected, .connectFailed, .ended, .gone, .state, .live: false
    }
  }
}
