import DialerModel

/// The past attempts that rolling limits and minimum gaps look back on, by lead, phone and person.
///
/// Kept only as far back as the longest window that any campaign or rule set names: where none does, it holds nothing.
/// Each attempt is one row and one link in the chain of each of its keys; a chain runs from the newest back.
final class AttemptLog {
  private struct Row: BitwiseCopyable {
    var at: Instant
    /// Milliseconds from `at` to the moment at which a person answered, or at which an abandoned call ended.
    var reachedAfter: UInt32 = 0
    var counted: Bool
    var isAnswer: Bool
    var isAbandoned = false
    var reachedAt: Instant { at + Interval(milliseconds: Int64(reachedAfter)) }

    mutating func reach(at now: Instant) {
      isAnswer = true
      reachedAfter = UInt32(clamping: (now - at).milliseconds)
    }
  }
  private struct Link: BitwiseCopyable {
    var row: UInt32
    var previous: UInt32
  }
  private static let none = UInt32.max

  /// The newest link of each of a lead's keys that has any: found once for all that is asked of the lead.
  struct Chains {
    fileprivate var heads = InlineArray<9, UInt32>(repeating: none)
    fileprivate(set) var count = 0
    var isEmpty: Bool { count == 0 }

    init() {}

    fileprivate mutating func append(_ head: UInt32) {
      heads[count] = head
      count += 1
    }

    func with(_ other: Chains) -> Chains {
      var joined = self
      for place in 0..<other.count { joined.append(other.heads[place]) }
      return joined
    }
  }

  // None of the three moves what it holds as it grows: at millions of attempts a turn would wait for that.
  private var rows = PagedArray<Row>()
  private var links = PagedArray<Link>()
  private var heads = KeyTable<UInt32>(empty: none)
  /// With fewer rows than this the reload costs more than the rows.
  var worthRenewingAbove = 1_000_000
  /// How far back it is complete; zero = nothing is kept.
  private(set) var window: Interval = .zero

  /// Rows kept, for metrics.
  var count: Int { rows.count }

  /// Starts over with another window: the history that belongs to it is added next, oldest first.
  func reset(window: Interval) {
    rows = PagedArray()
    links = PagedArray()
    heads = KeyTable(empty: Self.none)
    self.window = window
  }

  /// - Parameter answeredAt: when a person was reached; nil = nobody was.
  /// - Returns: the row's handle, for ``markAnswer(_:at:)``, ``markAbandoned(_:at:)`` and ``markUncounted(_:)``; nil
  ///   when nothing is kept.
  func add(at: Instant, keys: DialKeys, counted: Bool = true, answeredAt: Instant? = nil) -> UInt32? {
    guard window > .zero else { return nil }
    let row = UInt32(rows.count)
    rows.append(Row(at: at, counted: counted, isAnswer: false))
    if let answeredAt { markAnswer(row, at: answeredAt) }
    for key in keys {
      heads.change(key.value) { head in
        links.append(Link(row: row, previous: head))
        head = UInt32(links.count - 1)
      }
    }
    return row
  }

  func markAnswer(_ row: UInt32, at now: Instant) { change(row) { $0.reach(at: now) } }

  /// A person had answered, and nobody took the call until it ended.
  func markAbandoned(_ row: UInt32, at now: Instant) {
    change(row) {
      $0.isAbandoned = true
      $0.reach(at: now)
    }
  }

  /// Who answered was no person after all.
  func markUnanswered(_ row: UInt32) { change(row) { $0.isAnswer = false } }

  func markUncounted(_ row: UInt32) { change(row) { $0.counted = false } }

  private func change(_ row: UInt32, _ body: (inout Row) -> Void) {
    var changed = rows[Int(row)]
    body(&changed)
    rows[Int(row)] = changed
  }

  /// Says that these keys, and this number's, will be asked for: their places lie all over a table that no cache holds.
  func expect(_ keys: DialKeys, phone: PhoneNumber?, tenant: UInt64) {
    guard window > .zero else { return }
    for key in keys { heads.expect(key.value) }
    if let phone { heads.expect(DialKey.phone(phone, tenant: tenant).value) }
  }

  /// Where to look for attempts under these keys.
  func chains(of keys: DialKeys) -> Chains {
    var chains = Chains()
    guard window > .zero else { return chains }
    for key in keys {
      let head = heads[key.value]
      if head != Self.none { chains.append(head) }
    }
    return chains
  }

  /// When the newest abandoned call in any of the chains ended; nil = none was.
  func lastAbandoned(_ chains: Chains) -> Instant? {
    var last: Instant?
    for place in 0..<chains.count {
      var at = chains.heads[place]
      while at != Self.none {
        let link = links[Int(at)]
        let row = rows[Int(link.row)]
        if row.isAbandoned {
          last = max(last ?? row.reachedAt, row.reachedAt)
          break
        }
        at = link.previous
      }
    }
    return last
  }

  /// When the nth newest attempt in any of the chains was, or the nth newest answer came (1 = the newest); nil when
  /// there are fewer. An attempt stands in several chains and counts once.
  func nth(_ n: Int, answersOnly: Bool, _ chains: Chains) -> Instant? {
    var chains = chains
    var left = n
    // Rows are numbered as they come, and each chain leads from its newest back: the highest is the next.
    while n > 0, let row = newestRow(&chains) {
      guard matches(row, answersOnly: answersOnly) else { continue }
      left -= 1
      if left == 0 { return moment(of: row, answersOnly) }
    }
    return nil
  }

  /// The newest row of all chains, which lead to what is before it from then on; nil at their end.
  private func newestRow(_ chains: inout Chains) -> UInt32? {
    var newest: UInt32?
    for place in 0..<chains.count where chains.heads[place] != Self.none {
      let row = links[Int(chains.heads[place])].row
      newest = max(newest ?? row, row)
    }
    guard let newest else { return nil }
    for place in 0..<chains.count where chains.heads[place] != Self.none {
      let link = links[Int(chains.heads[place])]
      if link.row == newest { chains.heads[place] = link.previous }
    }
    return newest
  }

  private func moment(of row: UInt32, _ answersOnly: Bool) -> Instant {
    answersOnly ? rows[Int(row)].reachedAt : rows[Int(row)].at
  }

  private func matches(_ row: UInt32, answersOnly: Bool) -> Bool {
    let row = rows[Int(row)]
    return row.counted && (!answersOnly || row.isAnswer)
  }

  /// Whether so many rows have passed out of the window that it is worth loading it anew.
  ///
  /// Rows are never taken out one by one: the owner reloads the log from the store when half of it is of no more use.
  func isWorthRenewing(at now: Instant) -> Bool {
    guard rows.count > worthRenewingAbove else { return false }
    return rows[rows.count / 2].at < now - window
  }
}
