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
  /// New leads of the chunks that may not be on disk yet.
  var recent = RecentLeads()
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
  private static let changesAtOnce = 500

  func countToCommit() throws -> Counts {
    try end()
    return progress.counts
  }

  func beginCommit(firstLeadID: LeadID, at: Instant) throws {
    try staging.transaction { () throws(StoreError) in try staging.forgetPlan(after: 0) }
    earlierCourses = []
    let counts = progress.counts
    commit = CommitCourse(firstLeadID: firstLeadID, at: at, invalid: counts.invalid - (counts.repeated ?? 0))
  }

  func nextChunk(_ rows: Int) throws -> ImportChunk {
    guard var course = commit, let drafter else {
      throw RequestError.internalError("The commit of the import was not begun.")
    }
    var builder = ChunkBuilder()
    guard !course.isOver else { return builder.chunk(course, isLast: true) }
    earlierCourses = earlierCourses.suffix(ImportRequest.commitDepth - 1) + [course]
    course.recent.beginChunk()
    var planned: [PlannedChange] = []
    var read = 0
    try staging.transaction { () throws(StoreError) in
      try judge.inOneView { () throws(StoreError) in
        try staging.rows(after: course.row, [.valid, .existing, .repeated]) { (row) throws(StoreError) in
          guard read < rows else { return false }
          read += 1
          course.row = row.row
          try resolve(row, drafter, &course, &builder, &planned)
          return true
        }
      }
      try staging.plan(planned)
    }
    course.isOver = read < rows
    commit = course
    builder.rows = read
    return builder.chunk(course, isLast: course.isOver)
  }

  /// The last chunks are worked out anew, because what stands in the database is no longer what they were compared with.
  func takeBack(chunks: Int) throws {
    guard chunks <= earlierCourses.count else {
      throw RequestError.internalError("The import cannot go back so far.")
    }
    let course = earlierCourses[earlierCourses.count - chunks]
    earlierCourses.removeLast(chunks)
    try staging.transaction { () throws(StoreError) in try staging.forgetPlan(after: course.row) }
    commit = course
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
    guard case .takes(let decision, let match) = try judge.judge(draft, course.recent) else {
      course.summary.invalid += 1
      return
    }
    switch decision {
    case .add: add(draft, false, &course, &builder)
    case .addDuplicate: add(draft, true, &course, &builder)
    case .skip: course.summary.skipped += 1
    case .reject: course.summary.invalid += 1
    case .update, .move:
      guard let match else { preconditionFailure("what is changed is a lead that matches") }
      let moves = options.onMatch == .move && match.listID != listID
      if moves { course.summary.moved += 1 } else { course.summary.updated += 1 }
      course.summary.cut += draft.cut.count
      builder.values += try judge.alter(match, by: draft, moves: moves, row: row.row, course.recent)
      planned.append(PlannedChange(row: row.row, leadID: match.leadID, moves: moves))
    }
  }

  private func add(
    _ draft: LeadDraft, _ isDuplicate: Bool, _ course: inout CommitCourse, _ builder: inout ChunkBuilder
  ) {
    let lead = LeadID(course.nextLeadID)
    course.nextLeadID += 1
    if isDuplicate { course.summary.duplicates += 1 } else { course.summary.added += 1 }
    course.summary.cut += draft.cut.count
    judge.note(lead, draft, &course.recent)
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
  var values: [UInt64] = []

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
    chunk.values = values
    chunk.rows = rows
    chunk.isLast = isLast
    chunk.summary = course.summary
    return chunk
  }
}
