import CSQLite

/// The file of the write-ahead log, kept a little longer than what is in it.
///
/// A commit that makes the file longer waits for the file system's own journal too; one that writes over what is there
/// waits for its own bytes alone. SQLite writes the log over in place once it has been brought over for the first time.
/// Until then, and after it was cut, zeros go behind its end, a piece at a time, and are synced with the next commit.
/// Who reads the log stops before them: a frame begins with the number of its page, which is never zero.
final class LogFile {
  /// A page and the header of its frame.
  private static let frameBytes: Int64 = 4096 + 24
  /// The header of the log.
  private static let headerBytes: Int64 = 32
  /// Frames of a commit that waits for the disk more than it writes; to larger ones the file system's journal is little.
  private static let smallCommit: Int32 = 16
  /// From 16 pages, so that a log of little use stays small, to what a disk takes in a few milliseconds.
  private static let pieces: ClosedRange<Int64> = (64 << 10)...(1 << 20)

  private let connection: Connection
  private let limit: Int64
  private let zeros: UnsafeMutableRawBufferPointer
  /// After the last commit, in frames.
  private var pages: Int32 = 0
  private var isSmall = false
  /// The file is at least so long, if nobody has cut it since.
  private var length: Int64 = 0

  /// - Parameter limit: SQLite cuts the file to this when the log begins anew.
  init(_ connection: Connection, limit: Int64) {
    self.connection = connection
    self.limit = limit
    zeros = .allocate(byteCount: Int(Self.pieces.lowerBound), alignment: 16)
    zeros.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { zeros.deallocate() }

  /// After a commit.
  func took(pages now: Int32) {
    // It began anew, and may have been cut for that.
    if now < pages { length = 0 }
    isSmall = now > pages && now - pages <= Self.smallCommit
    pages = now
  }

  /// Inside of a transaction that will write, because then nobody else lengthens the file.
  func makeRoom() {
    let end = Self.headerBytes + Int64(pages) * Self.frameBytes
    guard isSmall, end + Int64(Self.smallCommit) * Self.frameBytes > length, end < limit,
      let file = dialerd_log_file(connection.handle)
    else { return }
    let size = dialerd_file_size(file)
    guard size >= 0 else { return }
    length = size
    guard end + Int64(Self.smallCommit) * Self.frameBytes > size else { return }
    let piece = min(max(end, Self.pieces.lowerBound), Self.pieces.upperBound)
    // Where the disk has no room for it the commits go on as they would without; it is tried again so much later.
    length = size + piece
    var at = size
    while at < size + piece {
      let count = min(Int64(zeros.count), size + piece - at)
      guard dialerd_file_write(file, zeros.baseAddress, Int32(count), at) == SQLITE_OK else { return }
      at += count
    }
  }
}
