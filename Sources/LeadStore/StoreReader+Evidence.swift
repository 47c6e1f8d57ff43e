import DialerModel

extension StoreReader {
  /// Walks the chains of evidence, a piece a call, so that nothing else has to wait for the end of it.
  ///
  /// Only what is projected is looked at.
  /// - Parameters:
  ///   - walk: what the call before gave; nil = from the start.
  ///   - rows: how many at most.
  public func verifyEvidence(
    _ range: EvidenceRange, from walk: EvidenceWalk?, rows: Int
  ) throws(StoreError) -> EvidenceWalk {
    // One view of the rows and of the chain's head, whatever is appended meanwhile.
    try connection.execute("BEGIN", "verify")
    defer { try? connection.execute("COMMIT", "verify") }
    return try verifyPiece(range, from: walk, rows: rows)
  }

  /// The whole walk at once.
  public func verifyEvidence(_ range: EvidenceRange = EvidenceRange()) throws(StoreError) -> EvidenceWalk {
    var walk = try verifyEvidence(range, from: nil, rows: Self.rowsAtOnce)
    while !walk.isFinished { walk = try verifyEvidence(range, from: walk, rows: Self.rowsAtOnce) }
    return walk
  }

  /// A few hundredths of a second.
  public static let rowsAtOnce = 10_000

  private func verifyPiece(
    _ range: EvidenceRange, from walk: EvidenceWalk?, rows limit: Int
  ) throws(StoreError) -> EvidenceWalk {
    var walk = if let walk { walk } else { try start(of: range) }
    if walk.courses.seq == nil {
      if walk.courses.sought == nil {
        guard try verifyClaims(range, &walk, rows: limit), !walk.isFinished else { return walk }
        walk.courses.sought = 0
      }
      guard try seekCourses(range, &walk, rows: limit) else { return walk }
      try startCourses(range, &walk)
    }
    try verifyCourses(range, &walk, rows: limit)
    return walk
  }

  /// - Returns: whether that were all.
  private func verifyClaims(
    _ range: EvidenceRange, _ walk: inout EvidenceWalk, rows limit: Int
  ) throws(StoreError) -> Bool {
    try moveToBase(&walk)
    let last = try lastAttempt(before: range.until)
    let chain = try EvidenceChain(connection)
    let rows = try connection.cached(
      """
      SELECT \(EvidenceChain.Row.columns), \(Self.agreesWithCourse), course FROM attempt
      WHERE attemptID > ? AND attemptID <= ? ORDER BY attemptID LIMIT ?
      """)
    defer { rows.reset() }
    rows.bind(1, walk.attemptID)
    rows.bind(2, last)
    rows.bind(3, limit)
    var looked = 0
    while try rows.step() {
      looked += 1
      let row = EvidenceChain.Row(rows)
      walk.hash = chain.hash(after: walk.hash, row)
      walk.attemptID = row.attemptID
      walk.first = walk.first ?? row.attemptID
      let course = EvidenceChain.Row.hashColumn + 1
      if rows.blob(EvidenceChain.Row.hashColumn) != walk.hash {
        walk.end(.changed(AttemptID(row.attemptID)))
      } else if rows.integer(course) == 0 {
        walk.end(.courseChanged(AttemptID(row.attemptID)))
      }
      guard !walk.isFinished else { return true }
      if let seq = rows.optionalInteger(course + 1) {
        walk.courses.earliest = min(walk.courses.earliest ?? seq, seq)
      } else {
        walk.courses.hasOpen = true
      }
      walk.checked += 1
    }
    guard looked < limit else { return false }
    if range.until == nil, try metaBytes("evidenceHead") != walk.hash {
      walk.end(.missing(after: AttemptID(walk.attemptID)))
    }
    return true
  }

  /// The row before the first: what is kept of its hash is where the walk begins.
  private func start(of range: EvidenceRange) throws(StoreError) -> EvidenceWalk {
    var walk = EvidenceWalk()
    guard let first = try firstAttempt(since: range.since) else {
      // Nothing began since then: only the end of the chain is left to look at.
      walk.attemptID = try connection.number("SELECT max(attemptID) FROM attempt") ?? 0
      walk.hash = try hash(of: walk.attemptID)
      return walk
    }
    walk.attemptID =
      try connection.number("SELECT max(attemptID) FROM attempt WHERE attemptID < ?") {
        $0.bind(1, first)
      } ?? 0
    walk.hash = try hash(of: walk.attemptID)
    return walk
  }

  private func hash(of attempt: Int64) throws(StoreError) -> [UInt8] {
    let rows = try connection.cached("SELECT hash FROM attempt WHERE attemptID = ?")
    defer { rows.reset() }
    rows.bind(1, attempt)
    return try rows.step() ? rows.blob(0) : try metaBytes("evidenceBase")
  }

  /// Rows that became too old are taken out at the start, also while a walk is under way.
  private func moveToBase(_ walk: inout EvidenceWalk) throws(StoreError) {
    let base = try meta("evidenceBaseAttempt") ?? 0
    guard base > walk.attemptID else { return }
    walk.attemptID = base
    walk.hash = try metaBytes("evidenceBase")
  }

  /// The lowest attempt of those that began at `since` or later: ids follow the clock only while it does not step.
  private func firstAttempt(since: Instant?) throws(StoreError) -> Int64? {
    guard let since else { return try connection.number("SELECT min(attemptID) FROM attempt") }
    return try connection.number("SELECT min(attemptID) FROM attempt WHERE startedAt >= ?") {
      $0.bind(1, since.milliseconds)
    }
  }

  func lastAttempt(before until: Instant?) throws(StoreError) -> Int64 {
    guard let until else { return .max }
    return try connection.number("SELECT max(attemptID) FROM attempt WHERE startedAt < ?") {
      $0.bind(1, until.milliseconds)
    } ?? 0
  }

  func metaBytes(_ key: String) throws(StoreError) -> [UInt8] {
    let rows = try connection.cached("SELECT value FROM meta WHERE key = ?")
    defer { rows.reset() }
    rows.bind(1, key)
    return try rows.step() ? rows.blob(0) : []
  }

  // MARK: - Export

  /// Attempts with their evidence, oldest first.
  ///
  /// - Parameters:
  ///   - tenant: only of this one; nil = all.
  ///   - after: go on behind this attempt.
  /// - Returns: up to `limit`, and behind which to go on; nil = that was all.
  public func evidence(
    _ range: EvidenceRange, tenant: TenantID?, after: AttemptID?, limit: Int
  ) throws(StoreError) -> (attempts: [Attempt], next: AttemptID?) {
    guard let first = try firstAttempt(since: range.since) else { return ([], nil) }
    var sql = SQLText()
    sql.append("SELECT \(AttemptRow.columns), evidence FROM attempt")
    sql.append(" WHERE attemptID >= ", .integer(max(first, (after?.rawValue ?? 0) + 1)))
    // The sign keeps the index on the time out of it: the rows are wanted in the order in which they lie.
    if let since = range.since { sql.append(" AND +startedAt >= ", .integer(since.milliseconds)) }
    if let until = range.until { sql.append(" AND +startedAt < ", .integer(until.milliseconds)) }
    if let tenant { sql.append(" AND tenant = ", .text(tenant.rawValue)) }
    sql.append(" AND attemptID <= ", .integer(try lastAttempt(before: range.until)))
    sql.append(" ORDER BY attemptID LIMIT ", .integer(Int64(limit) + 1))
    let rows = try sql.prepare(on: connection)
    defer { rows.reset() }
    var attempts: [Attempt] = []
    while try rows.step() {
      var attempt = AttemptRow.read(rows)
      attempt.evidence = rows.blob(AttemptRow.columnCount)
      attempts.append(attempt)
    }
    guard attempts.count > limit else { return (attempts, nil) }
    attempts.removeLast()
    return (attempts, attempts.last?.attemptID)
  }
}
