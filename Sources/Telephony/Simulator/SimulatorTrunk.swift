import DialerModel

/// A trunk without telephony: a seeded model of a carrier behind the same contract as the real exchanges, for
/// demonstrations, tests and measurements.
///
/// Each call follows its ``CallScript`` unless it is hung up or connected. The same options and the same calls with the
/// same `now` give the same events, byte for byte.
public struct SimulatorTrunk: TrunkDriver {
  private enum Phase: Sendable { case free, dialing, ringing, answered, connecting, connected }

  private struct Call: Sendable {
    var callID: CallID
    var phase: Phase
    /// Grows when the slot's timer is replaced, so that the old one is known for stale.
    var generation: UInt32
    /// For the order of ``TrunkEvent/live(_:)``.
    var sequence: UInt64
    var dialledAt: MonotonicInstant
    var script: CallScript
    var agentID: AgentID?
    var expectsAgent: Bool
  }

  private struct CallTimer: Sendable {
    var slot: Int32
    var generation: UInt32
  }

  /// Stale timers are swept when they outnumber the live calls by this many.
  private static let staleTimerMaximum = 1024

  public let options: SimulatorOptions
  private let dialLog: DialLogging?
  private var calls: [Call] = []
  private var freeSlots: [Int32] = []
  private var index = CallIndex()
  private var timers = TimerHeap<CallTimer>()
  private var wire: FaultyWire
  private var sequence: UInt64 = 0
  /// Hang-ups that were ordered while the trunk was down, each call once: in order, and for looking up.
  private var hangupsToDo: [CallID] = []
  private var hangupsOrdered: Set<CallID> = []
  public private(set) var state = TrunkState.up

  /// - Parameter dialLog: is told of each dial, also of one that is then rejected, before the simulator acts on it.
  public init(_ options: SimulatorOptions = SimulatorOptions(), dialLog: DialLogging? = nil) {
    precondition(options.speed > 0 && options.speed.isFinite, "the simulator's speed is a finite number above zero")
    self.options = options
    self.dialLog = dialLog
    wire = FaultyWire(options)
  }

  public var liveCalls: Int { index.count }
  public var faultCounts: SimulatorFaultCounts { wire.counts }

  /// May be changed at any time; holds for what happens from then on.
  public var faults: SimulatorFaults {
    get { wire.faults }
    set { wire.faults = newValue }
  }

  public var nextDeadline: MonotonicInstant? {
    let arrival = wire.nextArrival
    guard let timer = timers.firstDue else { return arrival }
    guard let arrival else { return timer }
    return min(arrival, timer)
  }

  public mutating func handle(_ command: TrunkCommand, at now: Now, events: inout [TrunkEvent]) {
    // What was due before the command is not changed by it, however late the host's timer runs.
    advance(to: now, events: &events)
    switch command {
    case .dial(let order):
      dialLog?(now.wall, order.callID, order.number)
      // It leaves no timer stale.
      return dial(order, at: now.monotonic, events: &events)
    case .hangup(let callID): hangup(callID, at: now.monotonic, events: &events)
    case .connect(let callID, let agentID, _): connect(callID, agentID, at: now.monotonic, events: &events)
    case .listLive:
      if state == .up { events.append(.live(live)) }
    }
    dropStaleTimers()
  }

  public mutating func advance(to now: Now, events: inout [TrunkEvent]) {
    guard let first = nextDeadline, first <= now.monotonic else { return }
    while let next = nextDeadline, next <= now.monotonic {
      // What arrived by then was sent before what happens then.
      if wire.nextArrival == next {
        wire.deliver(events: &events)
      } else {
        let timer = timers.removeFirst()
        let slot = Int(timer.payload.slot)
        if calls[slot].generation == timer.payload.generation { step(slot, at: timer.at, events: &events) }
      }
    }
    dropStaleTimers()
  }
}

// MARK: - Outages

extension SimulatorTrunk {
  /// The connection breaks: nothing is heard or obeyed until ``comeBack(at:events:)``. Whether live calls go on meanwhile,
  /// unheard, is for ``SimulatorFaults/dropLosesCalls`` to say.
  public mutating func drop(reason: String = "connection-lost", at now: Now, events: inout [TrunkEvent]) {
    advance(to: now, events: &events)
    guard state == .up else { return }
    wire.cut()
    state = .down(reason: reason)
    events.append(.state(state))
    guard faults.dropLosesCalls else { return }
    for slot in calls.indices where calls[slot].phase != .free { release(slot) }
    dropStaleTimers()
  }

  public mutating func comeBack(at now: Now, events: inout [TrunkEvent]) {
    advance(to: now, events: &events)
    guard state != .up else { return }
    events.append(.state(.probing))
    events.append(.live(live))
    state = .up
    events.append(.state(state))
    let orders = hangupsToDo
    hangupsToDo = []
    hangupsOrdered = []
    for callID in orders { hangup(callID, at: now.monotonic, events: &events) }
    dropStaleTimers()
  }

  private var live: [CallID] {
    calls.filter { $0.phase != .free }.sorted { $0.sequence < $1.sequence }.map(\.callID)
  }
}

// MARK: - Commands

extension SimulatorTrunk {
  private mutating func dial(_ order: DialOrder, at now: MonotonicInstant, events: inout [TrunkEvent]) {
    guard state == .up else {
      // No wire leads there: our own side says so.
      events.append(.rejected(order.callID, .notConnected))
      return
    }
    guard index.slot(of: order.callID) == nil else {
      wire.send(.rejected(order.callID, .duplicateCallID), at: now, events: &events)
      return
    }
    guard index.count < options.channels else {
      wire.send(.rejected(order.callID, .noChannel), at: now, events: &events)
      return
    }
    let script = CallScript(order, options)
    guard script.rejection >= wire.faults.reject else {
      wire.countRejected()
      wire.send(.rejected(order.callID, .noRoute), at: now, events: &events)
      return
    }
    sequence += 1
    let slot = take(order, script, at: now)
    index.insert(order.callID, slot: slot)
    emit(.accepted(order.callID), at: now, events: &events)
    schedule(slot, at: now + (script.ringing ?? script.resolved))
  }

  private mutating func hangup(_ callID: CallID, at now: MonotonicInstant, events: inout [TrunkEvent]) {
    guard state == .up else {
      if hangupsOrdered.insert(callID).inserted { hangupsToDo.append(callID) }
      return
    }
    guard let slot = index.slot(of: callID) else {
      emit(.gone(callID), at: now, events: &events)
      return
    }
    end(slot, CallEnding(cause: 16, byFarEnd: false), at: now, events: &events)
  }

  private mutating func connect(
    _ callID: CallID, _ agentID: AgentID, at now: MonotonicInstant, events: inout [TrunkEvent]
  ) {
    guard state == .up else {
      events.append(.connectFailed(callID, agentID, .notConnected))
      return
    }
    guard let slot = index.slot(of: callID) else {
      emit(.gone(callID), at: now, events: &events)
      return
    }
    switch calls[slot].phase {
    case .answered:
      calls[slot].phase = .connecting
      calls[slot].agentID = agentID
      schedule(slot, at: now + options.scaled(CallScript.connectSeconds))
    case .connecting, .connected:
      guard calls[slot].agentID == agentID else {
        emit(.connectFailed(callID, agentID, .alreadyConnected), at: now, events: &events)
        return
      }
      // Asked again, as after a lost event; while connecting, the answer is still to come.
      if calls[slot].phase == .connected { emit(.connected(callID, agentID), at: now, events: &events) }
    case .dialing, .ringing, .free:
      emit(.connectFailed(callID, agentID, .notAnswered), at: now, events: &events)
    }
  }
}

// MARK: - The course of a call

extension SimulatorTrunk {
  /// The call's timer has come: it goes on to its next phase.
  private mutating func step(_ slot: Int, at now: MonotonicInstant, events: inout [TrunkEvent]) {
    let callID = calls[slot].callID
    let dialledAt = calls[slot].dialledAt
    switch calls[slot].phase {
    case .dialing where calls[slot].script.ringing != nil:
      calls[slot].phase = .ringing
      emit(.ringing(callID), at: now, events: &events)
      schedule(slot, at: dialledAt + calls[slot].script.resolved)
    case .dialing, .ringing:
      if let ending = calls[slot].script.ending {
        end(slot, ending, at: now, events: &events)
      } else {
        calls[slot].phase = .answered
        emit(.answered(callID), at: now, events: &events)
        schedule(slot, at: now + calls[slot].script.unattended)
      }
    case .connecting:
      calls[slot].phase = .connected
      if let agentID = calls[slot].agentID { emit(.connected(callID, agentID), at: now, events: &events) }
      schedule(slot, at: now + calls[slot].script.talk)
    case .answered:
      // A message that has been played is ended by the exchange, all else by the person.
      end(slot, CallEnding(cause: 16, byFarEnd: calls[slot].expectsAgent), at: now, events: &events)
    case .connected:
      end(slot, CallEnding(cause: 16, byFarEnd: true), at: now, events: &events)
    case .free:
      preconditionFailure("a call that has ended has no timer")
    }
  }

  private mutating func end(
    _ slot: Int, _ ending: CallEnding, at now: MonotonicInstant, events: inout [TrunkEvent]
  ) {
    let callID = calls[slot].callID
    release(slot)
    emit(.ended(callID, ending), at: now, events: &events)
  }

  /// While the trunk is down, nobody hears.
  private mutating func emit(_ event: TrunkEvent, at now: MonotonicInstant, events: inout [TrunkEvent]) {
    guard state == .up else { return }
    wire.send(event, at: now, events: &events)
  }

  private mutating func schedule(_ slot: Int, at: MonotonicInstant) {
    calls[slot].generation &+= 1
    timers.add(CallTimer(slot: Int32(slot), generation: calls[slot].generation), at: at)
  }

  private mutating func take(_ order: DialOrder, _ script: CallScript, at now: MonotonicInstant) -> Int {
    var call = Call(
      callID: order.callID, phase: .dialing, generation: 0, sequence: sequence, dialledAt: now, script: script,
      agentID: nil, expectsAgent: order.expectsAgent)
    guard let free = freeSlots.popLast() else {
      calls.append(call)
      return calls.count - 1
    }
    call.generation = calls[Int(free)].generation
    calls[Int(free)] = call
    return Int(free)
  }

  private mutating func release(_ slot: Int) {
    index.remove(slot: slot)
    calls[slot].phase = .free
    calls[slot].generation &+= 1
    freeSlots.append(Int32(slot))
  }

  /// So that ``nextDeadline`` names a moment at which something happens, and memory follows the live calls.
  private mutating func dropStaleTimers() {
    while let first = timers.first?.payload, calls[Int(first.slot)].generation != first.generation {
      timers.removeFirst()
    }
    if timers.count > 2 * index.count + Self.staleTimerMaximum {
      timers.keep { calls[Int($0.slot)].generation == $0.generation }
    }
  }
}
