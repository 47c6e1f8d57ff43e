/// Blocks of one size, out of memory that is taken in large pieces.
///
/// Blocks of the allocator lie all over the heap in pages of 4 KiB, and at ten million leads each step to one of them
/// also misses the processor's table of pages: a third of a cycle's time (measured 2026-11). Pieces of 2 MiB and more
/// are asked for as huge pages.
///
/// A block that is given back is the next to be taken, still in the cache; memory goes back to the system with the pool.
/// Invariant: `released` leads to a chain of free blocks, each with the address of the next at its start; from `fresh`
/// to `end` is what was never taken.
public struct BlockPool: ~Copyable {
  private static let smallestPiece = 1 << 14

  private let blockBytes: Int
  private var released: UnsafeMutableRawPointer?
  private var fresh: UnsafeMutableRawPointer
  private var end: UnsafeMutableRawPointer
  private var pieces = Slab<UnsafeMutableRawPointer>()
  /// Of all pieces.
  private var reserved = 0

  /// - Parameter blockBytes: a multiple of 64, so that a block begins with a line of the processor's cache.
  public init(blockBytes: Int) {
    precondition(blockBytes > 0 && blockBytes & 63 == 0, "blocks are whole lines of the cache")
    self.blockBytes = blockBytes
    fresh = UnsafeMutableRawPointer(bitPattern: 64).unsafelyUnwrapped
    end = fresh
  }

  deinit { for piece in pieces.indices { pieces[piece].deallocate() } }

  /// Memory held, in bytes, without what was never taken: the system gives memory when it is first written to.
  public var bytes: Int { pieces.bytes + reserved - (end - fresh) }

  /// A block whose content is not initialised; it stays where it is until the pool goes.
  @inline(__always) public mutating func take() -> UnsafeMutableRawPointer {
    if let block = released {
      released = Self.link(block).pointee
      return block
    }
    if fresh == end { addPiece() }
    defer { fresh += blockBytes }
    return fresh
  }

  /// Takes back a block of this pool that nobody uses any more.
  @inline(__always) public mutating func give(_ block: UnsafeMutableRawPointer) {
    Self.link(block).initialize(to: released)
    released = block
  }

  /// A quarter of what is there, so that what is never taken stays a small part; a small index begins small.
  @inline(never) private mutating func addPiece() {
    let wanted = reserved < HugePages.size ? max(reserved, Self.smallestPiece, blockBytes) : reserved / 4
    let count = (HugePages.rounded(wanted) + blockBytes - 1) / blockBytes
    fresh = HugePages.allocate(count * blockBytes)
    end = fresh + count * blockBytes
    pieces.append(fresh)
    reserved += count * blockBytes
  }

  @inline(__always)
  private static func link(_ block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
    block.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  }
}
