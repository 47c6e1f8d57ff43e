import ControlProtocol
import DialerModel

/// Imports and templates, and which import is being committed.
struct ImportBook {
  /// Open at once; each has a file of its own with its rows.
  static let maximumOpen = 100
  /// Finished ones of which the summary is kept; the oldest goes first.
  static let maximumKept = 1000
  static let maximumTemplates = 1000

  struct TemplateName: Hashable {
    var tenant: TenantID
    var name: String
  }

  var records: [ImportID: ImportRecord] = [:]
  var templates: [TemplateName: ImportTemplate] = [:]
  /// Rows that have yet to go, by number.
  var erasures: [Int: StagedErasure] = [:]
  /// Imports out of which rows are being taken.
  var erasing: Set<ImportID> = []
  /// Files on this machine that are being read.
  var reading: Set<ImportID> = []
  /// One at a time: there is one range of hidden leads.
  var commit: ImportCommit?
  /// The turn in which hidden leads were last shown.
  var shownIn: Int64 = 0
  /// Asked to be committed, in the order in which they were.
  var waiting: [ImportID] = []
  /// Who waits for the summary.
  var waiters: [ImportID: [Command]] = [:]

  mutating func load(_ records: [ImportRecord], _ templates: [ImportTemplate], _ erasures: [StagedErasure]) {
    for erasure in erasures { self.erasures[erasure.number] = erasure }
    for record in records { self.records[record.importID] = record }
    for template in templates {
      self.templates[TemplateName(tenant: template.tenant, name: template.name)] = template
    }
  }

  /// In the order in which they were opened.
  var ordered: [ImportRecord] {
    records.values.sorted { ($0.openedAt, $0.importID) < ($1.openedAt, $1.importID) }
  }

  var openCount: Int { records.values.count { !$0.isFinished } }

  /// Or about to be: it was asked for, or a crash broke it off.
  func isBeingCommitted(_ record: ImportRecord) -> Bool {
    record.state == .committing || record.state == .applying || commit?.record.importID == record.importID
      || waiting.contains(record.importID)
  }

  /// Never used before: it grows with the clock, and is moved on where the clock stands.
  func newID(at now: Instant) -> ImportID {
    var number = now.milliseconds
    while true {
      let id = ImportID("i" + String(number, radix: 36))
      if records[id] == nil { return id }
      number += 1
    }
  }
}

/// An import that is being committed.
final class ImportCommit {
  enum Phase { case counting, adding, applying, rollingBack }

  var record: ImportRecord
  var phase = Phase.counting
  /// Rows that are to be worked through, and those that are.
  var rows = 0
  var rowsDone = 0
  let startedAt: MonotonicInstant
  /// Chunks that are asked for and have not come.
  var asked = 0
  /// What others do meanwhile.
  var meanwhile = LeadsMeanwhile()
  /// What leads that are there are to get; who is to have the same waits until they do.
  var planned = PlannedValues()
  var waitingForChanges: [() -> Void] = []
  /// Chunks that come are not taken: they are being worked out anew.
  var takesBack = false
  /// People who were deleted while it is being committed …
  var erased = ErasedPeople()
  /// … of whom these have yet to be looked for among the leads that are hidden, and others are now.
  var sought = ErasedPeople()
  var isErasing = false
  var erasedAdded = 0
  var erasedDuplicates = 0
  /// Every row is done; the leads are shown once nobody is looked for.
  var isReadyToShow = false
  /// Changes that are being made, and the last row of their piece.
  var changesLeft = 0
  var changesRow: Int64 = 0
  /// Changes that cannot be made before others of their piece.
  var deferred: [ImportChange] = []
  /// What to answer when everything is as it was before; nil = it is committed anew, because a crash broke it off.
  var failure: RequestError?
  /// Of the hidden leads that have to go, the next.
  var nextToRemove: UInt32 = 0

  init(_ record: ImportRecord, at now: MonotonicInstant) {
    self.record = record
    startedAt = now
  }
}
