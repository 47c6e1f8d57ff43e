import DialerModel
import Testing

@testable import DialingRules

@Suite struct PrefixTableTests {
  @Test(
    "the longest prefix of a number counts",
    arguments: [
      (13_055_550_100, 3), (13_065_550_100, 1), (1_305, 3), (130, 1), (61_291_234_567, nil), (44, 2), (4, nil),
      (0, nil), (13_056_000_000, 4),
    ] as [(UInt64, Int?)])
  func longest(number: UInt64, value: Int?) {
    var table = PrefixTable()
    for (prefix, value) in [(1, 1), (44, 2), (1_305, 3), (13_056, 9), (13_056, 4), (0, 5)] as [(UInt64, Int)] {
      table.insert(prefix, value)
    }
    #expect(table.longestMatch(of: PhoneNumber(digits: number)) == value)
  }

  @Test("random prefixes are found as a dictionary finds them, digit by digit", arguments: [1, 2] as [UInt64])
  func model(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var table = PrefixTable()
    var model: [UInt64: Int] = [:]
    for value in 0..<400 {
      let prefix = chance.next() % [10, 1000, 100_000][Int(chance.next() % 3)] + 1
      table.insert(prefix, value)
      model[prefix] = value
    }
    for _ in 0..<5_000 {
      let number = chance.next() % 10_000_000
      var rest = number
      while rest > 0, model[rest] == nil { rest /= 10 }
      #expect(table.longestMatch(of: PhoneNumber(digits: number)) == (rest > 0 ? model[rest] : nil))
    }
  }
}
