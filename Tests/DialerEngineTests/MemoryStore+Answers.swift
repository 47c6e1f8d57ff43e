import ControlProtocol
import DialerModel
import DialingRules

@testable import DialerEngine
@testable import LeadStore

/// Answers to the engine's questions, found by looking at everything.
extension MemoryStore {
  func answer(_ question: QueryQuestion, for engine: Engine) -> QueryAnswer {
    let answer = known(question, engine)
    return isBehind && question.isForReaders ? .behind(answer, asOf: behindSince) : answer
  }

  private func known(_ question: QueryQuestion, _ engine: Engine) -> QueryAnswer {
    switch question {
    case .lead(let lead): .lead(leads[lead])
    case .candidates(let probe): .candidates(candidates(probe, engine))
    case .find(let query): find(query, engine)
    case .fieldIndexed: .done(.null)
    case .sameValue(let field, let lists): .leadIDs(sameValue(field, lists, engine))
    case .leadIDs(let query): .leadIDs(matching(query, engine).map(\.record.leadID))
    case .leadIDsByPhone(let entries): .leadIDs(leadIDs(entries))
    case .attempts(let filter, let limit, let cursor, let evidence): report(filter, limit, cursor, evidence)
    case .attempt(let id): .attempts(attempts[id].map { [$0] } ?? [], nextCursor: nil)
    case .campaignStatistics(let campaign, let since): .statistics(statistics(campaign, since ?? .distantPast))
    case .listStatusCounts(let list): .statusCounts(statusCounts(list))
    case .attemptHistory(let since): .history(history(since))
    case .filterBits(let list, let leaves): .filterBits(bits(list, leaves, engine))
    case .verifyEvidence(_, let walk): .evidenceWalk(nextPiece(of: walk))
    case .exportEvidence(let range, let tenant, let after): records(range, tenant, after)
    case .importing(let request): .imported(Self.canned(request.step))
    case .barrier: .done(.null)
    case .numbers(let request): numberFiles.answer(request)
    case .backup(let path): .done(["path": .string(path), "bytes": 1])
    }
  }

  /// Two attempts a piece, so that the engine has to ask again.
  private func nextPiece(of walk: EvidenceWalk?) -> EvidenceWalk {
    let checked = min(attempts.count, (walk?.checked ?? 0) + 2)
    return EvidenceWalk(
      checked: checked, isFinished: checked == attempts.count,
      fault: checked == attempts.count ? brokenAttempt.map { .changed($0) } : nil)
  }

  private func records(_ range: EvidenceRange, _ tenant: TenantID?, _ after: AttemptID?) -> QueryAnswer {
    let found = attempts.values.filter { attempt in
      attempt.startedAt >= range.since ?? .distantPast && attempt.startedAt < range.until ?? .distantFuture
        && (tenant.map { $0 == attempt.tenant } ?? true) && (after.map { $0 < attempt.attemptID } ?? true)
    }.sorted { $0.attemptID < $1.attemptID }
    let page = Array(found.prefix(2))
    return .evidenceText(
      EvidenceTable.text(page, withHeading: after == nil), attempts: page.count,
      next: found.count > 2 ? page.last?.attemptID : nil)
  }

  /// An import of one row that is good and one that is not; what rows come to is tested where they are kept.
  private static func canned(_ step: ImportRequest.Step) -> ImportAnswer {
    switch step {
    case .open, .begin, .erase, .discard, .sweep: return .done
    case .readOn: return .more(false)
    case .count: return .count(rows: 1, invalid: 1)
    case .changes: return .changes([])
    case .next:
      var chunk = ImportChunk()
      chunk.isLast = true
      chunk.summary.invalid = 1
      return .leads(chunk)
    default: return .reply(["received": 10, "dropped": 1, "counts": ["rows": 2]])
    }
  }

  private func matching(_ query: LeadQuery, _ engine: Engine) -> [KnownLead] {
    leads.keys.sorted().compactMap { leads[$0] }.filter { lead in
      query.lists?.contains(lead.record.listID) ?? true
        && FilterEvaluator.takes(query.filter, value: LeadFields(engine: engine, lead: lead).value) {
          query.segments[$0]
        }
    }
  }

  private func sameValue(_ field: FilterField, _ lists: [ListID], _ engine: Engine) -> [LeadID] {
    var seen: [FilterValue: LeadID] = [:]
    for id in leads.keys.sorted() {
      guard let lead = leads[id], lists.contains(lead.record.listID),
        let value = LeadFields(engine: engine, lead: lead).value(field)
      else { continue }
      if let other = seen.updateValue(id, forKey: value) { return [other, id] }
    }
    return []
  }

  private func candidates(_ probe: LeadProbe, _ engine: Engine) -> [KnownLead] {
    leads.keys.sorted().compactMap { leads[$0] }.filter { lead in
      probe.leads.contains(lead.record.leadID) || lead.record.phones.all.contains(where: probe.phones.contains)
        || (probe.emailKey != 0 && lead.record.emailKey == probe.emailKey)
        || probe.values.contains { wanted in
          FilterEvaluator.takes(
            .compare(wanted.field, .eq, [wanted.value]), value: LeadFields(engine: engine, lead: lead).value)
        }
    }
  }

  private func find(_ query: LeadQuery, _ engine: Engine) -> QueryAnswer {
    let found = matching(query, engine)
    let start = query.cursor.flatMap { Int($0) } ?? 0
    let end = min(found.count, start + query.limit)
    return .leads(Array(found[start..<end]), nextCursor: end < found.count ? "\(end)" : nil)
  }

  private func leadIDs(_ entries: [DoNotCallEntry]) -> [LeadID] {
    leads.keys.sorted().filter { id in
      (leads[id]?.record.phones.all ?? []).contains { phone in
        entries.contains { entry in
          entry.isPrefix ? "\(phone.digits)".hasPrefix("\(entry.digits)") : phone.digits == entry.digits
        }
      }
    }
  }

  private func report(_ filter: AttemptFilter, _ limit: Int, _ cursor: String?, _ evidence: Bool) -> QueryAnswer {
    let before = cursor.flatMap { Int64($0) } ?? .max
    let found = attempts.values.filter { attempt in
      attempt.attemptID.rawValue < before && (filter.leadID.map { $0 == attempt.leadID } ?? true)
        && (filter.leadIDs.map { $0.contains(attempt.leadID) } ?? true)
        && (filter.tenant.map { $0 == attempt.tenant } ?? true)
        && (filter.callID.map { $0 == attempt.callID } ?? true)
        && (filter.campaignID.map { $0 == attempt.campaignID } ?? true)
        && (filter.outcome.map { $0 == attempt.outcome } ?? true)
    }.sorted { $0.attemptID > $1.attemptID }
    var page = Array(found.prefix(limit))
    if !evidence { for place in page.indices { page[place].evidence = [] } }
    return .attempts(page, nextCursor: found.count > limit ? page.last.map { "\($0.attemptID.rawValue)" } : nil)
  }

  private func statistics(_ campaign: CampaignID, _ since: Instant) -> JSON {
    let calls = attempts.values.filter { $0.campaignID == campaign && $0.startedAt >= since && $0.counted }
    return ["calls": JSON(calls.count)]
  }

  private func statusCounts(_ list: ListID) -> [(status: String, count: Int)] {
    var counts: [String: Int] = [:]
    for lead in leads.values where lead.record.listID == list { counts["\(lead.record.state.status)", default: 0] += 1 }
    return counts.keys.sorted().map { ($0, counts[$0] ?? 0) }
  }

  private func history(_ since: Instant) -> [AttemptTrace] {
    attempts.values.filter { $0.startedAt >= since }.sorted { $0.attemptID < $1.attemptID }.map { attempt in
      AttemptTrace(
        attemptID: attempt.attemptID, leadID: attempt.leadID, tenant: attempt.tenant, phone: attempt.phone,
        startedAt: attempt.startedAt, counted: attempt.counted, outcome: attempt.outcome,
        answeredAt: attempt.answeredAt, endedAt: attempt.endedAt)
    }
  }

  private func bits(_ list: ListID, _ leaves: [FilterExpression], _ engine: Engine) -> [(LeadID, UInt64)] {
    leads.keys.sorted().compactMap { leads[$0] }.filter { $0.record.listID == list }.map { lead in
      var bits: UInt64 = 0
      let value = LeadFields(engine: engine, lead: lead).value
      for (place, leaf) in leaves.enumerated() where FilterEvaluator.takes(leaf, value: value) {
        bits |= 1 << UInt64(place)
      }
      return (lead.record.leadID, bits)
    }
  }
}
