import Glibc

/// Bytes that wait to be written to a nonblocking socket, in order.
struct OutputBuffer {
  enum Written {
    case all
    /// The socket takes no more for now.
    case some
    /// The peer reads no more.
    case peerGone
    case failed(SystemError)
  }

  private var bytes: [UInt8] = []
  private var head = 0

  /// Beyond this the memory is given back once everything is written.
  private static let keptCapacity = 256 * 1024

  var count: Int { bytes.count - head }

  mutating func append(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }
  mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: bytes.count <= Self.keptCapacity)
    head = 0
  }

  /// Writes until everything is written or the socket would block.
  mutating func write(to socket: Int32) -> Written {
    while count > 0 {
      let written = bytes.withUnsafeBytes { all in
        Glibc.send(socket, all.baseAddress! + head, all.count - head, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
      }
      if written >= 0 {
        head += written
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        dropWritten()
        return .some
      case EPIPE, ECONNRESET: return .peerGone
      default: return .failed(.last("send"))
      }
    }
    removeAll()
    return .all
  }

  /// Moves the rest to the front once it is the smaller half, so that each byte is moved at most once on average.
  private mutating func dropWritten() {
    guard head > bytes.count / 2 else { return }
    bytes.removeFirst(head)
    head = 0
  }
}
