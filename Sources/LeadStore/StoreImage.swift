import DialerModel

/// Everything that the daemon keeps in memory but for the leads and the do-not-call numbers, which are streamed.
public struct StoreImage: Sendable {
  public var campaigns: [Campaign] = []
  public var lists: [LeadList] = []
  public var strategies: [Strategy] = []
  public var callingHours: [CallingHours] = []
  public var segments: [Segment] = []
  public var fieldRules: [FieldRule] = []
  public var agents: [Agent] = []
  public var callbacks: [Callback] = []
  public var doNotCallImports: [DoNotCallImport] = []
  /// Leads that go out next, oldest first.
  public var goingNext: [(leadID: LeadID, campaignID: CampaignID)] = []
  /// By index; the number is that of ``LeadRecord/zone``.
  public var zones: [(zone: UInt16, name: String)] = []
  /// The number is that of ``LeadRecord/place``.
  public var places: [(place: UInt32, region: String?, state: String?)] = []
  public var shares: [(campaignID: CampaignID, shares: [ListShare])] = []
  /// Claimed and not ended: recovery asks the trunk about each. In the order of their ids, without evidence.
  public var openAttempts: [Attempt] = []
  /// Younger than 24 hours, oldest first.
  public var rememberedAnswers: [RememberedAnswer] = []
  public var nextLeadID = LeadID(1)
  public var nextListID = ListID(1)
  public var nextAttemptID = AttemptID(1)
  public var nextSeq: Int64 = 1
  public var leadCount = 0
  public var imports: [ImportRecord] = []
  public var templates: [ImportTemplate] = []
  public var stagedErasures: [StagedErasure] = []
  public init() {}
}

/// Takes what is streamed while the store is loaded.
public protocol StoreLoading {
  /// Before the first lead: how many there are at most, and the highest id.
  mutating func begin(maximumLeads: Int, highestLeadID: LeadID)
  /// One lead, in the order of their ids. The code's bytes are valid during the call; empty = it has none.
  mutating func lead(_ record: borrowing LeadRecord, vendorLeadCode: UnsafeRawBufferPointer)
  /// In the order of scope, numbers before prefixes, digits; many at a time.
  mutating func doNotCall(_ batch: DoNotCallBatch)
}

/// One attempt for the rolling limits.
public struct AttemptTrace: Sendable, Hashable {
  public let attemptID: AttemptID
  public let leadID: LeadID
  public let tenant: TenantID
  public let phone: PhoneNumber
  public let startedAt: Instant
  public let counted: Bool
  /// When a person was reached; nil = nobody was.
  public let answeredAt: Instant?
  /// When an abandoned call ended; nil = it was none.
  public let abandonedAt: Instant?

  /// - Parameter outcome: nil while the call goes on.
  public init(
    attemptID: AttemptID, leadID: LeadID, tenant: TenantID, phone: PhoneNumber, startedAt: Instant, counted: Bool,
    outcome: Outcome?, answeredAt: Instant?, endedAt: Instant?
  ) {
    self.attemptID = attemptID
    self.leadID = leadID
    self.tenant = tenant
    self.phone = phone
    self.startedAt = startedAt
    self.counted = counted
    let isContact = outcome?.isContact ?? (answeredAt != nil)
    self.answeredAt = isContact ? answeredAt ?? startedAt : nil
    abandonedAt = outcome == .dropped ? endedAt ?? startedAt : nil
  }
}
