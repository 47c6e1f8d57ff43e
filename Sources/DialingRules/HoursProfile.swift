import DialerModel
import TimeZones

/// What calling hours need to know of a lead: where it may be. Made by
/// ``CompiledHours/profile(zones:country:state:phoneRegion:)`` and of use only with the rule set that made it; leads of
/// one zone and place share it.
public struct HoursProfile: Sendable {
  /// The lead's own first, then, with strict zones, every zone its number may lie in. All must be open.
  public let zones: [ZoneRules]
  let stack: HoursStack
  /// Limits of the rule set's regions.
  public let limits: [TimedLimit]
  /// Holds after an abandoned call.
  public let holds: [TimedHold]
  /// What was not known of the lead's place, and by which policy the rules were chosen; nil when all that the set tells
  /// apart was known.
  public let unknown: UnknownPlace?
  /// The lead's own zone when the tz database does not have it (any more): nobody knows what the clock shows there, so it
  /// is closed.
  public var missingZone: String?
}

/// A place that is not known well enough for the rules of a set.
public struct UnknownPlace: Hashable, Sendable {
  /// Not even the country is known.
  public var country: Bool
  public var policy: UnknownRegionPolicy
  public init(country: Bool, policy: UnknownRegionPolicy) {
    self.country = country
    self.policy = policy
  }

  /// `state not known: strictest`.
  public var words: String { "\(country ? "country" : "state") not known: \(policy.rawValue)" }
}

/// An attempt limit of a region, which holds between two moments.
public struct TimedLimit: Hashable, Sendable {
  public var limit: AttemptLimit
  /// Included.
  public var from: Instant
  /// Not included.
  public var until: Instant
  /// The region that it comes from.
  public var region: String
  public init(limit: AttemptLimit, from: Instant = .distantPast, until: Instant = .distantFuture, region: String = "") {
    self.limit = limit
    self.from = from
    self.until = until
    self.region = region
  }

  @inlinable public func holds(at now: Instant) -> Bool { from <= now && now < until }
}

/// How long a region wants no call without an agent in hand after an abandoned one, between two moments.
public struct TimedHold: Hashable, Sendable {
  public var hold: Interval
  /// Included.
  public var from: Instant
  /// Not included.
  public var until: Instant
  /// The region that it comes from.
  public var region: String
  public init(hold: Interval, from: Instant = .distantPast, until: Instant = .distantFuture, region: String = "") {
    self.hold = hold
    self.from = from
    self.until = until
    self.region = region
  }

  @inlinable public func holds(at now: Instant) -> Bool { from <= now && now < until }
}
