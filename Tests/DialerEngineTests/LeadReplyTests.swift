import ControlProtocol
import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// What a command on one lead answers with: the lead as it then is, or, in a dry run, as it would be.
@Suite("Replies about one lead")
struct LeadReplyTests {
  private static let codes: JSON = [["code": "SALE", "name": "Sale", "completed": true, "converted": true]]

  /// Lists 1 and 2; the leads 1 and 2 in list 1.
  private func harness() throws -> EngineHarness {
    let harness = try EngineHarness(simulator: nil)
    for id in 1...2 { try harness.list(id) }
    try harness.lead(1, ["vendorLeadCode": "A", "firstName": "Ann", "custom": ["tags": ["x"], "age": 7]])
    try harness.lead(2, ["vendorLeadCode": "B"])
    try harness.campaign(mode: "manual", ["wrapCodes": Self.codes])
    return harness
  }

  private func get(_ harness: EngineHarness, _ lead: JSON = 1) throws -> JSON {
    try harness.call("lead.get", ["leadID": lead])
  }

  private static let changes: [(method: String, params: JSONObject, field: String, value: JSON)] = [
    ("lead.update", ["rank": 5, "phone1": "+61292000777"], "phone1", "+61292000777"),
    ("lead.update", ["rank": 5], "rank", 5),
    ("lead.setStatus", ["owner": "bob"], "owner", "bob"), ("lead.setStatus", ["rank": -3], "rank", -3),
    ("lead.setStatus", ["status": "SALE", "completed": true], "completed", true),
    ("lead.move", ["listID": 2], "listID", 2),
  ]

  @Test("the reply is the whole lead, and that of a dry run the lead as it would be", arguments: changes)
  func whole(method: String, params: JSONObject, field: String, value: JSON) throws {
    let harness = try harness()
    let before = try get(harness)
    let asked: JSONObject = ["leadID": 1] + params
    let tried = try harness.call(method, .object(asked + ["dryRun": true]))
    #expect(tried[field] == value)
    #expect(try get(harness) == before)
    let reply = try harness.call(method, .object(asked))
    #expect(reply == tried)
    #expect(try get(harness) == reply)
  }

  @Test("a dry run of a deletion or an archiving counts as the deletion or archiving does")
  func counts() throws {
    let harness = try harness()
    for method in ["lead.archive", "lead.restore", "lead.restore", "lead.delete"] {
      let tried = try harness.call(method, ["leadID": 1, "dryRun": true])
      #expect(try harness.call(method, ["leadID": 1]) == tried, "\(method)")
    }
    #expect(refusal { try get(harness) } == "not-found")
  }

  @Test("a wrap code's reply is the whole lead, of a live call and of an ended one, and of a dry run as it would be")
  func wrapped() throws {
    let harness = try harness()
    try harness.start()
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c"])
    let call = try #require(harness.liveCall)
    harness.say(.answered(call.attempt.callID))
    let asked: JSONObject = ["callID": .string(call.attempt.callID.rawValue), "wrapCode": "SALE", "agentID": "ann"]
    #expect(try harness.call("call.wrap", .object(asked)) == get(harness))
    harness.say(.ended(call.attempt.callID, CallEnding(cause: 16, byFarEnd: true)))
    try harness.call("lead.setStatus", ["leadID": 1, "status": "NEW", "completed": false])
    let tried = try harness.call("call.wrap", .object(asked + ["dryRun": true]))
    #expect(tried["status"] == "SALE" && tried["completed"] == true)
    #expect(try get(harness)["completed"] == false)
    let reply = try harness.call("call.wrap", .object(asked))
    #expect(try reply == get(harness))
    #expect(reply["wrapCode"] == "SALE" && reply["lastAgentID"] == "ann" && reply["firstName"] == "Ann")
  }

  @Test("a wrap of a call that ends while its lead is read is that of an ended attempt")
  func endsMeanwhile() throws {
    let harness = try harness()
    try harness.start()
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c"])
    let call = try #require(harness.liveCall)
    harness.say(.answered(call.attempt.callID))
    let token = try harness.send("call.wrap", ["callID": .string(call.attempt.callID.rawValue), "wrapCode": "SALE"])
    harness.give(.trunk(TestSettings.trunk, .ended(call.attempt.callID, CallEnding(cause: 16, byFarEnd: true))))
    harness.settle()
    #expect(try harness.replies[token]?.get()["status"] == "SALE")
    let attempt = harness.store.attempts[call.attempt.attemptID]
    #expect(attempt?.wrapCode == "SALE" && attempt?.endedAt != nil)
  }

  @Test("every field that lead.get shows is one to find and to sort by, but those that hold several values")
  func fields() throws {
    let harness = try harness()
    let shown = try get(harness)
    for member in shown.objectValue?.members ?? [] where !["phones", "custom"].contains(member.key) {
      let asked: JSON = ["filter": .object([member.key: member.value]), "sort": .string(member.key)]
      let found = try harness.call("lead.find", asked)
      #expect(found["leads"]?.arrayValue?.contains(shown) == true, "\(member.key)")
    }
  }

  @Test("null clears one field of the client's own and leaves the others")
  func clearsCustom() throws {
    let harness = try harness()
    let reply = try harness.call("lead.update", ["leadID": 1, "custom": ["age": nil, "none": nil, "city": "x"]])
    #expect(reply["custom"] == ["tags": ["x"], "city": "x"])
    #expect(harness.store.leads[LeadID(1)]?.details.custom == ["tags": ["x"], "city": "x"])
    try harness.call("lead.update", ["leadID": 1, "custom": ["tags": nil, "city": nil]])
    #expect(harness.store.leads[LeadID(1)]?.details.custom == nil)
  }

  @Test("in a list a code stays with its lead: no other lead gets it by an update or as a copy")
  func codes() throws {
    let harness = try harness()
    #expect(refusal { try harness.call("lead.update", ["leadID": 2, "vendorLeadCode": "A"]) } == "already-exists")
    #expect(refusal { try harness.call("lead.update", ["leadID": 2, "vendorLeadCode": "B", "rank": 1]) } == nil)
    let named: JSON = ["leadID": 1, "listID": 1, "vendorLeadCode": "B"]
    let error = #expect(throws: RequestError.self) { try harness.call("lead.duplicate", named) }
    #expect(error?.reason == .alreadyExists && error?.details["leadID"] == 2)
    let copy: JSON = ["leadID": 1, "listID": 2]
    #expect(try harness.call("lead.duplicate", copy)["vendorLeadCode"] == "A")
    #expect(try harness.call("lead.duplicate", copy)["vendorLeadCode"] == .null)
    try harness.call("lead.archive", ["leadID": 2])
    #expect(try harness.call("lead.duplicate", named)["vendorLeadCode"] == "B")
  }

  @Test("a refusal that shows what another lead has goes with that lead")
  func refusalIsForgotten() throws {
    let harness = try harness()
    try harness.call("field.put", ["field": "custom.policy", "type": "text", "unique": true])
    let policy: JSONObject = ["custom": ["policy": "P-1"]]
    try harness.call("lead.update", .object(["leadID": 2] + policy))
    let asked: JSONObject = ["listID": 1, "phones": [.string(EngineHarness.number(9))], "requestID": "r"]
    #expect(refusal { try harness.call("lead.add", .object(asked + policy)) } == "already-exists")
    #expect(harness.store.answers.last?.leadID == LeadID(2))
  }

  @Test("a check of a number names the entry that forbids it, and on whose list it stands")
  func doNotCall() throws {
    let harness = try harness()
    try harness.call("dnc.add", ["phones": ["+6129200*", "+61292000007"]])
    try harness.call("dnc.add", ["phones": ["+61391234567"], "campaignID": "c"])
    let check: JSON = ["phones": ["+61292000007", "+61292000008", "+61391234567"], "campaignID": "c"]
    let verdicts = try harness.call("dnc.check", check)["phones"]?.arrayValue ?? []
    #expect(verdicts.map { $0["by"] } == ["+61292000007", "+6129200*", "+61391234567"])
    #expect(verdicts.map { $0["scope"] } == ["everyone", "everyone", "campaign c"])
  }
}
