import ControlProtocol
import DaemonSystem
import DialerEngine
import DialerModel
import Dispatch
import LeadStore
import Synchronization
import Telephony

/// Drives an engine as the daemon does, without sockets: turn, commit, and only then the orders to dial; the trunk is a
/// counter that takes every call.
///
/// `@unchecked Sendable`: the writer's thread touches only `committed`, through its lock.
final class ClaimDriver: @unchecked Sendable {
  private static let trunk = TrunkName("bench")

  let store: LeadStore
  private let engine: Engine
  private let committed = CommitCounter()
  /// The last turn that is on disk, as is everything before it.
  private var settled: Int64 = 0
  /// Turns whose effects wait for the disk.
  private var pending: [PendingTurn] = []
  private var inputs: [EngineInput] = []
  /// Orders to dial that left after their commit.
  private(set) var dialled = 0
  /// Asked beside the claims, as soon as the last answer has come and a pause is over; nil = nothing.
  var question: (method: String, params: JSONObject, pauseNanoseconds: UInt64)?
  private var askedAt: UInt64?
  private var nextAskedAt: UInt64 = 0
  /// Milliseconds from each question to its answer, on its way behind the claims of a turn.
  private(set) var answerTimes: [Double] = []

  /// What the wall clock shows beyond the system's, so that calling hours are met at any hour of the day.
  private let ahead: Interval
  /// What the store would answer if these attempts were in it.
  private let past: [AttemptTrace]

  private struct PendingTurn {
    var turn: Int64
    /// It writes nothing: it is on disk as soon as those before it are.
    var isEmpty: Bool
    var calls: [CallID]
  }

  /// - Parameters:
  ///   - startsAt: what the wall clock shows at first; nil = the system's time.
  ///   - past: attempts that limits look back on.
  init(
    store: LeadStore, settings: EngineSettings, trunkCalls: Int, startsAt: Instant? = nil, past: [AttemptTrace] = []
  ) throws {
    self.store = store
    self.past = past
    ahead = startsAt.map { $0 - SystemClock.now().wall } ?? .zero
    var settings = settings
    settings.trunks = [
      TrunkSettings(name: Self.trunk, kind: "simulator", maximumCalls: trunkCalls, callsPerSecond: 1e9)
    ]
    settings.logLevel = .warning
    let now = Self.now(ahead)
    engine = Engine(settings: settings, now: now)
    var loader = LeadLoader(engine)
    engine.begin(try store.load(now: now.wall, into: &loader))
    inputs = [.trunk(Self.trunk, .state(.up))]
  }

  private static func now(_ ahead: Interval) -> Now {
    let now = SystemClock.now()
    return Now(wall: now.wall + ahead, monotonic: now.monotonic)
  }

  /// Runs until so many calls were dialled.
  ///
  /// - Parameter ends: whether each call ends busy at once, which brings its lead and its line back.
  func run(until count: Int, ends: Bool) throws {
    while dialled < count {
      let through = committed.value
      settle(through, ends: ends)
      guard dialled < count else { return }
      try ask()
      let now = Self.now(ahead)
      let output = engine.turn(at: now, committedTurn: settled, inputs: inputs)
      inputs.removeAll(keepingCapacity: true)
      noteAnswer(output)
      take(output)
      let isDue = !inputs.isEmpty || output.nextWake.map { $0 <= now.monotonic } ?? false
      // Like the daemon it waits for a commit where nothing is due.
      if !pending.isEmpty, !isDue { try committed.wait(beyond: through) }
    }
  }

  /// What a turn comes to: its transaction to the store, its effects behind that.
  private func take(_ output: TurnOutput) {
    for case .query(let query) in output.immediate + output.afterCommit {
      guard case .attemptHistory = query.question else { continue }
      inputs.append(.answer(query.id, .history(past)))
    }
    let calls = output.afterCommit.compactMap { effect -> CallID? in
      if case .trunk(_, .dial(let order)) = effect { order.callID } else { nil }
    }
    let turn = output.turn
    guard !output.transaction.isEmpty else {
      if pending.isEmpty { settled = turn } else { pending.append(PendingTurn(turn: turn, isEmpty: true, calls: [])) }
      return
    }
    pending.append(PendingTurn(turn: turn, isEmpty: false, calls: calls))
    let committed = committed
    store.submit(output.transaction) { result in
      if case .failure(let error) = result { committed.set(turn, error) } else { committed.set(turn, nil) }
    }
  }

  private func ask() throws {
    let now = Stopwatch.nanoseconds()
    guard let question, askedAt == nil, now >= nextAskedAt, let spec = MethodTable.method(question.method) else {
      return
    }
    askedAt = now
    nextAskedAt = now + question.pauseNanoseconds
    inputs.append(
      .request(
        EngineRequest(
          token: RequestToken(1), peer: Peer(userID: 0, role: .admin), method: question.method, changes: false,
          parameters: try Parameters(question.params, of: spec))))
  }

  private func noteAnswer(_ output: TurnOutput) {
    guard let askedAt else { return }
    for case .reply in output.immediate {
      answerTimes.append(Double(Stopwatch.nanoseconds() - askedAt) / 1e6)
      self.askedAt = nil
    }
  }

  private func settle(_ through: Int64, ends: Bool) {
    var count = 0
    for turn in pending {
      guard turn.turn <= through || turn.isEmpty else { break }
      count += 1
      settled = turn.turn
      dialled += turn.calls.count
      guard ends else { continue }
      for call in turn.calls {
        inputs.append(.trunk(Self.trunk, .accepted(call)))
        inputs.append(.trunk(Self.trunk, .ended(call, CallEnding(outcome: .busy, cause: 17, byFarEnd: true))))
      }
    }
    pending.removeFirst(count)
  }
}

/// The last turn that is on disk, told by the writer's thread.
final class CommitCounter: Sendable {
  private let condition = DispatchSemaphore(value: 0)
  private let turn = Atomic<Int64>(0)
  private let hasFailed = Atomic<Bool>(false)

  var value: Int64 { turn.load(ordering: .acquiring) }

  func set(_ turn: Int64, _ error: StoreError?) {
    if error != nil { hasFailed.store(true, ordering: .releasing) }
    self.turn.max(turn, ordering: .acquiringAndReleasing)
    condition.signal()
  }

  /// Looks for a short while before it sleeps, as one who waits for a single commit would.
  func wait(beyond turn: Int64) throws {
    let start = Stopwatch.nanoseconds()
    while true {
      if hasFailed.load(ordering: .acquiring) { throw BenchmarkError("a transaction could not be written") }
      if value > turn { return }
      if Stopwatch.nanoseconds() - start > 200_000 { condition.wait() }
    }
  }
}
