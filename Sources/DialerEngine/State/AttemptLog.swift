import DialerModel

/// The past attempts that rolling limits and minimum gaps look back on, by lead, phone and person.
///
/// Kept only as far back as the longest window that any campaign or rule set names: where none does, it holds nothing.
/// Each attempt is one row and one link in the chain of each of its keys; a chain runs from the newest back.
final class AttemptLog {
  private struct Row {
    var at: Instant
    /// Milliseconds from `at` to the moment at which a person answered, or at which an abandoned call ended.
    var reachedAfter: UInt32 = 0
    var counted: Bool
    var isAnswer: Bool
    var isAbandoned = false
    var reachedAt: Instant { at + Interval(milliseconds: Int64(reachedAfter)) }
  }
  private struct Link {
    var row: UInt32
    var previous: UInt32
  }
  private static let none = UInt32.max

  private var rows: ContiguousArray<Row> = []
  private var links: ContiguousArray<Link> = []
  private var heads: [UInt64: UInt32] = [:]
  /// With fewer rows than this the reload costs more than the rows.
  var worthRenewingAbove = 1_000_000
  /// How far back it is complete; zero = nothing is kept.
  private(set) var window: Interval = .zero

  /// Rows kept, for metrics.
  var count: Int { rows.count }

  /// Starts over with another window: the history that belongs to it is added next, oldest first.
  func reset(window: Interval) {
    rows = []
    links = []
    heads = [:]
    self.window = window
  }

  /// - Parameter answeredAt: when a person was reached; nil = nobody was.
  /// - Returns: the row's handle, for ``markAnswer(_:at:)``, ``markAbandoned(_:at:)`` and ``markUncounted(_:)``; nil
  ///   when nothing is kept.
  func add(at: Instant, keys: [DialKey], counted: Bool = true, answeredAt: Instant? = nil) -> UInt32? {
    guard window > .zero else { return nil }
    let row = UInt32(rows.count)
    rows.append(Row(at: at, counted: counted, isAnswer: false))
    if let answeredAt { markAnswer(row, at: answeredAt) }
    for key in keys {
      let link = UInt32(links.count)
      links.append(Link(row: row, previous: heads[key.value] ?? Self.none))
      heads[key.value] = link
    }
    return row
  }

  func markAnswer(_ row: UInt32, at now: Instant) {
    rows[Int(row)].isAnswer = true
    setReached(row, now)
  }

  /// A person had answered, and nobody took the call until it ended.
  func markAbandoned(_ row: UInt32, at now: Instant) {
    rows[Int(row)].isAbandoned = true
    rows[Int(row)].isAnswer = true
    setReached(row, now)
  }

  /// Who answered was no person after all.
  func markUnanswered(_ row: UInt32) { rows[Int(row)].isAnswer = false }

  func markUncounted(_ row: UInt32) { rows[Int(row)].counted = false }

  private func setReached(_ row: UInt32, _ now: Instant) {
    rows[Int(row)].reachedAfter = UInt32(clamping: (now - rows[Int(row)].at).milliseconds)
  }

  /// When the newest abandoned call under any of the keys ended; nil = none was.
  func lastAbandoned(keys: [DialKey]) -> Instant? {
    guard window > .zero else { return nil }
    var last: Instant?
    for key in keys {
      var at = heads[key.value] ?? Self.none
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

  /// When the nth newest attempt under any of the keys was, or the nth newest answer came (1 = the newest); nil when
  /// there are fewer.
  func nth(_ n: Int, answersOnly: Bool, keys: some Collection<DialKey>) -> Instant? {
    guard n > 0, window > .zero else { return nil }
    if keys.count == 1, let key = keys.first { return nth(n, answersOnly: answersOnly, key: key) }
    var found: [UInt32] = []
    for key in keys {
      var at = heads[key.value] ?? Self.none
      var taken = 0
      while at != Self.none, taken < n {
        let link = links[Int(at)]
        if matches(link.row, answersOnly: answersOnly) {
          if !found.contains(link.row) { found.append(link.row) }
          taken += 1
        }
        at = link.previous
      }
    }
    guard found.count >= n else { return nil }
    found.sort(by: >)
    return moment(of: found[n - 1], answersOnly)
  }

  private func nth(_ n: Int, answersOnly: Bool, key: DialKey) -> Instant? {
    var at = heads[key.value] ?? Self.none
    var left = n
    while at != Self.none {
      let link = links[Int(at)]
      if matches(link.row, answersOnly: answersOnly) {
        left -= 1
        if left == 0 { return moment(of: link.row, answersOnly) }
      }
      at = link.previous
    }
    return nil
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
