import DialerModel
import Telephony

/// Events: one row of the journal each, numbered without a gap.
extension Engine {
  /// What the members of most events fit into.
  private static let membersRoom = 128

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
      writer.bytes.reserveCapacity(Self.membersRoom)
      members(&writer)
      event.members = writer.take()
    }
    append(event)
  }

  /// An event in the course of a call; from the call itself, because a copy of an attempt has a dozen texts to count.
  func emit(
    _ type: EventType, call: LiveCall, withAttempt: Bool, state: LeadState? = nil,
    members: ((inout JSONWriter) -> Void)? = nil
  ) {
    var event = JournalEvent(seq: nextSeq, at: now.wall, type: type)
    event.leadID = call.attempt.leadID
    event.vendorLeadCode = call.attempt.vendorLeadCode
    event.campaignID = call.attempt.campaignID
    event.listID = call.attempt.listID
    event.attemptID = call.attempt.attemptID
    event.callID = call.attempt.callID
    event.leadState = state
    if withAttempt { event.attempt = call.attempt }
    if let members {
      var writer = JSONWriter()
      writer.bytes.reserveCapacity(Self.membersRoom)
      members(&writer)
      event.members = writer.take()
    }
    append(event)
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
      writer.bytes.reserveCapacity(Self.membersRoom)
      members(&writer)
      event.members = writer.take()
    }
    append(event)
  }

  private func append(_ event: consuming JournalEvent) {
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
