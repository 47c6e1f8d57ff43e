/// A filter with a name, for a tenant's finds, bulk actions and lists.
public struct Segment: Hashable, Codable, Sendable {
  public var name: String
  public var tenant: TenantID
  public var filter: FilterExpression
  public var createdAt: Instant
  public var updatedAt: Instant
  public init(name: String, tenant: TenantID, filter: FilterExpression, createdAt: Instant) {
    self.name = name
    self.tenant = tenant
    self.filter = filter
    self.createdAt = createdAt
    updatedAt = createdAt
  }
}

extension FilterExpression {
  /// Whether the field is asked for, also in a segment.
  public func mentions(_ field: FilterField, segment: (String) -> FilterExpression? = { _ in nil }) -> Bool {
    mentions(field, segment, depth: 0)
  }

  private func mentions(_ field: FilterField, _ segment: (String) -> FilterExpression?, depth: Int) -> Bool {
    guard depth < Self.maximumDepth * 4 else { return false }
    switch self {
    case .compare(let own, _, _): return own == field
    case .and(let parts), .or(let parts): return parts.contains { $0.mentions(field, segment, depth: depth + 1) }
    case .not(let part): return part.mentions(field, segment, depth: depth + 1)
    case .segment(let name): return segment(name)?.mentions(field, segment, depth: depth + 1) ?? false
    }
  }
}
