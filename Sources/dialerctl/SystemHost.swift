import DaemonSystem
import DialerModel
import Glibc

/// The real ``ClientHost``.
final class SystemHost: ClientHost {
  private var output: [UInt8] = []
  /// One write of this size costs little beside its bytes, and a pipe takes it whole.
  private static let keptBytes = 64 * 1024

  func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  func readFile(_ path: String) throws(ClientError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    let bytes = file < 0 ? nil : Self.readAll(file)
    let code = errno
    if file >= 0 { close(file) }
    if let bytes { return bytes }
    let error = SystemError("read", code: code, subject: path)
    throw ClientError("config", "The configuration cannot be read: \(error).", details: ["file": .string(path)])
  }

  func readInput() throws(ClientError) -> [UInt8] {
    guard let bytes = Self.readAll(STDIN_FILENO) else { throw .usage("Standard input cannot be read.") }
    return bytes
  }

  /// Nil with errno when it fails.
  private static func readAll(_ file: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    while true {
      var count = 0
      bytes.append(addingCapacity: keptBytes) { span in
        span.withUnsafeMutableBufferPointer { buffer, initialized in
          count = read(file, buffer.baseAddress! + initialized, buffer.count - initialized)
          if count > 0 { initialized += count }
        }
      }
      if count == 0 { return bytes }
      if count < 0, errno != EINTR { return nil }
    }
  }

  func write(_ text: String) {
    output.append(contentsOf: text.utf8)
    if output.count >= Self.keptBytes { flush() }
  }

  func flush() {
    Self.writeAll(output, to: STDOUT_FILENO)
    output.removeAll(keepingCapacity: true)
  }

  func writeError(_ text: String) {
    flush()
    Self.writeAll(Array(text.utf8), to: STDERR_FILENO)
  }

  /// Ends the process quietly when nobody can be written to: what is left to do is of no use to anybody.
  private static func writeAll(_ bytes: [UInt8], to file: Int32) {
    bytes.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(file, bytes.baseAddress! + written, bytes.count - written)
        if count >= 0 {
          written += count
        } else if errno != EINTR {
          exit(ExitStatus.ioError.rawValue)
        }
      }
    }
  }

  /// A terminal that does not say how large it is, such as a serial line, is taken for one of 80 by 24, the size that
  /// terminals began with.
  var screen: Screen? { Self.screen(STDOUT_FILENO) }

  var progressScreen: Screen? { Self.screen(STDERR_FILENO) }

  private static func screen(_ file: Int32) -> Screen? {
    guard isatty(file) == 1 else { return nil }
    var size = winsize()
    guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return Screen(columns: 80, rows: 24)
    }
    return Screen(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  func connect(_ path: String, timeout: Interval) throws(SystemError) -> any LineConnection {
    try UnixClient(path: path, sendTimeout: timeout)
  }

  func pause(_ interval: Interval) -> Bool {
    var left = timespec(
      tv_sec: Int(interval.milliseconds / 1000), tv_nsec: Int(interval.milliseconds % 1000 * 1_000_000))
    while !Interruption.hasCome {
      var rest = timespec()
      if nanosleep(&left, &rest) == 0 { break }
      left = rest
    }
    return !Interruption.hasCome
  }

  func openInput(_ path: String) throws(ClientError) -> any InputFile { try SystemInputFile(path) }

  func makeOutput(_ path: String) throws(ClientError) -> any OutputFile { try SystemOutputFile(path) }

  var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  func ask(_ question: String) -> String? {
    guard canAsk else { return nil }
    writeError(question)
    return readLine()
  }

  func endOnInterrupt() { Interruption.await() }

  func wallClock() -> Instant { SystemClock.wall() }
}
