import Glibc

/// A mutex with a condition. The toolchain's `Mutex` has no condition to wait for.
///
/// Sendable: both live at a fixed address for as long as the object, and are made to be used by many threads.
final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    // A step of the wall clock must neither cut a wait short nor draw it out.
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  @inline(__always) func lock() { pthread_mutex_lock(mutex) }
  @inline(__always) func unlock() { pthread_mutex_unlock(mutex) }
  @inline(__always) func withLock<Result>(_ body: () -> Result) -> Result {
    lock()
    defer { unlock() }
    return body()
  }

  /// Only while locked; may return without a cause, so the caller checks again.
  func wait() { pthread_cond_wait(condition, mutex) }

  /// Only while locked. False when the time is over.
  func wait(milliseconds: Int) -> Bool {
    var until = timespec()
    clock_gettime(CLOCK_MONOTONIC, &until)
    let nanoseconds = until.tv_nsec + (milliseconds % 1000) * 1_000_000
    until.tv_sec += milliseconds / 1000 + nanoseconds / 1_000_000_000
    until.tv_nsec = nanoseconds % 1_000_000_000
    return pthread_cond_timedwait(condition, mutex, &until) == 0
  }

  func signalAll() { pthread_cond_broadcast(condition) }
}

/// A result that one thread waits for and another brings.
///
/// Sendable: the value is only touched under the monitor.
final class PendingResult<Value: Sendable>: @unchecked Sendable {
  private let monitor = Monitor()
  private var result: Result<Value, StoreError>?

  func complete(_ result: Result<Value, StoreError>) {
    monitor.withLock {
      self.result = result
      monitor.signalAll()
    }
  }

  func wait() throws(StoreError) -> Value {
    monitor.lock()
    defer { monitor.unlock() }
    while true {
      if let result { return try result.get() }
      monitor.wait()
    }
  }
}

/// A thread that can be waited for.
///
/// Sendable: the handle is written before the object is handed out, and `join` is called by one owner only.
final class WorkerThread: @unchecked Sendable {
  private var thread = pthread_t()
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// - Throws: `other` when the system gives no thread.
  init(_ run: @escaping @Sendable () -> Void) throws(StoreError) {
    let body = Unmanaged.passRetained(Body(run))
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      throw StoreError(operation: "open", kind: .other, name: "thread", message: "no thread: errno \(code)")
    }
  }

  func join() { pthread_join(thread, nil) }
}

/// Microseconds of a clock that never steps, to bound a piece of work.
func monotonicMicroseconds() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
}
