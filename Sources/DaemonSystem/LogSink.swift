import CSystem
import DialerModel
import Glibc

/// Where log lines go: standard error, or a file that is opened again when it has been rotated away.
///
/// Lines are gathered and written once per iteration of the loop. A reader that does not read (a stopped terminal, a full
/// pipe) or a full disk never holds the engine up: lines stay in a buffer of a named size, those that do not fit are
/// dropped and counted, and the ``Logger`` says how many.
public final class LogSink {
  public enum Destination: Hashable, Sendable {
    case standardError
    case file(path: String)
    /// A descriptor that stays the caller's, which must be open as long as the sink is.
    case descriptor(Int32)
  }

  /// Some 5,000 lines: what comes in a second of heavy dialling at level info.
  public static let defaultMaximumBytes = 1 << 20
  /// A pipe that is ready takes this much without blocking (`pipe(7)`: PIPE_BUF).
  private static let pipeChunk = 4096

  public private(set) var destination: Destination
  public let maximumBytes: Int
  /// Lines dropped since ``takeDropped()``.
  public private(set) var dropped = 0

  private enum Kind { case file, socket, pipe }
  private var descriptor: Int32 = -1
  private var kind = Kind.file
  private var buffer: [UInt8] = []
  private weak var loop: EventLoop?
  private var isWatching = false
  /// The last write failed, as on a full disk; what was to be written is kept.
  public private(set) var isFailing = false

  /// Throws when the file cannot be opened for appending.
  public init(_ destination: Destination, maximumBytes: Int = defaultMaximumBytes) throws(SystemError) {
    self.destination = destination
    self.maximumBytes = maximumBytes
    descriptor = try Self.open(destination)
    kind = Self.kind(of: descriptor)
  }

  deinit {
    stopWatching()
    close(descriptor)
  }

  /// Whether a line of `count` bytes would be taken.
  public func hasRoom(_ count: Int) -> Bool { buffer.count + count <= maximumBytes }

  /// Takes `line`, which ends in `\n`, as a whole or not at all.
  public func append(_ line: borrowing [UInt8]) {
    guard hasRoom(line.count) else {
      dropped += 1
      return
    }
    buffer += copy line
  }

  func takeDropped() -> Int {
    defer { dropped = 0 }
    return dropped
  }

  /// Writes at the end of each of the loop's iterations, and as soon as a reader that was behind reads on.
  public func attach(to loop: EventLoop) {
    self.loop = loop
    loop.addEndOfIteration { [weak self] in self?.flush() }
  }

  /// Writes what can be written without waiting. On an error (a full disk) the rest is tried again with the next flush.
  public func flush() {
    guard !buffer.isEmpty else { return }
    var written = 0
    var outcome = Outcome.written(0)
    while written < buffer.count, case .written(let count) = outcome {
      written += count
      if written < buffer.count { outcome = write(from: written) }
    }
    buffer.removeFirst(written)
    if case .failed = outcome { isFailing = true } else { isFailing = false }
    // Only a reader that is behind is waited for: what has failed would be reported as ready again and again.
    if case .wouldWait = outcome { startWatching() } else { stopWatching() }
  }

  /// Writes what is left, waiting for a slow reader at most until `timeout` is over: before the process ends.
  public func finish(within timeout: Interval = .seconds(1)) {
    let end = SystemClock.monotonic() + timeout
    flush()
    while !buffer.isEmpty {
      let left = end - SystemClock.monotonic()
      guard left > .zero else { return }
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      // What has failed is ready at once (a full disk, a reader that has gone): it is tried again ten times a second.
      if isFailing {
        poll(nil, 0, Int32(min(left.milliseconds, 100)))
      } else {
        poll(&request, 1, Int32(left.milliseconds))
      }
      flush()
    }
  }

  /// Opens the file again, after it was renamed (SIGHUP), or another destination. On an error the old one stays in use.
  public func reopen(_ new: Destination? = nil) throws(SystemError) {
    let wanted = new ?? destination
    if wanted == destination { guard case .file = wanted else { return } }
    flush()
    let replacement = try Self.open(wanted)
    destination = wanted
    stopWatching()
    close(descriptor)
    descriptor = replacement
    kind = Self.kind(of: replacement)
  }

  // MARK: - Writing

  private enum Outcome {
    case written(Int)
    case wouldWait
    case failed
  }

  private func write(from start: Int) -> Outcome {
    if kind == .pipe {
      // The nonblocking mode would be that of whoever shares the pipe or terminal too, so it is asked first.
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&request, 1, 0) == 1 else { return .wouldWait }
      guard request.revents == Int16(POLLOUT) else { return .failed }
    }
    while true {
      let count = buffer.withUnsafeBytes { all -> Int in
        let rest = UnsafeRawBufferPointer(rebasing: all[start...])
        switch kind {
        case .file: return Glibc.write(descriptor, rest.baseAddress, rest.count)
        case .socket: return send(descriptor, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        case .pipe: return Glibc.write(descriptor, rest.baseAddress, min(rest.count, Self.pipeChunk))
        }
      }
      if count > 0 { return .written(count) }
      if count < 0 && errno == EINTR { continue }
      return count < 0 && errno == EAGAIN ? .wouldWait : .failed
    }
  }

  private func startWatching() {
    guard !isWatching, kind != .file, let loop else { return }
    // What cannot be watched is written with the next iteration.
    isWatching =
      (try? loop.watch(descriptor, readable: false, writable: true) { [weak self] ready in
        if ready.contains(.hungUp) { self?.stopWatching() } else { self?.flush() }
      }) != nil
  }

  private func stopWatching() {
    guard isWatching else { return }
    isWatching = false
    loop?.unwatch(descriptor)
  }

  private static func open(_ destination: Destination) throws(SystemError) -> Int32 {
    switch destination {
    case .standardError, .descriptor:
      var original = STDERR_FILENO
      if case .descriptor(let given) = destination { original = given }
      // A descriptor of its own, to be watched and closed.
      let copy = fcntl(original, F_DUPFD_CLOEXEC, 3)
      guard copy >= 0 else { throw .last("open standard error") }
      return copy
    case .file(let path):
      let file = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
      guard file >= 0 else { throw .last("open", path) }
      return file
    }
  }

  private static func kind(of descriptor: Int32) -> Kind {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .pipe }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFSOCK: return .socket
    default: return .pipe
    }
  }
}
