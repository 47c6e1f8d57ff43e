import DialerModel

/// Whoever is deleted must not come back out of a file that was sent before.
extension Engine {
  /// - Parameter ids: leads that are deleted in this turn's transaction; what has to go of them is in the same.
  func eraseStaged(_ ids: [LeadID]) {
    let open = imports.ordered.filter { !$0.isFinished }
    guard !open.isEmpty else { return }
    var codes: [TenantID: Set<UInt64>] = [:]
    var phones: [TenantID: Set<UInt64>] = [:]
    for lead in ids {
      guard let record = leads.record(lead) else { continue }
      let tenant = tenant(of: record)
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
      carryOut(erasure)
    }
  }

  /// Rows on their way to becoming leads go as well.
  private func eraseHidden(_ erasure: StagedErasure) {
    guard let commit = hiddenImport, commit.record.importID == erasure.importID else { return }
    commit.erasures.append(erasure)
    commit.erasing += 1
    jobs.append(HiddenErasureJob(commit, erasure))
  }

  private func carryOut(_ erasure: StagedErasure) {
    guard let record = imports.records[erasure.importID], !record.isFinished else { return forget(erasure) }
    askImport(record, .erase(codeKeys: erasure.codeKeys, phones: erasure.phones)) { [self] answer in
      // What could not be done is done after the next start, or ahead of the commit.
      if case .imported = answer { forget(erasure) }
    }
  }

  private func forget(_ erasure: StagedErasure) {
    guard imports.erasures.removeValue(forKey: erasure.number) != nil else { return }
    output.transaction.changes.append(.deleteErasure(erasure.number))
  }

  /// Those that are left: after a start all of them, ahead of a commit its own.
  func carryOutErasures(of id: ImportID? = nil) {
    for number in imports.erasures.keys.sorted() {
      if let erasure = imports.erasures[number], id == nil || erasure.importID == id { carryOut(erasure) }
    }
  }

  /// With the import's rows everything has gone.
  func forgetErasures(of id: ImportID) {
    for number in imports.erasures.keys.sorted() {
      if let erasure = imports.erasures[number], erasure.importID == id { forget(erasure) }
    }
  }

  /// The leads of a chunk without those of somebody who was deleted after their rows were read.
  func withoutErased(_ leads: [ImportedLead], _ commit: ImportCommit) -> [ImportedLead] {
    guard !commit.erasures.isEmpty else { return leads }
    return leads.filter { lead in
      let code = lead.vendorLeadCode.map { TextKey.hash($0.utf8) } ?? 0
      let isErased = commit.erasures.contains { $0.takes(codeKey: code, phones: lead.phones.all.map(\.digits)) }
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

/// Takes hidden leads of somebody who is deleted away, a bounded piece a turn.
final class HiddenErasureJob: EngineJob {
  let writes = true
  private let commit: ImportCommit
  private let erasure: StagedErasure
  private var next: UInt32

  init(_ commit: ImportCommit, _ erasure: StagedErasure) {
    self.commit = commit
    self.erasure = erasure
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
        erasure.takes(codeKey: engine.leads.codeKey(lead), phones: record.phones.all.map(\.digits))
      else { continue }
      commit.noteErased(isDuplicate: record.state.status == .dup)
      engine.leads.removeHidden(lead)
      engine.output.transaction.changes.append(.deleteHiddenLeads(from: lead, count: 1))
    }
    return next >= end ? finish(engine) : false
  }

  private func finish(_ engine: Engine) -> Bool {
    commit.erasing -= 1
    if commit.erasing == 0, commit.isReadyToShow, commit.phase == .adding { engine.show(commit) }
    return true
  }
}
