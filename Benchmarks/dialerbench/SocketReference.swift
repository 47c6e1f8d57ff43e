import Foundation
import Glibc

/// The reference for a request and its answer: two threads that hand a line of the same length to and fro over a bare pair
/// of Unix sockets, with blocking calls and nothing in between.
struct SocketReference {
  let bytes: Int

  /// Rounds a second.
  func rate(count: Int) throws -> Double {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
      throw BenchmarkError("no pair of sockets: errno \(errno)")
    }
    let (near, far) = (ends[0], ends[1])
    defer { close(near) }
    // Ends when the near end is closed, and closes its own.
    Thread.detachNewThread { @Sendable in Self.echo(far) }
    let line = [UInt8](repeating: 65, count: bytes)
    var buffer = [UInt8](repeating: 0, count: 4096)
    var isBroken = false
    let seconds = Stopwatch.seconds {
      for _ in 0..<count where !isBroken {
        var received = 0
        isBroken = send(near, line, line.count, Int32(MSG_NOSIGNAL)) != line.count
        while received < line.count, !isBroken {
          let length = recv(near, &buffer, buffer.count, 0)
          received += max(0, length)
          isBroken = length <= 0
        }
      }
    }
    guard !isBroken else { throw BenchmarkError("the pair of sockets broke: errno \(errno)") }
    return Double(count) / seconds
  }

  private static func echo(_ descriptor: Int32) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let length = recv(descriptor, &buffer, buffer.count, 0)
      guard length > 0, send(descriptor, buffer, length, Int32(MSG_NOSIGNAL)) == length else { break }
    }
    close(descriptor)
  }
}
