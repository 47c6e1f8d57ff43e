/// Matches a pattern at the beginning of a number as written expressions do: alternatives in order, repetitions as long
/// as they can be, groups remembered. National and international prefixes need that (which digits a group took decides
/// what is dialled), so they cannot run on the automaton. The program is a list of steps that backtracks by recursion;
/// without unbounded repetition every path ends.
struct PrefixMatcher: Sendable {
  private enum Step: Sendable {
    /// One digit of the mask.
    case digit(UInt16)
    /// Go on at the next step; when that fails, at this one.
    case split(Int)
    case jump(Int)
    /// Remember the position in a slot: twice the group for its start, and one more for its end.
    case save(Int)
    case end
    case done
  }

  /// Where a prefix matched. The transform rules of the plan use groups 1 and 2 only.
  struct Match: Equatable {
    /// Digits taken from the front; may be zero.
    var length = 0
    fileprivate var slots: (Int, Int, Int, Int) = (-1, -1, -1, -1)

    static func == (left: Match, right: Match) -> Bool { left.length == right.length && left.slots == right.slots }

    /// What a group took; nil when it had no part in the match.
    func group(_ number: Int) -> Range<Int>? {
      let (start, end) = number == 1 ? (slots.0, slots.1) : (slots.2, slots.3)
      return start >= 0 && end >= start ? start..<end : nil
    }

    fileprivate mutating func save(_ position: Int, in slot: Int) {
      switch slot {
      case 2: slots.0 = position
      case 3: slots.1 = position
      case 4: slots.2 = position
      case 5: slots.3 = position
      default: break
      }
    }
  }

  private var steps: [Step] = []
  /// Capturing groups in the pattern.
  private(set) var groupCount = 0

  /// Nil when the pattern is too large or has more than two groups.
  init?(_ pattern: DigitPattern) {
    guard pattern.size <= 4096 else { return nil }
    compile(pattern)
    steps.append(.done)
    guard groupCount <= 2 else { return nil }
  }

  /// Nil when no prefix of the digits matches.
  func match(_ digits: DigitString) -> Match? {
    var match = Match()
    return steps.withUnsafeBufferPointer { run($0, 0, digits, 0, &match) } ? match : nil
  }

  private mutating func compile(_ pattern: DigitPattern) {
    switch pattern {
    case .digit(let mask): steps.append(.digit(mask))
    case .end: steps.append(.end)
    case .sequence(let parts): for part in parts { compile(part) }
    case .choice(let alternatives): compile(choice: alternatives)
    case .repetition(let part, let least, let most):
      for _ in 0..<least { compile(part) }
      var splits: [Int] = []
      for _ in least..<most {
        splits.append(steps.count)
        steps.append(.split(0))
        compile(part)
      }
      for index in splits { steps[index] = .split(steps.count) }
    case .group(let number, let part):
      groupCount = max(groupCount, number)
      steps.append(.save(2 * number))
      compile(part)
      steps.append(.save(2 * number + 1))
    }
  }

  private mutating func compile(choice alternatives: [DigitPattern]) {
    var jumps: [Int] = []
    for alternative in alternatives.dropLast() {
      let split = steps.count
      steps.append(.split(0))
      compile(alternative)
      jumps.append(steps.count)
      steps.append(.jump(0))
      steps[split] = .split(steps.count)
    }
    if let last = alternatives.last { compile(last) }
    for index in jumps { steps[index] = .jump(steps.count) }
  }

  private func run(
    _ steps: UnsafeBufferPointer<Step>, _ start: Int, _ digits: DigitString, _ from: Int, _ match: inout Match
  ) -> Bool {
    var index = start
    var position = from
    while true {
      switch steps[index] {
      case .digit(let mask):
        guard position < digits.count, mask >> UInt16(digits[position]) & 1 == 1 else { return false }
        position += 1
        index += 1
      case .split(let other):
        let before = match
        if run(steps, index + 1, digits, position, &match) { return true }
        match = before
        index = other
      case .jump(let target): index = target
      case .save(let slot):
        match.save(position, in: slot)
        index += 1
      case .end:
        guard position == digits.count else { return false }
        index += 1
      case .done:
        match.length = position
        return true
      }
    }
  }
}
