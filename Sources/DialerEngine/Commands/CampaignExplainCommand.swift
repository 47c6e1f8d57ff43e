import ControlProtocol
import DialerModel
import DialingRules

/// `campaign.explain`: how the leads of a campaign stand. By the first gate it comes from counts that are kept, by every
/// gate from the last pass over all leads; where they are few, or who asks waits for it, both come from a new pass.
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
    if leads.count <= GatePass.leadsForAnswer {
      // So few that the pass is over before the answer is.
      let pass = GatePass(campaign: runtime, asOf: now.wall)
      while !pass.step(self) {}
      return .done(explanation(of: runtime, list: only, fromPass: true))
    } else if waits || runtime.gateCounts.map({ now.wall - $0.asOf > Self.gatePassAge }) ?? true {
      let pass = runtime.gatePass ?? GatePass(campaign: runtime, asOf: now.wall)
      if runtime.gatePass == nil {
        runtime.gatePass = pass
        jobs.append(pass)
      }
      if waits {
        pass.whenFinished { engine in
          engine.finish(command, .success(engine.explanation(of: runtime, list: only, fromPass: true)))
        }
        return .later
      }
    }
    catchUpStandings(of: runtime)
    return .done(explanation(of: runtime, list: only, fromPass: false))
  }

  /// - Parameter fromPass: what the last pass found, in the place of the counts.
  private func explanation(of runtime: CampaignRuntime, list only: ListID?, fromPass: Bool) -> JSON {
    var tally = CampaignTally(of: runtime, list: only, engine: self)
    func row(_ name: JSONObject, _ buckets: GateBuckets) -> JSON {
      var row = name
      row["total"] = JSON(buckets.total)
      row["dialable"] = JSON(buckets.dialable)
      row["byFirstGate"] = buckets.json
      return .object(row)
    }
    let counts = runtime.gateCounts
    if fromPass, let counts { tally.first = counts.buckets(of: only.map { [$0] } ?? runtime.assigned.keys.sorted()) }
    let first = tally.first
    let byGate = counts.map { counts in only.map { counts.lists[$0] ?? GateCounts.Row() } ?? counts.all }
    return [
      "campaignID": .string(runtime.id.rawValue), "state": .string(runtime.campaign.state.rawValue),
      "total": JSON(first.all.total), "dialable": JSON(first.all.dialable),
      "asOf": JSON(fromPass ? counts?.asOf ?? now.wall : now.wall), "judged": .bool(fromPass || standsAsJudged),
      "reason": JSON(idleReason(runtime, tally).text), "byFirstGate": first.all.json,
      "byGateAsOf": JSON(counts?.asOf), "byGate": byGate?.json ?? .array([]),
      "perList": .array(
        first.lists.keys.sorted().map { id in
          row(["listID": JSON(id.rawValue), "name": JSON(lists[id]?.name)], first.lists[id] ?? GateBuckets())
        }),
      "perZone": .array(
        first.zones.keys.sorted { names.zoneName($0) < names.zoneName($1) }.map { zone in
          row(["timeZone": .string(names.zoneName(zone))], first.zones[zone] ?? GateBuckets())
        }),
    ]
  }
}
