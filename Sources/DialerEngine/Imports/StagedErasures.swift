import DialerModel

/// Whoever is deleted must not come back out of a file that was sent before.
extension Engine {
  /// - Parameters:
  ///   - ids: leads that are deleted in this turn's transaction; what has to go of them is in the same.
  ///   - owner: the tenant of them all; nil = their lists say.
  func eraseStaged(_ ids: [LeadID], of owner: TenantID? = nil) {
    let open = imports.ordered.filter { !$0.isFinished }
    guard !open.isEmpty else { return }
    var codes: [TenantID: Set<UInt64>] = [:]
    var phones: [TenantID: Set<UInt64>] = [:]
    for lead in ids {
      guard let record = leads.record(lead) else { continue }
      let tenant = owner ?? tenant(of: record)
      let code = leads.codeKey(lead)
      if code != 0 { codes[tenant, default: []].insert(code) }
      phones[tenant, default: []].formUnion(record.phones.all.map(\.digits))
    }
    for record in open {
      let (code, phone) = (codes[record.tenant] ?? [], phones[record.tenant] ?? [])
      guard !code.isEmpty || !phone.isEmpty else { continue }
      let erasure = StagedErasure(
        number: (imports.erasures.keys.max() ?? 0) + 1, importID: record.importID, codeKeys: code, phones: phone)
      imports.erasures[erasure.number] = erasure
      output.transaction.changes.append(.putErasure(erasure))
      eraseHidden(erasure)
      carryOut(record.importID)
    }
  }

  /// Rows on their way to becoming leads go as well.
  private func eraseHidden(_ erasure: StagedErasure) {
    guard let commit = hiddenImport, commit.record.importID == erasure.importID else { return }
    commit.erased.add(erasure)
    commit.sought.add(erasure)
    guard !commit.isErasing else { return }
    commit.isErasing = true
    jobs.append(HiddenErasureJob(commit))
  }

  /// One pass over the rows takes out all that is due, and what comes during one waits for the next: a list of a million
  /// leads is deleted in thousands of pieces.
  ///
  /// - Parameter waits: false ahead of a commit: what it asks next must find the rows gone.
  private func carryOut(_ id: ImportID, waits: Bool = true) {
    let isCounting = imports.commit.map { $0.record.importID == id && $0.phase == .counting } ?? false
    guard !(waits && !isCounting && imports.erasing.contains(id)) else { return }
    let due = imports.erasures.keys.sorted().compactMap { imports.erasures[$0] }.filter { $0.importID == id }
    guard !due.isEmpty else { return }
    guard let record = imports.records[id], !record.isFinished else { return due.forEach(forget) }
    imports.erasing.insert(id)
    askImport(record, .erase(due)) { [self] answer in
      imports.erasing.remove(id)
      // What could not be done is done with the next deletion, after the next start, or ahead of the commit.
      guard case .imported = answer else { return }
      due.forEach(forget)
      carryOut(id)
    }
  }

  private func forget(_ erasure: StagedErasure) {
    guard imports.erasures.removeValue(forKey: erasure.number) != nil else { return }
    output.transaction.changes.append(.deleteErasure(erasure.number))
  }

  /// Those that are left: after a start all of them, ahead of a commit its own.
  func carryOutErasures(of id: ImportID? = nil) {
    let due = id.map { [$0] } ?? Set(imports.erasures.values.map(\.importID)).sorted()
    for id in due { carryOut(id, waits: false) }
  }

  /// With the import's rows everything has gone.
  func forgetErasures(of id: ImportID) {
    for number in imports.erasures.keys.sorted() {
      if let erasure = imports.erasures[number], erasure.importID == id { forget(erasure) }
    }
  }

  /// The leads of a chunk without those of somebody who was deleted after their rows were read.
  func withoutErased(_ leads: [ImportedLead], _ commit: ImportCommit) -> [ImportedLead] {
    guard !commit.erased.isEmpty else { return leads }
    return leads.filter { lead in
      let code = lead.vendorLeadCode.map { TextKey.hash($0.utf8) } ?? 0
      let isErased = commit.erased.takes(codeKey: code, phones: lead.phones.all.map(\.digits))
      if isErased { commit.noteErased(isDuplicate: lead.isDuplicate) }
      return !isErased
    }
  }
}

extension ImportCommit {
  func noteErased(isDuplicate: Bool) {
    if isDuplicate { erasedDuplicates += 1 } else { erasedAdded += 1 }
  }
}

/// Takes hidden leads of those who are deleted away, a bounded piece a turn; who is deleted meanwhile has a round behind
/// this one.
final class HiddenErasureJob: EngineJob {
  let writes = true
  private let commit: ImportCommit
  private var people = ErasedPeople()
  private var next: UInt32 = 0

  init(_ commit: ImportCommit) {
    self.commit = commit
    begin()
  }

  private func begin() {
    people = commit.sought
    commit.sought = ErasedPeople()
    next = commit.record.firstLeadID.rawValue
  }

  func step(_ engine: Engine) -> Bool {
    // Taken back: they are gone anyway.
    guard engine.hiddenImport === commit, commit.phase == .adding else { return finish(engine) }
    let end = commit.record.firstLeadID.rawValue + UInt32(commit.record.reserved)
    let stop = min(end, next + UInt32(Engine.Bounds.bulk))
    while next < stop {
      let lead = LeadID(next)
      next += 1
      guard let record = engine.leads.hiddenRecord(lead),
        people.takes(codeKey: engine.leads.codeKey(lead), phones: record.phones.all.map(\.digits))
      else { continue }
      commit.noteErased(isDuplicate: record.state.status == .dup)
      engine.leads.removeHidden(lead)
      engine.output.transaction.changes.append(.deleteHiddenLeads(from: lead, count: 1))
    }
    return next >= end ? finish(engine) : false
  }

  private func finish(_ engine: Engine) -> Bool {
    let isAdding = engine.hiddenImport === commit && commit.phase == .adding
    if isAdding, !commit.sought.isEmpty {
      begin()
      return false
    }
    commit.isErasing = false
    if isAdding, commit.isReadyToShow { engine.show(commit) }
    return true
  }
}
