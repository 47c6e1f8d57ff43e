import DaemonSystem
import DialerEngine
import DialerModel

/// The daemon's log: the engine's events and the host's own, as lines. Numbers are masked unless the configuration shows
/// them.
///
/// `@unchecked Sendable`: confined to the loop's thread; other threads only carry it to the loop in a posted job.
final class HostLog: @unchecked Sendable {
  let logger: Logger
  var showsNumbers: Bool

  init(logger: Logger, showsNumbers: Bool) {
    self.logger = logger
    self.showsNumbers = showsNumbers
  }

  func write(_ event: LogEvent, at now: Now) {
    let level = Self.level(event.level)
    guard event.level >= .warning else { return logger.log(level, event.name, at: now) { add(event.fields, to: &$0) } }
    // Lines that differ in numbers, times and the lead alone say the same.
    var key: [String] = []
    for (name, value) in event.fields where name.description != "vlc" {
      if case .text(let text) = value { key.append(text) }
    }
    logger.logRepeating(level, event.name, key: key.joined(separator: " "), at: now) { add(event.fields, to: &$0) }
  }

  private func add(_ fields: [(key: StaticString, value: LogEvent.Value)], to line: inout LogLine) {
    for (key, value) in fields {
      switch value {
      case .text(let text): line.add(key, text)
      case .number(let number): line.add(key, number)
      case .seconds(let interval): line.add(key, interval)
      case .instant(let instant): line.add(key, instant)
      case .phone(let phone): line.add(key, showsNumbers ? phone.e164 : phone.masked)
      }
    }
  }

  func notice(_ name: StaticString, _ fields: [(StaticString, String)] = []) { write(.notice, name, fields) }
  func warning(_ name: StaticString, _ fields: [(StaticString, String)] = []) { write(.warning, name, fields) }
  func error(_ name: StaticString, _ fields: [(StaticString, String)] = []) { write(.error, name, fields) }
  func debug(_ name: StaticString, _ fields: [(StaticString, String)] = []) { write(.debug, name, fields) }

  private func write(_ level: DaemonSystem.LogLevel, _ name: StaticString, _ fields: [(StaticString, String)]) {
    func add(to line: inout LogLine) {
      for (key, value) in fields { line.add(key, value) }
    }
    guard level >= .warning else { return logger.log(level, name, at: SystemClock.now(), add) }
    let key = fields.map(\.1).joined(separator: " ")
    logger.logRepeating(level, name, key: key, at: SystemClock.now(), add)
  }

  private static func level(_ level: DialerEngine.LogLevel) -> DaemonSystem.LogLevel {
    switch level {
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    }
  }
}
