import DialerModel
import DialingRules
import TimeZones

/// Builders in which everything has a default, so that what a test sets is what matters.
enum Builders {
  static let database: TimeZoneDatabase? = try? TimeZoneDatabase()

  static func zone(_ name: String) throws -> ZoneRules {
    guard let zone = database?.zone(named: name) else { throw MissingZone(name: name) }
    return zone
  }

  struct MissingZone: Error { let name: String }

  /// `2026-11-20T14:03:11Z`.
  static func at(_ text: String) -> Instant {
    guard let instant = Instant(rfc3339: text) else { preconditionFailure("\(text) is no instant") }
    return instant
  }

  static func window(_ text: String) -> HoursWindow {
    guard let window = HoursWindow(text: text) else { preconditionFailure("\(text) is no window") }
    return window
  }

  static func windows(_ texts: String...) -> [HoursWindow] { texts.map { window($0) } }

  /// The same windows on each weekday.
  static func everyDay(_ texts: String...) -> [Int: [HoursWindow]] {
    Dictionary(uniqueKeysWithValues: (1...7).map { ($0, texts.map { window($0) }) })
  }

  static func hours(
    weekly: [Int: [HoursWindow]], dates: [SpecialDate] = [], regions: [String: RegionRules] = [:],
    unknownRegion: UnknownRegionPolicy = .base
  ) -> CallingHours {
    CallingHours(
      callingHoursID: CallingHoursID("test"), name: "Test", weekly: weekly, dates: dates, regions: regions,
      unknownRegion: unknownRegion)
  }

  static func record(
    phones: [String?] = ["+12125550101"], status: String = "NEW", calledCount: UInt16 = 0
  ) -> LeadRecord {
    var set = PhoneSet()
    for (index, phone) in phones.enumerated() { set[index] = phone.flatMap { PhoneNumber(e164: $0) } }
    var record = LeadRecord(
      leadID: LeadID(1), listID: ListID(1), phones: set, zone: 0, entered: at("2026-01-01T00:00:00Z"))
    record.state.status = StatusCode(status) ?? .new
    record.state.calledCount = calledCount
    return record
  }

  static func rules(
    state: CampaignState = .running, limits: [AttemptLimit] = [], gap: Interval = .zero, calledCountLimit: Int? = nil,
    strategy: Strategy = .standard
  ) -> CampaignRules {
    var campaign = Campaign(
      campaignID: CampaignID("spring"), name: "Spring", callingHours: CallingHoursID("test"),
      createdAt: at("2026-01-01T00:00:00Z"))
    campaign.state = state
    campaign.attemptLimits = limits
    campaign.minimumGap = gap
    campaign.calledCountLimit = calledCountLimit
    return CampaignRules(campaign: campaign, strategy: strategy)
  }

  static func open(at now: Instant) -> KnownHours {
    KnownHours(HoursStatus(open: true, asOf: now, until: .distantFuture))
  }
}

/// Attempts that a test writes down; each is to one phone, and an answer or not.
struct ListedAttempts: AttemptHistory {
  struct Entry {
    var at: Instant
    var phone: UInt64 = 12_125_550_101
    var answered = false
    var byThisLead = true
    var abandoned = false
  }
  var entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries.sorted { $0.at > $1.at } }
  init(at instants: [Instant]) { self.init(instants.map { Entry(at: $0) }) }

  func nth(
    _ n: Int, newest scope: AttemptLimit.Scope, counts: AttemptLimit.Counted, phone: PhoneNumber
  ) -> Instant? {
    let counted = entries.filter { entry in
      (counts == .attempts || entry.answered)
        && (scope == .person || (scope == .lead && entry.byThisLead)
          || (scope == .phone && entry.phone == phone.digits))
    }
    return n <= counted.count ? counted[n - 1].at : nil
  }

  var lastToPerson: Instant? { entries.first?.at }

  func lastAbandoned(phone: PhoneNumber) -> Instant? { entries.first { $0.abandoned }?.at }
}
