import DialerModel
import DialingRules
import Testing

@Suite("Rule sets in files") struct CallingHoursFileTests {
  private func faults(_ text: String) -> [String] {
    do throws(CallingHoursFileFaults) {
      _ = try CallingHoursFile(Array(text.utf8))
      return []
    } catch {
      return error.lines(file: "x.json5")
    }
  }

  @Test("every shipped set is read, and what is sent of it is read back as the same", arguments: ShippedRules.names)
  func shipped(name: String) throws {
    let file = try CallingHoursFile(try ShippedRules.bytes(name))
    #expect(file.hours.callingHoursID.rawValue == name)
    #expect(try CallingHoursCodec.callingHours(file.json) == file.hours)
    #expect(try CallingHoursCodec.callingHours(CallingHoursCodec.json(file.hours)) == file.hours)
    let regions = file.hours.regions.values.flatMap(\.all)
    #expect(regions.allSatisfy { !$0.source.isEmpty } && file.hours.source != nil)
  }

  @Test("the shipped US federal hours are those of a new database")
  func federal() throws {
    #expect(try CallingHoursFile(try ShippedRules.bytes("us-federal")).hours == .usFederal)
  }

  @Test("all faults of a file are named with line and column, in its order")
  func lines() {
    let found = faults(
      """
      {
        name: "no id",
        // a comment
        weekly: { monday: ["9-17"],
          funday: [] },
        dates: [
          { date: "2026-02-30" },
        ],
        regions: {
          "US-FL": { weekly: {} },
          Florida: { source: "s" },
        },
      }
      """)
    #expect(
      found.map { String($0.prefix { $0 != " " }) } == [
        "x.json5:1:1:", "x.json5:4:22:", "x.json5:5:13:", "x.json5:7:13:", "x.json5:10:14:", "x.json5:11:14:",
      ])
    #expect(found[0].contains("callingHoursID is missing"))
    #expect(found[1].contains("weekly.monday[0] is \"9-17\"") && found[1].contains("09:00-20:00"))
    #expect(found[4].contains("regions.US-FL.source is missing"))
  }

  @Test(
    "a file that is no JSON5, or names a key twice, is one fault with its place",
    arguments: [
      ("{ callingHoursID: \"a\"\n weekly: {} }", "x.json5:2:2: a comma or } was expected here"),
      ("{ weekly: {},\n weekly: {} }", "x.json5:2:2: this key stands in the same object already"),
      ("{ regions: { \"US-FL\": {},\n \"US-FL\": {} } }", "x.json5:2:2: this key stands in the same object already"),
      ("{ abandonHoldSeconds: Infinity }", "x.json5:1:23: the number is too large"), ("", "x.json5:1:1: the file ends"),
    ])
  func syntax(text: String, expected: String) {
    let found = faults(text)
    #expect(found.count == 1 && found[0].hasPrefix(expected), "\(found)")
  }

  @Test("a prefix that two regions claim, and one that is no beginning of a number, are faults")
  func prefixes() {
    let found = faults(
      """
      { callingHoursID: "a", weekly: {}, regions: {
        "US-FL": { source: "s", phonePrefixes: ["+1305", "305", "+", "+0"] },
        "US-GA": { source: "s", phonePrefixes: ["+1305"] },
        "US-OK": [],
      } }
      """)
    #expect(found.map { String($0.dropFirst(8).prefix { $0 != ":" }) } == ["2", "2", "2", "3", "4"])
    #expect(found[3].contains("US-FL names it") || found[3].contains("US-FL does not name"), "\(found[3])")
  }

  /// Sources: calling-hour files.
  @Test(
    "the caps of states and countries, and the hold of the United Kingdom, come with the place",
    arguments: [
      ("us-states", "US", "FL", ["3 in 24 h person"], nil), ("us-states", "US", "OK", ["3 in 24 h person"], nil),
      ("us-states", "US", "MD", ["3 in 24 h person"], nil), ("us-states", "US", "ME", ["1 in 8 h phone"], nil),
      ("us-states", "US", "WA", [], nil), ("us-states", "US", "TX", [], nil), ("us-federal", "US", "FL", [], nil),
      ("fr", "FR", nil, ["4 in 720 h person"], nil), ("fr", "RE", nil, ["4 in 720 h person"], nil),
      ("fr", nil, nil, ["4 in 720 h person"], nil), ("gb", "GB", nil, [], 72), ("gb", "GB", "SCT", [], 72),
      ("gb", nil, nil, [], 72), ("au", "AU", "NSW", [], nil), ("ca", "CA", "BC", [], nil),
    ] as [(String, String?, String?, [String], Int?)])
  func limits(set: String, country: String?, state: String?, limits: [String], hold: Int?) throws {
    let profile = try ShippedRules.set(set).profile(zones: [.utc], country: country, state: state)
    let found = profile.limits.map {
      "\($0.limit.count) in \($0.limit.window.milliseconds / 3_600_000) h \($0.limit.scope.rawValue)"
    }
    #expect(found == limits)
    #expect(profile.limits.allSatisfy { $0.limit.counts == .attempts })
    #expect(profile.holds.map(\.hold) == (hold.map { [.hours(Int64($0))] } ?? []))
  }

  @Test(
    "a number with an area code of Florida, Oklahoma or Washington is held to that state's rules wherever the lead is",
    arguments: [
      ("+13055550101", "US-TX", ["09:00-20:00"], 1), ("+12125550101", "US-TX", ["09:00-21:00"], 0),
      ("+14055550101", "US-KY", ["10:00-20:00"], 1), ("+12065550101", "US-CA", ["08:00-20:00"], 0),
      ("+13055550101", "US-FL", ["08:00-20:00"], 1), ("+13055550101", "US", ["08:00-20:00"], 1),
    ])
  func areaCodes(number: String, place: String, open: [String], limits: Int) throws {
    let hours = try ShippedRules.set("us-states")
    let phone = try #require(PhoneNumber(e164: number))
    let profile = hours.profile(
      zones: [.utc], country: "US", state: place == "US" ? nil : place, phoneRegion: hours.phoneRegion(of: phone))
    // A Friday.
    let found = hours.openings(profile, on: try #require(CivilDate(isoText: "2026-11-20"))).map {
      "\($0.lowerBound.description.dropFirst(11).prefix(5))-\($0.upperBound.description.dropFirst(11).prefix(5))"
    }
    #expect(found == open && profile.limits.count == limits)
  }
}
