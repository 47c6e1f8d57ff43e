import DialerModel
import Testing

@testable import LeadStore

@Suite("The journal and its projections")
struct JournalTests {
  @Test("a new database has the standard strategy and both sets of calling hours, and nothing else")
  func newDatabase() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    let loaded = try Fixture.load(store)
    #expect(loaded.image.strategies == [.standard])
    #expect(loaded.image.callingHours == [.always, .usFederal])
    #expect(loaded.image.nextSeq == 1)
    #expect(loaded.image.nextLeadID == LeadID(1))
    #expect(loaded.image.nextAttemptID == AttemptID(1))
    #expect(loaded.leads.isEmpty)
    store.close()
  }

  @Test("what was committed is there after a crash before anything was projected")
  func crashBeforeProjection() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...3))
    let attempt = Make.attempt(1, lead: 2)
    let receipt = try store.commit(
      Make.transaction([], [Make.event(1, .attemptStarted, attempt: attempt, state: Make.state(called: 1))]))
    #expect(receipt.lastSeq == 1)
    store.abandon()

    let loaded = try Fixture.load(try fixture.open())
    #expect(loaded.order == [LeadID(1), LeadID(2), LeadID(3)])
    #expect(loaded.codes[LeadID(2)] == "crm-2")
    #expect(loaded.leads[LeadID(2)]?.state == Make.state(called: 1))
    #expect(loaded.leads[LeadID(1)]?.state == LeadState())
    #expect(loaded.image.nextSeq == 2)
    #expect(loaded.image.nextAttemptID == AttemptID(2))
    var expected = attempt
    expected.evidence = []
    #expect(loaded.image.openAttempts == [expected])
  }

  @Test("an attempt that ended is open no more, and its evidence stays")
  func endedAttempt() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    let attempt = Make.attempt(1)
    let ended = Make.ended(attempt)
    try store.commit(Make.transaction([], [Make.event(1, .attemptStarted, attempt: attempt)]))
    try store.flushProjection()
    try store.commit(Make.transaction([], [Make.event(2, .attemptEnded, attempt: ended)]))
    #expect(try Fixture.load(store).image.openAttempts.isEmpty)
    let reader = try store.makeReader()
    #expect(try reader.attempt(AttemptID(1))?.attempt == ended)
    #expect(try reader.evidence(AttemptID(1)) == attempt.evidence)
    store.close()
  }

  @Test("events without the whole attempt add their own instant", arguments: [true, false])
  func instants(projectedBetween: Bool) throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    let attempt = Make.attempt(1)
    var events = [Make.event(1, .attemptStarted, attempt: attempt)]
    for (index, type) in [EventType.attemptDialing, .attemptRinging, .attemptAnswered].enumerated() {
      var event = Make.event(Int64(index) + 2, type, at: .start + .seconds(Int64(index) + 1))
      event.attemptID = attempt.attemptID
      events.append(event)
    }
    for event in events {
      try store.commit(Make.transaction([], [event]))
      if projectedBetween { try store.flushProjection() }
    }
    let stored = try #require(try Fixture.load(store).image.openAttempts.first)
    #expect(stored.dialledAt == .start + .seconds(1))
    #expect(stored.ringingAt == .start + .seconds(2))
    #expect(stored.answeredAt == .start + .seconds(3))
    store.close()
  }

  @Test("an event that does not follow the last one is refused, and nothing of its transaction stays")
  func sequenceGap() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    var refused = Make.leads(1...1)
    refused.events = [Make.event(2)]
    #expect(throws: StoreError.self) { try store.commit(refused) }
    store.resume()
    try store.commit(Make.transaction([], [Make.event(1)]))
    let loaded = try Fixture.load(store)
    #expect(loaded.leads.isEmpty)
    #expect(loaded.image.nextSeq == 2)
    store.close()
  }

  @Test("ids are not given out again after a delete and a restart")
  func idsStayUsed() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...5))
    try store.commit(Make.transaction([.putList(LeadList(listID: ListID(9), name: "nine", createdAt: .start))]))
    try store.commit(Make.transaction([.deleteLeads([LeadID(4), LeadID(5)]), .deleteList(ListID(9))]))
    store.close()
    let loaded = try Fixture.load(try fixture.open())
    #expect(loaded.image.nextLeadID == LeadID(6))
    #expect(loaded.image.nextListID == ListID(10))
    #expect(loaded.order == [LeadID(1), LeadID(2), LeadID(3)])
  }
}
