import Glibc

/// Cuts a stream of bytes into lines ended by `\n`, however the stream is cut, within a named maximum.
///
/// Bytes are received straight into its buffer (``space(_:)``, ``filled(_:)``) and lines are handed out as views of it, so
/// that a line costs no allocation and no copy; only a line's cut-off beginning is ever moved. No byte is looked at
/// twice: a client that sends a long line byte by byte costs no more than one that sends it at once.
public struct LineSplitter: ~Copyable {
  public enum Piece {
    /// A line without its `\n`; valid until the splitter is changed again.
    case line(UnsafeRawBufferPointer)
    /// The line passed the maximum: framing is lost. Said once; nothing comes after it.
    case tooLong
  }

  /// The longest line, in bytes, its `\n` not counted.
  public let maximumLine: Int

  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  /// What has been received and not been handed out: `start ..< end`.
  private var start = 0
  private var end = 0
  /// No `\n` in `start ..< searched`.
  private var searched = 0
  private var hasLostFraming = false

  /// Beyond this the buffer is given back as soon as it is empty, so that a client which once sent a long line does
  /// not keep a megabyte for good. Four reads of 64 KiB.
  private static let keptCapacity = 256 * 1024

  public init(maximumLine: Int) {
    precondition(maximumLine > 0, "a line has room for a byte")
    self.maximumLine = maximumLine
    capacity = 0
    base = UnsafeMutableRawPointer.allocate(byteCount: 0, alignment: 1)
  }

  deinit { base.deallocate() }

  /// Bytes that were received and belong to no line handed out so far.
  public var pending: Int { end - start }

  /// Room for at least `minimum` bytes to be received into; ``filled(_:)`` says how many came.
  public mutating func space(_ minimum: Int) -> UnsafeMutableRawBufferPointer {
    if start == end {
      start = 0
      end = 0
      searched = 0
      if capacity > max(Self.keptCapacity, minimum) { replaceBuffer(capacity: minimum) }
    }
    if capacity - end < minimum {
      let needed = pending + minimum
      if capacity >= needed && start >= pending {
        moveToFront()
      } else {
        replaceBuffer(capacity: max(needed, min(2 * pending, maximumLine + 1) + minimum))
      }
    }
    return UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end)
  }

  /// `count` bytes came into the room that ``space(_:)`` gave.
  public mutating func filled(_ count: Int) {
    precondition(count >= 0 && count <= capacity - end, "no more than there was room for")
    if !hasLostFraming { end += count }
  }

  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0 else { return }
    space(bytes.count).copyMemory(from: bytes)
    filled(bytes.count)
  }

  /// Forgets what was received and not handed out.
  public mutating func discard() {
    start = end
    searched = end
  }

  /// The next complete line, nil when there is none yet.
  public mutating func next() -> Piece? {
    guard !hasLostFraming, searched < end else { return nil }
    let found = memchr(base + searched, Int32(UInt8(ascii: "\n")), end - searched)
    let length = found.map { UnsafeMutableRawPointer($0) - (base + start) } ?? pending
    guard length <= maximumLine else {
      hasLostFraming = true
      start = end
      return .tooLong
    }
    guard found != nil else {
      searched = end
      return nil
    }
    let line = UnsafeRawBufferPointer(start: base + start, count: length)
    start += length + 1
    searched = start
    return .line(line)
  }

  private mutating func moveToFront() {
    memmove(base, base + start, pending)
    searched -= start
    end -= start
    start = 0
  }

  private mutating func replaceBuffer(capacity newCapacity: Int) {
    let replacement = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
    replacement.copyMemory(from: base + start, byteCount: pending)
    base.deallocate()
    base = replacement
    capacity = newCapacity
    searched -= start
    end -= start
    start = 0
  }
}
