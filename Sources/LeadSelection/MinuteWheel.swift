import DialerModel

/// Leads that wait for a known time, given back to the millisecond.
///
/// A lead costs about five bytes while it waits: its due time is in its ``LeadWord``, the buckets only hold ids. A
/// bucket of a minute is poured into buckets of 16 ms when the minute comes near, and such a bucket is sorted by due
/// time and id when its time comes: few leads, in the processor's first cache. An entry whose lead has moved on, or
/// waits for another time, is dropped when it comes up.
struct MinuteWheel: ~Copyable {
  /// Twelve days: more than the seven that a retry rule usually spans. What is further off waits in `far`. A minute
  /// here has 65,536 ms.
  private var minutes = BucketRing(bits: 16, count: 16_384)
  /// Four minutes: more than the two minutes that are poured ahead.
  private var ticks = BucketRing(bits: 4, count: 16_384)
  /// What the buckets of both rings hold their ids in.
  private var blocks = BlockPool(blockBytes: IDBlocks.blockBytes)
  /// What was poured out of `ticks`, in order from `cursor` on.
  private var batch = Slab<Due>()
  private var cursor = 0
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
  @inline(__always) mutating func add(_ lead: LeadID, due: Int64, previous: LeadWord) {
    if previous.isWaiting, isInMinute(due, previous.due) { return }
    add(Due(milliseconds: due, lead: lead.rawValue))
  }

  private func isInMinute(_ due: Int64, _ other: Int64) -> Bool {
    let minute = minutes.number(due)
    return minutes.holds(minute) && minutes.number(other) == minute
  }

  private mutating func add(_ entry: Due) {
    let minute = minutes.number(entry.milliseconds)
    if minute <= minutes.poured {
      let tick = ticks.number(entry.milliseconds)
      // Neither: it is due already, or the clock is just jumping over it.
      if ticks.holds(tick) { ticks.append(entry.lead, to: tick, &blocks) } else { near.push(entry) }
    } else if minutes.holds(minute) {
      minutes.append(entry.lead, to: minute, &blocks)
    } else {
      far.push(entry)
    }
  }

  /// The next lead whose time has come, in the order of due time and id.
  @inline(__always) mutating func next(at now: Instant, in table: borrowing LeadTable) -> LeadID? {
    while let entry = lowest, entry.milliseconds <= now.milliseconds {
      dropLowest(entry)
      if Self.isCurrent(entry, in: table) { return LeadID(entry.lead) }
    }
    return nil
  }

  @inline(__always) private var lowest: Due? {
    guard cursor < batch.count else { return near.lowest }
    guard let other = near.lowest, other < batch[cursor] else { return batch[cursor] }
    return other
  }

  @inline(__always) private mutating func dropLowest(_ entry: Due) {
    if cursor < batch.count, batch[cursor] == entry { cursor &+= 1 } else { near.dropLowest() }
  }

  /// Pours out the buckets that have come near. A clock that stands or goes back changes nothing.
  @inline(__always) mutating func roll(to now: Instant, in table: borrowing LeadTable) {
    let tick = ticks.number(now.milliseconds) &+ 1
    if tick > ticks.poured { rollTicks(to: tick, now, table) }
  }

  private mutating func rollTicks(to tick: Int64, _ now: Instant, _ table: borrowing LeadTable) {
    rollMinutes(to: minutes.number(now.milliseconds) + 1, table)
    // The rest is moved down when it is the smaller half, so that each entry is moved once on average.
    if cursor >= batch.count - cursor {
      batch.removeFirst(cursor)
      cursor = 0
    }
    // After the minutes, so that a bucket of the finer ring is complete when it is poured.
    let first = ticks.poured + 1
    ticks.poured = tick
    for number in first...min(tick, first + ticks.count) {
      let start = batch.count
      var block = ticks.take(number)
      while let lead = block.next(&blocks) {
        let word = table[LeadID(lead)]
        guard word.isWaiting, ticks.number(word.due) == number else { continue }
        batch.append(Due(milliseconds: word.due, lead: lead))
      }
      batch.sort(from: start)
    }
  }

  private mutating func rollMinutes(to minute: Int64, _ table: borrowing LeadTable) {
    guard minute > minutes.poured else { return }
    let first = minutes.poured + 1
    minutes.poured = minute
    for number in first...min(minute, first + minutes.count) {
      var block = minutes.take(number)
      while let lead = block.next(&blocks) {
        let word = table[LeadID(lead)]
        guard word.isWaiting, minutes.number(word.due) == number else { continue }
        add(Due(milliseconds: word.due, lead: lead))
      }
    }
    while let entry = far.lowest, minutes.number(entry.milliseconds) < minute + minutes.count {
      far.dropLowest()
      if Self.isCurrent(entry, in: table) { add(entry) }
    }
  }

  /// When the wheel next wants to be looked at: never later than the earliest due time. Nil: nobody waits.
  mutating func nextDue(in table: borrowing LeadTable) -> Instant? {
    while let entry = lowest, !Self.isCurrent(entry, in: table) { dropLowest(entry) }
    if let entry = lowest { return Instant(milliseconds: entry.milliseconds) }
    if let start = ticks.nextStart() ?? minutes.nextStart() { return Instant(milliseconds: start) }
    while let entry = far.lowest, !Self.isCurrent(entry, in: table) { far.dropLowest() }
    return far.lowest.map { Instant(milliseconds: $0.milliseconds) }
  }

  /// Calls `body` with the leads that wait: those of one bucket in no order, an earlier bucket before a later one.
  /// `goesOn` is asked after each bucket; a bucket spans a minute at most, but for the last: all beyond twelve days.
  func visit(in table: borrowing LeadTable, goesOn: () -> Bool, _ body: (LeadID, Int64) -> Void) {
    for place in cursor..<max(cursor, batch.count) where Self.isCurrent(batch[place], in: table) {
      body(LeadID(batch[place].lead), batch[place].milliseconds)
    }
    near.visit { if Self.isCurrent($0, in: table) { body(LeadID($0.lead), $0.milliseconds) } }
    guard goesOn() else { return }
    guard Self.visit(ticks, table, goesOn, body), Self.visit(minutes, table, goesOn, body) else { return }
    far.visit { if Self.isCurrent($0, in: table) { body(LeadID($0.lead), $0.milliseconds) } }
  }

  private static func visit(
    _ ring: borrowing BucketRing, _ table: borrowing LeadTable, _ goesOn: () -> Bool, _ body: (LeadID, Int64) -> Void
  ) -> Bool {
    var isWanted = true
    let bits = ring.bits
    ring.visit { number, ids in
      ids.visit { id in
        let word = table[LeadID(id)]
        if word.isWaiting, word.due &>> bits == number { body(LeadID(id), word.due) }
      }
      isWanted = goesOn()
      return isWanted
    }
    return isWanted
  }

  @inline(__always) private static func isCurrent(_ entry: Due, in table: borrowing LeadTable) -> Bool {
    let word = table[LeadID(entry.lead)]
    return word.isWaiting && word.due == entry.milliseconds
  }
}
