import CSQLite
import DialerModel

extension LeadStore {
  /// Brings the projection up to the journal, then gives everything that is kept in memory.
  ///
  /// Once, at the start, before anything is submitted.
  /// - Parameter now: to tell which remembered answers still count.
  public func load(now: Instant, into loader: inout some StoreLoading) throws(StoreError) -> StoreImage {
    try flushProjection()
    let connection = try Connection(path: path, mode: .readWrite)
    try connection.execute("PRAGMA query_only = ON", "load")
    var image = try Self.image(connection, now: now)
    image.leadCount = try loadLeads(connection, &loader)
    try DoNotCallTable(connection: connection).stream { loader.doNotCall($0) }
    return image
  }

  private func loadLeads(
    _ connection: Connection, _ loader: inout some StoreLoading
  ) throws(StoreError) -> Int {
    let highest = try connection.number("SELECT max(leadID) FROM lead") ?? 0
    let lowest = try connection.number("SELECT min(leadID) FROM lead") ?? 1
    loader.begin(
      maximumLeads: Int(highest - lowest + 1), highestLeadID: LeadID(UInt32(truncatingIfNeeded: highest)))
    let reader = LeadRangeReader(path: path, lowest: lowest, highest: highest)
    let count = try reader.forEachChunk { chunk in
      chunk.codes.withUnsafeBytes { codes in
        var start = 0
        for index in chunk.leads.indices {
          let end = chunk.codeEnds[index]
          loader.lead(chunk.leads[index], vendorLeadCode: UnsafeRawBufferPointer(rebasing: codes[start..<end]))
          start = end
        }
      }
    }
    try checkComplete(connection, count)
    return count
  }

  /// A damaged page can end a scan early without an error. SQLite counts the narrowest index, which has each lead once as
  /// well: some 10 ms a million.
  private func checkComplete(_ connection: Connection, _ read: Int) throws(StoreError) {
    let all = try connection.number("SELECT count(*) FROM lead") ?? 0
    let hidden =
      try connection.number(
        "SELECT count(*) FROM hidden_leads JOIN lead ON leadID BETWEEN firstLeadID AND lastLeadID") ?? 0
    guard Int(all - hidden) != read else { return }
    throw StoreError(
      operation: "load", kind: .corrupt, name: "incomplete",
      message: "of \(all - hidden) leads only \(read) can be read")
  }

  /// Every attempt that was started at `since` or later, oldest first: the history that rolling limits look back on.
  public func attempts(since: Instant, _ body: (AttemptTrace) -> Void) throws(StoreError) {
    let connection = try Connection(path: path, mode: .readWrite)
    try connection.execute("PRAGMA query_only = ON", "load")
    let rows = try connection.prepare(
      """
      SELECT attemptID, leadID, tenant, phone, startedAt, counted, outcome, answeredAt, endedAt
      FROM attempt
      WHERE startedAt >= ? ORDER BY startedAt, attemptID
      """)
    rows.bind(1, since.milliseconds)
    var tenant = TenantID.standard
    while try rows.step() {
      // One tenant follows itself most of the time; a string is made only where it changes.
      if let bytes = rows.bytes(2), !bytes.elementsEqual(tenant.rawValue.utf8) { tenant = TenantID(rows.text(2)) }
      let outcome = rows.optionalInteger(6).flatMap { Outcome(rawValue: UInt8(truncatingIfNeeded: $0)) }
      body(
        AttemptTrace(
          attemptID: AttemptID(rows.integer(0)), leadID: LeadID(UInt32(truncatingIfNeeded: rows.integer(1))),
          tenant: tenant, phone: PhoneNumber(digits: UInt64(bitPattern: rows.integer(3))), startedAt: rows.instant(4),
          counted: rows.integer(5) != 0, outcome: outcome, answeredAt: rows.optionalInstant(7),
          endedAt: rows.optionalInstant(8)))
    }
  }

  // MARK: The small tables

  private static func image(_ connection: Connection, now: Instant) throws(StoreError) -> StoreImage {
    var image = StoreImage()
    let documents = DocumentTable(connection: connection)
    image.campaigns = try documents.all("campaign", Campaign.self)
    image.strategies = try documents.all("strategy", Strategy.self)
    image.callingHours = try documents.all("calling_hours", CallingHours.self)
    image.segments = try documents.all("segment", Segment.self)
    image.fieldRules = try documents.all("field_rule", FieldRule.self)
    image.agents = try documents.all("agent", Agent.self)
    image.callbacks = try documents.all("callback", Callback.self)
    image.goingNext = try NextTable(connection: connection).all()
    image.doNotCallImports = try DoNotCallImportTable(connection: connection).all()
    image.lists = try lists(connection)
    try loadNames(connection, &image)
    image.shares = try shares(connection)
    image.imports = try documents.all("import", ImportRecord.self)
    image.templates = try documents.all("import_template", ImportTemplate.self)
    image.stagedErasures = try documents.all("staged_erasure", StagedErasure.self)
    let open = try connection.prepare(
      "SELECT \(AttemptRow.columns) FROM attempt WHERE endedAt IS NULL ORDER BY attemptID")
    while try open.step() { image.openAttempts.append(AttemptRow.read(open)) }
    image.rememberedAnswers = try AnswerTable.recent(connection, now: now)
    let state = try WriterState(connection)
    image.nextLeadID = LeadID(UInt32(truncatingIfNeeded: state.nextLeadID))
    image.nextListID = ListID(UInt32(clamping: state.nextListID))
    image.nextAttemptID = AttemptID(max(state.nextAttemptID, state.lastStartedAttempt + 1))
    image.nextSeq = state.lastSeq + 1
    return image
  }

  private static func lists(_ connection: Connection) throws(StoreError) -> [LeadList] {
    let rows = try connection.prepare(
      """
      SELECT listID, name, tenant, owner, description, timeZone, expiresAt, active, createdAt, updatedAt FROM list
      ORDER BY listID
      """)
    var lists: [LeadList] = []
    while try rows.step() {
      var list = LeadList(
        listID: ListID(UInt32(truncatingIfNeeded: rows.integer(0))), name: rows.text(1), createdAt: rows.instant(8))
      list.tenant = TenantID(rows.text(2))
      list.owner = rows.optionalText(3)
      list.description = rows.optionalText(4)
      list.timeZone = rows.optionalText(5)
      list.expiresAt = rows.optionalInstant(6)
      list.active = rows.integer(7) != 0
      list.updatedAt = rows.instant(9)
      lists.append(list)
    }
    return lists
  }

  private static func loadNames(_ connection: Connection, _ image: inout StoreImage) throws(StoreError) {
    let zones = try connection.prepare("SELECT zone, name FROM zone ORDER BY zone")
    while try zones.step() {
      image.zones.append((UInt16(truncatingIfNeeded: zones.integer(0)), zones.text(1)))
    }
    let places = try connection.prepare("SELECT place, region, state FROM place ORDER BY place")
    while try places.step() {
      image.places.append(
        (UInt32(truncatingIfNeeded: places.integer(0)), places.optionalText(1), places.optionalText(2)))
    }
  }

  private static func shares(
    _ connection: Connection
  ) throws(StoreError) -> [(campaignID: CampaignID, shares: [ListShare])] {
    let rows = try connection.prepare(
      """
      SELECT campaignID, listID, isActive, weight, totalWeight, lag, credit, picksSinceNew, dialled FROM share
      ORDER BY campaignID, listID
      """)
    var shares: [(campaignID: CampaignID, shares: [ListShare])] = []
    while try rows.step() {
      let campaign = CampaignID(rows.text(0))
      if shares.last?.campaignID != campaign { shares.append((campaign, [])) }
      shares[shares.count - 1].shares.append(
        ListShare(
          listID: ListID(UInt32(truncatingIfNeeded: rows.integer(1))), isActive: rows.integer(2) != 0,
          weight: Int(rows.integer(3)), totalWeight: Int(rows.integer(4)), lag: rows.integer(5),
          credit: Int(rows.integer(6)), picksSinceNew: Int(rows.integer(7)), dialled: rows.integer(8)))
    }
    return shares
  }
}
