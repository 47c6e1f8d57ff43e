import DialerModel

/// How fast a campaign has dialled today (a day of UTC): calls, over the minutes in which it made any.
///
/// Nights and pauses are no part of it, so that it says how fast the campaign goes when it goes.
struct DiallingRate {
  private(set) var calls: Int64 = 0
  private(set) var callsByList: [ListID: Int64] = [:]
  private(set) var minutes: Int64 = 0
  private var day: Int64 = 0
  private var lastMinute: Int64 = -1

  mutating func note(_ list: ListID, at now: Instant) {
    turnPage(at: now)
    let minute = now.unixSeconds / 60
    if minute != lastMinute {
      minutes += 1
      lastMinute = minute
    }
    calls += 1
    callsByList[list, default: 0] += 1
  }

  /// What the store counted for today, after a start: there only the hours are known in which calls were made.
  mutating func restore(_ counted: [ListID: Int64], hours: Int, at now: Instant) {
    turnPage(at: now)
    callsByList = counted
    calls = counted.values.reduce(0, +)
    minutes = min(Int64(hours) * 60, max(1, now.unixSeconds / 60 - day * 1440))
  }

  /// Nil = none today.
  func callsPerHour(at now: Instant) -> Double? {
    guard calls > 0, now.unixSeconds / 86_400 == day else { return nil }
    return Double(calls) * 60 / Double(minutes)
  }

  func callsPerHour(of list: ListID, at now: Instant) -> Double? {
    guard let own = callsByList[list], let all = callsPerHour(at: now) else { return nil }
    return all * Double(own) / Double(calls)
  }

  private mutating func turnPage(at now: Instant) {
    guard now.unixSeconds / 86_400 != day else { return }
    self = DiallingRate()
    day = now.unixSeconds / 86_400
  }
}
