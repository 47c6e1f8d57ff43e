import DialerModel
import Dispatch
import Foundation
import Glibc
import Synchronization

/// What supervisors and CRMs ask: leads by what is indexed, pages of a list, any filter, any order; and what that does to
/// claims. With `--large` at five million leads.
struct FindRun: Benchmark {
  let name = "find"
  let summary = "lead.find by indexed fields, by any filter, in any order; claims meanwhile."

  func run(_ context: Context) throws -> [Row] {
    let leads = context.size(context.isLarge ? 5_000_000 : 1_000_000, quick: 4_000)
    context.note("preparing \(leads) leads, unless they are there")
    var sample = SampleLeads(leads: leads)
    sample.lastDigit = 5
    sample.hasEmails = true
    let place = try Workplace(context, kept: "find-\(leads)") {
      try sample.fill($0, campaign: sample.campaign(mode: .manual))
    }
    let daemon = try DaemonProcess(directory: place.path, speed: 100_000, callsPerSecond: 10_000)
    defer { daemon.stop() }
    let client = try daemon.connect()
    var rows = try indexed(client, leads: leads, looks: context.size(200, quick: 5))
    rows += try ordered(client, leads: leads)
    rows += try passes(context, daemon, client, leads: leads)
    return rows
  }

  // MARK: - By an index

  private func indexed(_ client: ControlClient, leads: Int, looks: Int) throws -> [Row] {
    let fields: [(String, (Int) -> JSON)] = [
      ("phone", { ["phone": .string("+\(61_200_000_000 + $0 % 9_000_000 * 10 + 5)")] }),
      ("vendorLeadCode", { ["vendorLeadCode": .string("CRM-\($0)")] }),
      ("email", { ["email": .string("p\($0)@example.com")] }), ("leadID", { ["leadID": JSON($0)] }),
    ]
    var rows: [Row] = []
    for (name, filter) in fields {
      var values: [Double] = []
      for look in 0..<looks {
        let lead = Int(SeededGenerator.mix(UInt64(look)) % UInt64(leads)) + 1
        let (found, milliseconds) = try Self.find(["filter": filter(lead)], client)
        guard found["leads"]?[0]?["leadID"] == JSON(lead), found["leads"]?.arrayValue?.count == 1 else {
          throw BenchmarkError("lead \(lead) was not found by its \(name): \(found.text.prefix(200))")
        }
        values.append(milliseconds)
      }
      rows.append(
        Row(
          "lead.find by \(name), \(leads) leads", values: values, unit: "ms", target: .atMost(5),
          remark: "\(looks) leads at random"))
    }
    var values: [Double] = []
    var cursor: JSON = .null
    for page in 0...looks {
      var params: JSONObject = ["filter": ["listID": 2]]
      if page > 0 { params["cursor"] = cursor }
      let (found, milliseconds) = try Self.find(.object(params), client)
      if page > 0 { values.append(milliseconds) }
      guard let next = found["nextCursor"] else { break }
      cursor = next
    }
    rows.append(
      Row("a page of 100 leads of one of three lists, by cursor", values: values, unit: "ms", target: .atMost(5)))
    return rows
  }

  private static func find(_ params: JSON, _ client: ControlClient) throws -> (JSON, Double) {
    let start = Stopwatch.nanoseconds()
    let found = try client.call("lead.find", params)
    return (found, Double(Stopwatch.nanoseconds() - start) / 1e6)
  }

  // MARK: - In any order

  private func ordered(_ client: ControlClient, leads: Int) throws -> [Row] {
    var rows: [Row] = []
    for sort in ["-rank", "lastName"] {
      let (first, one) = try Self.find(["filter": [:], "sort": .string(sort)], client)
      let (_, two) = try Self.find(
        ["filter": [:], "sort": .string(sort), "cursor": first["nextCursor"] ?? .null], client)
      rows.append(
        Row(
          "the first and the next 100 of \(leads) leads by \(sort)", values: [one / 1000, two / 1000], unit: "s"))
    }
    return rows
  }

  // MARK: - By any filter, beside calls

  private func passes(_ context: Context, _ daemon: DaemonProcess, _ client: ControlClient, leads: Int) throws -> [Row]
  {
    let anywhere: JSON = ["filter": ["lastName": ["contains": "nobody is called this"]]]
    let (_, alone) = try Self.find(anywhere, client)
    // Those that an earlier run has dialled wait for their next attempt; it has passed over fewer than it has dialled.
    let dialled = try client.call("campaign.stats", ["campaignID": "bench"])["calls"]?.integerValue ?? 0
    let dialler = Dialler(try daemon.connect(), from: Int(dialled) * 2 + 1, leads: leads)
    let seconds = context.isQuick ? 0.1 : 4
    let quiet = try dialler.run(forSeconds: seconds) { false }
    // One pass begins when another ends, all the time; and a CRM asks for a lead by its code.
    let asking = Asker(try daemon.connect(), anywhere, restMilliseconds: 0)
    let looking = Asker(
      try daemon.connect(), ["filter": ["vendorLeadCode": .string("CRM-\(leads / 2)")]], restMilliseconds: 10)
    let beside = try dialler.run(forSeconds: max(seconds, alone / 1000 * 2)) { false }
    let passes = try asking.end()
    let looks = try looking.end()
    context.note("\(passes.count) passes ended beside \(Int(beside.rate)) claims a second")
    return [
      Row("a filter that no index helps, \(leads) leads", value: alone / 1000, unit: "s"),
      Row(
        "claims while such filters are asked", value: beside.rate, unit: "/s", referenceName: "nothing asked",
        reference: quiet.rate, target: .ratioAtLeast(0.5)),
      Row(
        "longest wait of a claim meanwhile", value: beside.longest, unit: "ms", referenceName: "nothing asked",
        reference: quiet.longest, target: .atMost(50)),
      Row(
        "lead.find by vendorLeadCode meanwhile", values: looks, unit: "ms",
        target: .atMost(5)),
    ]
  }

  /// Asks again and again, with a rest after each answer, on a thread of its own.
  ///
  /// `@unchecked Sendable`: the client and what was taken are the thread's until ``end()`` has waited for it.
  private final class Asker: @unchecked Sendable {
    private let client: ControlClient
    private let params: JSON
    private let restMicroseconds: UInt32
    private let isOver = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)
    private var taken: Result<[Double], any Error> = .success([])

    init(_ client: ControlClient, _ params: JSON, restMilliseconds: UInt32) {
      self.client = client
      self.params = params
      restMicroseconds = restMilliseconds * 1000
      DispatchQueue.global().async { [self] in
        taken = Result { try ask() }
        ended.signal()
      }
    }

    private func ask() throws -> [Double] {
      var milliseconds: [Double] = []
      while !isOver.load(ordering: .relaxed) || milliseconds.isEmpty {
        milliseconds.append(try FindRun.find(params, client).1)
        usleep(restMicroseconds)
      }
      return milliseconds
    }

    /// - Returns: milliseconds from each question to its answer.
    func end() throws -> [Double] {
      isOver.store(true, ordering: .relaxed)
      ended.wait()
      return try taken.get()
    }
  }
}
