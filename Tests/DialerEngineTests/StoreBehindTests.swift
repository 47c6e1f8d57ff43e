import ControlProtocol
import DialerModel
import LeadStore
import Testing

@testable import DialerEngine

/// A store that cannot be brought up to date still answers who looks, and says as of when.
@Suite struct StoreBehindTests {
  @Test("an answer of a store that is behind names the instant, the next one of a store that is not names none")
  func asOf() throws {
    let harness = try EveryMethod.harness()
    harness.store.isBehind = true
    harness.store.behindSince = harness.now.wall
    for (method, params) in [
      ("lead.find", [:]), ("report.calls", [:]), ("campaign.stats", ["campaignID": "c"]),
      ("lead.history", ["leadID": 2]),
    ] as [(String, JSON)] {
      #expect(try harness.call(method, params)["asOf"] == JSON(harness.now.wall), "\(method)")
    }
    harness.store.behindSince = nil
    #expect(try harness.call("lead.find")["asOf"] == .null)
    harness.store.isBehind = false
    #expect(try harness.call("lead.find")["asOf"] == nil)
  }

  @Test("what decides whom to dial is never taken from a store that is behind")
  func onlyReaders() {
    let decides: [QueryQuestion] = [
      .leadIDs(LeadQuery()), .leadIDsByPhone([]), .attemptHistory(since: .distantPast), .filterBits(ListID(1), []),
    ]
    #expect(decides.allSatisfy { !$0.isForReaders })
  }
}
