import DialerModel
import DialingRules
import Foundation
import Telephony
import Testing

@testable import DialerEngine

/// Explanation, claim and forecast are one judgement: on random databases with every gate at work, again and again as
/// calls are made.
@Suite struct AgreementTests {
  /// `DIALERD_LONG=1` runs many more.
  private static let seeds =
    ProcessInfo.processInfo.environment["DIALERD_LONG"] == "1" ? Array(0..<1500) : Seeds.few(Array(0..<8) + [11, 35])

  private struct Place: Hashable {
    var lead: LeadID
    var campaign: CampaignID
  }

  private func dialable(_ harness: EngineHarness) throws -> Set<Place> {
    var found: Set<Place> = []
    for campaign in RandomRules.campaigns {
      for lead in harness.store.leads.keys.sorted()
      where try Set(harness.failingGates(lead, campaign)).subtracting(["trunk-capacity"]).isEmpty {
        found.insert(Place(lead: lead, campaign: CampaignID(campaign)))
      }
    }
    return found
  }

  /// Keys by which a call to the one keeps the other waiting.
  private func keys(_ lead: LeadID, _ harness: EngineHarness) throws -> Set<DialKey> {
    let record = try #require(harness.engine.leads.record(lead))
    let campaign = try #require(harness.engine.campaignOrder.first)
    return Set(harness.engine.personKeys(record, in: campaign) + record.phones.all.map { DialKey.line($0) })
  }

  /// The leads of each campaign under the gate that each is explained to be stopped by first, when all are judged for it
  /// and in the counts that are kept.
  private func check(_ harness: EngineHarness, _ name: String) throws {
    try StandingCheck.run(harness.engine, name)
    for campaign in harness.engine.campaignOrder {
      var expected: [String: Int64] = [:]
      for lead in harness.store.leads.keys.sorted() {
        guard let list = harness.engine.leads.listID(lead), campaign.assigned[list] != nil else { continue }
        var failing = try harness.failingGates(lead, campaign.id.rawValue).filter { $0 != "trunk-capacity" }
        if failing.contains("list-filter") { failing.removeAll { $0 == "retry-time" } }
        expected[failing.first ?? "dialable", default: 0] += 1
      }
      let form = try harness.call("campaign.explain", ["campaignID": .string(campaign.id.rawValue)])
      var found = ["dialable": form["dialable"]?.integerValue ?? -1].filter { $0.value != 0 }
      for bucket in form["byFirstGate"]?.arrayValue ?? [] {
        found[bucket["gate"]?.stringValue ?? ""] = bucket["leads"]?.integerValue
      }
      #expect(found == expected, "\(name), \(campaign.id)")
      #expect(form["total"]?.integerValue == expected.values.reduce(0, +), "\(name), \(campaign.id)")
    }
  }

  @Test("whoever is explained as dialable is dialled, and nobody else, with every gate at work", arguments: seeds)
  func explainedIsClaimed(_ seed: Int) throws {
    var random = try RandomRules(seed)
    let harness = random.harness
    try random.dial()
    for round in 0..<4 {
      random.rest()
      let name = "seed \(seed), round \(round)"
      let dialable = try dialable(harness)
      let before = harness.store.events.count
      harness.say(.state(.up))
      let claims = harness.store.events[before...].filter { $0.type == .attemptStarted }
      var taken: Set<DialKey> = []
      for claim in claims {
        let place = Place(lead: try #require(claim.leadID), campaign: try #require(claim.campaignID))
        #expect(dialable.contains(place), "\(name): \(place) is claimed, and was not explained as dialable")
        taken.formUnion(try keys(place.lead, harness))
      }
      let claimed = Set(claims.compactMap(\.leadID))
      for place in dialable where !claimed.contains(place.lead) {
        // Of several leads of one person or line one is dialled, and holds the others.
        #expect(
          try !keys(place.lead, harness).isDisjoint(with: taken),
          "\(name): \(place) was explained as dialable, and is not claimed")
      }
      try check(harness, name)
      harness.pass(.seconds(Int64(random.number(in: 20...500))))
      try check(harness, name)
    }
    #expect(harness.faults.isEmpty)
  }

  @Test("a run through the time ahead gives the counts that were forecast, with every gate at work", arguments: seeds)
  func forecastIsTrue(_ seed: Int) throws {
    var random = try RandomRules(seed)
    let harness = random.harness
    try random.dial()
    random.rest()
    var forecasts: [(campaign: CampaignID, form: JSON)] = []
    for campaign in RandomRules.campaigns {
      let form = try harness.call("campaign.forecast", ["campaignID": .string(campaign), "hours": 3])
      forecasts.append((CampaignID(campaign), form))
    }
    var moments: [(at: Instant, campaign: CampaignID, count: Int64)] = []
    for (campaign, form) in forecasts {
      for interval in form["intervals"]?.arrayValue ?? [] {
        let now = interval["dialable"]?.integerValue ?? -1
        let from = try #require(interval["from"]?.stringValue.flatMap { Instant(rfc3339: $0) })
        let until = try #require(interval["until"]?.stringValue.flatMap { Instant(rfc3339: $0) })
        moments.append((from, campaign, now))
        moments.append((until - .milliseconds(1), campaign, now + (interval["returning"]?.integerValue ?? -1)))
      }
    }
    for (at, campaign, count) in moments.sorted(by: { $0.at < $1.at }) {
      harness.pass(at - harness.now.wall)
      let found = try harness.store.leads.keys.count { lead in
        try Set(harness.failingGates(lead, campaign.rawValue)).subtracting(["trunk-capacity"]).isEmpty
      }
      #expect(Int64(found) == count, "seed \(seed), \(campaign) at \(at)")
    }
    #expect(harness.faults.isEmpty)
  }
}
