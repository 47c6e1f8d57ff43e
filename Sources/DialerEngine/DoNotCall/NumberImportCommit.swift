import ControlProtocol
import DialerModel
import PhoneNumbers

/// Bringing the numbers of a file onto the do-not-call list.
///
/// They come sorted, some thousands a turn, and each piece holds from its turn on and is on disk with it: a crash in the
/// middle loses nothing that was reported, and the import goes on where it was. Two pieces are under way, so that one is
/// read while the other is written. Leads that carry the numbers are looked at anew behind it; a claim looks at the list
/// itself.
extension Engine {
  func commitNumberImport(_ record: DoNotCallImport, _ command: Command) throws(RequestError) -> Answer {
    switch record.state {
    case .committed: return .done(Self.summary(record))
    case .cancelled, .refused:
      throw .conflict(
        "import-is-\(record.state.rawValue)", record.refusal ?? "The import was cancelled; its file is gone.")
    case .open, .reading, .applying: break
    }
    if command.isDryRun { return .done(.object(form(record))) }
    doNotCallImports.waiters[record.importID, default: []].append(command)
    if record.state == .open {
      var record = record
      record.state = .reading
      store(record)
      sort(record)
    }
    return .later
  }

  /// At the start: what was under way goes on.
  func resume(_ records: [DoNotCallImport]) {
    for record in records { doNotCallImports.records[record.importID] = record }
    guard !records.isEmpty else { return }
    let kept = records.filter { !$0.isFinished }
    askNumbers(records[0], .sweep(keeping: Set(kept.map(\.importID)))) { _ in }
    for record in kept {
      switch record.state {
      case .reading: sort(record)
      case .applying: applyOn(record)
      default: break
      }
    }
  }

  private func sort(_ record: DoNotCallImport) {
    askNumbers(record, .sort(plan: settings.numberingPlan, region: record.region)) { [self] answer in
      jobs.append(
        NumberImportStep { engine in
          guard var record = engine.doNotCallImports.records[record.importID], record.state == .reading else { return }
          guard case .numbers(.sorted(let counts)) = answer else { return engine.refuse(record, answer) }
          record.counts = counts
          record.state = .applying
          engine.store(record)
          engine.applyOn(record)
        })
    }
  }

  private func refuse(_ record: DoNotCallImport, _ answer: QueryAnswer) {
    var record = record
    guard case .failed(let error) = answer else { preconditionFailure("a file is sorted or it is not") }
    // What may go better another time is tried again by whoever wants it.
    record.state = error.reason == .invalidParams ? .refused : .open
    record.refusal = record.state == .refused ? error.message : nil
    if record.state == .refused { record.finishedAt = now.wall }
    store(record)
    end(record, .failure(error))
    if record.state == .refused { askNumbers(record, .discard) { _ in } }
  }

  private func applyOn(_ record: DoNotCallImport) {
    doNotCallImports.began[record.importID] = (now.monotonic, record.applied)
    for lane in 0..<DoNotCallImports.lanes {
      askPiece(record, from: record.applied + lane * DoNotCallImports.pieceCount)
    }
  }

  private func askPiece(_ record: DoNotCallImport, from place: Int) {
    guard place < record.total || place == record.applied else { return }
    askNumbers(record, .piece(from: place, count: DoNotCallImports.pieceCount)) { [self] answer in
      // Only while the store can be written.
      jobs.append(
        NumberImportStep { engine in
          guard let record = engine.doNotCallImports.records[record.importID], record.state == .applying else { return }
          guard case .numbers(.piece(let from, let numbers)) = answer, from == record.applied else {
            return engine.loseFile(record, answer)
          }
          engine.apply(numbers, of: record)
        })
    }
  }

  /// The sorted numbers are not to be had: what is applied holds, the rest is read anew when somebody commits again.
  private func loseFile(_ record: DoNotCallImport, _ answer: QueryAnswer) {
    guard case .failed(let error) = answer else { return }
    var record = record
    record.state = .open
    record.applied = 0
    store(record)
    end(record, .failure(error))
  }

  private func apply(_ numbers: [UInt64], of old: DoNotCallImport) {
    var record = old
    let border = numbers.firstIndex { $0 & NumberLines.prefixBit != 0 } ?? numbers.endIndex
    add(Array(numbers[..<border]), isPrefix: false, &record)
    add(numbers[border...].map { $0 & ~NumberLines.prefixBit }, isPrefix: true, &record)
    record.applied += numbers.count
    if record.added > old.added { withdraw() }
    if record.applied < record.total {
      doNotCallImports.records[record.importID] = record
      output.transaction.changes.append(
        .setDoNotCallProgress(record.importID, applied: record.applied, added: record.added))
      askPiece(record, from: record.applied + (DoNotCallImports.lanes - 1) * DoNotCallImports.pieceCount)
    } else {
      complete(record)
    }
  }

  private func add(_ digits: [UInt64], isPrefix: Bool, _ record: inout DoNotCallImport) {
    guard !digits.isEmpty else { return }
    var batch = DoNotCallBatch(scope: record.scope, isPrefix: isPrefix, digits: digits)
    batch.digits = doNotCall.add(batch)
    record.added += batch.digits.count
    guard !batch.digits.isEmpty else { return }
    output.transaction.changes.append(.addDoNotCallBatch(batch, reason: record.reason, at: now.wall))
    if isPrefix {
      jobs.append(StandingPass(of: campaignOrder, self))
    } else {
      for number in batch.digits { for lead in leads.leads(with: PhoneNumber(digits: number)) { stale.add(lead) } }
    }
  }

  private func complete(_ record: DoNotCallImport) {
    var record = record
    record.state = .committed
    record.finishedAt = now.wall
    store(record)
    sayDoNotCallChanged(record.scope) { writer in
      writer.member("added", Int64(record.added))
      writer.member("importID", record.importID.rawValue)
    }
    askNumbers(record, .discard) { [self] _ in end(record, .success(Self.summary(record))) }
  }

  private func end(_ record: DoNotCallImport, _ answer: Result<JSON, RequestError>) {
    doNotCallImports.began[record.importID] = nil
    for command in doNotCallImports.waiters.removeValue(forKey: record.importID) ?? [] { finish(command, answer) }
  }
}

/// What an answer of the host comes to, when the store can be written.
private final class NumberImportStep: EngineJob {
  let writes = true
  private let body: (Engine) -> Void
  init(_ body: @escaping (Engine) -> Void) { self.body = body }

  func step(_ engine: Engine) -> Bool {
    body(engine)
    return true
  }
}
