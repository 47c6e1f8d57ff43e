import Glibc

/// A file that is read and written at places. Only the user that runs the program may read one that is made here.
public final class PlacedFile {
  public let path: String
  private let descriptor: Int32

  /// Throws also when there is none.
  public init(reading path: String) throws(SystemError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last("open", path) }
  }

  /// Throws also when there is none.
  public init(writing path: String) throws(SystemError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last("open", path) }
  }

  /// Empty, in place of what stood there.
  public init(creating path: String) throws(SystemError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last("open", path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// In bytes.
  public func size() throws(SystemError) -> Int64 { Int64(try status().st_size) }

  /// False for a folder, a pipe or a device.
  public func isPlain() throws(SystemError) -> Bool { try status().st_mode & S_IFMT == S_IFREG }

  private func status() throws(SystemError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last("fstat", path) }
    return status
  }

  /// - Returns: how much of `bytes` was filled; all of it but at the end of the file.
  public func read(into bytes: inout [UInt8], at offset: Int64) throws(SystemError) -> Int {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + done, $0.count - done, off_t(offset) + off_t(done))
      }
      if count == 0 { break }
      if count > 0 { done += count } else if errno != EINTR { throw .last("read", path) }
    }
    return done
  }

  public func write(_ bytes: [UInt8], at offset: Int64) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + done, $0.count - done, off_t(offset) + off_t(done))
      }
      if count >= 0 { done += count } else if errno != EINTR { throw .last("write", path) }
    }
  }

  /// Returns when what was written would outlive a power failure.
  public func sync() throws(SystemError) {
    guard fdatasync(descriptor) == 0 else { throw .last("fdatasync", path) }
  }

  // MARK: - Names

  /// Nothing happens when it is there.
  public static func makeFolder(_ path: String) throws(SystemError) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last("mkdir", path) }
  }

  public static func rename(_ path: String, to new: String) throws(SystemError) {
    guard Glibc.rename(path, new) == 0 else { throw .last("rename", path) }
  }

  /// Names that were made or changed in the folder outlive a power failure.
  public static func syncFolder(_ path: String) throws(SystemError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .last("fsync", path) }
  }

  /// Nothing happens when there is none.
  public static func remove(_ path: String) { unlink(path) }
}
