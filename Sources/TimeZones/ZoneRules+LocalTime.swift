import DialerModel

/// What calling hours ask of a zone: what the clock there shows, and when it will be within or past some hours.
///
/// A moment is always mapped to local time and never the other way, so that a local time that is skipped or comes twice
/// needs no case of its own: an opening is the first moment whose local time is in the window. Local time is written as
/// *local seconds*, the seconds from 1970-01-01T00:00:00 to what calendar and clock show there, in which a window over
/// midnight is one range like any other.
extension ZoneRules {
  /// Nothing is asked about beyond this many seconds (140 million years), so that no sum overflows.
  private static let horizon: Int64 = 1 << 52
  /// No offset lies further from UTC than 26 hours (RFC 9636, 3.2).
  private static let furthestOffset: Int64 = 26 * 3600

  /// What the calendar and clock show, as seconds from 1970-01-01T00:00:00 there.
  @inlinable public func localSeconds(at instant: Instant) -> Int64 {
    let seconds = instant.unixSeconds
    return seconds + Int64(utcOffset(at: seconds))
  }

  /// The local seconds of a date and a time of that day; 86,400 is the end of the day.
  public static func localSeconds(of date: CivilDate, secondsOfDay: Int32) -> Int64 {
    date.daysSinceEpoch * 86_400 + Int64(secondsOfDay)
  }

  /// The date and the seconds since its midnight by the clock there, 0 to 86,399.
  public func localDateTime(at instant: Instant) -> (date: CivilDate, secondsOfDay: Int32) {
    let local = localSeconds(at: instant)
    let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    return (CivilDate(daysSinceEpoch: days), Int32(local - days * 86_400))
  }

  /// The first moment, at or after `notBefore`, whose local time is in the range; nil when there is none: the range is
  /// past, or a change of the clock skips it all.
  ///
  /// `notBefore` itself when it is in the range; else a whole second.
  public func firstInstant(withLocalIn range: Range<Int64>, notBefore: Instant) -> Instant? {
    let lower = max(range.lowerBound, -Self.horizon)
    let upper = min(range.upperBound, Self.horizon)
    guard lower < upper else { return nil }
    let start = notBefore.unixSeconds
    var time = max(start, lower - Self.furthestOffset)
    while time < upper + Self.furthestOffset {
      let period = period(at: time)
      let entry = max(time, lower - Int64(period.offset))
      if entry < period.until && entry < upper - Int64(period.offset) {
        return entry == start ? notBefore : Instant(seconds: entry)
      }
      time = period.until
    }
    return nil
  }

  /// The first moment, at or after `notBefore`, whose local time is outside the range, be it that the range is over or
  /// that the clock is put back before its start.
  ///
  /// `notBefore` itself when it is outside; else a whole second.
  public func firstInstant(withLocalOutside range: Range<Int64>, notBefore: Instant) -> Instant {
    let lower = max(range.lowerBound, -Self.horizon)
    let upper = min(range.upperBound, Self.horizon)
    let start = notBefore.unixSeconds
    var time = start
    while true {
      let period = period(at: time)
      let local = time + Int64(period.offset)
      if local < lower || local >= upper { return time == start ? notBefore : Instant(seconds: time) }
      let exit = upper - Int64(period.offset)
      if exit < period.until { return Instant(seconds: exit) }
      time = period.until
      // Once no offset can lead back to before the range, only the changes near its end matter.
      if time > lower + Self.furthestOffset { time = max(time, upper - Self.furthestOffset) }
    }
  }

  /// The first moment, at or after `notBefore`, at which the clock there shows the given time or a later one: the
  /// moment of the jump for a time that is skipped, the earlier moment for one that comes twice.
  ///
  /// With `notBefore` between the two passes of a time, or after it, this is the next moment that the clock shows at
  /// least that time, which may be `notBefore` itself. `secondsOfDay` may be 86,400, the end of the day. `notBefore` nil
  /// is before all time; a date beyond the horizon of `Instant` gives `Instant.distantFuture`.
  public func firstInstant(
    atOrAfterLocal date: CivilDate, secondsOfDay: Int32, notBefore: Instant? = nil
  ) -> Instant {
    guard date.year <= 9999 else { return .distantFuture }
    guard date.year >= -9999 else { return notBefore ?? .distantPast }
    let local = Self.localSeconds(of: date, secondsOfDay: secondsOfDay)
    let start = notBefore ?? Instant(seconds: local - Self.furthestOffset)
    return firstInstant(withLocalIn: local..<Self.horizon, notBefore: start) ?? .distantFuture
  }
}
