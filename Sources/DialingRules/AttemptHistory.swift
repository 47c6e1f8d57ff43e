import DialerModel

/// When a lead, its person and its numbers were dialled, over all campaigns of the tenant.
///
/// Asked on the hot path: conform a struct, and let the compiler specialise.
public protocol AttemptHistory {
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
  /// - Parameter phone: index of the phone that would be dialled; -1 = none is left, judge by the lead's own zone.
  func status(phone: Int, at now: Instant) -> HoursStatus
  /// Attempt limits of the rule set's regions.
  func limits(phone: Int) -> [TimedLimit]
  /// Holds after an abandoned call, of the rule set's regions.
  func holds(phone: Int) -> [TimedHold]
}

/// A status that the caller has at hand. Good for a verdict at one moment, not for looking ahead.
public struct KnownHours: LeadHours {
  public var status: HoursStatus
  public var limits: [TimedLimit]
  public var holds: [TimedHold]
  @inlinable public init(_ status: HoursStatus, limits: [TimedLimit] = [], holds: [TimedHold] = []) {
    self.status = status
    self.limits = limits
    self.holds = holds
  }
  @inlinable public func status(phone: Int, at now: Instant) -> HoursStatus { status }
  @inlinable public func limits(phone: Int) -> [TimedLimit] { limits }
  @inlinable public func holds(phone: Int) -> [TimedHold] { holds }
}

/// A rule set asked afresh for each moment.
public struct ProfileHours: LeadHours {
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
  public func status(phone: Int, at now: Instant) -> HoursStatus { hours.status(profile(phone: phone), at: now) }
  public func limits(phone: Int) -> [TimedLimit] { profile(phone: phone).limits }
  public func holds(phone: Int) -> [TimedHold] { profile(phone: phone).holds }
}
