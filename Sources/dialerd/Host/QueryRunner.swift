import ControlProtocol
import DaemonSystem
import DialerEngine
import DialerModel
import Foundation
import LeadStore

/// Answers the engine's questions to the store on threads beside the loop, so that a long one stalls no call. One lead
/// by its id is read on the loop's own thread: it costs a few microseconds, less than going to a thread and back.
///
/// What an index answers has a thread of its own: at five million leads it would else wait for seconds behind a question
/// that takes a pass over all of them.
///
/// `@unchecked Sendable`: what is touched off the loop's thread is the store (which is made for that) and two readers,
/// each of which, with its pages, only its serial queue touches.
final class QueryRunner: @unchecked Sendable {
  /// Questions under way; more are refused as busy.
  private static let maximumQueued = 10_000

  private let loop: EventLoop
  private let store: LeadStore
  private let near: StoreReader
  private let far: StoreReader
  private let long: StoreReader
  private let farPages: LeadPages
  private let longPages: LeadPages
  private let thread = SerialThread(name: "dialerd.queries")
  private let longThread = SerialThread(name: "dialerd.passes")
  private let imports: ImportRunner
  private let numbers: NumberFileRunner
  private var queued = 0
  var onAnswer: ((QueryID, QueryAnswer) -> Void)?

  init(loop: EventLoop, store: LeadStore, settings: EngineSettings) throws(StoreError) {
    self.loop = loop
    self.store = store
    numbers = NumberFileRunner(loop: loop, database: store.path)
    near = try store.makeReader()
    far = try store.makeReader()
    long = try store.makeReader()
    farPages = LeadPages(far)
    longPages = LeadPages(long)
    imports = try ImportRunner(loop: loop, store: store, settings: settings)
  }

  /// After a reload.
  func set(_ settings: EngineSettings) { imports.set(settings) }

  func run(_ query: EngineQuery) {
    if case .lead(let lead) = query.question {
      onAnswer?(query.id, Self.answer { () throws(StoreError) in .lead(try self.near.lead(lead).map(KnownLead.init)) })
      return
    }
    if case .barrier = query.question { return onAnswer?(query.id, .done(.null)) ?? () }
    if case .fieldIndexed(let field) = query.question {
      store.whenIndexed(field) { [loop, self] result in
        loop.post { [self] in
          onAnswer?(
            query.id,
            Self.answer { () throws(StoreError) in
              try result.get()
              return .done(.null)
            })
        }
      }
      return
    }
    if case .importing(let request) = query.question {
      imports.run(request) { [self] answer in onAnswer?(query.id, answer) }
      return
    }
    if case .candidates(let probe) = query.question {
      onAnswer?(
        query.id,
        Self.answer { () throws(StoreError) in .candidates(try self.near.leads(probe).map(KnownLead.init)) })
      return
    }
    if case .numbers(let request) = query.question {
      numbers.run(request) { [self] answer in onAnswer?(query.id, answer) }
      return
    }
    guard queued < Self.maximumQueued else {
      onAnswer?(query.id, .failed(.busy("queries")))
      return
    }
    queued += 1
    thread.run { [self] in
      // What cannot even be planned says so when it is asked.
      guard (try? takesPass(query.question)) ?? false else { return answer(query, far) }
      longThread.run { [self] in answer(query, long) }
    }
  }

  private func answer(_ query: EngineQuery, _ reader: StoreReader) {
    let answer = Self.answer { () throws(StoreError) in
      let isBehind = try self.bringUp(for: query.question)
      let answer = try self.answer(query.question, reader)
      return isBehind ? .behind(answer, asOf: try reader.projectedAt()) : answer
    }
    loop.post { [self] in
      queued -= 1
      onAnswer?(query.id, answer)
    }
  }

  /// Whether the answer may need all leads or all attempts.
  private func takesPass(_ question: QueryQuestion) throws(StoreError) -> Bool {
    switch question {
    case .find(let query), .leadIDs(let query): try far.takesPass(query)
    case .attempts(let filter, _, _, _): !filter.isOfFew
    case .leadIDsByPhone(let entries): entries.contains(where: \.isPrefix)
    case .lead, .candidates, .attempt, .importing, .numbers, .barrier, .fieldIndexed: false
    case .sameValue, .campaignStatistics, .listStatusCounts, .attemptHistory, .filterBits, .verifyEvidence,
      .exportEvidence, .backup:
      true
    }
  }

  /// Brings the projection up. Where that cannot be written readers see what there is.
  ///
  /// - Returns: whether the store stays behind.
  private func bringUp(for question: QueryQuestion) throws(StoreError) -> Bool {
    switch question {
    // What clients write is on disk with its transaction; only what calls change comes behind. For changes of many it is
    // brought up in any case: a commit that finds much of it undone holds calls up.
    case .find(let query) where !query.dependsOnCalls: return false
    case .leadIDsByPhone: return false
    default: break
    }
    do throws(StoreError) {
      try store.flushProjection()
      return false
    } catch {
      guard question.isForReaders, [.full, .readOnly, .ioError].contains(error.kind) else { throw error }
      return true
    }
  }

  /// Events for a client that catches up, read beside the loop.
  func events(
    from seq: Int64, limit: Int, _ done: @escaping @Sendable (Result<[JournalEvent], StoreError>) -> Void
  ) {
    thread.run { [self] in
      let result = Result { () throws(StoreError) in try far.events(from: seq, limit: limit).events }
      loop.post { done(result) }
    }
  }

  func oldestSeq() throws(StoreError) -> Int64 { try near.oldestSeq() }

  private static func answer(_ body: () throws(StoreError) -> QueryAnswer) -> QueryAnswer {
    do throws(StoreError) {
      return try body()
    } catch {
      if let refusal = refusal(for: error) { return .failed(refusal) }
      return .failed(
        error.kind == .other
          ? .internalError("The store could not answer: \(error.message).")
          : .unavailable("store-failed", "The store could not answer: \(error.message)."))
    }
  }

  /// What is the client's fault.
  private static func refusal(for error: StoreError) -> RequestError? {
    let accepted: String
    switch error.codeName {
    case StoreError.badCursor: accepted = "the nextCursor of an answer with the same sort"
    case StoreError.longFilter: accepted = "fewer of them"
    default: return nil
    }
    return .invalidParams(
      field: error.codeName, value: nil, accepted: [accepted], message: "\(error.codeName): \(error.message).")
  }

  private func answer(_ question: QueryQuestion, _ reader: StoreReader) throws(StoreError) -> QueryAnswer {
    switch question {
    case .lead(let lead): return .lead(try reader.lead(lead).map(KnownLead.init))
    case .candidates(let probe): return .candidates(try reader.leads(probe).map(KnownLead.init))
    case .find(let query):
      let found = try (reader === long ? longPages : farPages).find(query, at: SystemClock.monotonic())
      return .leads(found.leads.map(KnownLead.init), nextCursor: found.next)
    case .sameValue(let field, let lists):
      let found = try reader.leadsWithSameValue(field, lists: lists)
      return .leadIDs(found.map { [$0.0, $0.1] } ?? [])
    case .leadIDs(let query): return .leadIDs(try allIDs(query, reader))
    case .leadIDsByPhone(let entries): return .leadIDs(try leadIDs(entries, reader))
    case .attempts(let filter, let limit, let cursor, let evidence):
      return try attempts(filter, limit, cursor, evidence, reader)
    case .attempt(let id):
      return .attempts(try reader.attempt(id).map { [$0.attempt] } ?? [], nextCursor: nil)
    case .campaignStatistics(let campaign, let since):
      return .statistics(Statistics.json(try reader.callCounts(campaignID: campaign, since: since ?? .distantPast)))
    case .listStatusCounts(let list):
      var counts: [String: Int] = [:]
      for count in try reader.statusCounts(lists: [list]) {
        counts[count.status.description, default: 0] += count.leads
      }
      return .statusCounts(counts.keys.sorted().map { ($0, counts[$0] ?? 0) })
    case .attemptHistory(let since):
      var rows: [AttemptTrace] = []
      try store.attempts(since: since) { rows.append($0) }
      return .history(rows)
    case .filterBits(let list, let leaves):
      var bits: [(LeadID, UInt64)] = []
      try reader.evaluate(leaves, lists: [list]) { bits.append(($0, $1)) }
      return .filterBits(bits)
    case .verifyEvidence(let range, let walk):
      return .evidenceWalk(try reader.verifyEvidence(range, from: walk, rows: StoreReader.rowsAtOnce))
    case .exportEvidence(let range, let tenant, let after):
      let found = try reader.evidence(range, tenant: tenant, after: after, limit: EvidenceTable.attemptsAtOnce)
      let text = EvidenceTable.text(found.attempts, withHeading: after == nil)
      return .evidenceText(text, attempts: found.attempts.count, next: found.next)
    case .importing, .numbers, .barrier, .fieldIndexed: return .done(.null)
    case .backup(let path):
      do throws(StoreError) {
        try store.backup(to: path)
      } catch {
        guard error.codeName == "exists" else { throw error }
        return .failed(.alreadyExists("file", .string(path)))
      }
      let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.int64Value
      return .done(["path": .string(path), "bytes": size.map { JSON($0) } ?? .null])
    }
  }

  /// All that a filter takes, page by page.
  private func allIDs(_ query: LeadQuery, _ reader: StoreReader) throws(StoreError) -> [LeadID] {
    var query = query
    query.limit = 100_000
    var ids: [LeadID] = []
    while true {
      let page = try reader.findIDs(query)
      ids += page.leadIDs
      guard let next = page.next else { return ids }
      query.cursor = next
    }
  }

  /// Leads with one of these numbers, or with a number of one of these prefixes.
  private func leadIDs(_ entries: [DoNotCallEntry], _ reader: StoreReader) throws(StoreError) -> [LeadID] {
    var found: Set<LeadID> = []
    for entry in entries {
      let phone = PhoneNumber(digits: entry.digits)
      if entry.isPrefix {
        var query = LeadQuery()
        query.filter = .compare(.phone, .prefix, [.text("+\(entry.digits)")])
        found.formUnion(try allIDs(query, reader))
      } else {
        found.formUnion(try reader.leadIDs(phone: phone))
      }
    }
    return found.sorted()
  }

  private func attempts(
    _ filter: AttemptFilter, _ limit: Int, _ cursor: String?, _ evidence: Bool, _ reader: StoreReader
  ) throws(StoreError) -> QueryAnswer {
    let before = cursor.flatMap { Int64($0, radix: 36) }.map { AttemptID($0) }
    if cursor != nil, before == nil {
      return .failed(
        .invalidParams(
          field: "cursor", value: cursor.map { .string($0) }, accepted: ["the nextCursor of an answer"],
          message: "cursor: this is no cursor of an answer to report.calls."))
    }
    let found = try reader.report(filter, limit: limit, before: before)
    var attempts = found.attempts.map(\.attempt)
    if evidence {
      for place in attempts.indices { attempts[place].evidence = try reader.evidence(attempts[place].attemptID) ?? [] }
    }
    return .attempts(attempts, nextCursor: found.next.map { String($0.rawValue, radix: 36) })
  }
}
