import ControlProtocol
import DialerModel
import DialingRules

/// `campaign.explain`: how the leads of a campaign stand now, from counts; and by every gate, from the last pass.
extension Engine {
  /// A last pass that is no older than this is not worth another.
  private static let gatePassAge = Interval.minutes(1)

  func explainCampaign(_ command: Command) throws(RequestError) -> Answer {
    let runtime = try campaign(of: command)
    var only: ListID?
    if command.parameters.isPresent("listID") {
      let id = try command.parameters.listID()
      guard runtime.assigned[id] != nil else { throw .notFound("list of this campaign", JSON(id.rawValue)) }
      only = id
    }
    let waits = command.parameters.optionalBoolean("byGate") ?? false
    if leads.count <= GatePass.leadsAtOnce {
      // So few that the pass is over before the answer is.
      let pass = GatePass(campaign: runtime, asOf: now.wall)
      while !pass.step(self) {}
    } else if waits || runtime.gateCounts.map({ now.wall - $0.asOf > Self.gatePassAge }) ?? true {
      let pass = runtime.gatePass ?? GatePass(campaign: runtime, asOf: now.wall)
      if runtime.gatePass == nil {
        runtime.gatePass = pass
        jobs.append(pass)
      }
      if waits {
        pass.whenFinished { engine in engine.finish(command, .success(engine.explanation(of: runtime, list: only))) }
        return .later
      }
    }
    return .done(explanation(of: runtime, list: only))
  }

  func explanation(of runtime: CampaignRuntime, list only: ListID?) -> JSON {
    let tally = CampaignTally(of: runtime, list: only, engine: self)
    func row(_ name: JSONObject, _ buckets: GateBuckets) -> JSON {
      var row = name
      row["total"] = JSON(buckets.total)
      row["dialable"] = JSON(buckets.dialable)
      row["byFirstGate"] = buckets.json
      return .object(row)
    }
    let counts = runtime.gateCounts
    let byGate = counts.map { counts in only.map { counts.lists[$0] ?? GateCounts.Row() } ?? counts.all }
    return [
      "campaignID": .string(runtime.id.rawValue), "state": .string(runtime.campaign.state.rawValue),
      "total": JSON(tally.all.total), "dialable": JSON(tally.all.dialable), "asOf": JSON(now.wall),
      "reason": JSON(idleReason(runtime, tally).text), "byFirstGate": tally.all.json,
      "byGateAsOf": JSON(counts?.asOf), "byGate": byGate?.json ?? .array([]),
      "perList": .array(
        tally.lists.keys.sorted().map { id in
          row(["listID": JSON(id.rawValue), "name": JSON(lists[id]?.name)], tally.lists[id] ?? GateBuckets())
        }),
      "perZone": .array(
        tally.zones.keys.sorted { names.zoneName($0) < names.zoneName($1) }.map { zone in
          row(["timeZone": .string(names.zoneName(zone))], tally.zones[zone] ?? GateBuckets())
        }),
    ]
  }
}
