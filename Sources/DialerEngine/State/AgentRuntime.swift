import DialerModel

/// An agent at work.
final class AgentRuntime {
  var agent: Agent
  /// Grows each time an agent becomes ready: the lowest has waited longest.
  var readyOrder: UInt64 = 0
  var call: AttemptID?
  /// Told to pause while in a call or wrapping: it does so when that is over.
  var pausesNext: String??
  /// The lead that `lead.next` reserved for it.
  var reservedLead: LeadID?
  /// The campaign whose lines it is reserved for.
  var reservedFor: CampaignID?
  /// Tells an old timer from a new one.
  var epoch: UInt64 = 0
  var lastCallID: CallID? { agent.lastCallID }
  var lastAttempt: AttemptID? { agent.lastCallID?.attemptID }

  init(agent: Agent) { self.agent = agent }
}
