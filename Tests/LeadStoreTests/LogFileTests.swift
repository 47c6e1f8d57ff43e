import DialerModel
import Foundation
import Testing

@testable import LeadStore

@Suite("The file of the log")
struct LogFileTests {
  private func logBytes(_ fixture: Fixture) throws -> Int {
    let log = try FileManager.default.attributesOfItem(atPath: fixture.path + "-wal")
    return try #require(log[.size] as? Int)
  }

  private func commit(_ seqs: ClosedRange<Int64>, to store: LeadStore) throws {
    for seq in seqs {
      let attempt = Make.attempt(seq, at: .start + .seconds(seq))
      try store.commit(Make.transaction([], [Make.event(seq, .attemptStarted, attempt: attempt)]))
    }
  }

  private func options() -> StoreOptions {
    var options = StoreOptions()
    // Nothing else writes meanwhile.
    options.projectionIdleMilliseconds = 60_000
    return options
  }

  @Test("small commits write over what is there: the file grows in a few steps, also after it was cut")
  func stepwise() throws {
    let fixture = try Fixture()
    let store = try fixture.open(options())
    defer { store.abandon() }
    for start in [1, 401] as [Int64] {
      try store.checkpoint()
      #expect(try logBytes(fixture) == 0)
      var sizes: Set<Int> = []
      for seq in start..<start + 400 {
        try commit(seq...seq, to: store)
        sizes.insert(try logBytes(fixture))
      }
      // Each commit adds a frame at least.
      #expect(try logBytes(fixture) > 400 * 4096)
      #expect(sizes.count < 16)
    }
  }

  @Test("a large commit asks for no room behind it")
  func large() throws {
    let fixture = try Fixture()
    let store = try fixture.open(options())
    defer { store.abandon() }
    try store.checkpoint()
    for start in stride(from: 1, to: 4001, by: 1000) as StrideTo<Int64> {
      let events = (start..<start + 1000).map { seq in
        Make.event(seq, .attemptStarted, attempt: Make.attempt(seq, at: .start + .seconds(seq)))
      }
      try store.commit(Make.transaction([], events))
    }
    // The header of the log and whole frames, and nothing behind them.
    #expect((try logBytes(fixture) - 32) % (4096 + 24) == 0)
  }

  @Test("after a crash everything before the zeros is there, and what comes next follows it")
  func crash() throws {
    let fixture = try Fixture()
    let store = try fixture.open(options())
    try commit(1...50, to: store)
    store.abandon()
    let log = try Data(contentsOf: URL(fileURLWithPath: fixture.path + "-wal"))
    #expect(log.suffix(4096).allSatisfy { $0 == 0 })
    let next = try fixture.open(options())
    defer { next.close() }
    #expect(try Fixture.load(next).image.nextSeq == 51)
    try commit(51...60, to: next)
    #expect(try Fixture.load(next).image.nextSeq == 61)
  }
}
