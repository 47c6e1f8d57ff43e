import Glibc

/// A value that threads share, behind a POSIX mutex: the one such place of the daemon is the loop's queue of jobs.
///
/// Not `Synchronization.Mutex`: on Linux that is made of futex calls which ThreadSanitizer does not see (Swift 6.3.1), so
/// that each use of it would be reported as a race.
///
/// `@unchecked Sendable`: the value is only touched while the mutex is held.
final class Locked<Value>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  init(_ value: sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    let result = pthread_mutex_init(mutex, nil)
    precondition(result == 0, "a mutex of the default kind needs nothing")
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// `body` must be short: it holds up whoever else wants the value.
  @inline(__always) func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}
