import DialerModel
import LeadImport
import LeadStore

/// Finds the lead that a row means, by the indexes of the database.
final class ImportMatcher {
  private let reader: StoreReader
  private let match: ImportMatch

  init(reader: StoreReader, match: ImportMatch) {
    self.reader = reader
    self.match = match
  }

  /// One view of the database for many questions.
  func inOneView(_ body: () throws(StoreError) -> Void) throws(StoreError) { try reader.inOneView(body) }

  /// The lead that is the same as the draft: one of the list before others of the scope, an older one before a younger.
  /// Archived leads are not found: what arrives anew is to be dialled.
  func existing(_ draft: LeadDraft, for list: ListID, in scope: Set<ListID>) throws(StoreError) -> StoredMatch? {
    var best: StoredMatch?
    for candidate in try candidates(draft) where scope.contains(candidate.listID) && !candidate.isArchived {
      if let best, !comes(candidate, before: best, list) { continue }
      if try isSame(candidate, draft) { best = candidate }
    }
    return best
  }

  private func comes(_ first: StoredMatch, before second: StoredMatch, _ list: ListID) -> Bool {
    (first.listID == list ? 0 : 1, first.leadID) < (second.listID == list ? 0 : 1, second.leadID)
  }

  private func candidates(_ draft: LeadDraft) throws(StoreError) -> [StoredMatch] {
    switch match {
    case .vendorLeadCode:
      guard let code = draft.vendorLeadCode else { return [] }
      return try reader.candidates(vendorLeadCode: code)
    case .phone, .phoneAndSource, .phoneAndEmail:
      var found: [StoredMatch] = []
      for phone in draft.phones.all { found += try reader.candidates(phone: phone) }
      return found
    case .nameAndEmail:
      let email = draft.emailKey
      return email == 0 || draft.nameKey == 0 ? [] : try reader.candidates(emailKey: email)
    }
  }

  private func isSame(_ candidate: StoredMatch, _ draft: LeadDraft) throws(StoreError) -> Bool {
    switch match {
    case .vendorLeadCode, .phone: true
    case .phoneAndSource: try reader.source(of: candidate.leadID) == draft.source
    case .phoneAndEmail: candidate.emailKey == draft.emailKey
    case .nameAndEmail: candidate.nameKey == draft.nameKey
    }
  }
}
