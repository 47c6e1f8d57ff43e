import DialerModel
import LeadStore

/// `campaign.explain` and `campaign.forecast` of a campaign that dials as fast as it can, and what that costs its claims.
struct Explanations: Benchmark {
  let name = "explain"
  let summary = "campaign.explain and campaign.forecast while claims go on, and the claims' rate with and without."

  private static let pause: UInt64 = 100_000_000

  func run(_ context: Context) throws -> [Row] {
    let rows = try measure(context.size(1_000_000, quick: 60_000), context)
    return context.isLarge ? rows + (try measure(10_000_000, context)) : rows
  }

  private func measure(_ leads: Int, _ context: Context) throws -> [Row] {
    context.note("preparing \(leads) leads")
    let place = try Workplace(context, "explain-\(leads)")
    defer { place.remove() }
    try place.fill { try SampleLeads(leads: leads, lists: 10).fill($0) }
    let store = try LeadStore(path: place.database)
    defer { store.close() }
    let driver = try ClaimDriver(store: store, settings: context.settings, trunkCalls: 5_000)
    let calls = context.size(50_000, quick: 500)
    let params: JSONObject = ["campaignID": .string(SampleLeads.campaignID.rawValue)]
    try driver.run(until: calls / 5, ends: true)
    var alone: [Double] = []
    var asked: [Double] = []
    var explained: [Double] = []
    var forecast: [Double] = []
    for _ in 0..<context.rounds {
      driver.question = nil
      alone.append(try rate(driver, calls))
      driver.question = ("campaign.explain", params, Self.pause)
      asked.append(try rate(driver, calls))
      explained.append(Row.median(try answers(driver, calls)))
      driver.question = ("campaign.forecast", params, Self.pause)
      forecast.append(Row.median(try answers(driver, calls)))
    }
    return [
      Row(
        "campaign.explain at \(leads) leads, while claims go on", values: explained, unit: "ms", target: .atMost(100),
        remark: "from the question to the answer, with the claims of the turn that it is in"),
      Row(
        "claims while campaign.explain is asked ten times a second, \(leads) leads", values: asked, unit: "/s",
        referenceName: "nothing asked", references: alone, target: .ratioAtLeast(0.9),
        remark: "with the pass by every gate that it begins, 200 leads a turn"),
      Row("campaign.forecast of 24 hours at \(leads) leads, while claims go on", values: forecast, unit: "ms"),
    ]
  }

  private func rate(_ driver: ClaimDriver, _ calls: Int) throws -> Double {
    let first = driver.dialled
    let seconds = try Stopwatch.seconds { try driver.run(until: first + calls, ends: true) }
    return Double(driver.dialled - first) / seconds
  }

  /// How long each answer took, of at least one.
  private func answers(_ driver: ClaimDriver, _ calls: Int) throws -> [Double] {
    let known = driver.answerTimes.count
    repeat { try driver.run(until: driver.dialled + calls / 4, ends: true) } while driver.answerTimes.count == known
    return Array(driver.answerTimes[known...])
  }
}
