import DialerModel
import Telephony

/// Events: one row of the journal each, numbered without a gap.
extension Engine {
  func emit(
    _ type: EventType, campaign: CampaignID? = nil, list: ListID? = nil, lead: LeadID? = nil, code: String? = nil,
    state: LeadState? = nil, members: ((inout JSONWriter) -> Void)? = nil
  ) {
    var event = JournalEvent(seq: nextSeq, at: now.wall, type: type)
    event.campaignID = campaign
    event.listID = list
    event.leadID = lead
    event.vendorLeadCode = code ?? lead.flatMap { leads.vendorLeadCode($0) }
    event.leadState = state
    if let members {
      var writer = JSONWriter()
      members(&writer)
      event.members = writer.take()
    }
    append(event)
  }

  /// An event in the course of a call.
  func emit(
    _ type: EventType, call: LiveCall, withAttempt: Bool, state: LeadState? = nil,
    members: ((inout JSONWriter) -> Void)? = nil
  ) {
    emit(type, attempt: call.attempt, withAttempt: withAttempt, state: state, members: members)
  }

  func emit(
    _ type: EventType, attempt: Attempt, withAttempt: Bool, state: LeadState? = nil,
    members: ((inout JSONWriter) -> Void)? = nil
  ) {
    var event = JournalEvent(seq: nextSeq, at: now.wall, type: type)
    event.leadID = attempt.leadID
    event.vendorLeadCode = attempt.vendorLeadCode
    event.campaignID = attempt.campaignID
    event.listID = attempt.listID
    event.attemptID = attempt.attemptID
    event.callID = attempt.callID
    event.leadState = state
    if withAttempt { event.attempt = attempt }
    if let members {
      var writer = JSONWriter()
      members(&writer)
      event.members = writer.take()
    }
    append(event)
  }

  private func append(_ event: JournalEvent) {
    nextSeq += 1
    output.transaction.events.append(event)
  }

  /// A line of the log about a call: `attempt=` follows it from claim to wrap.
  func logCall(
    _ level: LogLevel, _ name: StaticString, _ attempt: Attempt,
    _ more: @autoclosure () -> [(key: StaticString, value: LogEvent.Value)] = []
  ) {
    guard logs(level) else { return }
    var fields: [(key: StaticString, value: LogEvent.Value)] = [
      ("attempt", .number(attempt.attemptID.rawValue)), ("lead", .number(Int64(attempt.leadID.rawValue))),
    ]
    if let code = attempt.vendorLeadCode { fields.append(("vlc", .text(code))) }
    fields.append(("campaign", .text(attempt.campaignID.rawValue)))
    fields.append(("list", .number(Int64(attempt.listID.rawValue))))
    fields += more()
    output.afterCommit.append(.log(LogEvent(level, name, fields)))
  }
}
