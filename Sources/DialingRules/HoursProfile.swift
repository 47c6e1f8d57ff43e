import DialerModel
import TimeZones

/// What calling hours need to know of a lead: where it may be. Made by ``CompiledHours/profile(zones:country:state:)``
/// and of use only with the rule set that made it; leads of one zone and place share it.
public struct HoursProfile: Sendable {
  /// The lead's own first, then, with strict zones, every zone its number may lie in. All must be open.
  public let zones: [ZoneRules]
  /// Index of the stack of layers.
  let stack: Int
  /// Limits of the rule set's regions.
  public let limits: [TimedLimit]
  /// The lead's own zone when the tz database does not have it (any more): nobody knows what the clock shows there, so it
  /// is closed.
  public var missingZone: String?
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
