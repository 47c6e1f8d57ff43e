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
    let plain = text.utf8.withContiguousStorageIfAvailable { (bytes) -> UInt64? in
      isPlain(bytes) ? hash(bytes.lazy.map(lowered)) : nil
    }
    return (plain ?? nil) ?? hash(text.lowercased().utf8)
  }

  /// First and last name in lower case, without what surrounds them; 0 = no name at all.
  public static func name(first: String?, last: String?) -> UInt64 {
    plainName(first ?? "", last ?? "") ?? anyName(first, last)
  }

  private static func anyName(_ first: String?, _ last: String?) -> UInt64 {
    let words = [first, last].map { ($0 ?? "").lowercased().split(whereSeparator: \.isWhitespace) }
    guard words.contains(where: { !$0.isEmpty }) else { return 0 }
    return hash(words.map { $0.joined(separator: " ") }.joined(separator: "\u{1F}").utf8)
  }

  // MARK: - ASCII

  // Nearly every text is plain ASCII, and there case and blanks need no tables of Unicode, which took a tenth of the
  // time of an import (2026-11-28).

  private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var all: UInt8 = 0
    for byte in bytes { all |= byte }
    return all < 0x80
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  /// Nil when it has to be done with Unicode's rules.
  private static func plainName(_ first: String, _ last: String) -> UInt64? {
    var joined: [UInt8] = []
    joined.reserveCapacity(first.utf8.count + last.utf8.count + 1)
    guard appendWords(first, to: &joined) else { return nil }
    joined.append(0x1F)
    guard appendWords(last, to: &joined) else { return nil }
    return joined.count == 1 ? 0 : hash(joined)
  }

  /// In lower case with one blank between two; false when the text is not plain.
  private static func appendWords(_ text: String, to joined: inout [UInt8]) -> Bool {
    let begin = joined.count
    let isDone = text.utf8.withContiguousStorageIfAvailable { (bytes) -> Bool in
      guard isPlain(bytes) else { return false }
      var isBetween = false
      for byte in bytes {
        if byte == 0x20 || (0x09...0x0D).contains(byte) {
          isBetween = true
        } else {
          if isBetween, joined.count > begin { joined.append(0x20) }
          isBetween = false
          joined.append(lowered(byte))
        }
      }
      return true
    }
    return isDone ?? false
  }
}
