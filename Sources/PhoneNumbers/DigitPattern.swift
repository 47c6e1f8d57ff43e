/// The expressions of the numbering plan, read once. They are small: digits, `\d`, `[2-46]`, `|`, `(…)`, `(?:…)`, `?`, `{n}`,
/// `{n,m}`, and `$` in prefixes. There is no unbounded repetition, so a pattern matches finitely many digit strings;
/// both ways to run one (`DigitAutomaton`, `PrefixMatcher`) rest on that.
indirect enum DigitPattern: Hashable, Sendable {
  /// One digit; bit d is set when digit d matches.
  case digit(UInt16)
  case sequence([DigitPattern])
  case choice([DigitPattern])
  case repetition(DigitPattern, Int, Int)
  /// A capturing group, numbered from one.
  case group(Int, DigitPattern)
  /// The end of the number, `$`.
  case end
}

extension DigitPattern {
  /// Nil when the text uses anything that is not listed above.
  init?(_ text: String) {
    var reader = DigitPatternReader(text)
    guard let pattern = reader.choice(depth: 0), reader.isAtEnd else { return nil }
    self = pattern
  }

  /// How many one-digit steps the pattern has when its repetitions are written out: what it costs to compile.
  var size: Int {
    switch self {
    case .digit, .end: 1
    case .sequence(let parts), .choice(let parts): parts.reduce(1) { $0 + $1.size }
    case .repetition(let part, _, let most): 1 + part.size * most
    case .group(_, let part): 1 + part.size
    }
  }

  /// The most digits a match can have.
  var longest: Int {
    switch self {
    case .digit: 1
    case .end: 0
    case .sequence(let parts): parts.reduce(0) { $0 + $1.longest }
    case .choice(let alternatives): alternatives.reduce(0) { max($0, $1.longest) }
    case .repetition(let part, _, let most): part.longest * most
    case .group(_, let part): part.longest
    }
  }
}

/// Recursive descent over the bytes of one pattern.
private struct DigitPatternReader {
  /// Deepest nesting read; the plan's is below ten. Keeps a hostile file from exhausting the stack.
  static let depthLimit = 64
  /// Most repetitions written out; a number has at most 17 digits.
  static let repetitionLimit = 32

  private let bytes: [UInt8]
  private var position = 0
  private var groups = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  mutating func choice(depth: Int) -> DigitPattern? {
    guard depth < Self.depthLimit, let first = sequence(depth: depth) else { return nil }
    var alternatives = [first]
    while take("|") {
      guard let next = sequence(depth: depth) else { return nil }
      alternatives.append(next)
    }
    return alternatives.count == 1 ? first : .choice(alternatives)
  }

  private mutating func sequence(depth: Int) -> DigitPattern? {
    var parts: [DigitPattern] = []
    while !isAtEnd, bytes[position] != UInt8(ascii: "|"), bytes[position] != UInt8(ascii: ")") {
      guard let atom = atom(depth: depth), let part = repeated(atom) else { return nil }
      parts.append(part)
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func atom(depth: Int) -> DigitPattern? {
    if take("(") { return group(depth: depth) }
    if take("[") { return digitClass() }
    if take("$") { return .end }
    if take("\\") { return take("d") ? .digit(0x3FF) : nil }
    return digit().map { .digit(1 << $0) }
  }

  private mutating func group(depth: Int) -> DigitPattern? {
    var number: Int?
    if take("?") {
      guard take(":") else { return nil }
    } else {
      groups += 1
      number = groups
    }
    guard let inner = choice(depth: depth + 1), take(")") else { return nil }
    return number.map { .group($0, inner) } ?? inner
  }

  private mutating func digitClass() -> DigitPattern? {
    var mask: UInt16 = 0
    while !take("]") {
      if take("\\") {
        guard take("d") else { return nil }
        mask = 0x3FF
        continue
      }
      guard let low = digit() else { return nil }
      var high = low
      if take("-") {
        guard let bound = digit(), bound >= low else { return nil }
        high = bound
      }
      for value in low...high { mask |= 1 << value }
    }
    return mask == 0 ? nil : .digit(mask)
  }

  private mutating func repeated(_ atom: DigitPattern) -> DigitPattern? {
    if take("?") { return .repetition(atom, 0, 1) }
    guard take("{") else { return atom }
    guard let least = number() else { return nil }
    var most = least
    if take(",") {
      guard let bound = number() else { return nil }
      most = bound
    }
    guard take("}"), least <= most, most > 0, most <= Self.repetitionLimit else { return nil }
    return .repetition(atom, least, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let next = digit() {
      value = (value ?? 0) * 10 + Int(next)
      if value! > Self.repetitionLimit { return nil }
    }
    return value
  }

  private mutating func digit() -> UInt16? {
    guard !isAtEnd, bytes[position] >= 48, bytes[position] <= 57 else { return nil }
    defer { position += 1 }
    return UInt16(bytes[position] - 48)
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard !isAtEnd, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }
}
