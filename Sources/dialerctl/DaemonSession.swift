import DaemonSystem
import DialerModel

/// Requests and answers, and events that come in between, over one connection.
final class DaemonSession {
  let socket: String
  private let connection: any LineConnection
  private let timeout: Interval
  private var lastID: Int64 = 0
  /// Events that came before the answer that was waited for.
  private var early: [JSON] = []

  /// - Throws: `no-daemon`, or `not-permitted` where the file's mode forbids it.
  init(_ socket: String, timeout: Interval, on host: some ClientHost) throws(ClientError) {
    self.socket = socket
    self.timeout = timeout
    do throws(SystemError) {
      connection = try host.connect(socket, timeout: timeout)
    } catch {
      throw ClientError(error, socket: socket, asked: false)
    }
  }

  /// The result of a request, or the daemon's error.
  func call(_ method: String, _ params: JSONObject = [:]) throws(ClientError) -> JSON {
    try answer(after: send(method, params))
  }

  /// The result of a request that takes long; `meanwhile` is called each time that `interval` has passed without it.
  func call(
    _ method: String, _ params: JSONObject, every interval: Interval, meanwhile: () throws(ClientError) -> Void
  ) throws(ClientError) -> JSON {
    let failure = send(method, params)
    while true {
      do throws(ClientError) {
        return try answer(after: failure, within: interval)
      } catch {
        guard error.reason == "timeout" else { throw error }
        try meanwhile()
      }
    }
  }

  /// - Returns: why it could not be sent; the daemon may have said something all the same.
  private func send(_ method: String, _ params: JSONObject) -> SystemError? {
    lastID += 1
    let request: JSON = [
      "jsonrpc": "2.0", "id": .integer(lastID), "method": .string(method), "params": .object(params),
    ]
    do throws(SystemError) {
      try connection.send(line: request.text)
      return nil
    } catch {
      // A peer that the daemon refuses is told why before the connection closes: that line may be there.
      return error
    }
  }

  private func answer(after failure: SystemError?, within interval: Interval? = nil) throws(ClientError) -> JSON {
    while let message = try receive(within: interval ?? timeout, failure) {
      if message["method"]?.stringValue == "event" {
        early.append(message)
      } else {
        return try result(of: message)
      }
    }
    throw ClientError(failure ?? SystemError.connectionClosed(socket), socket: socket, asked: true)
  }

  private func result(of message: JSON) throws(ClientError) -> JSON {
    if let error = message["error"] {
      throw ClientError(answer: error) ?? .unreadableAnswer("The daemon's error has no reason: \(error.text)")
    }
    guard let result = message["result"], message["id"]?.integerValue == lastID else {
      throw .unreadableAnswer("The daemon answered something that was not asked.")
    }
    return result
  }

  /// The next event; nil when the connection has ended. Other messages that come now are errors.
  ///
  /// - Parameter interval: nil waits without end; zero gives only what is there already.
  func event(within interval: Interval?) throws(ClientError) -> JSON? {
    if !early.isEmpty { return early.removeFirst() }
    guard let message = try receive(within: interval, nil) else { return nil }
    guard message["method"]?.stringValue == "event" else {
      _ = try result(of: message)
      throw .unreadableAnswer("The daemon answered something that was not asked.")
    }
    return message
  }

  private func receive(within interval: Interval?, _ failure: SystemError?) throws(ClientError) -> JSON? {
    let line: [UInt8]?
    do throws(SystemError) {
      line = try connection.receiveLine(within: interval)
    } catch {
      throw ClientError(failure ?? error, socket: socket, asked: true)
    }
    guard let line else { return nil }
    do throws(JSONFault) {
      return try JSON(parsing: line)
    } catch {
      throw .unreadableAnswer("The daemon's answer is not JSON: \(error)")
    }
  }
}
