import DialerModel
import DialingRules
import Testing
import TimeZones

@Suite("When a lead can next be dialled") struct NextEligibleTests {
  private static let millisecond = Interval(milliseconds: 1)

  private func next(
    _ lead: LeadFacts, _ rules: CampaignRules, _ hours: ProfileHours, _ history: ListedAttempts, from now: Instant
  ) -> Instant? {
    Eligibility.nextEligible(of: lead, under: rules, hours: hours, history: history, from: now)
  }

  private func passes(
    _ lead: LeadFacts, _ rules: CampaignRules, _ hours: ProfileHours, _ history: ListedAttempts, at now: Instant
  ) -> Bool {
    Eligibility.verdict(of: lead, under: rules, hours: hours, history: history, at: now).passes
  }

  @Test("a retry that falls into closed hours waits for the next opening, and a limit after that for the one after")
  func chain() throws {
    let compiled = CompiledHours(Builders.hours(weekly: Builders.everyDay("09:00-12:00", "14:00-20:00")))
    let hours = ProfileHours(compiled, compiled.profile(zones: [.utc], country: nil, state: nil))
    let now = Builders.at("2026-11-20T11:00:00Z")
    var lead = LeadFacts(record: Builders.record())
    lead.record.state.retryAt = Builders.at("2026-11-20T12:30:00Z")
    #expect(next(lead, Builders.rules(), hours, ListedAttempts([]), from: now) == Builders.at("2026-11-20T14:00:00Z"))
    let rules = Builders.rules(limits: [AttemptLimit(count: 1, window: .hours(24))])
    let history = ListedAttempts(at: [Builders.at("2026-11-19T21:15:00.007Z")])
    #expect(next(lead, rules, hours, history, from: now) == Builders.at("2026-11-21T09:00:00Z"))
  }

  @Test("nobody knows for a paused campaign, and it is never for a lead that is done")
  func unknown() throws {
    let compiled = CompiledHours(.always)
    let hours = ProfileHours(compiled, compiled.profile(zones: [.utc], country: nil, state: nil))
    let now = Builders.at("2026-11-20T11:00:00Z")
    let lead = LeadFacts(record: Builders.record())
    #expect(next(lead, Builders.rules(state: .paused), hours, ListedAttempts([]), from: now) == nil)
    #expect(
      next(LeadFacts(record: Builders.record(status: "DNC")), Builders.rules(), hours, ListedAttempts([]), from: now)
        == nil)
    #expect(next(lead, Builders.rules(), hours, ListedAttempts([]), from: now) == now)
  }

  @Test("a list that expires before the lead's time comes leaves it without one")
  func expires() throws {
    let compiled = CompiledHours(.always)
    let hours = ProfileHours(compiled, compiled.profile(zones: [.utc], country: nil, state: nil))
    let now = Builders.at("2026-11-20T11:00:00Z")
    var lead = LeadFacts(record: Builders.record(), list: ListFacts(expiresAt: now + .hours(1)))
    lead.record.state.retryAt = now + .hours(1)
    #expect(next(lead, Builders.rules(), hours, ListedAttempts([]), from: now) == nil)
    lead.record.state.retryAt = now + .hours(1) - Self.millisecond
    #expect(next(lead, Builders.rules(), hours, ListedAttempts([]), from: now) == now + .hours(1) - Self.millisecond)
  }

  @Test("it is eligible at that millisecond and at none before", arguments: 0..<60)
  func exact(seed: Int) throws {
    var generator = HoursGenerator(random: SeededGenerator(seed: UInt64(31_000 + seed)))
    let names = try #require(Builders.database?.names)
    let zone = try Builders.zone(names[generator.below(names.count)])
    let now = Builders.at("2026-01-01T00:00:00Z") + Interval(milliseconds: Int64(generator.below(365 * 86_400_000)))
    let set = generator.hours(near: LocalTime(localSeconds: zone.localSeconds(at: now)).date.daysSinceEpoch)
    let compiled = CompiledHours(set)
    let profile = compiled.profile(zones: [zone], country: "US", state: generator.below(2) == 0 ? "FL" : nil)
    let hours = ProfileHours(compiled, profile)
    let scopes = AttemptLimit.Scope.allCases
    let limits = (0..<generator.below(4)).map { _ in
      AttemptLimit(
        count: 1 + generator.below(3), window: Interval(milliseconds: Int64(1 + generator.below(200_000_000))),
        scope: scopes[generator.below(3)], counts: generator.below(3) == 0 ? .answers : .attempts)
    }
    let history = ListedAttempts(
      (0..<generator.below(8)).map { _ in
        ListedAttempts.Entry(
          at: now - Interval(milliseconds: Int64(generator.below(100_000_000))), answered: generator.below(3) == 0,
          byThisLead: generator.below(3) > 0)
      })
    let rules = Builders.rules(limits: limits, gap: Interval(milliseconds: Int64(generator.below(40_000_000))))
    var lead = LeadFacts(record: Builders.record())
    if generator.below(2) == 0 {
      lead.record.state.retryAt = now + Interval(milliseconds: Int64(generator.below(200_000_000)))
    }
    let found = next(lead, rules, hours, history, from: now)
    if let found {
      #expect(found >= now && passes(lead, rules, hours, history, at: found), "seed \(seed)")
      if found > now { #expect(!passes(lead, rules, hours, history, at: found - Self.millisecond), "seed \(seed)") }
    }
    let end = found ?? now + .hours(24 * 8)
    guard end > now else { return }
    // Not at any of many moments before it either, the ends of windows among them.
    for _ in 0..<150 {
      let time = now + Interval(milliseconds: Int64(generator.below(Int((end - now).milliseconds))))
      #expect(!passes(lead, rules, hours, history, at: time), "seed \(seed), \(time)")
      let until = hours.status(phone: 0, at: time).until
      if until < end { #expect(!passes(lead, rules, hours, history, at: until), "seed \(seed), \(until)") }
    }
  }
}
