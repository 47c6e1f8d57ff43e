import ControlProtocol
import DialerModel
import Telephony

@testable import DialerEngine

/// A database in which every method has something to work on, and a call of each that succeeds there.
///
/// Campaign `c` (preview, running) dials list 1 (leads 1 to 4); agent `ann` holds lead 1 by `lead.next`, `bob` is ready;
/// lead 2 is in a call; lead 3 has a callback. Campaign `idle` is stopped, list 2 (lead 5) is no campaign's, strategy `s`
/// and hours `h` are nobody's.
enum EveryMethod {
  static func harness() throws -> EngineHarness {
    let harness = try EngineHarness(simulator: nil)
    try harness.list(1)
    for index in 1...4 { try harness.lead(index, ["vendorLeadCode": "CRM-\(index)"]) }
    try harness.list(2)
    try harness.lead(50, list: 2)
    try harness.call("strategy.put", ["strategyID": "s", "name": "S"])
    try harness.call("callingHours.put", hours("H"))
    try harness.campaign(mode: "preview", ["wrapCodes": [["code": "SALE", "name": "Sale", "completed": true]]])
    try harness.call("campaign.create", ["campaignID": "idle"])
    try harness.agent("ann")
    try harness.agent("bob")
    try harness.start()
    try harness.call("lead.next", ["campaignID": "c", "agentID": "ann"])
    try harness.call("lead.dial", ["leadID": 2, "campaignID": "c"])
    try harness.call(
      "lead.schedule", ["leadID": 3, "campaignID": "c", "callbackAt": JSON(harness.now.wall + .hours(1))])
    try harness.call("dnc.add", ["phones": ["+61292999999"]])
    try harness.call("import.open", ["listID": 1])
    try harness.call("template.put", ["template": "t", "mapping": ["Phone": "phone1"]])
    try harness.call("lead.archive", ["leadID": 5])
    try harness.call("segment.put", ["segment": "s", "filter": ["stage": "new"]])
    try harness.call("field.put", ["field": "custom.y", "type": "integer"])
    return harness
  }

  private static func hours(_ name: String) -> JSON {
    ["callingHoursID": "h", "name": .string(name), "weekly": ["monday": ["09:00-17:00"]]]
  }

  /// A call of each method that succeeds in that database, whichever of the others went before as a dry run.
  static func succeeding(_ harness: EngineHarness) -> [(method: String, params: JSONObject)] {
    let callID = JSON(harness.engine.calls.values.first?.attempt.callID.rawValue)
    let later = JSON(harness.now.wall + .hours(2))
    let importID = JSON(harness.engine.imports.ordered.first?.importID.rawValue)
    return [
      ("daemon.status", [:]), ("daemon.metrics", [:]), ("daemon.reload", [:]),
      ("daemon.backup", ["path": "/backups/a"]),
      ("campaign.create", ["campaignID": "new"]), ("campaign.update", ["campaignID": "c", "name": "C"]),
      ("campaign.get", ["campaignID": "c"]), ("campaign.list", [:]), ("campaign.delete", ["campaignID": "idle"]),
      ("campaign.start", ["campaignID": "idle"]), ("campaign.pause", ["campaignID": "c"]),
      ("campaign.stop", ["campaignID": "c"]), ("campaign.assignList", ["campaignID": "c", "listID": 2]),
      ("campaign.unassignList", ["campaignID": "c", "listID": 1]),
      ("campaign.setLists", ["campaignID": "c", "lists": [["listID": 2]]]), ("campaign.lists", ["campaignID": "c"]),
      ("campaign.explain", ["campaignID": "c"]), ("campaign.forecast", ["campaignID": "c", "hours": 2]),
      ("campaign.stats", ["campaignID": "c"]),
      ("list.create", ["name": "New"]), ("list.update", ["listID": 1, "name": "One"]), ("list.get", ["listID": 1]),
      ("list.list", [:]), ("list.delete", ["listID": 2]), ("list.reset", ["listID": 1]),
      ("strategy.put", ["strategyID": "t", "name": "T"]), ("strategy.get", ["strategyID": "s"]), ("strategy.list", [:]),
      ("strategy.delete", ["strategyID": "s"]), ("callingHours.put", hours("Other").objectValue ?? [:]),
      ("callingHours.get", ["callingHoursID": "h"]), ("callingHours.list", [:]),
      ("callingHours.show", ["callingHoursID": "h", "timeZone": "Europe/Vienna", "date": "2026-11-20"]),
      ("callingHours.delete", ["callingHoursID": "h"]),
      (
        "lead.add",
        [
          "listID": 1, "phones": ["+61291234567"], "timeZone": "Europe/Vienna", "region": "AT", "state": "Tirol",
          "priority": "now",
        ]
      ), ("lead.update", ["leadID": 4, "state": "VIC", "timeZone": "Asia/Tokyo"]), ("lead.get", ["leadID": 1]),
      ("lead.find", ["filter": ["listID": 1]]), ("lead.delete", ["leadID": 4]),
      ("lead.duplicate", ["leadID": 4, "listID": 2]), ("lead.archive", ["leadID": 4]), ("lead.restore", ["leadID": 5]),
      ("contact.get", ["leadID": 1]), ("segment.put", ["segment": "new", "filter": ["status": "NEW"]]),
      ("segment.get", ["segment": "s"]), ("segment.list", [:]), ("segment.delete", ["segment": "s"]),
      ("field.put", ["field": "custom.x", "type": "text", "unique": true]), ("field.list", [:]),
      ("field.delete", ["field": "custom.y"]),
      ("lead.move", ["leadID": 4, "listID": 2]), ("lead.setStatus", ["leadID": 4, "status": "XX"]),
      ("lead.dial", ["leadID": 4, "campaignID": "c", "agentID": "bob"]),
      ("lead.next", ["campaignID": "c", "agentID": "bob"]), ("lead.release", ["leadID": 1]),
      ("lead.explain", ["leadID": 1, "campaignID": "c"]), ("lead.history", ["leadID": 2]),
      ("lead.schedule", ["leadID": 4, "campaignID": "c", "callbackAt": later]),
      ("lead.unschedule", ["leadID": 3, "campaignID": "c"]),
      ("import.open", ["listID": 1, "template": "t", "mapping": ["Phone": ["phone1", "custom.p"]]]),
      ("import.write", ["importID": importID, "offset": 0, "data": "YQo="]), ("import.preview", ["importID": importID]),
      ("import.download", ["importID": importID]),
      ("import.edit", ["importID": importID, "row": 1, "values": ["phone1": "+61291234567"]]),
      ("import.drop", ["importID": importID, "rows": [1]]), ("import.status", ["importID": importID]),
      ("import.list", [:]), ("import.commit", ["importID": importID]), ("import.cancel", ["importID": importID]),
      ("template.put", ["template": "u", "importID": importID]), ("template.get", ["template": "t"]),
      ("template.list", [:]), ("template.delete", ["template": "t"]), ("call.list", [:]),
      ("call.note", ["callID": callID, "notes": "hm"]), ("call.hangup", ["callID": callID]),
      ("call.wrap", ["callID": callID, "wrapCode": "SALE"]),
      ("agent.login", ["agentID": "new", "campaignIDs": ["c"]]), ("agent.logout", ["agentID": "bob"]),
      ("agent.setState", ["agentID": "bob", "state": "paused"]), ("agent.list", [:]),
      ("dnc.add", ["phones": ["+61292999998"]]), ("dnc.remove", ["phones": ["+61292999999"]]),
      ("dnc.check", ["phones": ["+61292999999"]]), ("dnc.import", ["reason": "asked"]),
      ("report.calls", [:]), ("evidence.verify", [:]),
      ("evidence.export", ["since": "2026-01-01T00:00:00.000Z"]),
    ]
  }

  /// A call of each method that can be refused, with the word of its refusal.
  static let refused: [(method: String, params: JSONObject, word: String)] = [
    ("daemon.backup", ["path": "/elsewhere/a"], "invalid-params"),
    ("campaign.create", ["campaignID": "c"], "already-exists"),
    ("campaign.update", ["campaignID": "c", "timeZone": "PST"], "invalid-params"),
    ("campaign.get", ["campaignID": "x"], "not-found"),
    ("campaign.delete", ["campaignID": "c"], "conflict:campaign-is-not-stopped"),
    ("campaign.start", ["campaignID": "x"], "not-found"), ("campaign.pause", ["campaignID": "x"], "not-found"),
    ("campaign.stop", ["campaignID": "x"], "not-found"),
    ("campaign.assignList", ["campaignID": "c", "listID": 2, "strategy": "x"], "invalid-params"),
    ("campaign.unassignList", ["campaignID": "c", "listID": 2], "not-found"),
    ("campaign.setLists", ["campaignID": "c", "lists": [["listID": 2], ["listID": 2]]], "invalid-params"),
    ("campaign.lists", ["campaignID": "x"], "not-found"),
    ("campaign.explain", ["campaignID": "c", "listID": 2], "not-found"),
    ("campaign.stats", ["campaignID": "x"], "not-found"), ("campaign.forecast", ["campaignID": "x"], "not-found"),
    ("list.create", ["listID": 1, "name": "One"], "already-exists"), ("list.update", ["listID": 9], "not-found"),
    ("list.get", ["listID": 9], "not-found"), ("list.delete", ["listID": 1], "conflict:list-is-to-dial"),
    ("list.reset", ["listID": 9], "not-found"),
    ("strategy.put", ["strategyID": "t", "name": "T", "phoneOrder": ["phone1", "phone1"]], "invalid-params"),
    ("strategy.get", ["strategyID": "x"], "not-found"),
    ("strategy.delete", ["strategyID": "standard"], "conflict:strategy-is-built-in"),
    (
      "callingHours.put", ["callingHoursID": "h", "name": "H", "weekly": ["monday": ["25:00-26:00"]]], "invalid-params"
    ),
    ("callingHours.get", ["callingHoursID": "x"], "not-found"),
    ("callingHours.show", ["callingHoursID": "h", "timeZone": "PST", "date": "2026-11-20"], "invalid-params"),
    ("callingHours.delete", ["callingHoursID": "always"], "conflict:calling-hours-in-use"),
    ("lead.add", ["listID": 1, "phones": ["12"]], "invalid-params"), ("lead.update", ["leadID": 99], "not-found"),
    ("lead.get", ["leadID": 99], "not-found"), ("lead.find", ["sort": "nothing"], "invalid-params"),
    ("lead.delete", ["leadID": 2], "conflict:lead-is-live"),
    ("lead.duplicate", ["leadID": 99, "listID": 2], "not-found"), ("lead.archive", ["leadID": 99], "not-found"),
    ("lead.restore", ["leadID": 99], "not-found"), ("contact.get", ["email": "nobody@example.com"], "not-found"),
    ("segment.put", ["segment": "s", "filter": ["segment": "s"]], "invalid-params"),
    ("segment.get", ["segment": "x"], "not-found"),
    ("segment.delete", ["segment": "x"], "not-found"),
    ("field.put", ["field": "phone", "type": "text"], "invalid-params"),
    ("field.delete", ["field": "custom.x"], "not-found"),
    ("lead.move", ["leadID": 2, "listID": 2], "conflict:lead-is-live"),
    ("lead.setStatus", ["leadID": 4, "status": "QUEUE"], "invalid-params"),
    ("lead.dial", ["leadID": 2, "campaignID": "c"], "refused"),
    ("lead.next", ["campaignID": "c", "agentID": "x"], "not-found"),
    ("lead.release", ["leadID": 4], "conflict:lead-is-not-reserved"),
    ("lead.explain", ["leadID": 99, "campaignID": "c"], "not-found"), ("lead.history", ["leadID": 99], "not-found"),
    (
      "lead.schedule", ["leadID": 5, "campaignID": "c", "callbackAt": "2026-12-01T00:00:00.000Z"],
      "conflict:list-not-assigned"
    ), ("lead.unschedule", ["leadID": 99, "campaignID": "c"], "not-found"),
    ("import.open", ["listID": 1, "mapping": ["Phone": "fax"]], "invalid-params"),
    ("import.write", ["importID": "x", "offset": 0, "data": ""], "not-found"),
    ("import.preview", ["importID": "x"], "not-found"), ("import.download", ["importID": "x"], "not-found"),
    ("import.edit", ["importID": "x", "row": 1, "values": ["a": "b"]], "not-found"),
    ("import.drop", ["importID": "x", "rows": [1]], "not-found"), ("import.commit", ["importID": "x"], "not-found"),
    ("import.cancel", ["importID": "x"], "not-found"), ("import.status", ["importID": "x"], "not-found"),
    ("template.put", ["template": "u", "header": false], "invalid-params"),
    ("template.get", ["template": "x"], "not-found"), ("template.delete", ["template": "x"], "not-found"),
    ("call.list", ["campaignID": "x"], "not-found"), ("call.note", ["attemptID": 99, "notes": "x"], "not-found"),
    ("call.hangup", ["callID": "x"], "not-found"), ("call.wrap", ["attemptID": 1, "wrapCode": "X"], "invalid-params"),
    ("agent.login", ["agentID": "new", "campaignIDs": ["x"]], "not-found"),
    ("agent.logout", ["agentID": "x"], "not-found"),
    ("agent.setState", ["agentID": "x", "state": "ready"], "not-found"),
    ("agent.list", ["campaignID": "x"], "not-found"), ("dnc.add", ["phones": ["*"]], "invalid-params"),
    ("dnc.remove", ["phones": ["+1*x"]], "invalid-params"), ("dnc.check", ["phones": ["12"]], "invalid-params"),
    ("dnc.import", ["path": "/etc/passwd"], "invalid-params"),
    ("report.calls", ["filter": ["phone": "12"]], "invalid-params"),
    (
      "evidence.verify", ["since": "2026-01-02T00:00:00.000Z", "until": "2026-01-01T00:00:00.000Z"], "invalid-params"
    ), ("evidence.export", ["cursor": "-1"], "invalid-params"),
  ]
}
