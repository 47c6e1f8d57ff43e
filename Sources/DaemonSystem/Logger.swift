import DialerModel
import Glibc

/// Writes events as log lines. A level that is off costs one comparison: the fields are not even gathered.
///
/// Confined to the loop's thread, like the sink. What it writes is the caller's matter: it masks no numbers.
public final class Logger {
  /// Events below it are not written; may be changed at any time (reload).
  public var level: LogLevel
  public var format: LogFormat
  public let sink: LogSink
  public var withPriority: Bool
  private var limiter: RepeatLimiter
  /// The memory of the line before, for the next one.
  private var lineStorage: [UInt8] = []

  /// - Parameter withPriority: `<6>` before each line, for systemd; see ``isStandardErrorJournal``.
  public init(
    sink: LogSink, level: LogLevel = .info, format: LogFormat = .logfmt, withPriority: Bool = false,
    repeats: RepeatLimiter.Options = RepeatLimiter.Options()
  ) {
    self.sink = sink
    self.level = level
    self.format = format
    self.withPriority = withPriority
    limiter = RepeatLimiter(options: repeats)
  }

  /// Whether standard error goes to systemd's journal, which then reads priorities: `JOURNAL_STREAM` holds the device and
  /// inode of it, and is inherited by what writes elsewhere (`systemd.exec(5)`).
  public static var isStandardErrorJournal: Bool {
    guard let stream = getenv("JOURNAL_STREAM") else { return false }
    var status = stat()
    return fstat(STDERR_FILENO, &status) == 0 && String(cString: stream) == "\(status.st_dev):\(status.st_ino)"
  }

  @inlinable public func isOn(_ level: LogLevel) -> Bool { level >= self.level }

  /// Writes `event` with what `fields` adds to it.
  @inlinable public func log(
    _ level: LogLevel, _ event: StaticString, at now: Now, _ fields: (inout LogLine) -> Void = { _ in }
  ) {
    if isOn(level) { write(level, event, now, fields) }
  }

  /// Writes `event` unless it repeats: events of one name and `key` are limited together, see ``RepeatLimiter``. The line
  /// after those that were not written carries `suppressed=` with their number.
  public func logRepeating(
    _ level: LogLevel, _ event: StaticString, key: String, at now: Now,
    _ fields: (inout LogLine) -> Void = { _ in }
  ) {
    guard isOn(level) else { return }
    guard case .write(let suppressed) = limiter.admit(event: event.description, key: key, at: now.monotonic)
    else { return }
    write(level, event, now) { line in
      fields(&line)
      if suppressed > 0 { line.add("suppressed", suppressed) }
    }
  }

  /// Tells of repeats that stopped before their number could be told, and of lines that were dropped. To be called now
  /// and then: every second or so.
  public func report(at now: Now) {
    for summary in limiter.takeExpired(at: now.monotonic) {
      write(.notice, "log.suppressed", now) { line in
        line.add("of", summary.event)
        line.add("key", summary.key)
        line.add("suppressed", summary.suppressed)
      }
    }
    reportDropped(now)
  }

  @usableFromInline func write(
    _ level: LogLevel, _ event: StaticString, _ now: Now, _ fields: (inout LogLine) -> Void
  ) {
    reportDropped(now)
    writeLine(level, event, now, fields)
  }

  private func writeLine(
    _ level: LogLevel, _ event: StaticString, _ now: Now, _ fields: (inout LogLine) -> Void
  ) {
    var storage: [UInt8] = []
    swap(&storage, &lineStorage)
    var line = LogLine(
      level: level, event: event, at: now.wall, format: format, withPriority: withPriority, storage: storage)
    fields(&line)
    lineStorage = line.finished()
    sink.append(lineStorage)
  }

  private func reportDropped(_ now: Now) {
    guard sink.dropped > 0, sink.hasRoom(sink.maximumBytes / 2) else { return }
    let lines = sink.takeDropped()
    writeLine(.warning, "log.dropped", now) { $0.add("lines", lines) }
  }
}
