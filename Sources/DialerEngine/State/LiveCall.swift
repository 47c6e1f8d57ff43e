import DialerModel

/// How far a call has come. A later phase implies the earlier ones.
enum CallPhase: Int, Comparable {
  /// Claimed, perhaps not yet on disk.
  case claimed
  /// The trunk has been told.
  case dialling
  case ringing
  /// A person is there and no agent yet.
  case answered
  case connected
  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Where a claim came from; it decides whether the call counts to its list's share.
enum ClaimSource: Hashable {
  case list
  case priority
  case callback
  /// `lead.dial`, with or without a reservation behind it.
  case command(charged: Bool)

  var countsToShare: Bool {
    switch self {
    case .list, .command(charged: true): true
    case .priority, .callback, .command(charged: false): false
    }
  }
}

/// A call from its claim to its end.
final class LiveCall {
  var attempt: Attempt
  unowned let campaign: CampaignRuntime
  let source: ClaimSource
  var phase: CallPhase = .claimed
  /// Held while it lives.
  let locks: DialKeys
  /// The lead's state before the claim; nil after a restart.
  var stateBefore: LeadState?
  /// Its row in the log of past attempts.
  var logRow: UInt32?
  /// When the engine acts if nothing happens: the trunk should have ended it, or no agent came.
  var deadline: MonotonicInstant
  /// A hangup was ordered, for this reason.
  var hangup: HangupReason?
  /// The user whose command ordered the hangup.
  var hungUpBy: UInt32?
  /// The agent that a manual or preview dial is for.
  let forAgent: AgentID?
  /// Whether the agent has been told to the trunk and its `connected` is awaited.
  var connecting: AgentID?
  /// Taken up again after a restart: nobody here knows how far it had come.
  var isRecovered = false

  enum HangupReason: Hashable {
    case noAgent
    case ordered
    case overdue
  }

  init(
    attempt: consuming Attempt, campaign: CampaignRuntime, source: ClaimSource, locks: DialKeys, logRow: UInt32?,
    deadline: MonotonicInstant, forAgent: AgentID?
  ) {
    self.attempt = attempt
    self.campaign = campaign
    self.source = source
    self.locks = locks
    self.logRow = logRow
    self.deadline = deadline
    self.forAgent = forAgent
  }

  /// The status that stands for the lead while the call lives.
  var liveStatus: String {
    switch phase {
    case .claimed, .dialling: "QUEUE"
    case .ringing: "RING"
    case .answered, .connected: "INCALL"
    }
  }

  /// A line that may still need an agent.
  var isWaitingLine: Bool { phase < .connected }
}
