import DialerModel

/// Calls per second, by the generic cell rate algorithm (ITU-T I.371): each call moves a due time on by one interval.
/// What a late timer cost may be made up for, but no more than 20 ms' worth: any second sees the rate and 2 % of it.
struct RateGate {
  private static let slackMicroseconds: Int64 = 20_000
  /// Calls per second; nil = no limit.
  var rate: Double?
  private var dueMicroseconds: Int64 = 0

  init(rate: Double?) { self.rate = rate }

  func isOpen(at now: MonotonicInstant) -> Bool {
    rate == nil || dueMicroseconds <= now.milliseconds * 1000
  }

  /// When the next call may go; nil when it may at once.
  func opens(after now: MonotonicInstant) -> MonotonicInstant? {
    guard !isOpen(at: now) else { return nil }
    return MonotonicInstant(milliseconds: (dueMicroseconds + 999) / 1000)
  }

  mutating func take(at now: MonotonicInstant) {
    guard let rate, rate > 0 else { return }
    let start = max(dueMicroseconds, now.milliseconds * 1000 - Self.slackMicroseconds)
    dueMicroseconds = start + Int64(1_000_000 / rate)
  }
}
