import DialerModel
import LeadStore

/// Every lead of some campaigns looked at anew, a piece of them a turn: a rule began to hold, or the clock went back.
final class StandingPass: EngineJob {
  /// Looked at, and passed over, in a turn: about a millisecond.
  static let leadsAtOnce = 500
  private static let passedOverAtOnce = 200_000

  let writes = false
  private let campaigns: [CampaignRuntime]
  private var next: LeadID? = LeadID(0)

  init(of campaigns: [CampaignRuntime], _ engine: Engine) {
    self.campaigns = campaigns
    engine.standingPasses += 1
  }

  func step(_ engine: Engine) -> Bool {
    next = engine.visitSome(from: next) { lead, list in
      campaigns.contains { $0.assigned[list] != nil }
    }
    if next == nil { engine.standingPasses -= 1 }
    return next == nil
  }
}

/// The past was read anew: those that it stopped are looked at, and those that it may stop.
final class HistoryPass: EngineJob {
  let writes = false
  private let rows: [AttemptTrace]
  private var place = 0
  private var seen = LeadTable.SeenCrowds()
  /// Nil: those that the past stopped before have been looked at.
  private var next: LeadID?

  /// - Parameter stopped: whether there was a past before that may have stopped leads.
  init(_ rows: [AttemptTrace], stopped: Bool, _ engine: Engine) {
    self.rows = rows
    next = stopped ? LeadID(0) : nil
    engine.standingPasses += 1
  }

  func step(_ engine: Engine) -> Bool {
    if next != nil {
      next = engine.visitSome(from: next) { lead, list in engine.isStoppedByHistory(lead, of: list) }
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
  /// Looks anew at a piece of the leads that the body says yes to.
  ///
  /// - Returns: where to go on; nil at the end.
  func visitSome(from start: LeadID?, where isWanted: (LeadID, ListID) -> Bool) -> LeadID? {
    var wanted: [LeadID] = []
    var looked = 0
    let next = leads.visit(from: start ?? LeadID(0)) { lead, list in
      looked += 1
      if isWanted(lead, list) { wanted.append(lead) }
      return wanted.count < StandingPass.leadsAtOnce && looked < 200_000
    }
    for lead in wanted { refresh(lead) }
    return next
  }

  func isStoppedByHistory(_ lead: LeadID, of list: ListID) -> Bool {
    campaignOrder.contains { campaign in
      guard let slot = campaign.assigned[list]?.slot, campaign.index.list(of: lead) == slot else { return false }
      let cause = campaign.ledger.standing(of: lead).cause
      return cause == .gate(.attemptLimits) || cause == .gate(.minimumGap)
    }
  }
}
