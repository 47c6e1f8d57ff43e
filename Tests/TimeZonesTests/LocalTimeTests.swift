import DialerModel
import Testing
import TimeZones

@Suite("Local time")
struct LocalTimeTests {
  /// Forward at 2026-03-08T07:00Z, back at 2026-11-01T06:00Z.
  let newYork: ZoneRules
  init() throws { newYork = try ZoneRules(name: "New York", posixRule: "EST5EDT,M3.2.0,M11.1.0") }

  private func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }
  private func date(_ year: Int, _ month: Int, _ day: Int) throws -> CivilDate {
    try #require(CivilDate(year: year, month: month, day: day))
  }

  @Test(
    "is the calendar and the clock of the zone",
    arguments: [
      ("2026-07-01T03:59:59.999Z", "2026-06-30", 86_399), ("2026-07-01T04:00:00Z", "2026-07-01", 0),
      ("1969-12-31T12:00:00Z", "1969-12-31", 25_200), ("1965-01-01T02:00:00Z", "1964-12-31", 75_600),
    ] as [(String, String, Int32)])
  func clock(utc: String, date: String, seconds: Int32) throws {
    let local = newYork.localDateTime(at: try instant(utc))
    #expect(local.date.description == date)
    #expect(local.secondsOfDay == seconds)
  }

  @Test("that is skipped is reached at the moment of the jump")
  func skipped() throws {
    let jump = try instant("2026-03-08T07:00:00Z")
    let day = try date(2026, 3, 8)
    for seconds in [7200, 7201, 9000, 10_799, 10_800] as [Int32] {
      #expect(newYork.firstInstant(atOrAfterLocal: day, secondsOfDay: seconds) == jump)
    }
    #expect(newYork.firstInstant(atOrAfterLocal: day, secondsOfDay: 7199) == jump - .seconds(1))
    #expect(newYork.firstInstant(atOrAfterLocal: day, secondsOfDay: 10_801) == jump + .seconds(1))
  }

  @Test("that comes twice is reached the first time, and after that the second")
  func doubled() throws {
    let day = try date(2026, 11, 1)
    let first = try instant("2026-11-01T05:30:00Z")
    let back = try instant("2026-11-01T06:00:00Z")
    #expect(newYork.firstInstant(atOrAfterLocal: day, secondsOfDay: 5400) == first)
    #expect(newYork.firstInstant(atOrAfterLocal: day, secondsOfDay: 5400, notBefore: back) == back + .minutes(30))
    let between = back - .minutes(10)
    #expect(newYork.firstInstant(atOrAfterLocal: day, secondsOfDay: 5400, notBefore: between) == between)
  }

  @Test("of 24:00 is midnight of the next day")
  func endOfDay() throws {
    let midnight = try instant("2026-07-02T04:00:00Z")
    #expect(newYork.firstInstant(atOrAfterLocal: try date(2026, 7, 1), secondsOfDay: 86_400) == midnight)
  }

  @Test("beyond the horizon is never or always reached")
  func horizon() throws {
    let now = Instant(seconds: 0)
    #expect(newYork.firstInstant(atOrAfterLocal: try date(10_000, 1, 1), secondsOfDay: 0) == .distantFuture)
    #expect(newYork.firstInstant(atOrAfterLocal: try date(-10_000, 1, 1), secondsOfDay: 0, notBefore: now) == now)
    #expect(newYork.firstInstant(withLocalIn: Int64.min..<Int64.max, notBefore: now) == now)
    #expect(newYork.firstInstant(withLocalOutside: Int64.min..<Int64.max, notBefore: now) > .distantFuture)
  }

  @Test("keeps the milliseconds of a moment that is already in the window")
  func milliseconds() {
    let now = Instant(milliseconds: 1_700_000_000_123)
    let local = newYork.localSeconds(at: now)
    #expect(newYork.firstInstant(withLocalIn: local..<local + 1, notBefore: now) == now)
    #expect(newYork.firstInstant(withLocalIn: local - 9..<local, notBefore: now) == nil)
    #expect(
      newYork.firstInstant(withLocalOutside: local..<local + 1, notBefore: now) == Instant(seconds: 1_700_000_001))
    #expect(newYork.firstInstant(withLocalOutside: local + 1..<local + 2, notBefore: now) == now)
  }

  @Test(
    "enters and leaves a window when a walk through time says so",
    arguments: [
      "EST5EDT,M3.2.0,M11.1.0", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "IST-1GMT0,M10.5.0,M3.5.0/1", "XXX-14",
      "XXX12YYY-12,M3.2.0,M11.1.0",
    ])
  func agreesWithWalk(rule: String) throws {
    let rules = try ZoneRules(name: "X", posixRule: rule)
    var generator = SeededGenerator(seed: 7)
    let step: Int64 = 300
    for change in [rules.nextChange(after: 1_760_000_000), rules.nextChange(after: 1_785_000_000), 4_294_967_100] {
      let around = (change ?? 1_760_000_000) / step * step
      for _ in 0..<120 {
        let start = around + step * Int64.random(in: -400...100, using: &generator)
        let lower = around + step * Int64.random(in: -600...600, using: &generator)
        let window = lower..<lower + step * Int64.random(in: 1...80, using: &generator)
        let walk = stride(from: start, to: start + step * 3000, by: Int(step)).lazy
        let isIn = { (time: Int64) in window.contains(rules.localSeconds(at: Instant(seconds: time))) }
        let now = Instant(seconds: start)
        let enters = rules.firstInstant(withLocalIn: window, notBefore: now)?.unixSeconds
        #expect(enters == walk.first(where: isIn), "\(window) from \(start)")
        let leaves = rules.firstInstant(withLocalOutside: window, notBefore: now).unixSeconds
        #expect(leaves == walk.first { !isIn($0) }, "\(window) from \(start)")
      }
    }
  }
}
