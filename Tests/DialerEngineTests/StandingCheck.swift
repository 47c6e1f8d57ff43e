import DialerModel
import DialingRules
import Testing

@testable import DialerEngine

/// Whether the counts that explanations come from are what judging every lead by all gates comes to now.
enum StandingCheck {
  static func run(_ engine: Engine, _ place: String) throws {
    for campaign in engine.campaignOrder { try run(campaign, engine, place) }
  }

  private static func run(_ campaign: CampaignRuntime, _ engine: Engine, _ place: String) throws {
    engine.catchUpStandings(of: campaign)
    #expect(engine.standsAsJudged, "\(place), \(campaign.id)")
    var counted: [Gate?: Int] = [:]
    var all: [(LeadID, ListID)] = []
    _ = engine.leads.visit(from: LeadID(0)) { lead, list in
      if campaign.assigned[list] != nil { all.append((lead, list)) }
      return true
    }
    for (lead, id) in all {
      let list = try #require(campaign.assigned[id])
      var gate: Gate? = campaign.isRunning ? .listToDial : .campaignRunning
      if campaign.isRunning, list.assignment.toDial, engine.isDialable(id) {
        let found = try compare(lead, list, campaign, engine)
        #expect(found.counted == found.judged, "\(place), \(campaign.id), lead \(lead)")
        gate = found.judged
      }
      counted[gate, default: 0] += 1
    }
    let tally = CampaignTally(of: campaign, engine: engine)
    #expect(tally.all.dialable == counted[nil] ?? 0, "\(place), \(campaign.id)")
    #expect(tally.all.total == all.count, "\(place), \(campaign.id)")
    for gate in Gate.allCases {
      #expect(tally.all[gate].leads == counted[gate] ?? 0, "\(place), \(campaign.id), \(gate)")
    }
  }

  /// The gate that the counts have the lead under, and the one that judging it names.
  private static func compare(
    _ lead: LeadID, _ list: AssignedList, _ campaign: CampaignRuntime, _ engine: Engine
  ) throws -> (counted: Gate?, judged: Gate?) {
    let record = try #require(engine.leads.record(lead))
    let judged = engine.judge(record, list, in: campaign, locks: engine.personKeys(record, in: campaign)).failing
      .counted
    let standing = campaign.ledger.standing(of: lead)
    if standing.cause == .callback { return (judged, judged) }
    let isOpen = campaign.status(profile: standing.profile, at: engine.now.wall).open
    return (standing.cause.first(hoursOpen: isOpen), judged)
  }
}
