/// Builds the table from the end of each pattern to its beginning. A node is known by what follows it, and equal nodes
/// are one (they are looked up before they are made), so the result is minimal without a second pass, and regions
/// share what they have in common. It works because patterns match finitely many numbers: there are no cycles.
struct DigitAutomatonBuilder {
  typealias Node = UInt32

  /// Most nodes made, those of half-built patterns included. The plan of phonenumbers 9.0.43 makes 30,520 and keeps 8,175.
  static let nodeLimit = 1 << 17

  private let nodeLimit: Int
  /// Most digits of a pattern with its repetitions written out.
  static let patternLimit = 1 << 14

  static let dead: Node = 0

  /// Sixteen words a node, laid out as in `DigitAutomaton`, but with node numbers for next states.
  private var words: [Node]
  /// Open addressing; zero is free (the dead node is never looked up here).
  private var slots: [Node]
  /// Unions already made. A cache that forgets: two pairs with one place overwrite each other.
  private var unionKeys: [UInt64]
  private var unionValues: [Node]
  private(set) var isFull = false

  init(nodeLimit: Int = Self.nodeLimit) {
    self.nodeLimit = nodeLimit
    words = [Node](repeating: 0, count: DigitAutomaton.stride)
    slots = [Node](repeating: 0, count: 1 << 15)
    unionKeys = [UInt64](repeating: 0, count: 1 << 14)
    unionValues = [Node](repeating: 0, count: 1 << 14)
    words.reserveCapacity(min(nodeLimit, 1 << 15) * DigitAutomaton.stride)
  }

  var nodeCount: Int { words.count / DigitAutomaton.stride }

  /// The node from which the pattern is accepted with these bits; nil for a pattern with `$` or one that is too large.
  mutating func node(for pattern: DigitPattern, accepting bits: DigitAutomaton.Patterns) -> Node? {
    guard pattern.size <= Self.patternLimit, pattern.longest <= DigitString.capacity, !isFull else { return nil }
    let accept = make { $0[DigitAutomaton.acceptWord] = Node(bits) }
    guard let root = build(pattern, before: accept), !isFull else { return nil }
    return root
  }

  /// What either of the two accepts.
  mutating func union(_ left: Node, _ right: Node) -> Node {
    if left == right || right == Self.dead { return left }
    if left == Self.dead { return right }
    let (low, high) = left < right ? (left, right) : (right, left)
    let key = UInt64(high) << 32 | UInt64(low)
    let place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 50)
    if unionKeys[place] == key { return unionValues[place] }
    let first = Int(low) * DigitAutomaton.stride
    let second = Int(high) * DigitAutomaton.stride
    var digits: InlineArray<16, Node> = .init(repeating: 0)
    for digit in 0..<10 { digits[digit] = union(words[first + digit], words[second + digit]) }
    let accept = words[first + DigitAutomaton.acceptWord] | words[second + DigitAutomaton.acceptWord]
    digits[DigitAutomaton.acceptWord] = accept
    let result = intern(digits)
    unionKeys[place] = key
    unionValues[place] = result
    return result
  }

  private mutating func build(_ pattern: DigitPattern, before next: Node) -> Node? {
    switch pattern {
    case .digit(let mask):
      return make { node in
        for digit in 0..<10 where mask >> UInt16(digit) & 1 == 1 { node[digit] = next }
      }
    case .sequence(let parts):
      var node = next
      for part in parts.reversed() {
        guard let built = build(part, before: node) else { return nil }
        node = built
      }
      return node
    case .choice(let alternatives):
      var node = Self.dead
      for alternative in alternatives {
        guard let built = build(alternative, before: next) else { return nil }
        node = union(node, built)
      }
      return node
    case .repetition(let part, let least, let most):
      var node = next
      for count in 0..<most {
        guard let built = build(part, before: node) else { return nil }
        node = count < most - least ? union(next, built) : built
      }
      return node
    case .group(_, let part): return build(part, before: next)
    case .end: return nil
    }
  }

  private mutating func make(_ fill: (inout InlineArray<16, Node>) -> Void) -> Node {
    var node: InlineArray<16, Node> = .init(repeating: 0)
    fill(&node)
    return intern(node)
  }

  /// The number of this node, new or known. When the limit is reached, the dead node, and `isFull`.
  private mutating func intern(_ node: InlineArray<16, Node>) -> Node {
    var slot = Self.hash(node) & (slots.count - 1)
    while slots[slot] != 0 {
      let start = Int(slots[slot]) * DigitAutomaton.stride
      var isEqual = true
      for word in 0...DigitAutomaton.acceptWord where words[start + word] != node[word] {
        isEqual = false
        break
      }
      if isEqual { return slots[slot] }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard nodeCount < nodeLimit else {
      isFull = true
      return Self.dead
    }
    let number = Node(nodeCount)
    for word in 0..<DigitAutomaton.stride { words.append(node[word]) }
    slots[slot] = number
    if nodeCount * 2 > slots.count { grow() }
    return number
  }

  private mutating func grow() {
    var larger = [Node](repeating: 0, count: slots.count * 2)
    for number in 1..<nodeCount {
      var node: InlineArray<16, Node> = .init(repeating: 0)
      for word in 0..<DigitAutomaton.stride { node[word] = words[number * DigitAutomaton.stride + word] }
      var slot = Self.hash(node) & (larger.count - 1)
      while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
      larger[slot] = Node(number)
    }
    slots = larger
  }

  private static func hash(_ node: InlineArray<16, Node>) -> Int {
    var hash: UInt64 = 0
    for word in 0...DigitAutomaton.acceptWord {
      hash = (hash.rotated5 ^ UInt64(node[word])) &* 0x517C_C1B7_2722_0A95
    }
    return Int(truncatingIfNeeded: hash >> 20)
  }

  /// The table with only what the roots reach, each root's states together, and each root's state.
  func automaton(roots: [Node]) -> (automaton: DigitAutomaton, states: [DigitAutomaton.State]) {
    let stride = DigitAutomaton.stride
    var numbers = [Node](repeating: 0, count: nodeCount)
    var order: [Node] = [Self.dead]
    var done = 1
    for root in roots where root != Self.dead && numbers[Int(root)] == 0 {
      numbers[Int(root)] = Node(order.count)
      order.append(root)
      while done < order.count {
        let start = Int(order[done]) * stride
        for digit in 0..<10 {
          let child = words[start + digit]
          guard child != Self.dead, numbers[Int(child)] == 0 else { continue }
          numbers[Int(child)] = Node(order.count)
          order.append(child)
        }
        done += 1
      }
    }
    var table = [Node](repeating: 0, count: order.count * stride)
    for (place, node) in order.enumerated() {
      let start = Int(node) * stride
      for digit in 0..<10 { table[place * stride + digit] = numbers[Int(words[start + digit])] * Node(stride) }
      table[place * stride + DigitAutomaton.acceptWord] = words[start + DigitAutomaton.acceptWord]
    }
    return (DigitAutomaton(words: table), roots.map { numbers[Int($0)] * Node(stride) })
  }
}

extension UInt64 {
  fileprivate var rotated5: UInt64 { self << 5 | self >> 59 }
}
