import DialerModel
import Testing
import TimeZones

@Suite("A POSIX TZ string")
struct PosixRuleTests {
  private func time(_ text: String) throws -> Int64 { try #require(Instant(rfc3339: text)).unixSeconds }

  /// The change at or after the start of a year, and the offsets before and from it.
  struct Change: Sendable {
    let rule: String
    let at: String
    let before: Int32
    let from: Int32
  }

  @Test(
    "changes the offset at the second that it says",
    arguments: [
      Change(rule: "EST5EDT,M3.2.0,M11.1.0", at: "2200-03-09T07:00:00Z", before: -18_000, from: -14_400),
      Change(rule: "EST5EDT,M3.2.0,M11.1.0", at: "2200-11-02T06:00:00Z", before: -14_400, from: -18_000),
      Change(rule: "AEST-10AEDT,M10.1.0,M4.1.0/3", at: "2150-10-03T16:00:00Z", before: 36_000, from: 39_600),
      Change(rule: "IST-1GMT0,M10.5.0,M3.5.0/1", at: "2120-10-27T01:00:00Z", before: 3600, from: 0),
      Change(rule: "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", at: "2110-03-30T01:00:00Z", before: -7200, from: -3600),
      Change(rule: "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", at: "2026-03-29T01:00:00Z", before: -7200, from: -3600),
      Change(rule: "EET-2EEST,M3.4.4/50,M10.4.4/50", at: "2026-03-28T00:00:00Z", before: 7200, from: 10_800),
      Change(
        rule: "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45", at: "2026-04-04T14:00:00Z", before: 49_500, from: 45_900),
      Change(rule: "XXX3YYY,J60,J300", at: "2028-03-01T05:00:00Z", before: -10_800, from: -7200),
      Change(rule: "XXX3YYY,60,300", at: "2027-03-02T05:00:00Z", before: -10_800, from: -7200),
      Change(rule: "XXX3YYY,60,300", at: "2028-03-01T05:00:00Z", before: -10_800, from: -7200),
      Change(rule: "XXX3YYY,J365/167,J100", at: "2027-01-07T02:00:00Z", before: -10_800, from: -7200),
      Change(rule: "XXX3YYY,J1/-167,J100", at: "2026-12-25T04:00:00Z", before: -10_800, from: -7200),
    ])
  func changes(_ change: Change) throws {
    let rules = try ZoneRules(name: "X", posixRule: change.rule)
    let at = try time(change.at)
    #expect(rules.utcOffset(at: at - 1) == change.before)
    #expect(rules.utcOffset(at: at) == change.from)
    #expect(rules.nextChange(after: at - 1) == at)
  }

  @Test(
    "without a change in the year has one offset for ever",
    arguments: [
      ("<+03>-3", 10_800), ("<-03>3", -10_800), ("UTC0", 0), ("EST5EDT,0/0,J365/25", -14_400),
      ("XXX5XXX5,M3.2.0,M11.1.0", -18_000), ("XXX24", -86_400), ("XXX-5:45:30", 20_730),
      ("XXX3EDT4,0/0,J365/23", -14_400),
    ] as [(String, Int32)])
  func fixed(rule: String, offset: Int32) throws {
    let rules = try ZoneRules(name: "X", posixRule: rule)
    for time in [Int64.min, -1, 0, 1_700_000_000, 1 << 33, .max] {
      #expect(rules.utcOffset(at: time) == offset)
      #expect(rules.nextChange(after: time) == nil)
    }
  }

  @Test(
    "that is not one is refused",
    arguments: [
      "", "EST", "ES5", "5", "EST25", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,M11.1.0,", "EST5EDT,M13.2.0,M11.1.0",
      "EST5EDT,M0.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.0.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
      "EST5EDT,J0,J100", "EST5EDT,J366,J100", "EST5EDT,366,100", "EST5EDT,J1/168,J100", "EST5EDT,J1/-168,J100",
      "EST5:60", "EST5:", "<EST5", "<+3>-3", "E3T5", "EST5 ", "EST5EDT,M3.2.0/,M11.1.0", "EST99999999999999999999",
      ":EST5", "EST5EDT,M3.2,M11.1.0",
    ])
  func refused(rule: String) {
    #expect(throws: ZoneFileFault.badFooter) { try ZoneRules(name: "X", posixRule: rule) }
  }

  @Test("cut at any byte is refused or a shorter rule, and never traps")
  func cuts() {
    let whole = "<+1245>-12:45:30<+1345>-13,M9.5.0/2:45,M4.1.0/-167:45:10"
    let sound = (0...whole.utf8.count).filter { count in
      (try? ZoneRules(name: "X", posixRule: String(whole.prefix(count)))) != nil
    }
    #expect(sound.contains(whole.utf8.count))
    #expect(!sound.contains(30), "daylight saving without its dates")
  }

  @Test(
    "holds the same far beyond the table as within it", arguments: ["IST-2IDT,M3.4.4/26,M10.5.0", "X3:30Y,J365/167,40"])
  func repeatsEachCycle(text: String) throws {
    let rule = text.replacing("X", with: "XXX").replacing("Y", with: "YYY")
    let rules = try ZoneRules(name: "X", posixRule: rule)
    let cycle: Int64 = 146_097 * 86_400
    for time in stride(from: Int64(0), to: 4_200_000_000, by: 12_345_678) {
      for cycles in [Int64(-3), 1, 700_000] {
        let there = rules.period(at: time + cycles * cycle)
        let here = rules.period(at: time)
        #expect(there.offset == here.offset && there.until == here.until + cycles * cycle)
      }
    }
  }

  @Test("answers at the ends of Int64")
  func ends() throws {
    let rules = try ZoneRules(name: "X", posixRule: "EST5EDT,M3.2.0,M11.1.0")
    #expect(rules.nextChange(after: .max) == nil)
    #expect(rules.nextChange(after: .min) != nil)
    #expect([-18_000, -14_400].contains(rules.utcOffset(at: .max)))
  }
}
