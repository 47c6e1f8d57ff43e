/// How a campaign's calls come about.
public enum DialMode: String, CaseIterable, Codable, Sendable {
  case manual, preview, progressive, ratio, predictive, broadcast

  /// Whether an agent asks for each lead (nothing is dialled ahead).
  public var isAgentPaced: Bool { self == .manual || self == .preview }

  /// Whether each call has an agent of its own before it is made: an agent asks for it, or one is kept for each line.
  public var hasAgentInHand: Bool { isAgentPaced || self == .progressive }
}

public enum CampaignState: String, CaseIterable, Codable, Sendable {
  case running, paused, stopped
}

/// At most `count` in any window of this length, in one of three scopes, over all campaigns of the tenant.
public struct AttemptLimit: Hashable, Codable, Sendable {
  public enum Scope: String, CaseIterable, Codable, Sendable { case phone, lead, person }
  public enum Counted: String, CaseIterable, Codable, Sendable { case attempts, answers }
  /// 1 to 1,000.
  public var count: Int
  /// 1 second to 366 days.
  public var window: Interval
  public var scope: Scope
  public var counts: Counted

  public init(count: Int, window: Interval, scope: Scope = .lead, counts: Counted = .attempts) {
    self.count = count
    self.window = window
    self.scope = scope
    self.counts = counts
  }
}

/// A field of a lead that equals a value gives the lead its zone; the first rule that applies wins.
public struct TimeZoneRule: Hashable, Codable, Sendable {
  /// `state`, `postalCode`, `region`, `source`, `owner` or `custom.NAME`.
  public var field: String
  public var equals: String
  public var timeZone: String
  public init(field: String, equals: String, timeZone: String) {
    self.field = field
    self.equals = equals
    self.timeZone = timeZone
  }
}

/// What an agent says that a call came to (a disposition), and what follows from it.
public struct WrapCode: Hashable, Codable, Sendable {
  public var code: String
  public var name: String
  public var completed: Bool
  public var converted: Bool
  public var contact: Bool
  public var doNotCall: Bool
  public var callback: Bool
  public init(
    code: String, name: String, completed: Bool = false, converted: Bool = false, contact: Bool = false,
    doNotCall: Bool = false, callback: Bool = false
  ) {
    self.code = code
    self.name = name
    self.completed = completed
    self.converted = converted
    self.contact = contact
    self.doNotCall = doNotCall
    self.callback = callback
  }
}

/// Whether a lead whose state is not known meets only the base rules or the strictest of all its country's states.
public enum UnknownRegionPolicy: String, CaseIterable, Codable, Sendable { case base, strictest }

/// One list of a campaign: whether it is dialled, how often, and in which way.
public struct ListAssignment: Hashable, Codable, Sendable {
  public var listID: ListID
  public var toDial: Bool
  /// 1 to 1,000.
  public var weight: Int
  public var strategyID: StrategyID
  public var filter: FilterExpression?

  public init(
    listID: ListID, toDial: Bool = true, weight: Int = 100, strategyID: StrategyID = .standard,
    filter: FilterExpression? = nil
  ) {
    self.listID = listID
    self.toDial = toDial
    self.weight = weight
    self.strategyID = strategyID
    self.filter = filter
  }
}

/// An outbound effort: lists with weights and strategies, rules, trunks, agents.
public struct Campaign: Hashable, Codable, Sendable {
  public var campaignID: CampaignID
  public var name: String
  public var tenant: TenantID = .standard
  public var dialMode: DialMode = .progressive
  public var state: CampaignState = .stopped
  /// The zone of leads that have none of their own; nil = the configuration's default.
  public var timeZone: String?
  /// ISO 3166-1 alpha-2, for numbers typed in national form; nil = the configuration's default.
  public var region: String?
  public var callingHours: CallingHoursID
  /// Attempts of a lead; nil = no limit of the campaign's.
  public var calledCountLimit: Int?
  public var attemptLimits: [AttemptLimit] = []
  /// Between any two dials to one person.
  public var minimumGap: Interval = .zero
  /// After a call the agent is `wrapping` this long; nil = until `call.wrap`.
  public var wrapUp: Interval?
  /// Nil = as the rule set says.
  public var unknownRegion: UnknownRegionPolicy?
  public var zoneFromPhone = false
  public var timeZoneRules: [TimeZoneRule] = []
  /// For the order key `random`.
  public var seed: Int64 = 1
  /// 5 to 120 seconds. 28 s is a little over the 15 s or four rings that the US Telemarketing Sales Rule asks for.
  public var ringTimeout: Interval = .seconds(28)
  public var callerIDs: [String] = []
  /// In order of preference; empty = every trunk of the configuration in its order.
  public var trunks: [TrunkName] = []
  /// Nil = only the trunks' limits.
  public var maximumLiveCalls: Int?
  public var callsPerSecond: Double?
  /// Lines for each ready agent in `ratio` mode, 1 to 20.
  public var dialRatio: Double = 1
  /// Of the calls that a person answered; 3 % is the ceiling of the US safe harbour.
  public var abandonTargetPercent: Double = 3
  public var listWeighting = true
  /// Nil = on unless the default region is US or CA… as the configuration's region says at creation.
  public var strictZones: Bool
  public var wrapCodes: [WrapCode] = []
  public var lists: [ListAssignment] = []
  /// Nil = nothing is said.
  public var callDetail: CallDetail?
  public var createdAt: Instant
  public var updatedAt: Instant

  public init(
    campaignID: CampaignID, name: String, callingHours: CallingHoursID, strictZones: Bool = true, createdAt: Instant
  ) {
    self.campaignID = campaignID
    self.name = name
    self.callingHours = callingHours
    self.strictZones = strictZones
    self.createdAt = createdAt
    updatedAt = createdAt
  }
}

/// Leads that were loaded together.
public struct LeadList: Hashable, Codable, Sendable {
  public var listID: ListID
  public var name: String
  public var tenant: TenantID = .standard
  public var owner: String?
  public var description: String?
  public var timeZone: String?
  public var expiresAt: Instant?
  public var active = true
  public var createdAt: Instant
  public var updatedAt: Instant

  public init(listID: ListID, name: String, createdAt: Instant) {
    self.listID = listID
    self.name = name
    self.createdAt = createdAt
    updatedAt = createdAt
  }
}
