import DialerModel

/// A session for work that may be sent twice: when the daemon goes away it is waited for, be it a second or a night, and
/// the request is sent again.
final class PatientSession {
  let socket: String
  private let timeout: Interval
  private let host: any ClientHost
  private var session: DaemonSession?
  private var hasConnected = false
  /// Called before each word to the user, to end a line of progress.
  var beforeWords: () -> Void = {}

  init(_ socket: String, timeout: Interval, on host: some ClientHost) {
    self.socket = socket
    self.timeout = timeout
    self.host = host
  }

  /// - Throws: at once when no daemon was there to begin with; `interrupted` when the user does not want to wait.
  func call(_ method: String, _ params: JSONObject) throws(ClientError) -> JSON {
    try patiently { (session) throws(ClientError) in try session.call(method, params) }
  }

  /// A connection of its own, for a request that takes long.
  func another() throws(ClientError) -> DaemonSession { try DaemonSession(socket, timeout: timeout, on: host) }

  /// The body runs again from its beginning with a new connection.
  func patiently<Result>(
    _ body: (DaemonSession) throws(ClientError) -> Result
  ) throws(ClientError) -> Result {
    var pause = EventsCommand.firstPause
    var hasWaited = false
    while true {
      do throws(ClientError) {
        let session = if let session { session } else { try another() }
        self.session = session
        let result = try body(session)
        hasConnected = true
        if hasWaited { say("connected again") }
        return result
      } catch {
        guard hasConnected, Self.mayPass(error) else {
          if hasWaited { say("connected again") }
          throw error
        }
        if error.reason != "busy" { session = nil }
        if !hasWaited { say("\(error.message) Waiting for the daemon.") }
        hasWaited = true
      }
      guard host.pause(pause) else { throw Self.interrupted }
      pause = min(Interval(milliseconds: pause.milliseconds * 2), EventsCommand.longestPause)
    }
  }

  private func say(_ text: String) {
    beforeWords()
    host.flush()
    host.writeError("dialerctl: \(CellText.printable(text))\n")
  }

  static let interrupted = ClientError("interrupted", "Stopped.")

  /// Whether the daemon may answer better later.
  static func mayPass(_ error: ClientError) -> Bool {
    ["no-daemon", "connection-lost", "timeout", "busy", "unavailable"].contains(error.reason)
  }
}
