/// What a Unicode scalar may be in a written telephone number.
enum NumberCharacter {
  /// The value of a decimal digit of any script.
  static func digit(_ scalar: UInt32) -> UInt8? {
    if scalar < 0x80 { return scalar >= 48 && scalar <= 57 ? UInt8(scalar - 48) : nil }
    guard let properties = Unicode.Scalar(scalar)?.properties, properties.generalCategory == .decimalNumber else {
      return nil
    }
    return properties.numericValue.map { UInt8($0) }
  }

  /// Also the full-width form.
  static func isPlus(_ scalar: UInt32) -> Bool { scalar == 0x2B || scalar == 0xFF0B }

  /// The letters of a keypad, A to Z.
  static func isLetter(_ scalar: UInt32) -> Bool {
    let lower = scalar | 0x20
    return lower >= 0x61 && lower <= 0x7A && scalar < 0x80
  }

  /// The key a letter stands on (ITU-T E.161).
  static func keypadDigit(_ scalar: UInt32) -> UInt8? {
    guard isLetter(scalar) else { return nil }
    switch scalar | 0x20 {
    case ...0x63: return 2
    case ...0x66: return 3
    case ...0x69: return 4
    case ...0x6C: return 5
    case ...0x6F: return 6
    case ...0x73: return 7
    case ...0x76: return 8
    default: return 9
    }
  }

  /// Dashes, spaces, brackets, dots, slashes, tildes, the star, in their full-width forms too, and the `x` that some
  /// write for a carrier's code.
  static func isPunctuation(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x20, 0x28...0x2A, 0x2D...0x2F, 0x5B, 0x5D, 0x78, 0x58, 0x7E, 0xA0, 0xAD, 0x200B, 0x2010...0x2015, 0x2053,
      0x2060, 0x2212, 0x223C, 0x3000, 0x30FC, 0xFF08, 0xFF09, 0xFF0D...0xFF0F, 0xFF3B, 0xFF3D, 0xFF5E:
      true
    default: false
    }
  }

  /// The separators RFC 3966 allows within digits.
  static func isVisualSeparator(_ scalar: UInt32) -> Bool {
    scalar == 0x28 || scalar == 0x29 || scalar == 0x2D || scalar == 0x2E
  }

  /// A letter or a number of any script, or the `#` that closes an extension.
  static func mayEndNumber(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return isLetter(scalar) || scalar == 0x23 || (scalar >= 48 && scalar <= 57) }
    switch Unicode.Scalar(scalar)?.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }
}
