import struct LeadSelection.BlockPool

/// Elements one behind the other in pages of their own: it grows without moving what is there, which an array of the
/// standard library does each time that it doubles, at a hundred megabytes some fifty milliseconds long.
struct PagedArray<Element: BitwiseCopyable>: ~Copyable {
  private static var pageShift: Int { 12 }
  private static var pageSize: Int { 1 << pageShift }

  private var pages: ContiguousArray<UnsafeMutablePointer<Element>> = []
  private var pool = BlockPool(blockBytes: pageSize * MemoryLayout<Element>.stride)
  private(set) var count = 0

  var bytes: Int { pool.bytes + pages.capacity * MemoryLayout<Int>.stride }

  @inline(__always) subscript(place: Int) -> Element {
    get {
      assert(place >= 0 && place < count, "a place outside of the array")
      return pages[place >> Self.pageShift][place & (Self.pageSize - 1)]
    }
    nonmutating set {
      assert(place >= 0 && place < count, "a place outside of the array")
      pages[place >> Self.pageShift][place & (Self.pageSize - 1)] = newValue
    }
  }

  @inline(__always) mutating func append(_ element: Element) {
    if count == pages.count << Self.pageShift { addPage() }
    (pages[count >> Self.pageShift] + (count & (Self.pageSize - 1))).initialize(to: element)
    count += 1
  }

  private mutating func addPage() {
    pages.append(pool.take().bindMemory(to: Element.self, capacity: Self.pageSize))
  }
}
