/// What a person typed, reduced to what can be dialled: whether it began with a plus sign, and its digits. The rules of
/// what may be typed are those of libphonenumber, so that both read the same number: text before the first digit or plus
/// sign is skipped, punctuation is dropped, three letters or more are read off the keypad, an extension is cut off.
struct TypedNumber: Equatable {
  var hasPlus = false
  var digits = DigitString()

  /// Longest text read, in characters; libphonenumber's limit.
  static let textLimit = 250

  /// Digits and common ASCII punctuation are read here in one pass; anything else goes to `WrittenText`.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<TypedNumber, PhoneNumberFault> {
    guard bytes.count <= 4 * textLimit else { return .failure(.overlong) }
    guard bytes.count <= textLimit else { return WrittenText(utf8: bytes).read() }
    var number = TypedNumber()
    var afterPlus = false
    var strayPlus = false
    for byte in bytes {
      let digit = byte &- 48
      if digit < 10 {
        guard !strayPlus else { return .failure(.notANumber) }
        guard number.digits.append(digit) else { return WrittenText(utf8: bytes).read() }
        afterPlus = false
        continue
      }
      switch byte {
      case UInt8(ascii: "+"):
        // Pluses stand together at the front; one further on counts only if a digit follows it.
        if number.digits.count == 0, !number.hasPlus || afterPlus {
          number.hasPlus = true
          afterPlus = true
        } else {
          strayPlus = true
        }
      case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "."),
        UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"):
        afterPlus = false
      default: return WrittenText(utf8: bytes).read()
      }
    }
    return number.digits.count == 0 ? .failure(.notANumber) : .success(number)
  }
}
