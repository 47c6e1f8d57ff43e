import DialerModel
import DialingRules
import LeadSelection

/// A list as one campaign dials it.
final class AssignedList {
  var assignment: ListAssignment { didSet { factsEdition = -1 } }
  /// What the gates ask of the list, as of an edition of the lists; see ``Engine/listsEdition``.
  var facts = ListFacts()
  var factsEdition = -1
  var slot: ListSlot
  var strategy: Strategy
  /// Asked for every lead that is judged: what is behind the object is not copied for that.
  private(set) var keptRules: Kept<CampaignRules>
  var rules: CampaignRules {
    get { keptRules.value }
    set { keptRules = Kept(newValue) }
  }
  var retryRules: RetryRules
  var encoder: SelectionKeyEncoder
  var filter: CompiledFilter? { didSet { filterProgram = filter?.program } }
  /// The filter's, by itself for the same reason.
  private(set) var filterProgram: CompiledFilter.Program?
  /// For the parts of the filter that only the store can judge: one bit a part, by lead; nil while they are asked for.
  var filterBits: [UInt32: UInt64]? = [:]
  /// Which filter, and with which segments, the bits are asked for: an answer to an older question is of no use.
  var filterEdition = 0
  /// Calls that counted to its share.
  var dialled: Int64 = 0
  /// Whether `list.exhausted` has been said since it last had a lead to dial, now or later.
  var saidExhausted = false

  init(
    assignment: ListAssignment, slot: ListSlot, strategy: Strategy, rules: CampaignRules, retryRules: RetryRules,
    encoder: SelectionKeyEncoder
  ) {
    self.assignment = assignment
    self.slot = slot
    self.strategy = strategy
    keptRules = Kept(rules)
    self.retryRules = retryRules
    self.encoder = encoder
  }
}

/// A value that is only ever replaced as a whole: who reads a part of it through the object copies nothing.
final class Kept<Value> {
  let value: Value
  init(_ value: Value) { self.value = value }
}

/// Leads of one campaign with the same zones and place.
final class CampaignProfile {
  let key: ProfileKey
  var hours: HoursProfile
  init(key: ProfileKey, hours: HoursProfile) {
    self.key = key
    self.hours = hours
  }
}

/// A campaign at work.
final class CampaignRuntime {
  var campaign: Campaign
  var hours: CompiledHours { didSet { proofs = [] } }
  var index: CampaignIndex
  var ledger = StandingLedger()
  var assigned = AssignedLists()
  let tenantKey: UInt64

  var agents: [AgentID] = []
  /// Calls that a person answered and no agent has taken, oldest first.
  var waitingCalls: [AttemptID] = []
  private(set) var liveCalls = 0
  /// Live calls that may still need an agent.
  private(set) var lines = 0
  var gate: RateGate
  /// Leads added with `priority: now`, oldest first.
  var priorityQueue: [LeadID] = []
  /// Leads whose next phone is dialled without a wait.
  var nextPhoneQueue: [LeadID] = []
  /// When the next claim could be made, if only time stands against it.
  var nextClaim: MonotonicInstant?
  /// Changed since they were last written.
  var sharesChanged = false
  /// Reservations by `lead.next` that are counted to a share and not yet dialled: not written, so that a crash gives them
  /// back.
  var uncommittedCharges: [ListID: Int] = [:]

  /// Calls that a person answered on this day (UTC), and those of them that nobody took.
  private(set) var answersToday = 0
  private(set) var abandonedToday = 0
  private var day: Int64 = 0
  var rate = DiallingRate()
  /// Why it did not dial, as last said in the log.
  var idleReason: IdleReason.Said?
  /// The last judgement of all leads by all gates, and one that is under way.
  var gateCounts: GateCounts?
  var gatePass: GatePass?

  /// When the next limit or hold of a rule set begins to hold for leads of the campaign.
  private(set) var nextRule = Instant.distantFuture

  /// The moment of this turn.
  var present: Instant
  private var profileIDs: [ProfileKey: UInt32] = [:]
  /// By the mix of the key, where no other key has the same: asked for each lead that comes back. `UInt32.max`: none.
  private var profileByMix = KeyTable<UInt32>(empty: .max)
  private(set) var profiles: [CampaignProfile] = []
  /// Of ``profiles``, side by side: they are compared for every lead that is judged.
  private var keys: ContiguousArray<ProfileKey> = []
  private var statuses: ContiguousArray<HoursStatus> = []
  /// By profile.
  var proofs: ContiguousArray<HoursProof?> = []
  /// What the longest evidence so far fitted into: the next is about as long, and is not moved while it grows.
  var evidenceRoom = 640

  var id: CampaignID { campaign.campaignID }
  var isRunning: Bool { campaign.state == .running }

  init(campaign: Campaign, hours: CompiledHours, now: Now) {
    self.campaign = campaign
    self.hours = hours
    present = now.wall
    index = CampaignIndex(now: now.wall)
    index.setWeighting(campaign.listWeighting)
    gate = RateGate(rate: campaign.callsPerSecond)
    tenantKey = TextKey.hash(campaign.tenant.rawValue.utf8)
  }

  // MARK: - Lines and agents

  /// Progressive, ratio and (until it has its own pacing) predictive keep agents for their lines.
  var reservesAgents: Bool {
    switch campaign.dialMode {
    case .progressive, .ratio, .predictive: true
    case .manual, .preview, .broadcast: false
    }
  }

  func agentsNeeded(lines: Int) -> Int {
    let ratio = campaign.dialMode == .ratio && !isOverAbandonTarget ? max(1, campaign.dialRatio) : 1
    return Int((Double(lines) / ratio).rounded(.up))
  }

  /// With more abandoned than the campaign allows itself, each line has an agent of its own. A share of fewer than
  /// fifty answers says nothing: one abandoned call would be over any target.
  var isOverAbandonTarget: Bool {
    answersToday >= 50 && Double(abandonedToday) * 100 > campaign.abandonTargetPercent * Double(answersToday)
  }

  func entered(_ call: LiveCall) {
    liveCalls += 1
    if needsAgent(call) { lines += 1 }
  }

  func left(_ call: LiveCall) {
    liveCalls -= 1
    waitingCalls.removeAll { $0 == call.attempt.attemptID }
    if needsAgent(call), call.phase < .connected { lines -= 1 }
  }

  func setLines(_ count: Int) { lines = count }

  /// A line has its agent.
  func connected(_ call: LiveCall) { if needsAgent(call) { lines -= 1 } }

  /// A call that is for one agent has that agent from the start and takes none of the others.
  func needsAgent(_ call: LiveCall) -> Bool { reservesAgents && call.forAgent == nil }

  func noteAnswer(abandoned: Bool, at now: Instant) {
    let today = now.unixSeconds / 86_400
    if today != day {
      day = today
      answersToday = 0
      abandonedToday = 0
    }
    answersToday += 1
    if abandoned { abandonedToday += 1 }
  }

  /// What the store counted for today, after a start.
  func restoreAnswers(_ answers: Int, abandoned: Int, at now: Instant) {
    day = now.unixSeconds / 86_400
    answersToday = answers
    abandonedToday = abandoned
  }

  // MARK: - Shares

  func charge(_ list: ListID) {
    guard let found = assigned[list] else { return }
    index.charge(found.slot)
    found.dialled += 1
    sharesChanged = true
  }

  func giveBack(_ list: ListID) {
    guard let found = assigned[list] else { return }
    index.giveBack(found.slot)
    found.dialled -= 1
    sharesChanged = true
  }

  var shares: [ListShare] {
    index.shareState.map { state in
      ListShare(
        listID: state.list, isActive: state.isActive, weight: state.weight, totalWeight: state.totalWeight,
        lag: state.lag, credit: state.credit + uncommittedCharges[state.list, default: 0],
        picksSinceNew: state.picksSinceNew,
        dialled: (assigned[state.list]?.dialled ?? 0) - Int64(uncommittedCharges[state.list, default: 0]))
    }
  }

  func restore(_ shares: [ListShare]) {
    index.restoreShareState(
      shares.map {
        ListShareState(
          list: $0.listID, isActive: $0.isActive, weight: $0.weight, totalWeight: $0.totalWeight, lag: $0.lag,
          credit: $0.credit, picksSinceNew: $0.picksSinceNew)
      })
    for share in shares { assigned[share.listID]?.dialled = share.dialled }
  }

  /// The lags go to disk with the last claim of the turn, or by themselves.
  func attachShares(to output: inout TurnOutput) {
    guard sharesChanged else { return }
    sharesChanged = false
    let events = output.transaction.events
    if let last = events.lastIndex(where: { $0.type == .attemptStarted && $0.campaignID == id }) {
      output.transaction.events[last].shares = shares
    } else {
      output.transaction.changes.append(.setShares(id, shares))
    }
  }

  // MARK: - Calling hours

  /// The profile of leads with the same zones and place; nil = none has been asked for yet.
  func knownProfile(_ key: ProfileKey) -> UInt32? {
    let likely = profileByMix[key.mix]
    if likely != .max, keys[Int(likely)] == key { return likely }
    return profileIDs[key]
  }

  func addProfile(_ key: ProfileKey, _ hours: HoursProfile) -> UInt32 {
    let id = UInt32(profiles.count)
    profiles.append(CampaignProfile(key: key, hours: hours))
    keys.append(key)
    statuses.append(HoursStatus(open: false, asOf: .distantFuture, until: .distantPast))
    profileIDs[key] = id
    profileByMix.change(key.mix) { if $0 == .max { $0 = id } }
    noteRules(of: hours, after: present)
    return id
  }

  func findNextRule(after now: Instant) {
    nextRule = .distantFuture
    for profile in profiles { noteRules(of: profile.hours, after: now) }
  }

  private func noteRules(of hours: HoursProfile, after now: Instant) {
    for limit in hours.limits where limit.from > now { nextRule = min(nextRule, limit.from) }
    for hold in hours.holds where hold.from > now { nextRule = min(nextRule, hold.from) }
  }

  func status(profile: UInt32, at now: Instant) -> HoursStatus {
    let known = statuses[Int(profile)]
    if known.holds(at: now) { return known }
    let fresh = hours.status(profiles[Int(profile)].hours, at: now)
    // Only the present is worth keeping: a look ahead would push it out.
    if now == present { statuses[Int(profile)] = fresh }
    return fresh
  }

  /// The first profile of the same zone: what stands for others where they are too many to be told apart.
  func firstProfile(likeZoneOf profile: UInt32) -> UInt32 {
    let zone = zone(ofProfile: profile)
    return UInt32(keys.firstIndex { $0.zone == zone } ?? Int(profile))
  }

  /// The leads' own zone, an index into the table of zone names.
  func zone(ofProfile profile: UInt32) -> UInt16 { keys[Int(profile)].zone }

  /// Hours are worked out anew at the next question: the clock jumped, or the zone data changed.
  func forgetHours() {
    for place in statuses.indices {
      statuses[place] = HoursStatus(open: false, asOf: .distantFuture, until: .distantPast)
    }
  }

  /// The same profiles from zones that were read anew; the index keeps its numbers for them.
  func remakeProfiles(_ make: (ProfileKey) -> HoursProfile) {
    for profile in profiles { profile.hours = make(profile.key) }
    findNextRule(after: present)
    proofs = []
    forgetHours()
  }

  func forgetProfiles() {
    profileIDs = [:]
    profileByMix = KeyTable(empty: .max)
    profiles = []
    nextRule = .distantFuture
    keys = []
    statuses = []
    proofs = []
  }
}

/// What tells two profiles of a campaign apart.
struct ProfileKey: Hashable {
  private var places: UInt64
  private var claimedBy: UInt16

  /// - Parameter phoneRegion: as ``CompiledHours/phoneRegion(of:)`` says; at most 1,000 regions are in a set.
  init(zone: UInt16, prefixZones: UInt16?, place: UInt32, phoneRegion: Int?) {
    places = UInt64(zone) << 48 | UInt64(prefixZones ?? .max) << 32 | UInt64(place)
    claimedBy = phoneRegion.map { UInt16($0) } ?? .max
  }

  var zone: UInt16 { UInt16(places >> 48) }
  /// Nil without strict zones.
  var prefixZones: UInt16? {
    let index = UInt16(truncatingIfNeeded: places >> 32)
    return index == .max ? nil : index
  }
  var place: UInt32 { UInt32(truncatingIfNeeded: places) }
  var phoneRegion: Int? { claimedBy == .max ? nil : Int(claimedBy) }

  /// Never 0; two keys may have the same.
  var mix: UInt64 { SeededGenerator.mix(places ^ UInt64(claimedBy) << 13) | 1 }
}
