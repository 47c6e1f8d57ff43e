import CSystem

/// Keys in ascending order, taken from the front and added at the back, each in a few steps whatever their number.
///
/// They lie in chunks of twenty-one, so that what was used up is given back at once and a queue of one key is small.
///
/// A plain value over memory that it does not own: the group's owner calls ``free(_:)``, and no copy is used after a
/// change. Chunks are blocks of the one pool that each change is told. Invariant: `first` and `last` are nil together; if not, each chunk leads to the next up to `last`, keys are
/// from `cursor` in the first to `filled` in the last, and there is at least one; the rest is not initialised.
struct KeyQueue: BitwiseCopyable {
  /// With the link 512 bytes. Larger ones idle half empty in small groups.
  private static let chunkKeys = 21
  private static let linkOffset = chunkKeys * MemoryLayout<SelectionKey>.stride
  static let chunkBytes = linkOffset + MemoryLayout<UnsafeMutableRawPointer?>.stride

  private var first: UnsafeMutableRawPointer?
  private var last: UnsafeMutableRawPointer?
  /// Of the last key, while there is one.
  private var lastFirst: UInt64 = 0
  private var cursor: UInt16 = 0
  private var filled: UInt16 = 0

  @inline(__always) var isEmpty: Bool { first == nil }

  @inline(__always) var head: SelectionKey {
    guard let first else { return .none }
    return Self.keys(first)[Int(cursor)]
  }

  @inline(__always) func prefetchSecond() {
    guard let first else { return }
    let second = Int(cursor) &+ 1
    if second < Self.chunkKeys {
      csystem_prefetch(Self.keys(first) + second)
    } else if let chunk = Self.link(first).pointee {
      csystem_prefetch(chunk)
    }
  }

  @inline(__always) func prefetchLast() {
    guard let last else { return }
    csystem_prefetch(Self.keys(last) + Int(filled))
  }

  /// Whether the key may be added at the back. Mostly the first word decides, which is here: the last chunk, which lies
  /// anywhere in memory, is then written to and not waited for.
  @inline(__always) func takes(_ key: SelectionKey) -> Bool {
    guard let last else { return true }
    if key.first != lastFirst { return key.first > lastFirst }
    return !(key < Self.keys(last)[Int(filled) &- 1])
  }

  @inline(__always) mutating func append(_ key: SelectionKey, _ pool: inout BlockPool) {
    if last == nil || Int(filled) == Self.chunkKeys { addChunk(&pool) }
    guard let last else { return }
    (Self.keys(last) + Int(filled)).initialize(to: key)
    lastFirst = key.first
    filled &+= 1
  }

  @inline(__always) mutating func dropFirst(_ pool: inout BlockPool) {
    guard let first else { return }
    cursor &+= 1
    if first == last ? cursor == filled : Int(cursor) == Self.chunkKeys { dropChunk(&pool) }
  }

  func visit(_ body: (SelectionKey) -> Void) {
    var chunk = first
    var place = Int(cursor)
    while let current = chunk {
      let end = current == last ? Int(filled) : Self.chunkKeys
      while place < end {
        body(Self.keys(current)[place])
        place += 1
      }
      place = 0
      chunk = Self.link(current).pointee
    }
  }

  /// Keeps only what `isKept` says.
  mutating func filter(_ pool: inout BlockPool, _ isKept: (SelectionKey) -> Bool) {
    var kept = KeyQueue()
    visit { key in if isKept(key) { kept.append(key, &pool) } }
    free(&pool)
    self = kept
  }

  mutating func free(_ pool: inout BlockPool) {
    while first != nil { dropChunk(&pool) }
  }

  @inline(never) private mutating func addChunk(_ pool: inout BlockPool) {
    let chunk = pool.take()
    _ = chunk.bindMemory(to: SelectionKey.self, capacity: Self.chunkKeys)
    (chunk + Self.linkOffset).initializeMemory(as: UnsafeMutableRawPointer?.self, to: nil)
    if let last { Self.link(last).pointee = chunk } else { first = chunk }
    last = chunk
    filled = 0
  }

  @inline(never) private mutating func dropChunk(_ pool: inout BlockPool) {
    guard let first else { return }
    let next = Self.link(first).pointee
    pool.give(first)
    self.first = next
    cursor = 0
    if next == nil {
      last = nil
      filled = 0
    }
  }

  @inline(__always) private static func keys(_ chunk: UnsafeMutableRawPointer) -> UnsafeMutablePointer<SelectionKey> {
    chunk.assumingMemoryBound(to: SelectionKey.self)
  }

  @inline(__always)
  private static func link(_ chunk: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
    (chunk + linkOffset).assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  }
}
