import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// Leads with `priority: now` keep their place ahead of the others over a restart.
@Suite struct GoingNextTests {
  /// Three leads in the list, and then two that are to go out next, in a campaign that is not started.
  private func harness() throws -> EngineHarness {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    try harness.leads(3, ending: 8)
    try harness.campaign(["maximumLiveCalls": 1])
    try harness.lead(51, ending: 8, ["priority": "now"])
    try harness.lead(50, ending: 8, ["priority": "now"])
    return harness
  }

  private func end(_ harness: EngineHarness) throws {
    let call = try #require(harness.liveCall?.attempt.callID)
    harness.say(.accepted(call))
    harness.say(.ended(call, CallEnding(byFarEnd: true)))
  }

  @Test("after a crash they go out before the lists, the oldest first, each once")
  func afterCrash() throws {
    let harness = try harness()
    harness.crash()
    try harness.start()
    for _ in 0..<4 { try end(harness) }
    #expect(Array(harness.claimedLeads.prefix(5)) == [4, 5, 1, 2, 3])
    #expect(harness.store.goingNext.isEmpty)
  }

  @Test("a lead that was claimed before the crash is not ahead of the others again after it")
  func claimedOnce() throws {
    let harness = try harness()
    try harness.start()
    #expect(harness.claimedLeads == [4])
    harness.crash()
    harness.say(.live([]))
    #expect(harness.claimedLeads == [4, 5])
    for _ in 0..<3 { try end(harness) }
    #expect(harness.claimedLeads == [4, 5, 1, 2, 3])
  }

  @Test("a claim whose commit was lost leaves the lead where it was")
  func lostCommit() throws {
    let harness = try harness()
    harness.holdsCommits = true
    try harness.send("campaign.start", ["campaignID": "c"])
    harness.settle()
    #expect(harness.engine.calls.count == 1)
    harness.holdsCommits = false
    harness.crash()
    try harness.start()
    #expect(harness.claimedLeads == [4])
  }

  @Test("a lead that a gate stops loses its place for good")
  func stopped() throws {
    let harness = try harness()
    try harness.call("dnc.add", ["phones": [.string(EngineHarness.number(51, ending: 8))]])
    try harness.start()
    #expect(harness.claimedLeads == [5])
    #expect(harness.store.goingNext.isEmpty)
  }
}
