import DialerModel
import DialingRules
import Foundation
import LeadStore

/// Leads in the United States and every kind of rule on: the calling hours of all states, strict zones, limits of the
/// campaign and of states, holds after abandoned calls, a minimum gap, a called-count limit, a filter, do-not-call
/// numbers and a past of attempts. The same number gives the same lead in every run.
struct RuledLeads {
  /// A Friday, 16:05 UTC: most of the country is open.
  static let now = Instant(seconds: 1_795_190_700)
  static let campaignID = CampaignID("ruled")
  static let zones = [
    "America/New_York", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Phoenix",
    "America/New_York", "America/Los_Angeles", "America/Chicago", "America/New_York", "America/Chicago",
  ]
  private static let areaCodes: [UInt64] = [212, 305, 312, 310, 602, 404, 206, 850, 617, 713]
  private static let states = ["NY", "FL", "IL", "CA", "AZ", "GA", "WA", "FL", "MA", "TX"]

  var count: Int
  var dialMode = DialMode.broadcast

  func lead(_ number: Int) -> LeadRecord {
    let hash = SeededGenerator.mix(UInt64(number))
    let place = Int(hash % UInt64(Self.areaCodes.count))
    // Exchanges from 200 on: what is no number of the plan lies in every zone of it.
    let phone = 10_000_000_000 + Self.areaCodes[place] * 10_000_000 + 2_000_000 + UInt64(number) % 7_000_000
    var lead = LeadRecord(
      leadID: LeadID(UInt32(number)), listID: ListID(1), phones: PhoneSet([PhoneNumber(digits: phone)]),
      zone: UInt16(place), entered: Self.now - .hours(48))
    lead.place = UInt32(place) + 1
    lead.nameKey = SeededGenerator.mix(hash &+ 1)
    lead.emailKey = SeededGenerator.mix(hash &+ 2)
    return lead
  }

  func vendorLeadCode(_ number: Int) -> String { "CRM-\(number)" }

  func callingHours() throws -> CallingHours {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Config/calling-hours/us-states.json5")
    return try CallingHoursFile(Array(try Data(contentsOf: file))).hours
  }

  var list: LeadList { LeadList(listID: ListID(1), name: "List", createdAt: Self.now - .hours(48)) }

  func campaign(under hours: CallingHours) -> Campaign {
    var campaign = Campaign(
      campaignID: Self.campaignID, name: "Ruled", callingHours: hours.callingHoursID, strictZones: true,
      createdAt: Self.now - .hours(48))
    campaign.dialMode = dialMode
    campaign.state = .running
    campaign.calledCountLimit = 20
    campaign.minimumGap = .hours(1)
    campaign.attemptLimits = [
      AttemptLimit(count: 7, window: .hours(7 * 24), scope: .person),
      AttemptLimit(count: 1, window: .hours(7 * 24), scope: .person, counts: .answers),
      AttemptLimit(count: 5, window: .hours(7 * 24), scope: .lead),
      AttemptLimit(count: 3, window: .hours(24), scope: .phone),
    ]
    var assignment = ListAssignment(listID: ListID(1), weight: 100)
    assignment.filter = .compare(.calledCount, .lt, [.integer(50)])
    campaign.lists = [assignment]
    return campaign
  }

  var doNotCall: DoNotCallBatch {
    DoNotCallBatch(
      scope: .everyone, isPrefix: false, digits: (0..<UInt64(count / 50)).map { 12_122_000_000 + $0 * 50 }.sorted())
  }

  var zoneRows: [(UInt16, String)] { Self.zones.indices.map { (UInt16($0), Self.zones[$0]) } }
  var placeRows: [(UInt32, String?, String?)] { Self.states.indices.map { (UInt32($0) + 1, "US", Self.states[$0]) } }

  /// Every fourth lead was called two hours ago and every fortieth answered.
  var past: [AttemptTrace] {
    stride(from: 4, through: count, by: 4).map { number in
      let lead = lead(number)
      let isAnswered = number % 40 == 0
      return AttemptTrace(
        attemptID: AttemptID(Int64(number)), leadID: lead.leadID, tenant: .standard,
        phone: lead.phones[0] ?? PhoneNumber(digits: 0), startedAt: Self.now - .hours(2), counted: true,
        outcome: isAnswered ? .connected : .noAnswer, answeredAt: isAnswered ? Self.now - .hours(2) : nil,
        endedAt: Self.now - .hours(2))
    }
  }

  /// Fills a store that has no leads, lists and campaigns; the past is not in it.
  func fill(_ store: LeadStore) throws {
    let hours = try callingHours()
    var transaction = StoreTransaction()
    transaction.changes = zoneRows.map { .addZone($0.0, name: $0.1) }
    transaction.changes += placeRows.map { .addPlace($0.0, region: $0.1, state: $0.2) }
    transaction.changes += [
      .putList(list), .putCallingHours(hours), .putCampaign(campaign(under: hours)),
      .addDoNotCallBatch(doNotCall, reason: nil, at: Self.now - .hours(48)),
    ]
    try store.commit(transaction)
    for start in stride(from: 1, through: count, by: 20_000) {
      var transaction = StoreTransaction()
      for number in start..<min(start + 20_000, count + 1) {
        let lead = lead(number)
        transaction.changes.append(
          .addLead(lead, vendorLeadCode: vendorLeadCode(number), details: LeadDetails(createdAt: lead.entered)))
      }
      try store.commit(transaction)
    }
    try store.checkpoint()
  }
}
