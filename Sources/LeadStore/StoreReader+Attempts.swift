import DialerModel

/// A row of the call log.
public struct StoredAttempt: Sendable, Hashable {
  /// Without its evidence.
  public let attempt: Attempt
  public let leadDeleted: Bool
}

/// Which attempts a report is about; nil = any.
public struct AttemptFilter: Sendable, Hashable {
  public var leadID: LeadID?
  /// Of any of these.
  public var leadIDs: [LeadID]?
  /// Only of this tenant.
  public var tenant: TenantID?
  public var vendorLeadCode: String?
  public var callID: CallID?
  public var phone: PhoneNumber?
  public var listID: ListID?
  public var campaignID: CampaignID?
  public var agentID: AgentID?
  public var outcome: Outcome?
  /// Started then or later.
  public var since: Instant?
  /// Started before.
  public var until: Instant?
  public init() {}

  /// Whether a table finds what is asked for; else it takes a pass over the call log.
  public var isOfFew: Bool {
    leadID != nil || leadIDs != nil || vendorLeadCode != nil || callID != nil || phone != nil
  }
}

extension StoreReader {
  public func attempt(_ attemptID: AttemptID) throws(StoreError) -> StoredAttempt? {
    let rows = try connection.cached(
      "SELECT \(AttemptRow.columns), leadDeleted FROM attempt WHERE attemptID = ?")
    defer { rows.reset() }
    rows.bind(1, attemptID.rawValue)
    return try rows.step() ? Self.read(rows) : nil
  }

  /// The evidence of an attempt as JSON text; nil when there is no such attempt.
  public func evidence(_ attemptID: AttemptID) throws(StoreError) -> [UInt8]? {
    let rows = try connection.cached("SELECT evidence FROM attempt WHERE attemptID = ?")
    defer { rows.reset() }
    rows.bind(1, attemptID.rawValue)
    return try rows.step() ? rows.blob(0) : nil
  }

  /// Every attempt of a lead, newest first.
  public func history(_ leadID: LeadID, limit: Int = 1_000) throws(StoreError) -> [StoredAttempt] {
    var filter = AttemptFilter()
    filter.leadID = leadID
    return try report(filter, limit: limit).attempts
  }

  /// Attempts, newest first.
  /// - Parameter before: go on below this attempt, as an earlier answer's `next` says.
  /// - Returns: up to `limit` attempts, and where to go on; nil = that was all.
  public func report(
    _ filter: AttemptFilter, limit: Int, before: AttemptID? = nil
  ) throws(StoreError) -> (attempts: [StoredAttempt], next: AttemptID?) {
    var query = SQLText()
    query.append("SELECT \(AttemptRow.columns), leadDeleted FROM attempt WHERE TRUE")
    Self.append(filter, to: &query)
    if let before { query.append(" AND attemptID < ", .integer(before.rawValue)) }
    query.append(" ORDER BY attemptID DESC LIMIT ", .integer(Int64(limit) + 1))
    let rows = try query.prepare(on: connection)
    defer { rows.reset() }
    var attempts: [StoredAttempt] = []
    while try rows.step() { attempts.append(Self.read(rows)) }
    guard attempts.count > limit else { return (attempts, nil) }
    attempts.removeLast()
    return (attempts, attempts.last?.attempt.attemptID)
  }

  private static func append(_ filter: AttemptFilter, to query: inout SQLText) {
    if let lead = filter.leadID {
      query.append(
        " AND attemptID IN (SELECT attemptID FROM attempt_of_lead WHERE leadID = ", .integer(Int64(lead.rawValue)))
      query.append(")")
    }
    if let leads = filter.leadIDs {
      query.append(
        " AND attemptID IN (SELECT a.attemptID FROM json_each(", .text("\(leads.map(\.rawValue))"))
      query.append(") j JOIN attempt_of_lead a ON a.leadID = j.value)")
    }
    if let tenant = filter.tenant { query.append(" AND tenant = ", .text(tenant.rawValue)) }
    if let code = filter.vendorLeadCode {
      // The call log has no index by code: the leads of that code have, also those that are gone.
      query.append(" AND attemptID IN (SELECT attemptID FROM attempt_of_lead WHERE leadID IN (")
      query.append("SELECT leadID FROM lead WHERE vendorLeadCode = ", .text(code))
      query.append(" UNION ALL SELECT leadID FROM deleted_lead WHERE vendorLeadCode = ", .text(code))
      query.append("))")
    }
    if let call = filter.callID {
      query.append(" AND callID = ", .text(call.rawValue))
      query.append(" AND attemptID = ", .integer(call.attemptID?.rawValue ?? 0))
    }
    if let phone = filter.phone {
      query.append(
        " AND attemptID IN (SELECT attemptID FROM attempt_of_phone WHERE phone = ",
        .integer(Int64(bitPattern: phone.digits)))
      query.append(")")
    }
    if let list = filter.listID { query.append(" AND listID = ", .integer(Int64(list.rawValue))) }
    if let campaign = filter.campaignID { query.append(" AND campaignID = ", .text(campaign.rawValue)) }
    if let agent = filter.agentID { query.append(" AND agentID = ", .text(agent.rawValue)) }
    if let outcome = filter.outcome { query.append(" AND outcome = ", .integer(Int64(outcome.rawValue))) }
    if let since = filter.since { query.append(" AND startedAt >= ", .integer(since.milliseconds)) }
    if let until = filter.until { query.append(" AND startedAt < ", .integer(until.milliseconds)) }
  }

  private static func read(_ rows: Statement) -> StoredAttempt {
    StoredAttempt(attempt: AttemptRow.read(rows), leadDeleted: rows.integer(AttemptRow.columnCount) != 0)
  }
}
