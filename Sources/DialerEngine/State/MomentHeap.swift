/// A binary heap of (moment, order of setting, event).
struct MomentHeap<Moment: Comparable, Event> {
  private struct Entry {
    var at: Moment
    var order: UInt64
    var event: Event
    static func < (left: Entry, right: Entry) -> Bool {
      left.at == right.at ? left.order < right.order : left.at < right.at
    }
  }
  private var entries: ContiguousArray<Entry> = []
  private var order: UInt64 = 0

  var count: Int { entries.count }
  var next: Moment? { entries.first?.at }
  var nextEvent: Event? { entries.first?.event }

  mutating func set(_ event: Event, at moment: Moment) {
    order += 1
    entries.append(Entry(at: moment, order: order, event: event))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child] < entries[parent] else { break }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// The first event that is due, taken out.
  mutating func pop(dueAt now: Moment) -> Event? {
    guard let first = entries.first, first.at <= now else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      sink(0)
    }
    return first.event
  }

  /// Calls the body with events, in no order.
  func visit(atMost most: Int, _ body: (Event, Moment) -> Void) {
    for entry in entries.prefix(most) { body(entry.event, entry.at) }
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var child = parent * 2 + 1
      guard child < entries.count else { return }
      if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
      guard entries[child] < entries[parent] else { return }
      entries.swapAt(child, parent)
      parent = child
    }
  }
}
