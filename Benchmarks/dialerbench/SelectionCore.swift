/// One setting of the measurement of the selection core.
struct SelectionSetting {
  var name: String
  var leads: Int
  var lists: Int
  var zones: Int
  /// Nanoseconds a cycle.
  var target: Double
}

/// The selection core alone, without rules, disk or calls: choose list and zone, take the lead, put it back after its
/// outcome. Counted in processor time of the one thread, so that what others take does not show.
struct SelectionCore: Benchmark {
  let name = "selection"
  let summary = "choose list and zone, take the lead, put it back; bytes a lead"

  func run(_ context: Context) throws -> [Row] {
    let settings =
      context.isQuick
      ? [SelectionSetting(name: "50 k leads, 3 lists, 30 zones", leads: 50_000, lists: 3, zones: 30, target: 200)]
      : [
        SelectionSetting(name: "1 M leads, 3 lists, 30 zones", leads: 1_000_000, lists: 3, zones: 30, target: 200),
        SelectionSetting(
          name: "10 M leads, 100 lists, 400 zones", leads: 10_000_000, lists: 100, zones: 400, target: 500),
      ]
    return settings.flatMap { measure($0, context) }
  }

  private func measure(_ setting: SelectionSetting, _ context: Context) -> [Row] {
    let cycles = context.size(500_000, quick: 20_000)
    var run = IndexRun(setting)
    var reference = HeapRun(setting)
    defer {
      run.free()
      reference.free()
    }
    let loaded = run.bytesPerLead
    var ours: [Double] = []
    var theirs: [Double] = []
    var straight: [Double] = []
    for _ in 0..<context.rounds {
      ours.append(run.cycle(cycles) / Double(cycles))
      theirs.append(reference.cycle(cycles) / Double(cycles))
    }
    for _ in 0..<context.rounds { straight.append(run.cycle(cycles, waits: false) / Double(cycles)) }
    precondition(reference.check != 0, "the reference has picked something")
    run.dialThrough()
    let (close, open) = run.toggleZone()
    return [
      Row(
        "selection, \(setting.name)", values: ours, unit: "ns", referenceName: "binary heap", references: theirs,
        target: .atMost(setting.target),
        remark:
          "nine leads in ten come back through the wheel; loading all takes \(Table.number(run.loadSeconds * 1000)) ms"),
      Row("a zone closes, \(setting.name)", value: close / 1000, unit: "ms", target: .atMost(1)),
      Row("a zone opens, \(setting.name)", value: open / 1000, unit: "ms", target: .atMost(1)),
      Row(
        "selection, nobody waits, \(setting.name)", values: straight, unit: "ns", referenceName: "binary heap",
        references: theirs),
      Row(
        "index, \(setting.name)", value: run.mostBytes, unit: "bytes a lead",
        remark: "the most while each lead is dialled once; \(Table.number(loaded)) bytes after loading"),
    ]
  }
}
