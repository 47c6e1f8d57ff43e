import DialerModel
import Testing

@testable import LeadStore

/// What the journal and the changes say, worked out in memory.
private struct Model {
  var leads: [LeadID: LeadRecord] = [:]
  var attempts: [AttemptID: Attempt] = [:]
  var evidence: [AttemptID: [UInt8]] = [:]
  var lags: [ListID: Int64] = [:]
  var lastSeq: Int64 = 0
  var nextLead: UInt32 = 1
  var nextAttempt: Int64 = 1

  mutating func take(_ event: JournalEvent) {
    lastSeq = event.seq
    if let lead = event.leadID, let state = event.leadState { leads[lead]?.state = state }
    for share in event.shares ?? [] { lags[share.listID] = share.lag }
    if var attempt = event.attempt {
      if event.type == .attemptStarted {
        evidence[attempt.attemptID] = attempt.evidence
        nextAttempt = attempt.attemptID.rawValue + 1
      }
      attempt.evidence = []
      attempts[attempt.attemptID] = attempt
    } else if let id = event.attemptID {
      if event.type == .attemptRinging { attempts[id]?.ringingAt = event.at }
    }
  }
}

/// Random turns of a daemon: leads come and go, calls begin, ring and end.
private struct Turns {
  var model = Model()
  var generator: SeededGenerator

  mutating func next() -> StoreTransaction {
    var transaction = StoreTransaction()
    switch generator.next() % 8 {
    case 0: add(&transaction)
    case 1: delete(&transaction)
    case 2: reset(&transaction)
    default: break
    }
    for _ in 0..<generator.next() % 6 { call(&transaction) }
    return transaction
  }

  private mutating func someLead() -> LeadID? {
    let ids = model.leads.keys.sorted()
    return ids.isEmpty ? nil : ids[Int(generator.next() % UInt64(ids.count))]
  }

  private mutating func add(_ transaction: inout StoreTransaction) {
    let lead = Make.lead(model.nextLead, list: UInt32(generator.next() % 3) + 1)
    model.nextLead += 1
    model.leads[lead.leadID] = lead
    transaction.changes.append(.addLead(lead, vendorLeadCode: "crm-\(lead.leadID)", details: Make.details()))
  }

  private mutating func delete(_ transaction: inout StoreTransaction) {
    guard generator.next() % 4 == 0, let lead = someLead() else { return }
    model.leads[lead] = nil
    transaction.changes.append(.deleteLeads([lead]))
  }

  private mutating func reset(_ transaction: inout StoreTransaction) {
    guard let lead = someLead() else { return }
    model.leads[lead]?.state = LeadState()
    transaction.changes.append(.setLeadStates([(lead, LeadState())]))
  }

  private mutating func call(_ transaction: inout StoreTransaction) {
    let open = model.attempts.values.filter { $0.endedAt == nil }.map(\.attemptID).sorted()
    let seq = model.lastSeq + 1
    let at = Instant.start + .seconds(seq)
    if !open.isEmpty, generator.next() % 2 == 0 {
      guard let attempt = model.attempts[open[Int(generator.next() % UInt64(open.count))]] else { return }
      if generator.next() % 2 == 0 {
        var ringing = Make.event(seq, .attemptRinging, at: at)
        ringing.attemptID = attempt.attemptID
        note(ringing, &transaction)
      } else {
        let called = (model.leads[attempt.leadID]?.state.calledCount ?? 0) + 1
        let ended = Make.ended(attempt, Outcome.allCases[Int(generator.next() % 14)])
        note(Make.event(seq, .attemptEnded, attempt: ended, state: Make.state(called: called), at: at), &transaction)
      }
    } else if let lead = someLead() {
      let evidence = "{\"seq\":\(seq)}"
      let attempt = Make.attempt(model.nextAttempt, lead: lead.rawValue, at: at, evidence: evidence)
      var started = Make.event(seq, .attemptStarted, attempt: attempt, state: Make.state(called: 1, at: at), at: at)
      started.shares = (1...3).map { ListShare(listID: ListID($0), lag: Int64(bitPattern: generator.next()) >> 20) }
      note(started, &transaction)
    }
  }

  private mutating func note(_ event: JournalEvent, _ transaction: inout StoreTransaction) {
    model.take(event)
    transaction.events.append(event)
  }
}

@Suite("Replay")
struct ReplayTests {
  /// Small numbers, so that batches begin, stop half-way and meet commits in every way.
  private func options(_ seed: UInt64) -> StoreOptions {
    var options = StoreOptions()
    options.projectionBatch = [1, 7, 40, 100_000][Int(seed % 4)]
    options.projectionBatchLimit = [3, 50, 1_000][Int(seed % 3)]
    options.projectionPieceMilliseconds = 0
    options.pendingLimit = seed % 5 == 0 ? 20 : 1_000
    options.checkpointPages = seed % 2 == 0 ? 8 : 1_000
    return options
  }

  @Test("after crashes at any point the store is what the journal implies", arguments: 1...12)
  func crashes(seed: Int) throws {
    let fixture = try Fixture()
    var turns = Turns(generator: SeededGenerator(seed: UInt64(seed)))
    for _ in 0..<6 {
      let store = try fixture.open(options(UInt64(seed)))
      let loaded = try Fixture.load(store)
      try check(loaded, try store.makeReader(), turns.model)
      let reader = try store.makeReader()
      for _ in 0..<turns.generator.next() % 60 {
        let transaction = turns.next()
        if transaction.isEmpty { continue }
        try store.commit(transaction)
        // Whatever part of a batch is projected.
        if turns.model.lastSeq % 4 == 0 { #expect(try reader.verifyEvidence().fault == nil) }
      }
      if turns.generator.next() % 4 == 0 { store.close() } else { store.abandon() }
    }
    let store = try fixture.open()
    let loaded = try Fixture.load(store)
    #expect(loaded.image.nextSeq > 1)
    try check(loaded, try store.makeReader(), turns.model)
    store.close()
  }

  private func check(_ loaded: Loaded, _ reader: StoreReader, _ model: Model) throws {
    #expect(loaded.leads == model.leads)
    #expect(loaded.image.nextSeq == model.lastSeq + 1)
    #expect(loaded.image.nextAttemptID.rawValue == model.nextAttempt)
    #expect(loaded.image.nextLeadID.rawValue == model.nextLead)
    let open = model.attempts.values.filter { $0.endedAt == nil }.sorted { $0.attemptID < $1.attemptID }
    #expect(loaded.image.openAttempts == open)
    let lags = loaded.image.shares.first?.shares ?? []
    // Shares of an event without a campaign belong to none; the builder's events name one.
    #expect(Dictionary(uniqueKeysWithValues: lags.map { ($0.listID, $0.lag) }) == model.lags)
    let newest = model.attempts.values.sorted { $0.attemptID > $1.attemptID }
    let report = try reader.report(AttemptFilter(), limit: 10_000).attempts
    #expect(report.map(\.attempt) == newest)
    for stored in report { #expect(stored.leadDeleted == (model.leads[stored.attempt.leadID] == nil)) }
    for (id, evidence) in model.evidence { #expect(try reader.evidence(id) == evidence) }
    for lead in Set(newest.map(\.leadID)) {
      #expect(try reader.history(lead).map(\.attempt) == newest.filter { $0.leadID == lead })
    }
    #expect(try reader.verifyEvidence().fault == nil)
    let events = try reader.events(from: 1, limit: 100_000).events
    #expect(events.map(\.seq) == Array(1..<model.lastSeq + 1))
  }

  @Test("what the call log tells of a lead stands with the lead", arguments: [true, false])
  func contact(projectedBetween: Bool) throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...1))
    var attempt = Make.attempt(1)
    try store.commit(Make.transaction([], [Make.event(1, .attemptStarted, attempt: attempt)]))
    if projectedBetween { try store.flushProjection() }
    attempt.evidence = []
    attempt.connectedAt = .start + .seconds(9)
    attempt.agentID = AgentID("kim")
    try store.commit(Make.transaction([], [Make.event(2, .attemptConnected, attempt: attempt)]))
    attempt.wrapCode = "SALE"
    try store.commit(Make.transaction([], [Make.event(3, .attemptWrapped, attempt: attempt)]))
    try store.flushProjection()
    let lead = try #require(try store.makeReader().lead(LeadID(1)))
    #expect(lead.lastContactedAt == .start + .seconds(9))
    #expect(lead.lastAgentID == AgentID("kim"))
    #expect(lead.wrapCode == "SALE")
    store.close()
  }
}
