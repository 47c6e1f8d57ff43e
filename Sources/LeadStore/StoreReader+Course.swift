import DialerModel

/// The chain of what attempts came to, see ``CourseChain``.
extension StoreReader {
  /// Whether a row of the call log says what the record says that it stands on. One that has none has not ended, or had
  /// ended before there were records.
  static let agreesWithCourse: String = {
    let same = CourseChain.Record.shared.map { "c.\($0) IS attempt.\($0)" }.joined(separator: " AND ")
    return """
      CASE WHEN course IS NULL
        THEN endedAt IS NULL OR attemptID < (SELECT value FROM meta WHERE key = 'courseFrom')
        ELSE EXISTS (SELECT 1 FROM attempt_course c WHERE c.seq = attempt.course AND \(same)) END
      """
  }()

  /// Looks for the first record of an attempt of the range or of a later one, where the rows of the range do not say it.
  ///
  /// - Returns: whether it is found, or there is none.
  func seekCourses(
    _ range: EvidenceRange, _ walk: inout EvidenceWalk, rows limit: Int
  ) throws(StoreError) -> Bool {
    guard range.since != nil, walk.courses.hasOpen, let first = walk.first else { return true }
    let rows = try connection.cached(
      """
      SELECT max(seq), min(CASE WHEN attemptID >= ? THEN seq END)
      FROM (SELECT seq, attemptID FROM attempt_course WHERE seq > ? ORDER BY seq LIMIT ?)
      """)
    defer { rows.reset() }
    rows.bind(1, first)
    rows.bind(2, walk.courses.sought ?? 0)
    rows.bind(3, limit)
    guard try rows.step(), let last = rows.optionalInteger(0) else { return true }
    walk.courses.sought = last
    guard let found = rows.optionalInteger(1) else { return false }
    walk.courses.earliest = min(walk.courses.earliest ?? found, found)
    return true
  }

  /// The record before the first that an attempt of the range may have.
  func startCourses(_ range: EvidenceRange, _ walk: inout EvidenceWalk) throws(StoreError) {
    var before: Int64 = 0
    if range.since != nil {
      // No attempt that has ended: only the end of the chain is left to look at.
      let behind = try connection.number("SELECT max(seq) + 1 FROM attempt_course") ?? 0
      let first = walk.courses.earliest ?? behind
      before = try connection.number("SELECT max(seq) FROM attempt_course WHERE seq < ?") { $0.bind(1, first) } ?? 0
    }
    walk.courses.seq = before
    let rows = try connection.cached("SELECT hash FROM attempt_course WHERE seq = ?")
    defer { rows.reset() }
    rows.bind(1, before)
    walk.courses.hash = try rows.step() ? rows.blob(0) : []
    if walk.courses.hash.isEmpty {
      walk.courses.seq = try meta("courseBaseSeq") ?? 0
      walk.courses.hash = try metaBytes("courseBase")
    }
  }

  /// To the end of the chain also where the range has one: a call may be wrapped long after it ended.
  func verifyCourses(_ range: EvidenceRange, _ walk: inout EvidenceWalk, rows limit: Int) throws(StoreError) {
    try moveToCourseBase(&walk)
    let chain = CourseChain()
    let projected = try projectedSeq()
    // Of attempts that became too old nothing is left but, for a while, a record.
    let first = max(walk.first ?? .max, (try meta("evidenceBaseAttempt") ?? 0) + 1)
    let rows = try connection.cached(
      """
      SELECT \(CourseChain.Record.columns), coalesce(a.course >= c.seq, 0) FROM attempt_course c
      LEFT JOIN attempt a ON a.attemptID = c.attemptID WHERE c.seq > ? ORDER BY c.seq LIMIT ?
      """)
    defer { rows.reset() }
    rows.bind(1, walk.courses.seq ?? 0)
    rows.bind(2, limit)
    var looked = 0
    while try rows.step() {
      looked += 1
      let record = CourseChain.Record(rows)
      walk.courses.hash = chain.hash(after: walk.courses.hash, record)
      walk.courses.seq = record.seq
      walk.courses.attemptID = AttemptID(record.attemptID)
      let isLookedAt = record.attemptID >= first && record.attemptID <= walk.attemptID && record.seq <= projected
      let isKnown = !isLookedAt || rows.integer(CourseChain.Record.columnCount) != 0
      guard rows.blob(CourseChain.Record.hashColumn) == walk.courses.hash, isKnown else {
        return walk.end(.courseChanged(AttemptID(record.attemptID)))
      }
    }
    guard looked < limit else { return }
    walk.end(try metaBytes("courseHead") == walk.courses.hash ? nil : .courseMissing(after: walk.courses.attemptID))
  }

  private func moveToCourseBase(_ walk: inout EvidenceWalk) throws(StoreError) {
    let base = try meta("courseBaseSeq") ?? 0
    guard base > walk.courses.seq ?? 0 else { return }
    walk.courses.seq = base
    walk.courses.hash = try metaBytes("courseBase")
  }
}
