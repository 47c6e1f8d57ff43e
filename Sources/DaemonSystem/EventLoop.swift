import CSystem
import DialerModel
import Glibc

/// The engine's serial queue: one thread that waits for descriptors, signals, one timer and jobs from other threads, runs
/// what is ready, and then gives the engine its turn.
///
/// An iteration: ready descriptors, connections that had more than their share last time, posted jobs, ``afterEvents``
/// once, the output of all connections, ``addEndOfIteration(_:)``. Each part is bounded, so that none starves another.
/// epoll is level-triggered: what is left unread is reported again, which makes bounded reading safe.
///
/// `@unchecked Sendable`: ``post(_:)`` and ``stop()`` touch only `posted` (behind a lock) and a descriptor that never changes.
/// Everything else is confined to one thread: the one that called ``run()``, or before that the one that made the loop.
/// Debug builds check this.
public final class EventLoop: @unchecked Sendable {
  public typealias Job = @Sendable () -> Void

  /// Descriptors dispatched in one iteration; the rest is reported by the next one.
  public static let eventsPerIteration = 256
  /// Posted jobs run in one iteration; the rest runs in the next one. The queue itself has no maximum of its own: only the
  /// daemon's own threads post, each with a bounded number of jobs under way, and a job lost would be an outcome lost.
  public static let jobsPerIteration = 1024

  /// How long the loop looks for more before it sleeps. Who asks one thing after the other asks again within some 10 µs,
  /// and a virtual processor that slept takes 15 to 30 µs to be woken (2026-11-28). On one processor it would only keep
  /// others from theirs.
  private static let attentionMicroseconds: Int64 = sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 ? 50 : 0

  /// The engine's turn: called once in each iteration, after everything that came in.
  public var afterEvents: ((Now) -> Void)?
  /// The moment of ``setTimer(at:)`` has come.
  public var onTimer: ((Now) -> Void)?
  /// Both clocks, read when the present iteration woke up.
  public private(set) var now = SystemClock.now()

  private struct Posted {
    var jobs: [Job] = []
    /// The loop waits, or is about to: a post has to wake it. At most one wake-up is under way at a time.
    var isWaiting = false
  }
  private let posted = Locked(Posted())

  private final class Watcher {
    let generation: UInt32
    let handler: (Readiness) -> Void
    init(generation: UInt32, handler: @escaping (Readiness) -> Void) {
      self.generation = generation
      self.handler = handler
    }
  }

  private let poll: Int32
  private let wake: Int32
  private let timer: Int32
  private var signalDescriptors: [Int32] = []
  private var thread: pthread_t?
  private var isStopping = false
  /// By descriptor.
  private var watchers: [Watcher?] = []
  /// Told apart in an event: a descriptor closed and opened again within one batch of events is not the same.
  private var generation: UInt32 = 0
  private var events = [epoll_event](repeating: epoll_event(), count: EventLoop.eventsPerIteration)
  private var running: [Job] = []
  private var nextJob = 0
  private var endOfIteration: [() -> Void] = []

  private var engineTimer: MonotonicInstant?
  /// What the timer descriptor is set to; nil when it is not set.
  private var armedTimer: MonotonicInstant?

  // What connections want of the loop; see EventLoopConnections.swift.
  var continuing: [Connection] = []
  var flushing: [Connection] = []
  var closing: [Connection] = []

  /// Throws when the process has no descriptor left.
  public init() throws(SystemError) {
    poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    wake = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    timer = timerfd_create(CLOCK_BOOTTIME, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK))
    guard poll >= 0, wake >= 0, timer >= 0 else { throw .last("make event loop") }
    let wake = wake
    try watch(wake, readable: true, writable: false) { _ in
      var count: eventfd_t = 0
      _ = eventfd_read(wake, &count)
    }
    try watch(timer, readable: true, writable: false) { [unowned self] _ in timerFired() }
  }

  deinit {
    for descriptor in signalDescriptors + [poll, wake, timer] where descriptor >= 0 { close(descriptor) }
  }

  // MARK: - Running

  /// Runs on the calling thread, which becomes the loop's, until ``stop()``.
  public func run() {
    thread = pthread_self()
    isStopping = false
    while !isStopping { iterate() }
    thread = nil
  }

  /// Ends ``run()`` after what was posted before has run. From any thread.
  public func stop() { post { self.isStopping = true } }

  /// Runs `job` on the loop's thread, in the order of posting. From any thread; costs a lock, and a system call only when
  /// the loop sleeps.
  public func post(_ job: @escaping Job) {
    let hasToWake = posted.withLock { posted in
      posted.jobs.append(job)
      defer { posted.isWaiting = false }
      return posted.isWaiting
    }
    if hasToWake { eventfd_write(wake, 1) }
  }

  /// Runs `action` at the end of each iteration, after the engine's turn and the output: for the log.
  public func addEndOfIteration(_ action: @escaping () -> Void) {
    assertOnLoop()
    endOfIteration.append(action)
  }

  private func iterate() {
    let count = waitForEvents()
    now = SystemClock.now()
    for index in 0..<count { dispatch(events[index]) }
    continueConnections()
    runJobs()
    afterEvents?(SystemClock.now())
    flushConnections()
    for action in endOfIteration { action() }
  }

  private func waitForEvents() -> Int {
    guard running.isEmpty, continuing.isEmpty, flushing.isEmpty else { return poll(mayWait: false) }
    let count = lookAgain()
    if count > 0 { return count }
    let mayWait = posted.withLock { posted in
      posted.isWaiting = posted.jobs.isEmpty
      return posted.isWaiting
    }
    return poll(mayWait: mayWait)
  }

  /// Looks for more for a moment before the loop sleeps. Who posts meanwhile has nobody to wake.
  private func lookAgain() -> Int {
    guard Self.attentionMicroseconds > 0 else { return 0 }
    let end = SystemClock.microseconds() + Self.attentionMicroseconds
    repeat {
      let count = poll(mayWait: false)
      if count > 0 { return count }
      if posted.withLock({ !$0.jobs.isEmpty }) { return 0 }
    } while SystemClock.microseconds() < end
    return 0
  }

  private func poll(mayWait: Bool) -> Int {
    let count = epoll_wait(poll, &events, Int32(Self.eventsPerIteration), mayWait ? -1 : 0)
    if count >= 0 { return Int(count) }
    precondition(errno == EINTR, "epoll_wait fails only for a descriptor that is not epoll's")
    return 0
  }

  private func dispatch(_ event: epoll_event) {
    let descriptor = Int(event.data.u64 & 0xFFFF_FFFF)
    guard descriptor < watchers.count, let watcher = watchers[descriptor],
      watcher.generation == UInt32(event.data.u64 >> 32)
    else { return }
    watcher.handler(Readiness(epoll: event.events))
  }

  private func runJobs() {
    if running.isEmpty {
      posted.withLock { posted in
        posted.isWaiting = false
        swap(&posted.jobs, &running)
      }
    }
    let end = min(running.count, nextJob + Self.jobsPerIteration)
    while nextJob < end {
      let job = running[nextJob]
      nextJob += 1
      job()
    }
    if nextJob == running.count {
      running.removeAll(keepingCapacity: true)
      nextJob = 0
    }
  }

  /// Traps in debug builds when called beside the loop's thread.
  @inline(__always) func assertOnLoop() {
    assert(thread == nil || pthread_equal(thread!, pthread_self()) != 0, "called on the loop's thread only")
  }

  // MARK: - Descriptors

  /// Calls `handler` whenever `descriptor` is ready. It stays the caller's, who takes it out (``unwatch(_:)``) before
  /// closing it. Hang-up and errors are always reported. Throws when the kernel cannot watch it (EPERM: a plain file).
  public func watch(
    _ descriptor: Int32, readable: Bool, writable: Bool, _ handler: @escaping (Readiness) -> Void
  ) throws(SystemError) {
    assertOnLoop()
    let index = Int(descriptor)
    while watchers.count <= index { watchers.append(nil) }
    precondition(watchers[index] == nil, "a descriptor is watched once")
    generation &+= 1
    watchers[index] = Watcher(generation: generation, handler: handler)
    do {
      try control(EPOLL_CTL_ADD, descriptor, readable: readable, writable: writable)
    } catch {
      watchers[index] = nil
      throw error
    }
  }

  /// Changes what a watched descriptor is watched for.
  public func update(_ descriptor: Int32, readable: Bool, writable: Bool) throws(SystemError) {
    assertOnLoop()
    try control(EPOLL_CTL_MOD, descriptor, readable: readable, writable: writable)
  }

  /// Nothing more is reported, nor what was already gathered; does nothing when it is not watched.
  public func unwatch(_ descriptor: Int32) {
    assertOnLoop()
    guard descriptor >= 0, Int(descriptor) < watchers.count, watchers[Int(descriptor)] != nil else { return }
    watchers[Int(descriptor)] = nil
    var unused = epoll_event()
    epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, &unused)
  }

  private func control(
    _ operation: Int32, _ descriptor: Int32, readable: Bool, writable: Bool
  ) throws(SystemError) {
    guard let watcher = watchers[Int(descriptor)] else { throw SystemError("epoll_ctl", code: ENOENT) }
    var event = epoll_event()
    event.events = Readiness.interest(readable: readable, writable: writable)
    event.data.u64 = UInt64(watcher.generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    guard epoll_ctl(poll, operation, descriptor, &event) == 0 else { throw .last("epoll_ctl") }
  }

  // MARK: - Timer

  /// Calls ``onTimer`` once at, or soon after, `moment`; replaces what was set before; nil sets none.
  ///
  /// Cheap when called in each turn: the descriptor is set again only for an earlier moment. A later one lets it fire
  /// for nothing, once, and is set then.
  public func setTimer(at moment: MonotonicInstant?) {
    assertOnLoop()
    engineTimer = moment
    armTimer()
  }

  func armTimer() {
    guard let next = nextDeadline else { return }
    if let armedTimer, armedTimer <= next { return }
    armedTimer = next
    var setting = itimerspec()
    let milliseconds = max(next.milliseconds, 1)
    setting.it_value.tv_sec = Int(milliseconds / 1000)
    setting.it_value.tv_nsec = Int(milliseconds % 1000) * 1_000_000
    let result = timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    precondition(result == 0, "the timer takes every moment after the start of the clock")
  }

  private var nextDeadline: MonotonicInstant? {
    guard let closingDeadline else { return engineTimer }
    return engineTimer.map { min($0, closingDeadline) } ?? closingDeadline
  }

  private func timerFired() {
    var expirations: UInt64 = 0
    _ = read(timer, &expirations, MemoryLayout<UInt64>.size)
    armedTimer = nil
    closeOverdueConnections()
    if let due = engineTimer, due <= now.monotonic {
      engineTimer = nil
      onTimer?(now)
    }
    armTimer()
  }

  // MARK: - Signals

  /// Calls `handler` on the loop for each of `signals`, which are blocked in the calling thread and in those it makes
  /// later: call it, or ``ProcessSignals/block(_:)``, before any other thread exists.
  public func handleSignals(_ signals: [Int32], _ handler: @escaping (Int32) -> Void) throws(SystemError) {
    assertOnLoop()
    ProcessSignals.block(signals)
    var set = ProcessSignals.set(of: signals)
    let descriptor = signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
    guard descriptor >= 0 else { throw .last("signalfd") }
    signalDescriptors.append(descriptor)
    try watch(descriptor, readable: true, writable: false) { _ in
      var info = signalfd_siginfo()
      let size = MemoryLayout<signalfd_siginfo>.size
      while read(descriptor, &info, size) == size { handler(Int32(bitPattern: info.ssi_signo)) }
    }
  }
}
