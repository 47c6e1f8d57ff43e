import Glibc

/// Which signals reach this process, and how.
public enum ProcessSignals {
  /// Blocks `signals` in the calling thread and in each thread that it makes later, so that they stay pending for the
  /// loop's descriptor. First thing in a program, before any thread.
  public static func block(_ signals: [Int32]) {
    var set = set(of: signals)
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// A write to a peer that has gone is an error of that write, and not the end of the daemon.
  public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// A write past the limit of a file's size (`RLIMIT_FSIZE`, systemd's `LimitFSIZE=`) is an error of that write, as on a
  /// full disk, and not the end of the daemon.
  public static func ignoreFileSizeLimit() { signal(SIGXFSZ, SIG_IGN) }

  static func set(of signals: [Int32]) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    return set
  }
}
