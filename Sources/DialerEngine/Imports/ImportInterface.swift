import ControlProtocol
import DialerModel
import LeadImport

/// What the engine wants of the rows of an import. The host carries it out on a thread of its own, in order: files,
/// staging and the search for matches are no business of a turn.
public struct ImportRequest: Sendable {
  public enum Rows: String, CaseIterable, Sendable { case valid, invalid, existing, all }

  public enum Step: Sendable {
    /// Makes the staging, or looks at the file on this machine.
    case open
    /// Durable when it is answered.
    case write(offset: Int64, base64: String)
    /// The next piece of a file on this machine.
    case readOn
    case preview(Rows, limit: Int, cursor: String?)
    case download(Rows, cursor: String?)
    case edit(row: Int64, values: [String: String], isDryRun: Bool)
    case drop([Int64], isDryRun: Bool)
    case status
    /// How many rows there are to commit.
    case count
    /// From the first row on, with ids from this one.
    case begin(firstLeadID: LeadID, at: Instant)
    /// So many of the next leads. When this is asked for the n-th time, those of the (n - ``commitDepth``)-th are on disk.
    case next(rows: Int)
    /// The last so many chunks are worked out anew, from their first row on.
    case takeBack(chunks: Int)
    /// Planned changes of leads that are there, behind this row.
    case changes(after: Int64)
    /// The rows of those who are deleted.
    case erase([StagedErasure])
    case discard
    /// Removes staged rows of all imports but these: what a crash left.
    case sweep(keeping: Set<ImportID>)
  }

  /// Chunks under way at once: one is worked out while another is written.
  public static let commitDepth = 2

  public var importID: ImportID
  public var listID: ListID
  public var options: ImportOptions
  public var rules: ImportRules
  public var step: Step
}

public enum ImportAnswer: Sendable {
  case done
  case reply(JSON)
  /// Of a file on this machine: whether there is more of it.
  case more(Bool)
  case count(rows: Int, invalid: Int)
  case leads(ImportChunk)
  case changes([ImportChange])
}

/// Leads that are ready to be written, but for numbers that only the engine gives.
public struct ImportChunk: Sendable {
  public var leads: [ImportedLead] = []
  /// Names that the leads refer to by place.
  public var zones: [String] = []
  public var regions: [(region: String?, state: String?)] = []
  /// Keys of the values that are to be unique and that leads which are there are to get.
  public var values: [UInt64] = []
  /// Rows of the file that are done with this chunk.
  public var rows = 0
  public var isLast = false
  /// Of all chunks so far; of changes, what is planned.
  public var summary = ImportSummary()
  public init() {}
}

public struct ImportedLead: Sendable {
  public var leadID: LeadID
  public var vendorLeadCode: String?
  public var phones: PhoneSet
  public var zone: Int
  public var zoneSource: TimeZoneSource
  public var place: Int
  public var rank: Int32
  public var emailKey: UInt64
  public var nameKey: UInt64
  public var isDuplicate: Bool
  public var details: LeadDetails
  public init(leadID: LeadID, draft: LeadDraft, zone: Int, place: Int, isDuplicate: Bool, at: Instant) {
    self.leadID = leadID
    vendorLeadCode = draft.vendorLeadCode
    phones = draft.phones
    self.zone = zone
    zoneSource = draft.zoneSource
    self.place = place
    rank = draft.rank ?? LeadRecord.missingRank
    emailKey = draft.emailKey
    nameKey = draft.nameKey
    self.isDuplicate = isDuplicate
    details = LeadDetails(createdAt: at)
    details.firstName = draft.firstName
    details.lastName = draft.lastName
    details.email = draft.email
    details.source = draft.source
    details.owner = draft.owner
    details.postalCode = draft.postalCode
    details.custom = draft.custom.isEmpty ? nil : draft.custom
  }
}

/// A lead that is there and gets what the row says, in the fields that the file fills.
public struct ImportChange: Sendable {
  public var row: Int64
  public var leadID: LeadID
  public var moves: Bool
  public var draft: LeadDraft
  public var filled: Set<ImportField>
  public init(row: Int64, leadID: LeadID, moves: Bool, draft: LeadDraft, filled: Set<ImportField>) {
    self.row = row
    self.leadID = leadID
    self.moves = moves
    self.draft = draft
    self.filled = filled
  }

  /// Whether the row says something of the field.
  func fills(_ field: FilterField) -> Bool { ImportField(name: field.name).map(filled.contains) ?? false }
}
