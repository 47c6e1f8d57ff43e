/// What a tenant asks of one field of its leads.
public struct FieldRule: Hashable, Codable, Sendable {
  public enum Kind: String, CaseIterable, Codable, Sendable {
    case text, integer, number, boolean
    /// `2026-11-20`.
    case date
    case email
    /// Kept as E.164.
    case phone
    /// Any value.
    case json
  }

  public var tenant: TenantID
  /// As filters name it: `firstName`, `custom.policy`.
  public var field: String
  public var type: Kind
  /// A new lead has it, and none loses it.
  public var required = false
  /// No two leads of the tenant have the same; any number of them may have none.
  public var unique = false
  /// In characters; longer text is cut. Nil = as long as the field takes.
  public var maximumLength: Int?

  public init(tenant: TenantID, field: String, type: Kind) {
    self.tenant = tenant
    self.field = field
    self.type = type
  }
}
