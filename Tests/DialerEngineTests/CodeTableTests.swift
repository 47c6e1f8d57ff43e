import DialerModel
import Testing

@testable import DialerEngine

@Suite struct CodeTableTests {
  private static func hash(_ id: UInt32) -> UInt64 { SeededGenerator.mix(UInt64(id)) | 1 }

  private static func found(_ table: inout CodeTable, _ hash: UInt64, _ wanted: UInt32) -> Int {
    var count = 0
    table.visit(hash: hash) { if $0 == wanted { count += 1 } }
    return count
  }

  @Test("a table that grows works out the hash of a few codes with each that comes, and never of all")
  func bounded() {
    var table = CodeTable()
    var hashed = 0
    var most = 0
    for id in 1...UInt32(100_000) {
      let before = hashed
      table.insert(id, hash: Self.hash(id)) { other in
        hashed += 1
        return Self.hash(other)
      }
      most = max(most, hashed - before)
    }
    let moves = table.moves
    #expect(most == CodeTable.movedAtOnce)
    #expect(moves == hashed && hashed > 50_000)
    var lost = 0
    for id in 1...UInt32(100_000) where Self.found(&table, Self.hash(id), id) != 1 { lost += 1 }
    #expect(lost == 0)
  }

  @Test("while it grows each code is found once, and none that was taken out", arguments: [1, 2] as [UInt64])
  func model(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var table = CodeTable()
    var there: Set<UInt32> = []
    var wrong = 0
    for id in 1...UInt32(30_000) {
      table.insert(id, hash: Self.hash(id)) { Self.hash($0) }
      there.insert(id)
      let other = UInt32(chance.next() % UInt64(id)) + 1
      if Self.found(&table, Self.hash(other), other) != (there.contains(other) ? 1 : 0) { wrong += 1 }
      guard chance.next() % 2 == 0 else { continue }
      table.remove(other, hash: Self.hash(other))
      there.remove(other)
      if Self.found(&table, Self.hash(other), other) != 0 { wrong += 1 }
    }
    for id in 1...UInt32(30_000) where Self.found(&table, Self.hash(id), id) != (there.contains(id) ? 1 : 0) {
      wrong += 1
    }
    #expect(wrong == 0)
  }

  @Test("a table in which codes come and go stays as large as those that are there at a time need")
  func comeAndGo() {
    var table = CodeTable()
    for id in 1...UInt32(200_000) {
      table.insert(id, hash: Self.hash(id)) { Self.hash($0) }
      if id > 300 { table.remove(id - 300, hash: Self.hash(id - 300)) }
    }
    let bytes = table.bytes
    #expect(bytes <= 4096 * 4)
  }

  @Test("leads with one code are all found, in order, while others come and the table grows")
  func oneCode() {
    let leads = LeadTable()
    func put(_ id: UInt32, _ code: String) {
      let phones = PhoneSet([PhoneNumber(digits: 61_291_000_000 + UInt64(id))])
      leads.put(
        LeadRecord(
          leadID: LeadID(id), listID: ListID(1), phones: phones, zone: 0, entered: Instant(milliseconds: 0)),
        vendorLeadCode: code)
    }
    var same: [LeadID] = []
    for id in 1...UInt32(6_000) {
      if id % 20 == 0 {
        put(id, "SAME")
        same.append(LeadID(id))
      } else {
        put(id, "CRM-\(id)")
      }
      if id % 97 == 0 { #expect(leads.leads(withCode: "SAME") == same) }
    }
    leads.remove(same.removeFirst())
    put(same[0].rawValue, "OTHER")
    #expect(leads.leads(withCode: "OTHER") == [same.removeFirst()])
    #expect(leads.leads(withCode: "SAME") == same)
    #expect(leads.leads(withCode: "CRM-5999") == [LeadID(5_999)])
    #expect(leads.vendorLeadCode(LeadID(5_999)) == "CRM-5999")
  }
}
