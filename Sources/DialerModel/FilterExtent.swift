/// How large a filter becomes when the segments in it are written out.
///
/// A segment may name others, and name one twice: forty short ones, each of which names the one before twice, make a
/// query of 2^40 conditions. So what a filter comes to is measured before it is used, without writing it out.
public struct FilterExtent: Hashable, Sendable {
  /// Values compared with.
  public var terms = 0
  /// How deep conditions stand in each other; a single comparison is 1.
  public var depth = 0

  /// Two of the longest filters: each value is a step down in SQLite's tree of a condition, which has at most a thousand.
  public static let maximumTerms = FilterExpression.maximumTerms * 2
  /// What SQLite's parser takes (a stack of 100, up to three places for each level), with room to spare.
  public static let maximumDepth = 24
  /// The same with a level for each segment on the way.
  fileprivate static let maximumSteps = 64

  /// It is larger than that.
  public struct Excess: Error, Hashable, Sendable {
    /// One sentence for a person.
    public let message = "With all its segments a filter has at most \(maximumTerms) values and \(maximumDepth) levels."
  }
}

/// Measures filters; what a segment comes to is worked out once.
public struct FilterMeasure {
  private let segment: (String) -> FilterExpression?
  private var known: [String: FilterExtent] = [:]

  /// - Parameter segment: the filter of that name. One that is not there counts nothing.
  public init(segment: @escaping (String) -> FilterExpression?) { self.segment = segment }

  public mutating func extent(of filter: FilterExpression) throws(FilterExtent.Excess) -> FilterExtent {
    try extent(of: filter, below: 0)
  }

  private mutating func extent(
    of filter: FilterExpression, below level: Int
  ) throws(FilterExtent.Excess) -> FilterExtent {
    guard level < FilterExtent.maximumSteps else { throw FilterExtent.Excess() }
    switch filter {
    case .compare(_, _, let values): return FilterExtent(terms: values.count, depth: 1)
    case .and(let parts), .or(let parts): return try extent(of: parts, below: level)
    case .not(let part): return try extent(of: [part], below: level)
    case .segment(let name):
      if let known = known[name] { return known }
      guard let named = segment(name) else { return FilterExtent(terms: 0, depth: 1) }
      let whole = try extent(of: named, below: level + 1)
      known[name] = whole
      return whole
    }
  }

  private mutating func extent(
    of parts: [FilterExpression], below level: Int
  ) throws(FilterExtent.Excess) -> FilterExtent {
    var whole = FilterExtent(terms: 0, depth: 1)
    for part in parts {
      let one = try extent(of: part, below: level + 1)
      whole.terms += one.terms
      whole.depth = max(whole.depth, one.depth + 1)
    }
    guard whole.terms <= FilterExtent.maximumTerms, whole.depth <= FilterExtent.maximumDepth else {
      throw FilterExtent.Excess()
    }
    return whole
  }
}
