import Glibc

/// The reference for a start: the database file read from end to end, with nothing done with it.
struct FileReference {
  let path: String

  func seconds() throws -> Double {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw BenchmarkError("\(path) cannot be opened: errno \(errno)") }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var length = 1
    let seconds = Stopwatch.seconds { while length > 0 { length = read(file, &buffer, buffer.count) } }
    guard length == 0 else { throw BenchmarkError("\(path) cannot be read: errno \(errno)") }
    return seconds
  }

  /// Takes the file out of the kernel's page cache.
  func forget() {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    fsync(file)
    posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
    close(file)
  }
}
