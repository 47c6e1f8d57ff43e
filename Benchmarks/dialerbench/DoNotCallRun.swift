import CSQLite
import DialerEngine
import DialerModel
import Foundation

/// The do-not-call list: what a check and a number cost, and a file of numbers from the disk to the list and its table.
struct DoNotCallRun: Benchmark {
  let name = "dnc"
  let summary = "a check, bytes a number, and a file of numbers from the disk to effective and on disk"

  /// A fixed stride through the numbers of area codes 200 to 999: far apart, in no order, none twice, all valid often
  /// enough that a file of them is one of numbers.
  private static func number(_ index: Int, of count: Int) -> UInt64 {
    let place = UInt64(index) &* 7_368_787 % UInt64(count)
    return 12_012_000_000 + place % 8_000_000 + place / 8_000_000 * 10_000_000
  }

  func run(_ context: Context) throws -> [Row] {
    let count = context.size(10_000_000, quick: 100_000)
    return try index(count, context) + [try importFile(count, context)]
  }

  // MARK: - The index

  private func index(_ count: Int, _ context: Context) throws -> [Row] {
    let sorted = Set((0..<count).map { Self.number($0, of: count) }).sorted()
    var set = NumberSet()
    let seconds = Stopwatch.seconds {
      for start in stride(from: 0, to: sorted.count, by: 10_000) {
        set.insert(sorted: Array(sorted[start..<min(start + 10_000, sorted.count)]))
      }
    }
    let reference = Set(sorted)
    let checks = context.size(2_000_000, quick: 100_000)
    var ours: [Double] = []
    var theirs: [Double] = []
    var found = 0
    for round in 0..<context.rounds {
      // Half of the numbers asked for are on the list.
      let asked = (0..<checks).map { Self.number($0 * 31 + round, of: count) + UInt64($0 & 1) * 9_000_000_000 }
      let own = Stopwatch.processorNanoseconds { for number in asked { found += set.contains(number) ? 1 : 0 } }
      let other = Stopwatch.processorNanoseconds { for number in asked { found += reference.contains(number) ? 1 : 0 } }
      ours.append(own / Double(checks))
      theirs.append(other / Double(checks))
    }
    precondition(found > 0, "some numbers are on the list")
    let size = "\(Table.number(Double(sorted.count) / 1e6)) M numbers"
    return [
      Row(
        "do-not-call check, \(size)", values: ours, unit: "ns", referenceName: "Set<UInt64>", references: theirs,
        target: .atMost(1000)),
      Row(
        "do-not-call, \(size)", value: Double(set.bytes) / Double(set.count), unit: "bytes a number",
        target: .atMost(16), remark: "laid from sorted numbers in \(Table.number(seconds * 1000)) ms, as at a start"),
    ]
  }

  // MARK: - A file

  private func importFile(_ count: Int, _ context: Context) throws -> Row {
    let place = try Workplace(context, "dnc")
    defer { place.remove() }
    let path = place.path + "/numbers.txt"
    try write(count, to: path)
    let daemon = try DaemonProcess(directory: place.path)
    defer { daemon.stop() }
    let client = try daemon.connect()
    let id = try client.call("dnc.import", ["path": .string(path)])["importID"] ?? .null
    var summary = JSON.null
    let seconds = try Stopwatch.seconds {
      try client.send(ControlClient.line("import.commit", ["importID": id], id: 1))
      summary = try client.receiveLate()["result"] ?? .null
    }
    guard let added = summary["added"]?.integerValue, added > 0 else {
      throw BenchmarkError("the numbers were not imported: \(String(summary.text.prefix(300)))")
    }
    let reference = try bareInsert(Int(added), in: place.path + "/bare.sqlite")
    return Row(
      "do-not-call import, \(Table.number(Double(count) / 1e6)) M lines", value: seconds, unit: "s",
      referenceName: "the same numbers into one bare SQLite table", reference: reference,
      target: count == 10_000_000 ? .atMost(20) : nil,
      remark: "\(added) added, \(summary["invalid"]?.integerValue ?? 0) invalid")
  }

  private func write(_ count: Int, to path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw BenchmarkError("\(path) cannot be written") }
    defer { try? file.close() }
    var text = ""
    for index in 0..<count {
      text += "+\(Self.number(index, of: count))\n"
      if text.utf8.count > 1 << 20 || index == count - 1 {
        try file.write(contentsOf: Data(text.utf8))
        text = ""
      }
    }
  }

  /// Sorted and in one transaction: the least that a table costs.
  private func bareInsert(_ count: Int, in path: String) throws -> Double {
    var database: OpaquePointer?
    guard sqlite3_open(path, &database) == SQLITE_OK else { throw BenchmarkError("\(path) cannot be opened") }
    defer { sqlite3_close(database) }
    sqlite3_exec(database, "CREATE TABLE bare (digits INTEGER PRIMARY KEY)", nil, nil, nil)
    return Stopwatch.seconds {
      var statement: OpaquePointer?
      sqlite3_exec(database, "BEGIN", nil, nil, nil)
      sqlite3_prepare_v2(database, "INSERT INTO bare VALUES (?)", -1, &statement, nil)
      for index in 0..<count {
        sqlite3_bind_int64(statement, 1, Int64(12_012_000_000 + index))
        sqlite3_step(statement)
        sqlite3_reset(statement)
      }
      sqlite3_finalize(statement)
      sqlite3_exec(database, "COMMIT", nil, nil, nil)
    }
  }
}
