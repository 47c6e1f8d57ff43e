import DaemonSystem
import Glibc

/// The real ``InputFile``.
final class SystemInputFile: InputFile {
  let size: Int64
  private let descriptor: Int32
  private let path: String

  init(_ path: String) throws(ClientError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.fault(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.fault(path) }
    // A pipe cannot be read again from where the daemon stands.
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ClientError("unreadable-file", "\(path) is no plain file.", details: ["file": .string(path)])
    }
    size = Int64(status.st_size)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func read(at offset: Int64, count: Int) throws(ClientError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + done, count - done, off_t(offset) + off_t(done))
      }
      if got == 0 { break }
      if got > 0 { done += got } else if errno != EINTR { throw Self.fault(path) }
    }
    bytes.removeLast(count - done)
    return bytes
  }

  private static func fault(_ path: String) -> ClientError {
    let error = SystemError("read", code: errno, subject: path)
    return ClientError(
      "unreadable-file", "The file cannot be read: \(error).", details: ["file": .string(path)])
  }
}

/// The real ``OutputFile``: a file beside the one that is to be, renamed when it is whole and on disk.
final class SystemOutputFile: OutputFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32
  private var kept: [UInt8] = []
  private static let keptBytes = 256 * 1024

  init(_ path: String) throws(ClientError) {
    self.path = path
    temporary = "\(path).\(getpid()).part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw fault() }
  }

  deinit { discard() }

  func write(_ bytes: [UInt8]) throws(ClientError) {
    kept += bytes
    if kept.count >= Self.keptBytes { try flush() }
  }

  private func flush() throws(ClientError) {
    var written = 0
    while written < kept.count {
      let count = kept.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, kept.count - written) }
      if count >= 0 { written += count } else if errno != EINTR { throw fault() }
    }
    kept.removeAll(keepingCapacity: true)
  }

  func finish() throws(ClientError) {
    try flush()
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw fault() }
    close(descriptor)
    descriptor = -1
  }

  func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(temporary)
  }

  private func fault() -> ClientError {
    let error = SystemError("write", code: errno, subject: path)
    return ClientError(
      "unwritable-file", "The file cannot be written: \(error).", details: ["file": .string(path)])
  }
}
