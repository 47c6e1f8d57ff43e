import DialerModel
import Testing

@testable import DialerEngine

@Suite struct KeyTableTests {
  @Test("a table that grows moves a few entries with each change and never all of them")
  func bounded() {
    var table = KeyTable<UInt32>(empty: .max)
    var most = 0
    for key in 1...UInt64(200_000) {
      let before = table.moves
      table.change(key &* 0x9E37_79B9_7F4A_7C15) { $0 = UInt32(key) }
      most = max(most, table.moves - before)
    }
    // The places of one step, and the key that is changed.
    #expect(most > 0 && most <= KeyTable<UInt32>.movedAtOnce + 1)
    let (moves, count) = (table.moves, table.count)
    #expect(moves > 100_000 && count == 200_000)
    var lost = 0
    for key in 1...UInt64(200_000) where table[key &* 0x9E37_79B9_7F4A_7C15] != UInt32(key) { lost += 1 }
    #expect(lost == 0)
  }

  @Test("at each step of growing and shrinking a table says what a dictionary says", arguments: [1, 2, 3] as [UInt64])
  func model(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var table = KeyTable<Int64>(empty: 0)
    var model: [UInt64: Int64] = [:]
    var wrong = 0
    for round in 0..<60_000 {
      // The keys that may be there become more: the table grows again and again while some are taken out.
      let key = chance.next() % UInt64(round / 4 + 10) + 1
      let isTakenOut = chance.next() % 3 == 0
      let value = isTakenOut ? 0 : Int64(round + 1)
      var before: Int64 = 0
      table.change(key) { old in
        before = old
        old = value
      }
      if before != model[key] ?? 0 { wrong += 1 }
      model[key] = isTakenOut ? nil : value
      let other = chance.next() % UInt64(round / 4 + 10) + 1
      if table[other] != model[other] ?? 0 { wrong += 1 }
    }
    let count = table.count
    #expect(wrong == 0 && count == model.count)
    var keys: [UInt64] = []
    table.forEachKey { keys.append($0) }
    #expect(keys.sorted() == model.keys.sorted())
  }
}
