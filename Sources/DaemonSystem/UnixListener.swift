import CSystem
import Glibc

/// The control socket's listening end.
///
/// A socket file that nobody answers on (the daemon was killed) is replaced; one that somebody answers on is respected,
/// and so is anything that is not a socket. Rights are set before the first client can connect: between `bind` and
/// `listen` connections are refused. The daemon's lock on its database keeps two starts from doing this at once.
public final class UnixListener {
  /// Connections accepted in one turn; the rest waits in the kernel's queue.
  public static let acceptsPerTurn = 64

  public let path: String
  private var descriptor: Int32
  private var identity: Identity?
  private weak var loop: EventLoop?
  /// Given up for a moment when the process has no descriptor left, so that a client can be taken and closed instead of
  /// being reported for ever.
  private var reserve: Int32

  /// What tells our socket file from one that another daemon has put in its place.
  private struct Identity: Equatable {
    var device: UInt
    var inode: UInt
    init?(path: String) {
      var status = stat()
      guard lstat(path, &status) == 0 else { return nil }
      device = UInt(status.st_dev)
      inode = UInt(status.st_ino)
    }
  }

  /// Listens on `path` with the rights `mode`, for `group` where given.
  ///
  /// Throws ``SystemError/isAddressInUse`` when another process answers there, `EEXIST` when a file that is not a socket
  /// is in the way, and otherwise what the system says (no such folder, not permitted, path too long).
  public init(path: String, mode: UInt32 = 0o660, group: UInt32? = nil, backlog: Int32 = 1024) throws(SystemError) {
    self.path = path
    let address = try UnixAddress(path)
    try Self.removeStale(path, address)
    descriptor = try UnixAddress.makeStreamSocket(nonblocking: true)
    reserve = open("/dev/null", O_RDONLY | O_CLOEXEC)
    let descriptor = descriptor
    // On Linux the file gets the rights of the socket it is made from: nobody's until they are set.
    fchmod(descriptor, 0)
    guard address.with({ bind(descriptor, $0, $1) }) == 0 else { throw .last("bind", path) }
    identity = Identity(path: path)
    if let group, chown(path, uid_t.max, group) != 0 { throw .last("chown", path) }
    guard chmod(path, mode) == 0 else { throw .last("chmod", path) }
    guard listen(descriptor, backlog) == 0 else { throw .last("listen", path) }
  }

  deinit { close() }

  /// Calls `onConnection` on the loop with each client's nonblocking socket, which is then the callee's to close, and with
  /// who it is. `onRefused` is told of clients that could not be taken: `EMFILE` when the process is out of descriptors.
  public func start(
    on loop: EventLoop, onRefused: @escaping (SystemError) -> Void = { _ in },
    onConnection: @escaping (Int32, PeerCredentials) -> Void
  ) throws(SystemError) {
    self.loop = loop
    try loop.watch(descriptor, readable: true, writable: false) { [unowned self] _ in
      acceptWaiting(onRefused, onConnection)
    }
  }

  /// Stops listening. The socket file goes too, if it is still ours.
  public func close() {
    guard descriptor >= 0 else { return }
    loop?.unwatch(descriptor)
    if let identity, Identity(path: path) == identity { unlink(path) }
    Glibc.close(descriptor)
    descriptor = -1
    if reserve >= 0 { Glibc.close(reserve) }
    reserve = -1
  }

  private func acceptWaiting(
    _ onRefused: (SystemError) -> Void, _ onConnection: (Int32, PeerCredentials) -> Void
  ) {
    for _ in 0..<Self.acceptsPerTurn where descriptor >= 0 {
      let client = csystem_accept(descriptor)
      if client >= 0 {
        do {
          let peer = try PeerCredentials(ofPeer: client)
          onConnection(client, peer)
        } catch {
          Glibc.close(client)
          onRefused(error)
        }
        continue
      }
      switch errno {
      case EAGAIN: return
      case EINTR, ECONNABORTED: continue
      case EMFILE, ENFILE:
        onRefused(.last("accept", path))
        refuseOne()
        return
      default:
        onRefused(.last("accept", path))
        return
      }
    }
  }

  private func refuseOne() {
    guard reserve >= 0 else { return }
    Glibc.close(reserve)
    let client = csystem_accept(descriptor)
    if client >= 0 { Glibc.close(client) }
    reserve = open("/dev/null", O_RDONLY | O_CLOEXEC)
  }

  private static func removeStale(_ path: String, _ address: UnixAddress) throws(SystemError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw .last("stat", path)
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw SystemError("replace socket", code: EEXIST, subject: path) }
    let probe = try UnixAddress.makeStreamSocket(nonblocking: true)
    defer { Glibc.close(probe) }
    let result = address.with { connect(probe, $0, $1) }
    // EAGAIN: somebody listens, and the queue is full.
    if result == 0 || errno == EAGAIN { throw SystemError("bind", code: EADDRINUSE, subject: path) }
    guard errno == ECONNREFUSED || errno == ENOENT else { throw .last("connect", path) }
    guard unlink(path) == 0 || errno == ENOENT else { throw .last("unlink", path) }
  }
}
