import ControlProtocol
import DaemonSystem
import DialerEngine
import DialerModel
import LeadStore
import Telephony

/// Runs the engine: gathers what has happened, gives it its turn, commits what the turn writes, and carries out its
/// effects after that. Everything here is on the loop's thread.
///
/// While one transaction is being written the next turns go on; effects wait for their own transaction and every one
/// before it. When a transaction cannot be written, the engine is thrown away with all that it had in mind, and loaded
/// again from the disk: memory never claims what the disk does not have.
///
/// `@unchecked Sendable`: confined to the loop's thread; other threads only carry it to the loop in a posted job.
final class EngineHost: @unchecked Sendable {
  /// A turn whose transaction is under way, or that waits for one before it.
  private struct PendingTurn {
    var turn: Int64
    var isCommitted: Bool
    var effects: [EngineEffect]
    var events: [JournalEvent]
    /// What trunks said in this turn: said again if the turn comes to nothing.
    var trunkInputs: [EngineInput]
  }

  /// Trunk events held while the store cannot be written; a trunk says a handful for each live call.
  private static let maximumHeldInputs = 1_000_000

  let loop: EventLoop
  let store: LeadStore
  let log: HostLog
  private(set) var engine: Engine
  private let makeEngine: () throws -> Engine
  private var inputs: [EngineInput] = []
  private var pending: [PendingTurn] = []
  private var committedTurn: Int64 = 0
  /// Grows with each engine: what an earlier one asked for is not told to the next.
  private var generation = 0
  private var wake: MonotonicInstant?
  private(set) var isWritable = true
  private var held: [EngineInput] = []
  private var probe: StoreProbeTimer?
  /// The engine is ahead of the disk, and is loaded again as soon as the store can be written.
  private var isReloadDue = false
  private(set) var lastCommittedSeq: Int64
  /// When the engine wants its next turn without an input.
  var nextWake: MonotonicInstant? { wake }

  var onReply: ((RequestToken, Result<JSON, RequestError>) -> Void)?
  var onTrunkCommand: ((TrunkName, TrunkCommand) -> Void)?
  var onQuery: ((EngineQuery) -> Void)?
  var onReadConfiguration: ((RequestToken, _ isDryRun: Bool) -> Void)?
  /// Events that are on disk.
  var onEvents: (([JournalEvent]) -> Void)?
  var onDrained: (() -> Void)?
  /// Every request that waits for the engine gets this answer: the engine that had it is gone.
  var onEngineLost: ((RequestError) -> Void)?
  /// A new engine knows nothing of the trunks yet.
  var onEngineReplaced: (() -> Void)?
  /// The store is lost for good.
  var onFatal: ((String) -> Void)?

  init(
    loop: EventLoop, store: LeadStore, log: HostLog, engine: Engine, nextSeq: Int64,
    makeEngine: @escaping () throws -> Engine
  ) {
    self.loop = loop
    self.store = store
    self.log = log
    self.engine = engine
    self.makeEngine = makeEngine
    lastCommittedSeq = nextSeq - 1
  }

  func give(_ input: EngineInput) {
    if !isWritable, isHeldWhileUnwritable(input) {
      if held.count < Self.maximumHeldInputs { held.append(input) }
      return
    }
    inputs.append(input)
  }

  private func isHeldWhileUnwritable(_ input: EngineInput) -> Bool {
    switch input {
    case .trunk, .reload, .drain: true
    case .request, .answer, .reloadAnswered, .storeWritable: false
    }
  }

  /// The engine's turns of one iteration of the loop: again as long as a turn brings new inputs at once, a few times at
  /// the most, so that sockets have their turn as well.
  func pump(_ now: Now) {
    for _ in 0..<8 {
      let isDue = wake.map { $0 <= now.monotonic } ?? false
      guard !inputs.isEmpty || isDue else { break }
      runTurn(Now(wall: now.wall, monotonic: now.monotonic))
    }
    // A jump of the clock is noticed within a second.
    let latest = now.monotonic + .seconds(1)
    if let wake {
      loop.setTimer(at: inputs.isEmpty ? min(wake, latest) : now.monotonic)
    } else {
      loop.setTimer(at: latest)
    }
  }

  /// A turn without inputs, for the clock.
  func tick() { wake = .init(milliseconds: 0) }

  private func runTurn(_ now: Now) {
    let taken = inputs
    inputs.removeAll(keepingCapacity: true)
    let output = engine.turn(at: now, committedTurn: committedTurn, inputs: taken)
    wake = output.nextWake
    if output.transaction.isEmpty, pending.isEmpty {
      committedTurn = output.turn
      carryOut(output.immediate)
      carryOut(output.afterCommit)
      return
    }
    let trunkInputs = taken.filter { if case .trunk = $0 { true } else { false } }
    pending.append(
      PendingTurn(
        turn: output.turn, isCommitted: output.transaction.isEmpty, effects: output.afterCommit,
        events: output.transaction.events, trunkInputs: trunkInputs))
    carryOut(output.immediate)
    guard !output.transaction.isEmpty else { return }
    let turn = output.turn
    let generation = generation
    store.submit(output.transaction) { [loop, self] result in
      loop.post { self.committed(turn, of: generation, result) }
    }
  }

  private func committed(_ turn: Int64, of generation: Int, _ result: Result<CommitReceipt, StoreError>) {
    // A turn of an engine that is gone already.
    guard generation == self.generation, let place = pending.firstIndex(where: { $0.turn == turn }) else { return }
    switch result {
    case .success:
      pending[place].isCommitted = true
      settle()
    case .failure(let error): storeFailed(error)
    }
  }

  private func settle() {
    var count = 0
    for turn in pending {
      guard turn.isCommitted else { break }
      committedTurn = turn.turn
      count += 1
      if let last = turn.events.last { lastCommittedSeq = last.seq }
      if !turn.events.isEmpty { onEvents?(turn.events) }
      carryOut(turn.effects)
    }
    pending.removeFirst(count)
    // What was waiting for the disk may dial on.
    if count > 0 { tick() }
  }

  private func carryOut(_ effects: [EngineEffect]) {
    for effect in effects {
      switch effect {
      case .reply(let token, let answer): onReply?(token, answer)
      case .trunk(let name, let command): onTrunkCommand?(name, command)
      case .query(let query): onQuery?(query)
      case .readConfiguration(let token, let isDryRun): onReadConfiguration?(token, isDryRun)
      case .log(let event): log.write(event, at: loop.now)
      case .drained: onDrained?()
      }
    }
  }

  // MARK: - A store that cannot be written

  private func storeFailed(_ error: StoreError) {
    guard isWritable else { return }
    isWritable = false
    log.error(
      "store.failed", [("error", "\(error)"), ("effect", "nothing is dialled and nothing changed until it can")])
    held = pending.flatMap(\.trunkInputs) + inputs.filter(isHeldWhileUnwritable) + held
    pending = []
    inputs = []
    onEngineLost?(
      .unavailable(
        error.kind == .full ? "disk-full" : "store-failed", "The database could not be written; nothing was changed."))
    if !reload() {
      // A full disk may not even take what reading it again needs to write. Until it can, the engine that is there
      // serves readers; what it asked for is not taken up by it any more, and it decides nothing.
      isReloadDue = true
      generation += 1
      wake = nil
      inputs = [.storeWritable(false)]
    }
    startProbe()
  }

  private func startProbe() {
    probe = StoreProbeTimer(loop: loop, store: store) { [weak self] result in self?.probed(result) }
    probe?.start()
  }

  /// - Returns: whether the engine is now as the disk says.
  private func reload() -> Bool {
    do {
      engine = try makeEngine()
      generation += 1
      committedTurn = 0
      wake = nil
      inputs = [.storeWritable(false)]
      onEngineReplaced?()
      return true
    } catch {
      if (error as? StoreError)?.kind == .corrupt {
        onFatal?("the database cannot be read again after a failed write: \(error)")
      }
      log.warning("store.unreadable", [("error", "\(error)"), ("effect", "it is read again once it can be written")])
      return false
    }
  }

  private func probed(_ result: Result<Void, StoreError>) {
    guard !isWritable, case .success = result else { return }
    store.resume()
    if isReloadDue {
      // What the engine that goes still has to answer dies with it.
      onEngineLost?(.unavailable("store-failed", "The database is read again; nothing was changed. Try again."))
      guard reload() else { return startProbe() }
      isReloadDue = false
    }
    isWritable = true
    probe = nil
    log.notice("store.writable", [("heldTrunkEvents", "\(held.count)")])
    inputs += [.storeWritable(true)] + held
    held = []
    tick()
  }
}

/// Tries once a second whether the store can be written again, on a thread of its own: a probe waits for the disk.
final class StoreProbeTimer: @unchecked Sendable {
  // Only `finish` is touched off the loop's thread, and only to post to the loop.
  private let loop: EventLoop
  private let store: LeadStore
  private let done: (Result<Void, StoreError>) -> Void
  private var isProbing = false
  private var last: MonotonicInstant?
  private var isOver = false

  init(loop: EventLoop, store: LeadStore, done: @escaping (Result<Void, StoreError>) -> Void) {
    self.loop = loop
    self.store = store
    self.done = done
  }

  func start() { loop.addEndOfIteration { [weak self] in self?.look() } }

  private func look() {
    guard !isProbing, !isOver else { return }
    if let last, loop.now.monotonic - last < .seconds(1) { return }
    last = loop.now.monotonic
    isProbing = true
    Worker.run { [self] in
      let result = Result { () throws(StoreError) in try store.probeWritable() }
      loop.post { [self] in
        isProbing = false
        if case .success = result { isOver = true }
        done(result)
      }
    }
  }
}
