import struct LeadSelection.BlockPool

/// Short texts one behind the other, each found by where it begins; none is ever taken out. It grows by pages, so that
/// nothing moves, and no text lies across two of them.
struct TextArena: ~Copyable {
  static let pageSize = 1 << pageShift
  private static let pageShift = 16

  private var pages: ContiguousArray<UnsafeMutablePointer<UInt8>> = []
  private var pool = BlockPool(blockBytes: pageSize)
  private var end = 0

  var bytes: Int { pool.bytes + pages.capacity * MemoryLayout<Int>.stride }

  /// - Parameter text: at most a page.
  /// - Returns: where it begins; all texts together are less than 4 GiB.
  mutating func append(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    precondition(text.count <= Self.pageSize, "a text fits into a page")
    if end + text.count > pages.count << Self.pageShift {
      end = pages.count << Self.pageShift
      pages.append(pool.take().bindMemory(to: UInt8.self, capacity: Self.pageSize))
    }
    let start = end
    if let source = text.baseAddress { address(start).initialize(from: source, count: text.count) }
    end += text.count
    return UInt32(start)
  }

  /// Good until the arena goes.
  @inline(__always) func text(at start: UInt32, count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: count == 0 ? nil : address(Int(start)), count: count)
  }

  @inline(__always) private func address(_ place: Int) -> UnsafeMutablePointer<UInt8> {
    pages[place >> Self.pageShift] + (place & (Self.pageSize - 1))
  }
}
