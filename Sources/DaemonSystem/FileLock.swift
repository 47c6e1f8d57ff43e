import Glibc

/// One daemon at a time: an `flock` on a file of its own, which the kernel lets go of however the process ends.
///
/// The file stays when the lock goes: to remove it would let two processes hold locks on two files of one name.
public final class FileLock {
  public enum Failure: Error, CustomStringConvertible {
    /// Another process holds it; its id where it has written one.
    case locked(path: String, byProcess: Int32?)
    case system(SystemError)

    public var description: String {
      switch self {
      case .locked(let path, let process?): "lock \(path): held by process \(process)"
      case .locked(let path, nil): "lock \(path): held by another process"
      case .system(let error): error.description
      }
    }
  }

  private let descriptor: Int32

  /// Takes the lock on `path`, which is made when it is not there, and writes this process's id into it. Never waits.
  public init(path: String) throws(Failure) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(.last("open", path)) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      if errno == EWOULDBLOCK { throw .locked(path: path, byProcess: Self.holder(descriptor)) }
      throw .system(.last("flock", path))
    }
    // The id is for people: that it cannot be written (a full disk) is no reason not to hold the lock.
    let text = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private static func holder(_ descriptor: Int32) -> Int32? {
    var text = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &text, text.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: text[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}
