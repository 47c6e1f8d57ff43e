import DialerModel
import Foundation
import Testing

@testable import LeadStore

@Suite("Checkpoints")
struct CheckpointTests {
  @Test("the log is brought over into the database while transactions go on")
  func logIsBroughtOver() throws {
    let fixture = try Fixture()
    var options = StoreOptions()
    options.checkpointPages = 64
    let store = try fixture.open(options)
    defer { store.close() }
    func databaseBytes() throws -> Int {
      try (FileManager.default.attributesOfItem(atPath: fixture.path)[.size] as? NSNumber)?.intValue ?? 0
    }
    let before = try databaseBytes()
    var next: UInt32 = 1
    var isBroughtOver = false
    // The checkpoint runs on a thread of its own: it has had its turn long before so many transactions.
    for _ in 0..<2000 where !isBroughtOver {
      var transaction = StoreTransaction()
      for _ in 0..<50 {
        let lead = LeadRecord(
          leadID: LeadID(next), listID: ListID(1),
          phones: PhoneSet([PhoneNumber(digits: 61_200_000_000 + UInt64(next))]),
          zone: 0, entered: .start)
        transaction.changes.append(
          .addLead(lead, vendorLeadCode: "CRM-\(next)", details: LeadDetails(createdAt: .start)))
        next += 1
      }
      try store.commit(transaction)
      isBroughtOver = try databaseBytes() > before
    }
    #expect(isBroughtOver)
  }

  /// Otherwise nobody begins the log anew while one long transaction follows another, and it grows to the size of all
  /// that was written: 8 GB for three million leads.
  @Test("the writer has its turn also when everything is brought over, because a transaction may be under way")
  func nothingLeftOver() throws {
    let fixture = try Fixture()
    try fixture.open().close()
    let writer = try Connection(path: fixture.path, mode: .readWrite)
    try writer.execute("PRAGMA wal_autocheckpoint = 0")
    try writer.execute("INSERT INTO zone VALUES (1, 'Etc/UTC')")
    try writer.execute("BEGIN IMMEDIATE; INSERT INTO zone VALUES (2, 'Asia/Tokyo')")
    let queue = CommitQueue()
    let checkpointer = try Checkpointer(path: fixture.path, queue: queue)
    let thread = try WorkerThread { checkpointer.run() }
    defer {
      checkpointer.close()
      thread.join()
    }
    checkpointer.request()
    // Only a test that fails waits as long as that.
    guard case .work(let work) = queue.next(milliseconds: 20_000, looksFirst: false),
      case .checkpoint(false, let completion) = work.first
    else {
      Issue.record("the writer was not asked")
      return
    }
    #expect(try writer.number("SELECT count(*) FROM zone") == 2)
    completion(.success(()))
  }
}
