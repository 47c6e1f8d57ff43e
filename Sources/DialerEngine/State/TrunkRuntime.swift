import DialerModel
import Telephony

/// A trunk as the engine sees it: what it says of itself, how many calls it has, and how it comes back from faults.
final class TrunkRuntime {
  var settings: TrunkSettings
  private(set) var state: TrunkState = .down(reason: "starting")
  var liveCalls = 0
  private var gate: RateGate
  /// Dials refused by the trunk itself since the last that it took.
  private var faults = 0
  /// Nothing is dialled before then: after faults of its own, twice as long each time.
  private var heldUntil = MonotonicInstant(milliseconds: 0)
  /// After a fault or a return one call goes alone, to see whether it is taken.
  private var isProbing = false

  /// From one second to half a minute: an exchange restarts in 2 s, a registration is renewed within half a minute.
  private static let hold: (first: Interval, last: Interval) = (.seconds(1), .seconds(30))

  init(settings: TrunkSettings) {
    self.settings = settings
    gate = RateGate(rate: settings.callsPerSecond)
  }

  func apply(_ settings: TrunkSettings) {
    self.settings = settings
    gate.rate = settings.callsPerSecond
  }

  /// - Returns: whether the word for the state changed.
  func change(to new: TrunkState) -> Bool {
    let changed = new != state
    if new == .up, state != .up { isProbing = faults > 0 }
    state = new
    return changed
  }

  func hasRoom(at now: MonotonicInstant) -> Bool {
    state == .up && liveCalls < settings.maximumCalls && heldUntil <= now && (!isProbing || liveCalls == 0)
      && gate.isOpen(at: now)
  }

  /// Why there is no room, for people; nil when there is.
  func reasonForNoRoom(at now: MonotonicInstant) -> String? {
    if state != .up { return "trunk \(settings.name) is \(state.word)" }
    if liveCalls >= settings.maximumCalls { return "trunk \(settings.name) has all \(settings.maximumCalls) calls" }
    if heldUntil > now { return "trunk \(settings.name) is held after \(faults) faults" }
    if isProbing, liveCalls > 0 { return "trunk \(settings.name) is being tried with one call" }
    return gate.isOpen(at: now) ? nil : "trunk \(settings.name) has its \(settings.callsPerSecond) calls a second"
  }

  /// When room may come without a call ending; nil when only an event can bring it.
  func nextRoom(after now: MonotonicInstant) -> MonotonicInstant? {
    guard state == .up, liveCalls < settings.maximumCalls, !isProbing || liveCalls == 0 else { return nil }
    let rate = gate.opens(after: now)
    guard heldUntil > now else { return rate }
    return max(heldUntil, rate ?? heldUntil)
  }

  func took(at now: MonotonicInstant) {
    gate.take(at: now)
    liveCalls += 1
  }

  func accepted() {
    faults = 0
    isProbing = false
  }

  /// The trunk itself refused a dial: it rests, twice as long each time, and is then tried with one call.
  func faulted(at now: MonotonicInstant) {
    isProbing = true
    // Dials that were under way together fail together: one fault.
    guard heldUntil <= now else { return }
    faults += 1
    let length = min(Self.hold.first.milliseconds << Int64(min(faults - 1, 5)), Self.hold.last.milliseconds)
    heldUntil = now + Interval(milliseconds: length)
  }
}
