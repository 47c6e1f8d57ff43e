/// Every pattern of the plan as one table: a state is sixteen words, ten of them the next state for each digit, one the
/// patterns that accept here. One walk over a number answers for all patterns of a region at once.
struct DigitAutomaton: Sendable {
  /// A state: the index of its first word. Zero is the dead state, from which nothing is accepted.
  typealias State = UInt32
  /// One bit a pattern; which bit is which is the caller's affair.
  typealias Patterns = UInt16

  static let stride = 16
  static let acceptWord = 10

  /// The next states as indices of words.
  private let words: [State]

  init(words: [State]) {
    precondition(words.count >= Self.stride && words.count % Self.stride == 0, "an automaton has a dead state")
    self.words = words
  }

  var stateCount: Int { words.count / Self.stride }

  /// The patterns that match the whole number.
  @inline(__always)
  func patterns(matching digits: DigitString, from root: State) -> Patterns {
    words.withUnsafeBufferPointer { words in
      var state = Int(root)
      var rest = digits.bits
      for _ in 0..<digits.count {
        state = Int(words[state + Int(truncatingIfNeeded: rest &>> 124)])
        if state == 0 { return 0 }
        rest = rest &<< 4
      }
      return Patterns(truncatingIfNeeded: words[state + Self.acceptWord])
    }
  }

  /// Whether the number begins with something that a pattern matches.
  func matchesPrefix(of digits: DigitString, from root: State) -> Bool {
    var state = Int(root)
    for index in 0..<digits.count {
      if words[state + Self.acceptWord] != 0 { return true }
      state = Int(words[state + digits[index]])
      if state == 0 { return false }
    }
    return words[state + Self.acceptWord] != 0
  }
}
