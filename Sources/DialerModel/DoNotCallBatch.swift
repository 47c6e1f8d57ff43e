/// Many numbers, or many prefixes, of one do-not-call list.
public struct DoNotCallBatch: Hashable, Sendable {
  public var scope: DoNotCallScope
  public var isPrefix: Bool
  /// Ascending, none twice, none zero.
  public var digits: [UInt64]

  /// - Parameter digits: ascending, none twice, none zero.
  public init(scope: DoNotCallScope, isPrefix: Bool, digits: [UInt64]) {
    self.scope = scope
    self.isPrefix = isPrefix
    self.digits = digits
  }
}
