import DialerModel

@testable import PhoneNumbers

/// Draws digits that a pattern matches, so that tests of matching do not only see misses.
struct PatternSampler {
  var generator: SeededGenerator

  mutating func sample(_ pattern: DigitPattern) -> String {
    switch pattern {
    case .digit(let mask):
      let digits = (0..<10).filter { mask >> UInt16($0) & 1 == 1 }
      return digits.randomElement(using: &generator).map(String.init) ?? ""
    case .end: return ""
    case .sequence(let parts): return parts.reduce(into: "") { $0 += sample($1) }
    case .choice(let alternatives): return alternatives.randomElement(using: &generator).map { sample($0) } ?? ""
    case .repetition(let part, let least, let most):
      return (0..<Int.random(in: least...most, using: &generator)).reduce(into: "") { text, _ in text += sample(part) }
    case .group(_, let part): return sample(part)
    }
  }

  /// The digits with one changed, taken away or put in.
  mutating func mutate(_ digits: String) -> String {
    var bytes = Array(digits.utf8)
    let place = Int.random(in: 0...bytes.count, using: &generator)
    let digit = UInt8.random(in: 48...57, using: &generator)
    switch Int.random(in: 0..<3, using: &generator) {
    case 0 where place < bytes.count: bytes[place] = digit
    case 1 where place < bytes.count: bytes.remove(at: place)
    default: bytes.insert(digit, at: place)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func randomDigits(_ lengths: ClosedRange<Int>) -> String {
    let bytes = (0..<Int.random(in: lengths, using: &generator)).map { _ in UInt8.random(in: 48...57, using: &generator)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
