/// A short growable list of 32-bit numbers within a plain value.
///
/// It does not own its memory: the owner of the value calls ``free()``, and no copy is used after a change. Invariant:
/// `base` has room for `capacity` numbers, the first `count` are initialised; nil at capacity 0.
struct NumberList: BitwiseCopyable {
  private var base: UnsafeMutablePointer<UInt32>?
  private var used: UInt32 = 0
  private var capacity: UInt32 = 0

  @inline(__always) var count: Int { Int(used) }
  var bytes: Int { Int(capacity) * 4 }

  @inline(__always) subscript(place: Int) -> UInt32 {
    get {
      assert(place >= 0 && place < count, "a place outside of the list")
      return base.unsafelyUnwrapped[place]
    }
    nonmutating set {
      assert(place >= 0 && place < count, "a place outside of the list")
      base.unsafelyUnwrapped[place] = newValue
    }
  }

  mutating func append(_ number: UInt32) { fill(to: count + 1, with: number) }

  /// Appends a number until there are so many.
  mutating func fill(to count: Int, with number: UInt32) {
    guard count > self.count else { return }
    if count > Int(capacity) { grow(to: max(count, self.count * 3 / 2, 4)) }
    (base.unsafelyUnwrapped + self.count).initialize(repeating: number, count: count - self.count)
    used = UInt32(count)
  }

  /// Takes a number out, wherever it is; the last takes its place.
  mutating func remove(_ number: UInt32) {
    guard let base else { return }
    for place in 0..<count where base[place] == number {
      base[place] = base[count - 1]
      used -= 1
      return
    }
  }

  func free() { base?.deallocate() }

  private mutating func grow(to size: Int) {
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: size)
    if let base {
      larger.update(from: base, count: count)
      base.deallocate()
    }
    base = larger
    capacity = UInt32(size)
  }
}
