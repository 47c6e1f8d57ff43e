import DialerModel
import DialingRules
import Testing

@Suite("Codecs of rules") struct CodecTests {
  private func json(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }

  private func hoursFaults(_ text: String) throws -> [FieldFault] {
    let json = try json(text)
    do throws(FieldFaults) {
      _ = try CallingHoursCodec.callingHours(json)
      return []
    } catch { return error.faults }
  }

  private func strategyFaults(_ text: String) throws -> [FieldFault] {
    let json = try json(text)
    do throws(FieldFaults) {
      _ = try StrategyCodec.strategy(json)
      return []
    } catch { return error.faults }
  }

  private let full = """
    {"callingHoursID":"us","name":"US","source":"law","weekly":{"monday":["09:00-12:00","13:00-24:00"],
    "friday":["20:00-02:00"],"sunday":[]},"dates":[{"date":"2026-12-25","windows":[],"name":"Christmas"},
    {"date":"--07-04","observed":true},{"date":{"month":11,"weekday":"thursday","nth":4},"windows":["10:00-12:00"]},
    {"date":{"easter":-2}},{"date":{"month":5,"weekday":1,"nth":-1,"observed":true}}],
    "regions":{"US-FL":{"weekly":{"monday":["08:00-20:00"]},"attemptLimits":[{"count":3,"windowSeconds":86400,
    "scope":"person"}],"abandonHoldSeconds":259200,"replaces":true,"source":"Fla.","effectiveFrom":"2026-01-01",
    "effectiveUntil":"2026-12-31"},"AU":{"source":"ACMA","dates":[{"date":"--12-26"}]}},"unknownRegion":"strictest"}
    """

  @Test("every part of a set is read, and what is written is read back as the same")
  func hoursRoundTrip() throws {
    let hours = try CallingHoursCodec.callingHours(try json(full), version: 3)
    #expect(hours.callingHoursID.rawValue == "us" && hours.version == 3 && hours.unknownRegion == .strictest)
    #expect(hours.weekly[5] == [HoursWindow(startMinute: 1200, endMinute: 120)])
    #expect(hours.weekly[1]?.last == HoursWindow(startMinute: 780, endMinute: 1440))
    #expect(hours.weekly[7] == [] && hours.weekly[2] == nil)
    #expect(hours.dates.map(\.observed) == [false, true, false, false, true])
    #expect(hours.dates[2].rule == .nthWeekday(month: 11, weekday: 4, nth: 4))
    #expect(hours.dates[3].rule == .easter(days: -2))
    let florida = try #require(hours.regions["US-FL"])
    #expect(florida.replaces && florida.abandonHold == .hours(72))
    #expect(florida.attemptLimits == [AttemptLimit(count: 3, window: .hours(24), scope: .person)])
    #expect(florida.effectiveUntil == CivilDate(year: 2026, month: 12, day: 31))
    let again = try CallingHoursCodec.callingHours(CallingHoursCodec.json(hours), version: 3)
    #expect(again == hours)
  }

  @Test("random sets survive being written and read", arguments: 0..<40)
  func randomRoundTrip(seed: Int) throws {
    var generator = HoursGenerator(random: SeededGenerator(seed: UInt64(seed)))
    let hours = generator.hours(near: 20_000)
    let text = CallingHoursCodec.json(hours).text
    #expect(try CallingHoursCodec.callingHours(try json(text)) == hours)
  }

  @Test(
    "the sets that exist in a new database are in the shape of the protocol",
    arguments: [CallingHours.always, .usFederal])
  func builtIn(hours: CallingHours) throws {
    #expect(try CallingHoursCodec.callingHours(CallingHoursCodec.json(hours)) == hours)
  }

  @Test("all faults of a set are listed at once, each with its path")
  func hoursFaults() throws {
    let faults = try hoursFaults(
      """
      {"name":7,"weekly":{"monday":["9-17","09:00-17:00","17:00-17:00",5],"funday":[]},"color":"red",
      "dates":[{"windows":[]},{"date":"2026-02-30"},{"date":{"month":13,"weekday":"x","nth":0}},{"date":{"easter":900}},3],
      "regions":{"Florida":{"source":"s"},"US-FL":{"weekly":{"monday":["25:00-26:00"]},"replaces":1,
      "attemptLimits":[{"count":0,"windowSeconds":1,"scope":"house"}],"effectiveFrom":"2026-05-05",
      "effectiveUntil":"2026-05-04"}},"unknownRegion":"loose"}
      """)
    #expect(
      faults.map(\.path) == [
        "color", "callingHoursID", "name", "weekly.funday", "weekly.monday[0]", "weekly.monday[2]", "weekly.monday[3]",
        "dates[0].date", "dates[1].date", "dates[2].date.month", "dates[2].date.weekday", "dates[2].date.nth",
        "dates[3].date.easter", "dates[4]", "regions.Florida", "regions.US-FL.source", "regions.US-FL.weekly.monday[0]",
        "regions.US-FL.attemptLimits[0].count", "regions.US-FL.attemptLimits[0].scope", "regions.US-FL.replaces",
        "regions.US-FL.effectiveUntil", "unknownRegion",
      ])
    #expect(faults[4].value == "\"9-17\"" && faults[4].accepted.contains("09:00-20:00"))
    #expect(faults[1].value == nil && faults.allSatisfy { !$0.accepted.isEmpty && !$0.message.isEmpty })
  }

  @Test("what is no object, and one without a week, is refused")
  func hoursShape() throws {
    #expect(try hoursFaults("[]").map(\.path) == [""])
    #expect(try hoursFaults("{\"callingHoursID\":\"a\"}").map(\.path) == ["weekly"])
    #expect(try hoursFaults("{\"callingHoursID\":\"a\",\"weekly\":{}}").isEmpty)
  }

  @Test(
    "a window is HH:MM-HH:MM and nothing else",
    arguments: [
      ("00:00-24:00", 0, 1440), ("20:00-02:00", 1200, 120), ("20:00-00:00", 1200, 1440), ("23:59-24:00", 1439, 1440),
    ])
  func windows(text: String, start: Int, end: Int) {
    #expect(HoursWindow(text: text) == HoursWindow(startMinute: start, endMinute: end))
    for length in 0..<text.utf8.count { #expect(HoursWindow(text: String(text.prefix(length))) == nil) }
  }

  @Test(
    "no window is read from other text",
    arguments: [
      "24:00-01:00", "09:60-10:00", "24:01-25:00", "09:00-24:01", "9:00-10:00", "09:00–10:00", "09:00-10:00 ",
      "+9:00-10:00",
      "09:00-09:00", "00:00-00:00", "",
    ])
  func badWindows(text: String) { #expect(HoursWindow(text: text) == nil) }

  @Test("random bytes in place of texts are refused and harm nothing")
  func randomTexts() {
    var random = SeededGenerator(seed: 5)
    let alphabet = Array("0123456789:-T ".utf8)
    for _ in 0..<20_000 {
      let length = Int(random.next() % 13)
      let bytes = (0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
      let text = String(decoding: bytes, as: UTF8.self)
      if let window = HoursWindow(text: text) { #expect((0...1440).contains(window.endMinute)) }
      if let date = CivilDate(isoText: text) { #expect(date.description == text) }
    }
  }

  @Test("a strategy is read and written without loss, and what is left out is standard")
  func strategyRoundTrip() throws {
    let text = """
      {"strategyID":"hot","name":"Hot","order":["-rank","attempts"],"newEvery":5,"phoneOrder":["phone2","phone1"],
      "phonePolicy":"same-attempt","calledCountLimit":9,"retries":[{"outcome":"busy","afterSeconds":90.5,"limit":3,
      "nextPhone":true,"dialNow":true,"priority":4,"recycleOnStart":true}],"dialable":["NEW","NA"],
      "completeAfter":["connected","fax"]}
      """
    let strategy = try StrategyCodec.strategy(try json(text))
    #expect(strategy.phoneOrder == [1, 0] && strategy.phonePolicy == .sameAttempt && strategy.newEvery == 5)
    #expect(
      strategy.retries == [
        RetryRule(
          outcome: .busy, after: Interval(milliseconds: 90_500), limit: 3, nextPhone: true, dialNow: true, priority: 4,
          recycleOnStart: true)
      ])
    #expect(try StrategyCodec.strategy(StrategyCodec.json(strategy)) == strategy)
    #expect(try StrategyCodec.strategy(StrategyCodec.json(.standard)) == .standard)
    let least = try StrategyCodec.strategy(["strategyID": "standard", "name": "Standard"])
    #expect(least == .standard)
  }

  @Test("all faults of a strategy are listed at once, each with its path")
  func strategyFaults() throws {
    let faults = try strategyFaults(
      """
      {"strategyID":"","order":["rank","-rank","age",1],"newEvery":0,"phoneOrder":["phone6","phone1","phone1"],
      "phonePolicy":"both","calledCountLimit":-1,"retries":[{"outcome":"bussy","afterSeconds":-1,"limit":256,
      "nextPhone":"yes","priority":16},{"outcome":"busy"},{"outcome":"busy","afterSeconds":1}],"dialable":["new"],
      "completeAfter":["busy","busy"],"phones":[]}
      """)
    #expect(
      faults.map(\.path) == [
        "phones", "strategyID", "order[1]", "order[2]", "order[3]", "newEvery", "phoneOrder[0]", "phoneOrder[2]",
        "phonePolicy", "calledCountLimit", "retries[0].outcome", "retries[0].afterSeconds", "retries[0].limit",
        "retries[0].nextPhone", "retries[0].priority", "retries[1].afterSeconds", "retries[2].outcome", "dialable[0]",
        "completeAfter[1]",
      ])
  }

  @Test("so many faults that nobody reads them are cut off")
  func manyFaults() throws {
    let windows = Array(repeating: "\"x\"", count: 24).joined(separator: ",")
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
      .map { "\"\($0)\":[\(windows)]" }.joined(separator: ",")
    #expect(try hoursFaults("{\"callingHoursID\":\"a\",\"weekly\":{\(days)}}").count == 100)
  }
}
