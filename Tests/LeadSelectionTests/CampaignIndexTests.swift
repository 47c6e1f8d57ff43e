import DialerModel
import Testing

@testable import LeadSelection

private let start = Instant(seconds: 1_790_000_000)

/// An index with lists whose profile 0 is open for good.
private func openIndex(weights: [Int] = [1], newEvery: Int? = nil) -> (CampaignIndex, [ListSlot]) {
  var index = CampaignIndex(now: start)
  index.setProfile(0, ProfileState(isOpen: true, until: .distantFuture))
  let slots = weights.enumerated().map {
    index.addList(ListID(UInt32($0.offset + 1)), weight: $0.element, toDial: true, newEvery: newEvery)
  }
  return (index, slots)
}

private func key(_ lead: UInt32, _ place: UInt64 = 0) -> SelectionKey {
  SelectionKey(first: place, second: 0, third: 0, lead: LeadID(lead))
}

extension CampaignIndex {
  /// Leads that come due are put back as they are, into profile 0.
  fileprivate mutating func dueLeads(at now: Instant) -> [UInt32] {
    var leads: [UInt32] = []
    advance(
      to: now, profileState: { _ in ProfileState(isOpen: true, until: .distantFuture) },
      due: { lead in
        leads.append(lead.rawValue)
        return .ready(key: key(lead.rawValue), profile: 0, isFresh: false)
      })
    return leads
  }

  fileprivate mutating func pickAll() -> [UInt32] {
    var leads: [UInt32] = []
    while let pick = pick() {
      charge(pick.list)
      leads.append(pick.lead.rawValue)
    }
    return leads
  }
}

@Suite("Waiting leads") struct WaitingTests {
  @Test(
    "a lead comes back at its millisecond, not before",
    arguments: [1, 63, 64, 65, 999, 59_999, 60_000, 119_999, 120_001, 604_800_001, 983_040_000, 5_000_000_000]
      as [Int64]
  )
  func exact(wait: Int64) {
    for step in [wait, 7_000_000, 61_000] as [Int64] {
      var (index, slots) = openIndex()
      let due = Instant(milliseconds: start.milliseconds + wait)
      index.putWaiting(LeadID(9), until: due, list: slots[0])
      // By jumps of different lengths, and to the millisecond before.
      var now = start
      while due.milliseconds - now.milliseconds > step, step >= 7_000_000 || wait < 10_000_000 {
        now.milliseconds += step
        #expect(index.dueLeads(at: now).isEmpty)
      }
      #expect(index.dueLeads(at: Instant(milliseconds: due.milliseconds - 1)).isEmpty)
      if let next = index.nextEvent() { #expect(next == due) } else { Issue.record("nobody waits") }
      #expect(index.dueLeads(at: due) == [9])
      #expect(index.nextEvent() == nil)
    }
  }

  @Test("a due time in the past comes at the next advance, in order of time and id") func past() {
    var (index, slots) = openIndex()
    for (lead, wait) in [(5, -10), (4, -10), (6, -90_000_000), (7, 0)] as [(UInt32, Int64)] {
      index.putWaiting(LeadID(lead), until: Instant(milliseconds: start.milliseconds + wait), list: slots[0])
    }
    #expect(index.dueLeads(at: start) == [6, 4, 5, 7])
  }

  @Test("a clock that steps back neither loses a lead nor gives it early") func stepBack() {
    var (index, slots) = openIndex()
    let due = start + .minutes(90)
    index.putWaiting(LeadID(1), until: due, list: slots[0])
    #expect(index.dueLeads(at: start + .minutes(89)).isEmpty)
    #expect(index.dueLeads(at: start - .hours(3)).isEmpty)
    index.putWaiting(LeadID(2), until: start, list: slots[0])
    #expect(index.dueLeads(at: start) == [2])
    #expect(index.dueLeads(at: Instant(milliseconds: due.milliseconds - 1)).isEmpty)
    #expect(index.dueLeads(at: due) == [1])
  }

  @Test("only the last of several due times counts, and only while the lead waits") func staleTimes() {
    var (index, slots) = openIndex()
    for minutes in [5, 3, 10, 3, 200] as [Int64] {
      index.putWaiting(LeadID(1), until: start + .minutes(minutes), list: slots[0])
      index.putWaiting(LeadID(2), until: start + .minutes(minutes), list: slots[0])
    }
    index.remove(LeadID(2))
    #expect(index.dueLeads(at: start + .minutes(199)).isEmpty)
    #expect(index.dueLeads(at: start + .minutes(200)) == [1])
    #expect(index.counts(slots[0]).waiting == 0)
  }

  @Test("leads come back at their time, though one more is always left over when the clock moves") func neverIdle() {
    var (index, slots) = openIndex()
    var now = start
    var left: [UInt32] = []
    for number in 1...40 as ClosedRange<UInt32> {
      // Due 17 ms after the next call: poured out by it, and left over.
      let due = Instant(milliseconds: now.milliseconds + 250_017)
      index.putWaiting(LeadID(number), until: due, list: slots[0])
      now.milliseconds += 250_000
      #expect(index.dueLeads(at: now) == left)
      left = [number]
    }
    #expect(index.dueLeads(at: Instant(milliseconds: now.milliseconds + 16)).isEmpty)
    #expect(index.dueLeads(at: Instant(milliseconds: now.milliseconds + 17)) == left)
  }

  @Test("an answer that waits until the past is asked again a millisecond later, not for ever") func waitsAgain() {
    var (index, slots) = openIndex()
    index.putWaiting(LeadID(1), until: start, list: slots[0])
    let came = index.advance(
      to: start, profileState: { _ in ProfileState(isOpen: true, until: .distantFuture) },
      due: { _ in .waiting(until: .distantPast) })
    #expect(came == 1)
    #expect(index.due(of: LeadID(1)) == Instant(milliseconds: start.milliseconds + 1))
  }
}

@Suite("The index of a campaign") struct CampaignIndexTests {
  @Test("a lead with two entries is picked once") func once() {
    var (index, slots) = openIndex()
    index.load(list: slots[0], entries: [LoadEntry(key: key(1, 5), profile: 0, isFresh: true)])
    index.remove(LeadID(1))
    index.putReady(key: key(1, 5), profile: 0, isFresh: true, list: slots[0])
    index.putReady(key: key(1, 3), profile: 0, isFresh: true, list: slots[0])
    #expect(index.counts(slots[0]).readyOpen == 1)
    #expect(index.pickAll() == [1])
  }

  @Test("a large load comes out in order, with what was added later in its place") func largeLoad() {
    var (index, slots) = openIndex()
    let count: UInt32 = 20_000
    let spread = (1...count).map { LoadEntry(key: key($0, SeededGenerator.mix(UInt64($0))), profile: 0, isFresh: true) }
    index.load(list: slots[0], entries: Array(spread[..<9000]))
    index.load(list: slots[0], entries: Array(spread[9000..<19_000]))
    for entry in spread[19_000...] {
      index.putReady(key: entry.key, profile: 0, isFresh: true, list: slots[0])
    }
    #expect(index.pickAll() == spread.map(\.key).sorted().map(\.lead.rawValue))
  }

  @Test("entries of leads that change without end do not pile up") func noPilingUp() {
    var (index, slots) = openIndex()
    index.setProfile(0, ProfileState(isOpen: false, until: .distantFuture))
    for place in 0..<20_000 {
      index.putReady(key: key(UInt32(place % 10 + 1), UInt64(place)), profile: 0, isFresh: false, list: slots[0])
      if place % 3 == 0 { index.remove(LeadID(UInt32(place % 10 + 1))) }
      if place % 2 == 0 { index.putReady(key: key(11, 7), profile: 0, isFresh: false, list: slots[0]) }
      index.park(LeadID(11), list: slots[0])
    }
    #expect(index.bytes < 300_000)
  }

  @Test("a profile is asked once, when its time has come, whatever the number of lists") func askedOnce() {
    var index = CampaignIndex(now: start)
    for list in 0..<20 {
      let slot = index.addList(ListID(UInt32(list + 1)), weight: 1, toDial: true, newEvery: nil)
      for lead in 0..<4 {
        let number = UInt32(list * 4 + lead + 1)
        index.putReady(key: key(number), profile: UInt32(lead % 2), isFresh: lead < 2, list: slot)
      }
    }
    var asked: [UInt32] = []
    func advance(_ now: Instant, _ index: inout CampaignIndex) {
      index.advance(to: now) { profile in
        asked.append(profile)
        return ProfileState(isOpen: profile == 0, until: start + .minutes(profile == 0 ? 10 : 20))
      } due: { _ in
        .parked
      }
    }
    advance(start, &index)
    advance(start + .minutes(9), &index)
    #expect(asked == [0, 1])
    #expect(index.nextEvent() == start + .minutes(10))
    advance(start + .minutes(10), &index)
    #expect(asked == [0, 1, 0])
    // A clock that went back: what was said may not hold any more.
    advance(start, &index)
    #expect(asked == [0, 1, 0, 0, 1])
  }

  @Test("each third pick is a lead never called, while there is one", arguments: [true, false])
  func newEvery(isWeighted: Bool) {
    var (index, slots) = openIndex(newEvery: 3)
    index.setWeighting(isWeighted)
    for lead in 1...6 as ClosedRange<UInt32> {
      index.putReady(key: key(lead, 1), profile: 0, isFresh: false, list: slots[0])
    }
    for lead in 11...12 as ClosedRange<UInt32> {
      index.putReady(key: key(lead, 2), profile: 0, isFresh: true, list: slots[0])
    }
    #expect(index.pickAll() == [1, 2, 11, 3, 4, 12, 5, 6])
  }

  @Test("a pick that is rejected leaves the next choice of list as it was") func rejected() {
    var (index, slots) = openIndex(weights: [2, 1])
    for lead in 1...40 as ClosedRange<UInt32> {
      index.putReady(key: key(lead), profile: 0, isFresh: true, list: slots[Int(lead % 2)])
    }
    var made = [0, 0]
    for turn in 1...24 {
      guard let pick = index.pick() else { break }
      index.park(pick.lead, list: pick.list)
      if turn % 2 == 0 {
        index.charge(pick.list)
        made[pick.list.index] += 1
      } else {
        let next = index.pick()
        #expect(next?.list == pick.list)
        if let next { index.putReady(key: next.key, profile: 0, isFresh: true, list: next.list) }
      }
    }
    #expect(made == [8, 4])
  }

  @Test("without weights the best lead of all lists is next") func pool() {
    var (index, slots) = openIndex(weights: [1, 1000])
    index.setWeighting(false)
    for lead in 1...20 as ClosedRange<UInt32> {
      index.putReady(key: key(lead, UInt64(lead)), profile: 0, isFresh: true, list: slots[lead < 15 ? 0 : 1])
    }
    index.setToDial(slots[0], false)
    #expect(index.pick()?.lead == LeadID(15))
    index.setToDial(slots[0], true)
    #expect(index.pickAll() == (Array(1...14) + Array(16...20)))
  }

  @Test("a restart goes on with the shares and the turn of the new leads where they were", arguments: 0..<8)
  func restart(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let weights = (0..<7).map { _ in Int.random(in: 1...1000, using: &generator) }
    func filled() -> (CampaignIndex, [ListSlot]) {
      var (index, slots) = openIndex(weights: weights, newEvery: 3)
      for lead in 1...7000 as ClosedRange<UInt32> {
        index.putReady(key: key(lead), profile: 0, isFresh: lead % 3 == 0, list: slots[Int(lead % 7)])
      }
      return (index, slots)
    }
    var (first, _) = filled()
    for turn in 0..<333 {
      guard let pick = first.pick() else { break }
      first.charge(pick.list)
      first.putReady(key: pick.key, profile: 0, isFresh: pick.isFresh, list: pick.list)
      if turn % 50 == 0 { first.giveBack(pick.list) }
    }
    var (second, _) = filled()
    second.restoreShareState(first.shareState)
    #expect(second.shareState == first.shareState)
    for _ in 0..<300 {
      let pick = first.pick()
      #expect(second.pick() == pick)
      guard let pick else { break }
      first.charge(pick.list)
      second.charge(pick.list)
    }
  }

  @Test("a list that is removed takes its leads with it, and takes none afterwards") func removedList() {
    var (index, slots) = openIndex(weights: [1, 1])
    index.putReady(key: key(1), profile: 0, isFresh: true, list: slots[0])
    index.putWaiting(LeadID(2), until: start + .minutes(1), list: slots[0])
    index.putReady(key: key(3), profile: 0, isFresh: true, list: slots[1])
    index.removeList(slots[0])
    index.putReady(key: key(4), profile: 0, isFresh: true, list: slots[0])
    #expect(index.dueLeads(at: start + .hours(1)).isEmpty)
    #expect(index.pickAll() == [3])
    #expect(index.state(of: LeadID(4)) == .absent)
    #expect(index.counts(slots[0]).total == 0)
  }

  @Test("70, 30 and 100 give 35, 15 and 50 per cent, and a dry list's share goes to the others") func percent() {
    var (index, slots) = openIndex(weights: [70, 30, 100])
    for lead in 1...3 as ClosedRange<UInt32> {
      index.putReady(key: key(lead), profile: 0, isFresh: true, list: slots[Int(lead) - 1])
    }
    #expect(slots.map { index.sharePercent($0) } == [35, 15, 50])
    index.remove(LeadID(3))
    #expect(slots.map { index.sharePercent($0) } == [70, 30, 0])
  }
}
