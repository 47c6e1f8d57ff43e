import DaemonSystem
import DialerModel

/// A client of the control socket, as a CRM would be one: requests and their replies, and events that come in between.
final class ControlClient {
  /// How long one message may take.
  static let patience = Interval.seconds(60)

  private let socket: UnixClient
  private let daemon: AnyObject?
  private var lastID: Int64 = 0
  /// Events that came while a reply was waited for.
  private var waitingEvents: [JSON] = []
  private var waitingReplies: [JSON] = []

  /// - Parameter daemon: lives as long as its client.
  init(path: String, of daemon: AnyObject? = nil) throws {
    socket = try UnixClient(path: path)
    self.daemon = daemon
  }

  // MARK: Bytes

  func send(_ bytes: [UInt8]) throws { try socket.send(bytes) }
  func send(line: String) throws { try socket.send(line: line) }
  func finishSending() { socket.finishSending() }

  /// Nil at the end of the stream.
  func receive() throws -> JSON? {
    guard let line = try socket.receiveLine(within: Self.patience) else { return nil }
    return try JSON(parsing: line)
  }

  // MARK: Requests

  /// Sends a request; its id.
  @discardableResult
  func ask(_ method: String, _ params: JSON = [:]) throws -> Int64 {
    lastID += 1
    try send(line: Self.line(method, params, id: lastID))
    return lastID
  }

  static func line(_ method: String, _ params: JSON = [:], id: Int64) -> String {
    let request: JSON = ["jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": params]
    return request.text
  }

  /// The next reply, whole.
  func reply() throws -> JSON {
    if !waitingReplies.isEmpty { return waitingReplies.removeFirst() }
    while let message = try receive() {
      if message["method"] == "event" { waitingEvents.append(message["params"] ?? .null) } else { return message }
    }
    throw Stuck("the daemon closed the connection in place of a reply")
  }

  /// Asks and waits; a refusal is thrown.
  @discardableResult
  func call(_ method: String, _ params: JSON = [:]) throws -> JSON {
    let id = try ask(method, params)
    return try Self.result(of: try reply(), id: id, method)
  }

  static func result(of reply: JSON, id: Int64, _ method: String) throws -> JSON {
    guard reply["id"]?.integerValue == id else { throw Stuck("a reply out of order to \(method): \(reply.text)") }
    if let error = reply["error"] { throw Refusal(method: method, error: error) }
    return reply["result"] ?? .null
  }

  /// The reason why the daemon refuses this; nil when it does not.
  func refusal(_ method: String, _ params: JSON = [:]) throws -> Refusal? {
    do {
      try call(method, params)
      return nil
    } catch let refusal as Refusal {
      return refusal
    }
  }

  /// Many at once; the results in their order.
  @discardableResult
  func callAll(_ calls: [(method: String, params: JSON)]) throws -> [JSON] {
    var results: [JSON] = []
    // In pieces, so that neither side's buffers fill while nobody reads.
    for start in stride(from: 0, to: calls.count, by: 200) {
      let piece = calls[start..<min(start + 200, calls.count)]
      let ids = try piece.map { try ask($0.method, $0.params) }
      for (id, call) in zip(ids, piece) { results.append(try Self.result(of: try reply(), id: id, call.method)) }
    }
    return results
  }

  // MARK: Events

  /// The next event; nil when the daemon is gone.
  func nextEvent() throws -> JSON? {
    if !waitingEvents.isEmpty { return waitingEvents.removeFirst() }
    while let message = try receive() {
      if message["method"] == "event" { return message["params"] }
      waitingReplies.append(message)
    }
    return nil
  }

  /// Events up to the first that satisfies the condition, that one included.
  @discardableResult
  func events(until isLast: (JSON) throws -> Bool) throws -> [JSON] {
    var events: [JSON] = []
    while let event = try nextEvent() {
      events.append(event)
      if try isLast(event) { return events }
    }
    throw Stuck("the connection ended before the event that was waited for")
  }

  var hasWaitingEvents: Bool { !waitingEvents.isEmpty }

  /// Events that have come already are not asked for again.
  func forgetEvents() { waitingEvents = [] }

  /// The whole journal up to its present end, as a new subscriber gets it.
  static func journal(path: String) throws -> [JSON] {
    let client = try ControlClient(path: path)
    let last = try client.call("daemon.status")["lastEvent"]?.integerValue ?? 0
    guard last > 0 else { return [] }
    try client.call("event.subscribe", ["from": 1])
    return try client.events { ($0["seq"]?.integerValue ?? 0) >= last }
  }
}

/// An error that the daemon answered with.
struct Refusal: Error, CustomStringConvertible {
  let method: String
  let error: JSON
  var reason: String { error["data"]?["reason"]?.stringValue ?? "" }
  var data: JSON { error["data"] ?? .null }
  var message: String { error["message"]?.stringValue ?? "" }
  var description: String { "\(method): \(error.text)" }
}
