import DialerModel

/// What is due at some moment of the steady clock. Timers are not taken back: who is woken looks whether it still matters.
enum TimerEvent: Hashable {
  /// The call should have ended, or found an agent, by now.
  case call(AttemptID)
  /// The agent's wrap-up is over, if it is still the one numbered so.
  case wrapUp(AgentID, epoch: UInt64)
  /// The reservation of a lead for an agent is over, if it is still the one numbered so.
  case reservation(LeadID, epoch: UInt64)
  case trunk(TrunkName)
  /// A commit of an import has left calls their time.
  case importGoesOn(ImportID)
  case jobsGoOn
  case drained
}

typealias TimerHeap = MomentHeap<MonotonicInstant, TimerEvent>
