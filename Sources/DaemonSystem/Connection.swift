import DialerModel
import Glibc

/// A stream socket on the loop that carries lines: the control socket's side of a client.
///
/// Nothing that a peer does harms another one: it gets a bounded share of each turn, its output is bounded, and after
/// the end of what it sends its complete lines are still handled and answered.
///
/// `@unchecked Sendable`: confined to the loop's thread, like ``EventLoop``; other threads only hold it to hand it back in
/// a job that they post. Debug builds check this.
public final class Connection: @unchecked Sendable {
  private enum Phase { case open, draining, closed }

  /// A line without its `\n`; the bytes are valid during the call only.
  public var onLine: ((UnsafeRawBufferPointer) -> Void)?
  /// A line passed the maximum: framing is lost, no further line is given; to be answered once every line before it is,
  /// then ``closeAfterFlush()``, which is also what is done when not set.
  public var onTooLong: (() -> Void)?
  /// The peer sends no more, all its lines were given: to be answered, then ``closeAfterFlush()``, which is also what is
  /// done when not set.
  public var onEnd: (() -> Void)?
  /// Output had to wait for the peer, and all of it is written now: more may be sent to a subscriber.
  public var onDrained: (() -> Void)?
  /// Called exactly once, whatever ended it. Everything else is silent afterwards.
  public var onClose: ((CloseReason) -> Void)?

  public let limits: Limits
  public private(set) var isReadingPaused = false
  public var isOpen: Bool { phase == .open }
  /// Bytes that the peer has not taken yet.
  public var pendingOutput: Int { output.count }

  private(set) var closeDeadline = MonotonicInstant.distantFuture
  private let loop: EventLoop
  private let descriptor: Int32
  private var phase = Phase.open
  private var input: LineSplitter
  private var output = OutputBuffer()
  private var isWatched = false
  private var watchesReading = false
  private var watchesWriting = false
  private var isContinuing = false
  private var isFlushing = false
  /// The socket took no more.
  private var isOutputBlocked = false
  /// Draining, and everything was written.
  private var hasFinishedOutput = false
  /// A line was too long: what follows it is thrown away.
  private var hasLostFraming = false
  /// The end of the input was read.
  private var hasReadEnd = false
  private var hasReportedEnd = false
  /// Nobody reads our output any more; what was sent to us is still handled.
  private var isPeerGone = false

  /// A read asks for this much: what a socket's default buffer hands over in a few reads.
  private static let readSize = 64 * 1024

  /// Takes `descriptor`, a nonblocking stream socket, and closes it at the end. Nothing is read before ``start()``.
  public init(descriptor: Int32, loop: EventLoop, limits: Limits = Limits()) {
    self.descriptor = descriptor
    self.loop = loop
    self.limits = limits
    input = LineSplitter(maximumLine: limits.maximumLine)
  }

  deinit {
    if phase != .closed { Glibc.close(descriptor) }
  }

  /// Puts it on the loop, which holds it until it is closed.
  public func start() throws(SystemError) {
    loop.assertOnLoop()
    try loop.watch(descriptor, readable: true, writable: false) { ready in self.handle(ready) }
    isWatched = true
    watchesReading = true
  }

  // MARK: - Output

  /// Adds to the output, which is written at the end of the loop's iteration. Without effect once the peer has gone or
  /// the connection is closing. May close it (``CloseReason/slowReader``).
  public func send(_ bytes: UnsafeRawBufferPointer) {
    guard makeRoom(bytes.count) else { return }
    output.append(bytes)
  }

  public func send(_ bytes: [UInt8]) {
    guard makeRoom(bytes.count) else { return }
    output.append(bytes)
  }

  private func makeRoom(_ count: Int) -> Bool {
    loop.assertOnLoop()
    guard phase == .open, !isPeerGone else { return false }
    if output.count + count > limits.maximumOutput {
      writeOutput()
      guard phase == .open, !isPeerGone else { return false }
      guard output.count + count <= limits.maximumOutput else {
        close(.slowReader)
        return false
      }
    }
    if !isFlushing && !isOutputBlocked {
      isFlushing = true
      loop.flushLater(self)
    }
    return true
  }

  func flush() {
    isFlushing = false
    writeOutput()
  }

  private func writeOutput() {
    guard phase != .closed else { return }
    let hadToWait = isOutputBlocked
    isOutputBlocked = false
    switch output.write(to: descriptor) {
    case .some:
      isOutputBlocked = true
      updateInterest()
    case .all:
      updateInterest()
      if phase == .draining {
        finishOutput()
      } else if hadToWait {
        onDrained?()
      }
    case .peerGone:
      isPeerGone = true
      output.removeAll()
      updateInterest()
      // The rest of the input, up to the end that must follow.
      continueLater()
    case .failed(let error):
      close(.failed(error))
    }
  }

  // MARK: - Closing

  /// Handles no more lines, writes what is left, lets the peer see the end, and closes when the peer has closed too, or
  /// after ``Limits/closeGrace``. Input is thrown away meanwhile: closing a socket with unread input would make the
  /// peer's next write fail before it has read the last reply.
  public func closeAfterFlush() {
    loop.assertOnLoop()
    guard phase == .open else { return }
    phase = .draining
    closeDeadline = SystemClock.monotonic() + limits.closeGrace
    loop.closeLater(self)
    updateInterest()
    if !isFlushing {
      isFlushing = true
      loop.flushLater(self)
    }
  }

  /// Closes at once; output that is left is lost.
  public func close() { close(.closedHere) }

  func close(_ reason: CloseReason) {
    loop.assertOnLoop()
    guard phase != .closed else { return }
    phase = .closed
    if isWatched { loop.unwatch(descriptor) }
    loop.closed(self)
    Glibc.close(descriptor)
    output.removeAll()
    let onClose = onClose
    onLine = nil
    onTooLong = nil
    onEnd = nil
    onDrained = nil
    self.onClose = nil
    onClose?(reason)
  }

  /// The grace is over: what the peer takes without waiting is still written.
  func closeOverdue() {
    writeOutput()
    close(.overdue)
  }

  private func finishOutput() {
    guard !hasFinishedOutput else { return }
    hasFinishedOutput = true
    if isPeerGone || hasReadEnd {
      close(.finished)
    } else {
      shutdown(descriptor, Int32(SHUT_WR))
    }
  }

  // MARK: - Input

  /// No line is given until ``resumeReading()``, not even one that has been received. The peer then has to wait.
  public func pauseReading() {
    loop.assertOnLoop()
    guard !isReadingPaused else { return }
    isReadingPaused = true
    updateInterest()
  }

  public func resumeReading() {
    loop.assertOnLoop()
    guard isReadingPaused else { return }
    isReadingPaused = false
    updateInterest()
    continueLater()
  }

  func continueReading() {
    isContinuing = false
    if phase != .closed { read() }
  }

  private func continueLater() {
    guard !isContinuing, phase != .closed else { return }
    isContinuing = true
    loop.continueLater(self)
  }

  private func handle(_ ready: Readiness) {
    if ready.contains(.writable) { writeOutput() }
    guard phase != .closed else { return }
    if ready.contains(.hungUp) {
      isPeerGone = true
      isOutputBlocked = false
      output.removeAll()
      if (isReadingPaused && phase == .open) || isContinuing {
        // Hang-up is reported again and again, whatever is watched for; the input is read when its turn comes.
        loop.unwatch(descriptor)
        isWatched = false
        return
      }
    }
    if !isContinuing && !ready.isDisjoint(with: [.readable, .readEnded, .hungUp]) { read() }
  }

  /// This connection's share of a turn.
  private func read() {
    var lines = limits.linesPerTurn
    var bytes = limits.bytesPerTurn
    guard giveLines(&lines) else { return }
    while !hasReadEnd {
      guard bytes > 0 else { return continueLater() }
      let space = input.space(Self.readSize)
      let count = recv(descriptor, space.baseAddress, space.count, Int32(MSG_DONTWAIT))
      if count > 0 {
        bytes -= count
        input.filled(count)
        guard giveLines(&lines) else { return }
        // Nothing is left; were it otherwise by now, the loop would report it again.
        if count < space.count && !isPeerGone { return }
      } else if count == 0 || errno == ECONNRESET {
        if count < 0 { isPeerGone = true }
        hasReadEnd = true
      } else if errno == EAGAIN {
        if isPeerGone { close(.peerClosed) }
        return
      } else if errno != EINTR {
        return close(.failed(.last("recv")))
      }
    }
    reportEnd()
  }

  /// Gives the lines that are complete; false when reading must not go on now.
  private func giveLines(_ lines: inout Int) -> Bool {
    while phase == .open, !hasLostFraming {
      if isReadingPaused { return false }
      guard lines > 0 else {
        continueLater()
        return false
      }
      guard let piece = input.next() else { return true }
      lines -= 1
      switch piece {
      case .line(let line): onLine?(line)
      case .tooLong:
        hasLostFraming = true
        if let onTooLong { onTooLong() } else { closeAfterFlush() }
      }
    }
    input.discard()
    return phase != .closed
  }

  private func reportEnd() {
    guard phase != .closed, !hasReportedEnd else { return }
    hasReportedEnd = true
    updateInterest()
    if hasFinishedOutput {
      close(.finished)
    } else if isPeerGone {
      close(.peerClosed)
    } else if phase == .draining {
      return  // the output comes first
    } else if let onEnd {
      onEnd()
    } else {
      closeAfterFlush()
    }
  }

  private func updateInterest() {
    let reading = !hasReadEnd && (phase == .draining || !isReadingPaused)
    let writing = isOutputBlocked
    guard isWatched, reading != watchesReading || writing != watchesWriting else { return }
    watchesReading = reading
    watchesWriting = writing
    do {
      try loop.update(descriptor, readable: reading, writable: writing)
    } catch {
      close(.failed(error))
    }
  }
}
