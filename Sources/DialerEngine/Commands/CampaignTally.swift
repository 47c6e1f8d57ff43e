import DialerModel
import DialingRules
import LeadSelection

/// Leads under the gate that each is counted under, with the dialable ones: together they are all.
struct GateBuckets {
  struct Bucket {
    var leads = 0
    /// When the first of them could leave it, if only time is needed.
    var nextAt: Instant?

    mutating func offer(_ moment: Instant?) {
      if let moment, moment != .distantFuture { nextAt = min(nextAt ?? moment, moment) }
    }
  }
  private(set) var total = 0
  private(set) var dialable = 0
  /// By ``Gate/rawValue``.
  private var buckets: ContiguousArray<Bucket> = ContiguousArray(repeating: Bucket(), count: Gate.allCases.count)

  subscript(gate: Gate) -> Bucket { buckets[Int(gate.rawValue)] }

  /// - Parameter gate: nil for leads that are dialable.
  mutating func add(_ leads: Int, _ gate: Gate?, nextAt: Instant?) {
    total += leads
    guard let gate else {
      dialable += leads
      return
    }
    buckets[Int(gate.rawValue)].leads += leads
    buckets[Int(gate.rawValue)].offer(nextAt)
  }

  mutating func add(_ other: GateBuckets) {
    total += other.total
    dialable += other.dialable
    for place in buckets.indices {
      buckets[place].leads += other.buckets[place].leads
      buckets[place].offer(other.buckets[place].nextAt)
    }
  }

  mutating func offer(_ gate: Gate, _ moment: Instant) { buckets[Int(gate.rawValue)].offer(moment) }

  var json: JSON {
    .array(
      Gate.allCases.filter { self[$0].leads > 0 }.map { gate in
        var form: JSONObject = ["gate": .string(gate.word), "leads": JSON(self[gate].leads)]
        form.append("nextAt", ifPresent: self[gate].nextAt.map { JSON($0) })
        return .object(form)
      })
  }
}

/// How the leads of a campaign stand at one moment: every lead counted once, under the first gate that stops it.
///
/// Read from counts that are kept as leads change, and as calls to others of their person or number begin and end, so its
/// cost does not grow with the leads. It is what judging every lead comes to while ``Engine/standsAsJudged`` says so.
struct CampaignTally {
  /// Profiles of hours that open at one moment.
  struct Opening {
    var at: Instant
    /// Leads that are only stopped by their hours until then.
    var leads = 0
    /// The zone that has the most of them.
    var zone: UInt16 = 0
    var leadsOfZone = 0
  }
  /// Entries of waiting leads that are looked at for the earliest: a minute of ten million that wait four hours.
  static let waitingLookedAt = 100_000

  var first = FirstGates()
  var all: GateBuckets { first.all }
  /// The first.
  private(set) var opening: Opening?
  /// When the next waiting lead comes back.
  private(set) var nextReturn: Instant?
  private var statuses: [UInt32: HoursStatus] = [:]
  private let only: ListID?

  /// - Parameter list: nil = all lists of the campaign.
  init(of campaign: CampaignRuntime, list: ListID? = nil, engine: Engine) {
    only = list
    engine.catchUp(campaign)
    for id in campaign.assigned.keys.sorted() where list == nil || id == list {
      if let assigned = campaign.assigned[id] { count(id, assigned, campaign, engine) }
    }
    judgeCallbacks(campaign, engine)
    findNextReturn(campaign, engine)
  }

  private mutating func count(_ id: ListID, _ list: AssignedList, _ campaign: CampaignRuntime, _ engine: Engine) {
    first.lists[id] = GateBuckets()
    let listGate = Self.gate(of: id, list, campaign, engine)
    campaign.ledger.visit(list.slot) { standing, leads in
      // Judged one by one.
      if standing.cause == .callback, listGate == nil { return }
      var gate = listGate
      var nextAt: Instant?
      if gate == nil {
        let status = status(standing.profile, campaign, engine)
        gate = standing.cause.first(hoursOpen: status.open)
        if gate == .callingHours {
          nextAt = status.until
          if standing.cause == .none { noteOpening(standing.profile, status.until, leads, campaign) }
        }
      }
      add(leads, gate, nextAt, list: id, zone: campaign.zone(ofProfile: standing.profile))
    }
  }

  /// What stops all leads of a list.
  private static func gate(
    of id: ListID, _ list: AssignedList, _ campaign: CampaignRuntime, _ engine: Engine
  ) -> Gate? {
    if !campaign.isRunning { return .campaignRunning }
    return list.assignment.toDial && engine.isDialable(id) ? nil : .listToDial
  }

  private mutating func status(_ profile: UInt32, _ campaign: CampaignRuntime, _ engine: Engine) -> HoursStatus {
    if let known = statuses[profile] { return known }
    let status = campaign.status(profile: profile, at: engine.now.wall)
    statuses[profile] = status
    return status
  }

  private mutating func noteOpening(_ profile: UInt32, _ at: Instant, _ leads: Int, _ campaign: CampaignRuntime) {
    guard at != .distantFuture, at <= opening?.at ?? at else { return }
    if opening?.at != at { opening = Opening(at: at) }
    opening?.leads += leads
    if leads > opening?.leadsOfZone ?? 0 {
      opening?.leadsOfZone = leads
      opening?.zone = campaign.zone(ofProfile: profile)
    }
  }

  private mutating func add(_ leads: Int, _ gate: Gate?, _ nextAt: Instant?, list: ListID, zone: UInt16) {
    first.all.add(leads, gate, nextAt: nextAt)
    first.lists[list, default: GateBuckets()].add(leads, gate, nextAt: nextAt)
    first.zones[zone, default: GateBuckets()].add(leads, gate, nextAt: nextAt)
  }

  private mutating func judgeCallbacks(_ campaign: CampaignRuntime, _ engine: Engine) {
    for lead in engine.callbacks.leads(in: campaign.id) {
      guard let record = engine.leads.record(lead), let list = campaign.assigned[record.listID],
        only == nil || only == record.listID, campaign.ledger.standing(of: lead).cause == .callback,
        campaign.index.list(of: lead) == list.slot,
        Self.gate(of: record.listID, list, campaign, engine) == nil
      else { continue }
      let verdict = engine.judge(record, list, in: campaign, locks: engine.personKeys(record, in: campaign))
      let gate = verdict.failing.counted
      var nextAt: Instant?
      if let gate, case .at(let moment) = verdict.until(gate) { nextAt = moment }
      add(1, gate, nextAt, list: record.listID, zone: record.zone)
    }
  }

  /// The earliest of those that wait, for each gate that they wait for.
  private mutating func findNextReturn(_ campaign: CampaignRuntime, _ engine: Engine) {
    var wanted = GateSet(of: [.attemptLimits, .minimumGap, .retryTime].filter { all[$0].leads > 0 })
    guard !wanted.isEmpty else { return }
    var found: [Gate: Instant] = [:]
    var looked = 0
    // Who waits until then or longer is not the first by any gate: most are not looked up.
    var latest = Instant.distantFuture
    let slot = only.flatMap { campaign.assigned[$0]?.slot }
    campaign.index.visitWaiting {
      for gate in found.keys { wanted = wanted.subtracting(GateSet(gate)) }
      return !wanted.isEmpty && looked < Self.waitingLookedAt
    } _: { lead, due in
      looked += 1
      guard due < latest, case .gate(let gate) = campaign.ledger.standing(of: lead).cause, wanted.contains(gate),
        slot == nil || campaign.index.list(of: lead) == slot
      else { return }
      found[gate] = min(found[gate] ?? due, due)
      latest = Gate.allCases.filter(wanted.contains).reduce(.distantPast) { max($0, found[$1] ?? .distantFuture) }
    }
    for (gate, due) in found { first.all.offer(gate, due) }
    nextReturn = [Gate.attemptLimits, .minimumGap, .retryTime].compactMap { all[$0].nextAt }.min()
    findNextChange(campaign, engine)
  }

  /// The earliest of those that only go over to another gate then, of which the index knows nothing.
  private mutating func findNextChange(_ campaign: CampaignRuntime, _ engine: Engine) {
    var candidates: [(at: Instant, lead: LeadID, gate: Gate)] = []
    engine.standingChanges.visit(atMost: Self.waitingLookedAt) { lead, at in
      guard let slot = campaign.index.list(of: lead),
        only == nil || slot == only.flatMap({ campaign.assigned[$0]?.slot }),
        case .gate(let gate) = campaign.ledger.standing(of: lead).cause, gate == .attemptLimits || gate == .minimumGap,
        all[gate].nextAt.map({ at < $0 }) ?? true
      else { return }
      candidates.append((at, lead, gate))
    }
    var found: GateSet = []
    for candidate in candidates.sorted(by: { $0.at < $1.at }) where !found.contains(candidate.gate) {
      guard let record = engine.leads.record(candidate.lead), let list = campaign.assigned[record.listID] else {
        continue
      }
      let keys = engine.personKeys(record, in: campaign)
      // It may have been called since that moment was noted.
      guard case .at(candidate.at) = engine.judge(record, list, in: campaign, locks: keys).until(candidate.gate) else {
        continue
      }
      first.all.offer(candidate.gate, candidate.at)
      found.insert(candidate.gate)
    }
  }
}
