import DialerModel
import LeadStore

/// Every lead of some campaigns looked at anew, a piece of them a turn: a rule began to hold, or the clock went back.
final class StandingPass: EngineJob {
  /// Looked at in a turn: about a millisecond.
  static let leadsAtOnce = 500

  let writes = false
  private let campaigns: [CampaignRuntime]
  private var walk = LeadWalk()

  init(of campaigns: [CampaignRuntime], _ engine: Engine) {
    self.campaigns = campaigns
    engine.standingPasses += 1
  }

  func step(_ engine: Engine) -> Bool {
    let piece = walk.piece(of: Self.leadsAtOnce, engine.leads) { _, list in
      campaigns.contains { $0.assigned[list] != nil }
    }
    for lead in piece { engine.refresh(lead) }
    if walk.isOver { engine.standingPasses -= 1 }
    return walk.isOver
  }
}

/// The past was read anew: those that it stopped are looked at, and those that it may stop.
final class HistoryPass: EngineJob {
  let writes = false
  private let rows: [AttemptTrace]
  private var place = 0
  /// Over those that the past stopped before.
  private var walk: LeadWalk
  private var seen = LeadTable.SeenCrowds()

  /// - Parameter stopped: whether there was a past before that may have stopped leads.
  init(_ rows: [AttemptTrace], stopped: Bool, _ engine: Engine) {
    self.rows = rows
    walk = LeadWalk(isOver: !stopped)
    engine.standingPasses += 1
  }

  func step(_ engine: Engine) -> Bool {
    if !walk.isOver {
      let piece = walk.piece(of: StandingPass.leadsAtOnce, engine.leads, where: engine.isStoppedByHistory(_:of:))
      for lead in piece { engine.refresh(lead) }
      return false
    }
    let end = min(rows.count, place + StandingPass.leadsAtOnce)
    var found: Set<LeadID> = []
    while place < end, found.count < StandingPass.leadsAtOnce * 4 {
      let row = rows[place]
      place += 1
      found.insert(row.leadID)
      found.formUnion(engine.leads.leads(with: row.phone, notOf: &seen))
      found.formUnion(engine.leads.related(to: row.leadID, notOf: &seen))
    }
    for lead in found.sorted() { engine.stale.add(lead) }
    if place == rows.count { engine.standingPasses -= 1 }
    return place == rows.count
  }
}

extension Engine {
  func isStoppedByHistory(_ lead: LeadID, of list: ListID) -> Bool {
    campaignOrder.contains { campaign in
      guard let slot = campaign.assigned[list]?.slot, campaign.index.list(of: lead) == slot else { return false }
      let cause = campaign.ledger.standing(of: lead).cause
      return cause == .gate(.attemptLimits) || cause == .gate(.minimumGap)
    }
  }
}
