import ControlProtocol
import DialerModel
import Foundation
import LeadImport
import PhoneNumbers
import TimeZones

@testable import DialerEngine
@testable import LeadStore
@testable import dialerd

/// Engine, store and import desk as the daemon has them, on real SQLite, one thread and virtual time. It can die before
/// any step, as a process does that is killed: what is on disk stays.
final class ImportHarness {
  struct Crashed: Error {}

  private static let settings = Result { () -> EngineSettings in
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Config")
    var settings = EngineSettings(
      timeZones: try TimeZoneDatabase(),
      numberingPlan: try NumberingPlan(json: Data(contentsOf: root.appendingPathComponent("numbering-plan.json"))),
      prefixZones: try PrefixZones(json: Data(contentsOf: root.appendingPathComponent("phone-timezones.json"))))
    settings.defaultTimeZone = "America/New_York"
    settings.defaultRegion = "US"
    settings.defaultCallingHours = CallingHoursID("always")
    return settings
  }

  let folder: String
  private(set) var engine: Engine
  private(set) var store: LeadStore
  private(set) var desk: ImportDesk
  private var reader: StoreReader
  private var settings: EngineSettings
  private var now = Now(
    wall: Instant(milliseconds: 1_795_222_800_000), monotonic: MonotonicInstant(milliseconds: 1_000))
  private var committedTurn: Int64 = 0
  private var inputs: [EngineInput] = []
  private var wake: MonotonicInstant?
  private var replies: [RequestToken: Result<JSON, RequestError>] = [:]
  private var nextToken: UInt64 = 0
  /// Steps (commits and answers of the desk) until it dies; nil = it lives.
  var stepsLeft: Int?
  private(set) var crashes = 0

  init(_ change: (inout EngineSettings) -> Void = { _ in }) throws {
    folder = FileManager.default.temporaryDirectory.path + "/import-\(UUID().uuidString.prefix(13))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    settings = try Self.settings.get()
    change(&settings)
    (store, reader, desk, engine) = try Self.load(folder, settings, now)
    try settle()
  }

  deinit {
    store.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func load(
    _ folder: String, _ settings: EngineSettings, _ now: Now
  ) throws -> (LeadStore, StoreReader, ImportDesk, Engine) {
    let store = try LeadStore(path: folder + "/dialer.sqlite")
    let reader = try store.makeReader()
    let desk = ImportDesk(
      database: store.path, reader: try store.makeReader(), context: ImportRunner.context(settings),
      directories: settings.importDirectories, monotonicSeconds: { 0 })
    let engine = Engine(settings: settings, now: now)
    var loader = LeadLoader(engine)
    engine.begin(try store.load(now: now.wall, into: &loader))
    return (store, reader, desk, engine)
  }

  /// Starts again from what is on disk.
  func restart() throws {
    store.abandon()
    crashes += 1
    stepsLeft = nil
    inputs = []
    held = []
    replies = [:]
    committedTurn = 0
    wake = nil
    now.wall = now.wall + .seconds(1)
    now.monotonic = now.monotonic + .seconds(1)
    (store, reader, desk, engine) = try Self.load(folder, settings, now)
  }

  // MARK: - Turns

  private func step() throws {
    guard let left = stepsLeft else { return }
    guard left > 0 else { throw Crashed() }
    stepsLeft = left - 1
  }

  /// Passes over staged rows in search of those who are deleted; slow ones take as long as there is anything else to do.
  private(set) var erasures = 0
  var erasesSlowly = false
  private var held: [EngineQuery] = []

  /// Called ahead of each turn: what others do in the middle of something.
  var onTurn: (() throws -> Void)?

  private var isBusy: Bool {
    !inputs.isEmpty || !held.isEmpty || wake.map { $0 <= now.monotonic } ?? false || engine.imports.commit != nil
      || !engine.jobs.isEmpty
  }

  /// Turns until nothing more is to be done, and until no import and no job waits for its time.
  func settle() throws {
    var isFirst = true
    while isFirst || isBusy {
      if !isFirst, inputs.isEmpty, let wake, wake > now.monotonic {
        now.wall = now.wall + (wake - now.monotonic)
        now.monotonic = wake
      }
      isFirst = false
      try onTurn?()
      let taken = inputs
      inputs = []
      let output = engine.turn(at: now, committedTurn: committedTurn, inputs: taken)
      wake = output.nextWake
      try carryOut(output.immediate)
      if !output.transaction.isEmpty {
        try step()
        try store.commit(output.transaction)
      }
      committedTurn = output.turn
      try carryOut(output.afterCommit)
      if inputs.isEmpty, engine.jobs.isEmpty, !held.isEmpty {
        inputs.append(.answer(held[0].id, try answer(held[0].question)))
        held.removeFirst()
      }
    }
  }

  private func carryOut(_ effects: [EngineEffect]) throws {
    for effect in effects {
      switch effect {
      case .reply(let token, let answer): replies[token] = answer
      case .query(let query) where erasesSlowly && query.question.isErasure: held.append(query)
      case .query(let query): inputs.append(.answer(query.id, try answer(query.question)))
      default: break
      }
    }
  }

  private func answer(_ question: QueryQuestion) throws -> QueryAnswer {
    switch question {
    case .importing(let request):
      try step()
      if question.isErasure { erasures += 1 }
      return desk.answer(request)
    case .lead(let lead): return .lead(try reader.lead(lead).map(KnownLead.init))
    case .candidates(let probe): return .candidates(try reader.leads(probe).map(KnownLead.init))
    case .sameValue(let field, let lists):
      return .leadIDs(try reader.leadsWithSameValue(field, lists: lists).map { [$0.0, $0.1] } ?? [])
    case .find(let query):
      let found = try reader.find(query)
      return .leads(found.leads.map(KnownLead.init), nextCursor: found.next)
    case .leadIDs(let query): return .leadIDs(try reader.findIDs(query).leadIDs)
    case .attemptHistory: return .history([])
    case .listStatusCounts(let list):
      return .statusCounts(try reader.statusCounts(lists: [list]).map { ("\($0.status)", $0.leads) })
    default: return .done(.null)
    }
  }

  @discardableResult
  func call(_ method: String, _ params: JSON = [:], as peer: Peer = Peer(userID: 0, role: .admin)) throws -> JSON {
    let token = try ask(method, params, as: peer)
    try settle()
    guard let answer = answer(to: token) else {
      throw RequestError.internalError("\(method) was not answered")
    }
    return try answer.get()
  }

  /// Asks without waiting for the answer.
  func ask(
    _ method: String, _ params: JSON, as peer: Peer = Peer(userID: 0, role: .admin)
  ) throws -> RequestToken {
    guard let spec = MethodTable.method(method) else { throw RequestError.unknownMethod(method, nearest: []) }
    nextToken += 1
    let token = RequestToken(nextToken)
    inputs.append(
      .request(
        EngineRequest(
          token: token, peer: peer, method: method, changes: spec.changes,
          parameters: try Parameters(params.objectValue ?? [:], of: spec))))
    return token
  }

  /// Nil while there is none.
  func answer(to token: RequestToken) -> Result<JSON, RequestError>? { replies.removeValue(forKey: token) }

  // MARK: - Imports

  /// Opens an import and sends the text; its id.
  func send(_ text: String, list: Int = 1, _ more: JSONObject = [:]) throws -> JSON {
    var params: JSONObject = ["listID": JSON(list)]
    for member in more.members { params[member.key] = member.value }
    let id = try call("import.open", .object(params))["importID"] ?? .null
    try write(id, text)
    return id
  }

  func write(_ id: JSON, _ text: String, at offset: Int = 0) throws {
    let data = Data(text.utf8).base64EncodedString()
    try call("import.write", ["importID": id, "offset": JSON(offset), "data": .string(data)])
  }

  /// Sends a file and commits it; the summary.
  @discardableResult
  func load(_ text: String, list: Int = 1, _ more: JSONObject = [:]) throws -> JSON {
    try call("import.commit", ["importID": try send(text, list: list, more)])
  }

  /// Every lead as one line, without ids and times that differ from run to run.
  func leads(_ fields: [String] = defaultFields) throws -> [String] {
    var lines: [String] = []
    var cursor: JSON?
    repeat {
      var params: JSONObject = ["limit": 1000]
      params.append("cursor", ifPresent: cursor)
      let page = try call("lead.find", .object(params))
      for lead in page["leads"]?.arrayValue ?? [] {
        lines.append(fields.map { lead[$0]?.stringValue ?? lead[$0]?.text ?? "" }.joined(separator: "|"))
      }
      cursor = page["nextCursor"]
    } while cursor.map { !$0.isNull } ?? false
    return lines.sorted()
  }

  static let defaultFields = [
    "listID", "vendorLeadCode", "phones", "firstName", "lastName", "email", "source", "state", "rank", "timeZone",
    "status", "custom",
  ]
}

extension QueryQuestion {
  fileprivate var isErasure: Bool {
    guard case .importing(let request) = self, case .erase = request.step else { return false }
    return true
  }
}
