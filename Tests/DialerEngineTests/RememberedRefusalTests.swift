import ControlProtocol
import DialerModel
import Testing

@testable import DialerEngine

/// A refusal is an answer: the same `requestID` gets it again, unless it invited to try again.
@Suite struct RememberedRefusalTests {
  private func error(_ harness: EngineHarness, _ method: String, _ params: JSON) -> RequestError? {
    do {
      try harness.call(method, params)
      return nil
    } catch {
      return error
    }
  }

  static let refusals: [(method: String, params: JSONObject, reason: ErrorReason)] = [
    ("lead.dial", ["leadID": 2, "campaignID": "c"], .refused),
    ("lead.dial", ["leadID": 99, "campaignID": "c"], .notFound),
    ("list.delete", ["listID": 1], .conflict), ("campaign.create", ["campaignID": "c"], .alreadyExists),
    ("lead.add", ["listID": 1, "phones": ["12"]], .invalidParams),
  ]

  @Test(
    "a refused request gets the same refusal again, whatever has changed, also after a restart", arguments: refusals)
  func again(method: String, params: JSONObject, reason: ErrorReason) throws {
    let harness = try EveryMethod.harness()
    let asked = JSON.object(params + ["requestID": "r"])
    let first = try #require(error(harness, method, asked))
    #expect(first.reason == reason)
    for campaign in ["c", "idle"] { try harness.call("campaign.stop", ["campaignID": .string(campaign)]) }
    harness.keepsOutputs = true
    #expect(error(harness, method, asked) == first)
    let isQuiet = harness.outputs.allSatisfy(\.transaction.isEmpty)
    #expect(isQuiet)
    harness.crash(after: .hours(1))
    #expect(error(harness, method, asked) == first)
  }

  @Test(
    "the first refusal stands even when the request would succeed by now, and with other parameters it is a conflict")
  func stands() throws {
    let harness = try EngineHarness()
    let asked: JSON = ["listID": 1, "phones": [.string(EngineHarness.number(1))], "requestID": "r"]
    #expect(refusal { try harness.call("lead.add", asked) } == "not-found")
    try harness.list()
    #expect(refusal { try harness.call("lead.add", asked) } == "not-found")
    let other: JSON = ["listID": 1, "phones": [.string(EngineHarness.number(2))], "requestID": "r"]
    #expect(refusal { try harness.call("lead.add", other) } == "conflict:request-id-used")
    #expect(harness.store.leads.isEmpty)
  }

  @Test("a request that was refused as unavailable is carried out when it comes again")
  func unavailable() throws {
    let harness = try EngineHarness()
    try harness.list()
    let asked: JSON = ["listID": 1, "phones": [.string(EngineHarness.number(1))], "requestID": "r"]
    harness.give(.storeWritable(false))
    #expect(refusal { try harness.call("lead.add", asked) } == "unavailable:store-not-writable")
    harness.give(.storeWritable(true))
    #expect(refusal { try harness.call("lead.add", asked) } == nil)
    #expect(harness.store.leads.count == 1)
  }

  @Test("of all reasons only those are remembered that would be given again")
  func reasons() {
    let remembered: Set<ErrorReason> = [
      .invalidParams, .notFound, .alreadyExists, .conflict, .refused, .tooLarge, .ambiguous,
    ]
    #expect(Set(ErrorReason.allCases.filter(\.isRemembered)) == remembered)
  }

  @Test("a repeated daemon.reload with its requestID reads nothing again")
  func reload() throws {
    let harness = try EngineHarness()
    let first = try harness.call("daemon.reload", ["requestID": "r"])
    #expect(first["reloaded"] == true)
    #expect(try harness.call("daemon.reload", ["requestID": "r"]) == first)
    harness.crash()
    #expect(try harness.call("daemon.reload", ["requestID": "r"]) == first)
    #expect(harness.events(.configReloaded).count == 1)
    try harness.call("daemon.reload", ["requestID": "other"])
    #expect(harness.events(.configReloaded).count == 2)
  }
}
