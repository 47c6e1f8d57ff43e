/// Buckets of ids for the coming spans of time, used in a circle.
struct BucketRing: ~Copyable {
  /// A bucket spans 2^bits milliseconds: to divide by another number would cost as much as all the rest.
  let bits: Int64
  /// A power of two.
  let count: Int64
  /// Buckets up to this number, counted from 1970, have been taken.
  var poured: Int64 = 0
  /// Empty until the first entry comes.
  private var buckets = Slab<IDBlocks>()
  /// No bucket before this one has an entry, so that looking for the next need not begin at the start.
  private var firstUsed = Int64.max

  init(bits: Int64, count: Int64) {
    self.bits = bits
    self.count = count
  }

  /// Without the blocks, which are the pool's.
  var bytes: Int { buckets.bytes }

  @inline(__always) func number(_ milliseconds: Int64) -> Int64 { milliseconds &>> bits }

  @inline(__always) func holds(_ number: Int64) -> Bool { number > poured && number &- poured < count }

  @inline(__always) mutating func append(_ id: UInt32, to number: Int64, _ pool: inout BlockPool) {
    if buckets.isEmpty { buckets.fill(to: Int(count), with: IDBlocks()) }
    buckets.at(Int(number & (count - 1))).pointee.append(id, &pool)
    if number < firstUsed { firstUsed = number }
  }

  /// Takes out a bucket, which is to be read to its end.
  mutating func take(_ number: Int64) -> IDBlocks {
    guard !buckets.isEmpty else { return IDBlocks() }
    let bucket = buckets.at(Int(number & (count - 1)))
    defer { bucket.pointee = IDBlocks() }
    return bucket.pointee
  }

  /// Calls `body` with the ids of each bucket that has some, in the order of the buckets, until it returns false.
  func visit(_ body: (_ number: Int64, _ ids: borrowing IDBlocks) -> Bool) {
    guard !buckets.isEmpty, firstUsed != .max else { return }
    for number in max(firstUsed, poured + 1)..<max(firstUsed, poured + count) {
      let bucket = buckets[Int(number & (count - 1))]
      if !bucket.isEmpty, !body(number, bucket) { return }
    }
  }

  /// Milliseconds since 1970 at which the first bucket with an entry begins.
  mutating func nextStart() -> Int64? {
    while firstUsed != .max {
      if firstUsed > poured, !buckets[Int(firstUsed & (count - 1))].isEmpty { return firstUsed << bits }
      firstUsed = max(firstUsed, poured) + 1
      if firstUsed >= poured + count { firstUsed = .max }
    }
    return nil
  }
}

/// Ids in no order, in blocks of one line of the processor's cache: an id is added by one write to memory, and blocks
/// that are read are free at once.
///
/// A plain value over blocks of the one pool that each change is told; ``next(_:)`` gives back what it has read. Invariant: `block` is nil, or it
/// leads to a chain of blocks that are full but for the first, which has `filled` ids, one at least.
struct IDBlocks: BitwiseCopyable {
  private static let idsPerBlock = 14
  static let blockBytes = 8 + idsPerBlock * 4

  private var block: UnsafeMutableRawPointer?
  private var filled = 0

  @inline(__always) var isEmpty: Bool { block == nil }

  /// Calls `body` with every id and takes none out.
  func visit(_ body: (UInt32) -> Void) {
    var other = block
    var count = filled
    while let current = other {
      let ids = (current + 8).assumingMemoryBound(to: UInt32.self)
      for place in 0..<count { body(ids[place]) }
      other = current.assumingMemoryBound(to: UnsafeMutableRawPointer?.self).pointee
      count = Self.idsPerBlock
    }
  }

  @inline(__always) mutating func append(_ id: UInt32, _ pool: inout BlockPool) {
    if block == nil || filled == Self.idsPerBlock { addBlock(&pool) }
    guard let block else { return }
    (block + 8).assumingMemoryBound(to: UInt32.self)[filled] = id
    filled &+= 1
  }

  @inline(__always) mutating func next(_ pool: inout BlockPool) -> UInt32? {
    guard let block else { return nil }
    filled &-= 1
    let id = (block + 8).assumingMemoryBound(to: UInt32.self)[filled]
    if filled == 0 { dropBlock(&pool) }
    return id
  }

  @inline(never) private mutating func addBlock(_ pool: inout BlockPool) {
    let added = pool.take()
    added.initializeMemory(as: UnsafeMutableRawPointer?.self, to: block)
    (added + 8).initializeMemory(as: UInt32.self, repeating: 0, count: Self.idsPerBlock)
    block = added
    filled = 0
  }

  @inline(never) private mutating func dropBlock(_ pool: inout BlockPool) {
    guard let block else { return }
    self.block = block.assumingMemoryBound(to: UnsafeMutableRawPointer?.self).pointee
    filled = self.block == nil ? 0 : Self.idsPerBlock
    pool.give(block)
  }
}
