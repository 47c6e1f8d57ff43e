import DialerModel

/// What the engine asks of a trunk. Each command says which events answer it; none is answered by silence while the
/// trunk is up.
public enum TrunkCommand: Hashable, Sendable {
  /// Answered by `accepted` or `rejected`; `accepted` is followed by exactly one `ended`.
  case dial(DialOrder)
  /// Ends the call in any phase. Answered by `ended`, or by `gone` when the trunk has no such call. It is never
  /// refused: while the trunk is down the driver keeps it and carries it out, once, when it is back.
  case hangup(CallID)
  /// Gives an answered call to an agent. Answered by `connected`, `connectFailed`, `gone`, or by the `ended` of a person
  /// who hung up meanwhile.
  case connect(CallID, AgentID, extension: String?)
  /// Answered by `live`; while the trunk is down, by the `live` of its return.
  case listLive
}
