import DialerModel

/// `dialerctl status`: the dashboard, once or again and again.
struct StatusCommand {
  private let socket: String
  private let timeout: Interval
  private let output: Invocation.Output
  /// Kept from one look to the next; nil after it was lost.
  private var session: DaemonSession?

  /// ECMA-48: to the first place; what is left of the line, and of the screen, becomes blank. Nothing is blank in
  /// between, so nothing flickers.
  private static let home = "\u{1B}[H"
  private static let clearLine = "\u{1B}[K"
  private static let clearBelow = "\u{1B}[J"

  init(socket: String, timeout: Interval, output: Invocation.Output) {
    self.socket = socket
    self.timeout = timeout
    self.output = output
  }

  /// - Parameter interval: nil for once; else it ends only with the process, and a daemon that is away is waited for.
  mutating func run(every interval: Interval?, on host: some ClientHost) throws(ClientError) {
    guard let interval else { return try print(try look(on: host), isFirst: true, repeats: false, on: host) }
    host.endOnInterrupt()
    var isFirst = true
    repeat {
      do throws(ClientError) {
        try print(try look(on: host), isFirst: isFirst, repeats: true, on: host)
      } catch {
        session = nil
        guard ["no-daemon", "connection-lost", "timeout", "busy", "unavailable"].contains(error.reason) else {
          throw error
        }
        printAbsence(error, isFirst: isFirst, on: host)
      }
      isFirst = false
      host.flush()
    } while host.pause(interval)
  }

  private mutating func look(on host: some ClientHost) throws(ClientError) -> Dashboard {
    let session = if let session { session } else { try DaemonSession(socket, timeout: timeout, on: host) }
    self.session = session
    let status = try session.call("daemon.status")
    var campaigns: [JSONObject] = []
    for campaign in try session.call("campaign.list")["campaigns"]?.arrayValue ?? [] {
      guard var campaign = campaign.objectValue, let campaignID = campaign["campaignID"] else { continue }
      do throws(ClientError) {
        campaign["lists"] = try session.call("campaign.lists", ["campaignID": campaignID])["lists"]
      } catch {
        // Deleted since it was listed.
        guard error.reason == "not-found" else { throw error }
        continue
      }
      campaigns.append(campaign)
    }
    return Dashboard(status: status, campaigns: campaigns)
  }

  private func print(
    _ dashboard: Dashboard, isFirst: Bool, repeats: Bool, on host: some ClientHost
  ) throws(ClientError) {
    switch output {
    case .json: host.write(dashboard.json.text + "\n")
    case .prettyJSON: host.write(dashboard.json.prettyText + "\n")
    case .people:
      let screen = host.screen
      let lines = dashboard.lines(at: host.wallClock(), columns: screen?.columns)
      host.write(Self.frame(lines, isFirst: isFirst, screen: repeats ? screen : nil))
    }
  }

  /// The frame of a screen is drawn over the one before, and cut to its height, for it must not scroll; elsewhere a blank
  /// line divides them.
  static func frame(_ lines: [String], isFirst: Bool, screen: Screen?) -> String {
    guard let screen else { return (isFirst ? "" : "\n") + lines.map { $0 + "\n" }.joined() }
    let shown = lines.prefix(max(1, screen.rows - 1))
    return home + shown.map { $0 + clearLine + "\n" }.joined() + clearBelow
  }

  private func printAbsence(_ error: ClientError, isFirst: Bool, on host: some ClientHost) {
    if output == .people, let screen = host.screen {
      let line = CellText.printable("\(CellText.text(JSON(host.wallClock()), isShort: true))   \(error.message)")
      host.write(Self.frame([DisplayWidth.cut(line, to: screen.columns)], isFirst: isFirst, screen: screen))
    } else {
      host.writeError("dialerctl: \(CellText.printable(error.message))\n")
    }
  }
}
