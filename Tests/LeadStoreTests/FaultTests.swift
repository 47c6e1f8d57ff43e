import CSQLite
import DialerModel
import Foundation
import Testing

@testable import LeadStore

@Suite("When the disk or the file is at fault")
struct FaultTests {
  private func kind(_ body: () throws -> Void) -> StoreError? {
    do {
      try body()
      return nil
    } catch { return error as? StoreError }
  }

  @Test("a full disk refuses everything until resumed, keeps nothing half, and then goes on")
  func fullDisk() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...1))
    try store.checkpoint()
    try store.executeOnWriter("PRAGMA max_page_count = 1")
    let large = Make.transaction(
      (2...2_000).map { .addLead(Make.lead($0), vendorLeadCode: nil, details: Make.details()) }, [Make.event(1)])
    #expect(kind { try store.commit(large) }?.kind == .full)
    #expect(kind { try store.commit(Make.transaction([], [Make.event(1)])) }?.kind == .full)
    #expect(kind { try store.probeWritable() }?.kind == .full)

    try store.executeOnWriter("PRAGMA max_page_count = 1000000")
    // Space alone does not let later transactions overtake those that failed.
    #expect(kind { try store.commit(Make.transaction([], [Make.event(1)])) }?.kind == .full)
    try store.probeWritable()
    store.resume()
    #expect(try store.commit(large).lastSeq == 1)
    store.close()
    #expect(try Fixture.load(try fixture.open()).order.count == 2_000)
  }

  @Test("transactions that share a commit fail together, and their completions come in order")
  func groupFails() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    let order = Order()
    let bad = Make.transaction([], [Make.event(5)])
    let done = PendingResult<Void>()
    for (index, transaction) in [Make.leads(1...1), bad, Make.leads(2...2)].enumerated() {
      store.submit(transaction) { result in
        order.note(index, failed: (try? result.get()) == nil)
        if index == 2 { done.complete(.success(())) }
      }
    }
    try done.wait()
    #expect(order.indices == [0, 1, 2])
    // The first may have had a commit of its own before the others came; the third never.
    #expect(order.failures.suffix(2) == [true, true])
    store.resume()
    let expected = order.failures[0] ? [] : [LeadID(1)]
    #expect(try Fixture.load(store).order == expected)
    store.close()
  }

  @Test("a projection that fails is made up for later")
  func projectionFails() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...1))
    let event = Make.event(1, .attemptStarted, attempt: Make.attempt(1), state: Make.state(called: 1))
    try store.commit(Make.transaction([], [event]))
    try store.executeOnWriter("PRAGMA query_only = ON")
    #expect(kind { try store.flushProjection() }?.kind == .readOnly)
    try store.executeOnWriter("PRAGMA query_only = OFF")
    #expect(try store.flushProjection() == 1)
    #expect(try store.makeReader().lead(LeadID(1))?.record.state.calledCount == 1)
    store.close()
  }

  @Test("a database that may not be written says so at open")
  func readOnlyAtOpen() throws {
    let fixture = try Fixture()
    try fixture.open().close()
    var options = StoreOptions()
    options.opensReadOnly = true
    #expect(kind { _ = try fixture.open(options) }?.kind == .readOnly)
  }

  @Test("a database that may no longer be written says so at the next commit")
  func readOnlyLater() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.executeOnWriter("PRAGMA query_only = ON")
    #expect(kind { try store.commit(Make.leads(1...1)) }?.kind == .readOnly)
    store.close()
  }

  @Test("a file that is no database, and one whose pages are damaged, are corrupt")
  func corrupt() throws {
    let fixture = try Fixture()
    try Data("not a database, but long enough to be taken for one".utf8).write(to: URL(fileURLWithPath: fixture.path))
    #expect(kind { _ = try fixture.open() }?.kind == .corrupt)

    let other = try Fixture()
    let store = try other.open()
    try store.commit(Make.leads(1...2_000))
    store.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: other.path))
    for page in 1..<bytes.count / 4096 {
      for offset in 0..<200 { bytes[page * 4096 + offset] = UInt8(truncatingIfNeeded: offset &* 37) }
    }
    try bytes.write(to: URL(fileURLWithPath: other.path))
    #expect(kind { _ = try other.open() }?.kind == .corrupt)
  }

  @Test("leads that damage hides from the scan are missed")
  func hiddenByDamage() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...100))
    store.close()
    let connection = try Connection(path: fixture.path, mode: .readWrite)
    // The indexes keep an entry for a lead that the table has no more, as when a page of the table is damaged.
    func rewrite(_ sql: String) throws {
      try connection.execute(
        """
        PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = \(sql) WHERE name IN ('lead_list', 'lead_phone1');
        PRAGMA writable_schema = RESET
        """, "damage")
    }
    try rewrite("sql || ' WHERE leadID <> 60'")
    try connection.execute("DELETE FROM lead WHERE leadID = 60", "damage")
    try rewrite("replace(sql, ' WHERE leadID <> 60', '')")

    let damaged = try fixture.open()
    let error = kind { _ = try Fixture.load(damaged) }
    #expect(error?.kind == .corrupt)
    #expect(error?.message == "of 100 leads only 99 can be read")
  }

  @Test("the quick check at open finds a damaged page that nothing else had read")
  func quickCheck() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...2_000))
    #expect(try store.integrityCheck().isEmpty)
    store.close()
    let connection = try Connection(path: fixture.path, mode: .readWrite)
    let leaf = "SELECT max(pageno) FROM dbstat WHERE name = 'lead_detail' AND pagetype = 'leaf'"
    let page = Int(try #require(try connection.number(leaf)))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
    for offset in 0..<100 { bytes[(page - 1) * 4096 + offset] = 0xEE }
    try bytes.write(to: URL(fileURLWithPath: fixture.path))
    var options = StoreOptions()
    options.checksIntegrity = true
    #expect(kind { _ = try fixture.open(options) }?.kind == .corrupt)
    let damaged = try fixture.open()
    #expect(try !damaged.integrityCheck().isEmpty)
  }

  @Test("a newer schema and another program's database are refused and left as they are")
  func foreign() throws {
    let fixture = try Fixture()
    try fixture.open().close()
    let connection = try Connection(path: fixture.path, mode: .readWrite)
    try connection.execute("PRAGMA user_version = 99")
    #expect(kind { _ = try fixture.open() }?.codeName == "schema-newer")

    let other = try Fixture()
    let foreign = try Connection(path: other.path, mode: .readWriteCreate)
    try foreign.execute("CREATE TABLE diary (day TEXT)")
    #expect(kind { _ = try other.open() }?.codeName == "not-ours")
    #expect(try foreign.number("SELECT count(*) FROM sqlite_schema") == 1)
  }

  @Test("a directory that is not there is an input error, and a closed store refuses")
  func gone() throws {
    #expect(kind { _ = try LeadStore(path: "/nonexistent/dialer.sqlite") }?.kind == .ioError)
    let fixture = try Fixture()
    let store = try fixture.open()
    store.close()
    #expect(kind { try store.commit(Make.leads(1...1)) }?.codeName == "store-closed")
    #expect(kind { try store.flushProjection() }?.codeName == "store-closed")
  }

  @Test("an error names no value that was bound")
  func noValues() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    let lead = StoreChange.addLead(
      Make.lead(1), vendorLeadCode: "secret-code", details: Make.details(first: "secret-name"))
    let error = kind { try store.commit(Make.transaction([lead, lead])) }
    #expect(error?.codeName.hasPrefix("SQLITE_CONSTRAINT") == true)
    #expect(error?.description.contains("secret") == false)
    store.close()
  }
}

/// What completions said, in their order.
///
/// `@unchecked Sendable`: touched under the lock of its monitor only.
final class Order: @unchecked Sendable {
  private let monitor = Monitor()
  private var notes: [(Int, Bool)] = []
  func note(_ index: Int, failed: Bool) { monitor.withLock { notes.append((index, failed)) } }
  var indices: [Int] { monitor.withLock { notes.map(\.0) } }
  var failures: [Bool] { monitor.withLock { notes.map(\.1) } }
}
