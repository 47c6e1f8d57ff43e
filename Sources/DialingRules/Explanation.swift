import DialerModel

/// One gate in words.
public struct GateExplanation: Hashable, Sendable {
  public var gate: Gate
  public var passes: Bool
  /// It fails, and an administrator's command disregards that.
  public var overridden: Bool
  /// One line that names the values compared.
  public var detail: String
  /// Nil when it passes.
  public var until: GateUntil?
}

/// Every gate of a lead in words, in the stated order, and when the lead can next be dialled.
public struct Explanation: Sendable {
  /// What only the caller knows the names of.
  public struct Names: Sendable {
    public var campaign: String
    public var list: String
    public var callingHours: String
    /// What has the call or reservation: `attempt 12 in campaign spring`.
    public var live: String?
    /// Why a trunk or an agent is not free.
    public var trunk: String?
    public var agent: String?
    public init(
      campaign: String = "the campaign", list: String = "the list", callingHours: String = "calling hours",
      live: String? = nil, trunk: String? = nil, agent: String? = nil
    ) {
      self.campaign = campaign
      self.list = list
      self.callingHours = callingHours
      self.live = live
      self.trunk = trunk
      self.agent = agent
    }
  }

  public var verdict: Verdict
  /// All fourteen.
  public var gates: [GateExplanation]
  /// Nil when nobody knows, or never. Gates that pause a campaign do not count.
  public var nextEligibleAt: Instant?
  public var hours: HoursEvidence

  public init(
    of lead: LeadFacts, under rules: CampaignRules, hours: ProfileHours, history: some AttemptHistory,
    at now: Instant, names: Names = Names(), override: GateSet = []
  ) {
    let verdict = Eligibility.verdict(
      of: lead, under: rules, hours: hours, history: history, at: now, override: override)
    self.verdict = verdict
    let profile = hours.profile(phone: verdict.judgedPhoneIndex)
    self.hours = hours.hours.evidence(profile, at: now)
    let zone = profile.zones[verdict.hours.zoneIndex]
    let change = LocalTime(localSeconds: zone.localSeconds(at: verdict.hours.until))
    nextEligibleAt = Eligibility.nextEligible(
      of: lead, under: rules, hours: hours, history: history, from: now, override: override)
    let words = GateWords(
      lead: lead, rules: rules, verdict: verdict, evidence: self.hours, change: change, names: names, now: now)
    let limits = words.limits(hours.limits(phone: verdict.judgedPhoneIndex), history)
    gates = Gate.allCases.map { gate in
      let detail: String =
        switch gate {
        case .attemptLimits: limits
        case .minimumGap: words.gap(hours.holds(phone: verdict.judgedPhoneIndex), history)
        default: words.detail(of: gate)
        }
      return GateExplanation(
        gate: gate, passes: !verdict.failing.contains(gate), overridden: verdict.overridden.contains(gate),
        detail: detail, until: verdict.until(gate))
    }
  }
}
