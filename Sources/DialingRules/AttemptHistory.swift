import DialerModel

/// When a lead, its person and its numbers were dialled, over all campaigns of the tenant.
///
/// Asked on the hot path: conform a struct, and let the compiler specialise.
public protocol AttemptHistory {
  /// Whether it is sure that nobody was called whom a limit, the gap or a hold could look back on: most leads were not,
  /// and then no rule need be asked. False where that is not known.
  ///
  /// - Parameter phone: the number that would be dialled.
  func isBlank(phone: PhoneNumber) -> Bool
  /// The nth newest counted attempt (or answer), 1 = the newest; nil when there are fewer.
  ///
  /// - Parameter phone: the number that would be dialled; of meaning for `scope` `.phone` alone.
  func nth(
    _ n: Int, newest scope: AttemptLimit.Scope, counts: AttemptLimit.Counted, phone: PhoneNumber
  ) -> Instant?
  /// The newest attempt to any number of the person; nil = none.
  var lastToPerson: Instant? { get }
  /// When the newest call ended that the person, or somebody at this number, answered and no agent took; nil = none.
  func lastAbandoned(phone: PhoneNumber) -> Instant?
}

extension AttemptHistory {
  @inlinable public func isBlank(phone: PhoneNumber) -> Bool { false }
}

/// The history of a lead that nobody has called.
public struct NoAttempts: AttemptHistory {
  @inlinable public init() {}
  @inlinable public func nth(
    _ n: Int, newest scope: AttemptLimit.Scope, counts: AttemptLimit.Counted, phone: PhoneNumber
  ) -> Instant? { nil }
  @inlinable public var lastToPerson: Instant? { nil }
  @inlinable public func lastAbandoned(phone: PhoneNumber) -> Instant? { nil }
}

/// Calling hours of one lead, by phone: with strict zones the numbers of a lead may lie in different zones.
public protocol LeadHours {
  associatedtype OfPhone: PhoneHours
  /// Asked once for a verdict: to find what holds for a number costs more than to ask it.
  ///
  /// - Parameter phone: index of the phone that would be dialled; -1 = none is left, judge by the lead's own zone.
  func of(phone: Int) -> OfPhone
}

/// Calling hours as they hold for one phone of a lead.
public protocol PhoneHours {
  func status(at now: Instant) -> HoursStatus
  /// Attempt limits of the rule set's regions.
  var limits: [TimedLimit] { get }
  /// Holds after an abandoned call, of the rule set's regions.
  var holds: [TimedHold] { get }
}

extension LeadHours {
  public func status(phone: Int, at now: Instant) -> HoursStatus { of(phone: phone).status(at: now) }
  public func limits(phone: Int) -> [TimedLimit] { of(phone: phone).limits }
  public func holds(phone: Int) -> [TimedHold] { of(phone: phone).holds }
}

/// A status that the caller has at hand. Good for a verdict at one moment, not for looking ahead.
public struct KnownHours: LeadHours, PhoneHours {
  public var status: HoursStatus
  public var limits: [TimedLimit]
  public var holds: [TimedHold]
  @inlinable public init(_ status: HoursStatus, limits: [TimedLimit] = [], holds: [TimedHold] = []) {
    self.status = status
    self.limits = limits
    self.holds = holds
  }
  @inlinable public func of(phone: Int) -> KnownHours { self }
  @inlinable public func status(at now: Instant) -> HoursStatus { status }
}

/// A rule set asked afresh for each moment.
public struct ProfileHours: LeadHours {
  public struct OfPhone: PhoneHours {
    public let hours: CompiledHours
    public let profile: HoursProfile
    public func status(at now: Instant) -> HoursStatus { hours.status(profile, at: now) }
    public var limits: [TimedLimit] { profile.limits }
    public var holds: [TimedHold] { profile.holds }
  }

  public let hours: CompiledHours
  /// For a phone that has none of its own in ``byPhone``.
  public let profile: HoursProfile
  /// Profiles of single phones, by index; nil = as the lead.
  public let byPhone: [HoursProfile?]
  public init(_ hours: CompiledHours, _ profile: HoursProfile, byPhone: [HoursProfile?] = []) {
    self.hours = hours
    self.profile = profile
    self.byPhone = byPhone
  }
  public func profile(phone: Int) -> HoursProfile {
    byPhone.indices.contains(phone) ? byPhone[phone] ?? profile : profile
  }
  public func of(phone: Int) -> OfPhone { OfPhone(hours: hours, profile: profile(phone: phone)) }
}
