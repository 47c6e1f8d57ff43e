/// The kinds of events that clients subscribe to. The raw value is what the journal keeps.
public enum EventType: UInt8, CaseIterable, Sendable {
  case attemptStarted = 1
  case attemptDialing = 2
  case attemptRinging = 3
  case attemptAnswered = 4
  case attemptConnected = 5
  case attemptEnded = 6
  case attemptWrapped = 7
  case leadReserved = 8
  case leadReleased = 9
  case callbackScheduled = 10
  case leadAdded = 11
  case leadUpdated = 12
  case leadDeleted = 13
  case leadExhausted = 14
  case callbackDue = 15
  case callbackMissed = 16
  case campaignState = 17
  case listExhausted = 18
  case agentState = 19
  case trunkState = 20
  case importCommitted = 21
  case dncChanged = 22
  case configReloaded = 23

  /// The word of the control protocol.
  public var word: String {
    switch self {
    case .attemptStarted: "attempt.started"
    case .attemptDialing: "attempt.dialing"
    case .attemptRinging: "attempt.ringing"
    case .attemptAnswered: "attempt.answered"
    case .attemptConnected: "attempt.connected"
    case .attemptEnded: "attempt.ended"
    case .attemptWrapped: "attempt.wrapped"
    case .leadReserved: "lead.reserved"
    case .leadReleased: "lead.released"
    case .callbackScheduled: "callback.scheduled"
    case .leadAdded: "lead.added"
    case .leadUpdated: "lead.updated"
    case .leadDeleted: "lead.deleted"
    case .leadExhausted: "lead.exhausted"
    case .callbackDue: "callback.due"
    case .callbackMissed: "callback.missed"
    case .campaignState: "campaign.state"
    case .listExhausted: "list.exhausted"
    case .agentState: "agent.state"
    case .trunkState: "trunk.state"
    case .importCommitted: "import.committed"
    case .dncChanged: "dnc.changed"
    case .configReloaded: "config.reloaded"
    }
  }

  public init?(word: String) {
    guard let found = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = found
  }
}

/// One row of the journal: what clients are told, and what a restart needs to go on from it.
public struct JournalEvent: Sendable, Hashable {
  /// Grows by one without a gap.
  public var seq: Int64
  public var at: Instant
  public var type: EventType
  public var leadID: LeadID?
  public var vendorLeadCode: String?
  public var campaignID: CampaignID?
  public var listID: ListID?
  public var attemptID: AttemptID?
  public var callID: CallID?
  /// Further members of the notification as JSON text without the braces: `"outcome":"busy","cause":17`; may be empty.
  public var members: [UInt8]
  /// The lead's state after this event, where the event changed it.
  public var leadState: LeadState?
  /// The attempt as it stands after this event: with `attempt.started`, `.connected`, `.ended`, `.wrapped` and notes.
  /// The other attempt events only add their own instant to it (`dialledAt`, `ringingAt`, `answeredAt`).
  public var attempt: Attempt?
  /// The lags of the campaign's lists after this event, where a claim changed them and it is the last of its turn.
  public var shares: [ListShare]?

  public init(seq: Int64, at: Instant, type: EventType, members: [UInt8] = []) {
    self.seq = seq
    self.at = at
    self.type = type
    self.members = members
  }
}

/// Where one list of a campaign stands in the round by weights: all that the choice needs to go on after a restart as if
/// nothing had happened.
@frozen public struct ListShare: Hashable, Sendable {
  public var listID: ListID
  /// It took part in the last choice.
  public var isActive: Bool
  /// The weight with which it did, and the sum of the weights of all that did.
  public var weight: Int
  public var totalWeight: Int
  /// What it is owed (above zero) or owes: in 1/(totalWeight·2^20) calls if active, else in 2^-32 calls.
  public var lag: Int64
  /// Calls given back and not yet made up for.
  public var credit: Int
  /// Counted picks since the last that `newEvery` asked for.
  public var picksSinceNew: Int
  /// Calls of the list in this campaign that counted to its share.
  public var dialled: Int64

  public init(
    listID: ListID, isActive: Bool = false, weight: Int = 1, totalWeight: Int = 1, lag: Int64 = 0, credit: Int = 0,
    picksSinceNew: Int = 0, dialled: Int64 = 0
  ) {
    self.listID = listID
    self.isActive = isActive
    self.weight = weight
    self.totalWeight = totalWeight
    self.lag = lag
    self.credit = credit
    self.picksSinceNew = picksSinceNew
    self.dialled = dialled
  }
}
