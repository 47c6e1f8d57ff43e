import DialerModel

/// `dialerctl events`: what is kept, or what is kept and what is to come.
///
/// The number of the next event to print is all its state. After a lost connection it subscribes from that number again,
/// so nothing is missed and nothing printed twice, be the daemon away for a second or a night.
struct EventsCommand {
  private let query: EventQuery
  private let socket: String
  private let timeout: Interval
  private let output: Invocation.Output
  /// The first event that has not been seen; nil before the first answer of a daemon that was not told where to begin.
  private var next: Int64?

  /// The first pause after a lost connection, and the longest: a restart takes a second or so; a daemon that is down for
  /// the night is asked six times a minute.
  static let firstPause = Interval(milliseconds: 250)
  static let longestPause = Interval.seconds(10)

  init(_ query: EventQuery, socket: String, timeout: Interval, output: Invocation.Output) {
    self.query = query
    self.socket = socket
    self.timeout = timeout
    self.output = output
    next = query.from
  }

  mutating func run(on host: some ClientHost) throws(ClientError) {
    let session = try DaemonSession(socket, timeout: timeout, on: host)
    if query.follows {
      try follow(session, on: host)
    } else {
      try printKept(session, on: host)
    }
  }

  // MARK: - What is kept

  /// Every event up to the last one at this moment. They are chosen here and not by the daemon, because only an unbroken
  /// row of numbers says when the last has come.
  private mutating func printKept(_ session: DaemonSession, on host: some ClientHost) throws(ClientError) {
    let status = try session.call("daemon.status")
    guard let last = status["lastEvent"]?.integerValue else {
      throw .unreadableAnswer("The daemon's status does not say which event was the last.")
    }
    let first = next ?? 1
    guard first <= last else { return }
    try subscribe(session, from: first)
    while (next ?? first) <= last {
      guard let event = try session.event(within: timeout) else {
        throw ClientError(.connectionClosed(socket), socket: socket, asked: true)
      }
      guard let seq = try take(event) else { continue }
      if seq <= last, isWanted(event) { print(event, on: host) }
    }
  }

  /// Without a number of the caller's the oldest event that is kept is the first.
  private mutating func subscribe(_ session: DaemonSession, from first: Int64) throws(ClientError) {
    do throws(ClientError) {
      _ = try session.call("event.subscribe", ["from": .integer(first)])
    } catch {
      guard query.from == nil, error.reason == "not-found", let oldest = error.details["oldest"]?.integerValue else {
        throw error
      }
      _ = try session.call("event.subscribe", ["from": .integer(oldest)])
    }
  }

  private func isWanted(_ event: JSON) -> Bool {
    let params = event["params"]
    if let types = query.types, !types.contains(params?["type"]?.stringValue ?? "") { return false }
    if let campaignID = query.campaignID, params?["campaignID"]?.stringValue != campaignID { return false }
    return true
  }

  // MARK: - What is to come

  private mutating func follow(_ first: DaemonSession, on host: some ClientHost) throws(ClientError) {
    var session: DaemonSession? = first
    var pause = Self.firstPause
    var hasSubscribed = false
    while true {
      do throws(ClientError) {
        let current = if let session { session } else { try DaemonSession(socket, timeout: timeout, on: host) }
        session = nil
        try subscribe(current, again: hasSubscribed, on: host)
        if hasSubscribed { host.writeError("dialerctl: connected again\n") }
        hasSubscribed = true
        pause = Self.firstPause
        try printAll(current, on: host)
        sayLost("The connection was lost.", pause, on: host)
      } catch {
        guard hasSubscribed, Self.mayPass(error) else { throw error }
        sayLost(error.message, pause, on: host)
      }
      guard host.pause(pause) else { return }
      pause = min(Interval(milliseconds: pause.milliseconds * 2), Self.longestPause)
    }
  }

  private func sayLost(_ message: String, _ pause: Interval, on host: some ClientHost) {
    let from = next.map { " from event \($0)" } ?? ""
    host.flush()
    host.writeError("dialerctl: \(message) Trying again\(from) in \(CellText.plain(pause.seconds)) s.\n")
  }

  /// Whether the daemon may answer better later. An event that is no longer kept will never be there again: the caller
  /// has to know that it missed something.
  private static func mayPass(_ error: ClientError) -> Bool {
    ["no-daemon", "connection-lost", "timeout", "busy", "unavailable"].contains(error.reason)
  }

  /// - Parameter again: after a lost connection. A journal that then ends before the next event is another one, such as
  ///   a backup put back: its events are new, though their numbers are not.
  private mutating func subscribe(
    _ session: DaemonSession, again: Bool, on host: some ClientHost
  ) throws(ClientError) {
    var params = JSONObject()
    params.append("from", ifPresent: next.map { .integer($0) })
    params.append("types", ifPresent: query.types.map { JSON($0) })
    params.append("campaignID", ifPresent: query.campaignID.map { .string($0) })
    let answer = try session.call("event.subscribe", params)
    let first = answer["next"]?.integerValue
    if next == nil { next = first }
    if again, let wanted = next, let first, first < wanted {
      host.writeError("dialerctl: Event \(wanted) is not there; the journal is another one, taken up at \(first).\n")
      next = first
    }
  }

  /// Until the connection ends. What was printed leaves this program as soon as nothing more is there to print.
  private mutating func printAll(_ session: DaemonSession, on host: some ClientHost) throws(ClientError) {
    while true {
      var event: JSON?
      do throws(ClientError) {
        event = try session.event(within: .zero)
      } catch {
        guard error.reason == "timeout" else { throw error }
        host.flush()
        event = try session.event(within: nil)
      }
      guard let event else { return }
      if try take(event) != nil { print(event, on: host) }
    }
  }

  // MARK: - One event

  /// The event's number, and nil for one that was seen before.
  private mutating func take(_ event: JSON) throws(ClientError) -> Int64? {
    guard let seq = event["params"]?["seq"]?.integerValue else {
      throw .unreadableAnswer("An event has no number.")
    }
    if let next, seq < next { return nil }
    next = seq + 1
    return seq
  }

  private func print(_ event: JSON, on host: some ClientHost) {
    switch output {
    case .json: host.write(event.text + "\n")
    case .prettyJSON: host.write(event.prettyText + "\n")
    case .people: host.write(EventLine.text(event["params"] ?? [:]) + "\n")
    }
  }
}
