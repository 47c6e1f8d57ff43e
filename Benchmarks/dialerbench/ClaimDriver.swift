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
  private var turn: Int64 = 0
  private var effects: [(turn: Int64, calls: [CallID])] = []
  private var inputs: [EngineInput] = []
  /// Orders to dial that left after their commit.
  private(set) var dialled = 0
  /// Asked beside the claims, as soon as the last answer has come and a pause is over; nil = nothing.
  var question: (method: String, params: JSONObject, pauseNanoseconds: UInt64)?
  private var askedAt: UInt64?
  private var nextAskedAt: UInt64 = 0
  /// Milliseconds from each question to its answer, on its way behind the claims of a turn.
  private(set) var answerTimes: [Double] = []

  init(store: LeadStore, settings: EngineSettings, trunkCalls: Int) throws {
    self.store = store
    var settings = settings
    settings.trunks = [
      TrunkSettings(name: Self.trunk, kind: "simulator", maximumCalls: trunkCalls, callsPerSecond: 1e9)
    ]
    settings.logLevel = .warning
    engine = Engine(settings: settings, now: SystemClock.now())
    var loader = LeadLoader(engine)
    engine.begin(try store.load(now: SystemClock.now().wall, into: &loader))
    inputs = [.trunk(Self.trunk, .state(.up))]
  }

  /// Runs until so many calls were dialled.
  ///
  /// - Parameter ends: whether each call ends busy at once, which brings its lead and its line back.
  func run(until count: Int, ends: Bool) throws {
    while dialled < count {
      let through = committed.value
      take(through, ends: ends)
      guard dialled < count else { return }
      try ask()
      let output = engine.turn(at: SystemClock.now(), committedTurn: through, inputs: inputs)
      noteAnswer(output)
      inputs.removeAll(keepingCapacity: true)
      turn = output.turn
      let calls = output.afterCommit.compactMap { effect -> CallID? in
        if case .trunk(_, .dial(let order)) = effect { order.callID } else { nil }
      }
      if output.transaction.isEmpty, effects.isEmpty {
        committed.set(turn, nil)
        continue
      }
      effects.append((turn, calls))
      let turn = turn
      let committed = committed
      store.submit(output.transaction) { result in
        if case .failure(let error) = result { committed.set(turn, error) } else { committed.set(turn, nil) }
      }
      // As many turns under way as the daemon lets there be.
      if turn - committed.value > 3 || calls.isEmpty { try committed.wait(beyond: through) }
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

  private func take(_ through: Int64, ends: Bool) {
    var count = 0
    for effect in effects {
      guard effect.turn <= through else { break }
      count += 1
      dialled += effect.calls.count
      guard ends else { continue }
      for call in effect.calls {
        inputs.append(.trunk(Self.trunk, .accepted(call)))
        inputs.append(.trunk(Self.trunk, .ended(call, CallEnding(outcome: .busy, cause: 17, byFarEnd: true))))
      }
    }
    effects.removeFirst(count)
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
