import DialerModel
import LeadImport
import LeadStore

/// Rows that repeat a value of a field that is to be unique.
///
/// They are shown as invalid, and judged once more when the import is committed: a row before may have lost the value
/// by then, because it changes a lead that a row in between gives another one.
extension StagedImport {
  /// Holds the row against those before it.
  /// - Returns: what is wrong with it; nil = nothing.
  func repeats(_ draft: LeadDraft, _ match: MatchCandidate?, _ row: inout StagedRow) throws(StoreError) -> RowFault? {
    guard judge.rules.fieldRules.hasUnique else { return nil }
    row.leadKey = leadKey(draft, match)
    let values = judge.rules.fieldRules.uniqueValues(of: draft)
    row.values = values.map(\.key)
    for value in values
    where try staging.values.isTaken(value.key, before: row.row, leadKey: row.leadKey) {
      return RowFault(
        field: value.field.name, reason: "not-unique",
        message: "\(value.field.name): a row before this one has this value.")
    }
    return nil
  }

  private func leadKey(_ draft: LeadDraft, _ match: MatchCandidate?) -> UInt64 {
    switch options.onMatch {
    case .add, .duplicate: return 0
    case .update, .move, .skip, .reject:
      if let match { return SeededGenerator.mix(UInt64(match.leadID.rawValue)) }
      return options.matchRule.keys(of: draft.subject).first ?? 0
    }
  }

  /// Rows behind one that was changed or taken out, which stood back for it or have to from now on.
  ///
  /// - Parameter freed: values that the row had or has.
  func judgeRepeats(_ freed: [(key: UInt64, row: Int64)], _ counts: inout Counts) throws(StoreError) {
    var open = freed
    var seen: Set<Int64> = []
    while let (key, row) = open.popLast() {
      guard let next = try staging.values.next(with: key, after: row), seen.insert(next).inserted,
        let old = try staging.row(next)
      else { continue }
      let new = try judged(CSVRecord(line: Int(old.line), written: old.record), row: next)
      guard new.state != old.state else { continue }
      counts.add(old.state, -1)
      counts.add(new.state, 1)
      open += try staging.values.keys(of: next).map { ($0, next) } + new.values.map { ($0, next) }
      try staging.put(new)
    }
  }
}
