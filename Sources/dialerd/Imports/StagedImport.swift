import ControlProtocol
import DialerEngine
import DialerModel
import Foundation
import Glibc
import LeadImport
import LeadStore

/// One import with its rows: bytes in, rows staged, edited, shown, and at last handed over as leads.
final class StagedImport {
  /// What is kept beside the rows, in the same transactions.
  struct Progress: Codable {
    var intake: FileIntake
    /// The record that gave the columns: the header, or the first row.
    var first: [String]?
    /// The last row's number.
    var lastRow: Int64 = 0
    var counts = Counts()
    /// Why the file was refused.
    var refusal: Refusal?
    /// Rows that came in when the end was assumed, to be taken back when more bytes come.
    var provisional: Int64?
  }
  struct Counts: Codable {
    var valid = 0
    var invalid = 0
    var existing = 0
    /// Of the invalid ones those that may be valid when the import is committed; nil = none, as before there were any.
    var repeated: Int?
    /// `existing` rows are valid as well.
    mutating func add(_ state: StagedRow.State, _ number: Int) {
      switch state {
      case .valid: valid += number
      case .invalid: invalid += number
      case .repeated:
        invalid += number
        repeated = (repeated ?? 0) + number
      case .existing:
        valid += number
        existing += number
      }
    }
  }
  struct Refusal: Codable {
    var reason: String
    var message: String
  }

  let options: ImportOptions
  let staging: ImportStaging
  let judge: RowJudge
  let listID: ListID
  private(set) var context: ImportContext
  private(set) var mapping: ColumnMapping?
  private(set) var drafter: RowDrafter?
  var progress: Progress
  var commit: CommitCourse?
  /// As it was before each of the last chunks.
  var earlierCourses: [CommitCourse] = []
  private let monotonicSeconds: () -> Double
  private var rate: (start: Double, rows: Int64, last: Double)?

  init(
    path: String, options: ImportOptions, listID: ListID, context: ImportContext, reader: StoreReader,
    monotonicSeconds: @escaping () -> Double
  ) throws {
    self.options = options
    self.listID = listID
    self.context = context
    self.monotonicSeconds = monotonicSeconds
    staging = try ImportStaging(path: path)
    judge = RowJudge(
      reader: reader, alterations: staging.alterations, rule: options.matchRule, list: listID, rules: context.rules)
    if let text = try staging.upload() {
      progress = try JSONDecoder().decode(Progress.self, from: Data(text.utf8))
    } else {
      progress = Progress(intake: FileIntake(delimiter: options.delimiter?.utf8.first))
    }
    if let first = progress.first { try makeDrafter(CSVRecord(line: 1, fields: first)) }
  }

  var isCommitting: Bool { commit != nil }

  func set(_ new: ImportContext) {
    guard new.rules != context.rules || new.timeZones !== context.timeZones || new.plan !== context.plan else { return }
    context = new
    judge.rules = new.rules
    if let mapping { drafter = RowDrafter(mapping: mapping, context: context) }
  }

  private func makeDrafter(_ first: CSVRecord) throws {
    let mapping = try ColumnMapping(first: first, options: options)
    self.mapping = mapping
    judge.filled = mapping.filled
    drafter = RowDrafter(mapping: mapping, context: context)
  }

  func save() throws(StoreError) {
    guard let data = try? JSONEncoder().encode(progress) else {
      preconditionFailure("what is kept of an upload can be written as JSON")
    }
    try staging.setUpload(String(decoding: data, as: UTF8.self))
  }

  // MARK: - Bytes

  /// - Returns: how many bytes there are now, on disk.
  func write(offset: Int64, _ bytes: [UInt8]) throws -> Int64 {
    try checkRefusal()
    let received = progress.intake.received
    guard offset == received else {
      throw RequestError(
        .conflict, "The import has \(received) bytes: the next piece begins there.",
        details: ["conflict": "wrong-offset", "received": JSON(received)])
    }
    try take(bytes)
    return progress.intake.received
  }

  private func checkRefusal() throws {
    guard let refusal = progress.refusal else { return }
    throw RequestError(
      .invalidParams, refusal.message, details: ["field": "data", "problem": .string(refusal.reason)])
  }

  func take(_ bytes: [UInt8]) throws {
    note()
    let before = progress
    do {
      try staging.transaction { () throws(StoreError) in try stage(bytes) }
    } catch {
      progress = before
      throw error
    }
    rate?.last = monotonicSeconds()
    try checkRefusal()
  }

  private func stage(_ bytes: [UInt8]) throws(StoreError) {
    if let provisional = progress.provisional {
      try removeRow(provisional)
      if progress.lastRow == provisional { progress.lastRow -= 1 }
      progress.provisional = nil
    }
    progress.intake.reopen()
    var records: [CSVRecord] = []
    do throws(ImportFault) {
      try progress.intake.take(bytes) { records.append($0) }
    } catch {
      progress.refusal = Refusal(reason: error.reason, message: error.message)
    }
    try stage(records)
    try save()
  }

  /// Everything that came is looked at as the whole file; more may come all the same.
  func end() throws {
    guard !progress.intake.isEnded, progress.refusal == nil else { return try checkRefusal() }
    let before = progress
    do {
      try staging.transaction { () throws(StoreError) in
        var records: [CSVRecord] = []
        do throws(ImportFault) {
          try progress.intake.end { records.append($0) }
        } catch {
          progress.refusal = Refusal(reason: error.reason, message: error.message)
        }
        let last = progress.lastRow
        try stage(records)
        if progress.lastRow > last { progress.provisional = progress.lastRow }
        try save()
      }
    } catch {
      progress = before
      throw error
    }
    try checkRefusal()
  }

  private func stage(_ records: [CSVRecord]) throws(StoreError) {
    guard !records.isEmpty else { return }
    try judge.inOneView { () throws(StoreError) in
      for record in records where !record.isBlank {
        guard progress.refusal == nil else { return }
        if progress.first == nil {
          progress.first = record.fields
          do {
            try makeDrafter(record)
          } catch {
            let fault = error as? ImportFault ?? .noHeader
            progress.refusal = Refusal(reason: fault.reason, message: fault.message)
            return
          }
          if options.hasHeader { continue }
        }
        progress.lastRow += 1
        let row = try judged(record, row: progress.lastRow)
        progress.counts.add(row.state, 1)
        try staging.put(row)
      }
    }
  }

  /// The row with its state, as it stands now.
  func judged(_ record: CSVRecord, row number: Int64) throws(StoreError) -> StagedRow {
    var bytes: [UInt8] = []
    CSVWriter.append(record.fields, to: &bytes)
    var row = StagedRow(row: number, line: Int64(record.line), state: .valid, record: bytes)
    guard let drafter else { return row }
    var draft = LeadDraft()
    var fault: RowFault?
    do throws(RowFault) {
      try drafter.draft(record, into: &draft)
    } catch { fault = error }
    row.codeKey = draft.vendorLeadCode.map { TextKey.hash($0.utf8) } ?? 0
    row.phones = draft.phones.all.map(\.digits)
    if fault == nil {
      switch try judge.judge(draft, RecentLeads()) {
      case .takes(let decision, let match):
        row.state = match == nil ? .valid : .existing
        if case .skip = decision { break }
        if let found = try repeats(draft, match, &row) {
          row.state = .repeated
          row.fault = [found.field, found.reason, found.message]
        }
      case .refuses(let found): fault = found
      }
    }
    if let fault {
      row.state = .invalid
      row.fault = [fault.field, fault.reason, fault.message]
    }
    return row
  }

  private func removeRow(_ number: Int64) throws(StoreError) {
    guard let row = try staging.row(number) else { return }
    progress.counts.add(row.state, -1)
    try staging.remove(number)
  }

  // MARK: - A file on this machine

  func checkFile(in directories: [String]) throws {
    guard let path = options.path else { return }
    try StagedFile.check(path, in: directories)
  }

  /// - Returns: whether there is more.
  func readOn(in directories: [String]) throws -> Bool {
    guard let path = options.path, progress.refusal == nil else { return false }
    let bytes = try StagedFile.read(path, from: progress.intake.received, in: directories)
    if bytes.isEmpty {
      try end()
      return false
    }
    try take(bytes)
    return true
  }

  // MARK: - Edits

  func edit(row number: Int64, values: [String: String], isDryRun: Bool) throws -> JSON {
    try end()
    guard let mapping, let old = try staging.row(number) else { throw RequestError.notFound("row", JSON(number)) }
    var record = CSVRecord(line: Int(old.line), written: old.record)
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard let column = mapping.column(named: name) else {
        throw RequestError.invalidParams(
          field: "values", value: .string(name), accepted: mapping.columns,
          message: "values: the file has no column \(RequestError.shortened(name)).")
      }
      while record.fields.count <= column { record.fields.append("") }
      record.fields[column] = value
    }
    guard record.fields.reduce(0, { $0 + $1.utf8.count }) <= CSVParser.maximumRecordBytes else {
      throw RequestError.tooLarge("record", maximum: CSVParser.maximumRecordBytes)
    }
    let new = try judged(record, row: number)
    if !isDryRun {
      var changed = progress
      changed.counts.add(old.state, -1)
      changed.counts.add(new.state, 1)
      // An edited row is no longer what the end of the file happened to be.
      if changed.provisional == number { changed.provisional = nil }
      try store { () throws(StoreError) in
        let values = try staging.values.keys(of: number) + new.values
        try staging.put(new)
        try judgeRepeats(values.map { ($0, number) }, &changed.counts)
        return changed
      }
    }
    return form(new)
  }

  func drop(_ rows: [Int64], isDryRun: Bool) throws -> Int {
    try end()
    var found: [StagedRow] = []
    for row in Set(rows).sorted() { if let staged = try staging.row(row) { found.append(staged) } }
    if !isDryRun {
      var changed = progress
      try store { () throws(StoreError) in
        var freed: [(key: UInt64, row: Int64)] = []
        for row in found {
          changed.counts.add(row.state, -1)
          freed += try staging.values.keys(of: row.row).map { ($0, row.row) }
          try staging.remove(row.row)
        }
        try judgeRepeats(freed, &changed.counts)
        return changed
      }
    }
    return found.count
  }

  /// Rows of those who are deleted, in one pass. Done twice it is the same.
  func erase(_ erasures: [StagedErasure]) throws {
    let codeKeys = erasures.reduce(into: Set<UInt64>()) { $0.formUnion($1.codeKeys) }
    let phones = erasures.reduce(into: Set<UInt64>()) { $0.formUnion($1.phones) }
    // What has come of a last row is looked at as a row.
    if progress.refusal == nil { try? end() }
    var changed = progress
    var gone = 0
    try store { () throws(StoreError) in
      let (rows, freed) = try staging.erase(codeKeys: codeKeys, phones: phones)
      gone = rows.count
      for (row, state) in rows {
        changed.counts.add(state, -1)
        guard row == changed.provisional else { continue }
        changed.provisional = nil
        changed.intake.blotLast()
      }
      try judgeRepeats(freed, &changed.counts)
      return changed
    }
    if gone > 0 { try staging.emptyLog() }
  }

  /// - Parameter body: makes a change, and says what it comes to.
  private func store(_ body: () throws(StoreError) -> Progress) throws {
    let before = progress
    do {
      try staging.transaction { () throws(StoreError) in
        progress = try body()
        try save()
      }
    } catch {
      progress = before
      throw error
    }
  }

  // MARK: - Rate

  private func note() {
    let now = monotonicSeconds()
    // After a pause the rate begins anew.
    if let rate, now - rate.last < 10 { return }
    rate = (now, progress.lastRow, now)
  }

  var rowsPerSecond: Double? {
    guard let rate, rate.last > rate.start else { return nil }
    return Double(progress.lastRow - rate.rows) / (rate.last - rate.start)
  }
}
