import ControlProtocol
import DialerEngine
import DialerModel
import LeadImport
import LeadStore

/// How far a commit has come.
struct CommitCourse {
  var nextLeadID: UInt32
  let at: Instant
  var row: Int64 = 0
  var isOver = false
  var summary: ImportSummary
  /// Keys of the new leads of the chunks that may not be on disk yet, the newest chunk last.
  var recent: [[UInt64: LeadID]] = []
  /// Ids from here on are the import's own.
  let firstLeadID: UInt32

  init(firstLeadID: LeadID, at: Instant, invalid: Int) {
    nextLeadID = firstLeadID.rawValue
    self.firstLeadID = firstLeadID.rawValue
    self.at = at
    summary = ImportSummary()
    summary.invalid = invalid
  }
}

/// Rows become leads: matched with what is there now, numbered, handed over in chunks.
extension StagedImport {
  /// Some 10 ms of the writer: what a claim may have to wait for.
  static let chunkRows = 1000
  private static let changesAtOnce = 500

  func countToCommit() throws -> Counts {
    try end()
    return progress.counts
  }

  func beginCommit(firstLeadID: LeadID, at: Instant) throws {
    try staging.forgetPlan()
    commit = CommitCourse(firstLeadID: firstLeadID, at: at, invalid: progress.counts.invalid)
  }

  func nextChunk() throws -> ImportChunk {
    guard var course = commit, let drafter else {
      throw RequestError.internalError("The commit of the import was not begun.")
    }
    var builder = ChunkBuilder()
    guard !course.isOver else { return builder.chunk(course, isLast: true) }
    // The chunks before the last ones are on disk, where the index finds them.
    course.recent = course.recent.suffix(ImportRequest.commitDepth - 1) + [[:]]
    var planned: [PlannedChange] = []
    var read = 0
    try matcher.inOneView { () throws(StoreError) in
      try staging.rows(after: course.row, [.valid, .existing]) { (row) throws(StoreError) in
        guard read < Self.chunkRows else { return false }
        read += 1
        course.row = row.row
        try resolve(row, drafter, &course, &builder, &planned)
        return true
      }
    }
    course.isOver = read < Self.chunkRows
    if !planned.isEmpty { try staging.transaction { () throws(StoreError) in try staging.plan(planned) } }
    commit = course
    builder.rows = read
    return builder.chunk(course, isLast: course.isOver)
  }

  private func resolve(
    _ row: StagedRow, _ drafter: RowDrafter, _ course: inout CommitCourse, _ builder: inout ChunkBuilder,
    _ planned: inout [PlannedChange]
  ) throws(StoreError) {
    var draft = LeadDraft()
    do throws(RowFault) {
      try drafter.draft(CSVRecord(line: Int(row.line), written: row.record), into: &draft)
    } catch {
      // A zone or a rule that was there when the row came is gone.
      course.summary.invalid += 1
      return
    }
    course.summary.cut += draft.cut
    let keys = draft.keys(options.match)
    guard let (lead, list) = try matched(draft, keys, course) else {
      return add(draft, keys, false, &course, &builder)
    }
    switch options.onMatch {
    case .add: add(draft, keys, false, &course, &builder)
    case .duplicate: add(draft, keys, true, &course, &builder)
    case .skip: course.summary.skipped += 1
    case .reject: course.summary.invalid += 1
    case .update, .move:
      let moves = options.onMatch == .move && list != listID
      if moves { course.summary.moved += 1 } else { course.summary.updated += 1 }
      planned.append(PlannedChange(row: row.row, leadID: lead, moves: moves))
    }
  }

  /// The lead that the row means: one that is there, or one of the rows before.
  private func matched(
    _ draft: LeadDraft, _ keys: [UInt64], _ course: CommitCourse
  ) throws(StoreError) -> (LeadID, ListID)? {
    let found = try matcher.existing(draft, for: listID, in: context.rules.scope)
    if let found, found.listID == listID { return (found.leadID, listID) }
    // Those of the rows before stand in the list, as others of the scope do not.
    var best: LeadID?
    for recent in course.recent {
      for key in keys { if let lead = recent[key] { best = min(best ?? lead, lead) } }
    }
    return best.map { ($0, listID) } ?? found.map { ($0.leadID, $0.listID) }
  }

  private func add(
    _ draft: LeadDraft, _ keys: [UInt64], _ isDuplicate: Bool, _ course: inout CommitCourse,
    _ builder: inout ChunkBuilder
  ) {
    let lead = LeadID(course.nextLeadID)
    course.nextLeadID += 1
    if isDuplicate { course.summary.duplicates += 1 } else { course.summary.added += 1 }
    for key in keys where course.recent[course.recent.count - 1][key] == nil {
      course.recent[course.recent.count - 1][key] = lead
    }
    builder.add(draft, as: lead, isDuplicate: isDuplicate, at: course.at)
  }

  // MARK: - Leads that are there

  func changes(after row: Int64) throws -> [ImportChange] {
    guard let drafter, let mapping else { return [] }
    commit = nil
    var after = row
    // Rows of somebody who was deleted meanwhile are gone, and with them a whole piece may be.
    while true {
      let planned = try staging.planned(after: after, limit: Self.changesAtOnce)
      guard let last = planned.last else { return [] }
      let found = try changes(planned, drafter, mapping)
      if !found.isEmpty { return found }
      after = last.row
    }
  }

  private func changes(
    _ planned: [PlannedChange], _ drafter: RowDrafter, _ mapping: ColumnMapping
  ) throws -> [ImportChange] {
    var changes: [ImportChange] = []
    for planned in planned {
      guard let staged = try staging.row(planned.row) else { continue }
      var draft = LeadDraft()
      do throws(RowFault) {
        try drafter.draft(CSVRecord(line: Int(staged.line), written: staged.record), into: &draft)
      } catch { continue }
      changes.append(
        ImportChange(
          row: planned.row, leadID: planned.leadID, moves: planned.moves, draft: draft, filled: mapping.filled))
    }
    return changes
  }
}

/// Puts a chunk together; zones and places are named once.
struct ChunkBuilder {
  private var leads: [ImportedLead] = []
  private var zones: [String: Int] = [:]
  private var zoneNames: [String] = []
  private struct Place: Hashable {
    var region: String?
    var state: String?
  }
  private var places: [Place: Int] = [:]
  private var placeNames: [Place] = []
  var rows = 0

  mutating func add(_ draft: LeadDraft, as lead: LeadID, isDuplicate: Bool, at: Instant) {
    let place = Place(region: draft.region, state: draft.state)
    leads.append(
      ImportedLead(
        leadID: lead, draft: draft, zone: index(draft.zone), place: index(place), isDuplicate: isDuplicate, at: at))
  }

  private mutating func index(_ zone: String) -> Int {
    if let known = zones[zone] { return known }
    zoneNames.append(zone)
    zones[zone] = zoneNames.count - 1
    return zoneNames.count - 1
  }

  private mutating func index(_ place: Place) -> Int {
    if let known = places[place] { return known }
    placeNames.append(place)
    places[place] = placeNames.count - 1
    return placeNames.count - 1
  }

  func chunk(_ course: CommitCourse, isLast: Bool) -> ImportChunk {
    var chunk = ImportChunk()
    chunk.leads = leads
    chunk.zones = zoneNames
    chunk.regions = placeNames.map { ($0.region, $0.state) }
    chunk.rows = rows
    chunk.isLast = isLast
    chunk.summary = course.summary
    return chunk
  }
}
