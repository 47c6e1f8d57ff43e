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
}
