import DialerModel

/// Whether calling hours are open at a moment, and for how long that stays so.
@frozen public struct HoursStatus: Hashable, Sendable {
  public var open: Bool
  /// The moment that was asked about: this holds for `asOf` ≤ now < `until`.
  public var asOf: Instant
  /// The exact millisecond at which `open` changes; ``Instant/distantFuture`` when it does not within 400 days.
  public var until: Instant
  /// Index of the zone that decides: the first that is closed, or the lead's own.
  public var zoneIndex: Int
  /// Calendar and clock in that zone: seconds from 1970-01-01T00:00:00 there.
  public var localSeconds: Int64

  @inlinable public init(open: Bool, asOf: Instant, until: Instant, zoneIndex: Int = 0, localSeconds: Int64 = 0) {
    self.open = open
    self.asOf = asOf
    self.until = until
    self.zoneIndex = zoneIndex
    self.localSeconds = localSeconds
  }

  /// Whether it may still be used at a moment without asking again.
  @inlinable public func holds(at now: Instant) -> Bool { asOf <= now && now < until }

  public var localTime: LocalTime { LocalTime(localSeconds: localSeconds) }
}

/// What calendar and clock show somewhere.
public struct LocalTime: Hashable, Sendable, CustomStringConvertible {
  public var date: CivilDate
  /// 0 to 86,399.
  public var secondOfDay: Int

  public init(localSeconds: Int64) {
    let day = localSeconds >= 0 ? localSeconds / 86_400 : (localSeconds - 86_399) / 86_400
    date = CivilDate(daysSinceEpoch: day)
    secondOfDay = Int(localSeconds - day * 86_400)
  }

  static let weekdayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

  public var weekdayName: String { Self.weekdayNames[date.weekday - 1] }
  /// `07:12`.
  public var clock: String { HoursWindow.clock(secondOfDay / 60) }
  /// `2026-11-20T07:12:03`, without a zone.
  public var description: String {
    let second = secondOfDay % 60
    return "\(date)T\(clock):\(second < 10 ? "0" : "")\(second)"
  }
}

extension HoursWindow {
  static func clock(_ minute: Int) -> String {
    let hours = minute / 60
    let minutes = minute % 60
    return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
  }

  /// `09:00-20:00`.
  public var text: String { "\(Self.clock(startMinute))-\(Self.clock(endMinute))" }
}

/// Why calling hours are open or closed: what stands in the evidence of an attempt and in an explanation.
public struct HoursEvidence: Hashable, Sendable {
  public var callingHoursID: CallingHoursID
  public var version: Int
  public var open: Bool
  /// The zone that decides.
  public var zone: String
  public var localTime: LocalTime
  /// The code of the region whose rule decides; nil = the base.
  public var region: String?
  public var source: String?
  /// The name of the special date; empty when it has none; nil on a day like others.
  public var specialDate: String?
  /// The window that it is in; nil when closed.
  public var window: HoursWindow?
  /// What was not known of the lead's place, so that a policy chose the rules.
  public var unknown: UnknownPlace?
  /// The tz database does not have ``zone``: ``localTime`` says nothing then.
  public var zoneIsMissing = false
}
