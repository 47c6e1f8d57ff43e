/// How the store uses memory, disk and time. The defaults are for a daemon that dials.
public struct StoreOptions: Sendable {
  /// Look for damage at open (`quick_check`; about a second for each gigabyte).
  public var checksIntegrity = false
  /// The writer's page cache in MiB. 64 MiB holds the leads that a million-lead campaign touches in one projection.
  public var cacheMebibytes = 64
  /// A group of waiting transactions is committed once it holds this many events and changes.
  public var groupLimit = 20_000
  /// So many events may wait for the projection before the writer takes no more transactions until they are projected.
  public var pendingLimit = 1_000_000
  /// A projection begins when so many events wait …
  public var projectionBatch = 50_000
  /// … or when nothing was submitted for this long.
  public var projectionIdleMilliseconds = 25
  /// At most so many events are projected as one batch: bounds its memory (about 150 bytes an event).
  public var projectionBatchLimit = 200_000
  /// How long a piece of a projection may hold up a commit.
  public var projectionPieceMilliseconds = 10
  /// Pages of the write-ahead log after which a checkpoint begins (4 KiB each).
  public var checkpointPages = 8_192
  /// The file of the write-ahead log is cut to this after a checkpoint; below that it is written over in place, which
  /// spares the file system's own journal at each commit.
  public var logFileMebibytes = 256

  /// For tests: open as if the file system allowed no writing.
  var opensReadOnly = false

  public init() {}
}
