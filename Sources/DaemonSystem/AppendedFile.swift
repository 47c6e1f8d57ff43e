import Glibc

/// A file that lines are added to and that other processes may read at any time: each line is handed to the system at once.
public final class AppendedFile {
  public let path: String
  private let descriptor: Int32

  public init(path: String, mode: UInt32 = 0o640) throws(SystemError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .last("open", path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Returns when the system has all of `bytes`: they outlive this process, though not a power failure.
  public func append(_ bytes: [UInt8]) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, bytes.count - written) }
      if count >= 0 { written += count } else if errno != EINTR { throw .last("write", path) }
    }
  }
}
