import ControlProtocol
import DialerModel
import DialingRules
import LeadSelection

/// `campaign.forecast`: what calling hours, waits and agreed times make dialable in the time ahead.
///
/// In pieces: the changes of the profiles' hours, then the leads that wait, then the lists. The groups of leads that wait
/// for nothing come from the counts. In a campaign with attempt limits or a minimum gap every lead's past counts, so
/// there each is judged.
final class ForecastJob: EngineJob {
  static let standardHours = 24
  static let maximumHours = 168
  /// Profiles whose changes are worked out in a turn.
  private static let profilesAtOnce = 500
  /// Leads looked at in a turn, and those of them that are judged.
  private static let leadsAtOnce = 50_000
  private static let judgedAtOnce = GatePass.leadsAtOnce
  /// Groups times steps added up in a turn.
  private static let cellsAtOnce = 200_000

  let writes = false
  private let campaign: CampaignRuntime
  private let command: Command
  private let asOf: Instant
  private let end: Instant

  private var profiles: [UInt32] = []
  private var changes: [UInt32: [Instant]] = [:]
  private var isOpenAtFirst: [UInt32: Bool] = [:]
  private var forecast: CampaignForecast?
  private var next: LeadID? = LeadID(0)
  private var judgesAll = false
  private var groups: [ListID: [(group: CampaignForecast.Group, isOpen: [Bool])]] = [:]
  private var steps: [CampaignForecast.Step] = []
  private var stepsOfList: [ListID: Int] = [:]
  private var added = 0

  init(campaign: CampaignRuntime, command: Command, hours: Int, engine: Engine) {
    self.campaign = campaign
    self.command = command
    asOf = engine.now.wall
    end = asOf + .hours(Int64(hours))
    engine.catchUp(campaign)
    var seen: Set<UInt32> = []
    for list in campaign.assigned.values {
      campaign.ledger.visit(list.slot) { standing, _ in seen.insert(standing.profile) }
    }
    profiles = seen.sorted()
    judgesAll =
      engine.log.window > .zero
      && (!campaign.campaign.attemptLimits.isEmpty || campaign.campaign.minimumGap > .zero
        || profiles.contains { remembers(campaign.profiles[Int($0)].hours) })
  }

  /// Whether rules of this profile ask for the past.
  private func remembers(_ hours: HoursProfile) -> Bool {
    !hours.limits.isEmpty || (!hours.holds.isEmpty && !campaign.campaign.dialMode.hasAgentInHand)
  }

  func step(_ engine: Engine) -> Bool {
    if forecast == nil {
      findChanges()
      if changes.count == profiles.count { begin(engine) }
      return false
    }
    if next != nil {
      addLeads(engine)
      return false
    }
    if steps.isEmpty { steps = Array(repeating: CampaignForecast.Step(), count: forecast?.stepCount ?? 0) }
    guard addUp(engine) else { return false }
    engine.finish(command, .success(report(engine)))
    return true
  }

  // MARK: - Hours

  private func findChanges() {
    for profile in profiles.dropFirst(changes.count).prefix(Self.profilesAtOnce) {
      var found: [Instant] = []
      var status = campaign.status(profile: profile, at: asOf)
      isOpenAtFirst[profile] = status.open
      while status.until < end {
        found.append(status.until)
        status = campaign.status(profile: profile, at: status.until)
      }
      changes[profile] = found
    }
  }

  /// Steps end where hours change or a list expires, and at each full hour, so that leads that come back are told apart.
  private func begin(_ engine: Engine) {
    var moments: Set<Instant> = [asOf, end]
    for found in changes.values { moments.formUnion(found) }
    for id in campaign.assigned.keys {
      if let expires = engine.lists[id]?.expiresAt, expires > asOf, expires < end { moments.insert(expires) }
    }
    var hour = Instant(seconds: (asOf.unixSeconds / 3600 + 1) * 3600)
    while hour < end {
      moments.insert(hour)
      hour = hour + .hours(1)
    }
    forecast = CampaignForecast(moments: moments.sorted())
    guard !judgesAll else { return }
    for id in campaign.assigned.keys.sorted() where isDialled(id, engine) {
      guard let list = campaign.assigned[id] else { continue }
      campaign.ledger.visit(list.slot) { standing, leads in
        if standing.cause == .none { forecast?.add(leads, list: id, profile: standing.profile, due: asOf) }
      }
    }
    for lead in engine.callbacks.leads(in: campaign.id) {
      if let record = engine.leads.record(lead), let list = campaign.assigned[record.listID] {
        judge(record, list, engine)
      }
    }
  }

  private func isDialled(_ id: ListID, _ engine: Engine) -> Bool {
    campaign.assigned[id]?.assignment.toDial == true && engine.isDialable(id)
  }

  // MARK: - Leads

  private func addLeads(_ engine: Engine) {
    var looked = 0
    var judged = 0
    next = engine.leads.visit(from: next ?? LeadID(0)) { lead, listID in
      looked += 1
      if let list = campaign.assigned[listID], isDialled(listID, engine) {
        if judgesAll {
          if let record = engine.leads.record(lead) { judge(record, list, engine) }
          judged += 1
        } else if let due = campaign.index.due(of: lead) {
          forecast?.add(1, list: listID, profile: campaign.ledger.standing(of: lead).profile, due: due)
        }
      }
      return looked < Self.leadsAtOnce && judged < Self.judgedAtOnce
    }
  }

  /// By all gates, for a lead whose time the index does not know.
  private func judge(_ record: LeadRecord, _ list: AssignedList, _ engine: Engine) {
    guard isDialled(record.listID, engine) else { return }
    let verdict = engine.judge(record, list, in: campaign, locks: engine.personKeys(record, in: campaign), at: asOf)
    let timed: [Gate] = [.attemptLimits, .minimumGap, .retryTime]
    let lasting = verdict.failing.subtracting(GateSet(of: timed)).subtracting(.capacity)
      .subtracting(GateSet(.callingHours)).subtracting(GateSet(.campaignRunning))
    guard lasting.isEmpty else { return }
    var due = asOf
    for gate in timed {
      switch verdict.until(gate) {
      case nil: break
      case .at(let moment): due = max(due, moment)
      case .onChange, .never: return
      }
    }
    let profile = engine.profile(of: record, phone: verdict.judgedPhoneIndex, in: campaign)
    guard changes[profile] != nil else { return }
    forecast?.add(1, list: record.listID, profile: profile, due: due)
  }

  // MARK: - Sums

  /// - Returns: whether all groups are added up.
  private func addUp(_ engine: Engine) -> Bool {
    guard let forecast else { return true }
    var cells = 0
    while added < forecast.all.count, cells < Self.cellsAtOnce {
      let group = forecast.all[added]
      let isOpen = isOpen(group, forecast, engine)
      for (place, step) in forecast.steps(of: group, isOpen: isOpen).enumerated() { steps[place] += step }
      groups[group.list, default: []].append((group, isOpen))
      added += 1
      cells += forecast.stepCount
    }
    return added == forecast.all.count
  }

  private func isOpen(_ group: CampaignForecast.Group, _ forecast: CampaignForecast, _ engine: Engine) -> [Bool] {
    let found = changes[group.profile] ?? []
    let expires = engine.lists[group.list]?.expiresAt ?? .distantFuture
    var isOpen = isOpenAtFirst[group.profile] ?? false
    var place = 0
    return (0..<forecast.stepCount).map { step in
      let moment = forecast.moments[step]
      while place < found.count, found[place] <= moment {
        isOpen.toggle()
        place += 1
      }
      return isOpen && moment < expires
    }
  }

  private func report(_ engine: Engine) -> JSON {
    guard let forecast else { return .null }
    let rate = campaign.rate.callsPerHour(at: asOf)
    func dry(_ groups: [(group: CampaignForecast.Group, isOpen: [Bool])], _ rate: Double?) -> JSON {
      JSON(rate.flatMap { forecast.dryAt(groups, callsPerHour: $0) })
    }
    let ids = campaign.assigned.keys.filter { isDialled($0, engine) }.sorted()
    return [
      "campaignID": .string(campaign.id.rawValue), "state": .string(campaign.campaign.state.rawValue),
      "asOf": JSON(asOf), "until": JSON(end), "dialable": JSON(steps.first?.dialable ?? 0),
      "intervals": .array(intervals(forecast)), "callsPerHour": rate.map { JSON($0) } ?? .null,
      "dryAt": dry(ids.flatMap { groups[$0] ?? [] }, rate),
      "perList": .array(
        ids.map { id in
          let own = groups[id] ?? []
          let ownRate = campaign.rate.callsPerHour(of: id, at: asOf)
          return [
            "listID": JSON(id.rawValue), "name": JSON(engine.lists[id]?.name),
            "dialable": JSON(own.reduce(0) { $0 + ($1.isOpen.first == true ? $1.group.ready : 0) }),
            "callsPerHour": ownRate.map { JSON($0) } ?? .null, "dryAt": dry(own, ownRate),
          ]
        }),
    ]
  }

  /// Steps in which nothing happens go with the one before.
  private func intervals(_ forecast: CampaignForecast) -> [JSON] {
    var rows: [(from: Instant, until: Instant, step: CampaignForecast.Step)] = []
    for (place, step) in steps.enumerated() {
      let until = forecast.moments[place + 1]
      if let last = rows.last, last.step.returning == 0, step.opening == 0, step.closing == 0, step.returning == 0 {
        rows[rows.count - 1].until = until
      } else {
        rows.append((forecast.moments[place], until, step))
      }
    }
    return rows.map { row in
      [
        "from": JSON(row.from), "until": JSON(row.until), "opening": JSON(row.step.opening),
        "closing": JSON(row.step.closing), "returning": JSON(row.step.returning), "dialable": JSON(row.step.dialable),
      ]
    }
  }
}

extension Engine {
  func forecastCampaign(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    let hours = command.parameters.optionalInteger("hours").map(Int.init) ?? ForecastJob.standardHours
    jobs.append(ForecastJob(campaign: runtime, command: command, hours: hours, engine: self))
    return .later
  }
}
