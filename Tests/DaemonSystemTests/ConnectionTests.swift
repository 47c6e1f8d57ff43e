import DaemonSystem
import DialerModel
import Glibc
import Testing

/// The loop runs on the test's own thread, against sockets that were filled before: nothing here depends on timing.
struct ConnectionTests {
  @Test("replies come in the order of the requests, then the end, when the peer has finished sending")
  func halfClose() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    let connection = Connection(descriptor: pair.ours, loop: loop)
    connection.report(to: record, stopping: loop)
    connection.onLine = { [unowned connection] line in connection.send(Array(line) + [10]) }
    pair.write("one\ntwo\nthree\n")
    pair.finishWriting()
    try connection.start()
    loop.run()
    #expect(record.closed == .finished)
    #expect(pair.readAvailable() == "one\ntwo\nthree\n")
  }

  @Test("a connection whose peer has finished sending stays open for replies that take longer")
  func lateReply() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    let connection = Connection(descriptor: pair.ours, loop: loop)
    connection.report(to: record, stopping: loop)
    connection.onEnd = {
      record.events.append("end")
      loop.post {
        connection.send(Array("late\n".utf8))
        connection.closeAfterFlush()
      }
    }
    pair.write("request\n")
    pair.finishWriting()
    try connection.start()
    loop.run()
    #expect(record.lines == ["request"])
    #expect(record.events == ["end"])
    #expect(pair.readAvailable() == "late\n")
    #expect(record.closed == .finished)
  }

  @Test("complete lines of a peer that has vanished are handled, its cut-off line is not")
  func vanished() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    let connection = Connection(descriptor: pair.ours, loop: loop)
    connection.report(to: record, stopping: loop)
    pair.write("one\ntwo\nthr")
    pair.hangUp()
    try connection.start()
    loop.run()
    #expect(record.lines == ["one", "two"])
    #expect(record.closed == .peerClosed)
  }

  @Test("lines behind a reply that nobody reads any more are still handled")
  func vanishedWhileAnswering() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    var limits = Connection.Limits()
    limits.linesPerTurn = 1
    let connection = Connection(descriptor: pair.ours, loop: loop, limits: limits)
    connection.report(to: record, stopping: loop)
    connection.onLine = { [unowned connection] line in
      record.lines.append(String(decoding: line, as: UTF8.self))
      connection.send(Array("reply\n".utf8))
    }
    pair.write("1\n2\n3\n4\n5\n")
    pair.hangUp()
    try connection.start()
    loop.run()
    #expect(record.lines == ["1", "2", "3", "4", "5"])
    #expect(record.closed == .peerClosed)
  }

  @Test("a peer that closes while reading is paused loses none of its lines")
  func vanishedWhilePaused() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    let connection = Connection(descriptor: pair.ours, loop: loop)
    connection.report(to: record, stopping: loop)
    connection.onLine = { [unowned connection] line in
      record.lines.append(String(decoding: line, as: UTF8.self))
      if record.lines.count == 1 {
        connection.pauseReading()
        pair.write("3\n4\n")
        pair.hangUp()
        loop.post { loop.post { loop.post { connection.resumeReading() } } }
      }
    }
    pair.write("1\n2\n")
    try connection.start()
    loop.run()
    #expect(record.lines == ["1", "2", "3", "4"])
    #expect(record.closed == .peerClosed)
  }

  @Test("no line is given while reading is paused, and each one afterwards")
  func paused() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    let connection = Connection(descriptor: pair.ours, loop: loop)
    connection.report(to: record, stopping: loop)
    connection.onLine = { [unowned connection] line in
      record.lines.append(String(decoding: line, as: UTF8.self))
      guard record.lines.count == 2 else { return }
      connection.pauseReading()
      loop.post {
        record.events = record.lines
        connection.resumeReading()
      }
    }
    pair.write("1\n2\n3\n4\n")
    pair.finishWriting()
    try connection.start()
    loop.run()
    #expect(record.events == ["1", "2"])
    #expect(record.lines == ["1", "2", "3", "4"])
  }

  @Test("a peer with much to say has its share of a turn, and then others are served")
  func fairness() throws {
    let loop = try EventLoop()
    let (busy, quiet) = (try SocketPair(), try SocketPair())
    var limits = Connection.Limits()
    limits.linesPerTurn = 10
    let record = Record()
    let first = Connection(descriptor: busy.ours, loop: loop, limits: limits)
    let second = Connection(descriptor: quiet.ours, loop: loop, limits: limits)
    first.onLine = { _ in record.events.append("busy") }
    second.onLine = { _ in record.events.append("quiet") }
    first.onClose = { _ in loop.stop() }
    busy.write(String(repeating: "x\n", count: 1000))
    busy.finishWriting()
    quiet.write("y\n")
    try first.start()
    try second.start()
    loop.run()
    #expect(record.events.count == 1001)
    #expect(try #require(record.events.firstIndex(of: "quiet")) <= 20)
  }

  @Test("a peer that does not read is closed at the maximum, and another one is served on")
  func slowReader() throws {
    let loop = try EventLoop()
    let (slow, other) = (try SocketPair(), try SocketPair())
    var limits = Connection.Limits()
    limits.maximumOutput = 100_000
    let (slowRecord, otherRecord) = (Record(), Record())
    let slowConnection = Connection(descriptor: slow.ours, loop: loop, limits: limits)
    let otherConnection = Connection(descriptor: other.ours, loop: loop, limits: limits)
    slowConnection.report(to: slowRecord, stopping: nil)
    otherConnection.report(to: otherRecord, stopping: loop)
    let block = [UInt8](repeating: 120, count: 9_999) + [10]
    loop.afterEvents = { _ in
      slowConnection.send(block)
      if slowRecord.closed != nil {
        other.finishWriting()
      } else {
        other.write("ping\n")
        loop.post {}
      }
    }
    otherConnection.onLine = { [unowned otherConnection] _ in
      otherRecord.lines.append("ping")
      otherConnection.send(Array("pong\n".utf8))
      _ = other.readAvailable()
    }
    try slowConnection.start()
    try otherConnection.start()
    loop.post {}
    loop.run()
    #expect(slowRecord.closed == .slowReader)
    #expect(otherRecord.closed == .finished)
    #expect(otherRecord.lines.count > 10)
    #expect(slowConnection.pendingOutput == 0, "its output is given back")
  }

  @Test("output that had to wait is written when the peer reads, and then said to be")
  func drained() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    let connection = Connection(descriptor: pair.ours, loop: loop)
    connection.onDrained = {
      record.events.append("drained")
      loop.stop()
    }
    connection.send([UInt8](repeating: 120, count: 2_000_000))
    var received = 0
    loop.afterEvents = { _ in
      received += pair.readAvailable().utf8.count
      loop.post {}
    }
    try connection.start()
    loop.run()
    received += pair.readAvailable().utf8.count
    #expect(record.events == ["drained"])
    #expect(received == 2_000_000)
  }

  @Test("a line past the maximum is answered, what follows is thrown away, and then the connection closes")
  func tooLong() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    var limits = Connection.Limits()
    limits.maximumLine = 100
    let connection = Connection(descriptor: pair.ours, loop: loop, limits: limits)
    connection.report(to: record, stopping: loop)
    connection.onTooLong = { [unowned connection] in connection.send(Array("too-large\n".utf8)) }
    pair.write("fits\n" + String(repeating: "x", count: 101) + "\nnot read\n")
    pair.finishWriting()
    try connection.start()
    loop.run()
    #expect(record.lines == ["fits"])
    #expect(pair.readAvailable() == "too-large\n")
    #expect(record.closed == .finished)
  }

  @Test("replies that take longer than the line that is too long behind them still go out, before its answer")
  func repliesBeforeTooLong() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    var limits = Connection.Limits()
    limits.maximumLine = 100
    let connection = Connection(descriptor: pair.ours, loop: loop, limits: limits)
    connection.report(to: record, stopping: loop)
    connection.onTooLong = {
      loop.post {
        pair.finishWriting()
        connection.send(Array("late\ntoo-large\n".utf8))
        connection.closeAfterFlush()
      }
    }
    pair.write("request\n" + String(repeating: "x", count: 101) + "\nnot read\n")
    try connection.start()
    loop.run()
    #expect(record.lines == ["request"])
    #expect(pair.readAvailable() == "late\ntoo-large\n")
    #expect(record.closed == .finished)
  }

  @Test("a peer that stays after the last reply is closed when its grace is over")
  func overdue() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    var limits = Connection.Limits()
    limits.closeGrace = Interval(milliseconds: 1)
    let connection = Connection(descriptor: pair.ours, loop: loop, limits: limits)
    connection.report(to: record, stopping: loop)
    try connection.start()
    connection.send(Array("bye\n".utf8))
    connection.closeAfterFlush()
    connection.send(Array("never\n".utf8))
    loop.run()
    #expect(record.closed == .overdue)
    #expect(pair.readAvailable() == "bye\n")
  }

  @Test("closing from within a line's handling gives no further line")
  func closeWithinLine() throws {
    let (loop, pair, record) = (try EventLoop(), try SocketPair(), Record())
    let connection = Connection(descriptor: pair.ours, loop: loop)
    connection.report(to: record, stopping: loop)
    connection.onLine = { [unowned connection] _ in
      record.lines.append("line")
      connection.close()
    }
    pair.write("1\n2\n")
    try connection.start()
    loop.run()
    #expect(record.lines == ["line"])
    #expect(record.closed == .closedHere)
  }
}
