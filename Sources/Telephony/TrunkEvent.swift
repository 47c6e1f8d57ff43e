import DialerModel

/// What a trunk tells the engine.
///
/// From a well-behaved driver the events of one call come in this order, each at most once (`connected` once more where
/// the same connect is asked again): `accepted`, `ringing`?, `answered`?, `connected`?, `ended`; or `rejected` alone. Exchanges and lost connections behave
/// worse, so an engine must bear with
/// - a repeat of any event: the first one counts;
/// - a later phase without the earlier one (`answered` before or without `ringing`, `ended` right after the dial): the
///   later phase says that the earlier one has been;
/// - an earlier phase after a later one, and anything after `ended` or about a call it does not know: ignored;
/// - an `ended` that never comes: a deadline of its own, then ``TrunkCommand/listLive``.
public enum TrunkEvent: Hashable, Sendable {
  /// The network has the call.
  case accepted(CallID)
  /// A dial that never reached the network: outcome `trunk-failure`, not counted. The exception is
  /// ``TrunkFault/duplicateCallID``: a call of that id is live and goes on; only the second dial was refused.
  case rejected(CallID, TrunkFault)
  /// The far telephone rings.
  case ringing(CallID)
  /// A person answered, or what the trunk takes for one: where the trunk detects machines it says this only afterwards.
  case answered(CallID)
  case connected(CallID, AgentID)
  /// The agent was not reached; the call goes on as it was.
  case connectFailed(CallID, AgentID, TrunkFault)
  case ended(CallID, CallEnding)
  /// A hangup or connect named a call that this trunk does not have. If the engine still holds it open, its `ended` was
  /// lost: the outcome is `unknown`.
  case gone(CallID)
  case state(TrunkState)
  /// The calls that are live on the trunk now, in the order in which they were dialled. It comes as the answer to
  /// ``TrunkCommand/listLive``, and by itself between `state(.probing)` and `state(.up)` when a trunk comes back. An open
  /// call that is not in it, and was dialled before the question, is over: outcome `unknown`.
  case live([CallID])

  /// The call that it is about, if it is about one.
  public var callID: CallID? {
    switch self {
    case .accepted(let callID), .rejected(let callID, _), .ringing(let callID), .answered(let callID),
      .connected(let callID, _), .connectFailed(let callID, _, _), .ended(let callID, _), .gone(let callID):
      callID
    case .state, .live: nil
    }
  }
}

/// How a call ended.
public struct CallEnding: Hashable, Sendable {
  /// What the exchange knows: `busy`, `noAnswer`, `machine`, `disconnected`, `congestion`, `fax`, `refused` or `failed`.
  /// Nil = judge by how far the call came and by who ended it.
  public var outcome: Outcome?
  /// ITU-T Q.850; nil = the exchange gave none.
  public var cause: Int?
  /// Whether the called party, not we, ended it.
  public var byFarEnd: Bool

  public init(outcome: Outcome? = nil, cause: Int? = nil, byFarEnd: Bool) {
    self.outcome = outcome
    self.cause = cause
    self.byFarEnd = byFarEnd
  }
}

/// Why our own trunk did not do what it was asked. The raw value is a stable word for events and logs.
public enum TrunkFault: String, CaseIterable, Hashable, Sendable {
  case noRoute = "no-route"
  /// All channels are taken.
  case noChannel = "no-channel"
  case notConnected = "not-connected"
  /// A call of this id is live.
  case duplicateCallID = "duplicate-call-id"
  /// A connect for a call that nobody has answered yet.
  case notAnswered = "not-answered"
  /// A connect for a call that another agent has.
  case alreadyConnected = "already-connected"
  case agentUnreachable = "agent-unreachable"
}

/// Whether a trunk can be dialled on.
public enum TrunkState: Hashable, Sendable {
  case up
  /// Nothing may be dialled; the text is a stable word such as `connection-lost`.
  case down(reason: String)
  /// Connected again, and finding out which calls are live: nothing may be dialled yet.
  case probing

  /// The word of the control protocol.
  public var word: String {
    switch self {
    case .up: "up"
    case .down: "down"
    case .probing: "probing"
    }
  }
}
