import DaemonSystem
import DialerModel

/// One connection to the daemon, a line at a time. ``UnixClient`` is the real one.
protocol LineConnection: AnyObject {
  func send(line: String) throws(SystemError)
  /// The next line without its end; nil at the end of the stream. A timeout of zero gives only what is there already.
  func receiveLine(within timeout: Interval?) throws(SystemError) -> [UInt8]?
}

extension UnixClient: LineConnection {}

/// The size of the terminal that is written to.
struct Screen: Sendable, Hashable {
  var columns: Int
  var rows: Int
}

/// All that the program wants of the operating system, so that its commands run in tests as they do at a terminal.
protocol ClientHost: AnyObject {
  func variable(_ name: String) -> String?
  func readFile(_ path: String) throws(ClientError) -> [UInt8]
  /// All of standard input.
  func readInput() throws(ClientError) -> [UInt8]
  /// Text for standard output; it may be kept until ``flush()``.
  func write(_ text: String)
  func flush()
  /// Text for standard error, written at once.
  func writeError(_ text: String)
  /// Nil when standard output is no terminal.
  var screen: Screen? { get }
  func connect(_ path: String, timeout: Interval) throws(SystemError) -> any LineConnection
  /// False when the user wants the program to end; only after ``endOnInterrupt()``.
  func pause(_ interval: Interval) -> Bool
  /// From now on SIGINT does not kill the process, but ends the pause, this one or the next.
  func endOnInterrupt()
  func wallClock() -> Instant
}
