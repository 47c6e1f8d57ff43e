import DialerModel
import Synchronization
import Testing

@testable import LeadStore

@Suite("Bringing the projection up")
struct FlushTests {
  /// In the order in which it came to them.
  private final class Ends: Sendable {
    private let names = Mutex<[String]>([])
    func add(_ name: String) { names.withLock { $0.append(name) } }
    var all: [String] { names.withLock { $0 } }
  }

  private func waiting(_ attempts: Int64) throws -> (Fixture, LeadStore) {
    let fixture = try Fixture()
    var options = StoreOptions()
    options.projectionBatch = .max
    options.projectionIdleMilliseconds = 600_000
    options.projectionPieceMilliseconds = 0
    let store = try fixture.open(options)
    try store.commit(Make.leads(1...3))
    var events: [JournalEvent] = []
    for number in 1...attempts {
      let attempt = Make.attempt(number, lead: UInt32(number % 3) + 1)
      let state = Make.state(called: UInt16(number / 3))
      events.append(Make.event(number, .attemptStarted, attempt: attempt, state: state))
    }
    try store.commit(Make.transaction([], events))
    return (fixture, store)
  }

  @Test("commits go on while a question waits for the projection")
  func commitsGoOn() throws {
    let (fixture, store) = try waiting(20_000)
    defer { store.close() }
    _ = fixture
    let ends = Ends()
    let flushed = PendingResult<Int64>()
    store.flushProjection { result in
      ends.add("flush")
      flushed.complete(result)
    }
    store.submit(Make.transaction([.addZone(1, name: "Asia/Tokyo")])) { _ in ends.add("commit") }
    #expect(try flushed.wait() == 20_000)
    #expect(ends.all == ["commit", "flush"])
    #expect(try store.makeReader().projectedSeq() == 20_000)
  }

  @Test("it is complete up to what was submitted before the question, for each who asks, also when the store closes")
  func complete() throws {
    let (fixture, store) = try waiting(1_000)
    _ = fixture
    let first = PendingResult<Int64>()
    let second = PendingResult<Int64>()
    store.flushProjection { first.complete($0) }
    store.submit(
      Make.transaction([], [Make.event(1_001, .attemptStarted, attempt: Make.attempt(1_001, lead: 1))])
    ) { _ in }
    store.flushProjection { second.complete($0) }
    store.close()
    #expect(try first.wait() >= 1_000)
    #expect(try second.wait() == 1_001)
  }

  @Test("a projection that cannot be written is said to all who wait, and the next question tries again")
  func failure() throws {
    let (fixture, store) = try waiting(500)
    defer { store.close() }
    _ = fixture
    try store.executeOnWriter("CREATE TEMP TRIGGER broken BEFORE UPDATE ON lead BEGIN SELECT raise(ABORT, 'no'); END")
    let results = (0..<2).map { _ in PendingResult<Int64>() }
    for result in results { store.flushProjection { result.complete($0) } }
    for result in results { #expect(throws: StoreError.self) { try result.wait() } }
    try store.executeOnWriter("DROP TRIGGER broken")
    #expect(try store.flushProjection() == 500)
  }
}
