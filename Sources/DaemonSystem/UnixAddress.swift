import Glibc

/// The address of a Unix socket: a path, or with `@` in front a name in Linux's abstract space (`unix(7)`).
struct UnixAddress {
  let path: String
  private var address = sockaddr_un()
  private let length: socklen_t

  /// Throws `ENAMETOOLONG` when the path has more than 107 bytes, `EINVAL` when it is empty or holds a zero byte.
  init(_ path: String) throws(SystemError) {
    self.path = path
    var bytes = Array(path.utf8)
    guard !bytes.isEmpty, !bytes.contains(0) else { throw SystemError("socket path", code: EINVAL, subject: path) }
    let isAbstract = bytes[0] == UInt8(ascii: "@")
    if isAbstract { bytes[0] = 0 } else { bytes.append(0) }
    guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else {
      throw SystemError("socket path", code: ENAMETOOLONG, subject: path)
    }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + bytes.count)
  }

  /// Calls `body` (bind, connect, sendto) with the address.
  func with<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  /// A close-on-exec stream socket.
  static func makeStreamSocket(nonblocking: Bool) throws(SystemError) -> Int32 {
    var kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    if nonblocking { kind |= Int32(SOCK_NONBLOCK.rawValue) }
    let socket = Glibc.socket(AF_UNIX, kind, 0)
    guard socket >= 0 else { throw .last("socket") }
    return socket
  }
}
