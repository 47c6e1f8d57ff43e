import DialerModel

/// Moments at which leads are to be looked at, each of a lead once, however often it is noted: a lead may be looked at a
/// thousand times in the week that a limit stops it for.
struct LeadMoments {
  private struct Entry: Hashable {
    var lead: LeadID
    var at: Instant
  }
  private var heap = MomentHeap<Instant, LeadID>()
  private var entries: Set<Entry> = []

  var count: Int { heap.count }
  var next: Instant? { heap.next }

  mutating func set(_ lead: LeadID, at moment: Instant) {
    if entries.insert(Entry(lead: lead, at: moment)).inserted { heap.set(lead, at: moment) }
  }

  /// The first lead whose moment has come, taken out.
  mutating func pop(dueAt now: Instant) -> LeadID? {
    guard let at = heap.next, let lead = heap.pop(dueAt: now) else { return nil }
    entries.remove(Entry(lead: lead, at: at))
    return lead
  }

  /// Calls the body with leads and their moments, in no order.
  func visit(atMost most: Int, _ body: (LeadID, Instant) -> Void) { heap.visit(atMost: most, body) }
}
