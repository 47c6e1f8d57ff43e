import Foundation
import Glibc

/// The reference for one durable write after the other: a bare file that grows by 4 KiB with `pwrite`, each followed by
/// `fdatasync`.
struct DiskReference {
  let directory: String

  /// Writes a second.
  func rate(count: Int) throws -> Double {
    let path = directory + "/bare-append"
    let file = open(path, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw BenchmarkError("\(path) cannot be made: errno \(errno)") }
    defer {
      close(file)
      unlink(path)
    }
    let page = [UInt8](repeating: 7, count: 4096)
    var failed: Int32 = 0
    let seconds = Stopwatch.seconds {
      for index in 0..<count where failed == 0 {
        if pwrite(file, page, page.count, off_t(index * page.count)) != page.count || fdatasync(file) != 0 {
          failed = errno
        }
      }
    }
    guard failed == 0 else { throw BenchmarkError("\(path) cannot be written: errno \(failed)") }
    return Double(count) / seconds
  }
}
