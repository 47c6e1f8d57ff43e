import DaemonSystem
import DialerModel
import Foundation
import Glibc
import Testing

struct LogTests {
  private let start = Now(
    wall: Instant(rfc3339: "2026-11-20T14:03:11.123Z")!, monotonic: MonotonicInstant(milliseconds: 0))

  private func after(_ interval: Interval) -> Now {
    Now(wall: start.wall + interval, monotonic: start.monotonic + interval)
  }

  /// What `body` logs.
  private func logged(
    level: LogLevel = .info, format: LogFormat = .logfmt, withPriority: Bool = false, _ body: (Logger) -> Void
  ) throws -> String {
    let folder = try TemporaryFolder()
    let sink = try LogSink(.file(path: folder.file("log")))
    body(Logger(sink: sink, level: level, format: format, withPriority: withPriority))
    sink.flush()
    return try folder.text("log")
  }

  @Test("a line has its time, level and event first, and its fields in order")
  func line() throws {
    let text = try logged { logger in
      logger.log(.info, "call.ended", at: start) { line in
        line.add("lead", 12)
        line.add("outcome", "no-answer")
        line.add("answered", false)
        line.add("talkSeconds", Interval(milliseconds: 1500))
        line.add("share", 0.25)
        line.add("dueAt", start.wall + .seconds(1))
        line.add("list", String?.none)
      }
    }
    #expect(
      text == "time=2026-11-20T14:03:11.123Z level=info event=call.ended lead=12 outcome=no-answer answered=false "
        + "talkSeconds=1.5 share=0.25 dueAt=2026-11-20T14:03:12.123Z\n")
  }

  @Test(
    "a value is quoted and escaped where it has to be",
    arguments: [
      ("plain", "plain"), ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""),
      ("say \"x\"", #""say \"x\"""#), (#"back\slash"#, #""back\\slash""#), ("line\nbreak", #""line\nbreak""#),
      ("\r\t", #""\r\t""#), ("\u{1b}[31m", #""\u001b[31m""#), ("\u{0}\u{7f}", #""\u0000\u007f""#),
      ("\u{9b}31m", #""\u009b31m""#), ("Zoë", "Zoë"), ("\u{a9}", "\"\u{a9}\""), ("日本", "日本"),
    ])
  func escaping(value: String, written: String) throws {
    let text = try logged { $0.log(.info, "test", at: start) { $0.add("value", value) } }
    #expect(text == "time=2026-11-20T14:03:11.123Z level=info event=test value=\(written)\n")
  }

  @Test(
    "in JSON each line is an object that gives back what was logged",
    arguments: [
      "plain", "", "say \"x\"\\\n\r\t", "\u{0}\u{1b}\u{7f}\u{9b}", "Zoë 日本 \u{1F600}",
    ])
  func json(value: String) throws {
    let text = try logged(format: .json) { logger in
      logger.log(.warning, "test.event", at: start) { line in
        line.add("value", value)
        line.add("count", 3)
        line.add("ratio", Double.nan)
      }
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2, "one line")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["time"] as? String == "2026-11-20T14:03:11.123Z")
    #expect(object["level"] as? String == "warning")
    #expect(object["event"] as? String == "test.event")
    #expect(object["value"] as? String == value)
    #expect(object["count"] as? Int == 3)
    #expect(object["ratio"] is NSNull)
  }

  @Test("random text stays one line without control characters", arguments: 1...20 as ClosedRange<UInt64>)
  func randomText(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let bytes = (0..<500).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let value = String(decoding: bytes, as: UTF8.self)
    let text = try logged { $0.log(.info, "test", at: start) { $0.add("value", value) } }
    #expect(text.hasSuffix("\n"))
    #expect(!text.unicodeScalars.dropLast().contains { $0.properties.generalCategory == .control })
  }

  @Test("a long value is cut at a character and says so")
  func longValue() throws {
    let value = "x" + String(repeating: "é", count: 5000)
    let text = try logged { $0.log(.info, "test", at: start) { $0.add("value", value) } }
    #expect(text.hasSuffix(" value=\"x" + String(repeating: "é", count: (LogLine.maximumValueBytes - 1) / 2) + "…\"\n"))
  }

  @Test("for systemd a line begins with its priority", arguments: zip(LogLevel.allCases, ["7", "6", "5", "4", "3"]))
  func priority(level: LogLevel, number: String) throws {
    let text = try logged(level: .debug, withPriority: true) { $0.log(level, "test", at: start) }
    #expect(text == "<\(number)>time=2026-11-20T14:03:11.123Z level=\(level.name) event=test\n")
  }

  @Test("an event below the level is not written, nor are its fields gathered")
  func levelOff() throws {
    var gathered = 0
    let text = try logged(level: .notice) { logger in
      logger.log(.info, "test", at: start) { _ in gathered += 1 }
      logger.logRepeating(.debug, "test", key: "", at: start) { _ in gathered += 1 }
    }
    #expect(text.isEmpty)
    #expect(gathered == 0)
  }

  @Test("repeats are counted, and the count comes with the next line or with the report")
  func repeats() throws {
    let text = try logged { logger in
      for _ in 0..<10 { logger.logRepeating(.warning, "trunk.down", key: "sim", at: start) }
      logger.logRepeating(.warning, "trunk.down", key: "other", at: start)
      logger.logRepeating(.warning, "trunk.down", key: "sim", at: after(.seconds(10)))
      for _ in 0..<4 { logger.logRepeating(.warning, "trunk.down", key: "sim", at: after(.seconds(11))) }
      logger.report(at: after(.seconds(12)))
      logger.report(at: after(.seconds(20)))
    }
    let lines = text.split(separator: "\n").map { $0.drop { $0 != " " }.dropFirst() }
    let plain = "level=warning event=trunk.down"
    #expect(
      lines == [
        "\(plain)", "\(plain)", "\(plain)", "\(plain)", "\(plain) suppressed=7", "\(plain)", "\(plain)",
        "level=notice event=log.suppressed of=trunk.down key=sim suppressed=2",
      ])
  }

  @Test("a table of repeats that is full tells no more keys apart, and grows no more")
  func fullTable() {
    var options = RepeatLimiter.Options()
    options.maximumKeys = 2
    options.linesPerWindow = 1
    var limiter = RepeatLimiter(options: options)
    let now = start.monotonic
    #expect(limiter.admit(event: "e", key: "1", at: now) == .write(suppressed: 0))
    #expect(limiter.admit(event: "e", key: "2", at: now) == .write(suppressed: 0))
    #expect(limiter.admit(event: "e", key: "3", at: now) == .write(suppressed: 0), "the first of all others")
    #expect(limiter.admit(event: "e", key: "4", at: now) == .suppress)
    #expect(limiter.admit(event: "e", key: "1", at: now) == .suppress)
    let over = now + options.window
    #expect(limiter.takeExpired(at: over).map(\.suppressed) == [1, 1])
    #expect(limiter.admit(event: "e", key: "4", at: over) == .write(suppressed: 0))
  }

  @Test("a reader that does not read holds nobody up; what did not fit is counted, the rest comes when it reads")
  func slowReader() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let sink = try LogSink(.descriptor(ends[1]), maximumBytes: 100_000)
    close(ends[1])
    let logger = Logger(sink: sink)
    // More than the pipe (64 KiB) and the buffer hold together.
    for number in 0..<5000 {
      logger.log(.info, "test", at: start) { $0.add("number", number) }
      sink.flush()
    }
    #expect(sink.dropped > 0)
    let dropped = sink.dropped
    #expect(!sink.hasRoom(1000))

    var text = ""
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while !sink.hasRoom(100_000) {
      let count = read(ends[0], &chunk, chunk.count)
      text += String(decoding: chunk[..<max(count, 0)], as: UTF8.self)
      sink.flush()
    }
    logger.report(at: start)
    sink.finish()
    text += String(decoding: chunk[..<max(read(ends[0], &chunk, chunk.count), 0)], as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 5000 - dropped + 1)
    #expect(lines.last?.hasSuffix("level=warning event=log.dropped lines=\(dropped)") == true)
    #expect(lines.dropLast().enumerated().allSatisfy { $1.hasSuffix(" number=\($0)") })
  }

  @Test("a sink on the loop writes on when its reader does")
  func slowReaderOnLoop() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let loop = try EventLoop()
    let sink = try LogSink(.descriptor(ends[1]))
    close(ends[1])
    sink.attach(to: loop)
    sink.append([UInt8](repeating: 120, count: 500_000))
    var received = 0
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let source = ends[0]
    try loop.watch(source, readable: true, writable: false) { _ in
      received += max(read(source, &chunk, chunk.count), 0)
      if received == 500_000 { loop.stop() }
    }
    loop.post {}
    loop.run()
    #expect(received == 500_000)
  }

  @Test("a reader that has gone keeps neither the loop nor the end of the process busy")
  func readerGone() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    let loop = try EventLoop()
    let sink = try LogSink(.descriptor(ends[1]))
    close(ends[0])
    close(ends[1])
    sink.attach(to: loop)
    sink.append(Array("nobody reads this\n".utf8))
    var iterations = 0
    loop.afterEvents = { _ in iterations += 1 }
    loop.onTimer = { _ in loop.stop() }
    loop.setTimer(at: SystemClock.monotonic() + Interval(milliseconds: 50))
    loop.post {}
    loop.run()
    // One for the job, one or two for the timer, one for the end; a loop that is kept busy makes thousands.
    #expect(iterations <= 6)
    #expect(sink.isFailing)
    sink.finish(within: Interval(milliseconds: 1))
  }

  @Test("lines for a full disk are kept as far as there is room, then counted")
  func fullDisk() throws {
    let sink = try LogSink(.file(path: "/dev/full"), maximumBytes: 20)
    for _ in 0..<3 {
      sink.append(Array("ten bytes\n".utf8))
      sink.flush()
    }
    #expect(sink.isFailing)
    #expect(sink.dropped == 1)
  }

  @Test("after its file was renamed and opened again a sink writes to a new one")
  func reopen() throws {
    let folder = try TemporaryFolder()
    let sink = try LogSink(.file(path: folder.file("log")))
    sink.append(Array("before\n".utf8))
    #expect(rename(folder.file("log"), folder.file("log.1")) == 0)
    try sink.reopen()
    sink.append(Array("after\n".utf8))
    sink.flush()
    #expect(try folder.text("log.1") == "before\n")
    #expect(try folder.text("log") == "after\n")
  }

  @Test("a sink that is opened elsewhere leaves what was written where it was")
  func reopenElsewhere() throws {
    let folder = try TemporaryFolder()
    let sink = try LogSink(.file(path: folder.file("one")))
    sink.append(Array("before\n".utf8))
    try sink.reopen(.file(path: folder.file("two")))
    sink.append(Array("after\n".utf8))
    sink.flush()
    #expect(try folder.text("one") == "before\n")
    #expect(try folder.text("two") == "after\n")
  }

  @Test("a file that cannot be opened again leaves the old one in use")
  func reopenFails() throws {
    let folder = try TemporaryFolder()
    #expect(mkdir(folder.file("logs"), 0o700) == 0)
    let sink = try LogSink(.file(path: folder.file("logs/log")))
    #expect(rename(folder.file("logs"), folder.file("old")) == 0)
    #expect(throws: SystemError.self) { try sink.reopen() }
    sink.append(Array("still\n".utf8))
    sink.flush()
    #expect(try folder.text("old/log") == "still\n")
  }
}
