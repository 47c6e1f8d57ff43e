import ControlProtocol
import DialerEngine
import DialerModel
import LeadImport
import LeadStore

/// What people see of an import before it is committed.
extension StagedImport {
  /// Of one answer, so that it fits in a line of the protocol.
  private static let pieceBytes = 256 << 10

  private static func states(_ rows: ImportRequest.Rows) -> [StagedRow.State]? {
    switch rows {
    case .all: nil
    case .valid: [.valid, .existing]
    case .invalid: [.invalid, .repeated]
    case .existing: [.existing]
    }
  }

  func status() -> JSON {
    let counts = progress.counts
    var form: JSONObject = [
      "received": JSON(progress.intake.received), "rows": JSON(counts.valid + counts.invalid),
      "valid": JSON(counts.valid), "invalid": JSON(counts.invalid), "existing": JSON(counts.existing),
      "rowsPerSecond": rowsPerSecond.map { JSON($0.rounded()) } ?? .null, "remainingSeconds": .null,
    ]
    if let path = options.path, let size = StagedFile.size(path) {
      form["size"] = JSON(size)
      // Rows so far tell how long a row is.
      let rows = Double(progress.lastRow)
      if let rate = rowsPerSecond, rate > 0, rows > 0 {
        let left = Double(size - progress.intake.received) / (Double(progress.intake.received) / rows)
        form["remainingSeconds"] = JSON((left / rate).rounded())
      }
    }
    if let refusal = progress.refusal {
      form["problem"] = .string(refusal.reason)
      form["message"] = .string(refusal.message)
    }
    return .object(form)
  }

  func preview(_ rows: ImportRequest.Rows, limit: Int, after row: Int64) throws -> JSON {
    try end()
    var shown: [JSON] = []
    var bytes = 0
    var next: Int64?
    var last = row
    try staging.rows(after: row, Self.states(rows)) { (staged) throws(StoreError) in
      guard shown.count < limit, bytes < Self.pieceBytes else {
        next = last
        return false
      }
      bytes += staged.record.count
      last = staged.row
      shown.append(form(staged))
      return true
    }
    var reply: JSONObject = ["counts": counts, "columns": columnForms, "rows": .array(shown)]
    reply.append("nextCursor", ifPresent: next.map { .string("\($0)") })
    return .object(reply)
  }

  private var counts: JSON {
    let counts = progress.counts
    var toAdd = counts.valid - counts.existing
    var toUpdate = 0
    switch options.onMatch {
    case .update, .move: toUpdate = counts.existing
    case .duplicate, .add: toAdd = counts.valid
    case .skip, .reject: break
    }
    return [
      "rows": JSON(counts.valid + counts.invalid), "valid": JSON(counts.valid), "invalid": JSON(counts.invalid),
      "existing": JSON(counts.existing), "toAdd": JSON(toAdd), "toUpdate": JSON(toUpdate),
    ]
  }

  /// Each column with its fields; without any it is dropped.
  private var columnForms: JSON {
    guard let mapping else { return [] }
    return .array(
      mapping.columns.indices.map { column in
        ["column": .string(mapping.columns[column]), "fields": JSON(mapping.fields[column].map(\.name))]
      })
  }

  func form(_ row: StagedRow) -> JSON {
    let words: [StagedRow.State: String] = [
      .valid: "valid", .invalid: "invalid", .repeated: "invalid", .existing: "existing",
    ]
    var form: JSONObject = [
      "row": JSON(row.row), "line": JSON(row.line), "state": .string(words[row.state] ?? ""),
    ]
    if row.fault.count == 3 {
      form.append("field", .string(row.fault[0]))
      form.append("reason", .string(row.fault[1]))
      form.append("message", .string(row.fault[2]))
    }
    let fields = CSVRecord(line: 0, written: row.record).fields
    var values = JSONObject()
    for (column, name) in (mapping?.columns ?? []).enumerated() where column < fields.count {
      values[name] = .string(fields[column])
    }
    form.append("values", .object(values))
    return .object(form)
  }

  func download(_ rows: ImportRequest.Rows, after row: Int64) throws -> JSON {
    try end()
    var bytes: [UInt8] = []
    if row == 0, options.hasHeader, let first = progress.first { CSVWriter.append(first, to: &bytes) }
    var next: Int64?
    var last = row
    try staging.rows(after: row, Self.states(rows)) { (staged) throws(StoreError) in
      guard bytes.count < Self.pieceBytes else {
        next = last
        return false
      }
      bytes += staged.record
      last = staged.row
      return true
    }
    var reply: JSONObject = ["data": .string(String(decoding: bytes, as: UTF8.self))]
    reply.append("nextCursor", ifPresent: next.map { .string("\($0)") })
    return .object(reply)
  }
}
