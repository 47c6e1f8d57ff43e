/// How many digits the national numbers of a region have: a set of lengths up to 31, in one word.
public struct NumberLengths: Hashable, Sendable, CustomStringConvertible {
  /// Bit n is set when a number may have n digits.
  let mask: UInt32

  init(mask: UInt32) { self.mask = mask }

  /// Nil when a length is not in 1...31.
  init?(_ lengths: [Int]) {
    var mask: UInt32 = 0
    for length in lengths {
      guard length >= 1, length <= 31 else { return nil }
      mask |= 1 << UInt32(length)
    }
    self.init(mask: mask)
  }

  /// Ascending.
  public var all: [Int] { (1..<32).filter(contains) }
  /// Zero for the empty set.
  public var shortest: Int { mask == 0 ? 0 : mask.trailingZeroBitCount }
  /// Zero for the empty set.
  public var longest: Int { mask == 0 ? 0 : 31 - mask.leadingZeroBitCount }

  public func contains(_ length: Int) -> Bool { length >= 0 && length < 32 && mask >> UInt32(length) & 1 == 1 }

  /// `9`, `9 or 10`, `5 to 12`, `6, 8 or 9`.
  public var description: String {
    let lengths = all
    guard let first = lengths.first, let last = lengths.last else { return "none" }
    if lengths.count == 1 { return "\(first)" }
    if lengths.count > 2, last - first == lengths.count - 1 { return "\(first) to \(last)" }
    return lengths.dropLast().map(String.init).joined(separator: ", ") + " or \(last)"
  }
}
