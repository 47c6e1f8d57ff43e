import DialerModel
import Testing

@testable import LeadSelection

@Suite("Leads of a group") struct LeadGroupTests {
  @Test("keys come out in order, whether they came in one run, in several, or in none", arguments: [1, 2, 3, 1000])
  func sorted(runs: Int) {
    var generator = SeededGenerator(seed: UInt64(runs))
    var pool = BlockPool(blockBytes: KeyQueue.chunkBytes)
    var group = LeadGroup(lane: 0, leaf: 0, profile: 0, isOpen: true)
    var keys: [SelectionKey] = []
    for step in 1...4000 as ClosedRange<UInt32> {
      if step % 1000 < 600 || step % 4 == 0 {
        let run = UInt64.random(in: 0..<UInt64(runs), using: &generator)
        // As leads that come back with so many attempts: in order among themselves.
        let key = SelectionKey(first: run << 32 | UInt64(step), second: 0, third: 0, lead: LeadID(step))
        let head = group.head
        let mayBeHead = group.push(key, &pool)
        #expect(mayBeHead || group.head == head)
        keys.insert(key, at: keys.firstIndex { key < $0 } ?? keys.count)
      } else if !keys.isEmpty {
        keys.removeFirst()
        #expect(group.dropHead(&pool) == keys.first ?? .none)
      }
      #expect(group.head == keys.first ?? .none)
      if step % 900 == 0 {
        keys.removeAll { $0.lead.rawValue % 7 == 0 }
        group.filter(&pool) { $0.lead.rawValue % 7 != 0 }
        var seen: [SelectionKey] = []
        group.forEachEntry { seen.append($0) }
        #expect(seen.sorted() == keys)
      }
    }
    group.free(&pool)
    #expect(group.head == .none)
  }
}
