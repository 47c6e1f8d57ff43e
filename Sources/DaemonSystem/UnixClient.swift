import DialerModel
import Glibc

/// A blocking client of a Unix socket that speaks in lines: for the operator's program, for tests and for measurements.
///
/// Used by one thread at a time.
public final class UnixClient {
  private let descriptor: Int32
  private let path: String
  private var input: LineSplitter
  /// What SO_RCVTIMEO is set to, so that it is set only when it changes.
  private var receiveTimeout: Int64 = 0

  /// Connects to `path`. Throws ``SystemError/isNobodyListening`` when there is no daemon.
  ///
  /// - Parameters:
  ///   - maximumLine: the longest line that ``receiveLine(within:)`` takes, in bytes.
  ///   - sendTimeout: how long one write may wait for a daemon that does not read.
  public init(
    path: String, maximumLine: Int = 64 << 20, sendTimeout: Interval = .seconds(30)
  ) throws(SystemError) {
    self.path = path
    input = LineSplitter(maximumLine: maximumLine)
    let address = try UnixAddress(path)
    descriptor = try UnixAddress.makeStreamSocket(nonblocking: false)
    let descriptor = descriptor
    setTimeout(SO_SNDTIMEO, sendTimeout.milliseconds)
    guard address.with({ connect(descriptor, $0, $1) }) == 0 else { throw .last("connect", path) }
  }

  deinit { close(descriptor) }

  /// Sends all of `bytes`; the caller ends its lines with `\n`.
  public func send(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var sent = 0
    while sent < bytes.count {
      let count = Glibc.send(
        descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      if count >= 0 {
        sent += count
      } else if errno != EINTR {
        throw SystemError("send", code: errno == EAGAIN ? ETIMEDOUT : errno, subject: path)
      }
    }
  }

  public func send(_ bytes: [UInt8]) throws(SystemError) {
    var outcome: Result<Void, SystemError> = .success(())
    bytes.withUnsafeBytes { bytes in
      outcome = Result { () throws(SystemError) in try send(bytes) }
    }
    try outcome.get()
  }

  /// Sends `line` and a `\n`.
  public func send(line: String) throws(SystemError) { try send(Array((line + "\n").utf8)) }

  /// Says that nothing more will be sent; replies still come.
  public func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next line, nil at the end of the stream. Throws ``SystemError/isTimeout`` after `timeout` (nil: waits without
  /// end), `EMSGSIZE` for a line past the maximum.
  public func receiveLine(within timeout: Interval? = nil) throws(SystemError) -> [UInt8]? {
    try withReceivedLine(within: timeout) { Array($0) }
  }

  /// Like ``receiveLine(within:)``, without a copy: the bytes are valid in `body` only.
  public func withReceivedLine<Result>(
    within timeout: Interval? = nil, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(SystemError) -> Result? {
    var deadline: MonotonicInstant?
    while true {
      switch input.next() {
      case .line(let line): return body(line)
      case .tooLong: throw SystemError("receive", code: EMSGSIZE, subject: path)
      case nil: break
      }
      if let timeout {
        let now = SystemClock.monotonic()
        let end = deadline ?? now + timeout
        deadline = end
        guard now < end else { throw SystemError("receive", code: ETIMEDOUT, subject: path) }
        setReceiveTimeout((end - now).milliseconds)
      } else {
        setReceiveTimeout(0)
      }
      guard try receiveMore() else { return nil }
    }
  }

  private func receiveMore() throws(SystemError) -> Bool {
    let space = input.space(64 * 1024)
    let count = recv(descriptor, space.baseAddress, space.count, 0)
    if count > 0 {
      input.filled(count)
      return true
    }
    if count == 0 || errno == ECONNRESET { return false }
    // Too late: the deadline is looked at next.
    guard errno == EINTR || errno == EAGAIN else { throw .last("receive", path) }
    return true
  }

  private func setReceiveTimeout(_ milliseconds: Int64) {
    guard milliseconds != receiveTimeout else { return }
    receiveTimeout = milliseconds
    setTimeout(SO_RCVTIMEO, milliseconds)
  }

  /// 0 waits without end.
  private func setTimeout(_ option: Int32, _ milliseconds: Int64) {
    var time = timeval(tv_sec: Int(milliseconds / 1000), tv_usec: Int(milliseconds % 1000 * 1000))
    setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
  }
}
