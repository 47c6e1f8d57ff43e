/// The id of an import: text given out by the daemon.
public struct ImportID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

/// How a file is read and what its rows come to. A template keeps the same but for `path`.
public struct ImportOptions: Hashable, Codable, Sendable {
  /// Fields by column: the column's header, or without a header its number from 1. Nil = by the usual names.
  public var mapping: [String: [String]]?
  public var hasHeader = true
  /// One of `,` `;` tab `|`; nil = the one that the first line has most of.
  public var delimiter: String?
  /// Where national numbers are read, ISO 3166-1; nil = the campaign's or the configuration's.
  public var region: String?
  public var timeZoneRules: [TimeZoneRule] = []
  public var match = MatchRule.Key.vendorLeadCode
  public var scope = MatchRule.Scope.list
  public var onMatch = MatchRule.OnMatch.update
  /// A file on the daemon's machine; nil = the client sends the content.
  public var path: String?
  public init() {}

  public var matchRule: MatchRule { MatchRule(match, scope: scope, onMatch: onMatch) }
}

/// What a commit came to. Rows that were dropped are in none of the numbers.
public struct ImportSummary: Hashable, Codable, Sendable {
  public var added = 0
  public var updated = 0
  public var moved = 0
  public var skipped = 0
  public var duplicates = 0
  public var invalid = 0
  /// Values that were longer than their field takes.
  public var cut = 0
  public init() {}
}

/// An import as the database keeps it. Its rows are in a file of their own until it ends.
public struct ImportRecord: Hashable, Codable, Sendable {
  public enum State: String, Codable, Sendable {
    /// Takes bytes, edits and drops.
    case open
    /// New leads are being written, and nobody sees them. After a crash it starts anew.
    case committing
    /// The new leads are there; leads that were there before are being changed. After a crash it goes on.
    case applying
    case committed
    case cancelled
  }

  public var importID: ImportID
  public var tenant: TenantID
  public var listID: ListID
  public var options: ImportOptions
  public var state = State.open
  public var openedAt: Instant
  public var finishedAt: Instant?
  public var summary = ImportSummary()
  /// While it is committing: the first of the ids that are set aside for its leads, and how many they are.
  public var firstLeadID = LeadID(0)
  public var reserved = 0
  /// While it is applying: every row up to this one is done.
  public var appliedRow: Int64 = 0

  public init(
    importID: ImportID, tenant: TenantID, listID: ListID, options: ImportOptions, openedAt: Instant
  ) {
    self.importID = importID
    self.tenant = tenant
    self.listID = listID
    self.options = options
    self.openedAt = openedAt
  }

  /// Whether the id is one of those for the leads of this import.
  public func hasSetAside(_ lead: LeadID) -> Bool {
    lead.rawValue >= firstLeadID.rawValue && Int(lead.rawValue) < Int(firstLeadID.rawValue) + reserved
  }

  public var isFinished: Bool { state == .committed || state == .cancelled }
}

/// A mapping with a name, to be used again.
public struct ImportTemplate: Hashable, Codable, Sendable {
  public var name: String
  public var tenant: TenantID
  public var options: ImportOptions
  public init(name: String, tenant: TenantID, options: ImportOptions) {
    self.name = name
    self.tenant = tenant
    self.options = options
  }
}
