import DaemonSystem
import DialerModel
import Glibc

/// Two connected stream sockets: `ours` nonblocking, for a connection, which closes it; `theirs` blocking, for the test.
/// `@unchecked Sendable`: used by one thread.
final class SocketPair: @unchecked Sendable {
  let ours: Int32
  private(set) var theirs: Int32

  init() throws {
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else {
      throw SystemError("socketpair", code: errno)
    }
    _ = fcntl(pair[0], F_SETFL, O_NONBLOCK)
    (ours, theirs) = (pair[0], pair[1])
  }

  deinit { hangUp() }

  func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = send(theirs, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  func finishWriting() { shutdown(theirs, Int32(SHUT_WR)) }

  func hangUp() {
    if theirs >= 0 { close(theirs) }
    theirs = -1
  }

  /// What has arrived, without waiting.
  func readAvailable() -> String {
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(theirs, &chunk, chunk.count, Int32(MSG_DONTWAIT))
      guard count > 0 else { break }
      all += chunk[..<count]
    }
    return String(decoding: all, as: UTF8.self)
  }
}

/// What a connection reported, in order. `@unchecked Sendable`: for tests that run the loop on their own thread, so that
/// there is only one.
final class Record: @unchecked Sendable {
  var lines: [String] = []
  var events: [String] = []
  var closed: Connection.CloseReason?
}

extension Connection {
  /// Records everything in `record`; stops `loop` when it is closed.
  func report(to record: Record, stopping loop: EventLoop?) {
    onLine = { record.lines.append(String(decoding: $0, as: UTF8.self)) }
    onClose = { reason in
      record.closed = reason
      loop?.stop()
    }
  }
}
