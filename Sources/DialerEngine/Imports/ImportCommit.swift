import ControlProtocol
import DialerModel
import LeadImport

/// The commit of an import: all of it is visible at one moment, and calls go on meanwhile.
///
/// First every new lead is written, in chunks, into memory and store, with ids that are set aside and that nobody sees.
/// Then one small transaction shows them all and writes the event. After it, what leads that were there before get from
/// the file is written, in chunks that may be written twice. A crash before the one moment takes the hidden leads away
/// and begins anew; one after it goes on.
extension Engine {
  func commitImport(_ command: Command) throws(RequestError) -> Answer {
    let record = try importRecord(of: command)
    let id = record.importID
    switch record.state {
    case .committed: return .done(Self.json(record.summary))
    case .cancelled: throw .conflict("import-is-cancelled", "The import was cancelled.")
    case .open:
      // From here on the list is not deleted. Another tenant may have made one with the id of one that was.
      guard lists[record.listID]?.tenant == record.tenant else {
        throw .notFound("list", JSON(record.listID.rawValue))
      }
    case .committing, .applying: break
    }
    guard !imports.reading.contains(id) else {
      throw .conflict("import-is-reading", "The file is still being read; import.status says how far it is.")
    }
    if command.isDryRun {
      askImport(record, .preview(.all, limit: 1, cursor: nil)) { [self] answer in
        guard case .imported(.reply(let reply)) = answer else { return answerFailed(command, answer) }
        finish(command, .success(reply["counts"] ?? .null))
      }
      return .later
    }
    imports.waiters[id, default: []].append(command)
    // One that a crash broke off is taken up by the first turn after the start, and needs no asking.
    if !imports.isBeingCommitted(record) {
      imports.waiting.append(id)
      commitNext()
    }
    return .later
  }

  private func commitNext() {
    // What a crash broke off comes first: until then nobody knows of the leads that it has hidden.
    guard !pendingStart, imports.commit == nil, !imports.waiting.isEmpty else { return }
    let id = imports.waiting.removeFirst()
    guard let record = imports.records[id] else { return commitNext() }
    let commit = ImportCommit(record, at: now.monotonic)
    imports.commit = commit
    carryOutErasures(of: id)
    askImport(record, .count) { [self] answer in
      guard case .imported(.count(let rows, let invalid)) = answer else { return fail(commit, answer) }
      begin(commit, rows: rows, invalid: invalid)
    }
  }

  private func begin(_ commit: ImportCommit, rows: Int, invalid: Int) {
    guard rows + invalid > 0 else {
      return fail(commit, .failed(.conflict("import-is-empty", "The import has no row.")))
    }
    guard UInt64(nextLeadID) + UInt64(rows) < UInt64(UInt32.max) else {
      return fail(commit, .failed(.busy("leads", "There are no more ids for leads.")))
    }
    commit.phase = .adding
    commit.rows = rows
    commit.record.state = .committing
    commit.record.firstLeadID = LeadID(nextLeadID)
    commit.record.reserved = rows
    nextLeadID += UInt32(rows)
    leads.hide(from: commit.record.firstLeadID, count: rows)
    output.transaction.changes.append(.hideLeads(from: commit.record.firstLeadID, count: rows))
    store(commit.record)
    askImport(commit.record, .begin(firstLeadID: commit.record.firstLeadID, at: now.wall)) { [self] answer in
      guard case .imported = answer else { return fail(commit, answer) }
      if isDialling { goOnCommitting(commit.record.importID) } else { askMore(commit) }
    }
  }

  // MARK: - New leads, hidden

  var isDialling: Bool {
    !calls.isEmpty || !reservations.isEmpty || campaignOrder.contains(where: \.isRunning)
  }

  /// While nobody dials, one large chunk is worked out while another is written. Beside calls a small one goes at a
  /// time, and calls then have the writer for themselves for twice as long as it took: they keep more than half their
  /// rate.
  private func askMore(_ commit: ImportCommit) {
    if isDialling {
      guard commit.asked == 0 else { return }
      let begun = now.monotonic
      ask(.barrier) { [self] _ in
        let pause = Interval(milliseconds: (now.monotonic - begun).milliseconds * 2 + 1)
        timers.set(.importGoesOn(commit.record.importID), at: now.monotonic + pause)
      }
    } else {
      while commit.asked < ImportRequest.commitDepth { askNext(commit, rows: Bounds.committedAlone(of: commit.rows)) }
    }
  }

  func goOnCommitting(_ id: ImportID) {
    guard let commit = imports.commit, commit.record.importID == id, commit.phase == .adding, commit.asked == 0 else {
      return
    }
    askNext(commit, rows: Bounds.committedBesideCalls)
  }

  private func askNext(_ commit: ImportCommit, rows: Int) {
    commit.asked += 1
    commit.meanwhile.asks(in: turnNumber)
    askImport(commit.record, .next(rows: rows)) { [self] answer in
      commit.asked -= 1
      // A chunk behind the last, behind one that failed, or behind one that is worked out anew.
      guard commit.phase == .adding, imports.commit === commit else { return }
      let others = commit.meanwhile.comes()
      guard !commit.takesBack else { return }
      guard case .imported(.leads(let chunk)) = answer else { return fail(commit, answer) }
      guard !meets(chunk, others, commit) else { return takeBackChunk(commit) }
      take(chunk, commit)
    }
  }

  /// A lead that was added meanwhile stands in the way of the chunk: this one and those behind it are worked out anew.
  private func takeBackChunk(_ commit: ImportCommit) {
    commit.takesBack = true
    askImport(commit.record, .takeBack(chunks: 1 + commit.asked)) { [self] answer in
      guard commit.phase == .adding, imports.commit === commit else { return }
      commit.takesBack = false
      guard case .imported = answer else { return fail(commit, answer) }
      askMore(commit)
    }
  }

  private func take(_ chunk: ImportChunk, _ commit: ImportCommit) {
    var chunk = chunk
    chunk.leads = withoutErased(chunk.leads, commit)
    let zones = chunk.zones.map { names.zone($0, changes: &output.transaction.changes) }
    let places = chunk.regions.map {
      names.place(Place(region: $0.region, state: $0.state), changes: &output.transaction.changes)
    }
    let list = commit.record.listID
    let isFiltered = campaigns(with: list).contains { $0.assigned[list]?.filter != nil }
    var new: [NewLead] = []
    new.reserveCapacity(chunk.leads.count)
    for lead in chunk.leads {
      var record = LeadRecord(
        leadID: lead.leadID, listID: list, phones: lead.phones, zone: zones[lead.zone],
        entered: lead.details.createdAt)
      record.zoneSource = lead.zoneSource
      record.place = places[lead.place]
      record.rank = lead.rank
      record.emailKey = lead.emailKey
      record.nameKey = lead.nameKey
      if lead.isDuplicate { record.state.status = .dup }
      leads.put(record, vendorLeadCode: lead.vendorLeadCode)
      if isFiltered {
        judgeFilters(
          KnownLead(
            record: record, vendorLeadCode: lead.vendorLeadCode, details: lead.details, touch: LeadTouch()))
      }
      new.append(NewLead(record: record, vendorLeadCode: lead.vendorLeadCode, details: lead.details))
    }
    if !new.isEmpty { output.transaction.changes.append(.addLeads(new)) }
    commit.meanwhile.took(chunk.leads, in: turnNumber)
    commit.planned.add(chunk.values)
    commit.rowsDone += chunk.rows
    guard chunk.isLast else { return askMore(commit) }
    commit.record.summary = chunk.summary
    commit.isReadyToShow = true
    if !commit.isErasing { show(commit) }
  }

  // MARK: - The one moment

  func show(_ commit: ImportCommit) {
    commit.record.summary.added -= commit.erasedAdded
    commit.record.summary.duplicates -= commit.erasedDuplicates
    let record = commit.record
    leads.show()
    imports.shownIn = turnNumber
    output.transaction.changes.append(.showLeads)
    commit.record.state = .applying
    commit.phase = .applying
    store(commit.record)
    let summary = record.summary
    emit(.importCommitted, list: record.listID) { writer in
      writer.member("importID", record.importID.rawValue)
      writer.member("added", Int64(summary.added))
      writer.member("updated", Int64(summary.updated))
      writer.member("moved", Int64(summary.moved))
      writer.member("skipped", Int64(summary.skipped))
      writer.member("duplicates", Int64(summary.duplicates))
      writer.member("invalid", Int64(summary.invalid))
      writer.member("cut", Int64(summary.cut))
    }
    jobs.append(ImportIndexJob(from: record.firstLeadID, count: record.reserved, self))
    goOnAfterHiding(commit)
    askChanges(commit)
  }

  // MARK: - The end

  func conclude(_ commit: ImportCommit) {
    commit.record.state = .committed
    commit.record.finishedAt = now.wall
    store(commit.record)
    forgetErasures(of: commit.record.importID)
    askImport(commit.record, .discard) { _ in }
    let summary = commit.record.summary
    writeLog(
      .notice, "import.committed",
      [
        ("import", .text(commit.record.importID.rawValue)), ("list", .number(Int64(commit.record.listID.rawValue))),
        ("added", .number(Int64(summary.added))), ("updated", .number(Int64(summary.updated))),
        ("invalid", .number(Int64(summary.invalid))),
        ("seconds", .seconds(now.monotonic - commit.startedAt)),
      ])
    for command in imports.waiters.removeValue(forKey: commit.record.importID) ?? [] {
      finish(command, .success(Self.json(summary)))
    }
    imports.commit = nil
    goOnAfterChanges(commit)
    commitNext()
  }

  private func fail(_ commit: ImportCommit, _ answer: QueryAnswer) {
    var error = RequestError.internalError("The import answered something else than it was asked.")
    if case .failed(let reason) = answer { error = reason }
    guard commit.phase == .adding else { return giveUp(commit, error) }
    commit.failure = error
    takeBack(commit)
  }

  private func giveUp(_ commit: ImportCommit, _ error: RequestError) {
    for command in imports.waiters.removeValue(forKey: commit.record.importID) ?? [] {
      finish(command, .failure(error))
    }
    imports.commit = nil
    commitNext()
  }

  /// Removes the hidden leads, a piece for each commit.
  private func takeBack(_ commit: ImportCommit) {
    if commit.phase != .rollingBack {
      commit.phase = .rollingBack
      commit.nextToRemove = commit.record.firstLeadID.rawValue
    }
    let end = commit.record.firstLeadID.rawValue + UInt32(commit.record.reserved)
    guard commit.nextToRemove < end else { return takenBack(commit) }
    let count = min(UInt32(Bounds.hidden), end - commit.nextToRemove)
    for id in commit.nextToRemove..<commit.nextToRemove + count { leads.removeHidden(LeadID(id)) }
    output.transaction.changes.append(.deleteHiddenLeads(from: LeadID(commit.nextToRemove), count: Int(count)))
    commit.nextToRemove += count
    ask(.barrier) { [self] _ in if imports.commit === commit { takeBack(commit) } }
  }

  private func takenBack(_ commit: ImportCommit) {
    leads.show()
    output.transaction.changes.append(.showLeads)
    commit.record.state = .open
    commit.record.firstLeadID = LeadID(0)
    commit.record.reserved = 0
    store(commit.record)
    commit.phase = .counting
    goOnAfterHiding(commit)
    goOnAfterChanges(commit)
    if let failure = commit.failure { return giveUp(commit, failure) }
    imports.waiting.insert(commit.record.importID, at: 0)
    imports.commit = nil
    commitNext()
  }

  // MARK: - After a crash

  func resumeImports() {
    let records = imports.ordered
    guard let first = records.first else { return }
    let open = Set(records.filter { !$0.isFinished }.map(\.importID))
    askImport(first, .sweep(keeping: open)) { _ in }
    carryOutErasures()
    for record in records {
      switch record.state {
      case .open: if record.options.path != nil { readOn(record.importID) }
      case .committing, .applying:
        let commit = ImportCommit(record, at: now.monotonic)
        commit.rows = record.reserved
        imports.commit = commit
        if record.state == .applying {
          commit.phase = .applying
          commit.rowsDone = commit.rows
          commit.planned.isUnknown = true
          askChanges(commit)
        } else {
          takeBack(commit)
        }
      case .committed, .cancelled: break
      }
    }
    commitNext()
  }
}

/// Brings the leads of an import into the indexes of the campaigns that dial its list, a bounded piece a turn.
final class ImportIndexJob: EngineJob {
  let writes = false
  private var next: UInt32
  private let end: UInt32

  init(from first: LeadID, count: Int, _ engine: Engine) {
    next = first.rawValue
    end = first.rawValue + UInt32(count)
    engine.standingPasses += 1
  }

  func step(_ engine: Engine) -> Bool {
    let stop = min(end, next + UInt32(Engine.Bounds.indexed))
    while next < stop {
      engine.refresh(LeadID(next))
      next += 1
    }
    if next >= end { engine.standingPasses -= 1 }
    return next >= end
  }
}
