import DaemonSystem
import DialerEngine
import DialerModel
import Foundation
import Testing

@testable import dialerd

/// What of the daemon's log is limited.
struct HostLogTests {
  private static let start = Now(wall: Instant(seconds: 1_795_132_800), monotonic: MonotonicInstant(milliseconds: 0))

  private func logged(_ body: (HostLog) -> Void) throws -> [Substring] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("dialerd-\(UUID().uuidString).log")
    defer { try? FileManager.default.removeItem(at: file) }
    let sink = try LogSink(.file(path: file.path))
    body(HostLog(logger: Logger(sink: sink, level: .debug), showsNumbers: false))
    sink.flush()
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
  }

  private func event(_ level: DialerEngine.LogLevel, attempt: Int64, trunk: String) -> LogEvent {
    LogEvent(
      level, "trunk.refused",
      [("attempt", .number(attempt)), ("vlc", .text("CRM-\(attempt)")), ("trunk", .text(trunk))])
  }

  @Test("warnings that repeat are counted; those that differ in more than the lead, and milestones, are written")
  func repeats() throws {
    let lines = try logged { log in
      for attempt in 1...50 { log.write(event(.warning, attempt: Int64(attempt), trunk: "a"), at: Self.start) }
      log.write(event(.warning, attempt: 51, trunk: "b"), at: Self.start)
      var later = Self.start
      later.monotonic = later.monotonic + .seconds(20)
      log.write(event(.warning, attempt: 52, trunk: "a"), at: later)
      for attempt in 53...60 { log.write(event(.info, attempt: Int64(attempt), trunk: "a"), at: later) }
    }
    let warnings = lines.filter { $0.contains("level=warning") }
    #expect(warnings.count == 5)
    #expect(warnings.last?.hasSuffix("attempt=52 vlc=CRM-52 trunk=a suppressed=47") == true)
    #expect(lines.count == 13)
  }

  @Test("clients that are refused one after the other fill no log")
  func refused() throws {
    let lines = try logged { log in
      for _ in 0..<100 { log.warning("client.refused", [("uid", "7"), ("reason", "busy")]) }
      log.warning("client.refused", [("uid", "8"), ("reason", "busy")])
    }
    #expect(lines.count == 4)
  }
}
