/// The ways people write an extension behind a number: `;ext=7`, `ext. 7`, `x7`, `#7`, `,,7`, `- 7#`. The clearer the label,
/// the more digits the extension may have (libphonenumber's limits), so that two numbers side by side are not taken for
/// one with an extension.
struct WrittenExtension {
  private let text: ArraySlice<UInt32>
  private var index: Int

  private init(_ text: ArraySlice<UInt32>, at index: Int) {
    self.text = text
    self.index = index
  }

  /// The first place from which the rest of the text is an extension.
  static func start(in text: [UInt32]) -> Int? { text.indices.first { matches(text[...], at: $0) } }

  /// Whether all of the text from here on is an extension.
  static func matches(_ text: ArraySlice<UInt32>, at index: Int) -> Bool {
    guard mayBegin(text[index]) else { return false }
    let reader = WrittenExtension(text, at: index)
    return reader.isParameter() || reader.isLabelled() || reader.isMarked() || reader.isHashed()
      || reader.isDialledAfterPause() || reader.isAfterCommas()
  }

  /// Rules most characters out at once.
  private static func mayBegin(_ scalar: UInt32) -> Bool {
    switch lowercased(scalar) {
    case 0x09, 0x20, 0x23, 0x2C, 0x2D, 0x3B, 0x61, 0x65, 0x69, 0x78, 0x7E, 0xA0: true
    case 0x434, 0xFF03, 0xFF45, 0xFF49, 0xFF58, 0xFF5E: true
    default: false
    }
  }

  private func isParameter() -> Bool {
    var reader = self
    return reader.take(";ext=") && reader.digits(20) && reader.isAtEnd
  }

  private func isLabelled() -> Bool {
    var reader = self
    reader.skip(Self.isSeparatorOrComma)
    guard reader.label() else { return false }
    return reader.ends(20)
  }

  /// `ext`, `extn`, `extension` in several spellings, full-width, Russian `доб`, Spanish `anexo`.
  private mutating func label() -> Bool {
    if take("anexo") || take("\u{434}\u{43E}\u{431}") { return true }
    let start = index
    _ = take("e")
    if take("xt") {
      let short = index
      // The accent may be a character of its own behind the o.
      if !(take("ensio\u{301}") || take("ensio") || take("ensi\u{F3}")) { index = short }
      _ = take("n")
      return true
    }
    index = start
    _ = take("\u{FF45}")
    guard take("\u{FF58}\u{FF54}") else { return false }
    _ = take("\u{FF4E}")
    return true
  }

  private static let marks = ["x", "\u{FF58}", "#", "\u{FF03}", "~", "\u{FF5E}", "int", "\u{FF49}\u{FF4E}\u{FF54}"]

  private func isMarked() -> Bool {
    var reader = self
    reader.skip(Self.isSeparatorOrComma)
    guard Self.marks.contains(where: { reader.take($0) }) else { return false }
    return reader.ends(9)
  }

  /// American: `- 503#`.
  private func isHashed() -> Bool {
    var reader = self
    let start = reader.index
    reader.skip { $0 == 0x2D || $0 == 0x20 }
    return reader.index > start && reader.digits(6) && reader.take("#") && reader.isAtEnd
  }

  private func isDialledAfterPause() -> Bool {
    var reader = self
    reader.skip(Self.isSeparator)
    guard reader.take(",,") || reader.take(";") else { return false }
    return reader.ends(15)
  }

  private func isAfterCommas() -> Bool {
    var reader = self
    reader.skip(Self.isSeparator)
    let start = reader.index
    reader.skip { $0 == 0x2C }
    return reader.index > start && reader.ends(9)
  }

  /// What may follow a label, the digits, a `#`, and nothing more.
  private mutating func ends(_ limit: Int) -> Bool {
    if let scalar = current, scalar == 0x3A || scalar == 0x2E || scalar == 0xFF0E { index += 1 }
    skip { Self.isSeparatorOrComma($0) || $0 == 0x2D }
    guard digits(limit) else { return false }
    _ = take("#")
    return isAtEnd
  }

  private mutating func digits(_ limit: Int) -> Bool {
    let start = index
    skip { NumberCharacter.digit($0) != nil }
    return index > start && index - start <= limit
  }

  private var isAtEnd: Bool { index == text.endIndex }
  private var current: UInt32? { isAtEnd ? nil : text[index] }

  private mutating func skip(_ isSkipped: (UInt32) -> Bool) {
    while let scalar = current, isSkipped(scalar) { index += 1 }
  }

  /// Takes a lower-case label in either case.
  private mutating func take(_ label: String) -> Bool {
    var end = index
    for expected in label.unicodeScalars {
      guard end < text.endIndex, Self.lowercased(text[end]) == expected.value else { return false }
      end += 1
    }
    index = end
    return true
  }

  /// Latin, full-width Latin, the accented o and Russian: the letters the labels are written in.
  private static func lowercased(_ scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0x41...0x5A, 0xFF21...0xFF3A, 0x410...0x42F: scalar + 0x20
    case 0xD3: 0xF3
    default: scalar
    }
  }

  private static func isSeparator(_ scalar: UInt32) -> Bool { scalar == 0x20 || scalar == 0xA0 || scalar == 0x09 }
  private static func isSeparatorOrComma(_ scalar: UInt32) -> Bool { isSeparator(scalar) || scalar == 0x2C }
}
