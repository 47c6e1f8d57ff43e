import DialerModel
import Glibc
import LeadStore

/// A lead that goes out now: from the first byte of `lead.add` to `attempt.started` on another connection, which comes
/// after the claim is on disk. On a daemon that has nothing else to do.
struct PriorityLead: Benchmark {
  let name = "priority"
  let summary = "lead.add with priority now, until attempt.started"

  func run(_ context: Context) throws -> [Row] {
    let place = try Workplace(context, "priority")
    defer { place.remove() }
    try place.fill { try SampleLeads(leads: 0, lists: 1).fill($0) }
    let daemon = try DaemonProcess(directory: place.path)
    let adding = try daemon.connect()
    let watching = try daemon.connect()
    try watching.call("event.subscribe", ["types": ["attempt.started"]])
    let count = context.size(200, quick: 20)
    var number = 0
    var ours: [Double] = []
    var disk: [Double] = []
    for _ in 0..<context.rounds {
      var milliseconds: [Double] = []
      for _ in 0..<count {
        number += 1
        do {
          milliseconds.append(try addOne(number, adding, watching))
        } catch {
          throw BenchmarkError("lead \(number): \(error); \(daemon.lastWords)")
        }
        // The call that it began ends meanwhile, so that the next finds the daemon idle.
        usleep(10_000)
      }
      ours.append(Row.median(milliseconds))
      disk.append(1000 / (try DiskReference(directory: place.path).rate(count: count)))
    }
    daemon.stop()
    return [
      Row(
        "lead.add priority now to attempt.started", values: ours, unit: "ms", referenceName: "one fdatasync",
        references: disk, target: .atMost(5), remark: "each round is the median of \(count)")
    ]
  }

  private func addOne(_ number: Int, _ adding: ControlClient, _ watching: ControlClient) throws -> Double {
    let params: JSON = [
      "listID": 1, "vendorLeadCode": "NOW-\(number)", "phone1": .string("+\(61_200_000_000 + number)"),
      "priority": "now",
    ]
    let request = ControlClient.line("lead.add", params, id: number)
    let start = Stopwatch.nanoseconds()
    try adding.send(request)
    let event = try watching.receive()
    let milliseconds = Double(Stopwatch.nanoseconds() - start) / 1e6
    try adding.skipAnswers(1)
    guard event["params"]?["vendorLeadCode"]?.stringValue == "NOW-\(number)" else {
      throw BenchmarkError("another event came than the one awaited: \(String(event.text.prefix(300)))")
    }
    return milliseconds
  }
}
