import DialerModel
import Telephony
import Testing

@testable import DialerEngine

@Suite struct HangupOrderTests {
  private func harness() throws -> (EngineHarness, CallID) {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(1)
    try harness.campaign()
    try harness.start()
    let call = try #require(harness.liveCall?.attempt.callID)
    harness.say(.accepted(call))
    return (harness, call)
  }

  private func endMembers(_ harness: EngineHarness) -> String {
    harness.events(.attemptEnded).map { String(decoding: $0.members, as: UTF8.self) }.joined()
  }

  @Test("whose order ended a call stands in the log and in the event of its end", arguments: ["call", "campaign"])
  func ordered(_ what: String) throws {
    let (harness, call) = try harness()
    if what == "call" {
      try harness.call("call.hangup", ["callID": .string(call.rawValue)], as: .crm())
    } else {
      try harness.call("campaign.stop", ["campaignID": "c", "hangup": true], as: .crm())
    }
    let line = try #require(harness.logs.first { "\($0.name)" == "call.hangup" })
    #expect(line.fields.contains { "\($0.key)" == "uid" && "\($0.value)" == "number(100)" })
    harness.say(.ended(call, CallEnding(byFarEnd: false)))
    #expect(endMembers(harness).contains(#""hungUpBy":100"#))
  }

  @Test("a call that ends by itself was ended by nobody")
  func byItself() throws {
    let (harness, call) = try harness()
    harness.say(.ended(call, CallEnding(byFarEnd: true)))
    #expect(!harness.hasLogged("call.hangup"))
    #expect(harness.events(.attemptEnded).count == 1)
    #expect(!endMembers(harness).contains("hungUpBy"))
  }
}
