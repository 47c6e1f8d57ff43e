import DialerModel

/// Each row of the call log carries SHA-256 over the previous row's hash, what the attempt was when it was claimed, and
/// its evidence: a row that is changed, taken out or put in later breaks the chain from there on.
///
/// What the call came to afterwards has a chain of its own, ``CourseChain``. The hash has no key: it
/// shows a change to whoever kept a later hash, not to whom somebody gave a database that was worked out anew.
final class EvidenceChain {
  /// A row as it was claimed. The bytes are valid as long as those that they were taken from.
  struct Row {
    var attemptID: Int64
    var leadID: Int64
    var listID: Int64
    var phone: Int64
    var startedAt: Int64
    var callID: UnsafeRawBufferPointer?
    var campaignID: UnsafeRawBufferPointer?
    var tenant: UnsafeRawBufferPointer?
    var trunk: UnsafeRawBufferPointer?
    var vendorLeadCode: UnsafeRawBufferPointer?
    var callerID: UnsafeRawBufferPointer?
    var evidence: UnsafeRawBufferPointer
  }

  /// Rows below were chained when only their evidence was in the hash.
  private let wholeFrom: Int64
  private let arena = ByteArena()
  private var sha = SHA256()

  init(_ connection: Connection) throws(StoreError) {
    wholeFrom = try connection.number("SELECT value FROM meta WHERE key = 'evidenceWholeFrom'") ?? 0
  }

  func hash(after previous: [UInt8], _ row: Row) -> [UInt8] {
    previous.withUnsafeBytes { sha.update($0) }
    withUnsafeBytes(of: row.attemptID.bigEndian) { sha.update($0) }
    if row.attemptID >= wholeFrom {
      arena.clear()
      for number in [row.leadID, row.listID, row.phone, row.startedAt] { arena.append(number) }
      arena.append(optional: row.callID)
      arena.append(optional: row.campaignID)
      arena.append(optional: row.tenant)
      arena.append(optional: row.trunk)
      arena.append(optional: row.vendorLeadCode)
      arena.append(optional: row.callerID)
      sha.update(arena.bytes(0..<arena.count))
    }
    sha.update(row.evidence)
    return sha.finish()
  }
}

extension EvidenceChain.Row {
  init(_ attempt: AttemptView) {
    self.init(
      attemptID: attempt.attemptID, leadID: Int64(attempt.leadID), listID: Int64(attempt.listID),
      phone: Int64(bitPattern: attempt.phone), startedAt: attempt.startedAt, callID: attempt.callID,
      campaignID: attempt.campaignID, tenant: attempt.tenant, trunk: attempt.trunk,
      vendorLeadCode: attempt.vendorLeadCode, callerID: attempt.callerID,
      evidence: attempt.evidence ?? UnsafeRawBufferPointer(start: nil, count: 0))
  }

  static let columns = """
    attemptID, leadID, listID, phone, startedAt, callID, campaignID, tenant, trunk, vendorLeadCode, callerID, evidence,
    hash
    """
  static let hashColumn: Int32 = 12

  /// A row of a query for ``columns``, until its next step.
  init(_ row: Statement) {
    self.init(
      attemptID: row.integer(0), leadID: row.integer(1), listID: row.integer(2), phone: row.integer(3),
      startedAt: row.integer(4), callID: row.bytes(5), campaignID: row.bytes(6), tenant: row.bytes(7),
      trunk: row.bytes(8), vendorLeadCode: row.bytes(9), callerID: row.bytes(10),
      evidence: row.bytes(11) ?? UnsafeRawBufferPointer(start: nil, count: 0))
  }
}
