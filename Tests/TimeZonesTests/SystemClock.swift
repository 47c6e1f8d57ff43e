import Foundation
import Glibc

/// The C library's reading of the tz database, to compare with.
///
/// It takes the zone from the environment, which may not be changed while another thread reads it. So the variable is
/// put there once, as a buffer of our own, and then only the text in that buffer changes, under a lock; afterwards it
/// says what no TZ at all would mean.
enum SystemClock {
  private static let bufferBytes = 256
  private static let lock = NSLock()
  /// Belongs to the environment from its making on, and is never freed.
  private nonisolated(unsafe) static let buffer: UnsafeMutablePointer<CChar> = {
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: bufferBytes)
    buffer.initialize(repeating: 0, count: bufferBytes)
    strcpy(buffer, "TZ=UTC0")
    putenv(buffer)
    return buffer
  }()

  /// Seconds east of UTC in the zone at each of the times.
  static func offsets(in zone: String, at times: [Int64]) -> [Int32] {
    precondition(zone.utf8.count < 200, "a zone's name fits in the buffer")
    lock.lock()
    defer { lock.unlock() }
    strcpy(buffer + 3, ":" + zone)
    tzset()
    defer {
      strcpy(buffer + 3, ":/etc/localtime")
      tzset()
    }
    return times.map { time in
      var seconds = time_t(time)
      var parts = tm()
      localtime_r(&seconds, &parts)
      return Int32(parts.tm_gmtoff)
    }
  }
}
