import CSystem
import DialerModel

/// Leads that wait for a known time, given back to the millisecond.
///
/// A lead costs about ten bytes while it waits: its due time is in its ``LeadWord``, the buckets hold who it is and where
/// it will come back to. A bucket of a minute is poured into buckets of 16 ms when the minute comes near, and such a bucket is sorted by due
/// time and id when its time comes: few leads, in the processor's first cache. An entry whose lead has moved on, or
/// waits for another time, is dropped when it comes up.
struct MinuteWheel: ~Copyable {
  /// Twelve days: more than the seven that a retry rule usually spans. What is further off waits in `far`. A minute
  /// here has 65,536 ms.
  private var minutes = BucketRing(bits: 16, count: 16_384)
  /// Four minutes: more than the two minutes that are poured ahead.
  private var ticks = BucketRing(bits: 4, count: 16_384)
  /// What the buckets of both rings hold their leads in.
  private var blocks = BlockPool(blockBytes: WaitingBlocks.blockBytes)
  /// What was poured out of `ticks`, in order from `cursor` on: milliseconds since `batchStart` in the high half, the
  /// lead in the low one, so that two are compared as one number.
  private var batch = Slab<UInt64>()
  private var cursor = 0
  private var batchStart: Int64 = 0
  /// What is due sooner than the ticks that are not poured out yet, and did not come through them.
  private var near = DueHeap()
  private var far = DueHeap()

  init(now: Instant) {
    ticks.poured = ticks.number(now.milliseconds) + 1
    minutes.poured = minutes.number(now.milliseconds) + 1
  }

  var bytes: Int { minutes.bytes + ticks.bytes + blocks.bytes + batch.bytes + near.bytes + far.bytes }

  /// - Parameter previous: the lead's word before this change: a lead that waits for the same minute already has its
  ///   entry.
  @inline(__always) mutating func add(_ waiting: WaitingLead, due: Int64, previous: LeadWord) {
    if previous.isWaiting, isInMinute(due, previous.due) { return }
    add(waiting, due)
  }

  private func isInMinute(_ due: Int64, _ other: Int64) -> Bool {
    let minute = minutes.number(due)
    return minutes.holds(minute) && minutes.number(other) == minute
  }

  private mutating func add(_ waiting: WaitingLead, _ due: Int64) {
    let minute = minutes.number(due)
    if minute <= minutes.poured {
      let tick = ticks.number(due)
      // Neither: it is due already, or the clock is just jumping over it.
      if ticks.holds(tick) {
        ticks.append(waiting, to: tick, &blocks)
      } else {
        near.push(Due(milliseconds: due, lead: waiting.lead.rawValue))
      }
    } else if minutes.holds(minute) {
      minutes.append(waiting, to: minute, &blocks)
    } else {
      far.push(Due(milliseconds: due, lead: waiting.lead.rawValue))
    }
  }

  /// The next lead whose time has come, in the order of due time and id, and where its word is.
  @inline(__always) mutating func next(
    at now: Instant, in table: LeadWords
  ) -> (lead: LeadID, word: UnsafeMutablePointer<LeadWord>)? {
    while near.isEmpty {
      guard cursor < batch.count else { return nil }
      let packed = batch[cursor]
      let due = batchStart &+ Int64(packed &>> 32)
      guard due <= now.milliseconds else { return nil }
      cursor &+= 1
      let lead = LeadID(UInt32(truncatingIfNeeded: packed))
      let word = table.known(lead)
      if word.pointee.waits(for: due) { return (lead, word) }
    }
    return nextOfBoth(now, table)
  }

  @inline(never) private mutating func nextOfBoth(
    _ now: Instant, _ table: LeadWords
  ) -> (lead: LeadID, word: UnsafeMutablePointer<LeadWord>)? {
    while let entry = lowest, entry.milliseconds <= now.milliseconds {
      dropLowest(entry)
      let word = table.known(LeadID(entry.lead))
      if word.pointee.waits(for: entry.milliseconds) { return (LeadID(entry.lead), word) }
    }
    return nil
  }

  private var lowest: Due? {
    guard cursor < batch.count else { return near.lowest }
    return min(near.lowest ?? due(batch[cursor]), due(batch[cursor]))
  }

  private mutating func dropLowest(_ entry: Due) {
    if cursor < batch.count, due(batch[cursor]) == entry { cursor &+= 1 } else { near.dropLowest() }
  }

  private func due(_ packed: UInt64) -> Due {
    Due(milliseconds: batchStart &+ Int64(packed &>> 32), lead: UInt32(truncatingIfNeeded: packed))
  }

  /// Pours out the buckets that have come near. A clock that stands or goes back changes nothing.
  /// - Parameter groups: what the leads' groups may be; only to have them fetched from memory ahead of time.
  @inline(__always) mutating func roll(to now: Instant, in table: LeadWords, _ groups: borrowing Slab<LeadGroup>) {
    let tick = ticks.number(now.milliseconds) &+ 1
    if tick > ticks.poured { rollTicks(to: tick, now, table, groups) }
  }

  @inline(never) private mutating func rollTicks(
    to tick: Int64, _ now: Instant, _ table: LeadWords, _ groups: borrowing Slab<LeadGroup>
  ) {
    rollMinutes(to: minutes.number(now.milliseconds) + 1, table)
    // After the minutes, so that a bucket of the finer ring is complete when it is poured.
    let first = ticks.poured + 1
    ticks.poured = tick
    startBatch(first << ticks.bits)
    for number in first...min(tick, first + ticks.count) {
      let start = batch.count
      let high = UInt64((number << ticks.bits) - batchStart)
      var block = ticks.take(number)
      while let waiting = block.next(&blocks) {
        let word = table.known(waiting.lead).pointee
        guard word.isWaiting, ticks.number(word.due) == number else { continue }
        if waiting.group < groups.count { groups.at(Int(waiting.group)).pointee.prefetchLast() }
        let after = UInt64(truncatingIfNeeded: word.due) & UInt64((1 << ticks.bits) - 1)
        batch.append((high + after) << 32 | UInt64(waiting.lead.rawValue))
      }
      batch.sort(from: start)
    }
    // Words and groups lie anywhere in memory; by the next tick they are near.
    ticks.visit(tick + 1) { waiting in
      table.prefetch(waiting.lead)
      if waiting.group < groups.count { csystem_prefetch(groups.at(Int(waiting.group))) }
    }
    ticks.prefetch(tick + 2)
  }

  /// Lets new entries follow, none before `start`. The rest is moved down when it is the smaller half, so that each entry
  /// is moved once on average.
  private mutating func startBatch(_ start: Int64) {
    if cursor >= batch.count - cursor {
      batch.removeFirst(cursor)
      cursor = 0
    }
    if batch.isEmpty {
      batchStart = start
    } else if start - batchStart > 1 << 20 {
      // The high half would be outgrown in weeks. What is left came due in the two ticks before, or it had been taken.
      let passed = start - 2 << ticks.bits - batchStart
      for place in cursor..<batch.count { batch[place] -= UInt64(passed) << 32 }
      batchStart += passed
    }
  }

  private mutating func rollMinutes(to minute: Int64, _ table: LeadWords) {
    guard minute > minutes.poured else { return }
    let first = minutes.poured + 1
    minutes.poured = minute
    for number in first...min(minute, first + minutes.count) {
      var block = minutes.take(number)
      // Words and blocks lie anywhere in memory: those of the next block are fetched while this one is read.
      if block.isAtStart { block.visitFollowing { table.prefetch($0.lead) } }
      while let waiting = block.next(&blocks) {
        if block.isAtStart { block.visitFollowing { table.prefetch($0.lead) } }
        let word = table.known(waiting.lead).pointee
        guard word.isWaiting, minutes.number(word.due) == number else { continue }
        add(waiting, word.due)
      }
    }
    while let entry = far.lowest, minutes.number(entry.milliseconds) < minute + minutes.count {
      far.dropLowest()
      guard Self.isCurrent(entry, in: table) else { continue }
      add(WaitingLead(lead: LeadID(entry.lead), group: WaitingLead.noGroup), entry.milliseconds)
    }
  }

  /// When the wheel next wants to be looked at: never later than the earliest due time. Nil: nobody waits.
  mutating func nextDue(in table: LeadWords) -> Instant? {
    while let entry = lowest, !Self.isCurrent(entry, in: table) { dropLowest(entry) }
    if let entry = lowest { return Instant(milliseconds: entry.milliseconds) }
    if let start = ticks.nextStart() ?? minutes.nextStart() { return Instant(milliseconds: start) }
    while let entry = far.lowest, !Self.isCurrent(entry, in: table) { far.dropLowest() }
    return far.lowest.map { Instant(milliseconds: $0.milliseconds) }
  }

  /// Calls `body` with the leads that wait: those of one bucket in no order, an earlier bucket before a later one.
  /// `goesOn` is asked after each bucket; a bucket spans a minute at most, but for the last: all beyond twelve days.
  func visit(in table: LeadWords, goesOn: () -> Bool, _ body: (LeadID, Int64) -> Void) {
    for place in cursor..<max(cursor, batch.count) where Self.isCurrent(due(batch[place]), in: table) {
      body(LeadID(due(batch[place]).lead), due(batch[place]).milliseconds)
    }
    near.visit { if Self.isCurrent($0, in: table) { body(LeadID($0.lead), $0.milliseconds) } }
    guard goesOn() else { return }
    guard Self.visit(ticks, table, goesOn, body), Self.visit(minutes, table, goesOn, body) else { return }
    far.visit { if Self.isCurrent($0, in: table) { body(LeadID($0.lead), $0.milliseconds) } }
  }

  private static func visit(
    _ ring: borrowing BucketRing, _ table: LeadWords, _ goesOn: () -> Bool, _ body: (LeadID, Int64) -> Void
  ) -> Bool {
    var isWanted = true
    let bits = ring.bits
    ring.visit { number, leads in
      leads.visit { waiting in
        let word = table[waiting.lead]
        if word.isWaiting, word.due &>> bits == number { body(waiting.lead, word.due) }
      }
      isWanted = goesOn()
      return isWanted
    }
    return isWanted
  }

  @inline(__always) private static func isCurrent(_ entry: Due, in table: LeadWords) -> Bool {
    let word = table[LeadID(entry.lead)]
    return word.isWaiting && word.due == entry.milliseconds
  }
}
