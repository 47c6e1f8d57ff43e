import DialerModel
import Foundation
import Testing

@testable import LeadStore

@Suite("Readers, backup and upkeep")
struct ReaderTests {
  private func calls(_ store: LeadStore, _ count: Int64, campaign: @escaping (Int64) -> String = { _ in "spring" })
    throws
  {
    for number in 1...count {
      let at = Instant.start + .minutes(number)
      let attempt = Make.attempt(number, lead: UInt32(number % 3) + 1, at: at, campaign: campaign(number))
      var ended = Make.ended(attempt, number % 2 == 0 ? .connected : .busy)
      if number % 2 == 0 { ended.connectedAt = at + .seconds(5) }
      if number % 2 == 0 { ended.agentID = AgentID("kim") }
      try store.commit(
        Make.transaction(
          [],
          [
            Make.event(number * 2 - 1, .attemptStarted, attempt: attempt, at: at, members: #""trunk":"sim""#),
            Make.event(number * 2, .attemptEnded, attempt: ended, at: at + .seconds(20)),
          ]))
    }
    try store.flushProjection()
  }

  @Test("a subscriber catches up by type and campaign from any event, and learns where to go on")
  func events() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try calls(store, 10) { $0 % 2 == 0 ? "even" : "odd" }
    let reader = try store.makeReader()
    let first = try reader.events(from: 1, limit: 3)
    #expect(first.events.map(\.seq) == [1, 2, 3])
    #expect(first.next == 4)
    #expect(first.events[0].members == Array(#""trunk":"sim""#.utf8))
    #expect(first.events[0].leadID == LeadID(2))
    #expect(first.events[0].vendorLeadCode == "crm-2")
    #expect(first.events[0].callID != nil)
    let ended = try reader.events(from: 5, limit: 100, types: [.attemptEnded], campaignID: CampaignID("even"))
    #expect(ended.events.map(\.seq) == [8, 12, 16, 20])
    #expect(ended.next == 21)
    #expect(try reader.events(from: 21, limit: 5).next == 21)
    #expect(try reader.oldestSeq() == 1)
    #expect(try reader.lastSeq() == 20)
    store.close()
  }

  @Test("old events go from the oldest end, what is left has no gap, and the number goes on after a restart")
  func retention() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try calls(store, 10)
    let deleted = PendingResult<Int>()
    store.deleteEvents(before: .start + .minutes(4)) { deleted.complete($0) }
    #expect(try deleted.wait() == 6)
    #expect(try store.makeReader().oldestSeq() == 7)
    let all = PendingResult<Int>()
    store.deleteEvents(before: .distantFuture) { all.complete($0) }
    #expect(try all.wait() == 14)
    store.close()
    let again = try fixture.open()
    #expect(try Fixture.load(again).image.nextSeq == 21)
    #expect(try again.makeReader().oldestSeq() == 21)
    #expect(try again.makeReader().report(AttemptFilter(), limit: 100).attempts.count == 10)
  }

  @Test("an event that is not projected yet is not taken out")
  func retentionWaits() throws {
    let fixture = try Fixture()
    var options = StoreOptions()
    options.projectionIdleMilliseconds = 60_000
    let store = try fixture.open(options)
    try store.commit(Make.leads(1...1))
    let event = Make.event(1, .attemptStarted, attempt: Make.attempt(1), state: Make.state(called: 1))
    try store.commit(Make.transaction([], [event]))
    let deleted = PendingResult<Int>()
    store.deleteEvents(before: .distantFuture) { deleted.complete($0) }
    #expect(try deleted.wait() == 0)
    store.abandon()
    #expect(try Fixture.load(try fixture.open()).leads[LeadID(1)]?.state.calledCount == 1)
  }

  @Test("a report filters, and its pages are the whole of it, newest first")
  func report() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try calls(store, 20)
    let reader = try store.makeReader()
    var before: AttemptID?
    var ids: [Int64] = []
    repeat {
      let page = try reader.report(AttemptFilter(), limit: 7, before: before)
      ids += page.attempts.map(\.attempt.attemptID.rawValue)
      before = page.next
    } while before != nil
    #expect(ids == Array((1...20).reversed()))
    func matching(_ change: (inout AttemptFilter) -> Void) throws -> [Int64] {
      var filter = AttemptFilter()
      change(&filter)
      return try reader.report(filter, limit: 100).attempts.map(\.attempt.attemptID.rawValue)
    }
    #expect(try matching { $0.leadID = LeadID(1) } == [18, 15, 12, 9, 6, 3])
    #expect(try matching { $0.phone = PhoneNumber(digits: 61_200_000_001) } == [18, 15, 12, 9, 6, 3])
    #expect(try matching { $0.agentID = AgentID("kim") }.count == 10)
    #expect(try matching { $0.outcome = .busy }.count == 10)
    #expect(
      try matching {
        $0.since = .start + .minutes(5)
        $0.until = .start + .minutes(7)
      } == [6, 5])
    let call = Make.attempt(4).callID
    #expect(try matching { $0.callID = call } == [4])
    #expect(try matching { $0.callID = CallID("nobody's") } == [])
    #expect(try matching { $0.campaignID = CampaignID("autumn") } == [])
    #expect(try matching { $0.listID = ListID(1) }.count == 20)
    store.close()
  }

  @Test("calls are counted by campaign, list and outcome, and by hour")
  func counts() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...3))
    try calls(store, 70)
    let reader = try store.makeReader()
    let all = try reader.callCounts(since: .start)
    #expect(all.map(\.outcome) == [.busy, .connected])
    #expect(all.map(\.calls) == [35, 35])
    #expect(all.map(\.talkTime) == [.zero, .seconds(35 * 15)])
    let hours = try reader.callCounts(campaignID: CampaignID("spring"), since: .start, byHour: true)
    #expect(Set(hours.map(\.hour)) == [.start, .start + .hours(1)])
    #expect(hours.map(\.calls).reduce(0, +) == 70)
    #expect(try reader.callCounts(since: .start + .hours(9)).isEmpty)
    let statuses = try reader.statusCounts()
    #expect(statuses.map(\.leads) == [3])
    #expect(try reader.statusCounts(lists: [ListID(4)]).isEmpty)
    store.close()
  }

  @Test("the history for rolling limits begins where it is asked to")
  func traces() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try calls(store, 6)
    var traces: [AttemptTrace] = []
    try store.attempts(since: .start + .minutes(4)) { traces.append($0) }
    #expect(traces.map(\.attemptID.rawValue) == [4, 5, 6])
    #expect(traces.map { $0.answeredAt != nil } == [true, false, true])
    #expect(traces[0].phone == PhoneNumber(digits: 61_200_000_002))
    #expect(traces[0].tenant == .standard)
    store.close()
  }

  @Test("a backup made between commits is one moment of the database, and overwrites nothing")
  func backup() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...20_000))
    let target = fixture.directory.appendingPathComponent("copy.sqlite").path
    var next: UInt32 = 20_001
    var failure: (any Error)?
    try store.backup(to: target) { copied, all in
      // A commit in the midst of the copying.
      do { try store.commit(Make.leads(next...next + 9)) } catch { failure = error }
      next += 10
      return copied <= all
    }
    #expect(failure == nil)
    #expect(next > 20_011, "the copy takes more than one step, or nothing is shown")
    let copy = try LeadStore(path: target)
    #expect(try Fixture.load(copy).order.count == 20_000)
    #expect(try copy.integrityCheck().isEmpty)
    copy.close()
    #expect(throws: StoreError.self) { try store.backup(to: target) }
    let other = fixture.directory.appendingPathComponent("stopped.sqlite").path
    #expect(throws: StoreError.self) { try store.backup(to: other) { _, _ in false } }
    #expect(!FileManager.default.fileExists(atPath: other))
    store.close()
  }

  @Test("thousands of transactions from several threads all end, each thread's in its order")
  func manySubmitters() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    let order = Order()
    let count = 4_000
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for number in 0..<count / 4 {
        let lead = UInt32(thread * count + number + 1)
        store.submit(Make.leads(lead...lead)) { order.note(Int(lead), failed: (try? $0.get()) == nil) }
      }
    }
    try store.flushProjection()
    #expect(order.indices.count == count)
    #expect(!order.failures.contains(true))
    for thread in 0..<4 {
      let own = order.indices.filter { ($0 - 1) / count == thread }
      #expect(own == own.sorted())
    }
    store.close()
    #expect(try Fixture.load(try fixture.open()).order.count == count)
  }

  @Test("an orderly end leaves an empty log and everything projected; who listens hears of it")
  func orderlyEnd() throws {
    let fixture = try Fixture()
    var options = StoreOptions()
    options.projectionIdleMilliseconds = 60_000
    let store = try fixture.open(options)
    let order = Order()
    store.onProjected { order.note(Int($0), failed: false) }
    try store.commit(Make.leads(1...1))
    let event = Make.event(1, .attemptStarted, attempt: Make.attempt(1), state: Make.state(called: 1))
    try store.commit(Make.transaction([], [event]))
    #expect(order.indices.isEmpty)
    store.close()
    #expect(order.indices == [1])
    let log = try FileManager.default.attributesOfItem(atPath: fixture.path + "-wal")[.size] as? Int
    #expect(log == 0)
    #expect(try Connection(path: fixture.path, mode: .readWrite).number("SELECT calledCount FROM lead") == 1)
  }

  @Test("what deleted leads were called is not left in the file")
  func secureDelete() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    let name = "Zzyzx-Only-Once"
    try store.commit(
      Make.transaction([.addLead(Make.lead(1), vendorLeadCode: nil, details: Make.details(first: name))]))
    try store.checkpoint()
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.path)).range(of: Data(name.utf8)) != nil)
    try store.commit(Make.transaction([.deleteLeads([LeadID(1)])]))
    try store.checkpoint()
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.path)).range(of: Data(name.utf8)) == nil)
    store.close()
  }
}
