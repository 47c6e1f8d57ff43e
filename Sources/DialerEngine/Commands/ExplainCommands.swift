import ControlProtocol
import DialerModel
import DialingRules

/// `lead.explain`: why a lead is or is not dialled, and where it stands.
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
    agent: AgentID? = nil, override: GateSet = [], agentInHand: Bool? = nil
  ) -> Explanation {
    let list = runtime.assigned[record.listID]
    var facts = facts(
      record, in: runtime, list: list, locks: personKeys(record, in: runtime), requestedPhone: requestedPhone,
      agent: agent, agentInHand: agentInHand)
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
