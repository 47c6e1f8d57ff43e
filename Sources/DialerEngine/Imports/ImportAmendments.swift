import ControlProtocol
import DialerModel
import LeadImport
import LeadStore

/// What leads that were there before get from a file: written once the new ones are seen, in pieces that may be written
/// twice.
extension Engine {
  func askChanges(_ commit: ImportCommit) {
    guard commit.record.summary.updated + commit.record.summary.moved > 0 else { return conclude(commit) }
    askImport(commit.record, .changes(after: commit.record.appliedRow)) { [self] answer in
      guard case .imported(.changes(let changes)) = answer else { return conclude(commit) }
      guard let last = changes.last else { return conclude(commit) }
      commit.changesLeft = changes.count
      commit.changesRow = last.row
      for change in changes { amend(change, commit) }
    }
  }

  /// In turn with others who change the same lead.
  private func amend(_ change: ImportChange, _ commit: ImportCommit, isLast: Bool = false) {
    let lead = change.leadID
    let run = { [self] in
      ask(.lead(lead)) { [self] answer in
        guard case .lead(.some(let stored)) = answer, let changed = changed(stored, by: change, commit) else {
          return amended(change, commit)
        }
        let values = uniqueValues(changed, commit.record.tenant) { change.fills($0) }
        guard !values.isEmpty else {
          applyUnlessTaken(change, stored, values, [], commit, isLast: isLast)
          return amended(change, commit)
        }
        var probe = LeadProbe()
        look(for: values, of: changed, &probe)
        ask(.candidates(probe), afterCommit: false) { [self] answer in
          var found: [KnownLead] = []
          if case .candidates(let stored) = answer { found = candidates(stored, probe) }
          applyUnlessTaken(change, stored, values, found, commit, isLast: isLast)
          amended(change, commit)
        }
      }
    }
    editing[lead, default: []].append(run)
    if editing[lead]?.count == 1 { run() }
  }

  private func amended(_ change: ImportChange, _ commit: ImportCommit) {
    let lead = change.leadID
    editing[lead]?.removeFirst()
    if let next = editing[lead]?.first { next() } else { editing[lead] = nil }
    commit.changesLeft -= 1
    guard commit.changesLeft == 0 else { return }
    // One after the other: each may be what the next has waited for.
    if !commit.deferred.isEmpty {
      commit.changesLeft = 1
      return amend(commit.deferred.removeFirst(), commit, isLast: true)
    }
    commit.record.appliedRow = commit.changesRow
    store(commit.record)
    askChanges(commit)
  }

  /// A value that another lead has may be about to become free by another change of the same piece. And what is asked of
  /// the same lead later stays behind it.
  private func applyUnlessTaken(
    _ change: ImportChange, _ stored: KnownLead, _ values: [UniqueValue], _ found: [KnownLead], _ commit: ImportCommit,
    isLast: Bool
  ) {
    guard let changed = changed(stored, by: change, commit) else { return }
    let isTaken =
      taken(values, by: change.leadID, commit.record.tenant, among: found).map { _, holder in
        // A new lead of the file got it from a row behind this one: after that row this lead has another.
        !commit.record.hasSetAside(holder)
      } ?? false
    if !isLast, isTaken || commit.deferred.contains(where: { $0.leadID == change.leadID }) {
      commit.deferred.append(change)
    } else if isTaken {
      // Somebody else got the value after the row was judged.
      if change.moves { commit.record.summary.moved -= 1 } else { commit.record.summary.updated -= 1 }
      commit.record.summary.invalid += 1
    } else {
      apply(changed)
    }
  }

  /// The lead as the row makes it; nil = it was deleted meanwhile, or its list is going.
  private func changed(_ stored: KnownLead, by change: ImportChange, _ commit: ImportCommit) -> KnownLead? {
    guard let record = leads.record(change.leadID), lists[record.listID] != nil else { return nil }
    var lead = stored
    lead.record = record
    ImportedFields(engine: self, change: change).apply(to: &lead)
    let isBusy = callByLead[change.leadID] != nil || reservations[change.leadID] != nil
    if change.moves, !isBusy, lead.record.listID != commit.record.listID {
      lead.record.listID = commit.record.listID
      lead.record.entered = now.wall
    }
    lead.details.updatedAt = now.wall
    return lead
  }

  private func apply(_ lead: KnownLead) {
    leads.put(lead.record, vendorLeadCode: lead.vendorLeadCode)
    unwrittenLeads.put(lead, turn: turnNumber)
    judgeFilters(lead)
    output.transaction.changes.append(
      .updateLead(lead.record, vendorLeadCode: lead.vendorLeadCode, details: lead.details))
    refresh(lead.record.leadID)
  }
}
