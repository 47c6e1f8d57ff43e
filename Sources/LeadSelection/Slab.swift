/// A growable array of plain values, owned by one place.
///
/// The index is changed in many small steps, and Swift's arrays ask at each step whether they are shared: a third of
/// the instructions of a pick (measured 2026-11). This one cannot be shared, so it need not ask.
///
/// Invariant: `base` has room for `capacity` elements, the first `count` are initialised. Places are checked in debug
/// builds only; callers hold them from this slab or have checked them.
struct Slab<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private(set) var capacity = 0

  init() { base = Self.allocate(0) }

  deinit { base.deallocate() }

  var bytes: Int { capacity * MemoryLayout<Element>.stride }
  @inline(__always) var isEmpty: Bool { count == 0 }
  var indices: Range<Int> { 0..<count }

  /// The first element's address, good until the slab next grows.
  @inline(__always) var start: UnsafeMutablePointer<Element> { base }

  /// The element's address, good until the slab next grows.
  @inline(__always) func at(_ place: Int) -> UnsafeMutablePointer<Element> {
    assert(place >= 0 && place < count, "a place outside of the slab")
    return base + place
  }

  @inline(__always) subscript(place: Int) -> Element {
    get { at(place).pointee }
    nonmutating set { at(place).pointee = newValue }
  }

  @inline(__always) mutating func append(_ element: Element) {
    if count == capacity { resize(to: count + max(4, count / 2)) }
    (base + count).initialize(to: element)
    count &+= 1
  }

  /// Appends copies of an element until there are so many.
  mutating func fill(to count: Int, with element: Element) {
    guard count > self.count else { return }
    if count > capacity { resize(to: count) }
    (base + self.count).initialize(repeating: element, count: count - self.count)
    self.count = count
  }

  mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    count -= 1
    return base[count]
  }

  /// Moves the rest to the front; memory is given back if most of much is idle then.
  mutating func removeFirst(_ dropped: Int) {
    guard dropped > 0 else { return }
    count -= dropped
    base.update(from: base + dropped, count: count)
    if capacity > 4096, count < capacity / 4 { resize(to: max(count, 1024)) }
  }

  /// Sorts the elements from `start` on. Mostly a few, for which nothing beats moving each to its place.
  mutating func sort(from start: Int) where Element: Comparable {
    guard count - start > 1 else { return }
    guard count - start <= 24 else {
      var many = UnsafeMutableBufferPointer(start: base + start, count: count - start)
      return many.sort()
    }
    for place in start + 1..<count {
      let element = base[place]
      var hole = place
      while hole > start, element < base[hole &- 1] {
        base[hole] = base[hole &- 1]
        hole &-= 1
      }
      base[hole] = element
    }
  }

  @inline(never) private mutating func resize(to capacity: Int) {
    let other = Self.allocate(capacity)
    other.update(from: base, count: count)
    base.deallocate()
    base = other
    self.capacity = capacity
  }

  /// From a line of the processor's cache on, so that an element of 64 bytes lies in one.
  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Element> {
    HugePages.allocate(capacity * MemoryLayout<Element>.stride).bindMemory(to: Element.self, capacity: capacity)
  }
}
