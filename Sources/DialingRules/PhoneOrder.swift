import DialerModel

/// The order in which the phones of a lead are tried, in one machine word.
@frozen public struct PhoneOrder: Hashable, Sendable {
  @usableFromInline let packed: UInt64
  public let count: Int

  /// - Parameter indices: 0 is `phone1`; what is no phone of a lead, and what stands there again, is left out.
  public init(_ indices: [Int]) {
    var packed: UInt64 = 0
    var seen: Set<Int> = []
    for index in indices where (0..<PhoneSet.capacity).contains(index) && !seen.contains(index) {
      packed |= UInt64(index) << UInt64(seen.count * 8)
      seen.insert(index)
    }
    self.packed = packed
    count = seen.count
  }

  @inlinable public subscript(place: Int) -> Int { Int(truncatingIfNeeded: packed >> UInt64(place * 8) & 255) }

  /// Where a phone stands; nil when the order does not name it.
  @inlinable public func place(of index: Int) -> Int? {
    for place in 0..<count where self[place] == index { return place }
    return nil
  }

  /// The first phone from a place on, around the end, that is there and not in `excluded` (one bit a phone); -1 = none.
  @inlinable public func first(from cursor: Int, of phones: PhoneSet, excluding excluded: UInt8) -> Int {
    guard count > 0 else { return -1 }
    var place = cursor % count
    for _ in 0..<count {
      let index = self[place]
      if excluded & (1 << UInt8(index)) == 0, phones[index] != nil { return index }
      place = place + 1 == count ? 0 : place + 1
    }
    return -1
  }
}
