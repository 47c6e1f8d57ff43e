import Dispatch

/// Threads beside the loop, for what waits for the disk.
enum Worker {
  private static let queue = DispatchQueue(label: "dialerd.workers", attributes: .concurrent)

  /// Runs the body once beside the loop.
  static func run(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }
}
