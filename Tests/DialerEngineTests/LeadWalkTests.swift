import DialerModel
import Testing

@testable import DialerEngine

@Suite("Going over leads in pieces")
struct LeadWalkTests {
  @Test("each wanted lead comes once, in order, in pieces that are no larger than asked", arguments: [1, 2, 3, 100])
  func pieces(size: Int) {
    let leads = LeadTable()
    for id in 1...20 as ClosedRange<UInt32> {
      leads.put(
        LeadRecord(
          leadID: LeadID(id * 3), listID: ListID(id % 2 + 1), phones: PhoneSet(), zone: 0,
          entered: Instant(milliseconds: 0)), vendorLeadCode: nil)
    }
    var walk = LeadWalk()
    var found: [LeadID] = []
    while !walk.isOver {
      let piece = walk.piece(of: size, leads) { _, list in list == ListID(1) }
      #expect(piece.count <= size)
      found += piece
    }
    #expect(found == (1...10).map { LeadID($0 * 6) })
    #expect(walk.piece(of: size, leads) { _, _ in true }.isEmpty, "it does not begin anew")
  }

  @Test("where few leads are wanted a piece ends after a bounded number of others")
  func passedOver() {
    let leads = LeadTable()
    let count: UInt32 = 200_001
    for id in 1...count {
      leads.put(
        LeadRecord(
          leadID: LeadID(id), listID: ListID(id == count ? 2 : 1), phones: PhoneSet(), zone: 0,
          entered: Instant(milliseconds: 0)), vendorLeadCode: nil)
    }
    var walk = LeadWalk()
    #expect(walk.piece(of: 1, leads) { _, list in list == ListID(2) }.isEmpty && !walk.isOver)
    #expect(walk.piece(of: 1, leads) { _, list in list == ListID(2) } == [LeadID(count)])
  }
}
