/// The long way to read a typed number: any script's digits and punctuation, letters, `tel:` links with parameters, and
/// extensions. It keeps the characters in an array, since it looks at them more than once; few numbers come this way.
struct WrittenText {
  private typealias Kind = NumberCharacter

  /// Unicode scalars; bytes that are no UTF-8 become U+FFFD.
  private var scalars: [UInt32] = []

  init(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    scalars.reserveCapacity(bytes.count)
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): scalars.append(scalar.value)
      case .emptyInput: return
      case .error: scalars.append(0xFFFD)
      }
    }
  }

  func read() -> Result<TypedNumber, PhoneNumberFault> {
    guard scalars.count <= TypedNumber.textLimit else { return .failure(.overlong) }
    guard var candidate = linkedNumber() else { return .failure(.notANumber) }
    if candidate.contains(0x3B), let parameter = Self.find(";isub=", in: candidate), parameter > 0 {
      candidate.removeSubrange(parameter...)
    }
    guard Self.isViable(candidate[...]) else { return .failure(.notANumber) }
    if let start = WrittenExtension.start(in: candidate), Self.isViable(candidate[..<start]) {
      candidate.removeSubrange(start...)
    }
    return Self.digits(of: candidate)
  }

  /// The number of a link with `;phone-context=` (RFC 3966, section 5.1.5), or what stands in plain text; nil when the
  /// context is malformed.
  private func linkedNumber() -> [UInt32]? {
    let label = ";phone-context="
    guard scalars.contains(0x3B), let parameter = Self.find(label, in: scalars) else { return plainNumber() }
    let context = scalars[(parameter + label.utf8.count)...].prefix { $0 != 0x3B }
    guard let first = context.first else { return nil }
    let start = Self.find("tel:", in: scalars).map { $0 + 4 } ?? 0
    let local = start < parameter ? scalars[start..<parameter] : []
    if first == 0x2B {
      let rest = context.dropFirst()
      let isGlobal = rest.allSatisfy { Kind.digit($0) != nil || Kind.isVisualSeparator($0) }
      return isGlobal && rest.contains { Kind.digit($0) != nil } ? Array(context + local) : nil
    }
    let isDomain = context.allSatisfy { Kind.isLetter($0) || Kind.digit($0) != nil || $0 == 0x2D || $0 == 0x2E }
    return isDomain ? Array(local) : nil
  }

  /// From the first digit or plus sign to the last letter or digit; a second number behind a slash is left out.
  private func plainNumber() -> [UInt32] {
    guard let start = scalars.firstIndex(where: { Kind.isPlus($0) || Kind.digit($0) != nil }) else { return [] }
    var number = scalars[start...]
    while let last = number.last, !Kind.mayEndNumber(last) { number.removeLast() }
    for index in number.indices where number[index] == 0x2F || number[index] == 0x5C {
      var next = index + 1
      while next < number.endIndex, number[next] == 0x20 { next += 1 }
      if next < number.endIndex, number[next] == 0x78 {
        number = number[..<index]
        break
      }
    }
    return Array(number)
  }

  /// Two digits alone; or at least three with nothing but punctuation between, after them also letters, and at the end
  /// an extension.
  private static func isViable(_ text: ArraySlice<UInt32>) -> Bool {
    var digitCount = 0
    var index = text.startIndex
    while index < text.endIndex, Kind.isPlus(text[index]) { index += 1 }
    while index < text.endIndex {
      if digitCount >= 3, WrittenExtension.matches(text, at: index) { return true }
      let scalar = text[index]
      if Kind.digit(scalar) != nil {
        digitCount += 1
      } else if !Kind.isPunctuation(scalar), digitCount < 3 || !Kind.isLetter(scalar) {
        break
      }
      index += 1
      if digitCount == 2, index == text.startIndex + 2 {
        if index == text.endIndex || WrittenExtension.matches(text, at: index) { return true }
      }
    }
    return index == text.endIndex && digitCount >= 3
  }

  private static func digits(of text: [UInt32]) -> Result<TypedNumber, PhoneNumberFault> {
    var number = TypedNumber()
    number.hasPlus = text.first.map(Kind.isPlus) ?? false
    // Fewer letters are more likely slips of the hand than words: they are dropped. Beside letters, libphonenumber drops
    // digits of other scripts; here they count, since with digits missing another number would be dialled.
    let spellsWord = text.reduce(0) { $0 + (Kind.isLetter($1) ? 1 : 0) } >= 3
    for scalar in text {
      guard let digit = Kind.digit(scalar) ?? (spellsWord ? Kind.keypadDigit(scalar) : nil) else { continue }
      guard number.digits.append(digit) else { return .failure(.overlong) }
    }
    return number.digits.count == 0 ? .failure(.notANumber) : .success(number)
  }

  private static func find(_ label: String, in text: [UInt32]) -> Int? {
    let label = label.unicodeScalars.map(\.value)
    guard text.count >= label.count else { return nil }
    return (0...(text.count - label.count)).first { text[$0..<($0 + label.count)].elementsEqual(label) }
  }
}
