import DaemonSystem
import Foundation
import Glibc

/// A real `dialerd` on the simulator, with a configuration, a database and a socket of its own in one directory.
final class DaemonProcess {
  let directory: String
  /// When it was told to begin, by the stopwatch.
  private(set) var startedAt: UInt64 = 0
  private let process = Process()
  /// A start with ten million leads takes seconds; a minute and a half says that it hangs.
  private static let patienceSeconds = 90.0

  /// - Parameters:
  ///   - directory: has `dialer.sqlite` or gets it; at most some 90 bytes, the system's limit for a socket's path.
  ///   - speed: by which the simulator's times are divided.
  init(directory: String, speed: Double = 1000, callsPerSecond: Double = 10_000) throws {
    self.directory = directory
    let beside = URL(fileURLWithPath: DataFiles.executable).deletingLastPathComponent()
    let program = beside.appendingPathComponent("dialerd")
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw BenchmarkError("there is no dialerd beside this program; build it with the same configuration")
    }
    let configuration = """
      {
        database: "dialer.sqlite",
        socket: { path: "dialerd.sock" },
        log: { level: "notice", file: "dialerd.log" },
        trunks: [ { name: "sim", kind: "simulator", maximumCalls: 100000, callsPerSecond: \(callsPerSecond),
                    simulator: { speed: \(speed), outcomes: "by-last-digit" } } ],
        defaults: { timeZone: "Australia/Sydney", region: "AU", callingHours: "always" },
        imports: { directories: ["\(directory)"] },
        dataDirectory: "\(try DataFiles().directory)",
        drainSeconds: 0,
      }
      """
    try configuration.write(toFile: directory + "/dialerd.json5", atomically: true, encoding: .utf8)
    try? FileManager.default.removeItem(atPath: socketPath)
    process.executableURL = program
    process.arguments = ["--config", directory + "/dialerd.json5"]
    process.standardError = FileHandle.nullDevice
    startedAt = Stopwatch.nanoseconds()
    try process.run()
  }

  deinit { kill() }

  var socketPath: String { directory + "/dialerd.sock" }

  /// Connects as soon as there is somebody to connect to; tries each half millisecond.
  func connect() throws -> ControlClient {
    while true {
      if let client = try? ControlClient(path: socketPath) { return client }
      guard process.isRunning else { throw BenchmarkError("dialerd ended at once; see \(directory)/dialerd.log") }
      guard Double(Stopwatch.nanoseconds() - startedAt) / 1e9 < Self.patienceSeconds else {
        throw BenchmarkError("dialerd has opened no socket within \(Self.patienceSeconds) s")
      }
      usleep(500)
    }
  }

  var secondsSinceStart: Double { Double(Stopwatch.nanoseconds() - startedAt) / 1e9 }

  /// In MiB: what it has in memory now, and the most it ever had.
  func residentMebibytes() -> (now: Double, most: Double) {
    let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
    func field(_ name: String) -> Double {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") } ?? ""
      return (Double(line.filter(\.isNumber)) ?? 0) / 1024
    }
    return (field("VmRSS"), field("VmHWM"))
  }

  /// The last lines of its log, for a measurement that failed.
  var lastWords: String {
    let log = (try? String(contentsOfFile: directory + "/dialerd.log", encoding: .utf8)) ?? ""
    let end = process.isRunning ? "it runs" : "it ended with status \(process.terminationStatus)"
    return "\(end); " + log.split(separator: "\n").suffix(3).joined(separator: " ¦ ")
  }

  /// Ends it in order: the next start finds a database that was closed.
  func stop() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  private func kill() {
    guard process.isRunning else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
