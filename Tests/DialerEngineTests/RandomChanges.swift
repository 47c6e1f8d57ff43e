import DialerModel
import Telephony

@testable import DialerEngine

/// Whatever clients, trunks and clocks do to a database of ``RandomRules``, one thing drawn at a time. Who may not is
/// refused, and that is as good as anything.
extension RandomRules {
  static let agents = ["ann", "bob"]
  private static let codes: JSON = [
    ["code": "SALE", "name": "Sale", "completed": true], ["code": "WRONG", "name": "Wrong number"],
    ["code": "LATER", "name": "Later", "callback": true], ["code": "NEVER", "name": "Never", "doNotCall": true],
  ]

  /// A third campaign, which shows its leads to agents before.
  mutating func prepareChanges() throws {
    for campaign in Self.campaigns {
      try harness.call("campaign.update", ["campaignID": .string(campaign), "wrapCodes": Self.codes])
    }
    try harness.call(
      "campaign.create",
      [
        "campaignID": "p", "dialMode": "preview", "callingHours": "h", "timeZone": "America/New_York", "region": "US",
        "minimumGapSeconds": 120, "wrapCodes": Self.codes, "wrapUpSeconds": 5,
      ])
    for list in 1...3 {
      try harness.call(
        "campaign.assignList", ["campaignID": "p", "listID": JSON(list), "strategy": .string(pick(["s", "standard"]))])
    }
    for agent in Self.agents { try harness.agent(agent, ["p", "d"]) }
    for campaign in Self.campaigns + ["p"] { try harness.start(campaign) }
  }

  /// - Returns: what was done.
  mutating func change() throws -> String {
    switch one(in: 16) {
    case 0, 1, 2: return changeLead()
    case 3: return changeManyLeads()
    case 4: return changeForbidden()
    case 5: return changeCampaign()
    case 6: return changeLists()
    case 7: return changeRules()
    case 8: return changeCallback()
    case 9, 10: return agentWorks()
    case 11, 12: return callIsSteered()
    case 13: return changeTrunkOrClock()
    default:
      harness.pass(.seconds(Int64(number(in: 1...120))))
      return "time"
    }
  }

  private func call(_ method: String, _ form: JSONObject) -> String {
    do {
      try harness.call(method, .object(form))
      return "\(method) \(JSON.object(form))"
    } catch { return "\(method) refused: \(error.reason.rawValue)" }
  }

  private mutating func lead() -> JSON {
    let leads = harness.store.leads.keys.sorted()
    return leads.isEmpty ? 1 : JSON(leads[one(in: leads.count)].rawValue)
  }

  private mutating func campaign() -> JSON { .string(pick(Self.campaigns + ["p"])) }

  private mutating func changeLead() -> String {
    var form: JSONObject = ["leadID": lead()]
    switch one(in: 7) {
    case 0: form["email"] = one(in: 3) == 0 ? .null : .string("p\(one(in: 4))@example.com")
    case 1: form["phone1"] = .string(Self.phone(number(in: 0...24)))
    case 2: form["phone2"] = .string(Self.phone(number(in: 0...24)))
    case 3: form["vendorLeadCode"] = .string("P\(one(in: 6))")
    case 4:
      form["firstName"] = .string(pick(["Ann", "Bob"]))
      form["lastName"] = "Lee"
    case 5: form["state"] = .string(pick(["FL", "NY", "IN", "ID"]))
    default: form["owner"] = .string(pick(["ann", "bob"]))
    }
    return call("lead.update", form)
  }

  private mutating func changeManyLeads() -> String {
    let lead = lead()
    switch one(in: 8) {
    case 0: return call("lead.move", ["leadID": lead, "listID": JSON(number(in: 1...3))])
    case 1: return one(in: 4) == 0 ? call("lead.delete", ["leadID": lead]) : "nothing"
    case 2: return call("lead.archive", ["leadID": lead])
    case 3: return call("lead.restore", ["filter": ["archived": true]])
    case 4: return call("lead.setStatus", ["leadID": lead, "completed": .bool(one(in: 2) == 0)])
    case 5: return call("lead.setStatus", ["filter": ["owner": "ann"], "status": .string(pick(["NEW", "DNC"]))])
    case 6: return call("list.reset", ["listID": JSON(number(in: 1...3))])
    default:
      do { try addLead(number(in: 1...3)) } catch { return "lead.add refused: \(error)" }
      return "lead.add"
    }
  }

  private mutating func changeForbidden() -> String {
    var form: JSONObject = ["phones": [.string(one(in: 5) == 0 ? "+1305555*" : Self.phone(number(in: 0...24)))]]
    if one(in: 3) == 0 { form["campaignID"] = campaign() }
    return call(one(in: 2) == 0 ? "dnc.add" : "dnc.remove", form)
  }

  private mutating func limits() -> JSON {
    .array(
      ["lead", "phone", "person"].filter { _ in one(in: 3) == 0 }.map {
        [
          "count": JSON(number(in: 1...3)), "windowSeconds": JSON(number(in: 120...5000)), "scope": .string($0),
          "counts": .string(pick(["attempts", "answers"])),
        ]
      })
  }

  private mutating func changeCampaign() -> String {
    let campaign = campaign()
    switch one(in: 6) {
    case 0: return call("campaign.update", ["campaignID": campaign, "attemptLimits": limits()])
    case 1: return call("campaign.update", ["campaignID": campaign, "minimumGapSeconds": JSON(number(in: 0...900))])
    case 2:
      let mode = pick(["broadcast", "progressive", "ratio", "preview", "manual"])
      return call("campaign.update", ["campaignID": campaign, "dialMode": .string(mode)])
    case 3: return call("campaign.update", ["campaignID": campaign, "calledCountLimit": JSON(number(in: 1...12))])
    case 4: return call(pick(["campaign.pause", "campaign.stop"]), ["campaignID": campaign])
    default: return call("campaign.start", ["campaignID": campaign])
    }
  }

  private mutating func changeLists() -> String {
    let list = JSON(number(in: 1...3))
    switch one(in: 5) {
    case 0: return call("campaign.unassignList", ["campaignID": campaign(), "listID": list])
    case 1:
      var form: JSONObject = [
        "campaignID": campaign(), "listID": list, "toDial": .bool(one(in: 4) > 0),
        "strategy": .string(pick(["s", "standard"])),
      ]
      if one(in: 3) == 0 { form["filter"] = ["not": ["owner": "bob"]] }
      return call("campaign.assignList", form)
    case 2: return call("list.update", ["listID": list, "active": .bool(one(in: 3) > 0)])
    case 3:
      return call(
        "list.update", ["listID": list, "expiresAt": JSON(harness.now.wall + .seconds(Int64(number(in: 1...600))))])
    default: return call("list.update", ["listID": list, "expiresAt": .null])
    }
  }

  /// From or until some moment that is not far.
  private mutating func changeRules() -> String {
    if one(in: 3) == 0 {
      return call(
        "strategy.put",
        [
          "strategyID": "s", "name": "S", "completeAfter": [],
          "retries": [
            ["outcome": "busy", "afterSeconds": JSON(number(in: 30...900)), "nextPhone": .bool(one(in: 2) == 0)],
            ["outcome": "answered", "afterSeconds": JSON(number(in: 30...900))],
          ],
          "phoneOrder": one(in: 2) == 0 ? ["phone1", "phone2"] : ["phone2", "phone1"],
          "phonePolicy": .string(pick(["next-attempt", "same-attempt"])),
        ])
    }
    var florida: JSONObject = ["source": "a test", "attemptLimits": limits()]
    florida[pick(["effectiveFrom", "effectiveUntil"])] = .string(pick(["2026-11-20", "2026-11-21", "2026-11-22"]))
    var all: JSONObject = ["source": "a test", "abandonHoldSeconds": JSON(number(in: 200...4000))]
    if one(in: 2) == 0 {
      all[pick(["effectiveFrom", "effectiveUntil"])] = .string(pick(["2026-11-20", "2026-11-21", "2026-11-22"]))
    }
    return call(
      "callingHours.put",
      [
        "callingHoursID": "h", "name": "H",
        "weekly": ["friday": ["08:00-24:00"], "saturday": ["00:00-24:00"], "sunday": ["00:00-24:00"]],
        "regions": ["US-FL": .object(florida), "US": .object(all)],
      ])
  }

  private mutating func changeCallback() -> String {
    let lead = lead()
    if one(in: 3) == 0 { return call("lead.unschedule", ["leadID": lead, "campaignID": campaign()]) }
    let at = harness.now.wall + .seconds(Int64(number(in: 1...400)))
    var form: JSONObject = ["leadID": lead, "campaignID": campaign(), "callbackAt": JSON(at)]
    if one(in: 2) == 0 {
      form["agentID"] = .string(pick(Self.agents))
      form["until"] = JSON(at + .seconds(Int64(number(in: 1...300))))
      form["then"] = .string(pick(["anyone", "missed"]))
    }
    return call("lead.schedule", form)
  }

  private mutating func agentWorks() -> String {
    let agent = JSON.string(pick(Self.agents))
    switch one(in: 6) {
    case 0, 1:
      return call(
        "lead.next", ["campaignID": "p", "agentID": agent, "reserveSeconds": JSON(number(in: 5...200))])
    case 2:
      guard let held = harness.engine.reservations.keys.min() else { return "nothing" }
      return call("lead.release", ["leadID": JSON(held.rawValue)])
    case 3:
      guard let held = harness.engine.reservations.keys.min() else { return "nothing" }
      return call("lead.dial", ["leadID": JSON(held.rawValue), "campaignID": "p"])
    case 4:
      var form: JSONObject = ["leadID": lead(), "campaignID": campaign()]
      if one(in: 2) == 0 { form["agentID"] = agent }
      if one(in: 2) == 0 { form["override"] = ["minimum-gap", "attempt-limits", "retry-time", "calling-hours"] }
      return call("lead.dial", form)
    default:
      return call("agent.setState", ["agentID": agent, "state": .string(pick(["ready", "paused"]))])
    }
  }

  private mutating func callIsSteered() -> String {
    let live = harness.engine.calls.keys.sorted()
    let isLive = one(in: 2) == 0 && !live.isEmpty
    if isLive, one(in: 2) == 0 {
      let id = live[one(in: live.count)]
      return call("call.hangup", ["callID": .string(harness.engine.calls[id]?.attempt.callID.rawValue ?? "")])
    }
    let past = harness.store.attempts.keys.sorted()
    guard !past.isEmpty else { return "nothing" }
    let id = isLive ? live[one(in: live.count)] : past[one(in: past.count)]
    let code = pick(["SALE", "WRONG", "WRONG", "LATER", "NEVER"])
    var form: JSONObject = ["attemptID": JSON(id.rawValue), "wrapCode": .string(code)]
    if code == "LATER" { form["callbackAt"] = JSON(harness.now.wall + .seconds(Int64(number(in: 1...600)))) }
    return call("call.wrap", form)
  }

  private mutating func changeTrunkOrClock() -> String {
    switch one(in: 5) {
    case 0:
      let jump = Int64(number(in: 3...1500)) * (one(in: 2) == 0 ? 1 : -1)
      harness.jumpWall(by: .seconds(jump))
      harness.settle()
      return "clock jumps by \(jump) s"
    case 1:
      harness.crash(after: .seconds(Int64(number(in: 0...30))))
      harness.settle()
      return "crash"
    case 2:
      harness.say(.state(.down(reason: "test")))
      return "trunk down"
    default:
      harness.say(.state(.up))
      return "trunk up"
    }
  }
}
