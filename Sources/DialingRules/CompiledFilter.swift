import DialerModel

/// A list's filter, made ready to be asked at every claim.
///
/// What dialling changes in a lead is in its record and is compared there; everything else is on disk, and changes only
/// when a client changes the lead. So the parts of the filter that ask for nothing in the record are worked out once,
/// into one bit each, when a lead is loaded, added or updated.
public struct CompiledFilter: Sendable {
  /// Why a filter cannot be made ready.
  public enum Fault: Error, Hashable, Sendable {
    case unknownSegment(String)
    /// Segments name each other in a circle, or far too deep.
    case tooDeep
    /// More than ``maximumStaticLeaves``.
    case tooManyStaticLeaves
  }

  /// As many as the store works out in one pass.
  public static let maximumStaticLeaves = 62

  /// The parts to be worked out beforehand, without segments; bit n of `staticBits` is the answer of the nth.
  public private(set) var staticLeaves: [FilterExpression] = []
  /// Bits of leaves that ask for what a call changes although the record does not have it (`wrapCode`, `callbackAt` and
  /// the like): to be worked out again after a call, not only after an update.
  public private(set) var bitsChangedByCalls: UInt64 = 0
  public private(set) var program = Program()

  /// What is asked for each lead. One object for all its parts, so that to ask is to follow one reference.
  public final class Program: Sendable {
    fileprivate let nodes: [Node]
    fileprivate let comparisons: [RecordComparison]

    fileprivate init(_ nodes: [Node] = [], _ comparisons: [RecordComparison] = []) {
      self.nodes = nodes
      self.comparisons = comparisons
    }
  }

  /// What the program is put together from.
  private struct Draft {
    var nodes: [Node] = []
    var comparisons: [RecordComparison] = []
  }

  /// A step of the program: leaves yield an answer; a group asks its parts in turn until one settles it.
  fileprivate enum Node: Sendable {
    case staticBit(Int)
    case record(Int)
    case not
    /// `end`: the index behind the group's last node.
    case all(end: Int)
    case any(end: Int)
  }

  /// - Parameter segment: the filter of that name.
  public init(
    _ expression: FilterExpression, segment: (String) -> FilterExpression? = { _ in nil }
  ) throws(Fault) {
    let whole = try Self.resolve(expression, segment, depth: 0)
    var draft = Draft()
    try add(whole, to: &draft)
    program = Program(draft.nodes, draft.comparisons)
  }

  /// Whether the filter takes the lead.
  ///
  /// - Parameters:
  ///   - staticBits: as ``staticBits(value:)`` worked them out for this lead.
  ///   - now: for future comparisons with the time; none looks at it yet.
  public func evaluate(staticBits: UInt64, record: LeadRecord, now: Instant) -> Bool {
    program.evaluate(staticBits: staticBits, record: record)
  }

  /// The answers of ``staticLeaves`` for one lead.
  public func staticBits(value: (FilterField) -> FilterValue?) -> UInt64 {
    var bits: UInt64 = 0
    for (index, leaf) in staticLeaves.enumerated() where FilterEvaluator.takes(leaf, value: value) {
      bits |= 1 << UInt64(index)
    }
    return bits
  }
}

extension CompiledFilter.Program {
  /// As ``CompiledFilter/evaluate(staticBits:record:now:)``.
  public func evaluate(staticBits: UInt64, record: LeadRecord) -> Bool {
    var index = 0
    return evaluate(&index, staticBits, record)
  }

  fileprivate func evaluate(_ index: inout Int, _ bits: UInt64, _ record: LeadRecord) -> Bool {
    let node = nodes[index]
    index += 1
    switch node {
    case .staticBit(let bit): return bits & (1 << UInt64(bit)) != 0
    case .record(let comparison): return comparisons[comparison].holds(record)
    case .not: return !evaluate(&index, bits, record)
    case .all(let end):
      while index < end {
        if !evaluate(&index, bits, record) {
          index = end
          return false
        }
      }
      return true
    case .any(let end):
      while index < end {
        if evaluate(&index, bits, record) {
          index = end
          return true
        }
      }
      return false
    }
  }
}

// MARK: - Making it ready

extension CompiledFilter {
  private static func resolve(
    _ expression: FilterExpression, _ segment: (String) -> FilterExpression?, depth: Int
  ) throws(Fault) -> FilterExpression {
    guard depth < FilterEvaluator.maximumDepth else { throw .tooDeep }
    switch expression {
    case .compare: return expression
    case .and(let parts): return .and(try resolve(parts, segment, depth: depth + 1))
    case .or(let parts): return .or(try resolve(parts, segment, depth: depth + 1))
    case .not(let part): return .not(try resolve(part, segment, depth: depth + 1))
    case .segment(let name):
      guard let found = segment(name) else { throw .unknownSegment(name) }
      return try resolve(found, segment, depth: depth + 1)
    }
  }

  private static func resolve(
    _ parts: [FilterExpression], _ segment: (String) -> FilterExpression?, depth: Int
  ) throws(Fault) -> [FilterExpression] {
    var resolved: [FilterExpression] = []
    for part in parts { resolved.append(try resolve(part, segment, depth: depth)) }
    return resolved
  }

  private mutating func add(_ expression: FilterExpression, to draft: inout Draft) throws(Fault) {
    if expression.isStatic {
      draft.nodes.append(.staticBit(try bit(of: expression)))
      return
    }
    switch expression {
    case .compare(let field, let comparison, let values):
      guard let ready = RecordComparison(field, comparison, values) else {
        preconditionFailure("what the record cannot answer is static")
      }
      draft.nodes.append(.record(draft.comparisons.count))
      draft.comparisons.append(ready)
    case .not(let part):
      draft.nodes.append(.not)
      try add(part, to: &draft)
    case .and(let parts): try add(parts, isAll: true, to: &draft)
    case .or(let parts): try add(parts, isAll: false, to: &draft)
    case .segment(let name): throw .unknownSegment(name)
    }
  }

  /// The static parts of a group become one leaf, and come first: a bit is cheaper than a comparison.
  private mutating func add(_ parts: [FilterExpression], isAll: Bool, to draft: inout Draft) throws(Fault) {
    let place = draft.nodes.count
    draft.nodes.append(.all(end: place))
    let fixed = parts.filter(\.isStatic)
    if fixed.count == 1 {
      try add(fixed[0], to: &draft)
    } else if fixed.count > 1 {
      try add(isAll ? .and(fixed) : .or(fixed), to: &draft)
    }
    for part in parts where !part.isStatic { try add(part, to: &draft) }
    draft.nodes[place] = isAll ? .all(end: draft.nodes.count) : .any(end: draft.nodes.count)
  }

  private mutating func bit(of leaf: FilterExpression) throws(Fault) -> Int {
    if let known = staticLeaves.firstIndex(of: leaf) { return known }
    guard staticLeaves.count < Self.maximumStaticLeaves else { throw .tooManyStaticLeaves }
    staticLeaves.append(leaf)
    if leaf.asksForCalls { bitsChangedByCalls |= 1 << UInt64(staticLeaves.count - 1) }
    return staticLeaves.count - 1
  }
}

extension FilterExpression {
  /// Whether nothing in it is compared in the record. `{}` takes every lead: static too.
  fileprivate var isStatic: Bool {
    switch self {
    case .compare(let field, let comparison, _): !RecordComparison.compares(field, comparison)
    case .and(let parts), .or(let parts): parts.allSatisfy(\.isStatic)
    case .not(let part): part.isStatic
    case .segment: false
    }
  }

  fileprivate var asksForCalls: Bool {
    switch self {
    case .compare(let field, _, _):
      switch field {
      case .lastContactedAt, .lastAgentID, .wrapCode, .callbackAt, .statusName, .updatedAt, .status: true
      default: false
      }
    case .and(let parts), .or(let parts): parts.contains(where: \.asksForCalls)
    case .not(let part): part.asksForCalls
    case .segment: false
    }
  }
}
