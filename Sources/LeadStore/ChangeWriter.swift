import DialerModel

/// Applies what clients change. Every change is one or a few statements inside the writer's transaction.
struct ChangeWriter {
  let connection: Connection
  private let leads: LeadTable
  private let documents: DocumentTable
  private let doNotCall: DoNotCallTable
  private let imports: ImportTable
  private let doNotCallImports: DoNotCallImportTable
  private let next: NextTable

  init(_ connection: Connection) {
    self.connection = connection
    leads = LeadTable(connection: connection)
    documents = DocumentTable(connection: connection)
    doNotCall = DoNotCallTable(connection: connection)
    imports = ImportTable(connection: connection)
    doNotCallImports = DoNotCallImportTable(connection: connection)
    next = NextTable(connection: connection)
  }

  /// Whether older events must be in the projection first, or they would overwrite the change when their turn comes.
  static func needsProjection(_ change: StoreChange) -> Bool {
    switch change {
    case .setLeadStates, .deleteLeads: true
    default: false
    }
  }

  /// Whether it takes a person's details out of the database: freed pages are then overwritten too.
  private static func erases(_ change: StoreChange) -> Bool {
    switch change {
    case .updateLead, .deleteLeads, .putNotes, .deleteErasure, .deleteHiddenLeads: true
    default: false
    }
  }

  func apply(_ changes: [StoreChange], _ state: inout WriterState) throws(StoreError) {
    guard changes.contains(where: Self.erases) else { return try applyAll(changes, &state) }
    try connection.execute("PRAGMA secure_delete = ON")
    defer { try? connection.execute("PRAGMA secure_delete = FAST") }
    try applyAll(changes, &state)
  }

  /// Leads that are added one behind the other have their keys written together.
  private func applyAll(_ changes: [StoreChange], _ state: inout WriterState) throws(StoreError) {
    var keys = LeadKeys()
    for change in changes {
      switch change {
      case .addLead(let lead, let vendorLeadCode, let details):
        try leads.add([NewLead(record: lead, vendorLeadCode: vendorLeadCode, details: details)], &keys)
        state.nextLeadID = max(state.nextLeadID, Int64(lead.leadID.rawValue) + 1)
      case .addLeads(let added): try leads.add(added, &keys)
      default:
        try keys.write(connection)
        try apply(change, &state)
      }
    }
    try keys.write(connection)
  }

  private func apply(_ change: StoreChange, _ state: inout WriterState) throws(StoreError) {
    switch change {
    case .updateLead(let lead, let vendorLeadCode, let details): try leads.update(lead, vendorLeadCode, details)
    case .deleteLeads(let deleted):
      try leads.delete(deleted)
      try next.remove(deleted)
    case .setLeadStates(let states):
      for (lead, leadState) in states { try leads.setState(leadState, of: lead) }
    case .setOwner(let owned, let owner): try leads.setOwner(owned, owner)
    case .setRank(let ranked, let rank): try leads.setRank(ranked, rank)
    case .moveLeads(let moved, let list, let entered): try leads.move(moved, to: list, entered: entered)
    case .setUpdated(let updated, let at): try leads.setUpdated(updated, at: at)
    case .putNotes(let attempt, let notes, let recording): try putNotes(attempt, notes, recording)
    case .addZone(let zone, let name): try addZone(zone, name)
    case .addPlace(let place, let region, let placeState): try addPlace(place, region, placeState)
    case .setShares(let campaign, let shares):
      for share in shares {
        try ShareTable.put(connection, campaign.rawValue, share, seq: state.lastSeq, isEvent: false)
      }
    case .addDoNotCall(let entries, let reason, let at): try doNotCall.add(entries, reason: reason, at: at)
    case .addDoNotCallBatch(let batch, let reason, let at): try doNotCall.add(batch, reason: reason, at: at)
    case .removeDoNotCall(let entries): try doNotCall.remove(entries)
    case .hideLeads, .showLeads, .deleteHiddenLeads, .putImport, .deleteImport, .putTemplate, .deleteTemplate,
      .putErasure, .deleteErasure:
      try imports.apply(change, &state)
    case .putDoNotCallImport(let record): try doNotCallImports.put(record)
    case .setDoNotCallProgress(let id, let applied, let added):
      try doNotCallImports.setProgress(of: id, applied: applied, added: added)
    case .deleteDoNotCallImport(let id): try doNotCallImports.delete(id)
    default: try applyConfiguration(change, &state)
    }
  }

  private func applyConfiguration(_ change: StoreChange, _ state: inout WriterState) throws(StoreError) {
    switch change {
    case .putCampaign(let campaign): try documents.put("campaign", id: campaign.campaignID.rawValue, campaign)
    case .deleteCampaign(let campaign): try deleteCampaign(campaign)
    case .putList(let list):
      try put(list)
      // Nothing follows the highest id: others go on being numbered below it.
      if list.listID.rawValue < .max { state.nextListID = max(state.nextListID, Int64(list.listID.rawValue) + 1) }
    case .deleteList(let list): try deleteList(list)
    case .putStrategy(let strategy): try documents.put("strategy", id: strategy.strategyID.rawValue, strategy)
    case .deleteStrategy(let strategy): try documents.delete("strategy", id: strategy.rawValue)
    case .putCallingHours(let hours): try documents.put("calling_hours", id: hours.callingHoursID.rawValue, hours)
    case .deleteCallingHours(let hours): try documents.delete("calling_hours", id: hours.rawValue)
    case .putSegment(let segment): try documents.put("segment", id: Self.id(segment.tenant, segment.name), segment)
    case .deleteSegment(let tenant, let name): try documents.delete("segment", id: Self.id(tenant, name))
    case .putFieldRule(let rule):
      try documents.put("field_rule", id: Self.id(rule.tenant, rule.field), rule)
      try indexUniqueField(rule.field)
    case .deleteFieldRule(let tenant, let field):
      try documents.delete("field_rule", id: Self.id(tenant, field))
      try indexUniqueField(field)
    case .indexField(let field): try FieldIndex(connection: connection).begin(field)
    case .putAgent(let agent): try documents.put("agent", id: agent.agentID.rawValue, agent)
    case .deleteAgent(let agent): try documents.delete("agent", id: agent.rawValue)
    case .putCallback(let callback): try put(callback)
    case .deleteCallback(let lead, let campaign): try deleteCallback(lead, campaign)
    case .queueNext(let lead, let campaign): try next.add(lead, campaign)
    case .unqueueNext(let lead, let campaign): try next.remove(lead, campaign)
    default: preconditionFailure("every change is applied in one of the two places")
    }
  }

  /// Neither a tenant nor a name has a control character in it.
  private static func id(_ tenant: TenantID, _ name: String) -> String { tenant.rawValue + "\u{1F}" + name }

  /// An index for as long as some tenant's rule wants it.
  private func indexUniqueField(_ name: String) throws(StoreError) {
    guard let field = FilterField(name: name) else { return }
    let isWanted = try documents.all("field_rule", FieldRule.self).contains { $0.field == name && $0.unique }
    let index = FieldIndex(connection: connection)
    if isWanted { try index.begin(field) } else { try index.end(field) }
  }

  private func putNotes(_ attempt: AttemptID, _ notes: String?, _ recording: String?) throws(StoreError) {
    let statement = try connection.cached(
      "INSERT OR REPLACE INTO attempt_note (attemptID, notes, recording) VALUES (?, ?, ?)")
    statement.bind(1, attempt.rawValue)
    statement.bind(2, notes)
    statement.bind(3, recording)
    try statement.run()
  }

  private func put(_ list: LeadList) throws(StoreError) {
    let statement = try connection.cached(
      """
      INSERT OR REPLACE INTO list
        (listID, name, tenant, owner, description, timeZone, expiresAt, active, createdAt, updatedAt)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    statement.bind(1, Int64(list.listID.rawValue))
    statement.bind(2, list.name)
    statement.bind(3, list.tenant.rawValue)
    statement.bind(4, list.owner)
    statement.bind(5, list.description)
    statement.bind(6, list.timeZone)
    statement.bind(7, list.expiresAt?.milliseconds)
    statement.bind(8, list.active ? 1 : 0)
    statement.bind(9, list.createdAt.milliseconds)
    statement.bind(10, list.updatedAt.milliseconds)
    try statement.run()
  }

  /// What is kept of the campaign elsewhere goes with it.
  private func deleteCampaign(_ campaign: CampaignID) throws(StoreError) {
    try documents.delete("campaign", id: campaign.rawValue)
    for table in ["callback", "share", "going_next"] {
      let sql = "DELETE FROM \(table) WHERE campaignID = ?"
      let statement = try connection.cached(sql)
      statement.bind(1, campaign.rawValue)
      try statement.run()
    }
  }

  /// Its leads are deleted by a change of their own.
  private func deleteList(_ list: ListID) throws(StoreError) {
    for sql in ["DELETE FROM list WHERE listID = ?", "DELETE FROM share WHERE listID = ?"] {
      let statement = try connection.cached(sql)
      statement.bind(1, Int64(list.rawValue))
      try statement.run()
    }
  }

  private func put(_ callback: Callback) throws(StoreError) {
    let statement = try connection.cached(
      "INSERT OR REPLACE INTO callback (leadID, campaignID, at, document) VALUES (?, ?, ?, ?)")
    statement.bind(1, Int64(callback.leadID.rawValue))
    statement.bind(2, callback.campaignID.rawValue)
    statement.bind(3, callback.at.milliseconds)
    statement.bind(4, try DocumentTable.text(callback))
    try statement.run()
  }

  private func deleteCallback(_ lead: LeadID, _ campaign: CampaignID) throws(StoreError) {
    let statement = try connection.cached("DELETE FROM callback WHERE leadID = ? AND campaignID = ?")
    statement.bind(1, Int64(lead.rawValue))
    statement.bind(2, campaign.rawValue)
    try statement.run()
  }

  private func addZone(_ zone: UInt16, _ name: String) throws(StoreError) {
    let statement = try connection.cached("INSERT OR REPLACE INTO zone (zone, name) VALUES (?, ?)")
    statement.bind(1, Int64(zone))
    statement.bind(2, name)
    try statement.run()
  }

  private func addPlace(_ place: UInt32, _ region: String?, _ state: String?) throws(StoreError) {
    let statement = try connection.cached("INSERT OR REPLACE INTO place (place, region, state) VALUES (?, ?, ?)")
    statement.bind(1, Int64(place))
    statement.bind(2, region)
    statement.bind(3, state)
    try statement.run()
  }
}

/// What each list of a campaign is owed.
enum ShareTable {
  /// - Parameters:
  ///   - seq: the event that it comes from, or the journal's last for a change without an event.
  ///   - isEvent: an event does not take the place of what was written after it.
  static func put(
    _ connection: Connection, _ campaign: String, _ share: ListShare, seq: Int64, isEvent: Bool
  ) throws(StoreError) {
    let statement = try connection.cached(
      """
      INSERT INTO share (campaignID, listID, isActive, weight, totalWeight, lag, credit, picksSinceNew, dialled, seq)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (campaignID, listID) DO UPDATE SET isActive = excluded.isActive, weight = excluded.weight,
        totalWeight = excluded.totalWeight, lag = excluded.lag, credit = excluded.credit,
        picksSinceNew = excluded.picksSinceNew, dialled = excluded.dialled, seq = excluded.seq
      WHERE excluded.seq >= share.seq + ?
      """)
    statement.bind(1, campaign)
    statement.bind(2, Int64(share.listID.rawValue))
    statement.bind(3, share.isActive ? 1 : 0)
    statement.bind(4, Int64(share.weight))
    statement.bind(5, Int64(share.totalWeight))
    statement.bind(6, share.lag)
    statement.bind(7, Int64(share.credit))
    statement.bind(8, Int64(share.picksSinceNew))
    statement.bind(9, share.dialled)
    statement.bind(10, seq)
    statement.bind(11, isEvent ? 1 : 0)
    try statement.run()
  }
}
