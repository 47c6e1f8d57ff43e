import ControlProtocol
import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// Leads put away, taken back, copied and deleted, one by one and by a filter.
@Suite("Leads put away, copied and deleted")
struct LeadLifeTests {
  @Test("a list is not made anew while the one of its id is being deleted")
  func listInDeletion() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(3)
    let deletion = try harness.send("list.delete", ["listID": 1])
    let creation = try harness.send("list.create", ["listID": 1, "name": "New"])
    harness.settle()
    #expect(try harness.replies[deletion]?.get()["leads"] == 3)
    #expect(refusal { try #require(harness.replies[creation]).get() } == "busy:list.delete")
    try harness.list()
    harness.crash()
    #expect(harness.engine.lists.count == 1)
  }

  /// Lists 1 and 2 in the campaign `c`, six leads in list 1.
  private func harness() throws -> EngineHarness {
    let harness = try EngineHarness(simulator: nil)
    for id in 1...2 { try harness.list(id) }
    try harness.leads(6)
    try harness.campaign(lists: [(1, 100), (2, 100)])
    return harness
  }

  private func found(_ harness: EngineHarness, _ filter: JSON = [:]) throws -> [Int] {
    let leads = try harness.call("lead.find", ["filter": filter])["leads"]?.arrayValue ?? []
    return leads.compactMap { $0["leadID"]?.integerValue.map { Int($0) } }
  }

  @Test("an archived lead is not dialled, and found only by a filter that names it, until it is restored")
  func archive() throws {
    let harness = try harness()
    #expect(try harness.call("lead.archive", ["leadID": 2])["count"] == 1)
    #expect(try harness.call("lead.archive", ["filter": ["leadID": ["in": [2, 3, 4]]]])["count"] == 2)
    #expect(try found(harness) == [1, 5, 6])
    #expect(try found(harness, ["archived": true]) == [2, 3, 4])
    #expect(try found(harness, ["or": [["archived": true], ["leadID": 1]]]) == [1, 2, 3, 4])
    #expect(try harness.failingGates(LeadID(2)) == ["campaign-running", "status"])
    try harness.start()
    #expect(Set(harness.claimedLeads) == [1, 5, 6])
    #expect(try harness.call("lead.restore", ["filter": ["listID": 1]])["count"] == 3)
    harness.settle()
    #expect(Set(harness.claimedLeads) == [1, 2, 3, 4, 5, 6])
    #expect(harness.store.leads[LeadID(3)]?.record.state.archived == false)
  }

  @Test("what arrives anew does not match an archived lead, and its code then names the new one")
  func archivedNeverMatches() throws {
    let harness = try harness()
    let params: JSON = ["listID": 1, "phones": ["+61292000777"], "vendorLeadCode": "A"]
    let first = try harness.call("lead.add", params)
    try harness.call("lead.archive", ["vendorLeadCode": "A"])
    let second = try harness.call("lead.add", params)
    #expect(second["action"] == "added" && second["leadID"] != first["leadID"])
    #expect(try harness.call("lead.get", ["vendorLeadCode": "A"])["leadID"] == second["leadID"])
  }

  @Test("a copy has the details and no past; it keeps the code in another list, and a refusal to be called everywhere")
  func duplicate() throws {
    let harness = try harness()
    let who: JSON = [
      "listID": 1, "phones": ["+61292000777"], "vendorLeadCode": "A", "firstName": "Ann", "email": "ann@example.com",
      "custom": ["tags": ["x", 1]],
    ]
    let original = try harness.call("lead.add", who)["leadID"] ?? .null
    try harness.call("lead.setStatus", ["leadID": original, "status": "XX", "completed": true])
    let copy = try harness.call("lead.duplicate", ["vendorLeadCode": "A", "listID": 2])
    #expect(copy["listID"] == 2 && copy["vendorLeadCode"] == "A" && copy["leadID"] != original)
    #expect(copy["firstName"] == "Ann" && copy["custom"] == ["tags": ["x", 1]])
    #expect(copy["status"] == "NEW" && copy["completed"] == false && copy["calledCount"] == 0)
    let same = try harness.call("lead.duplicate", ["leadID": original, "listID": 1])
    #expect(same["vendorLeadCode"] == .null && same["listID"] == 1)
    let named = try harness.call("lead.duplicate", ["leadID": original, "listID": 1, "vendorLeadCode": "B"])
    #expect(named["vendorLeadCode"] == "B")
    try harness.call("lead.setStatus", ["leadID": original, "status": "DNC"])
    #expect(try harness.call("lead.duplicate", ["leadID": original, "listID": 2])["status"] == "DNC")
    try harness.list(9, ["tenant": "other"])
    #expect(
      refusal { try harness.call("lead.duplicate", ["leadID": original, "listID": 9]) }
        == "conflict:list-of-another-tenant")
  }

  @Test("a deleted lead is nowhere at once, and its calls stay in the log as those of a deleted lead")
  func delete() throws {
    let harness = try harness()
    try harness.start()
    let call = try #require(harness.engine.calls.values.first { $0.attempt.leadID == LeadID(2) })
    harness.say(.ended(call.attempt.callID, CallEnding(outcome: .busy, cause: 17, byFarEnd: false)))
    #expect(try harness.call("lead.delete", ["leadID": 2])["deleted"] == 1)
    #expect(try found(harness) == [1, 3, 4, 5, 6])
    #expect(refusal { try harness.call("lead.get", ["leadID": 2]) } == "not-found")
    let attempts = try harness.call("report.calls", ["filter": ["leadID": 2]])["attempts"]?.arrayValue ?? []
    #expect(attempts.count == 1 && attempts[0]["leadDeleted"] == true && attempts[0]["leadID"] == 2)
    let attempt = attempts[0]["attemptID"] ?? .null
    #expect(
      refusal { try harness.call("call.note", ["attemptID": attempt, "notes": "x"]) } == "conflict:lead-is-deleted")
  }

  @Test(
    "a bulk action counts in a dry run what it then does, in one event, and says when the leads were changed",
    arguments: [
      ("lead.setStatus", ["status": "XX"]), ("lead.setStatus", ["owner": "ann"]), ("lead.setStatus", ["rank": 5]),
      ("lead.archive", [:]), ("lead.move", ["listID": 2]), ("lead.delete", [:]),
    ] as [(String, JSONObject)])
  func bulk(method: String, more: JSONObject) throws {
    let harness = try harness()
    harness.pass(.seconds(10))
    let params: JSONObject = ["filter": ["and": [["leadID": ["gt": 2]], ["segment": "mine"]]]] + more
    try harness.call("segment.put", ["segment": "mine", "filter": ["leadID": ["le": 5]]])
    let events = harness.store.events.count
    #expect(try harness.call(method, .object(params + ["dryRun": true])) == ["count": 3])
    #expect(harness.store.events.count == events)
    #expect(try harness.call(method, .object(params)) == ["count": 3])
    #expect(harness.store.events.count == events + 1)
    for id in 3...5 as ClosedRange<UInt32> {
      let lead = harness.store.leads[LeadID(id)]
      #expect((lead == nil) == (method == "lead.delete"))
      if let lead { #expect(lead.details.updatedAt == harness.now.wall) }
    }
    #expect(harness.store.leads[LeadID(6)]?.details.updatedAt != harness.now.wall)
  }

  @Test("a list whose leads were all put away by a command says once that it has run dry")
  func ranDry() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(3)
    try harness.campaign(mode: "manual")
    try harness.start()
    try harness.call("lead.setStatus", ["filter": ["listID": 1], "completed": true])
    #expect(harness.events(.listExhausted).count == 1)
    try harness.call("lead.setStatus", ["filter": ["listID": 1], "rank": 3])
    #expect(harness.events(.listExhausted).count == 1)
    #expect(try harness.call("list.reset", ["listID": 1]) == ["reset": 3, "dialable": 3, "limited": 0])
    try harness.call("lead.archive", ["filter": ["listID": 1]])
    #expect(harness.events(.listExhausted).count == 2)
  }

  @Test("a reset by a filter counts the leads that it frees, and those that a limit holds all the same")
  func reset() throws {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(4)
    try harness.campaign(mode: "manual", ["calledCountLimit": 1])
    try harness.start()
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c"])
    let call = try #require(harness.liveCall)
    harness.say(.ended(call.attempt.callID, CallEnding(outcome: .busy, cause: 17, byFarEnd: false)))
    try harness.call("lead.setStatus", ["filter": ["leadID": ["le": 3]], "completed": true])
    let some: JSON = ["listID": 1, "filter": ["leadID": ["le": 2]]]
    #expect(try harness.call("list.reset", some) == ["reset": 2, "dialable": 1, "limited": 1])
    #expect(try harness.call("list.reset", some) == ["reset": 0, "dialable": 0, "limited": 0])
  }
}
