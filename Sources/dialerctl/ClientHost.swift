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

/// A file that is sent, read at any place.
protocol InputFile: AnyObject {
  /// In bytes.
  var size: Int64 { get }
  /// Fewer bytes than asked for only at the end of the file.
  func read(at offset: Int64, count: Int) throws(ClientError) -> [UInt8]
}

/// A file that is made: nobody sees any of it before it is whole.
protocol OutputFile: AnyObject {
  func write(_ bytes: [UInt8]) throws(ClientError)
  /// On disk, under its name, in place of what stood there.
  func finish() throws(ClientError)
  /// Nothing of it is left.
  func discard()
}

/// All that the program wants of the operating system, so that its commands run in tests as they do at a terminal.
protocol ClientHost: AnyObject {
  func variable(_ name: String) -> String?
  func readFile(_ path: String) throws(ClientError) -> [UInt8]
  /// All of standard input.
  func readInput() throws(ClientError) -> [UInt8]
  func openInput(_ path: String) throws(ClientError) -> any InputFile
  func makeOutput(_ path: String) throws(ClientError) -> any OutputFile
  /// The line that the user types behind the question; nil where there is no terminal to ask on, or it has ended.
  func ask(_ question: String) -> String?
  /// Whether ``ask(_:)`` finds somebody.
  var canAsk: Bool { get }
  /// Nil when standard error, where progress is shown, is no terminal.
  var progressScreen: Screen? { get }
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
