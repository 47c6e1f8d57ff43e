import DialerModel

/// When a gate that fails could pass.
public enum GateUntil: Hashable, Sendable {
  /// From then on, if nothing else changes.
  case at(Instant)
  /// When something that goes on by itself ends, or a campaign or list is switched on: nobody knows when.
  case onChange
  /// Not unless somebody changes the lead or the rules.
  case never
}

/// What all gates say of a lead at one moment. A plain value: making one allocates nothing.
@frozen public struct Verdict: Hashable, Sendable {
  /// Every gate that fails, never only the first.
  public var failing: GateSet
  /// Those of ``failing`` that will not pass again unless somebody changes something.
  public var never: GateSet
  /// Those of ``failing`` that an override lets pass.
  public var overridden: GateSet
  /// Index of the phone that would be dialled; -1 = none.
  public var phoneIndex: Int
  /// The phone for which hours and limits were judged: ``phoneIndex`` or, where none can be dialled, the first there
  /// is; -1 = the lead has none.
  public var judgedPhoneIndex: Int
  /// The number that would be dialled.
  public var phone: PhoneNumber?
  public var hours: HoursStatus
  /// Whether an agent was there for the call, so that no hold after an abandoned one counted.
  public var agentInHand: Bool
  @usableFromInline var limitsUntil: Instant
  @usableFromInline var gapUntil: Instant
  @usableFromInline var retryUntil: Instant
  @usableFromInline var trunkUntil: Instant

  @inlinable public init() {
    failing = []
    never = []
    overridden = []
    phoneIndex = -1
    judgedPhoneIndex = -1
    phone = nil
    hours = HoursStatus(open: true, asOf: .distantPast, until: .distantFuture)
    agentInHand = false
    limitsUntil = .distantPast
    gapUntil = .distantPast
    retryUntil = .distantPast
    trunkUntil = .distantFuture
  }

  /// Whether the lead may be dialled now.
  @inlinable public var passes: Bool { failing.subtracting(overridden).isEmpty }
  /// Whether the lead may be dialled but for these gates.
  @inlinable public func passes(ignoring gates: GateSet) -> Bool {
    failing.subtracting(overridden).subtracting(gates).isEmpty
  }
  /// Whether some gate will never let it pass again unless somebody changes something.
  @inlinable public var exhausted: Bool { !never.subtracting(overridden).isEmpty }

  /// When a gate could pass; nil for one that passes.
  public func until(_ gate: Gate) -> GateUntil? {
    guard failing.contains(gate) else { return nil }
    if never.contains(gate) { return .never }
    let instant: Instant =
      switch gate {
      case .callingHours: hours.until
      case .attemptLimits: limitsUntil
      case .minimumGap: gapUntil
      case .retryTime: retryUntil
      case .trunkCapacity: trunkUntil
      default: .distantFuture
      }
    return instant == .distantFuture ? .onChange : .at(instant)
  }

  @inlinable mutating func fail(_ gate: Gate, never isForGood: Bool = false) {
    failing.insert(gate)
    if isForGood { never.insert(gate) }
  }
}
