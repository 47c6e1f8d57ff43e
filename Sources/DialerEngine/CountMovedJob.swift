import DialerModel

/// Counts the leads whose calling hours an update of the tz database moved, a piece of them a turn, and says so in the
/// log: once for each campaign.
final class CountMovedJob: EngineJob {
  let writes = false
  private let zones: [String]
  private let campaigns: [CampaignRuntime]
  private var counts: [Int]
  private var next: LeadID? = LeadID(0)
  /// The longest list of names that a line of the log shows.
  private static let shownZones = 10

  init(zones: [String], campaigns: [CampaignRuntime]) {
    self.zones = zones
    self.campaigns = campaigns
    counts = Array(repeating: 0, count: campaigns.count)
  }

  func step(_ engine: Engine) -> Bool {
    var looked = 0
    let moved = Set(zones)
    var known: [ProfileKey: Bool] = [:]
    next = engine.leads.visit(from: next ?? LeadID(0)) { lead, list in
      looked += 1
      for (index, campaign) in campaigns.enumerated() where campaign.assigned[list] != nil {
        guard let record = engine.leads.record(lead) else { continue }
        let isMoved = (0..<PhoneSet.capacity).contains { phone in
          guard phone == 0 || record.phones[phone] != nil else { return false }
          // The id comes first: to ask for it may add a profile to the table.
          let profile = engine.profile(of: record, phone: phone, in: campaign)
          let key = campaign.profiles[Int(profile)].key
          if let known = known[key] { return known }
          let answer = engine.zoneNames(of: key).contains { moved.contains($0) }
          known[key] = answer
          return answer
        }
        if isMoved { counts[index] += 1 }
      }
      return looked < Engine.Bounds.bulk
    }
    guard next == nil else { return false }
    let shown = zones.prefix(Self.shownZones).joined(separator: ",") + (zones.count > Self.shownZones ? ",…" : "")
    for (index, campaign) in campaigns.enumerated() {
      engine.writeLog(
        .notice, "hours.moved",
        [
          ("campaign", .text(campaign.id.rawValue)), ("leads", .number(Int64(counts[index]))),
          ("timeZones", .text(shown)), ("timeZoneData", .text(engine.settings.timeZones.version)),
        ])
    }
    return true
  }
}
