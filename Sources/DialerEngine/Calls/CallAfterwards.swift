import DialerModel

extension Engine {
  /// Parts of a list's filter that ask for what a call changes beside the lead's state are judged anew after it.
  func rejudgeFilter(_ lead: LeadID) {
    guard let list = leads.listID(lead) else { return }
    let asks = campaignOrder.contains { ($0.assigned[list]?.filter?.bitsChangedByCalls ?? 0) != 0 }
    if asks { judgeFiltersAnew(lead) }
  }

  /// After a change that is written without the lead's details at hand.
  func judgeFiltersAnew(_ lead: LeadID) {
    guard let list = leads.listID(lead) else { return }
    guard campaignOrder.contains(where: { $0.assigned[list]?.filter?.staticLeaves.isEmpty == false }) else { return }
    ask(.lead(lead)) { [self] answer in
      guard case .lead(let found) = answer, var stored = found, let record = leads.record(lead) else { return }
      stored.record = record
      judgeFilters(stored)
      refresh(lead)
    }
  }

  /// A command changed many leads of these lists: their filters are judged anew, and who ran dry by it says so.
  func manyChanged(in changed: Set<ListID>) {
    for runtime in campaignOrder {
      for id in runtime.assigned.keys.sorted() {
        guard let list = runtime.assigned[id] else { continue }
        if list.filter?.staticLeaves.isEmpty == false { loadFilter(id, in: runtime, keepsBits: true) }
        if runtime.isRunning, list.assignment.toDial, changed.contains(id) { announceExhaustion(of: list, in: runtime) }
      }
    }
  }
}
