import ControlProtocol
import DialerModel

/// What a client wants to hear, and how far it has been told.
struct Subscription {
  /// The next event to send.
  var next: Int64
  /// One bit a type; nil = all.
  var types: UInt64?
  var campaignID: CampaignID?
  /// Behind what is on disk: it reads the journal until it has caught up.
  var isCatchingUp = false
  /// A page is being read.
  var isReading = false

  func wants(_ event: JournalEvent) -> Bool {
    if let types, types & (1 << UInt64(event.type.rawValue)) == 0 { return false }
    if let campaignID, event.campaignID != campaignID { return false }
    return true
  }
}

/// An event as a line for clients.
enum EventLine {
  static func bytes(_ event: JournalEvent) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(256 + event.members.count)
    EventNotification.append(to: &line) { writer in
      writer.beginObject()
      writer.member("seq", event.seq)
      writer.member("at", event.at)
      writer.member("type", event.type.word)
      if let lead = event.leadID { writer.member("leadID", Int64(lead.rawValue)) }
      if let code = event.vendorLeadCode { writer.member("vendorLeadCode", code) }
      if let campaign = event.campaignID { writer.member("campaignID", campaign.rawValue) }
      if let list = event.listID { writer.member("listID", Int64(list.rawValue)) }
      if let attempt = event.attemptID { writer.member("attemptID", attempt.rawValue) }
      if let call = event.callID { writer.member("callID", call.rawValue) }
      if !event.members.isEmpty {
        writer.bytes.append(UInt8(ascii: ","))
        writer.bytes.append(contentsOf: event.members)
      }
      writer.endObject()
    }
    return line
  }
}
