import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// What is forecast is what comes.
@Suite struct ForecastTests {
  /// No trunk: nobody is called, and the counts go as forecast.
  private func quiet(_ seed: Int, limited: Bool) throws -> EngineHarness {
    var simulator: SimulatorOptions?
    if limited { simulator = SimulatorOptions(seed: UInt64(seed), speed: 10) }
    let harness = try RandomDatabase.make(seed, limited: limited, simulator: simulator)
    // Some calls first, so that there are waits and limits.
    if limited {
      try harness.start()
      harness.pass(.minutes(3))
    }
    harness.give(.trunk(TestSettings.trunk, .state(.down(reason: "test"))))
    harness.settle()
    if limited { harness.pass(.minutes(3)) } else { try harness.start() }
    return harness
  }

  /// Moves the clock there, and says how many leads are dialable by judging each.
  private func dialable(_ harness: EngineHarness, at moment: Instant) throws -> Int {
    harness.pass(moment - harness.now.wall)
    let engine = harness.engine
    let campaign = try #require(engine.campaignOrder.first)
    return try harness.store.leads.keys.count { lead in
      let record = try #require(engine.leads.record(lead))
      return engine.judge(
        record, campaign.assigned[record.listID], in: campaign, locks: engine.personKeys(record, in: campaign)
      ).passes
    }
  }

  @Test("a run of the engine through the time ahead gives the counts that were forecast", arguments: Seeds.few(0..<16))
  func runAgrees(_ seed: Int) throws {
    let harness = try quiet(seed, limited: seed % 2 == 1)
    let form = try harness.call("campaign.forecast", ["campaignID": "c", "hours": 6])
    let intervals = try #require(form["intervals"]?.arrayValue)
    var atEnd: Int64 = 0
    for (place, interval) in intervals.enumerated() {
      let name = "seed \(seed), \(interval.text)"
      let from = try #require(interval["from"]?.stringValue.flatMap { Instant(rfc3339: $0) })
      let until = try #require(interval["until"]?.stringValue.flatMap { Instant(rfc3339: $0) })
      let opening = interval["opening"]?.integerValue ?? -1
      let closing = interval["closing"]?.integerValue ?? -1
      let returning = interval["returning"]?.integerValue ?? -1
      let now = interval["dialable"]?.integerValue ?? -1
      if place > 0 { #expect(now == atEnd + opening - closing, "\(name)") }
      #expect(try dialable(harness, at: from) == now, "\(name)")
      let counted = try harness.call("campaign.explain", ["campaignID": "c"])["dialable"]?.integerValue
      if seed % 2 == 0 { #expect(counted == now, "\(name)") }
      #expect(try dialable(harness, at: until - .milliseconds(1)) == now + returning, "\(name)")
      atEnd = now + returning
    }
    #expect(harness.faults.isEmpty)
  }

  @Test("openings, closings and returns stand at their moments, and the rate says when a list is dry")
  func example() throws {
    let harness = try EngineHarness()
    try harness.call(
      "callingHours.put", ["callingHoursID": "h", "name": "H", "weekly": ["saturday": ["10:00-14:00"]]])
    try harness.list(1)
    try harness.leads(60, ending: 6)
    for index in 100..<110 { try harness.lead(index, ["timeZone": "Australia/Perth"]) }
    try harness.lead(200, ["callAt": "2026-11-21T01:30:00.000Z"])
    try harness.lead(201, ["callAt": "2026-11-21T02:00:00.000Z"])
    try harness.campaign(["callingHours": "h", "strictZones": false, "maximumLiveCalls": 1])
    let before = try harness.call("campaign.forecast", ["campaignID": "c", "hours": 6])
    #expect(before["callsPerHour"] == .null && before["dryAt"] == .null)
    #expect(
      before["intervals"] == [
        // Noon in Sydney, where it is open until 14:00, and 09:00 in Perth.
        row("01:00:00.123", "02:00:00.000", 0, 0, 1, 60), row("02:00:00.000", "03:00:00.000", 11, 0, 0, 72),
        row("03:00:00.000", "06:00:00.000", 0, 62, 0, 10), row("06:00:00.000", "07:00:00.123", 0, 10, 0, 0),
      ])
    try harness.start()
    harness.pass(.minutes(2))
    try harness.call("campaign.pause", ["campaignID": "c"])
    harness.pass(.minutes(1))
    let calls = harness.events(.attemptStarted).count
    let form = try harness.call("campaign.forecast", ["campaignID": "c", "hours": 6])
    let rate = try #require(form["callsPerHour"]?.numberValue)
    #expect(rate == Double(calls) * 60 / 3 || rate == Double(calls) * 60 / 2)
    let dry = try #require(form["dryAt"]?.stringValue.flatMap { Instant(rfc3339: $0) })
    // One that comes back evenly within the hour is as good as there.
    let hours = (dry - harness.now.wall).seconds / 3600
    #expect(abs(hours * rate - Double(60 - calls)) < 2)
    #expect(form["perList"]?[0]?["dryAt"] == form["dryAt"])
  }

  private func row(
    _ from: String, _ until: String, _ opening: Int, _ closing: Int, _ returning: Int, _ dialable: Int
  ) -> JSON {
    [
      "from": .string("2026-11-21T\(from)Z"), "until": .string("2026-11-21T\(until)Z"), "opening": JSON(opening),
      "closing": JSON(closing), "returning": JSON(returning), "dialable": JSON(dialable),
    ]
  }

  @Test("a list that is closed for now is not dry; one that has no lead to come is")
  func closedIsNotDry() {
    let start = Instant(seconds: 1_800_000_000)
    let moments = (0...4).map { start + .hours(Int64($0)) }
    var forecast = CampaignForecast(moments: moments)
    forecast.add(100, list: ListID(1), profile: 0, due: start)
    let group = forecast.all[0]
    func dry(_ isOpen: [Bool], _ rate: Double) -> Instant? {
      forecast.dryAt([(group, isOpen)], callsPerHour: rate)
    }
    #expect(dry([false, true, true, true], 50) == nil || dry([false, true, true, true], 50) == start + .hours(3))
    #expect(dry([false, true, true, true], 200) == start + .hours(1) + .minutes(30))
    #expect(dry([true, false, false, true], 80) == start + .hours(3) + .minutes(15))
    #expect(dry([true, true, true, true], 10) == nil)
    #expect(forecast.dryAt([], callsPerHour: 10) == start)
  }

  @Test("today's rate counts the minutes in which calls were made, and begins anew with the day")
  func rate() {
    var rate = DiallingRate()
    let noon = Instant(seconds: 1_800_014_400)
    #expect(rate.callsPerHour(at: noon) == nil)
    for second in 0..<90 { rate.note(ListID(1), at: noon + .seconds(Int64(second))) }
    for second in 0..<30 { rate.note(ListID(2), at: noon + .seconds(Int64(3600 + second))) }
    #expect(rate.callsPerHour(at: noon + .hours(2)) == 2400)
    #expect(rate.callsPerHour(of: ListID(2), at: noon + .hours(2)) == 600)
    #expect(rate.callsPerHour(at: noon + .hours(24)) == nil)
    rate.restore([ListID(1): 300], hours: 2, at: noon + .hours(24))
    #expect(rate.callsPerHour(at: noon + .hours(24)) == 150)
  }
}
