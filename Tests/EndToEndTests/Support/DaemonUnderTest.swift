import DaemonSystem
import DialerModel
import Foundation
import Glibc

/// A `dialerd` of one test: its folder, its configuration and the process, which can be killed and started again.
final class DaemonUnderTest {
  /// Every option has a default, so that what a test sets is what matters.
  struct Options {
    var database = "dialer.sqlite"
    var socketMode = "0660"
    var maximumCalls = 20
    var callsPerSecond = 10_000.0
    /// The simulator's times are divided by it.
    var speed = 50.0
    /// Simulated agents for each campaign.
    var agents = 0
    var drainSeconds = 30.0
    var connections = 256
    var connectionsPerUser = 256
    var timeZoneDirectory = "/usr/share/zoneinfo"
    var logLevel = "info"

    var text: String {
      """
      {
        database: "\(database)",
        socket: { path: "dialerd.sock", mode: "\(socketMode)" },
        log: { level: "\(logLevel)" },
        trunks: [
          { name: "sim", kind: "simulator", maximumCalls: \(maximumCalls), callsPerSecond: \(callsPerSecond),
            simulator: { seed: 7, speed: \(speed), agents: \(agents), dialLog: "dial.log" } },
        ],
        defaults: { timeZone: "America/New_York", region: "US", callingHours: "always" },
        limits: { connections: \(connections), connectionsPerUser: \(connectionsPerUser) },
        backups: { directories: ["."] },
        drainSeconds: \(drainSeconds),
        timeZoneDirectory: "\(timeZoneDirectory)",
      }

      """
    }
  }

  let folder: TestFolder
  var options: Options
  private let notifications: NotifySocket
  private(set) var program: RunningProgram?

  /// Makes folder and configuration, and starts unless told otherwise.
  init(_ options: Options = Options(), starting: Bool = true) throws {
    folder = try TestFolder()
    self.options = options
    notifications = try NotifySocket(path: folder.path("notify"))
    try writeConfiguration()
    try SmallData.shared.get().write(to: folder.path)
    if starting { try start() }
  }

  var socketPath: String { folder.path("dialerd.sock") }
  var log: String { folder.text("stderr.log") }
  var processID: Int32 { program?.process.processIdentifier ?? 0 }

  func writeConfiguration() throws { try folder.write(options.text, to: "dialerd.json5") }

  func start() throws {
    try launch()
    try waitFor("READY=1")
  }

  /// Starts the process without waiting until it is ready.
  func launch() throws {
    program = try RunningProgram(
      try BuiltProgram.path("dialerd"), ["--config", folder.path("dialerd.json5")],
      environment: ["NOTIFY_SOCKET": folder.path("notify")], output: folder.path("stderr.log"))
  }

  /// Waits until the daemon says so to its service manager.
  func waitFor(_ word: String) throws {
    let end = SystemClock.monotonic() + Interval.seconds(Int64(RunningProgram.patience))
    while SystemClock.monotonic() < end {
      let message = notifications.next()
      if message?.contains(word) == true { return }
      if message == nil, program?.isRunning != true { break }
    }
    throw Stuck("no \(word) from dialerd; its log ends with\n\(log.suffix(2000))")
  }

  func kill9() throws {
    program?.signal(SIGKILL)
    try program?.waitForExit()
  }

  /// Ends it as an operator does; the exit status.
  @discardableResult
  func stop() throws -> Int32 {
    program?.signal(SIGTERM)
    return try program?.waitForExit() ?? 0
  }

  /// A new connection. While a test has it the daemon stays.
  func client() throws -> ControlClient { try ControlClient(path: socketPath, of: self) }

  /// One entry for each call that the simulator was told to dial.
  var dialLog: [(callID: String, number: String)] {
    folder.text("dial.log").split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      return (words.count > 1 ? String(words[1]) : "", words.count > 2 ? String(words[2]) : "")
    }
  }
}
