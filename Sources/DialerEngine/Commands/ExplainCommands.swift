import ControlProtocol
import DialerModel
import DialingRules

/// Why a lead is or is not dialled, and where it stands.
extension Engine {
  func explainLead(_ command: Command) throws(RequestError) -> Answer {
    let record = try lead(of: command.parameters, command.peer)
    let runtime = try campaign(of: command)
    let moment = command.parameters.optionalInstant("at") ?? now.wall
    let explanation = explain(record, in: runtime, at: moment)
    var form = JSONObject()
    form.append("leadID", JSON(record.leadID.rawValue))
    form.append("vendorLeadCode", JSON(leads.vendorLeadCode(record.leadID)))
    form.append("campaignID", .string(runtime.id.rawValue))
    form.append("dialable", .bool(explanation.verdict.passes))
    form.append("gates", GateForm.json(explanation.gates))
    form.append("nextEligibleAt", JSON(explanation.nextEligibleAt))
    form.append("exhausted", .bool(explanation.verdict.exhausted))
    form.append("timeZone", .string(names.zoneName(record.zone)))
    form.append("timeZoneSource", .string(record.zoneSource.word))
    form.append(
      "localTime", explanation.hours.zoneIsMissing ? .null : .string(explanation.hours.localTime.description))
    if explanation.verdict.passes, let position = runtime.index.position(of: record.leadID) {
      form.append("position", JSON(position))
    }
    return .done(.object(form))
  }

  func explain(
    _ record: LeadRecord, in runtime: CampaignRuntime, at moment: Instant, requestedPhone: Int8 = -1,
    agent: AgentID? = nil, override: GateSet = []
  ) -> Explanation {
    let list = runtime.assigned[record.listID]
    var facts = facts(
      record, in: runtime, list: list, locks: personKeys(record, in: runtime), requestedPhone: requestedPhone,
      agent: agent)
    facts.capacity = capacity(runtime)
    let profiles = (0..<PhoneSet.capacity).map { place -> HoursProfile? in
      guard record.phones[place] != nil else { return nil }
      return hoursProfile(of: record, phone: place, in: runtime)
    }
    let own = hoursProfile(of: record, phone: -1, in: runtime)
    let rules = list?.rules ?? CampaignRules(campaign: runtime.campaign, strategy: .standard)
    return Explanation(
      of: facts, under: rules, hours: ProfileHours(runtime.hours, own, byPhone: profiles),
      history: history(record, in: runtime), at: moment, names: explanationNames(record, runtime), override: override)
  }

  private func explanationNames(_ record: LeadRecord, _ runtime: CampaignRuntime) -> Explanation.Names {
    var live: String?
    if let call = callByLead[record.leadID].flatMap({ calls[$0] }) {
      live = "call \(call.attempt.callID) of the campaign \(call.attempt.campaignID)"
    } else if let held = reservations[record.leadID] {
      live = "reserved for the agent \(held.agentID)"
    }
    return Explanation.Names(
      campaign: runtime.id.rawValue, list: lists[record.listID]?.name ?? "\(record.listID)",
      callingHours: runtime.hours.callingHoursID.rawValue, live: live,
      trunk: trunks(of: runtime).compactMap { $0.reasonForNoRoom(at: now.monotonic) }.first)
  }

  private func capacity(_ runtime: CampaignRuntime) -> CapacityFacts {
    let isFull = runtime.campaign.maximumLiveCalls.map { runtime.liveCalls >= $0 } ?? false
    let hasTrunk = trunks(of: runtime).contains { $0.hasRoom(at: now.monotonic) }
    return CapacityFacts(trunk: hasTrunk && !isFull, agent: hasAgentForLine(runtime))
  }

  // MARK: - campaign.explain

  func explainCampaign(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    var only: ListID?
    if command.parameters.isPresent("listID") {
      let id = try command.parameters.listID()
      guard runtime.assigned[id] != nil else { throw .notFound("list of this campaign", JSON(id.rawValue)) }
      only = id
    }
    jobs.append(ExplainCampaignJob(campaign: runtime, list: only, command: command, asOf: now.wall))
    return .later
  }

  /// Why the campaign makes no call now, in one word and for a person.
  func idleReason(_ runtime: CampaignRuntime) -> (word: String, text: String) {
    var counts = (open: 0, closed: 0, waiting: 0, parked: 0)
    for list in runtime.assigned.values where list.assignment.toDial {
      let found = runtime.index.counts(list.slot)
      counts.open += found.readyOpen
      counts.closed += found.readyClosed
      counts.waiting += found.waiting
      counts.parked += found.parked
    }
    let next = runtime.index.nextEvent().map { ", next change \($0)" } ?? ""
    if counts.open > 0 {
      if !hasAgentForLine(runtime) { return ("agent-available", "no agent is free (\(counts.open) leads dialable)") }
      if let reason = trunks(of: runtime).compactMap({ $0.reasonForNoRoom(at: now.monotonic) }).first {
        return ("trunk-capacity", "\(reason) (\(counts.open) leads dialable)")
      }
      return ("capacity", "\(counts.open) leads dialable")
    }
    if counts.closed > 0 {
      return (
        "calling-hours", "nothing to dial: \(counts.closed) outside calling hours, \(counts.waiting) waiting\(next)"
      )
    }
    if counts.waiting > 0 { return ("retry-time", "nothing to dial: \(counts.waiting) wait for their time\(next)") }
    if runtime.assigned.values.contains(where: { $0.assignment.toDial }) {
      return ("exhausted", "nothing to dial: no lead will come back by itself")
    }
    return ("list-to-dial", "no list is marked to dial")
  }

  /// A running campaign that does not dial says why, and again when the reason changes.
  func announceIdleReasons() {
    for runtime in campaignOrder where runtime.isRunning && !runtime.campaign.dialMode.isAgentPaced {
      let reason = runtime.liveCalls > 0 || runtime.nextClaim != nil ? nil : idleReason(runtime)
      guard reason?.word != runtime.idleReason else { continue }
      runtime.idleReason = reason?.word
      guard let reason else { continue }
      writeLog(
        .info, "campaign.idle", [("campaign", .text(runtime.id.rawValue)), ("reason", .text(reason.text))])
    }
  }
}

/// The gates of an explanation as clients see them.
enum GateForm {
  static func json(_ gates: [GateExplanation]) -> JSON {
    .array(
      gates.map { gate in
        var form = JSONObject()
        form.append("gate", .string(gate.gate.word))
        form.append("passes", .bool(gate.passes))
        if gate.overridden { form.append("overridden", true) }
        form.append("detail", .string(gate.detail))
        if case .at(let until) = gate.until { form.append("until", JSON(until)) }
        if gate.until == .never { form.append("never", true) }
        return .object(form)
      })
  }
}

/// `campaign.explain`: every lead of the campaign judged as of one instant, in pieces, without stalling a claim.
final class ExplainCampaignJob: EngineJob {
  let writes = false
  private struct Bucket {
    var leads = 0
    var nextAt: Instant?
    mutating func add(_ until: Instant?) {
      leads += 1
      if let until { nextAt = min(nextAt ?? until, until) }
    }
  }
  private let campaign: CampaignRuntime
  private let list: ListID?
  private let command: Command
  private let asOf: Instant
  private var next: LeadID? = LeadID(0)
  private var total = 0
  private var dialable = 0
  private var byFirst = [Bucket](repeating: Bucket(), count: Gate.allCases.count)
  private var byGate = [Bucket](repeating: Bucket(), count: Gate.allCases.count)
  private var perList: [ListID: (total: Int, dialable: Int)] = [:]
  private var perZone: [UInt16: (total: Int, dialable: Int)] = [:]

  init(campaign: CampaignRuntime, list: ListID?, command: Command, asOf: Instant) {
    self.campaign = campaign
    self.list = list
    self.command = command
    self.asOf = asOf
  }

  func step(_ engine: Engine) -> Bool {
    var judged = 0
    next = engine.leads.visit(from: next ?? LeadID(0)) { lead, listID in
      if list == nil || listID == list, let assigned = campaign.assigned[listID], let record = engine.leads.record(lead)
      {
        judge(record, assigned, engine)
        judged += 1
      }
      return judged < Engine.Bounds.bulk
    }
    guard next == nil else { return false }
    engine.finish(command, .success(report(engine)))
    return true
  }

  /// Room on trunks and agents pauses the campaign as a whole: it is in the answer's `capacity`, not in the counts.
  private func judge(_ record: LeadRecord, _ assigned: AssignedList, _ engine: Engine) {
    let keys = engine.personKeys(record, in: campaign)
    let verdict = engine.judge(record, assigned, in: campaign, locks: keys, at: asOf)
    total += 1
    let isDialable = verdict.passes
    if isDialable {
      dialable += 1
    } else if let first = verdict.failing.first {
      byFirst[Int(first.rawValue)].add(until(verdict, first))
    }
    for gate in Gate.allCases where verdict.failing.contains(gate) {
      byGate[Int(gate.rawValue)].add(until(verdict, gate))
    }
    perList[record.listID, default: (0, 0)].total += 1
    perZone[record.zone, default: (0, 0)].total += 1
    if isDialable {
      perList[record.listID, default: (0, 0)].dialable += 1
      perZone[record.zone, default: (0, 0)].dialable += 1
    }
  }

  private func until(_ verdict: Verdict, _ gate: Gate) -> Instant? {
    if case .at(let moment) = verdict.until(gate) { return moment }
    return nil
  }

  private func report(_ engine: Engine) -> JSON {
    func buckets(_ buckets: [Bucket]) -> JSON {
      .array(
        Gate.allCases.filter { buckets[Int($0.rawValue)].leads > 0 }.map { gate in
          let bucket = buckets[Int(gate.rawValue)]
          var form: JSONObject = ["gate": .string(gate.word), "leads": JSON(bucket.leads)]
          form.append("nextAt", ifPresent: bucket.nextAt.map { JSON($0) })
          return .object(form)
        })
    }
    return [
      "campaignID": .string(campaign.id.rawValue), "total": JSON(total), "dialable": JSON(dialable),
      "asOf": JSON(asOf), "byFirstGate": buckets(byFirst), "byGate": buckets(byGate),
      "perList": .array(
        perList.keys.sorted().map { id in
          [
            "listID": JSON(id.rawValue), "name": JSON(engine.lists[id]?.name), "total": JSON(perList[id]?.total ?? 0),
            "dialable": JSON(perList[id]?.dialable ?? 0),
          ]
        }),
      "perZone": .array(
        perZone.keys.sorted().map { zone in
          [
            "timeZone": .string(engine.names.zoneName(zone)), "total": JSON(perZone[zone]?.total ?? 0),
            "dialable": JSON(perZone[zone]?.dialable ?? 0),
          ]
        }),
      "reason": .string(engine.idleReason(campaign).text),
    ]
  }
}
