import ControlProtocol
import DialerModel
import Glibc

/// A file on this machine that a client named: only in a configured directory, whatever links lead to.
enum StagedFile {
  /// Read at once: more than over the socket, because each piece costs a wait for the disk.
  static let pieceBytes = 4 << 20

  static func check(_ path: String, in directories: [String]) throws {
    let file = try open(path, in: directories)
    close(file)
  }

  /// The next bytes; empty = the end.
  static func read(_ path: String, from offset: Int64, in directories: [String]) throws -> [UInt8] {
    let file = try open(path, in: directories)
    defer { close(file) }
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, initialized in
      count = pread(file, buffer.baseAddress, pieceBytes, off_t(offset))
      initialized = max(0, count)
    }
    guard count >= 0 else {
      throw RequestError.unavailable("file-unreadable", "The file cannot be read: errno \(errno).")
    }
    return bytes
  }

  /// How large it is; nil when that cannot be told.
  static func size(_ path: String) -> Int64? {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : nil
  }

  private static func open(_ path: String, in directories: [String]) throws -> Int32 {
    guard let real = resolved(path) else { throw RequestError.notFound("file", .string(path)) }
    guard directories.contains(where: { resolved($0).map { real.hasPrefix($0 + "/") } ?? false }) else {
      throw RequestError.invalidParams(
        field: "path", value: .string(path), accepted: directories.map { $0 + "/NAME" },
        message: "path: the file lies outside the directories that the configuration names.")
    }
    // Without O_NONBLOCK a named pipe would be waited for.
    let file = Glibc.open(real, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    var status = stat()
    guard file >= 0, fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      if file >= 0 { close(file) }
      throw RequestError.invalidParams(
        field: "path", value: .string(path), accepted: ["a file that the daemon may read"],
        message: "path: this is no file that the daemon may read.")
    }
    return file
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
