import Dispatch

/// Threads beside the loop, for what waits: queries, probes, backups.
enum Worker {
  private static let queue = DispatchQueue(label: "dialerd.workers", attributes: .concurrent)

  /// Runs the body once on a thread of its own.
  static func run(_ name: String, _ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }
}
