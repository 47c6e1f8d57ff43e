import DialerModel
import DialingRules
import Testing
import TimeZones

@Suite("Calling hours against a slow model") struct HoursPropertyTests {
  private static let millisecond = Interval(milliseconds: 1)

  @Test("random rule sets open and close to the minute as the slow model says", arguments: 0..<16)
  func minuteByMinute(seed: Int) throws {
    var generator = HoursGenerator(random: SeededGenerator(seed: UInt64(seed)))
    let names = try #require(Builders.database?.names)
    let zone = try Builders.zone(names[generator.below(names.count)])
    var start = Builders.at("2020-01-01T00:00:00Z") + .minutes(Int64(generator.below(10 * 365 * 1440)))
    // Half of them around a change of the clock.
    if seed % 2 == 0, let change = zone.nextChange(after: start.unixSeconds) {
      start = Instant(seconds: change - 36 * 3600)
    }
    let set = generator.hours(near: LocalTime(localSeconds: zone.localSeconds(at: start)).date.daysSinceEpoch + 1)
    let hours = CompiledHours(set)
    let profile = hours.profile(zones: [zone], country: "US", state: "FL")
    let slow = SlowHours(set, country: "US", state: "FL")
    var status = hours.status(profile, at: start)
    for minute in 0..<Int64(2 * 1440) {
      let time = Instant(seconds: start.unixSeconds + minute * 60)
      if time >= status.until { status = hours.status(profile, at: time) }
      let expected = slow.isOpen(localSeconds: zone.localSeconds(at: time))
      try #require(status.open == expected, "seed \(seed), \(zone.name), \(time)")
    }
  }

  @Test("in every zone of the system the next change is the exact millisecond")
  func everyZone() throws {
    var generator = HoursGenerator(random: SeededGenerator(seed: 7))
    var changes = 0
    for name in try #require(Builders.database?.names) {
      let zone = try Builders.zone(name)
      var start = Builders.at("2024-01-01T00:00:00Z") + .seconds(Int64(generator.below(4 * 365 * 86_400)))
      if generator.below(2) == 0, let change = zone.nextChange(after: start.unixSeconds) {
        start = Instant(seconds: change - Int64(generator.below(86_400)))
      }
      let set = generator.hours(near: LocalTime(localSeconds: zone.localSeconds(at: start)).date.daysSinceEpoch)
      let hours = CompiledHours(set)
      let profile = hours.profile(zones: [zone], country: "US", state: "FL")
      let slow = SlowHours(set, country: "US", state: "FL")
      let status = hours.status(profile, at: start)
      #expect(slow.isOpen(localSeconds: zone.localSeconds(at: start)) == status.open, "\(name) \(start)")
      guard status.until != .distantFuture else { continue }
      changes += 1
      let last = status.until - Self.millisecond
      #expect(slow.isOpen(localSeconds: zone.localSeconds(at: last)) == status.open, "\(name) \(last)")
      #expect(slow.isOpen(localSeconds: zone.localSeconds(at: status.until)) != status.open, "\(name) \(status.until)")
      for _ in 0..<20 {
        let between = start + Interval(milliseconds: Int64(generator.below(Int((last - start).milliseconds) + 1)))
        #expect(slow.isOpen(localSeconds: zone.localSeconds(at: between)) == status.open, "\(name) \(between)")
      }
    }
    #expect(changes > 400)
  }

  @Test("several zones are open together exactly when each of them is", arguments: 0..<40)
  func severalZones(seed: Int) throws {
    var generator = HoursGenerator(random: SeededGenerator(seed: UInt64(1000 + seed)))
    let names = try #require(Builders.database?.names)
    let start = Builders.at("2026-01-01T00:00:00Z") + .seconds(Int64(generator.below(365 * 86_400)))
    let set = generator.hours(near: LocalTime(localSeconds: start.unixSeconds).date.daysSinceEpoch)
    let hours = CompiledHours(set)
    let zones = try (0..<2 + generator.below(3)).map { _ in try Builders.zone(names[generator.below(names.count)]) }
    let all = hours.profile(zones: zones, country: "US", state: nil)
    let each = zones.map { hours.profile(zones: [$0], country: "US", state: nil) }
    func together(_ time: Instant) -> Bool { each.allSatisfy { hours.status($0, at: time).open } }
    let status = hours.status(all, at: start)
    #expect(status.open == together(start))
    let end = status.until == .distantFuture ? start + .hours(24 * 30) : status.until
    for _ in 0..<200 {
      let time = start + .seconds(Int64(generator.below(Int((end - start).milliseconds / 1000))))
      #expect(together(time) == status.open)
    }
    if status.until != .distantFuture { #expect(together(status.until) != status.open) }
  }
}
