import DialerModel
import Testing

@testable import DialerEngine

@Suite("A set of many numbers")
struct NumberSetTests {
  @Test(
    "does as a plain set does, whatever is added and removed, one by one and in batches", arguments: Seeds.few(0..<6))
  func model(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var set = NumberSet()
    var model: Set<UInt64> = []
    // A narrow range fills blocks in their middle and empties them again.
    let range = UInt64(1)...[60, 3000, 1_000_000][Int(seed % 3)]
    for step in 0..<400 {
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        let batch = Set((0..<Int.random(in: 0..<900, using: &generator)).map { _ in range.random(using: &generator) })
        let added = set.insert(sorted: batch.sorted())
        #expect(added == batch.subtracting(model).sorted())
        model.formUnion(batch)
      case 1:
        // Removals come in runs, so that whole blocks go.
        let first = range.random(using: &generator)
        for number in first..<(first + 1200) {
          let (removed, expected) = (set.remove(number), model.remove(number) != nil)
          #expect(removed == expected)
        }
      default:
        for _ in 0..<50 {
          let number = range.random(using: &generator)
          let (added, expected) = (set.insert(number), model.insert(number).inserted)
          #expect(added == expected)
        }
      }
      #expect(set.count == model.count, "after step \(step)")
      for _ in 0..<20 {
        let number = range.random(using: &generator)
        #expect(set.contains(number) == model.contains(number))
      }
    }
    #expect(set.elements == model.sorted())
    let removed = model.sorted().filter { set.remove($0) }
    #expect(removed.count == model.count)
    #expect(set.isEmpty && !set.contains(1))
  }

  @Test(
    "takes less than sixteen bytes a number, however it came about",
    arguments: [
      "one by one at random", "one by one ascending", "in sorted batches", "batches between batches", "halved",
    ])
  func size(way: String) {
    var generator = SeededGenerator(seed: 1)
    var set = NumberSet()
    let count: UInt64 = 60_000
    switch way {
    case "one by one at random":
      for _ in 0..<count { _ = set.insert(.random(in: 1...(1 << 50), using: &generator)) }
    case "one by one ascending": for number in 1...count { _ = set.insert(number * 7) }
    case "in sorted batches":
      for start in stride(from: 1, to: count, by: 10_000) { _ = set.insert(sorted: Array(start..<(start + 10_000))) }
    case "halved":
      for number in 1...(2 * count) { _ = set.insert(number) }
      for number in 1...count { _ = set.remove(number * 2) }
    default:
      for offset in UInt64(0)..<8 {
        _ = set.insert(sorted: stride(from: 8 + offset, to: 8 * (count / 8), by: 8).map { $0 })
      }
    }
    #expect(set.count > Int(count) * 9 / 10)
    // Eight to ten by what it asks for; an allocator that rounds up, as a sanitizer's does, may give it more.
    #expect(set.bytes < set.count * 16, "\(Double(set.bytes) / Double(set.count)) bytes a number")
  }

  @Test("the largest and the smallest number, and those next to what is there")
  func edges() {
    var set = NumberSet()
    let numbers: [UInt64] = [.max, 1, 5]
    #expect(numbers.map { set.insert($0) } == [true, true, true])
    #expect(numbers.map { set.insert($0) } == [false, false, false])
    #expect(set.elements == [1, 5, .max])
    for number in [UInt64.max - 1, 2, 4, 6, 0] { #expect(!set.contains(number)) }
    #expect([[], [1, 2, 5, .max]].map { set.insert(sorted: $0) } == [[], [2]])
    #expect(set.count == 4)
  }
}

extension ClosedRange<UInt64> {
  fileprivate func random(using generator: inout SeededGenerator) -> UInt64 { .random(in: self, using: &generator) }
}
