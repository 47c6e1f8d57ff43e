import DialerModel
import DialingRules
import Testing
import TimeZones

@Suite("Regional rules") struct RegionTests {
  private let monday = "2026-11-23"

  private func openHours(
    _ hours: CallingHours, on date: String, country: String?, state: String? = nil,
    unknownRegion: UnknownRegionPolicy? = nil
  ) throws -> [String] {
    let rules = CompiledHours(hours, unknownRegion: unknownRegion)
    let profile = rules.profile(zones: [.utc], country: country, state: state)
    return rules.openings(profile, on: try #require(CivilDate(isoText: date))).map {
      "\($0.lowerBound.description.dropFirst(11).prefix(5))-\($0.upperBound.description.dropFirst(11).prefix(5))"
    }
  }

  private func set(_ regions: [String: RegionRules], dates: [SpecialDate] = []) -> CallingHours {
    Builders.hours(weekly: Builders.everyDay("08:00-21:00"), dates: dates, regions: regions)
  }

  @Test("a region narrows the base on the weekdays that it names and nowhere else")
  func narrows() throws {
    let hours = set(["US-FL": RegionRules(weekly: [1: Builders.windows("07:00-20:00"), 7: []], source: "s")])
    #expect(try openHours(hours, on: monday, country: "US", state: "FL") == ["08:00-20:00"])
    #expect(try openHours(hours, on: "2026-11-24", country: "US", state: "FL") == ["08:00-21:00"])
    #expect(try openHours(hours, on: "2026-11-22", country: "US", state: "FL") == [])
    #expect(try openHours(hours, on: monday, country: "US", state: "TX") == ["08:00-21:00"])
    #expect(try openHours(hours, on: monday, country: "AU", state: "FL") == ["08:00-21:00"])
  }

  @Test("a state's rules come on top of its country's")
  func stateOnCountry() throws {
    let hours = set([
      "US": RegionRules(weekly: Builders.everyDay("09:00-21:00"), source: "s"),
      "US-FL": RegionRules(weekly: Builders.everyDay("08:00-20:00"), source: "s"),
    ])
    #expect(try openHours(hours, on: monday, country: "US") == ["09:00-21:00"])
    #expect(try openHours(hours, on: monday, country: "us", state: "US-FL") == ["09:00-20:00"])
  }

  @Test("a region that replaces may loosen, on the weekdays and dates that it names")
  func replaces() throws {
    let christmas = SpecialDate(rule: .yearly(month: 12, day: 25))
    let loose = RegionRules(weekly: Builders.everyDay("06:00-23:00"), replaces: true, source: "s")
    let hours = set(["AU": loose], dates: [christmas])
    #expect(try openHours(hours, on: monday, country: "AU") == ["06:00-23:00"])
    // A date of the base stands against weekdays of a region, but not against its date.
    #expect(try openHours(hours, on: "2026-12-25", country: "AU") == [])
    var open = loose
    open.dates = [SpecialDate(rule: .yearly(month: 12, day: 25), windows: Builders.windows("10:00-12:00"))]
    #expect(try openHours(set(["AU": open], dates: [christmas]), on: "2026-12-25", country: "AU") == ["10:00-12:00"])
  }

  @Test("a narrowing state under a replacing country narrows the country's hours")
  func narrowUnderReplaced() throws {
    let hours = set([
      "AU": RegionRules(weekly: [1: Builders.windows("06:00-23:00")], replaces: true, source: "s"),
      "AU-NSW": RegionRules(weekly: [2: Builders.windows("10:00-22:00")], source: "s"),
    ])
    #expect(try openHours(hours, on: monday, country: "AU", state: "NSW") == ["06:00-23:00"])
    #expect(try openHours(hours, on: "2026-11-24", country: "AU", state: "NSW") == ["10:00-21:00"])
  }

  @Test("windows over midnight are intersected by the moment, not by the day on which they begin")
  func nightIntersection() throws {
    let hours = Builders.hours(
      weekly: Builders.everyDay("20:00-02:00"),
      regions: ["US": RegionRules(weekly: Builders.everyDay("00:00-24:00"), source: "s")])
    #expect(try openHours(hours, on: monday, country: "US") == ["00:00-02:00", "20:00-00:00"])
  }

  @Test("the night of a weekday that a region does not name goes on into one that it names")
  func nightIntoNamedDay() throws {
    let hours = Builders.hours(
      weekly: Builders.everyDay("20:00-02:00"),
      regions: ["US": RegionRules(weekly: [1: Builders.windows("21:00-22:00")], source: "s")])
    #expect(try openHours(hours, on: monday, country: "US") == ["00:00-02:00", "21:00-22:00"])
    #expect(try openHours(hours, on: "2026-11-24", country: "US") == ["20:00-00:00"])
  }

  @Test(
    "a region's rules hold from the first to the last effective local date",
    arguments: [
      ("2026-11-22", "08:00-21:00"), ("2026-11-23", "09:00-20:00"), ("2026-11-25", "09:00-20:00"),
      ("2026-11-26", "08:00-21:00"),
    ])
  func effectiveDates(date: String, expected: String) throws {
    let hours = set([
      "US-FL": RegionRules(
        weekly: Builders.everyDay("09:00-20:00"), source: "s", effectiveFrom: CivilDate(isoText: "2026-11-23"),
        effectiveUntil: CivilDate(isoText: "2026-11-25"))
    ])
    #expect(try openHours(hours, on: date, country: "US", state: "FL") == [expected])
  }

  @Test("a state that is not known meets the base, or the strictest of all states")
  func unknownState() throws {
    let hours = set([
      "US": RegionRules(weekly: Builders.everyDay("08:30-21:00"), source: "s"),
      "US-FL": RegionRules(weekly: Builders.everyDay("08:00-20:00"), source: "s"),
      "US-KY": RegionRules(weekly: Builders.everyDay("10:00-21:00"), source: "s"),
      "US-AL": RegionRules(weekly: Builders.everyDay("08:00-20:00"), source: "s"),
      "CA-BC": RegionRules(weekly: Builders.everyDay("12:00-13:00"), source: "s"),
    ])
    func open(_ country: String?, _ state: String?, _ policy: UnknownRegionPolicy) throws -> [String] {
      try openHours(hours, on: monday, country: country, state: state, unknownRegion: policy)
    }
    #expect(try open("US", nil, .base) == ["08:30-21:00"])
    #expect(try open("US", nil, .strictest) == ["10:00-20:00"])
    #expect(try open("US", "Florida", .strictest) == ["10:00-20:00"])
    #expect(try open("US", "TX", .strictest) == ["08:30-21:00"])
    #expect(try open("FR", nil, .strictest) == ["08:00-21:00"])
    #expect(try open(nil, nil, .base) == ["08:00-21:00"])
    #expect(try open(nil, nil, .strictest) == ["12:00-13:00"])
  }

  @Test("a region's attempt limits hold between the moments at which its dates begin and end in the lead's zones")
  func regionalLimits() throws {
    let limit = AttemptLimit(count: 3, window: .hours(24))
    let hours = CompiledHours(
      set([
        "US-FL": RegionRules(
          attemptLimits: [limit], abandonHold: .hours(72), source: "s",
          effectiveFrom: CivilDate(isoText: "2026-11-23"), effectiveUntil: CivilDate(isoText: "2026-11-25"))
      ]))
    let zones = [try Builders.zone("America/New_York"), try Builders.zone("America/Chicago")]
    let profile = hours.profile(zones: zones, country: "US", state: "FL")
    let expected = TimedLimit(
      limit: limit, from: Builders.at("2026-11-23T05:00:00Z"), until: Builders.at("2026-11-26T06:00:00Z"),
      region: "US-FL")
    #expect(profile.limits == [expected])
    #expect(
      profile.holds == [
        TimedHold(hold: .hours(72), from: expected.from, until: expected.until, region: "US-FL")
      ])
  }

  @Test("the evidence names the region, the window, the date and the zone that decide")
  func evidence() throws {
    let hours = CompiledHours(
      set(
        ["US-FL": RegionRules(weekly: Builders.everyDay("08:00-20:00"), source: "Fla. Stat. 501.616")],
        dates: [SpecialDate(rule: .yearly(month: 12, day: 25), name: "Christmas")]))
    let zone = try Builders.zone("America/New_York")
    let profile = hours.profile(zones: [zone], country: "US", state: "FL")
    let open = hours.evidence(profile, at: Builders.at("2026-11-20T15:04:05Z"))
    #expect(open.open && open.region == "US-FL" && open.source == "Fla. Stat. 501.616")
    #expect(open.window?.text == "08:00-20:00" && open.specialDate == nil)
    #expect(open.zone == zone.name && open.localTime.description == "2026-11-20T10:04:05")
    let closed = hours.evidence(profile, at: Builders.at("2026-12-25T15:00:00Z"))
    #expect(!closed.open && closed.region == nil && closed.specialDate == "Christmas" && closed.window == nil)
  }

  @Test("several rules of one region all hold, each between its own dates")
  func severalRules() throws {
    let sundays = RegionRules(
      weekly: [1: Builders.windows("13:30-21:00")], source: "a", effectiveUntil: CivilDate(isoText: "2026-11-23"),
      further: [
        RegionRules(dates: [SpecialDate(rule: .yearly(month: 12, day: 7))], source: "b"),
        RegionRules(
          weekly: [1: Builders.windows("09:00-19:00")], source: "c",
          effectiveFrom: CivilDate(isoText: "2026-11-23")),
      ])
    let hours = set(["US-PA": sundays])
    func open(_ date: String) throws -> [String] { try openHours(hours, on: date, country: "US", state: "PA") }
    #expect(try open("2026-11-16") == ["13:30-21:00"])
    #expect(try open("2026-11-23") == ["13:30-19:00"])
    #expect(try open("2026-11-30") == ["09:00-19:00"])
    #expect(try open("2026-12-07") == [])
  }

  @Test("what replaces stands below what narrows in the same region, whichever is written first")
  func replacingBesideNarrowing() throws {
    let narrow = RegionRules(weekly: [1: Builders.windows("07:00-12:00")], source: "a")
    let loose = RegionRules(weekly: Builders.everyDay("06:00-23:00"), replaces: true, source: "b")
    for (first, second) in [(narrow, loose), (loose, narrow)] {
      var both = first
      both.further = [second]
      let hours = set(["AU": both, "AU-NSW": RegionRules(weekly: [1: Builders.windows("05:00-11:00")], source: "c")])
      #expect(try openHours(hours, on: monday, country: "AU") == ["07:00-12:00"])
      #expect(try openHours(hours, on: monday, country: "AU", state: "NSW") == ["07:00-11:00"])
      #expect(try openHours(hours, on: "2026-11-24", country: "AU") == ["06:00-23:00"])
    }
  }
}
