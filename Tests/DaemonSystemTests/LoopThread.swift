import DaemonSystem
import DialerModel
import Foundation

/// An event loop on a thread of its own, stopped and waited for at the end.
final class LoopThread: Sendable {
  let loop: EventLoop
  private let ended = Mailbox<Bool>()

  init() throws {
    loop = try EventLoop()
    let (loop, ended) = (loop, ended)
    Thread { @Sendable in
      loop.run()
      ended.put(true)
    }.start()
  }

  /// Runs `body` on the loop and waits for what it returns.
  func on<Result: Sendable>(_ body: @escaping @Sendable (EventLoop) -> Result) -> Result? {
    let answer = Mailbox<Result>()
    let loop = loop
    loop.post { answer.put(body(loop)) }
    return answer.take()
  }

  func stop() {
    loop.stop()
    _ = ended.take()
  }
}

/// Hands values from one thread to another. `@unchecked Sendable`: `values` is touched with the lock held.
final class Mailbox<Value: Sendable>: @unchecked Sendable {
  private var values: [Value] = []
  private let lock = NSLock()
  private let available = DispatchSemaphore(value: 0)

  func put(_ value: Value) {
    lock.withLock { values.append(value) }
    available.signal()
  }

  /// The next value; nil after half a minute, which only a failing test waits for.
  func take() -> Value? {
    guard available.wait(timeout: .now() + 30) == .success else { return nil }
    return lock.withLock { values.removeFirst() }
  }
}

extension Interval {
  /// What only a failing test waits for.
  static let generous = Interval.seconds(30)
}
