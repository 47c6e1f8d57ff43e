import DialerModel
import Testing

@testable import DialerEngine

/// Containers that grow without moving what is there.
@Suite struct GrowthTests {
  @Test("texts of all lengths are read back as they were put, across pages")
  func texts() {
    var arena = TextArena()
    var starts: [(UInt32, [UInt8])] = []
    for number in 0..<4_000 {
      let text = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 129)
      starts.append((text.withUnsafeBufferPointer { arena.append($0) }, text))
    }
    let bytes = arena.bytes
    #expect(bytes > 3 * TextArena.pageSize)
    var wrong = 0
    for (start, text) in starts where !arena.text(at: start, count: text.count).elementsEqual(text) { wrong += 1 }
    #expect(wrong == 0)
  }

  @Test("elements are read back as they were put, and changed in place, across pages")
  func elements() {
    var array = PagedArray<UInt64>()
    for number in 0..<20_000 { array.append(UInt64(number)) }
    for place in stride(from: 0, to: 20_000, by: 3) { array[place] = 7 }
    var wrong = 0
    for place in 0..<array.count where array[place] != (place % 3 == 0 ? 7 : UInt64(place)) { wrong += 1 }
    #expect(wrong == 0)
  }

  @Test("the nth newest attempt is that of all chains together, each attempt once", arguments: [1, 2, 3] as [UInt64])
  func chains(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let log = AttemptLog()
    log.reset(window: .hours(24))
    let keys = (1...12).map { DialKey.lead(LeadID($0)) }
    var rows: [(at: Instant, keys: Set<DialKey>, isAnswer: Bool, isAbandoned: Bool, counted: Bool)] = []
    for number in 0..<300 {
      let at = Instant(seconds: 1_795_132_800 + Int64(number) * 60)
      var own: DialKeys = []
      for key in keys where own.count < DialKeys.capacity && chance.next() % 6 == 0 { own.append(key) }
      let isAnswer = chance.next() % 3 == 0
      let counted = chance.next() % 8 != 0
      let isAbandoned = isAnswer && chance.next() % 4 == 0
      let row = log.add(at: at, keys: own, counted: counted, answeredAt: isAnswer ? at + .seconds(5) : nil)
      if let row, isAbandoned { log.markAbandoned(row, at: at + .seconds(5)) }
      rows.append((at, Set(own), isAnswer, isAbandoned, counted))
    }
    for _ in 0..<200 {
      var asked: DialKeys = []
      for key in keys where asked.count < 4 && chance.next() % 4 == 0 { asked.append(key) }
      let found = rows.filter { row in asked.contains { row.keys.contains($0) } }
      let chains = log.chains(of: asked)
      let counted = [Instant](found.filter(\.counted).map(\.at).reversed())
      let answers = [Instant](found.filter { $0.counted && $0.isAnswer }.map { $0.at + .seconds(5) }.reversed())
      for n in 1...8 {
        #expect(log.nth(n, answersOnly: false, chains) == (n <= counted.count ? counted[n - 1] : nil))
        #expect(log.nth(n, answersOnly: true, chains) == (n <= answers.count ? answers[n - 1] : nil))
      }
      #expect(log.lastAbandoned(chains) == found.last(where: \.isAbandoned).map { $0.at + .seconds(5) })
    }
  }
}
