import Glibc

/// SIGINT taken as a wish to end, where a program has something to end in order.
enum Interruption {
  /// Shared between a signal handler and one thread: a `sig_atomic_t` that the handler only ever sets to 1, which is all
  /// that it may do.
  private nonisolated(unsafe) static var flag: sig_atomic_t = 0

  static var hasCome: Bool { flag != 0 }

  /// The second SIGINT ends the process at once: the first may have met a daemon that does not answer.
  static func await() {
    flag = 0
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Interruption.flag = 1 }
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
    sigaction(SIGINT, &action, nil)
  }
}
