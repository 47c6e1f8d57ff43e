import DialerModel
import Testing

@testable import LeadSelection

/// The order as one would write it without a thought for speed.
private struct NaiveOrder {
  var turns: [TurnOrder.Turn] = []

  func next(after calls: inout Int64) -> Int? {
    guard let first = turns.map(\.release).min(), first != .max else { return nil }
    calls = max(calls, first)
    let made = calls
    return turns.indices.filter { turns[$0].release <= made }.min { turns[$0].deadline < turns[$1].deadline }
  }
}

@Suite("Turns of lists") struct TurnOrderTests {
  @Test(
    "the turn is the earliest deadline's of those released, however many take part", arguments: [1, 16, 17, 100, 300])
  func agrees(lists: Int) {
    var generator = SeededGenerator(seed: UInt64(lists))
    var order = TurnOrder()
    var naive = NaiveOrder()
    var calls: Int64 = 0
    var jumps = 0
    func draw(_ limit: Int64) -> Int64 { Int64.random(in: 0..<limit, using: &generator) }
    /// Few deadlines, so that ties are common; some releases are more than a round of the ring ahead.
    func drawTurn() -> TurnOrder.Turn {
      let ahead: Int64 = [0, 3, 300, 3000][Int(draw(4))]
      return TurnOrder.Turn(release: calls - 2 + (ahead == 0 ? 0 : draw(ahead)), deadline: draw(40) - 20)
    }
    func place(_ slot: Int, _ turn: TurnOrder.Turn) {
      naive.turns[slot] = turn
      order.set(slot, turn, after: calls)
    }
    for _ in 0..<lists {
      order.append(after: calls)
      naive.turns.append(.none)
    }
    for step in 0..<1600 {
      let before = calls
      var expected = calls
      let found = naive.next(after: &expected)
      #expect(order.next(after: &calls) == found)
      #expect(calls == expected)
      jumps += calls > before ? 1 : 0
      calls += 1
      if let found { place(found, step % 5 == 0 ? .none : drawTurn()) }
      // Also of a list that is not next, to an earlier time as well as to a later one.
      if step % 3 == 0 { place(Int(draw(Int64(lists))), drawTurn()) }
      if step % 400 == 0 {
        for slot in naive.turns.indices {
          // Nobody is released yet: the next question moves the calls on.
          let turn = TurnOrder.Turn(release: calls + 1 + draw(2000), deadline: draw(40))
          naive.turns[slot] = slot > 0 && draw(4) == 0 ? .none : turn
          order.note(slot, naive.turns[slot])
        }
        order.placeAll(after: calls)
      }
    }
    #expect(jumps > 0)
  }
}
