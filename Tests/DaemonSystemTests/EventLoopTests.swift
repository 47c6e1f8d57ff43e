import DaemonSystem
import DialerModel
import Foundation
import Glibc
import Testing

struct EventLoopTests {
  @Test("what many threads post runs exactly once each, each thread's in its order")
  func posts() throws {
    final class Received: @unchecked Sendable {  // touched on the loop's thread, and after it has ended
      var values: [[Int]] = Array(repeating: [], count: 8)
      var count = 0
    }
    let received = Received()
    let (threads, each) = (8, 5_000)
    let runner = try LoopThread()
    let loop = runner.loop
    let done = Mailbox<Bool>()
    for thread in 0..<threads {
      Thread { @Sendable in
        for value in 0..<each {
          loop.post {
            received.values[thread].append(value)
            received.count += 1
            if received.count == threads * each { done.put(true) }
          }
        }
      }.start()
    }
    #expect(done.take() == true)
    runner.stop()
    for thread in 0..<threads { #expect(received.values[thread] == Array(0..<each)) }
  }

  @Test("one iteration runs a bounded number of jobs, and the engine has its turn in between")
  func boundedJobs() throws {
    final class Counts: @unchecked Sendable {  // one thread
      var jobs = 0
      var atTurns: [Int] = []
    }
    let (loop, counts) = (try EventLoop(), Counts())
    loop.afterEvents = { _ in counts.atTurns.append(counts.jobs) }
    for _ in 0..<EventLoop.jobsPerIteration * 2 + 1 { loop.post { counts.jobs += 1 } }
    loop.stop()
    loop.run()
    let share = EventLoop.jobsPerIteration
    #expect(counts.atTurns == [share, 2 * share, 2 * share + 1])
  }

  @Test("a timer set later than before fires once, at its time")
  func timerMovedBack() throws {
    let loop = try EventLoop()
    var fired: [MonotonicInstant] = []
    loop.onTimer = { now in
      fired.append(now.monotonic)
      loop.stop()
    }
    let start = SystemClock.monotonic()
    loop.setTimer(at: start + Interval(milliseconds: 1))
    loop.setTimer(at: start + Interval(milliseconds: 30))
    loop.run()
    #expect(fired.count == 1)
    #expect(try #require(fired.first) >= start + Interval(milliseconds: 30))
  }

  @Test("a timer set earlier than before does not wait for the former time")
  func timerMovedAhead() throws {
    let loop = try EventLoop()
    var fired = 0
    loop.onTimer = { _ in
      fired += 1
      loop.stop()
    }
    loop.setTimer(at: SystemClock.monotonic() + .hours(1))
    loop.setTimer(at: SystemClock.monotonic())
    loop.run()
    #expect(fired == 1)
  }

  @Test("a timer taken back does not fire")
  func timerTakenBack() throws {
    let loop = try EventLoop()
    var fired = 0
    loop.onTimer = { _ in fired += 1 }
    let due = SystemClock.monotonic() + Interval(milliseconds: 1)
    loop.setTimer(at: due)
    loop.setTimer(at: nil)
    loop.afterEvents = { now in if now.monotonic > due { loop.stop() } else { loop.post {} } }
    loop.post {}
    loop.run()
    #expect(fired == 0)
  }

  @Test("a signal is handled on the loop")
  func signals() throws {
    let loop = try EventLoop()
    var handled: [Int32] = []
    try loop.handleSignals([SIGUSR1, SIGUSR2]) { signal in
      handled.append(signal)
      if handled.count == 2 { loop.stop() }
    }
    // To this thread alone: others of the test's process do not block them.
    pthread_kill(pthread_self(), SIGUSR1)
    pthread_kill(pthread_self(), SIGUSR2)
    loop.run()
    #expect(handled.sorted() == [SIGUSR1, SIGUSR2].sorted())
  }

  @Test("a descriptor taken out while its event is under way is not reported")
  func unwatchInBatch() throws {
    let loop = try EventLoop()
    let (one, two) = (try SocketPair(), try SocketPair())
    defer {
      close(one.ours)
      close(two.ours)
    }
    var calls = 0
    for (pair, other) in [(one, two), (two, one)] {
      try loop.watch(pair.ours, readable: true, writable: false) { _ in
        calls += 1
        loop.unwatch(pair.ours)
        loop.unwatch(other.ours)
        loop.stop()
      }
      pair.write("x")
    }
    loop.run()
    #expect(calls == 1)
  }

  @Test("a plain file cannot be watched, and that is an error of the caller's")
  func plainFile() throws {
    let folder = try TemporaryFolder()
    let file = open(folder.file("plain"), O_RDWR | O_CREAT, 0o600)
    defer { close(file) }
    let loop = try EventLoop()
    #expect(throws: SystemError("epoll_ctl", code: EPERM)) {
      try loop.watch(file, readable: true, writable: false) { _ in }
    }
  }

  @Test("the monotonic clock does not step back")
  func monotonic() {
    var last = SystemClock.monotonic()
    for _ in 0..<10_000 {
      let next = SystemClock.monotonic()
      #expect(next >= last)
      last = next
    }
  }
}
