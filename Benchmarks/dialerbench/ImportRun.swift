import DialerModel
import Foundation
import Glibc

/// A file in a configured directory, from `import.open` until its last lead is dialable: read, numbers to E.164, zones,
/// matched within the campaign, written, in the index.
struct ImportRun: Benchmark {
  let name = "import"
  let summary = "A file of a million leads, from the file to dialable."

  func run(_ context: Context) throws -> [Row] {
    let rows = context.size(1_000_000, quick: 3_000)
    var values: [Double] = []
    var references: [Double] = []
    var memory = 0.0
    for _ in 0..<min(context.rounds, 2) {
      let taken = try measure(context, rows: rows)
      values.append(taken.seconds)
      references.append(taken.reference)
      memory = max(memory, taken.mebibytes)
      context.note("import: \(Table.number(taken.seconds)) s, of which reading \(Table.number(taken.reading)) s")
    }
    var table = [
      Row(
        "import of \(rows) leads, file to dialable", values: values, unit: "s", referenceName: "into one bare table",
        references: references, target: .atMost(15), remark: "at most \(Int(memory)) MiB in memory")
    ]
    guard context.isLarge else { return table }
    let large = try measure(context, rows: 5_000_000)
    table.append(
      Row(
        "import of 5000000 leads", value: 5_000_000 / large.seconds, unit: "/s", referenceName: "at 1 million",
        reference: Double(rows) / (values.sorted().first ?? 1), target: .ratioAtLeast(0.6),
        remark: "one round; at most \(Int(large.mebibytes)) MiB in memory"))
    return table
  }

  private func measure(
    _ context: Context, rows: Int
  ) throws -> (seconds: Double, reading: Double, reference: Double, mebibytes: Double) {
    let place = try Workplace(context, "import")
    defer { place.remove() }
    let file = try ImportFile(path: place.path + "/leads.csv", rows: rows)
    let reference = try file.secondsIntoBareTable(place.path + "/bare.sqlite")
    let daemon = try DaemonProcess(directory: place.path)
    let client = try daemon.connect()
    try Self.prepare(client)
    var reading = 0.0
    let seconds = try Stopwatch.seconds {
      let id: JSON
      (id, reading) = try Self.read(file, client)
      try Self.commit(id, client)
      while try client.call("campaign.lists", ["campaignID": "c"])["lists"]?[0]?["total"] != JSON(rows) {}
    }
    let memory = daemon.residentMebibytes().most
    daemon.stop()
    return (seconds, reading, reference, memory)
  }

  static func prepare(_ client: ControlClient) throws {
    try client.call("list.create", ["listID": 1, "name": "L"])
    try client.call("campaign.create", ["campaignID": "c", "region": "US", "callingHours": "always"])
    try client.call("campaign.assignList", ["campaignID": "c", "listID": 1, "toDial": true])
  }

  /// Opens and reads; the id, and the seconds that it took.
  static func read(_ file: ImportFile, list: Int = 1, _ client: ControlClient) throws -> (JSON, Double) {
    let start = Stopwatch.nanoseconds()
    let id = try client.call(
      "import.open", ["listID": JSON(list), "path": .string(file.path), "scope": "campaign"])["importID"]
    while try client.call("import.status", ["importID": id ?? .null])["state"] == "reading" { usleep(2_000) }
    return (id ?? .null, Double(Stopwatch.nanoseconds() - start) / 1e9)
  }

  static func commit(_ id: JSON, _ client: ControlClient) throws {
    try client.send(ControlClient.line("import.commit", ["importID": id], id: 1))
    let reply = try client.receiveLate()
    guard let summary = reply["result"] else { throw BenchmarkError("the commit failed: \(reply.text.prefix(300))") }
    guard summary["invalid"] == 0 else { throw BenchmarkError("rows were refused: \(summary.text)") }
  }
}

/// Numbers as a US file has them, on one core.
struct PhoneNumbersRun: Benchmark {
  let name = "phones"
  let summary = "Telephone numbers of a US file to E.164."

  func run(_ context: Context) throws -> [Row] {
    let count = context.size(1_000_000, quick: 10_000)
    let texts = (0..<count).map { Array(ImportFile.phone($0).utf8) }
    let plan = context.settings.numberingPlan
    var values: [Double] = []
    for _ in 0..<context.rounds {
      var valid = 0
      let nanoseconds = Stopwatch.processorNanoseconds {
        for text in texts { if case .success = plan.parse(utf8: text[...], region: "US") { valid += 1 } }
      }
      guard valid == count else { throw BenchmarkError("\(count - valid) numbers are not valid") }
      values.append(Double(count) / nanoseconds * 1e9)
    }
    return [Row("phone numbers of a US file", values: values, unit: "/s", target: .atLeast(1_000_000))]
  }
}
