import DialerModel

/// What a run of events comes to: the last state of each lead, the last of each attempt, sorted, so that every page of
/// the database is written once however many events touched it.
///
/// Filled by the projection as it reads the journal; bounded by `StoreOptions.projectionBatchLimit`.
struct ProjectionBatch {
  struct LeadEntry {
    let leadID: UInt32
    /// Place in the batch: of two entries of one lead the later one wins.
    let order: UInt32
    let hasState: Bool
    let state: LeadState
    /// Index into ``contacts``, or −1.
    let contact: Int32
  }

  /// What the call log tells of a lead: kept with the lead for people to see.
  struct Contact {
    var contactedAt: Int64?
    /// Where the text lies in ``arena``; nil = nothing new.
    var agentID: Range<Int>?
    var wrapCode: Range<Int>?
  }

  struct AttemptEntry {
    enum Kind: UInt8 { case snapshot, dialled, ringing, answered }
    let attemptID: Int64
    let order: UInt32
    let kind: Kind
    /// The instant in milliseconds; of a snapshot its event's seq.
    let at: Int64
    /// Where the snapshot lies in ``arena``.
    let start: UInt32
    let end: UInt32
  }

  /// Finds an attempt by its lead or its number.
  struct Key {
    let key: Int64
    let attemptID: Int64
  }

  /// The last event of the batch.
  let upTo: Int64
  var leads: [LeadEntry] = []
  var contacts: [Contact] = []
  var byLead: [Key] = []
  var byPhone: [Key] = []
  var attempts: [AttemptEntry] = []
  /// By campaign: few, and each event replaces the last.
  var shares: [String: (seq: Int64, shares: [ListShare])] = [:]
  let arena: ByteArena

  init(upTo: Int64, arena: ByteArena) {
    self.upTo = upTo
    self.arena = arena
    arena.clear()
  }

  mutating func addLead(_ leadID: UInt32, _ state: LeadState?, contact: Contact?, order: UInt32) {
    var index: Int32 = -1
    if let contact {
      index = Int32(contacts.count)
      contacts.append(contact)
    }
    leads.append(
      LeadEntry(
        leadID: leadID, order: order, hasState: state != nil, state: state ?? LeadState(), contact: index))
  }

  mutating func addSnapshot(_ attemptID: Int64, _ bytes: UnsafeRawBufferPointer, seq: Int64, order: UInt32) {
    let start = arena.count
    arena.append(bytes)
    attempts.append(
      AttemptEntry(
        attemptID: attemptID, order: order, kind: .snapshot, at: seq, start: UInt32(start), end: UInt32(arena.count)))
  }

  mutating func addInstant(_ attemptID: Int64, _ kind: AttemptEntry.Kind, at: Int64, order: UInt32) {
    attempts.append(AttemptEntry(attemptID: attemptID, order: order, kind: kind, at: at, start: 0, end: 0))
  }

  func contact(of attempt: AttemptView) -> Contact? {
    let contactedAt = attempt.contactedAt
    guard contactedAt != nil || attempt.agentID != nil || attempt.wrapCode != nil else { return nil }
    return Contact(
      contactedAt: contactedAt, agentID: attempt.agentID.map { keep($0) }, wrapCode: attempt.wrapCode.map { keep($0) })
  }

  private func keep(_ bytes: UnsafeRawBufferPointer) -> Range<Int> {
    let start = arena.count
    arena.append(bytes)
    return start..<arena.count
  }

  mutating func sort() {
    byLead.sort { ($0.key, $0.attemptID) < ($1.key, $1.attemptID) }
    byPhone.sort { ($0.key, $0.attemptID) < ($1.key, $1.attemptID) }
    attempts.sort { ($0.attemptID, $0.order) < ($1.attemptID, $1.order) }
    leads.sort { ($0.leadID, $0.order) < ($1.leadID, $1.order) }
  }
}
