import DialerModel
import Foundation

@testable import LeadStore

/// A database in a directory of its own, which goes when the fixture goes.
final class Fixture {
  let directory: URL
  var path: String { directory.appendingPathComponent("dialer.sqlite").path }

  init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("leadstore-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  func open(_ options: StoreOptions = StoreOptions()) throws -> LeadStore {
    try LeadStore(path: path, options: options)
  }

  /// Everything that a start would give.
  static func load(_ store: LeadStore, now: Instant = .start) throws -> Loaded {
    var loaded = Loaded()
    loaded.image = try store.load(now: now, into: &loaded)
    return loaded
  }
}

extension Instant {
  /// 2026-11-20T00:00:00Z.
  static let start = Instant(seconds: 1_795_132_800)
}

struct Loaded: StoreLoading {
  var image = StoreImage()
  var leads: [LeadID: LeadRecord] = [:]
  var codes: [LeadID: String] = [:]
  var order: [LeadID] = []
  var doNotCall: [DoNotCallEntry] = []
  var announced: (Int, LeadID)?

  mutating func begin(maximumLeads: Int, highestLeadID: LeadID) { announced = (maximumLeads, highestLeadID) }
  mutating func lead(_ record: borrowing LeadRecord, vendorLeadCode: UnsafeRawBufferPointer) {
    order.append(record.leadID)
    leads[record.leadID] = copy record
    if !vendorLeadCode.isEmpty { codes[record.leadID] = String(decoding: vendorLeadCode, as: UTF8.self) }
  }
  mutating func doNotCall(_ batch: DoNotCallBatch) {
    doNotCall += batch.digits.map { DoNotCallEntry(scope: batch.scope, digits: $0, isPrefix: batch.isPrefix) }
  }
}

/// Builders: what a test sets is what matters.
enum Make {
  static func lead(
    _ number: UInt32, list: UInt32 = 1, phones: [UInt64]? = nil, zone: UInt16 = 0, rank: Int32 = LeadRecord.missingRank,
    place: UInt32 = 0, status: StatusCode = .new, calledCount: UInt16 = 0, email: UInt64 = 0
  ) -> LeadRecord {
    let digits = phones ?? [61_200_000_000 + UInt64(number)]
    var lead = LeadRecord(
      leadID: LeadID(number), listID: ListID(list), phones: PhoneSet(digits.map { PhoneNumber(digits: $0) }),
      zone: zone,
      entered: .start)
    lead.rank = rank
    lead.place = place
    lead.emailKey = email
    lead.state.status = status
    lead.state.calledCount = calledCount
    return lead
  }

  static func details(
    first: String? = nil, last: String? = nil, email: String? = nil, owner: String? = nil, custom: JSONObject? = nil
  ) -> LeadDetails {
    var details = LeadDetails(createdAt: .start)
    details.firstName = first
    details.lastName = last
    details.email = email
    details.owner = owner
    details.custom = custom
    return details
  }

  static func transaction(_ changes: [StoreChange] = [], _ events: [JournalEvent] = []) -> StoreTransaction {
    var transaction = StoreTransaction()
    transaction.changes = changes
    transaction.events = events
    return transaction
  }

  static func leads(_ range: ClosedRange<UInt32>, list: UInt32 = 1) -> StoreTransaction {
    transaction(range.map { .addLead(lead($0, list: list), vendorLeadCode: "crm-\($0)", details: details()) })
  }

  static func attempt(
    _ number: Int64, lead: UInt32 = 1, at: Instant = .start, list: UInt32 = 1, campaign: String = "spring",
    evidence: String = #"{"rules":"always"}"#
  ) -> Attempt {
    Attempt(
      attemptID: AttemptID(number),
      callID: CallID(attempt: AttemptID(number), random: (UInt64(number) &* 77, UInt16(truncatingIfNeeded: number))),
      leadID: LeadID(lead), vendorLeadCode: "crm-\(lead)", listID: ListID(list), campaignID: CampaignID(campaign),
      tenant: .standard, phone: PhoneNumber(digits: 61_200_000_000 + UInt64(lead)), callerID: "+61290000000",
      trunk: TrunkName("sim"), agentID: nil, startedAt: at, evidence: Array(evidence.utf8))
  }

  static func event(
    _ seq: Int64, _ type: EventType = .agentState, attempt: Attempt? = nil, state: LeadState? = nil,
    at: Instant = .start, members: String = ""
  ) -> JournalEvent {
    var event = JournalEvent(seq: seq, at: at, type: type, members: Array(members.utf8))
    event.attempt = attempt
    event.leadState = state
    event.leadID = attempt?.leadID
    event.vendorLeadCode = attempt?.vendorLeadCode
    event.campaignID = attempt?.campaignID
    event.listID = attempt?.listID
    event.attemptID = attempt?.attemptID
    event.callID = attempt?.callID
    return event
  }

  /// The attempt as it ends.
  static func ended(_ attempt: Attempt, _ outcome: Outcome = .busy, after seconds: Int64 = 20) -> Attempt {
    var ended = attempt
    ended.evidence = []
    ended.endedAt = attempt.startedAt + .seconds(seconds)
    ended.outcome = outcome
    ended.cause = 17
    ended.counted = outcome.counts
    return ended
  }

  static func state(called: UInt16, status: String = "AB", at: Instant = .start) -> LeadState {
    var state = LeadState()
    state.calledCount = called
    state.status = StatusCode(status) ?? .new
    state.lastAttemptAt = at
    state.retryAt = at + .minutes(15)
    state.lastOutcome = .busy
    state.retries.add(.busy)
    return state
  }
}
