import ControlProtocol
import DaemonSystem
import DialerEngine
import DialerModel
import Foundation

/// `--demo`: a whole daemon in a temporary directory, dialling the sample leads through three weighted lists on the
/// simulator, with its socket open for `dialerctl`.
final class Demo {
  private static let lists: [(name: String, weight: Int)] = [("Fresh", 70), ("Aged", 30), ("Referral", 100)]
  private static let campaign = "demo"
  /// Fast enough to see lists fill their shares, slow enough to follow calls.
  private static let speed = 4.0
  private static let agents = 12

  private let daemon: Daemon
  private let directory: String
  private let display: DemoDisplay
  private var steps: [(method: String, params: JSONObject)] = []
  private var answers: [RequestToken: (Result<JSON, RequestError>) -> Void] = [:]
  private var nextToken: UInt64 = 1 << 60
  private var endsAt: MonotonicInstant?

  static func run(seconds: Int?) throws -> ExitStatus {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
      "dialerd-demo-\(ProcessInfo.processInfo.processIdentifier)"
    ).path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try Demo(directory: directory, seconds: seconds).start()
  }

  private init(directory: String, seconds: Int?) throws {
    self.directory = directory
    var configuration = Configuration.standard.resolved(against: directory)
    configuration.log.file = directory + "/dialerd.log"
    configuration.trunks[0].simulator.speed = Self.speed
    configuration.trunks[0].simulator.agents = Self.agents
    configuration.trunks[0].callsPerSecond = 10
    configuration.drainSeconds = 3
    daemon = try Daemon(configuration: configuration, path: nil)
    display = DemoDisplay(socket: configuration.socket.path, log: configuration.log.file ?? "")
    if let seconds { endsAt = SystemClock.monotonic() + .seconds(Int64(seconds)) }
    steps = try Self.script(leads: Self.sampleLeads())
  }

  private static func sampleLeads() throws -> LeadFile {
    let path = try DataFiles.dataDirectory(.standard, path: nil) + "/leads-sample.csv"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StartFault("the sample leads \(path) cannot be read", .noInput)
    }
    return try LeadFile([UInt8](data))
  }

  /// What a CRM would send.
  private static func script(leads: LeadFile) -> [(String, JSONObject)] {
    let everyDay = JSON.object(
      JSONObject(
        dictionaryLiteral: ("monday", ["09:00-20:00"]), ("tuesday", ["09:00-20:00"]), ("wednesday", ["09:00-20:00"]),
        ("thursday", ["09:00-20:00"]), ("friday", ["09:00-20:00"]), ("saturday", ["09:00-20:00"]),
        ("sunday", ["09:00-20:00"])))
    var steps: [(String, JSONObject)] = [
      ("callingHours.put", ["callingHoursID": "nine-to-eight", "name": "9 to 20 local time", "weekly": everyDay]),
      (
        "campaign.create",
        [
          "campaignID": .string(campaign), "callingHours": "nine-to-eight", "dialMode": "ratio", "dialRatio": 1.5,
          "calledCountLimit": 8, "strictZones": false, "wrapUpSeconds": 2,
          "wrapCodes": [
            ["code": "SALE", "name": "Sale", "completed": true, "converted": true, "contact": true],
            ["code": "NI", "name": "Not interested", "completed": true, "contact": true],
          ],
        ]
      ),
    ]
    for (place, list) in lists.enumerated() {
      steps.append(("list.create", ["listID": JSON(place + 101), "name": .string(list.name)]))
      steps.append(
        (
          "campaign.assignList",
          ["campaignID": .string(campaign), "listID": JSON(place + 101), "weight": JSON(list.weight)]
        ))
    }
    steps += leads.rows.compactMap(step(for:))
    steps.append(("campaign.start", ["campaignID": .string(campaign)]))
    return steps
  }

  private static func step(for row: LeadFile.Row) -> (String, JSONObject)? {
    guard let place = lists.firstIndex(where: { $0.name == row["list"] }) else { return nil }
    var params: JSONObject = ["listID": JSON(place + 101)]
    let fields = [
      ("vendorLeadCode", "vendor_lead_code"), ("firstName", "first_name"), ("lastName", "last_name"),
      ("email", "email"), ("phone1", "phone1"), ("phone2", "phone2"), ("region", "region"), ("state", "state"),
      ("postalCode", "postal_code"), ("timeZone", "timezone"), ("source", "source"),
    ]
    for (name, column) in fields where !row[column].isEmpty { params.append(name, .string(row[column])) }
    if let rank = Int64(row["rank"]) { params.append("rank", .integer(rank)) }
    return ("lead.add", params)
  }

  // MARK: - Running

  private func start() throws -> ExitStatus {
    let steps = steps
    daemon.onOwnReply = { [unowned self] token, answer in answers.removeValue(forKey: token)?(answer) }
    daemon.onEvents = { [unowned self] events in display.show(events) }
    daemon.onSecond = { [unowned self] now in second(now) }
    var faults = 0
    for step in steps {
      ask(step.method, step.params) { [display] answer in
        if case .failure(let error) = answer, faults < 5 {
          faults += 1
          display.note("\(step.method): \(error.message)")
        }
      }
    }
    display.begin(leads: steps.filter { $0.method == "lead.add" }.count)
    return try daemon.run()
  }

  private func second(_ now: Now) {
    if let endsAt, now.monotonic >= endsAt {
      self.endsAt = nil
      display.note("The time given with --seconds is over.")
      kill(getpid(), SIGTERM)
    }
    ask("campaign.lists", ["campaignID": .string(Self.campaign)]) { [display] answer in
      if case .success(let lists) = answer { display.lists = lists["lists"]?.arrayValue ?? [] }
    }
    ask("campaign.explain", ["campaignID": .string(Self.campaign)]) { [display] answer in
      if case .success(let why) = answer { display.why = why }
    }
    ask("daemon.status", [:]) { [display] answer in
      if case .success(let status) = answer { display.status(status, at: now.wall) }
    }
  }

  private func ask(
    _ method: String, _ params: JSONObject, _ done: @escaping (Result<JSON, RequestError>) -> Void
  ) {
    guard let spec = MethodTable.method(method) else { preconditionFailure("\(method) is in the method table") }
    nextToken += 1
    let token = RequestToken(nextToken)
    do throws(RequestError) {
      let parameters = try Parameters(params, of: spec)
      answers[token] = done
      daemon.host.give(
        .request(
          EngineRequest(
            token: token, peer: Peer(userID: 0, role: .admin), method: method, changes: spec.changes,
            parameters: parameters)))
    } catch {
      done(.failure(error))
    }
  }
}
