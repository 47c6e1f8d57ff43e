import Glibc

/// Clocks for measuring; none of them steps.
enum Stopwatch {
  /// Nanoseconds since some start of this machine's.
  static func nanoseconds() -> UInt64 { read(CLOCK_MONOTONIC) }

  /// Seconds that `body` took.
  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = nanoseconds()
    try body()
    return Double(nanoseconds() - start) / 1e9
  }

  /// Nanoseconds that this thread was given by the processor: what other processes take is not ours.
  static func processorNanoseconds(_ body: () -> Void) -> Double {
    let start = read(CLOCK_THREAD_CPUTIME_ID)
    body()
    return Double(read(CLOCK_THREAD_CPUTIME_ID) - start)
  }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
