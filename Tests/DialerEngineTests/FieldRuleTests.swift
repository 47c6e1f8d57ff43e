import ControlProtocol
import DialerModel
import Testing

@testable import DialerEngine

/// What a tenant asks of the fields of its leads.
@Suite("Rules for fields")
struct FieldRuleTests {
  private func harness(_ rules: JSONObject...) throws -> EngineHarness {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    for rule in rules { try harness.call("field.put", .object(rule)) }
    return harness
  }

  private func add(_ harness: EngineHarness, _ index: Int, _ more: JSONObject = [:]) throws -> JSON {
    try harness.call(
      "lead.add", .object(["listID": 1, "phones": [.string(EngineHarness.number(index))]] + more))
  }

  @Test("longer text is cut, the reply names the fields, and the lead has the shorter text")
  func cut() throws {
    let harness = try harness(
      ["field": "firstName", "type": "text", "maximumLength": 3],
      ["field": "custom.note", "type": "text", "maximumLength": 2],
      ["field": "lastName", "type": "text", "maximumLength": 9])
    let reply = try add(harness, 1, ["firstName": "Annabel", "lastName": "Lee", "custom": ["note": "añb"]])
    #expect(reply["cut"] == ["custom.note", "firstName"])
    let lead = harness.store.leads[LeadID(1)]
    #expect(lead?.details.firstName == "Ann" && lead?.details.custom == ["note": "añ"])
    #expect(try add(harness, 2, ["firstName": "Bob"])["cut"] == nil)
    let update = try harness.call("lead.update", ["leadID": 2, "firstName": "Roberta"])
    #expect(update["cut"] == ["firstName"] && update["firstName"] == "Rob")
  }

  @Test("a required field must be there in a new lead and cannot be cleared, but stops no other change")
  func required() throws {
    let harness = try harness()
    _ = try add(harness, 1)
    try harness.call("field.put", ["field": "custom.policy", "type": "text", "required": true])
    try harness.call("field.put", ["field": "email", "type": "email", "required": true])
    let error = #expect(throws: RequestError.self) { try add(harness, 2, ["custom": ["policy": "7"]]) }
    #expect(error?.details["field"] == "email")
    #expect(refusal { try add(harness, 2, ["email": "a@b.c", "custom": ["policy": " "]]) } == "invalid-params")
    _ = try add(harness, 2, ["email": "a@b.c", "custom": ["policy": "7"]])
    #expect(refusal { try harness.call("lead.update", ["leadID": 2, "custom": ["policy": nil]]) } == "invalid-params")
    #expect(refusal { try harness.call("lead.update", ["leadID": 2, "custom": nil]) } == "invalid-params")
    #expect(refusal { try harness.call("lead.update", ["leadID": 1, "firstName": "Ann"]) } == nil)
  }

  @Test(
    "a value is read as the type of its field, or refused",
    arguments: [
      ("integer", "12", 12, "1.5"), ("integer", 12, 12, true), ("number", "1.5", 1.5, "x"),
      ("number", "-1e3", -1000.0, "0x10"),
      ("boolean", "yes", true, "maybe"),
      ("date", "2026-02-28", "2026-02-28", "2026-02-30"), ("email", " a@b.c ", "a@b.c", "a@b"),
      ("phone", "(02) 9123 4567", "+61291234567", "12"), ("text", 12, "12", ["x"]),
    ] as [(String, JSON, JSON, JSON)])
  func types(type: String, given: JSON, kept: JSON, wrong: JSON) throws {
    let harness = try harness(["field": "custom.x", "type": .string(type)])
    _ = try add(harness, 1, ["custom": ["x": given]])
    #expect(harness.store.leads[LeadID(1)]?.details.custom?["x"] == kept)
    #expect(refusal { try add(harness, 2, ["custom": ["x": wrong]]) } == "invalid-params")
    _ = try add(harness, 3)
  }

  @Test(
    "a unique value is refused for a second lead and names the first; any number of leads may have none",
    arguments: [
      ("custom.policy", "text", ["custom": ["policy": "P1"]], ["custom": ["policy": "P1"]]),
      ("email", "email", ["email": "ann@b.c"], ["email": "ANN@b.c"]),
      ("vendorLeadCode", "text", ["vendorLeadCode": "A"], ["vendorLeadCode": "A", "onMatch": "add"]),
      ("owner", "text", ["owner": "ann"], ["owner": "ann"]),
    ] as [(String, String, JSONObject, JSONObject)])
  func unique(field: String, type: String, first: JSONObject, second: JSONObject) throws {
    let harness = try harness(["field": .string(field), "type": .string(type), "unique": true])
    _ = try add(harness, 1, first)
    let error = #expect(throws: RequestError.self) { try add(harness, 2, second) }
    #expect(error?.reason == .alreadyExists && error?.details["leadID"] == 1)
    #expect(error?.details["field"] == .string(field))
    for index in 3...5 { _ = try add(harness, index) }
    #expect(harness.store.leads.count == 4)
    #expect(refusal { try harness.call("lead.update", .object(["leadID": 2] + first)) } == "already-exists")
    #expect(refusal { try harness.call("lead.update", .object(["leadID": 1] + first)) } == nil)
    // Another tenant has its own.
    try harness.list(9, ["tenant": "other"])
    let there: JSONObject = ["listID": 9, "phones": ["+61292000999"]]
    #expect(refusal { try harness.call("lead.add", .object(there + first)) } == nil)
  }

  @Test("of two leads with the same unique value in one batch the second is refused, before either is on disk")
  func sameBatch() throws {
    let harness = try harness(["field": "custom.policy", "type": "text", "unique": true])
    harness.holdsCommits = true
    let tokens = try (1...2).map { index in
      try harness.send(
        "lead.add", ["listID": 1, "phones": [.string(EngineHarness.number(index))], "custom": ["policy": "P1"]])
    }
    harness.settle()
    harness.commitHeld()
    harness.settle()
    #expect(refusal { try #require(harness.replies[tokens[0]]).get() } == nil)
    #expect(refusal { try #require(harness.replies[tokens[1]]).get() } == "already-exists")
  }

  @Test("a field whose values are not unique is not made so, and the leads are named")
  func alreadyTwice() throws {
    let harness = try harness()
    for index in 1...2 { _ = try add(harness, index, ["custom": ["policy": "P1"]]) }
    let rule: JSON = ["field": "custom.policy", "type": "text", "unique": true]
    #expect(refusal { try harness.call("field.put", rule) } == "conflict:values-are-not-unique")
    try harness.call("lead.update", ["leadID": 2, "custom": ["policy": "P2"]])
    #expect(refusal { try harness.call("field.put", rule) } == nil)
    harness.crash()
    harness.settle()
    #expect(refusal { try add(harness, 3, ["custom": ["policy": "P1"]]) } == "already-exists")
    try harness.call("field.delete", ["field": "custom.policy"])
    #expect(refusal { try add(harness, 3, ["custom": ["policy": "P1"]]) } == nil)
  }

  @Test(
    "a rule that a field cannot have is refused",
    arguments: [
      ["field": "status", "type": "text"], ["field": "rank", "type": "text"], ["field": "phone1", "type": "email"],
      ["field": "email", "type": "email", "maximumLength": 5], ["field": "state", "type": "text", "unique": true],
      ["field": "custom.a\"b", "type": "text", "unique": true],
      ["field": "vendorLeadCode", "type": "text", "maximumLength": 5],
    ] as [JSON])
  func impossible(rule: JSON) throws {
    let harness = try harness()
    #expect(refusal { try harness.call("field.put", rule) } == "invalid-params")
  }

  @Test("a lead's own fields are at most 16 KiB together, of any JSON")
  func custom() throws {
    let harness = try harness()
    _ = try add(
      harness, 1, ["custom": ["list": [1, ["a": true]], "text": .string(String(repeating: "x", count: 16_000))]])
    #expect(harness.store.leads[LeadID(1)]?.details.custom?["list"] == [1, ["a": true]])
    let more: JSON = ["leadID": 1, "custom": ["more": .string(String(repeating: "y", count: 400))]]
    #expect(refusal { try harness.call("lead.update", more) } == "invalid-params")
  }
}
