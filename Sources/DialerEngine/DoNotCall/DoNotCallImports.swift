import DialerModel

/// Imports of do-not-call numbers, and who waits for their ends.
struct DoNotCallImports {
  /// Open at once; each has a file of its own.
  static let maximumOpen = 20
  /// Finished ones whose summary is kept; the oldest goes first.
  static let maximumKept = 200
  /// Numbers in one transaction: some 10 ms of the writer, so that a claim waits no longer behind it.
  static let pieceCount = 10_000
  /// Pieces under way: one is read while another is written.
  static let lanes = 2

  var records: [ImportID: DoNotCallImport] = [:]
  var waiters: [ImportID: [Command]] = [:]
  /// When applying began in this process, and from where.
  var began: [ImportID: (at: MonotonicInstant, applied: Int)] = [:]

  /// In the order in which they were opened.
  var ordered: [DoNotCallImport] {
    records.values.sorted { ($0.openedAt, $0.importID) < ($1.openedAt, $1.importID) }
  }

  /// Never used before: it grows with the clock, and is moved on where the clock stands. The first letter tells it from
  /// an import of leads.
  func newID(at now: Instant) -> ImportID {
    var number = now.milliseconds
    while true {
      let id = ImportID("d" + String(number, radix: 36))
      if records[id] == nil { return id }
      number += 1
    }
  }
}
