import DialerModel

/// Reads attempts out of the call log.
enum AttemptRow {
  /// The columns that ``read(_:)`` expects first, in this order.
  static let columns = """
    attemptID, callID, leadID, vendorLeadCode, listID, campaignID, tenant, phone, callerID, trunk, agentID, startedAt,
    dialledAt, ringingAt, answeredAt, connectedAt, endedAt, outcome, cause, counted, wrapCode,
    coalesce((SELECT n.notes FROM attempt_note n WHERE n.attemptID = attempt.attemptID), notes),
    coalesce((SELECT n.recording FROM attempt_note n WHERE n.attemptID = attempt.attemptID), recording)
    """
  static let columnCount: Int32 = 23

  static func read(_ row: Statement) -> Attempt {
    var attempt = Attempt(
      attemptID: AttemptID(row.integer(0)), callID: CallID(row.text(1)),
      leadID: LeadID(UInt32(truncatingIfNeeded: row.integer(2))), vendorLeadCode: row.optionalText(3),
      listID: ListID(UInt32(truncatingIfNeeded: row.integer(4))), campaignID: CampaignID(row.text(5)),
      tenant: TenantID(row.text(6)), phone: PhoneNumber(digits: UInt64(bitPattern: row.integer(7))),
      callerID: row.optionalText(8), trunk: TrunkName(row.text(9)),
      agentID: row.optionalText(10).map { AgentID($0) }, startedAt: row.instant(11), evidence: [])
    attempt.dialledAt = row.optionalInstant(12)
    attempt.ringingAt = row.optionalInstant(13)
    attempt.answeredAt = row.optionalInstant(14)
    attempt.connectedAt = row.optionalInstant(15)
    attempt.endedAt = row.optionalInstant(16)
    attempt.outcome = row.optionalInteger(17).flatMap { Outcome(rawValue: UInt8(truncatingIfNeeded: $0)) }
    attempt.cause = row.optionalInteger(18).map { Int($0) }
    attempt.counted = row.integer(19) != 0
    attempt.wrapCode = row.optionalText(20)
    attempt.notes = row.optionalText(21)
    attempt.recording = row.optionalText(22)
    return attempt
  }
}
