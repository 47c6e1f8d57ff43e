import DialerModel
import Testing

@testable import Telephony

@Test("a timer heap gives out by time, and what falls on one millisecond as it went in")
func timerHeapOrder() {
  var generator = SeededGenerator(seed: 7)
  var heap = TimerHeap<Int>()
  var entered: [(at: Int64, number: Int)] = []
  for number in 0..<2_000 {
    let at = Int64(generator.next() % 300)
    entered.append((at, number))
    heap.add(number, at: MonotonicInstant(milliseconds: at))
  }
  heap.keep { $0 % 3 != 0 }
  let expected = entered.filter { $0.number % 3 != 0 }.sorted { ($0.at, $0.number) < ($1.at, $1.number) }
  var given: [Int] = []
  while heap.first != nil { given.append(heap.removeFirst().payload) }
  #expect(given == expected.map(\.number))
}
