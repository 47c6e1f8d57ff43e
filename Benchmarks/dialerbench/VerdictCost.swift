/// What the full verdict on a lead costs, with every gate and rule on, as the claim, explanations and forecasts ask it.
struct VerdictCost: Benchmark {
  let name = "verdict"
  let summary = "judge a lead by all gates: hours of all US states, limits, gap, filter, do-not-call, persons"

  func run(_ context: Context) throws -> [Row] {
    let count = context.size(1_000_000, quick: 20_000)
    let run = try VerdictRun(leads: count, settings: context.settings)
    var ours: [Double] = []
    var theirs: [Double] = []
    for _ in 0..<context.rounds {
      ours.append(try run.verdicts())
      theirs.append(run.clockOnly())
    }
    return [
      Row(
        "full verdict, all gates and rules, \(Table.number(Double(count))) leads", values: ours, unit: "ns",
        referenceName: "look at the clock alone", references: theirs, target: .atMost(1000),
        remark: "in order of id; one lead in four was called before; limits by phone, lead and person, strict zones")
    ]
  }
}
