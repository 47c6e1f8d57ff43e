import DialerModel
import Testing

@testable import LeadSelection

@Suite("Trees of groups") struct WinnerTreeTests {
  @Test("the winner is the lowest key after any change", arguments: [1, 2, 3, 31, 64, 400])
  func lowest(leaves: Int) {
    var generator = SeededGenerator(seed: UInt64(leaves))
    var tree = WinnerTree()
    defer { tree.free() }
    var keys: [SelectionKey] = []
    /// Words differ in the first, the second or the last, and in the highest bit or the lowest.
    func draw(_ leaf: Int) -> SelectionKey {
      let word = { [0, 1, 1 << 63, UInt64.max][Int.random(in: 0..<4, using: &generator)] as UInt64 }
      return SelectionKey(
        first: word(), second: word(), third: word() << 32, lead: LeadID(UInt32(leaf + 1)))
    }
    for leaf in 0..<leaves {
      tree.grow(to: leaf + 1)
      tree.setTag(leaf, 1000 + leaf)
      keys.append(.none)
      if leaf % 3 != 1 {
        keys[leaf] = draw(leaf)
        tree.set(leaf, keys[leaf])
      }
      #expect(tree.lowest == keys.min())
    }
    for step in 0..<2000 {
      if step % 2 == 0, tree.lowest != .none {
        let winner = tree.winner
        keys[winner] = step % 8 == 0 ? .none : draw(winner)
        tree.replaceWinner(keys[winner])
      } else {
        let leaf = Int.random(in: 0..<leaves, using: &generator)
        keys[leaf] = step % 5 == 0 ? .none : draw(leaf)
        tree.set(leaf, keys[leaf])
      }
      guard let lowest = keys.min() else { break }
      #expect(tree.lowest == lowest)
      if lowest != .none {
        #expect(keys[tree.winner] == lowest)
        #expect(tree.winnerTag == 1000 + tree.winner)
      }
    }
  }
}
