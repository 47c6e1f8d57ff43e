extension ZoneRules {
  /// The first Unix second from `start` on, and before `end`, at which two readings of a zone show different clocks; nil
  /// when they never do. For what an update of the tz database moved.
  public func firstDifference(from other: ZoneRules, in range: Range<Int64>) -> Int64? {
    var time = range.lowerBound
    while time < range.upperBound {
      let (own, its) = (period(at: time), other.period(at: time))
      if own.offset != its.offset { return time }
      time = min(own.until, its.until)
    }
    return nil
  }
}
