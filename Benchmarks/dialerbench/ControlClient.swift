import DaemonSystem
import DialerModel

/// A client of the control socket that asks and waits, on the measuring thread.
final class ControlClient {
  /// Longer than any answer takes, so that a daemon that hangs ends the measurement with a word.
  private static let patience = Interval.seconds(60)
  private let connection: UnixClient
  private var nextID = 1

  init(path: String) throws { connection = try UnixClient(path: path) }

  static func line(_ method: String, _ params: JSON, id: Int) -> [UInt8] {
    let request: JSON = ["jsonrpc": "2.0", "id": JSON(id), "method": .string(method), "params": params]
    return Array((request.text + "\n").utf8)
  }

  @discardableResult
  func call(_ method: String, _ params: JSON = [:]) throws -> JSON {
    nextID += 1
    try connection.send(Self.line(method, params, id: nextID))
    let reply = try receive()
    guard let result = reply["result"] else {
      throw BenchmarkError("\(method) was answered with \(String(reply.text.prefix(300)))")
    }
    return result
  }

  func send(_ bytes: [UInt8]) throws { try connection.send(bytes) }

  /// The next line, for an answer that takes minutes.
  func receiveLate() throws -> JSON {
    guard let line = try connection.receiveLine(within: .seconds(900)) else {
      throw BenchmarkError("the daemon closed the connection")
    }
    return try JSON(parsing: line)
  }

  /// The next line, whatever it is.
  func receive() throws -> JSON {
    guard let line = try connection.receiveLine(within: Self.patience) else {
      throw BenchmarkError("the daemon closed the connection")
    }
    return try JSON(parsing: line)
  }

  /// Lines that are answers with a result, looked at no further than that: the client's own parsing is no part of the
  /// measurement.
  func skipAnswers(_ count: Int) throws {
    for _ in 0..<count {
      guard try isNextDone() else { throw BenchmarkError("a request met a limit") }
    }
  }

  /// Whether the next line is an answer with a result; false: a named limit was reached. Any other refusal is thrown.
  func isNextDone() throws -> Bool {
    var refusal = "the daemon closed the connection"
    let isDone = try connection.withReceivedLine(within: Self.patience) { line -> Bool? in
      if Self.isResult(line) { return true }
      refusal = "a request was refused: " + String(decoding: line.prefix(400), as: UTF8.self)
      return refusal.contains("\"reason\":\"busy\"") ? false : nil
    }
    guard let isDone = isDone ?? nil else { throw BenchmarkError(refusal) }
    return isDone
  }

  private static let resultMark = Array("\"result\"".utf8)

  /// Looks at the head of the line alone, where the member stands behind version and id.
  private static func isResult(_ line: UnsafeRawBufferPointer) -> Bool {
    let last = min(line.count, 64) - resultMark.count
    guard last >= 0 else { return false }
    return (0...last).contains { line[$0...].starts(with: resultMark) }
  }
}
