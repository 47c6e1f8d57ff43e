import ControlProtocol
import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// What calls come to, said at once, later, and again.
@Suite("Wrap codes")
struct WrapTests {
  private static let codes: JSON = [
    ["code": "SALE", "name": "Sale", "completed": true, "converted": true, "contact": true],
    ["code": "NOINT", "name": "Not interested", "completed": true, "contact": true],
    ["code": "LATER", "name": "Call later", "callback": true, "contact": true],
    ["code": "NEVER", "name": "Never again", "doNotCall": true, "completed": true, "contact": true],
    ["code": "WRONG", "name": "Wrong number"],
  ]

  /// A lead whose one call was answered, connected and ended.
  private func harness() throws -> (EngineHarness, JSON) {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.lead(1)
    try harness.campaign(mode: "manual", ["wrapCodes": Self.codes])
    try harness.start()
    return (harness, try call(harness))
  }

  private func call(_ harness: EngineHarness) throws -> JSON {
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c", "override": ["retry-time"]])
    let call = try #require(harness.liveCall)
    harness.say(.answered(call.attempt.callID))
    harness.say(.ended(call.attempt.callID, CallEnding(cause: 16, byFarEnd: true)))
    return JSON(call.attempt.attemptID.rawValue)
  }

  private func wrap(_ harness: EngineHarness, _ attempt: JSON, _ code: String, _ more: JSONObject = [:]) throws -> JSON
  {
    try harness.call("call.wrap", .object(["attemptID": attempt, "wrapCode": .string(code)] + more))
  }

  private func later(_ harness: EngineHarness) -> JSONObject { ["callbackAt": JSON(harness.now.wall + .hours(2))] }

  @Test(
    "an ended attempt is wrapped later: status, stage, completed, callback and do not call are as the code says",
    arguments: [
      ("SALE", "converted", true), ("NOINT", "contacted", true), ("LATER", "contacted", false),
      ("NEVER", "contacted", true),
    ])
  func later(code: String, stage: String, completed: Bool) throws {
    let (harness, attempt) = try harness()
    harness.pass(.hours(3))
    let lead = try wrap(harness, attempt, code, code == "LATER" ? later(harness) : [:])
    #expect(lead["stage"] == .string(stage) && lead["completed"] == .bool(completed))
    let status: [String: JSON] = ["LATER": "CALLBK", "NEVER": "DNC"]
    #expect(lead["status"] == status[code] ?? .string(code))
    #expect(harness.store.callbacks.count == (code == "LATER" ? 1 : 0))
    #expect(harness.store.doNotCall.count == (code == "NEVER" ? 1 : 0))
    #expect(harness.stored(LeadID(1)) == harness.engine.leads.state(LeadID(1)))
    #expect(harness.store.attempts[AttemptID(1)]?.wrapCode == code)
  }

  @Test("a second wrap code takes the place of the first: completed, conversion and callback are taken back")
  func again() throws {
    let (harness, attempt) = try harness()
    _ = try wrap(harness, attempt, "SALE", ["notes": "bought"])
    let changed = try wrap(harness, attempt, "LATER", later(harness))
    #expect(changed["stage"] == "contacted" && changed["completed"] == false && changed["status"] == "CALLBK")
    let last = try wrap(harness, attempt, "NOINT")
    #expect(last["completed"] == true && last["status"] == "NOINT")
    #expect(harness.store.callbacks.isEmpty)
    #expect(try harness.call("lead.get", ["leadID": 1])["callbackAt"] == .null)
    let events = harness.events(.attemptWrapped)
    #expect(events.count == 3)
    #expect(String(decoding: events[2].members, as: UTF8.self).contains(#""previousWrapCode":"LATER""#))
    #expect(harness.store.attempts[AttemptID(1)]?.notes == "bought")
  }

  @Test("who said never again stays so when the wrap code is changed, and the reply says it")
  func doNotCallStays() throws {
    let (harness, attempt) = try harness()
    _ = try wrap(harness, attempt, "NEVER")
    let changed = try wrap(harness, attempt, "NOINT")
    #expect(changed["doNotCallStays"] == .string(EngineHarness.number(1)))
    #expect(changed["status"] == "DNC" && harness.store.doNotCall.count == 1)
    #expect(try harness.failingGates(LeadID(1)).contains("do-not-call"))
  }

  @Test("an attempt before the last one is wrapped without touching what the last one came to")
  func older() throws {
    let (harness, first) = try harness()
    _ = try wrap(harness, first, "WRONG")
    harness.pass(.hours(1))
    let second = try call(harness)
    _ = try wrap(harness, second, "LATER", later(harness))
    let lead = try wrap(harness, first, "NOINT")
    #expect(lead["status"] == "CALLBK" && lead["stage"] == "contacted")
    #expect(harness.store.attempts[AttemptID(1)]?.wrapCode == "NOINT")
    #expect(harness.store.callbacks.count == 1)
  }

  @Test("two wraps of one attempt at once are carried out one after the other")
  func atOnce() throws {
    let (harness, attempt) = try harness()
    for code in ["SALE", "WRONG"] as [JSON] {
      _ = try harness.send("call.wrap", ["attemptID": attempt, "wrapCode": code])
    }
    harness.settle()
    let events = harness.events(.attemptWrapped).map { String(decoding: $0.members, as: UTF8.self) }
    #expect(events.count == 2 && events[1].contains(#""previousWrapCode":"SALE""#))
    #expect(harness.stored(LeadID(1))?.completed == false && harness.stored(LeadID(1))?.stage == .contacted)
  }

  @Test("the completed mark is changed by hand, and an observer may change neither")
  func completedMark() throws {
    let (harness, attempt) = try harness()
    _ = try wrap(harness, attempt, "SALE")
    #expect(try harness.call("lead.setStatus", ["leadID": 1, "completed": false], as: .crm())["completed"] == false)
    #expect(MethodTable.method("call.wrap")?.role == .crm && MethodTable.method("lead.setStatus")?.role == .crm)
  }

  @Test("the agent of a lead that was deleted meanwhile can still wrap; nothing is written down of it")
  func deleted() throws {
    let (harness, attempt) = try harness()
    try harness.call("lead.delete", ["leadID": 1])
    let reply = try wrap(harness, attempt, "SALE", ["notes": "Ann Lee"])
    #expect(reply["deleted"] == true && reply["leadID"] == 1)
    #expect(harness.store.attempts[AttemptID(1)]?.notes == nil)
  }
}
