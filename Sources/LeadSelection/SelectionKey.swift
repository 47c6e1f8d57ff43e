import DialerModel

/// The place of one lead in the order of its list: 192 bits that are compared as one number, lower first.
///
/// 160 bits of payload are made by ``SelectionKeyEncoder``; the low 32 bits of the last word are the lead's id, so
/// that the order is total and the lead is found from its key.
@frozen public struct SelectionKey: Hashable, Comparable, Sendable {
  public var first: UInt64
  public var second: UInt64
  /// High half: payload. Low half: the lead's id.
  public var third: UInt64

  @inlinable public init(first: UInt64, second: UInt64, third: UInt64) {
    self.first = first
    self.second = second
    self.third = third
  }

  /// Builds a key out of a payload; the low half of `third` is replaced by the lead's id.
  @inlinable public init(first: UInt64, second: UInt64, third: UInt64, lead: LeadID) {
    self.init(first: first, second: second, third: third & ~0xFFFF_FFFF | UInt64(lead.rawValue))
  }

  /// After every key of a lead: "nobody".
  @inlinable public static var none: SelectionKey { SelectionKey(first: .max, second: .max, third: .max) }

  @inlinable public var lead: LeadID { LeadID(UInt32(truncatingIfNeeded: third)) }

  @inlinable public static func < (left: SelectionKey, right: SelectionKey) -> Bool {
    if left.first != right.first { return left.first < right.first }
    if left.second != right.second { return left.second < right.second }
    return left.third < right.third
  }

  /// 36 bits by which an entry is known as the lead's current one. That a stale entry passes for the current one
  /// has a chance of 2^-36 and then costs one lead its exact place, nothing else.
  var fingerprint: UInt64 {
    var mixed = first &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 32) ^ second) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 29) ^ third) &* 0x94D0_49BB_1331_11EB
    return mixed >> 28
  }
}
