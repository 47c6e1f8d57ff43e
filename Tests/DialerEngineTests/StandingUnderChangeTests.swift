import DialerModel
import Foundation
import Telephony
import Testing

@testable import DialerEngine

/// Whatever is done to leads, lists, campaigns and rules while calls go on: what is counted is what judging each lead
/// comes to, and nobody is forgotten.
@Suite struct StandingUnderChangeTests {
  /// `DIALERD_LONG=1` runs many more.
  private static let seeds =
    ProcessInfo.processInfo.environment["DIALERD_LONG"] == "1" ? Array(0..<400) : Seeds.few(Array(0..<6) + [20, 76])

  @Test(
    "after each change the counts are what judging comes to, and at the end all who may be dialled are",
    arguments: seeds)
  func changes(_ seed: Int) throws {
    var random = try RandomRules(seed)
    let harness = random.harness
    try random.prepareChanges()
    var done: [String] = []
    for step in 0..<120 {
      done.append(try random.change())
      // A crash loses nothing but what nobody was told.
      harness.settle()
      let before = harness.engine
      try StandingCheck.run(before, "seed \(seed), step \(step): \(done.suffix(3))")
    }
    try end(&random, "seed \(seed)")
    #expect(harness.faults.isEmpty, "seed \(seed): \(harness.faults.first ?? "")")
  }

  private func end(_ random: inout RandomRules, _ name: String) throws {
    let harness = random.harness
    for lead in harness.engine.reservations.keys.sorted() {
      try harness.call("lead.release", ["leadID": JSON(lead.rawValue)])
    }
    for agent in RandomRules.agents { try harness.call("agent.logout", ["agentID": .string(agent)]) }
    for round in 0..<4 {
      random.rest()
      for campaign in RandomRules.campaigns + ["p"] {
        try harness.call("campaign.update", ["campaignID": .string(campaign), "dialMode": "broadcast"])
        try harness.start(campaign)
      }
      harness.say(.state(.up))
      try StandingCheck.run(harness.engine, "\(name), round \(round) of the end")
      for campaign in harness.engine.campaignOrder {
        expectNobodyForgotten(campaign, harness, "\(name), round \(round)")
      }
      harness.pass(.seconds(Int64(random.number(in: 20...900))))
    }
  }

  private func expectNobodyForgotten(_ campaign: CampaignRuntime, _ harness: EngineHarness, _ name: String) {
    let engine = harness.engine
    for lead in harness.store.leads.keys.sorted() {
      guard let record = engine.leads.record(lead), let list = campaign.assigned[record.listID] else { continue }
      let verdict = engine.judge(record, list, in: campaign, locks: engine.personKeys(record, in: campaign))
      #expect(!verdict.passes, "\(name), \(campaign.id): \(lead) may be dialled and is not")
    }
  }
}
