import ControlProtocol
import DialerModel
import Testing

@testable import DialerEngine

/// What happens to a lead that exists already: the cases that CRMs and supervisors ask for.
@Suite("A lead that exists already")
struct MatchTests {
  private let phone = "+61292000001"

  /// Lists 1 and 2 in the campaign `c`, list 3 in none.
  private func harness() throws -> EngineHarness {
    let harness = try EngineHarness(simulator: nil)
    for id in 1...3 { try harness.list(id) }
    try harness.campaign(lists: [(1, 100), (2, 100)])
    return harness
  }

  private func add(_ harness: EngineHarness, list: Int = 1, _ more: JSONObject) throws -> JSON {
    try harness.call("lead.add", .object(["listID": JSON(list), "phones": [.string(phone)]] + more))
  }

  private func stored(_ harness: EngineHarness, _ reply: JSON) -> KnownLead? {
    harness.store.leads[LeadID(UInt32(reply["leadID"]?.integerValue ?? 0))]
  }

  @Test("(a) the same number from the same source updates the lead, from another source it is a second one")
  func source() throws {
    let harness = try harness()
    let rule: JSONObject = ["match": "phone+source", "onMatch": "update"]
    let first = try add(harness, rule + ["source": "web", "firstName": "Ann"])
    let again = try add(harness, rule + ["source": "web", "firstName": "Anna"])
    let other = try add(harness, rule + ["source": "fair"])
    #expect(first["action"] == "added" && again["action"] == "updated" && other["action"] == "added")
    #expect(again["leadID"] == first["leadID"] && other["leadID"] != first["leadID"])
    #expect(stored(harness, first)?.details.firstName == "Anna")
  }

  @Test("(b) a number in any list of the campaign is updated where it stands")
  func campaignUpdate() throws {
    let harness = try harness()
    let rule: JSONObject = ["match": "phone", "scope": "campaign", "onMatch": "update"]
    let first = try add(harness, list: 1, rule)
    let again = try add(harness, list: 2, rule + ["lastName": "Lee"])
    #expect(again["action"] == "updated" && again["leadID"] == first["leadID"] && again["listID"] == 1)
    #expect(stored(harness, first)?.details.lastName == "Lee")
    #expect(harness.engine.leads.countByList[ListID(2)] == 0)
    #expect(try add(harness, list: 3, rule)["action"] == "added")
  }

  @Test("(c) the same, but moved to the new list with the new data")
  func campaignMove() throws {
    let harness = try harness()
    let rule: JSONObject = ["match": "phone", "scope": "campaign", "onMatch": "move"]
    let first = try add(harness, list: 1, rule + ["lastName": "Lee"])
    let again = try add(harness, list: 2, rule + ["firstName": "Ann"])
    #expect(again["action"] == "moved" && again["leadID"] == first["leadID"] && again["listID"] == 2)
    let lead = stored(harness, first)
    #expect(lead?.record.listID == ListID(2) && lead?.details.firstName == "Ann" && lead?.details.lastName == "Lee")
  }

  @Test("(d) a known code in the list updates, an unknown one is added, and add anyway makes a second record")
  func code() throws {
    let harness = try harness()
    let first = try add(harness, ["vendorLeadCode": "A"])
    let again = try add(harness, ["vendorLeadCode": "A", "firstName": "Ann"])
    let unknown = try add(harness, ["vendorLeadCode": "B"])
    let elsewhere = try add(harness, list: 2, ["vendorLeadCode": "A"])
    let anyway = try add(harness, ["vendorLeadCode": "A", "onMatch": "add"])
    #expect(again["action"] == "updated" && again["leadID"] == first["leadID"])
    for reply in [unknown, elsewhere, anyway] { #expect(reply["action"] == "added") }
    #expect(harness.store.leads.count == 4)
    #expect(refusal { try harness.call("lead.get", ["vendorLeadCode": "A", "listID": 1]) } == "ambiguous")
  }

  @Test("(e) the same number and email is added with status DUP and is not dialled")
  func duplicate() throws {
    let harness = try harness()
    let rule: JSONObject = ["match": "phone+email", "onMatch": "duplicate"]
    let first = try add(harness, rule + ["email": "ann@example.com"])
    let again = try add(harness, rule + ["email": "Ann@Example.COM"])
    let other = try add(harness, rule + ["email": "bob@example.com"])
    #expect(again["action"] == "duplicate" && other["action"] == "added")
    #expect(stored(harness, again)?.record.state.status == .dup)
    try harness.start()
    harness.settle()
    let dialled = Set(harness.claimedLeads)
    #expect(!dialled.contains(Int(again["leadID"]?.integerValue ?? 0)))
    #expect(dialled.contains(Int(first["leadID"]?.integerValue ?? 0)))
  }

  @Test("(f) the same name and email is one contact with several leads")
  func contact() throws {
    let harness = try harness()
    let who: JSONObject = ["firstName": "Ann", "lastName": "Lee", "email": "ann@example.com"]
    let rule: JSONObject = ["match": "name+email", "scope": "tenant"]
    let first = try add(harness, rule + who)
    let second = try harness.call(
      "lead.add", .object(["listID": 2, "phones": ["+61292000002"]] + rule + who + ["onMatch": "add"]))
    let third = try harness.call(
      "lead.add",
      .object(
        ["listID": 2, "phones": ["+61292000003"]] + rule + who
          + ["onMatch": "update", "firstName": "ANN", "email": "ANN@example.com"]))
    #expect(second["action"] == "added" && second["leadID"] != first["leadID"])
    #expect(third["action"] == "updated" && third["leadID"] == second["leadID"])
    let nobody = try harness.call(
      "lead.add", .object(["listID": 2, "phones": ["+61292000004"], "email": "ann@example.com"] + rule))
    #expect(nobody["action"] == "added")
  }

  @Test("a match is refused, or passed over, where that is asked")
  func rejectAndSkip() throws {
    let harness = try harness()
    let first = try add(harness, [:])
    #expect(refusal { try add(harness, ["match": "phone", "onMatch": "reject"]) } == "already-exists")
    let skipped = try add(harness, ["match": "phone", "onMatch": "skip", "firstName": "Ann"])
    #expect(skipped["action"] == "skipped" && skipped["leadID"] == first["leadID"])
    #expect(stored(harness, first)?.details.firstName == nil)
  }

  @Test("a lead finds the one that came before it in the same batch, before either is on disk")
  func sameBatch() throws {
    let harness = try harness()
    harness.holdsCommits = true
    let rule: JSONObject = ["match": "phone", "onMatch": "skip", "listID": 1, "phones": [.string(phone)]]
    let tokens = try (0..<3).map { _ in try harness.send("lead.add", .object(rule)) }
    harness.settle()
    harness.commitHeld()
    harness.settle()
    let replies = tokens.compactMap { try? harness.replies[$0]?.get() }
    #expect(replies.map { $0["action"] } == ["added", "skipped", "skipped"])
    #expect(Set(replies.compactMap { $0["leadID"]?.integerValue }).count == 1)
  }

  @Test("a lead whose number changed is found by the new one and not by the old, before that is on disk")
  func changedNumber() throws {
    let harness = try harness()
    let first = try add(harness, [:])
    let id = first["leadID"] ?? .null
    _ = try harness.send("lead.update", ["leadID": id, "phones": ["+61292000009"]])
    harness.settle()
    harness.holdsCommits = true
    let rule: JSONObject = ["listID": 1, "match": "phone", "onMatch": "skip"]
    let old = try harness.send("lead.add", .object(rule + ["phones": [.string(phone)]]))
    let new = try harness.send("lead.add", .object(rule + ["phones": ["+61292000009"]]))
    harness.settle()
    harness.commitHeld()
    harness.settle()
    #expect(try harness.replies[old]?.get()["action"] == "added")
    #expect(try harness.replies[new]?.get()["leadID"] == id)
  }

  @Test("leads of another tenant never match")
  func otherTenant() throws {
    let harness = try harness()
    try harness.list(8, ["tenant": "other"])
    let rule: JSONObject = ["match": "phone", "scope": "tenant"]
    _ = try add(harness, list: 8, rule)
    #expect(try add(harness, list: 1, rule)["action"] == "added")
  }
}
