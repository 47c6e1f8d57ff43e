/// The first digits of numbers as people write them: `+61298*` for every number that begins with +61298.
public enum PhonePrefix {
  /// What is taken, for a sentence.
  public static let accepted = "a prefix is + and 1 to 15 digits, then *, such as +61298*"

  /// The digits; nil for anything else. No country code begins with zero.
  public static func digits(_ text: some Collection<UInt8>) -> UInt64? {
    guard text.first == UInt8(ascii: "+") else { return nil }
    var value: UInt64 = 0
    var count = 0
    for byte in text.dropFirst() {
      if byte == UInt8(ascii: "*"), count > 0 { return text.count == count + 2 ? value : nil }
      let digit = byte &- 48
      guard digit < 10, count < 15, count > 0 || digit > 0 else { return nil }
      value = value * 10 + UInt64(digit)
      count += 1
    }
    return nil
  }
}
