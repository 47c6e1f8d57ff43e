import Dispatch

/// Jobs one after the other on a thread beside the loop.
final class SerialThread: Sendable {
  private let queue: DispatchQueue
  init(name: String) { queue = DispatchQueue(label: name) }
  func run(_ job: @escaping @Sendable () -> Void) { queue.async(execute: job) }
}
