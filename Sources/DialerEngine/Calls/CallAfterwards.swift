import DialerModel

extension Engine {
  /// Parts of a list's filter that ask for what a call changes beside the lead's state are judged anew after it.
  func rejudgeFilter(_ lead: LeadID) {
    guard let list = leads.listID(lead) else { return }
    let asks = campaignOrder.contains { ($0.assigned[list]?.filter?.bitsChangedByCalls ?? 0) != 0 }
    guard asks else { return }
    ask(.lead(lead)) { [self] answer in
      guard case .lead(let found) = answer, var stored = found, let record = leads.record(lead) else { return }
      stored.record = record
      judgeFilters(stored)
      refresh(lead)
    }
  }
}
