/// The seeded generator (SplitMix64): the same seed gives the same numbers on every machine and in every version.
///
/// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
@frozen public struct SeededGenerator: RandomNumberGenerator, Sendable {
  public var state: UInt64
  @inlinable public init(seed: UInt64) { state = seed }

  @inlinable public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// The finaliser alone: a stable, well spread hash of a number.
  @inlinable public static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 0 ≤ fraction < 1.
  @inlinable public mutating func fraction() -> Double { Double(next() >> 11) * 0x1.0p-53 }
}
