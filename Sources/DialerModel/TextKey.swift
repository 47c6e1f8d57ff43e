/// Stable 64-bit hashes of what makes two leads one person. They are stored, so they never change.
///
/// FNV-1a with SplitMix64's finaliser behind it: at ten million keys the chance that any two meet is 3 in a million.
public enum TextKey {
  /// Never zero.
  @inlinable public static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return SeededGenerator.mix(value) | 1
  }

  /// Of the email in lower case; 0 = no email.
  public static func email(_ text: String?) -> UInt64 {
    guard let text, !text.isEmpty else { return 0 }
    return hash(text.lowercased().utf8)
  }

  /// First and last name in lower case, without what surrounds them; 0 = no name at all.
  public static func name(first: String?, last: String?) -> UInt64 {
    let words = [first, last].map { ($0 ?? "").lowercased().split(whereSeparator: \.isWhitespace) }
    guard words.contains(where: { !$0.isEmpty }) else { return 0 }
    return hash(words.map { $0.joined(separator: " ") }.joined(separator: "\u{1F}").utf8)
  }
}
