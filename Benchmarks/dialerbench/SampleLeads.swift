import DialerModel
import LeadStore

/// Leads in the shape of a CRM's: unique numbers, half of them with a second one, a vendor lead code, a name, zones and
/// states spread over a continent. The same number gives the same lead in every run.
struct SampleLeads {
  var leads: Int
  var lists = 3
  /// The last digit of every number, which says how the simulator's call ends; nil: they vary.
  var lastDigit: Int?
  var hasEmails = false
  /// How many of ``zoneNames`` are used.
  var zones = 30
  var entered = Instant(seconds: 1_790_000_000)

  static let campaignID = CampaignID("bench")

  /// Zones without a common rhythm, so that each is a group of its own in the index.
  static let zoneNames = [
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Detroit", "America/Boise", "America/Halifax",
    "America/St_Johns", "America/Toronto", "America/Winnipeg", "America/Regina", "America/Edmonton",
    "America/Vancouver", "America/Puerto_Rico", "America/Mexico_City", "America/Bogota", "America/Sao_Paulo",
    "Europe/London", "Europe/Paris", "Europe/Athens", "Asia/Dubai", "Asia/Kolkata",
    "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Australia/Adelaide", "Pacific/Auckland",
  ]

  /// Leads in one transaction.
  private static let chunk = 50_000
  private static let betweenCheckpoints = 400_000

  /// Fills a store that has neither leads nor lists nor campaigns: lists 1 to ``lists``, zones, places, leads 1 to
  /// ``leads``, and a campaign ``campaignID`` over all lists.
  func fill(_ store: LeadStore, campaign: Campaign? = nil) throws {
    var transaction = StoreTransaction()
    for zone in 0..<min(zones, Self.zoneNames.count) {
      transaction.changes.append(.addZone(UInt16(zone), name: Self.zoneNames[zone]))
    }
    for place in 1...50 { transaction.changes.append(.addPlace(UInt32(place), region: "AU", state: "S\(place)")) }
    for list in 1...lists {
      transaction.changes.append(
        .putList(LeadList(listID: ListID(UInt32(list)), name: "List \(list)", createdAt: entered)))
    }
    transaction.changes.append(.putCampaign(campaign ?? self.campaign()))
    try store.commit(transaction)
    var next = 1
    while next <= leads {
      // A log of gigabytes would make every page that is looked for slower to find.
      if next % Self.betweenCheckpoints == 1 { try store.checkpoint() }
      let end = min(next + Self.chunk, leads + 1)
      var transaction = StoreTransaction()
      transaction.changes.reserveCapacity(end - next)
      for number in next..<end { transaction.changes.append(change(number)) }
      try store.commit(transaction)
      next = end
    }
    try store.checkpoint()
  }

  /// Broadcast, running, open at all hours, weights 1 : 2 : 3 and so on, no limit of its own on calls.
  func campaign(
    _ id: CampaignID = SampleLeads.campaignID, mode: DialMode = .broadcast, state: CampaignState = .running
  ) -> Campaign {
    var campaign = Campaign(
      campaignID: id, name: "Benchmark", callingHours: CallingHoursID("always"), strictZones: false,
      createdAt: entered)
    campaign.dialMode = mode
    campaign.state = state
    campaign.lists = (1...lists).map { ListAssignment(listID: ListID(UInt32($0)), weight: $0 * 10 % 1000 + 1) }
    return campaign
  }

  private func change(_ number: Int) -> StoreChange {
    let hash = SeededGenerator.mix(UInt64(number))
    var lead = LeadRecord(
      leadID: LeadID(UInt32(number)), listID: ListID(UInt32(number % lists + 1)), phones: phones(number, hash),
      zone: UInt16(hash % UInt64(min(zones, Self.zoneNames.count))),
      entered: Instant(milliseconds: entered.milliseconds + Int64(number)))
    lead.rank = Int32(hash >> 20 % 100)
    lead.place = UInt32(hash >> 32 % 50) + 1
    lead.nameKey = SeededGenerator.mix(hash &+ 1)
    var details = LeadDetails(createdAt: lead.entered)
    details.firstName = "First"
    details.lastName = "Last \(number)"
    if hasEmails {
      details.email = "p\(number)@example.com"
      lead.emailKey = TextKey.email(details.email)
    }
    return .addLead(lead, vendorLeadCode: "CRM-\(number)", details: details)
  }

  /// Australian: eight digits behind 2 (a fixed line) and behind 4 (a mobile).
  private func phones(_ number: Int, _ hash: UInt64) -> PhoneSet {
    let subscriber = UInt64(lastDigit.map { number % 9_000_000 * 10 + $0 } ?? number)
    var phones = PhoneSet([PhoneNumber(digits: 61_200_000_000 + subscriber)])
    if hash >> 40 & 1 == 1 { phones[1] = PhoneNumber(digits: 61_400_000_000 + subscriber) }
    return phones
  }
}
