import ControlProtocol
import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// The person behind several leads.
@Suite("Contacts")
struct ContactTests {
  /// Leads 1 (list 1) and 2 (list 2) share an email, 1 and 3 a name and a number, 3 and 4 a code; 5 has the number alone.
  private func harness(_ campaign: JSONObject = [:]) throws -> EngineHarness {
    let harness = try EngineHarness(simulator: nil)
    for id in 1...3 { try harness.list(id) }
    try harness.lead(1, list: 1, ["email": "ann@b.c", "firstName": "Ann", "lastName": "Lee"])
    try harness.lead(2, list: 2, ["email": "Ann@B.c"])
    try harness.lead(
      1, list: 2, ["firstName": "ann", "lastName": "LEE", "vendorLeadCode": "A", "match": "vendorLeadCode"])
    try harness.lead(4, list: 3, ["vendorLeadCode": "A"])
    try harness.lead(1, list: 3, ["firstName": "Bob"])
    try harness.campaign(id: "c", mode: "manual", lists: [(1, 100)], campaign)
    try harness.campaign(id: "d", mode: "manual", lists: [(2, 100), (3, 100)], campaign)
    for id in ["c", "d"] { try harness.start(id) }
    return harness
  }

  private func leads(_ harness: EngineHarness, _ params: JSON, as peer: Peer = .admin) throws -> [Int64] {
    try harness.call("contact.get", params, as: peer)["leads"]?.arrayValue?.compactMap { $0["leadID"]?.integerValue }
      ?? []
  }

  @Test("a person's leads are those that share a key with the one that is named, and the relation is not carried on")
  func byLead() throws {
    let harness = try harness()
    #expect(try leads(harness, ["leadID": 1]) == [1, 2, 3])
    #expect(try leads(harness, ["leadID": 2]) == [1, 2])
    #expect(try leads(harness, ["leadID": 3]) == [1, 3, 4])
    #expect(try leads(harness, ["vendorLeadCode": "A", "listID": 3]) == [3, 4])
    #expect(try leads(harness, ["leadID": 5]) == [5])
  }

  @Test("a person is found by email, by number, and by name and number")
  func byKey() throws {
    let harness = try harness()
    let phone = JSON.string(EngineHarness.number(1))
    #expect(try leads(harness, ["email": "ANN@b.C"]) == [1, 2])
    #expect(try leads(harness, ["phone": phone]) == [1, 3, 5])
    #expect(try leads(harness, ["phone": phone, "name": "ann  LEE"]) == [1, 3])
    #expect(refusal { try leads(harness, ["phone": phone, "name": "Cleo"]) } == "not-found")
    #expect(refusal { try leads(harness, ["email": "ann@b.c", "name": "Ann Lee"]) } == "invalid-params")
    #expect(refusal { try leads(harness, ["email": "ann@b.c"], as: .crm("other")) } == "not-found")
  }

  @Test("a person's calls are those of all their leads, newest first, and archived leads are shown")
  func calls() throws {
    let harness = try harness()
    for (lead, campaign) in [(1, "c"), (2, "d"), (5, "d")] as [(Int, JSON)] {
      try harness.call("lead.dial", ["leadID": JSON(lead), "campaignID": campaign])
      let call = try #require(harness.liveCall)
      harness.say(.ended(call.attempt.callID, CallEnding(outcome: .busy, cause: 17, byFarEnd: false)))
    }
    try harness.call("lead.archive", ["leadID": 2])
    let contact = try harness.call("contact.get", ["leadID": 1])
    #expect(contact["calls"]?.arrayValue?.compactMap { $0["leadID"]?.integerValue } == [2, 1])
    #expect(contact["leads"]?[1]?["archived"] == true)
  }

  @Test(
    "two leads of one person are never called or reserved at once, in whatever campaign and list",
    arguments: [(1, "c", 2), (1, "c", 3), (3, "d", 1), (3, "d", 4), (2, "d", 1)])
  func atOnce(first: Int, campaign: String, second: Int) throws {
    let harness = try harness()
    try harness.call("lead.dial", ["leadID": JSON(first), "campaignID": .string(campaign)])
    let other: JSON = second == 1 ? "c" : "d"
    let error = #expect(throws: RequestError.self) {
      try harness.call("lead.dial", ["leadID": JSON(second), "campaignID": other])
    }
    let gates = error?.details["gates"]?.arrayValue ?? []
    #expect(gates.filter { $0["passes"] == false }.compactMap { $0["gate"] } == ["not-live"])
    let call = try #require(harness.liveCall)
    harness.say(.ended(call.attempt.callID, CallEnding(outcome: .busy, cause: 17, byFarEnd: false)))
    #expect(refusal { try harness.call("lead.dial", ["leadID": JSON(second), "campaignID": other]) } == nil)
  }

  @Test("a reservation of one lead holds the person's others")
  func reserved() throws {
    let harness = try harness()
    try harness.agent("eve", ["c"])
    #expect(try harness.call("lead.next", ["campaignID": "c", "agentID": "eve"])["lead"]?["leadID"] == 1)
    #expect(try harness.failingGates(LeadID(2), "d") == ["not-live"])
    try harness.call("lead.release", ["leadID": 1])
    #expect(try harness.failingGates(LeadID(2), "d").isEmpty)
  }

  @Test("a limit of the person counts the calls of all their leads, over campaigns and lists")
  func limit() throws {
    let limit: JSON = [["count": 1, "windowSeconds": 3600, "scope": "person", "counts": "attempts"]]
    let harness = try harness(["attemptLimits": limit])
    try harness.call("lead.dial", ["leadID": 1, "campaignID": "c"])
    let call = try #require(harness.liveCall)
    harness.say(.ended(call.attempt.callID, CallEnding(outcome: .busy, cause: 17, byFarEnd: false)))
    for lead in [2, 3] as [UInt32] { #expect(try harness.failingGates(LeadID(lead), "d") == ["attempt-limits"]) }
    for lead in [4, 5] as [UInt32] { #expect(try harness.failingGates(LeadID(lead), "d").isEmpty) }
    harness.pass(.hours(1))
    #expect(try harness.failingGates(LeadID(2), "d").isEmpty)
  }
}
