import CSQLite
import DialerModel
import Glibc
import LeadStore

/// A start: from the moment that `dialerd` is executed to the first event of a claim on a connection, with a campaign that
/// was left running; and its memory then.
struct StartTime: Benchmark {
  let name = "start"
  let summary = "from exec to the first claim on a prepared database; resident memory"

  func run(_ context: Context) throws -> [Row] {
    if context.isQuick { return try measure(10_000, "10 k leads", seconds: 2, context) }
    var rows = try measure(1_000_000, "1 M leads", seconds: 2, context)
    if context.isLarge { rows += try measure(10_000_000, "10 M leads", seconds: 15, context) }
    return rows
  }

  private func measure(_ leads: Int, _ size: String, seconds: Double, _ context: Context) throws -> [Row] {
    context.note("preparing \(size), unless they are there")
    let place = try Workplace(context, kept: "leads-\(leads)") { store in
      let sample = SampleLeads(leads: leads)
      var campaign = sample.campaign()
      // One call now and then: the start is to be seen, not the dialling.
      campaign.callsPerSecond = 1
      try sample.fill(store, campaign: campaign)
    }
    var warm: [Double] = []
    var cold: [Double] = []
    var warmReads: [Double] = []
    var coldReads: [Double] = []
    let file = FileReference(path: place.database)
    var now: [Double] = []
    var most: [Double] = []
    for _ in 0..<context.rounds {
      file.forget()
      coldReads.append(try file.seconds())
      file.forget()
      cold.append(try start(place).seconds)
      warmReads.append(try file.seconds())
      let start = try start(place)
      warm.append(start.seconds)
      now.append(start.resident.now)
      most.append(start.resident.most)
    }
    return [
      Row(
        "start to first claim, \(size)", values: warm, unit: "s", referenceName: "reading the file",
        references: warmReads, target: .atMost(seconds)),
      Row(
        "start to first claim, file not in the page cache, \(size)", values: cold, unit: "s",
        referenceName: "reading the file", references: coldReads, target: .atMost(seconds),
        remark: "the machine's own cache is emptied of it, not that of a host below"),
      Row(
        "resident memory, \(size)", values: now, unit: "MiB", target: leads == 10_000_000 ? .atMost(2048) : nil,
        remark: "at the first claim; \(Table.number(Row.median(most))) MiB at the most until then"),
    ]
  }

  private func start(_ place: Workplace) throws -> (seconds: Double, resident: (now: Double, most: Double)) {
    let next = try nextSeq(place.database)
    let daemon = try DaemonProcess(directory: place.path)
    let client = try daemon.connect()
    // From where the journal ended: the first claim may be older than this connection.
    try client.send(
      ControlClient.line("event.subscribe", ["from": JSON(next), "types": ["attempt.started"]], id: 1))
    while try client.receive()["method"]?.stringValue != "event" {}
    let seconds = daemon.secondsSinceStart
    let resident = daemon.residentMebibytes()
    daemon.stop()
    return (seconds, resident)
  }

  /// The seq that the next event will have.
  private func nextSeq(_ path: String) throws -> Int64 {
    var database: OpaquePointer?
    guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
      throw BenchmarkError("\(path) cannot be opened")
    }
    defer { sqlite3_close(database) }
    var statement: OpaquePointer?
    sqlite3_prepare_v2(database, "SELECT coalesce(max(seq), 0) + 1 FROM journal", -1, &statement, nil)
    defer { sqlite3_finalize(statement) }
    guard sqlite3_step(statement) == SQLITE_ROW else { throw BenchmarkError("\(path) has no journal") }
    return sqlite3_column_int64(statement, 0)
  }
}
