import DialerModel
import Testing
import TimeZones

@Suite("A TZif file")
struct TZifFileTests {
  static let twoOffsets: [(offset: Int32, isDaylight: UInt8, designation: UInt8)] = [(3600, 0, 0), (7200, 1, 0)]
  static let sound = TZifBytes(
    transitions: [(-1000, 1), (1000, 0), (2000, 0), (3000, 1)], types: twoOffsets, indicators: 2, footer: "XXX-2")

  @Test("gives each stretch between transitions its offset", arguments: [UInt8(0), 50, 51, 52, 57])
  func readsTransitions(version: UInt8) throws {
    var file = Self.sound
    file.version = version
    let rules = try file.rules()
    for (time, offset) in [(-1001, 3600), (-1000, 7200), (999, 7200), (1000, 3600), (2999, 3600), (3000, 7200)] {
      #expect(rules.utcOffset(at: Int64(time)) == offset)
    }
    #expect(rules.utcOffset(at: .max) == 7200)
    #expect(rules.utcOffset(at: .min) == 3600)
    #expect(rules.nextChange(after: 1000) == 3000, "the transition at 2000 changes nothing")
    #expect(rules.nextChange(after: 3000) == nil)
  }

  @Test("cut at any byte is refused", arguments: [UInt8(0), 50, 52])
  func refusesCuts(version: UInt8) {
    var file = Self.sound
    file.version = version
    let bytes = file.bytes
    for count in bytes.indices {
      #expect(throws: ZoneFileFault.self) { try ZoneRules(name: "X", tzif: Array(bytes[..<count])) }
    }
  }

  @Test("of random bytes or with random bytes in it never traps", arguments: [UInt64(1), 2, 3])
  func survivesRandomBytes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var file = Self.sound
    file.footer = "<-02>2<-01>,M3.5.0/-1,J300/0"
    file.types[1].offset = -7200
    var read = 0
    for round in 0..<300 {
      var bytes = round % 3 == 0 ? (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) } : file.bytes
      if round % 3 == 0 { bytes.replaceSubrange(0..<5, with: Array("TZif2".utf8)) }
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      guard let rules = try? ZoneRules(name: "X", tzif: bytes) else { continue }
      read += 1
      for time in [Int64.min, -1, 0, 1 << 31, 1 << 40, .max] {
        let next = rules.nextChange(after: time)
        #expect(next == nil || rules.utcOffset(at: next ?? 0) != rules.utcOffset(at: time))
      }
    }
    #expect(read > 0, "some changes of a byte leave a file that can be read")
  }

  @Test("that breaks a rule is refused with what is wrong")
  func refusesFaults() {
    func expect(_ fault: ZoneFileFault, _ change: (inout TZifBytes) -> Void) {
      var file = Self.sound
      change(&file)
      let bytes = file.bytes
      #expect(throws: fault) { try ZoneRules(name: "X", tzif: bytes) }
    }
    expect(.leapSeconds) { $0.leapSeconds = 1 }
    expect(.badCounts) { $0.types = [] }
    expect(.badCounts) { $0.indicators = 1 }
    expect(.badCounts) { $0.designations = [] }
    expect(.badTransitionTimes) { $0.transitions[1].time = -1000 }
    expect(.badTransitionTimes) { $0.transitions[0].time = -(1 << 60) }
    expect(.badTransitionTimes) { $0.transitions[3].time = 1 << 60 }
    expect(.badTypeIndex) { $0.transitions[2].type = 2 }
    expect(.badLocalTimeType) { $0.types[0].offset = .min }
    expect(.badLocalTimeType) { $0.types[0].offset = 93_600 }
    expect(.badLocalTimeType) { $0.types[0].isDaylight = 2 }
    expect(.badLocalTimeType) { $0.types[0].designation = 4 }
    expect(.badFooter) { $0.footer = "nonsense" }
    expect(.contradictoryFooter) { $0.footer = "XXX-1" }
    expect(.notTZif) { $0.version = 1 }
    expect(.tooManyTransitions) { file in file.transitions = (0..<40_000).map { (Int64($0), 0) } }
    #expect(throws: ZoneFileFault.notTZif) { try ZoneRules(name: "X", tzif: Array("TZIF2".utf8)) }
    #expect(throws: ZoneFileFault.truncated) { try ZoneRules(name: "X", tzif: []) }
  }

  @Test("with a count of four thousand million is refused at once")
  func refusesHugeCounts() {
    for field in 0..<6 {
      var file = Self.sound
      file.version = 0
      var bytes = file.bytes
      bytes.replaceSubrange(20 + field * 4..<24 + field * 4, with: [255, 255, 255, 255])
      #expect(throws: ZoneFileFault.self) { try ZoneRules(name: "X", tzif: bytes) }
    }
  }

  @Test("without transitions keeps to its footer at all times, or to its first type")
  func withoutTransitions() throws {
    let ruled = try TZifBytes(footer: "CET-1CEST,M3.5.0,M10.5.0/3").rules()
    for time in [-4_102_444_800, 0, 1_700_000_000, 10_000_000_000] as [Int64] {
      #expect(ruled.utcOffset(at: time) == ruled.utcOffset(at: time + 146_097 * 86_400 * 3))
    }
    #expect(ruled.utcOffset(at: -1_500_000_000) == 7200, "20 June 1922")
    let fixed = try TZifBytes(types: [(-1234, 0, 0)]).rules()
    #expect(fixed.utcOffset(at: 0) == -1234)
    #expect(fixed.nextChange(after: .min) == nil)
  }

  @Test("whose last transition lies centuries before the table goes on by its footer")
  func ancientTransition() throws {
    let footer = "CET-1CEST,M3.5.0,M10.5.0/3"
    let model = try ZoneRules(name: "model", posixRule: footer)
    let last: Int64 = -(1 << 58)
    let type: UInt8 = model.utcOffset(at: last) == 3600 ? 0 : 1
    let rules = try TZifBytes(
      transitions: [(-(1 << 59), 1 - type), (last, type)], types: Self.twoOffsets, footer: footer
    ).rules()
    #expect(rules.nextChange(after: last - 1) == last)
    #expect(rules.nextChange(after: last) == model.nextChange(after: last))
    for time in stride(from: Int64(-20_000_000_000), to: 20_000_000_000, by: 187_654_321) {
      #expect(rules.period(at: time) == model.period(at: time))
    }
  }
}
