import DialerModel
import LeadStore

/// What others do with leads while those of an import are written, which nobody sees yet.
///
/// A lead that is added one by one must come out as if it had been added before the import or after it, never beside it.
/// What was written before a chunk was asked for the chunk has seen. What is written while one is worked out is held
/// against it when it comes, and the chunk is worked out anew where the two meet. And who would meet a lead that is hidden
/// waits until it is seen.
struct LeadsMeanwhile {
  /// Written after the oldest chunk under way was asked for.
  private(set) var written: [(turn: Int64, lead: KnownLead)] = []
  /// The turns in which the chunks under way were asked for, oldest first.
  private var asked: [Int64] = []
  /// The turns of questions to the store that are not answered yet.
  private var questions: [Int64] = []
  /// Chunks that those questions may not have seen.
  private var unseen: [(turn: Int64, leads: [ImportedLead])] = []
  /// They go on when the import is seen, or taken back.
  var waiting: [() -> Void] = []

  mutating func wrote(_ lead: KnownLead, in turn: Int64) {
    if !asked.isEmpty { written.append((turn, lead)) }
  }

  mutating func asks(in turn: Int64) { asked.append(turn) }

  /// - Returns: what the oldest chunk under way has not seen.
  mutating func comes() -> [KnownLead] {
    let turn = asked.removeFirst()
    let unseen = written.filter { $0.turn > turn }.map(\.lead)
    let next = asked.first ?? .max
    written.removeAll { $0.turn <= next }
    return unseen
  }

  mutating func took(_ leads: [ImportedLead], in turn: Int64) {
    if !questions.isEmpty { unseen.append((turn, leads)) }
  }

  mutating func beginQuestion(in turn: Int64) { questions.append(turn) }

  /// - Returns: hidden leads that the answer may not know.
  mutating func endQuestion(of turn: Int64) -> [ImportedLead] {
    let leads = unseen.filter { $0.turn > turn }.flatMap(\.leads)
    if let place = questions.firstIndex(of: turn) { questions.remove(at: place) }
    let oldest = questions.min() ?? .max
    unseen.removeAll { $0.turn <= oldest }
    return leads
  }
}

extension ImportedLead {
  var subject: MatchSubject {
    MatchSubject(
      vendorLeadCode: vendorLeadCode, phones: phones, source: details.source, emailKey: emailKey, nameKey: nameKey)
  }

  /// As far as rules for fields are concerned.
  func known(in list: ListID) -> KnownLead {
    var record = LeadRecord(leadID: leadID, listID: list, phones: phones, zone: 0, entered: details.createdAt)
    record.emailKey = emailKey
    record.nameKey = nameKey
    record.rank = rank
    return KnownLead(record: record, vendorLeadCode: vendorLeadCode, details: details, touch: LeadTouch())
  }
}

extension Engine {
  /// The import whose leads are being written; nil = every lead that there is, is seen.
  var hiddenImport: ImportCommit? {
    guard let commit = imports.commit, commit.phase == .adding || commit.phase == .rollingBack else { return nil }
    return commit
  }

  // MARK: - A chunk that comes

  /// Whether the chunk would have come out otherwise with these leads there.
  func meets(_ chunk: ImportChunk, _ others: [KnownLead], _ commit: ImportCommit) -> Bool {
    guard !others.isEmpty, let list = lists[commit.record.listID] else { return false }
    let rule = commit.record.options.matchRule
    let scope = lists(in: rule.scope, of: list)
    var keys: Set<UInt64> = []
    var values: Set<UInt64> = []
    for other in others where tenant(of: other.record) == list.tenant {
      // With `add` it is all the same whether another is there.
      if rule.onMatch != .add, scope.contains(other.record.listID) { keys.formUnion(rule.keys(of: other.subject)) }
      values.formUnion(uniqueValues(other, list.tenant) { _ in true }.map(\.key))
    }
    guard !keys.isEmpty || !values.isEmpty else { return false }
    if chunk.values.contains(where: values.contains) { return true }
    return chunk.leads.contains { lead in
      rule.keys(of: lead.subject).contains(where: keys.contains)
        || (!values.isEmpty && has(lead, oneOf: values, list))
    }
  }

  private func has(_ lead: ImportedLead, oneOf values: Set<UInt64>, _ list: LeadList) -> Bool {
    uniqueValues(lead.known(in: list.listID), list.tenant) { _ in true }.contains { values.contains($0.key) }
  }

  // MARK: - A lead that is added or changed

  /// Whether the lead is the same as one that is hidden, or has a value that is to be unique and that one of these has.
  ///
  /// - Parameters:
  ///   - rule: nil for a lead that is there already and is compared with no other.
  ///   - found: what the store answered, with hidden leads among it.
  ///   - unseen: hidden leads that the store did not know when it answered.
  func meetsHidden(
    _ lead: KnownLead, _ rule: MatchRule?, _ values: [UniqueValue], _ list: LeadList, _ commit: ImportCommit,
    found: [KnownLead] = [], unseen: [ImportedLead] = []
  ) -> Bool {
    let target = commit.record.listID
    guard list.tenant == commit.record.tenant else { return false }
    let rule = rule.flatMap { rule in
      rule.onMatch != .add && lists(in: rule.scope, of: list).contains(target) ? rule : nil
    }
    let keys = Set(values.map(\.key))
    func meets(_ other: KnownLead) -> Bool {
      rule?.matches(lead.subject, other.subject) ?? false
        || (!keys.isEmpty && uniqueValues(other, list.tenant) { _ in true }.contains { keys.contains($0.key) })
    }
    if let code = lead.vendorLeadCode, leads.hidesLead(withCode: code) {
      if rule?.key == .vendorLeadCode || values.contains(where: { $0.field == .vendorLeadCode }) { return true }
    }
    if found.contains(where: { leads.isHidden($0.record.leadID) && meets($0) }) { return true }
    return unseen.contains { other in
      (rule?.matches(lead.subject, other.subject) ?? false) || (!keys.isEmpty && meets(other.known(in: target)))
    }
  }

  /// A question to the store that knows every lead of an import that is on its way, but for `unseen`.
  ///
  /// - Parameter then: gets the answer, and the import whose leads were hidden when it was asked.
  func askCandidates(
    _ probe: LeadProbe,
    _ then: @escaping (QueryAnswer, _ unseen: [ImportedLead], _ commit: ImportCommit?) -> Void
  ) {
    let (commit, turn) = (hiddenImport, turnNumber)
    commit?.meanwhile.beginQuestion(in: turn)
    // The leads that have just been shown are not on disk yet either.
    ask(.candidates(probe), afterCommit: commit != nil || imports.shownIn > committedTurn) { answer in
      then(answer, commit?.meanwhile.endQuestion(of: turn) ?? [], commit)
    }
  }

  /// The import is seen, or gone again.
  func goOnAfterHiding(_ commit: ImportCommit) {
    let waiting = commit.meanwhile.waiting
    commit.meanwhile.waiting = []
    for go in waiting { go() }
  }
}
