import DialerModel
import DialingRules

extension Engine {
  /// Judges every lead that a campaign dials now, one after the other, with all gates, as a claim does: what the
  /// measurement of a verdict runs. Nothing is changed.
  package func judgeEveryLead(of id: CampaignID) -> (judged: Int, passing: Int) {
    guard let campaign = campaigns[id] else { return (0, 0) }
    var judged = 0
    var passing = 0
    _ = leads.visit(from: LeadID(0)) { lead, listID in
      guard let list = campaign.assigned[listID], let record = leads.record(lead) else { return true }
      judged += 1
      if judge(record, list, in: campaign, locks: personKeys(record, in: campaign)).passes { passing += 1 }
      return true
    }
    return (judged, passing)
  }
}
