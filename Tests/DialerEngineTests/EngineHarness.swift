import ControlProtocol
import DialerModel
import LeadStore
import Telephony

@testable import DialerEngine

/// Drives an engine on virtual time as the daemon does: gathers inputs, gives a turn, commits it, carries out its
/// effects. Commits are made at once unless a test holds them; questions are answered from ``MemoryStore``; trunks are
/// simulators on the same clock, or silent, so that a test says what they say.
final class EngineHarness {
  struct Pending {
    var output: TurnOutput
  }

  var settings: EngineSettings
  private(set) var now: Now
  private(set) var engine: Engine
  var store = MemoryStore()
  /// Nil = the test plays the trunk.
  var simulators: [TrunkName: SimulatorTrunk] = [:]
  /// With it, commits wait until ``commitHeld()``.
  var holdsCommits = false
  private(set) var held: [Pending] = []
  private var inputs: [EngineInput] = []
  private var committedTurn: Int64 = 0
  private(set) var wake: MonotonicInstant?
  private var nextToken: UInt64 = 0

  // What came out.
  private(set) var replies: [RequestToken: Result<JSON, RequestError>] = [:]
  private(set) var commands: [TrunkCommand] = []
  private(set) var logs: [LogEvent] = []
  private(set) var outputs: [TurnOutput] = []
  /// Turns are kept only where a test looks at them.
  var keepsOutputs = false
  func forgetOutputs() { outputs = [] }
  private(set) var isDrained = false
  /// What no output may be, found in one; tests expect it to be empty.
  private(set) var faults: [String] = []
  private var startedOnDisk: Set<CallID> = []
  private(set) var dialled: [CallID] = []

  init(_ change: (inout EngineSettings) -> Void = { _ in }, simulator: SimulatorOptions? = SimulatorOptions()) throws {
    settings = try TestSettings.make()
    change(&settings)
    now = TestSettings.start
    engine = Engine(settings: settings, now: now)
    engine.begin(store.image(at: now))
    for trunk in settings.trunks {
      if let simulator { simulators[trunk.name] = SimulatorTrunk(simulator) }
      give(.trunk(trunk.name, .state(.up)))
    }
    settle()
  }

  // MARK: - Turns

  func give(_ input: EngineInput) { inputs.append(input) }

  /// One turn at the present moment.
  func turn() {
    let taken = inputs
    inputs = []
    let output = engine.turn(at: now, committedTurn: committedTurn, inputs: taken)
    wake = output.nextWake
    check(output)
    if keepsOutputs { outputs.append(output) }
    carryOut(output.immediate)
    if holdsCommits {
      held.append(Pending(output: output))
    } else {
      commit(output)
    }
  }

  private func commit(_ output: TurnOutput) {
    store.commit(output.transaction)
    committedTurn = output.turn
    for event in output.transaction.events where event.type == .attemptStarted {
      if let callID = event.callID { startedOnDisk.insert(callID) }
    }
    if let last = output.transaction.events.last { engine.projected(through: last.seq) }
    carryOut(output.afterCommit)
  }

  /// - Parameter count: the oldest; nil = all.
  func commitHeld(_ count: Int? = nil) {
    let ready = held.prefix(count ?? held.count)
    held.removeFirst(ready.count)
    for turn in ready { commit(turn.output) }
  }

  /// Turns until nothing more is to be done at this moment.
  func settle() {
    for round in 0..<20_000 {
      let isDue = wake.map { $0 <= now.monotonic } ?? false
      guard !inputs.isEmpty || isDue || round == 0 else { return }
      if holdsCommits, inputs.isEmpty, round > 8 { return }
      turn()
    }
    faults.append("the engine wants turns without end at \(now.wall)")
  }

  // MARK: - Time

  func pass(_ interval: Interval) { pass(until: now.monotonic + interval) }

  func pass(until end: MonotonicInstant) {
    settle()
    while true {
      var next = end
      if let wake { next = min(next, max(wake, now.monotonic)) }
      for simulator in simulators.values { if let due = simulator.nextDeadline { next = min(next, due) } }
      move(to: max(next, now.monotonic))
      advanceTrunks()
      settle()
      if now.monotonic >= end { return }
    }
  }

  private func move(to moment: MonotonicInstant) {
    now.wall = now.wall + (moment - now.monotonic)
    now.monotonic = moment
  }

  /// The wall clock alone is set.
  func jumpWall(by interval: Interval) { now.wall = now.wall + interval }

  private func advanceTrunks() {
    for name in simulators.keys.sorted() {
      var events: [TrunkEvent] = []
      simulators[name]?.advance(to: now, events: &events)
      for event in events { give(.trunk(name, event)) }
    }
  }

  // MARK: - Trunks

  func say(_ event: TrunkEvent, on trunk: TrunkName = TestSettings.trunk) {
    give(.trunk(trunk, event))
    settle()
  }

  func withSimulator(_ name: TrunkName = TestSettings.trunk, _ body: (inout SimulatorTrunk, inout [TrunkEvent]) -> Void)
  {
    var events: [TrunkEvent] = []
    if var simulator = simulators[name] {
      body(&simulator, &events)
      simulators[name] = simulator
    }
    for event in events { give(.trunk(name, event)) }
    settle()
  }

  // MARK: - Effects

  private func carryOut(_ effects: [EngineEffect]) {
    for effect in effects {
      switch effect {
      case .reply(let token, let answer):
        if replies.updateValue(answer, forKey: token) != nil { faults.append("\(token) was answered twice") }
      case .trunk(let name, let command): carryOut(name, command)
      case .query(let query): give(.answer(query.id, store.answer(query.question, for: engine)))
      case .readConfiguration(let token, let isDryRun):
        give(isDryRun ? .reloadAnswered(token, ["reloaded": true]) : .reload(settings, requestedBy: token))
      case .log(let event): logs.append(event)
      case .drained: isDrained = true
      }
    }
  }

  private func carryOut(_ name: TrunkName, _ command: TrunkCommand) {
    if case .dial(let order) = command {
      guard engine.mayStillDial(order.callID) else { return }
      if !startedOnDisk.contains(order.callID) { faults.append("\(order.callID) is dialled before it is on disk") }
      if dialled.contains(order.callID) { faults.append("\(order.callID) is dialled twice") }
      dialled.append(order.callID)
    }
    commands.append(command)
    guard simulators[name] != nil else { return }
    var events: [TrunkEvent] = []
    simulators[name]?.handle(command, at: now, events: &events)
    for event in events { give(.trunk(name, event)) }
  }

  private var lastSeq: Int64 = 0

  /// What holds for every turn.
  private func check(_ output: TurnOutput) {
    for event in output.transaction.events {
      if event.seq != lastSeq + 1 { faults.append("event \(event.seq) follows \(lastSeq)") }
      lastSeq = event.seq
    }
    for effect in output.immediate {
      if case .trunk = effect { faults.append("a command to a trunk waits for no commit") }
    }
  }

  // MARK: - Requests

  /// Sends a request without waiting for its reply.
  @discardableResult
  func send(_ method: String, _ params: JSON = [:], as peer: Peer = .admin) throws(RequestError) -> RequestToken {
    guard let spec = MethodTable.method(method) else { throw .unknownMethod(method, nearest: []) }
    let object = params.objectValue ?? JSONObject()
    nextToken += 1
    let token = RequestToken(nextToken)
    give(
      .request(
        EngineRequest(
          token: token, peer: peer, method: method, changes: spec.changes, parameters: try Parameters(object, of: spec),
          fingerprint: Request(id: nil, method: method, params: object).fingerprint)))
    return token
  }

  /// Sends a request and gives turns until it is answered.
  @discardableResult
  func call(_ method: String, _ params: JSON = [:], as peer: Peer = .admin) throws(RequestError) -> JSON {
    let token = try send(method, params, as: peer)
    settle()
    guard let reply = replies[token] else { throw .internalError("\(method) was not answered") }
    return try reply.get()
  }

  // MARK: - A restart

  /// Throws the engine away with all that is not committed, and begins again from what is.
  func crash(after pause: Interval = .zero, trunksAreUp: Bool = true) {
    held = []
    inputs = []
    replies = [:]
    committedTurn = 0
    lastSeq = store.events.last?.seq ?? 0
    move(to: now.monotonic + pause)
    advanceTrunks()
    // What trunks said meanwhile nobody heard.
    inputs = []
    engine = Engine(settings: settings, now: now)
    var loader = LeadLoader(engine)
    store.stream(into: &loader)
    engine.begin(store.image(at: now))
    if trunksAreUp {
      for trunk in settings.trunks { give(.trunk(trunk.name, .state(simulators[trunk.name]?.state ?? .up))) }
    }
  }
}
