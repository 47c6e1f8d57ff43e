import DialerModel
import Glibc

/// The machine's two clocks. The only place of the daemon that reads them; everything else is handed a ``Now``.
///
/// The monotonic clock is `CLOCK_BOOTTIME`, not `CLOCK_MONOTONIC`: the telephone network and the agents do not stop while
/// this machine is suspended, so a ring timeout or a lost agent that ran out meanwhile has to be found expired on
/// waking, and not to wait for the rest of its time. The loop's timer runs on the same clock.
public enum SystemClock {
  /// Both clocks, for one turn.
  public static func now() -> Now { Now(wall: wall(), monotonic: monotonic()) }

  /// Never steps back, counts suspended time, rounded down to the millisecond.
  public static func monotonic() -> MonotonicInstant { MonotonicInstant(milliseconds: milliseconds(CLOCK_BOOTTIME)) }

  /// The time of day; it may be set to any value at any moment.
  public static func wall() -> Instant { Instant(milliseconds: milliseconds(CLOCK_REALTIME)) }

  /// For spans shorter than a millisecond; stands still while the machine is suspended.
  static func microseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    let result = clock_gettime(clock, &time)
    precondition(result == 0, "the kernel has CLOCK_BOOTTIME and CLOCK_REALTIME since 2.6.39")
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
