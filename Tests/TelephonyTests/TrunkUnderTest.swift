import DialerModel
import Telephony

/// A trunk and the world around it, as the conformance suite drives it.
protocol TrunkUnderTest {
  /// All that the driver has said so far.
  var events: [TrunkEvent] { get }
  mutating func handle(_ command: TrunkCommand)
  /// Lets time go by, stopping at each of the driver's deadlines.
  mutating func pass(_ interval: Interval)
  mutating func drop()
  mutating func comeBack()
  /// A number that comes to this outcome; `answered` is a person.
  func number(_ outcome: Outcome) -> PhoneNumber
  var liveCalls: Int { get }
  var state: TrunkState { get }
}

/// A simulator with a clock of its own and a record of what it said, and when.
struct SimulatorBench: TrunkUnderTest {
  var trunk: SimulatorTrunk
  var events: [TrunkEvent] = []
  /// As long as `events`: milliseconds since the start.
  var times: [Int64] = []
  var now = Now(
    wall: Instant(seconds: 1_800_000_000), monotonic: MonotonicInstant(milliseconds: SimulatorBench.start))
  private static let start: Int64 = 5_000

  init(_ options: SimulatorOptions = SimulatorOptions(), dialLog: DialLogging? = nil) {
    trunk = SimulatorTrunk(options, dialLog: dialLog)
  }

  var liveCalls: Int { trunk.liveCalls }
  var state: TrunkState { trunk.state }

  mutating func handle(_ command: TrunkCommand) {
    trunk.handle(command, at: now, events: &events)
    stamp()
  }

  mutating func pass(_ interval: Interval) {
    let end = now.monotonic + interval
    while let next = trunk.nextDeadline, next <= end {
      set(max(next, now.monotonic))
      trunk.advance(to: now, events: &events)
      stamp()
    }
    set(end)
    trunk.advance(to: now, events: &events)
    stamp()
  }

  mutating func drop() {
    trunk.drop(at: now, events: &events)
    stamp()
  }

  mutating func comeBack() {
    trunk.comeBack(at: now, events: &events)
    stamp()
  }

  func number(_ outcome: Outcome) -> PhoneNumber {
    let digit: UInt64 =
      switch outcome {
      case .busy: 5
      case .noAnswer: 6
      case .machine: 7
      case .disconnected: 8
      case .congestion: 9
      default: 0
      }
    return PhoneNumber(digits: 61_291_230_000 + digit)
  }

  mutating func dial(
    _ callID: String, _ number: UInt64 = 61_291_230_000, ringTimeout: Interval = .seconds(28),
    expectsAgent: Bool = true
  ) {
    handle(
      .dial(
        DialOrder(
          callID: CallID(callID), number: PhoneNumber(digits: number), ringTimeout: ringTimeout,
          campaignID: CampaignID("c"), expectsAgent: expectsAgent)))
  }

  func events(of callID: String) -> [TrunkEvent] { events.filter { $0.callID == CallID(callID) } }

  /// When the call's last event came, in milliseconds since the start.
  func end(of callID: String) -> Int64? {
    events.lastIndex { $0.callID == CallID(callID) }.map { times[$0] }
  }

  private mutating func set(_ instant: MonotonicInstant) {
    now.wall = now.wall + (instant - now.monotonic)
    now.monotonic = instant
  }

  private mutating func stamp() {
    while times.count < events.count { times.append(now.monotonic.milliseconds - Self.start) }
  }
}
