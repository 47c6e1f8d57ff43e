import DialerModel
import LeadStore

/// Small reads on one connection: one at a time, and pipelined; on an idle daemon, and while it dials 5,000 calls a second.
/// The client is this process, on one thread; the daemon is another process on the same machine.
struct ControlSocket: Benchmark {
  let name = "socket"
  let summary = "small reads a second on one connection, idle and while it dials"

  /// The smallest read stands first: the targets are for it.
  private static let reads: [(method: String, params: JSON)] = [
    ("agent.list", [:]), ("daemon.status", [:]), ("lead.get", ["leadID": 1]),
  ]
  /// Requests in one piece of a pipeline; two pieces are under way.
  private static let piece = 128

  func run(_ context: Context) throws -> [Row] {
    var rows = try measure(context, isDialling: false)
    rows += try measure(context, isDialling: true)
    return rows
  }

  private func measure(_ context: Context, isDialling: Bool) throws -> [Row] {
    let place = try Workplace(context, isDialling ? "socket-dialling" : "socket-idle")
    defer { place.remove() }
    try place.fill { try prepare($0, context, isDialling: isDialling) }
    let daemon = try DaemonProcess(directory: place.path, callsPerSecond: 5000)
    let client = try daemon.connect()
    let share = isDialling ? 0.5 : 1
    let state = isDialling ? ", while dialling" : ""
    var single = Self.reads.map { _ in [Double]() }
    var pipelined = Self.reads.map { _ in [Double]() }
    var bare: [Double] = []
    let count = context.size(20_000, quick: 500)
    let before = try dialled(client)
    let start = Stopwatch.nanoseconds()
    for _ in 0..<context.rounds {
      bare.append(try SocketReference(bytes: 60).rate(count: count))
      for (place, read) in Self.reads.enumerated() {
        let request = ControlClient.line(read.method, read.params, id: 1)
        single[place].append(try oneAtATime(client, request, count))
        pipelined[place].append(try pipeline(client, request, count * 2))
      }
    }
    let elapsed = Double(Stopwatch.nanoseconds() - start) / 1e9
    let claims = Double(try dialled(client) - before) / elapsed
    daemon.stop()
    var rows: [Row] = []
    for (place, read) in Self.reads.enumerated() {
      let isSmallest = place == 0
      rows.append(
        Row(
          "\(read.method), one at a time\(state)", values: single[place], unit: "/s", referenceName: "bare socket",
          references: bare,
          target: isSmallest ? .atLeast(30_000 * share) : nil))
      rows.append(
        Row(
          "\(read.method), pipelined\(state)", values: pipelined[place], unit: "/s",
          target: isSmallest ? .atLeast(80_000 * share) : nil))
    }
    if isDialling {
      rows.append(
        Row("claims meanwhile", value: claims, unit: "/s", remark: "5,000 a second is the trunk's limit here"))
    }
    return rows
  }

  /// Leads whose line is busy and who come back at once, so that there is always somebody to dial.
  private func prepare(_ store: LeadStore, _ context: Context, isDialling: Bool) throws {
    let sample = SampleLeads(leads: context.size(100_000, quick: 5000), lastDigit: 5)
    var strategy = Strategy(strategyID: StrategyID("again"), name: "Again")
    strategy.retries = [RetryRule(outcome: .busy, after: .seconds(1))]
    var transaction = StoreTransaction()
    transaction.changes.append(.putStrategy(strategy))
    try store.commit(transaction)
    var campaign = sample.campaign(state: isDialling ? .running : .stopped)
    for place in campaign.lists.indices { campaign.lists[place].strategyID = strategy.strategyID }
    try sample.fill(store, campaign: campaign)
  }

  private func dialled(_ client: ControlClient) throws -> Int64 {
    let answer = try client.call("campaign.lists", ["campaignID": .string(SampleLeads.campaignID.rawValue)])
    return (answer["lists"]?.arrayValue ?? []).reduce(0) { $0 + ($1["dialled"]?.integerValue ?? 0) }
  }

  private func oneAtATime(_ client: ControlClient, _ request: [UInt8], _ count: Int) throws -> Double {
    let seconds = try Stopwatch.seconds {
      for _ in 0..<count {
        try client.send(request)
        try client.skipAnswers(1)
      }
    }
    return Double(count) / seconds
  }

  private func pipeline(_ client: ControlClient, _ request: [UInt8], _ count: Int) throws -> Double {
    let bytes = [UInt8]((0..<Self.piece).map { _ in request }.joined())
    let pieces = max(2, count / Self.piece)
    let seconds = try Stopwatch.seconds {
      try client.send(bytes)
      for _ in 1..<pieces {
        try client.send(bytes)
        try client.skipAnswers(Self.piece)
      }
      try client.skipAnswers(Self.piece)
    }
    return Double(pieces * Self.piece) / seconds
  }
}
