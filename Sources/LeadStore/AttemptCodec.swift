import DialerModel

/// An attempt as the journal keeps it.
enum AttemptCodec {
  /// Which optional fields are present. Raw values are kept in databases.
  struct Presence: OptionSet {
    let rawValue: UInt32
    static let vendorLeadCode = Presence(rawValue: 1 << 0)
    static let callerID = Presence(rawValue: 1 << 1)
    static let agentID = Presence(rawValue: 1 << 2)
    static let dialledAt = Presence(rawValue: 1 << 3)
    static let ringingAt = Presence(rawValue: 1 << 4)
    static let answeredAt = Presence(rawValue: 1 << 5)
    static let connectedAt = Presence(rawValue: 1 << 6)
    static let endedAt = Presence(rawValue: 1 << 7)
    static let outcome = Presence(rawValue: 1 << 8)
    static let cause = Presence(rawValue: 1 << 9)
    static let counted = Presence(rawValue: 1 << 10)
    static let wrapCode = Presence(rawValue: 1 << 11)
    /// Only in old databases, like the recording: see the table `attempt_note`.
    static let notes = Presence(rawValue: 1 << 12)
    static let recording = Presence(rawValue: 1 << 13)
    static let evidence = Presence(rawValue: 1 << 14)
  }

  static func encode(_ attempt: Attempt, into arena: ByteArena) {
    arena.append(presence(of: attempt).rawValue)
    arena.append(attempt.attemptID.rawValue)
    arena.append(attempt.leadID.rawValue)
    arena.append(attempt.listID.rawValue)
    arena.append(attempt.phone.digits)
    arena.append(attempt.startedAt.milliseconds)
    if let at = attempt.dialledAt { arena.append(at.milliseconds) }
    if let at = attempt.ringingAt { arena.append(at.milliseconds) }
    if let at = attempt.answeredAt { arena.append(at.milliseconds) }
    if let at = attempt.connectedAt { arena.append(at.milliseconds) }
    if let at = attempt.endedAt { arena.append(at.milliseconds) }
    if let outcome = attempt.outcome { arena.append(outcome.rawValue) }
    if let cause = attempt.cause { arena.append(Int32(truncatingIfNeeded: cause)) }
    arena.append(counted: attempt.callID.rawValue)
    arena.append(counted: attempt.campaignID.rawValue)
    arena.append(counted: attempt.tenant.rawValue)
    arena.append(counted: attempt.trunk.rawValue)
    if let text = attempt.vendorLeadCode { arena.append(counted: text) }
    if let text = attempt.callerID { arena.append(counted: text) }
    if let text = attempt.agentID { arena.append(counted: text.rawValue) }
    if let text = attempt.wrapCode { arena.append(counted: text) }
    if !attempt.evidence.isEmpty {
      arena.append(UInt32(truncatingIfNeeded: attempt.evidence.count))
      arena.append(attempt.evidence)
    }
  }

  private static func presence(of attempt: Attempt) -> Presence {
    var presence: Presence = []
    if attempt.vendorLeadCode != nil { presence.insert(.vendorLeadCode) }
    if attempt.callerID != nil { presence.insert(.callerID) }
    if attempt.agentID != nil { presence.insert(.agentID) }
    if attempt.dialledAt != nil { presence.insert(.dialledAt) }
    if attempt.ringingAt != nil { presence.insert(.ringingAt) }
    if attempt.answeredAt != nil { presence.insert(.answeredAt) }
    if attempt.connectedAt != nil { presence.insert(.connectedAt) }
    if attempt.endedAt != nil { presence.insert(.endedAt) }
    if attempt.outcome != nil { presence.insert(.outcome) }
    if attempt.cause != nil { presence.insert(.cause) }
    if attempt.counted { presence.insert(.counted) }
    if attempt.wrapCode != nil { presence.insert(.wrapCode) }
    if !attempt.evidence.isEmpty { presence.insert(.evidence) }
    return presence
  }
}

/// An attempt's fields where they lie in the journal's bytes: the projection binds them without making values of them.
/// Valid as long as those bytes.
struct AttemptView {
  let attemptID: Int64
  let leadID: UInt32
  let listID: UInt32
  let phone: UInt64
  let startedAt: Int64
  let dialledAt: Int64?
  let ringingAt: Int64?
  let answeredAt: Int64?
  let connectedAt: Int64?
  let endedAt: Int64?
  let outcome: Int64?
  let cause: Int64?
  let counted: Bool
  let callID: UnsafeRawBufferPointer
  let campaignID: UnsafeRawBufferPointer
  let tenant: UnsafeRawBufferPointer
  let trunk: UnsafeRawBufferPointer
  let vendorLeadCode: UnsafeRawBufferPointer?
  let callerID: UnsafeRawBufferPointer?
  let agentID: UnsafeRawBufferPointer?
  let wrapCode: UnsafeRawBufferPointer?
  let notes: UnsafeRawBufferPointer?
  let recording: UnsafeRawBufferPointer?
  let evidence: UnsafeRawBufferPointer?

  init(_ reader: inout ByteReader) {
    let presence = AttemptCodec.Presence(rawValue: reader.next())
    attemptID = reader.next()
    leadID = reader.next()
    listID = reader.next()
    phone = reader.next()
    startedAt = reader.next()
    dialledAt = presence.contains(.dialledAt) ? reader.next() as Int64 : nil
    ringingAt = presence.contains(.ringingAt) ? reader.next() as Int64 : nil
    answeredAt = presence.contains(.answeredAt) ? reader.next() as Int64 : nil
    connectedAt = presence.contains(.connectedAt) ? reader.next() as Int64 : nil
    endedAt = presence.contains(.endedAt) ? reader.next() as Int64 : nil
    outcome = presence.contains(.outcome) ? Int64(reader.next() as UInt8) : nil
    cause = presence.contains(.cause) ? Int64(reader.next() as Int32) : nil
    counted = presence.contains(.counted)
    callID = reader.counted()
    campaignID = reader.counted()
    tenant = reader.counted()
    trunk = reader.counted()
    vendorLeadCode = presence.contains(.vendorLeadCode) ? reader.counted() : nil
    callerID = presence.contains(.callerID) ? reader.counted() : nil
    agentID = presence.contains(.agentID) ? reader.counted() : nil
    wrapCode = presence.contains(.wrapCode) ? reader.counted() : nil
    notes = presence.contains(.notes) ? reader.counted() : nil
    recording = presence.contains(.recording) ? reader.counted() : nil
    evidence = presence.contains(.evidence) ? reader.counted() : nil
  }

  /// When a person was reached, or nil.
  var contactedAt: Int64? {
    if let connectedAt { return connectedAt }
    guard let outcome, let known = Outcome(rawValue: UInt8(truncatingIfNeeded: outcome)), known.isContact
    else { return nil }
    return answeredAt
  }
}
