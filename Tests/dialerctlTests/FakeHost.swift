import ControlProtocol
import DaemonSystem
import DialerModel
import Glibc

@testable import dialerctl

/// A daemon that answers by a script, line by line.
final class FakeConnection: LineConnection {
  /// What the daemon sends after each request, in order of the requests.
  private var replies: [[String]]
  private var lines: [String] = []
  /// What happens when nothing is left to receive: the end of the stream, or an error.
  private let ending: SystemError?
  private(set) var requests: [JSON] = []
  var failsToSend = false

  init(_ replies: [[String]], ending: SystemError? = nil) {
    self.replies = replies
    self.ending = ending
  }

  func send(line: String) throws(SystemError) {
    if let request = try? JSON(parsing: line) { requests.append(request) }
    if !replies.isEmpty { lines += replies.removeFirst() }
    if failsToSend { throw SystemError("send", code: EPIPE) }
  }

  func receiveLine(within timeout: Interval?) throws(SystemError) -> [UInt8]? {
    if !lines.isEmpty { return Array(lines.removeFirst().utf8) }
    // A look at what is there finds nothing; only one that waits finds the end.
    if timeout == .zero { throw SystemError("receive", code: ETIMEDOUT) }
    if let ending { throw ending }
    return nil
  }
}

/// A file in memory.
final class FakeFile: InputFile, OutputFile {
  private let bytes: [UInt8]
  private(set) var written: [UInt8] = []
  private(set) var isFinished = false
  private(set) var isDiscarded = false
  /// After so many bytes the disk is full.
  var room = Int.max

  init(_ text: String = "") { bytes = Array(text.utf8) }

  var size: Int64 { Int64(bytes.count) }
  func read(at offset: Int64, count: Int) throws(ClientError) -> [UInt8] {
    Array(bytes.dropFirst(Int(offset)).prefix(count))
  }
  func write(_ more: [UInt8]) throws(ClientError) {
    guard written.count + more.count <= room else { throw ClientError("unwritable-file", "The disk is full.") }
    written += more
  }
  func finish() throws(ClientError) { isFinished = true }
  func discard() { isDiscarded = true }
  var text: String { String(decoding: written, as: UTF8.self) }
}

/// An operating system of which everything is known.
final class FakeHost: ClientHost {
  var variables: [String: String] = [:]
  var files: [String: String] = [:]
  var input = ""
  var screen: Screen?
  var progressScreen: Screen?
  var inputFiles: [String: FakeFile] = [:]
  var outputFile = FakeFile()
  /// What the user answers; nil where there is none.
  var answers: [String]?
  private(set) var questions: [String] = []
  /// So much later it is each time that somebody looks.
  var clockStep = Interval.zero
  private var clock = Instant(milliseconds: 1_795_183_391_123)
  var connections: [Result<FakeConnection, SystemError>]
  /// After so many pauses the user interrupts.
  var pausesBeforeInterrupt = Int.max

  private(set) var output = ""
  private(set) var errors = ""
  private(set) var pauses: [Interval] = []
  private(set) var paths: [String] = []
  private(set) var endsOnInterrupt = false
  /// How much of the output had been flushed when the program waited for something.
  private(set) var flushed = ""

  /// A host without a daemon.
  init() { connections = [] }

  init(_ connections: Result<FakeConnection, SystemError>...) { self.connections = connections }

  /// A host whose daemon sends these lines after each request on its only connection.
  init(replies: [String]...) { connections = [.success(FakeConnection(replies))] }

  static var nobody: Result<FakeConnection, SystemError> { .failure(SystemError("connect", code: ENOENT)) }

  func variable(_ name: String) -> String? { variables[name] }
  func readFile(_ path: String) throws(ClientError) -> [UInt8] {
    guard let text = files[path] else { throw ClientError("config", "There is no file \(path).") }
    return Array(text.utf8)
  }
  func readInput() throws(ClientError) -> [UInt8] { Array(input.utf8) }
  func write(_ text: String) { output += text }
  func flush() { flushed = output }
  func writeError(_ text: String) { errors += text }
  func connect(_ path: String, timeout: Interval) throws(SystemError) -> any LineConnection {
    paths.append(path)
    return try (connections.isEmpty ? Self.nobody : connections.removeFirst()).get()
  }
  func pause(_ interval: Interval) -> Bool {
    pauses.append(interval)
    return pauses.count < pausesBeforeInterrupt
  }
  func endOnInterrupt() { endsOnInterrupt = true }
  func wallClock() -> Instant {
    defer { clock = clock + clockStep }
    return clock
  }
  func openInput(_ path: String) throws(ClientError) -> any InputFile {
    guard let file = inputFiles[path] else { throw ClientError("unreadable-file", "There is no file \(path).") }
    return file
  }
  func makeOutput(_ path: String) throws(ClientError) -> any OutputFile { outputFile }
  var canAsk: Bool { answers != nil }
  func ask(_ question: String) -> String? {
    questions.append(question)
    guard let answers, !answers.isEmpty else { return nil }
    defer { self.answers = Array(answers.dropFirst()) }
    return answers.first
  }
}

func answer(_ id: Int, _ result: String) -> String { #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"# }

func refusal(_ id: Int, _ error: RequestError) -> String {
  #"{"jsonrpc":"2.0","id":\#(id),"error":\#(error.json.text)}"#
}

func event(_ seq: Int, _ type: String = "lead.added", _ more: String = "") -> String {
  #"{"jsonrpc":"2.0","method":"event","params":{"seq":\#(seq),"at":"2026-11-20T14:03:11.123Z","type":"\#(type)"\#(more)}}"#
}

/// The program run with these arguments.
func run(_ arguments: String, on host: FakeHost) -> Int32 {
  Program.run(arguments.split(separator: " ").map(String.init), on: host)
}

/// The invocation of these arguments, which must need no input.
func parsed(_ arguments: [String], input: String = "") throws -> Invocation {
  try InvocationParser.parse(arguments) { Array(input.utf8) }
}

/// The error that these arguments end with.
func parseFault(_ arguments: [String]) -> ClientError? {
  do throws(ClientError) {
    _ = try InvocationParser.parse(arguments) { [] }
    return nil
  } catch {
    return error
  }
}

/// The params of the call that these arguments make.
func params(_ arguments: [String], input: String = "") throws -> JSON? {
  guard case .call(_, let params, _) = try parsed(arguments, input: input).command else { return nil }
  return .object(params)
}
