import DialerModel

/// How many leads of a list rest in a status.
public struct StatusCount: Sendable, Hashable {
  public let listID: ListID
  public let status: StatusCode
  public let completed: Bool
  public let archived: Bool
  public let leads: Int
}

/// How many calls came to an outcome.
public struct CallCount: Sendable, Hashable {
  public let campaignID: CampaignID
  public let listID: ListID
  /// The beginning of the hour (of UTC); nil where hours are not told apart.
  public let hour: Instant?
  /// Nil = not ended yet.
  public let outcome: Outcome?
  public let calls: Int
  /// Those of them that count.
  public let counted: Int
  /// From the connection, or without agents the answer, to the end; the sum.
  public let talkTime: Interval
}

extension StoreReader {
  /// By list and status.
  public func statusCounts(lists: [ListID]? = nil) throws(StoreError) -> [StatusCount] {
    var sql = SQLText()
    sql.append("SELECT listID, status, completed, archived, count(*) FROM lead WHERE \(LeadScan.visible)")
    if let lists {
      sql.append(" AND listID IN (SELECT value FROM json_each(", .text("\(lists.map(\.rawValue))"))
      sql.append("))")
    }
    sql.append(" GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4")
    let rows = try sql.prepare(on: connection)
    defer { rows.reset() }
    var counts: [StatusCount] = []
    while try rows.step() {
      counts.append(
        StatusCount(
          listID: ListID(UInt32(truncatingIfNeeded: rows.integer(0))), status: StatusCode(rows.text(1)) ?? .new,
          completed: rows.integer(2) != 0, archived: rows.integer(3) != 0, leads: Int(rows.integer(4))))
    }
    return counts
  }

  /// Calls started in a span of time, by campaign, list and outcome, and by hour where that is asked.
  public func callCounts(
    campaignID: CampaignID? = nil, since: Instant, until: Instant = .distantFuture, byHour: Bool = false
  ) throws(StoreError) -> [CallCount] {
    var sql = SQLText()
    let hour = byHour ? "startedAt / 3600000 * 3600000" : "NULL"
    sql.append(
      """
      SELECT campaignID, listID, \(hour), outcome, count(*), sum(counted),
        sum(coalesce(endedAt - coalesce(connectedAt, CASE outcome WHEN \(Outcome.answered.rawValue) THEN answeredAt END), 0))
      FROM attempt WHERE startedAt >=
      """, .integer(since.milliseconds))
    sql.append(" AND startedAt < ", .integer(until.milliseconds))
    if let campaignID { sql.append(" AND campaignID = ", .text(campaignID.rawValue)) }
    sql.append(" GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4")
    let rows = try sql.prepare(on: connection)
    defer { rows.reset() }
    var counts: [CallCount] = []
    while try rows.step() {
      counts.append(
        CallCount(
          campaignID: CampaignID(rows.text(0)), listID: ListID(UInt32(truncatingIfNeeded: rows.integer(1))),
          hour: rows.optionalInstant(2),
          outcome: rows.optionalInteger(3).flatMap { Outcome(rawValue: UInt8(truncatingIfNeeded: $0)) },
          calls: Int(rows.integer(4)), counted: Int(rows.integer(5)),
          talkTime: Interval(milliseconds: rows.integer(6))))
    }
    return counts
  }
}
