import DialerModel

/// What is due at some moment of the steady clock. Timers are not taken back: who is woken looks whether it still matters.
enum TimerEvent: Hashable {
  /// The call should have ended, or found an agent, by now.
  case call(AttemptID)
  /// The agent's wrap-up is over, if it is still the one numbered so.
  case wrapUp(AgentID, epoch: UInt64)
  /// The reservation of a lead for an agent is over, if it is still the one numbered so.
  case reservation(LeadID, epoch: UInt64)
  case trunk(TrunkName)
  /// A commit of an import has left calls their time.
  case importGoesOn(ImportID)
  case jobsGoOn
  case drained
}

/// A binary heap of (moment, order of setting, event).
struct TimerHeap {
  private struct Entry {
    var at: MonotonicInstant
    var order: UInt64
    var event: TimerEvent
    static func < (left: Entry, right: Entry) -> Bool {
      left.at == right.at ? left.order < right.order : left.at < right.at
    }
  }
  private var entries: ContiguousArray<Entry> = []
  private var order: UInt64 = 0

  var next: MonotonicInstant? { entries.first?.at }

  mutating func set(_ event: TimerEvent, at moment: MonotonicInstant) {
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
  mutating func pop(dueAt now: MonotonicInstant) -> TimerEvent? {
    guard let first = entries.first, first.at <= now else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      sink(0)
    }
    return first.event
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
