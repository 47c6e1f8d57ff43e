import DialerModel
import LeadImport
import LeadStore

/// Says what becomes of a row, by the same rules as for a lead that a client adds: it only finds the leads that come into
/// question in another way, by the indexes of the database and by what the rows before have made.
final class RowJudge {
  enum Verdict {
    /// Nil = no lead matches.
    case takes(MatchDecision, match: MatchCandidate?)
    case refuses(RowFault)
  }

  private let reader: StoreReader
  private let alterations: StagedAlterations
  private let rule: MatchRule
  private let list: ListID
  /// What the list, campaigns and rules say now.
  var rules: ImportRules
  /// The fields that the file fills: of a lead that is there only these change.
  var filled: Set<ImportField> = []
  private let matchesByPhone: Bool
  /// Whether a row may give a lead of the rows before other numbers than those by which it is found.
  private var rowsChangePhones: Bool {
    matchesByPhone && filled.count { if case .phoneAt = $0 { true } else { false } } > 1
  }

  init(reader: StoreReader, alterations: StagedAlterations, rule: MatchRule, list: ListID, rules: ImportRules) {
    self.reader = reader
    self.alterations = alterations
    self.rule = rule
    self.list = list
    self.rules = rules
    matchesByPhone = [.phone, .phoneAndSource, .phoneAndEmail].contains(rule.key)
  }

  /// One view of the database for many questions.
  func inOneView(_ body: () throws(StoreError) -> Void) throws(StoreError) { try reader.inOneView(body) }

  /// - Parameter recent: leads of the rows before that may not be in the database yet.
  func judge(_ draft: LeadDraft, _ recent: RecentLeads) throws(StoreError) -> Verdict {
    let subject = draft.subject
    let match = rule.match(for: subject, arrivingIn: list, among: try candidates(subject, recent))
    let decision = match.map { rule.decision(matching: $0.leadID) } ?? .add
    switch decision {
    case .skip: return .takes(decision, match: match)
    case .reject:
      return .refuses(
        RowFault(
          field: rule.key.rawValue, reason: "already-exists", message: "A lead that matches is there already."))
    case .add, .addDuplicate, .update, .move:
      var changed: LeadID?
      if case .update(let lead) = decision { changed = lead }
      if case .move(let lead) = decision { changed = lead }
      if let fault = try uniqueFault(draft, not: changed, recent) { return .refuses(fault) }
      return .takes(decision, match: match)
    }
  }

  // MARK: - Leads that match

  private func candidates(_ subject: MatchSubject, _ recent: RecentLeads) throws(StoreError) -> [MatchCandidate] {
    var found: [MatchCandidate] = []
    // Archived leads are not found: what arrives anew is to be dialled.
    for match in try stored(subject) where rules.scope.contains(match.listID) && !match.isArchived {
      found.append(try candidate(match, subject))
    }
    for key in recent.isEmpty ? [] : rule.keys(of: subject) {
      guard let lead = recent.lead(matching: key) else { continue }
      // It has the key, so it matches, unless its numbers are others by now.
      var same = subject
      if let phones = try phones(of: lead) { same.phones = phones }
      found.append(MatchCandidate(leadID: lead, listID: list, subject: same))
    }
    if matchesByPhone, !alterations.isEmpty { try addAltered(subject, recent, &found) }
    return found
  }

  private func stored(_ subject: MatchSubject) throws(StoreError) -> [StoredMatch] {
    guard rule.applies(to: subject) else { return [] }
    switch rule.key {
    case .vendorLeadCode: return try subject.vendorLeadCode.map(reader.candidates(vendorLeadCode:)) ?? []
    case .phone, .phoneAndSource, .phoneAndEmail:
      var found: [StoredMatch] = []
      for phone in subject.phones.all { found += try reader.candidates(phone: phone) }
      return found
    case .nameAndEmail: return try reader.candidates(emailKey: subject.emailKey)
    }
  }

  private func candidate(_ match: StoredMatch, _ subject: MatchSubject) throws(StoreError) -> MatchCandidate {
    // Found by the code, it has the code.
    var other = MatchSubject(
      vendorLeadCode: rule.key == .vendorLeadCode ? subject.vendorLeadCode : nil, phones: match.phones,
      emailKey: match.emailKey, nameKey: match.nameKey)
    if rule.key == .phoneAndSource { other.source = try reader.source(of: match.leadID) }
    if let phones = try phones(of: match.leadID) { other.phones = phones }
    let moved = try alterations.keys(of: match.leadID, .list)?.first
    return MatchCandidate(
      leadID: match.leadID, listID: moved.map { ListID(UInt32(truncatingIfNeeded: $0)) } ?? match.listID, subject: other
    )
  }

  /// Leads that a row before has given one of the numbers.
  private func addAltered(
    _ subject: MatchSubject, _ recent: RecentLeads, _ found: inout [MatchCandidate]
  ) throws(StoreError) {
    for phone in subject.phones.all {
      for lead in try alterations.leads(given: phone.digits, .phones)
      where !found.contains(where: { $0.leadID == lead }) {
        if let match = try reader.candidate(lead) {
          guard rules.scope.contains(match.listID), !match.isArchived else { continue }
          found.append(try candidate(match, subject))
        } else if var other = recent.subject(of: lead) {
          if let phones = try phones(of: lead) { other.phones = phones }
          found.append(MatchCandidate(leadID: lead, listID: list, subject: other))
        }
      }
    }
  }

  private func phones(of lead: LeadID) throws(StoreError) -> PhoneSet? {
    guard matchesByPhone, let keys = try alterations.keys(of: lead, .phones) else { return nil }
    var phones = PhoneSet()
    for (place, digits) in keys.prefix(PhoneSet.capacity).enumerated() where digits != 0 {
      phones[place] = PhoneNumber(digits: digits)
    }
    return phones
  }

  // MARK: - Values that are to be unique

  private func uniqueFault(
    _ draft: LeadDraft, not lead: LeadID?, _ recent: RecentLeads
  ) throws(StoreError) -> RowFault? {
    guard rules.fieldRules.hasUnique else { return nil }
    for value in rules.fieldRules.uniqueValues(of: draft) {
      guard let holder = try holders(of: value, recent).first(where: { $0 != lead }) else { continue }
      return RowFault(field: value.field.name, reason: "not-unique", message: value.message(holder: holder))
    }
    return nil
  }

  private func holders(of value: UniqueValue, _ recent: RecentLeads) throws(StoreError) -> [LeadID] {
    var found = try reader.holders(of: value, in: rules.uniqueIn)
    if let lead = recent.lead(with: value) { found.append(lead) }
    guard !alterations.isEmpty else { return found }
    found += try alterations.leads(given: value.key, .field(value.field))
    var holders: [LeadID] = []
    for lead in found where try alterations.keys(of: lead, .field(value.field))?.contains(value.key) ?? true {
      holders.append(lead)
    }
    return holders
  }

  // MARK: - What a row makes

  /// A lead of its own, which the rows that follow may match.
  func note(_ lead: LeadID, _ draft: LeadDraft, _ recent: inout RecentLeads) {
    let subject = draft.subject
    recent.add(
      lead, keys: rule.keys(of: subject), values: rules.fieldRules.uniqueValues(of: draft),
      subject: rowsChangePhones ? subject : nil)
  }

  /// Another of a lead that is there: noted for the rows that follow.
  ///
  /// - Returns: the keys of values that are to be unique and that the lead gets.
  func alter(
    _ match: MatchCandidate, by draft: LeadDraft, moves: Bool, row: Int64, _ recent: RecentLeads
  ) throws(StoreError) -> [UInt64] {
    let lead = match.leadID
    if matchesByPhone {
      var phones = try phones(of: lead) ?? recent.subject(of: lead)?.phones ?? match.subject.phones
      let old = phones
      for case .phoneAt(let place) in filled { phones[place] = draft.phones[place] }
      if phones != old {
        try alterations.alter(lead, .phones, (0..<PhoneSet.capacity).map { phones[$0]?.digits ?? 0 }, row: row)
      }
    }
    // A code says which of two leads it is, wherever they stand.
    if moves, rule.key != .vendorLeadCode { try alterations.alter(lead, .list, [UInt64(list.rawValue)], row: row) }
    guard rules.fieldRules.hasUnique else { return [] }
    var given: [UInt64] = []
    let values = rules.fieldRules.uniqueValues(of: draft)
    for field in rules.fieldRules.uniqueFields where fills(field) {
      let value = values.first { $0.field == field }
      if let value, try holders(of: value, recent).contains(lead) { continue }
      try alterations.alter(lead, .field(field), value.map { [$0.key] } ?? [], row: row)
      if let value { given.append(value.key) }
    }
    return given
  }

  private func fills(_ field: FilterField) -> Bool { ImportField(name: field.name).map(filled.contains) ?? false }
}
