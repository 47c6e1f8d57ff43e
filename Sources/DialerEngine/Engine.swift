import ControlProtocol
import DialerModel
import DialingRules
import LeadSelection
import Telephony

/// The dialler: one verb, ``turn(at:inputs:)``, which reads no clock and does no I/O.
///
/// What a turn changes in memory is true at once for the turns behind it; what it tells anybody waits until its
/// transaction is on disk. When a transaction cannot be written the host throws the engine away and loads it again from
/// what is on disk: memory is never ahead of the disk for longer than the commits under way.
///
/// Confined to one queue.
public final class Engine {
  /// A turn does no more than this of each, so that no turn is long.
  enum Bounds {
    /// Claims; a transaction of about half a megabyte.
    static let claims = 1000
    /// Leads looked at for those claims, when rules that an index does not know stop them.
    static let evaluations = 10_000
    /// Leads changed or evaluated by a command on many.
    static let bulk = 10_000
    /// The same of what is written while calls go on: some 5 ms of the writer, which a claim may have to wait for.
    static let bulkBesideCalls = 500
    static let dueCallbacks = 1000
    /// Leads of an import that are brought into the indexes: some milliseconds.
    static let indexed = 1_000
    /// Leads of an import in one transaction while calls go on: what a claim may have to wait for, some 5 ms of the
    /// writer …
    static let committedBesideCalls = 250
    /// … and while nobody dials, of an import of so many: the more, the fewer times each page of an index is written. A
    /// transaction touches each of them, and the larger the import, the more there are.
    static func committedAlone(of rows: Int) -> Int { max(40_000, min(100_000, rows / 25)) }
    /// Hidden leads that are taken away in one transaction: some 20 ms of the writer.
    static let hidden = 2_000
  }

  var settings: EngineSettings {
    didSet { numberPlaces = NumberPlaces(settings) }
  }
  /// Those of the settings, for what asks them of every lead.
  private(set) var numberPlaces: NumberPlaces
  var now: Now
  var startedAt: Instant
  var output = TurnOutput()
  var turnNumber: Int64 = 0
  var committedTurn: Int64 = 0
  /// Turns that wrote something and are not on disk yet, oldest first. Turns that write nothing are no part of it: they
  /// would hold up the claims behind them until every turn before them is on disk.
  private var unwrittenTurns: [Int64] = []

  // What is stored.
  let leads = LeadTable()
  var names = NameTables()
  var lists: [ListID: LeadList] = [:] { didSet { listsEdition += 1 } }
  /// How often a list was changed: what is worked out from lists is good for one edition.
  private(set) var listsEdition = 0
  /// Lists that expire at some time, and the first of those times; of the edition beside them.
  var expiring: (edition: Int, lists: [ListID], first: Instant) = (-1, [], .distantFuture)
  var strategies: [StrategyID: Strategy] = [:]
  var callingHoursSets: [CallingHoursID: CallingHours] = [:]
  var campaigns: [CampaignID: CampaignRuntime] = [:]
  /// In order of id: whatever is decided over all campaigns goes by this order.
  var campaignOrder: [CampaignRuntime] = []
  var segments: [TenantID: [String: Segment]] = [:]
  /// In the order of their fields.
  var fieldRules: [TenantID: [FieldRule]] = [:]
  var agents: [AgentID: AgentRuntime] = [:]
  var callbacks = CallbackBook()
  let doNotCall = DoNotCallIndex()
  var doNotCallImports = DoNotCallImports()
  var answers = AnswerBook()
  var nextLeadID: UInt32 = 1
  var nextListID: UInt32 = 1
  var nextAttemptID: Int64 = 1
  var nextSeq: Int64 = 1

  // What is under way.
  var calls: [AttemptID: LiveCall] = [:]
  /// The live call of a lead.
  var callByLead = CallsByLead()
  var reservations: [LeadID: Reservation] = [:]
  var locks = LockTable()
  /// Leads that stand otherwise than they are counted, maybe.
  var stale = StaleLeads()
  /// When leads are counted otherwise that no index waits for.
  var standingChanges = LeadMoments()
  /// Passes over leads under way that end with each where it is to stand.
  var standingPasses = 0
  let log = AttemptLog()
  var trunks: [TrunkRuntime] = []
  var timers = TimerHeap()
  var callIDGenerator: SeededGenerator
  var readyCounter: UInt64 = 0
  var epochCounter: UInt64 = 0
  var queries: [QueryID: (QueryAnswer) -> Void] = [:]
  var nextQuery: UInt64 = 0
  /// Work on many leads that goes on over several turns.
  var jobs: [any EngineJob] = []
  /// Their leads are gone for everybody while they are still being taken out.
  var listsBeingDeleted: Set<ListID> = []
  /// What writes waits for the writer to have had time for calls.
  var jobsRest = false
  /// Changes of a lead's details that wait for each other.
  var editing: [LeadID: [() -> Void]] = [:]
  var imports = ImportBook()
  var editingAttempts: [AttemptID: [() -> Void]] = [:]
  /// Calls that a number added to a do-not-call list took back before their order to dial left.
  var withdrawn: Set<CallID> = []
  var unwrittenLeads = UnwrittenLeads()
  /// What calls left on leads that the projection may not have yet, and the event that it came with.
  var touches: [LeadID: LeadTouch] = [:]
  var touchSeq: [LeadID: Int64] = [:]
  var isDraining = false
  var drainEnds: MonotonicInstant?
  var isWritable = true
  /// The answer being taken is of a store that could not be brought up to date, as of this instant if that is known.
  var isStoreBehind = false
  var storeIsAsOf: Instant?
  /// Requests for a new reading of the configuration that the host has not answered.
  var reloads: [RequestToken: Command] = [:]
  /// The rolling limits' history is being loaded: nothing is dialled until it is there.
  var awaitsHistory = false
  var awaitedWindow = Interval.zero
  /// The first turn after a start has not been yet.
  var pendingStart = false
  /// What was asked of the store while the engine was loaded; it goes out with the first turn.
  var startEffects: [EngineEffect] = []
  var lastWall: Instant
  var lastMonotonic: MonotonicInstant
  /// Where the round over campaigns begins, so that none is always last at a trunk's room.
  var campaignTurn = 0
  var counters = EngineCounters()

  public init(settings: EngineSettings, now: Now) {
    self.settings = settings
    numberPlaces = NumberPlaces(settings)
    self.now = now
    startedAt = now.wall
    lastWall = now.wall
    lastMonotonic = now.monotonic
    callIDGenerator = SeededGenerator(seed: settings.callIDSeed)
    trunks = settings.trunks.map(TrunkRuntime.init)
    // The questions of an engine that this one takes the place of may still be answered: they are numbered apart.
    nextQuery = UInt64(max(0, now.monotonic.milliseconds)) << 20
  }

  /// Takes what has happened and says what is to be done.
  ///
  /// - Parameter committedTurn: the last turn whose transaction is on disk.
  public func turn(at now: Now, committedTurn: Int64, inputs: [EngineInput]) -> TurnOutput {
    self.now = now
    self.committedTurn = committedTurn
    unwrittenTurns.removeAll { $0 <= committedTurn }
    turnNumber += 1
    // A turn is mostly like the one before it. Arrays that grow step by step move all they hold at each step, and to be
    // given pages for it takes the system longer than the claims that fill them.
    let (events, effects) = (output.transaction.events.count, output.afterCommit.count)
    output = TurnOutput()
    output.turn = turnNumber
    if events > 64 { output.transaction.events.reserveCapacity(events + events / 8) }
    for campaign in campaignOrder { campaign.present = now.wall }
    output.afterCommit = startEffects
    startEffects = []
    if effects > 64 { output.afterCommit.reserveCapacity(effects + effects / 8) }
    noticeClockJumps()
    for input in inputs { take(input) }
    // Without a store that can be written nothing may happen that would have to be told or kept; readers are answered.
    if isWritable { goOn() } else { runJobs(writing: false) }
    finishTurn()
    return output
  }

  /// Turns that are being written while the engine goes on.
  private static let turnsUnderWay = 3

  private func goOn() {
    firstTurn()
    if !awaitsHistory, log.isWorthRenewing(at: now.wall) { loadHistory(log.window) }
    runTimers()
    runJobs(writing: true)
    lookAtStale()
    advanceIndexes()
    announceCallbacks()
    expireLists()
    if mayDial { dial() }
    announceIdleReasons()
  }

  private func take(_ input: EngineInput) {
    switch input {
    case .request(let request): handle(request)
    case .trunk(let name, let event): handle(event, from: name)
    case .answer(let id, let answer):
      if let go = queries.removeValue(forKey: id) { take(answer, go) }
    case .reload(let new, let token): reload(new, for: token)
    case .reloadAnswered(let token, let answer): finishReload(token, answer)
    case .drain: beginDrain()
    case .storeWritable(let writable): isWritable = writable
    }
  }

  private func take(_ answer: QueryAnswer, _ go: (QueryAnswer) -> Void) {
    guard case .behind(let known, let asOf) = answer else { return go(answer) }
    (isStoreBehind, storeIsAsOf) = (true, asOf)
    go(known)
    (isStoreBehind, storeIsAsOf) = (false, nil)
  }

  /// Commits under way are bounded: with so many unwritten turns the next claims wait.
  private var mayDial: Bool {
    isWritable && !isDraining && !awaitsHistory && unwrittenTurns.count < Self.turnsUnderWay
  }

  /// Wall time that goes otherwise than the steady clock is told to the operator. Windows and retry times follow the
  /// wall clock as it stands; lengths of calls and deadlines follow the steady clock and are not touched.
  private func noticeClockJumps() {
    let wall = now.wall - lastWall
    let steady = now.monotonic - lastMonotonic
    let jump = wall.milliseconds - steady.milliseconds
    lastWall = now.wall
    lastMonotonic = now.monotonic
    guard abs(jump) >= 2000 else { return }
    writeLog(
      .warning, "clock.jumped",
      [
        ("by", .seconds(Interval(milliseconds: jump))), ("now", .instant(now.wall)),
        ("effect", .text("calling hours and retry times go by the new time; attempts keep theirs")),
      ])
    for campaign in campaignOrder { campaign.forgetHours() }
    if jump < 0 { clockWentBack() }
  }

  /// What had passed has yet to come: waits, rules that begin, lists that expire.
  private func clockWentBack() {
    guard !campaignOrder.isEmpty else { return }
    for campaign in campaignOrder {
      campaign.findNextRule(after: now.wall)
      for id in campaign.assigned.keys.sorted() { applyListState(id, in: campaign) }
    }
    jobs.append(StandingPass(of: campaignOrder, self))
  }

  private func finishTurn() {
    defer { if !output.transaction.isEmpty { unwrittenTurns.append(turnNumber) } }
    guard isWritable else {
      if jobs.contains(where: { !$0.writes }) { output.nextWake = now.monotonic }
      return
    }
    for campaign in campaignOrder { campaign.attachShares(to: &output) }
    pruneAfterCommit()
    if isDraining, calls.isEmpty { output.afterCommit.append(.drained) }
    output.nextWake = nextWake()
  }

  /// The projection is complete up to this event: what the store now has itself is forgotten here.
  public func projected(through seq: Int64) {
    guard !touchSeq.isEmpty else { return }
    for (lead, last) in touchSeq where last <= seq {
      touches[lead] = nil
      touchSeq[lead] = nil
    }
  }

  /// Notes what a call leaves on a lead, with the event that is written next.
  func touch(_ lead: LeadID, _ change: (inout LeadTouch) -> Void) {
    change(&touches[lead, default: LeadTouch()])
    touchSeq[lead] = nextSeq
  }

  private func pruneAfterCommit() {
    unwrittenLeads.prune(throughTurn: committedTurn)
    answers.prune(at: now.wall)
  }

  private func nextWake() -> MonotonicInstant? {
    var wake = timers.next
    func offer(_ moment: MonotonicInstant?) {
      if let moment { wake = min(wake ?? moment, moment) }
    }
    for job in jobs where !jobsRest || !job.writes { offer(max(now.monotonic, job.restsUntil)) }
    offer(callbacks.nextAt().map(monotonic))
    if !stale.isEmpty { offer(now.monotonic) }
    offer(standingChanges.next.map(monotonic))
    for campaign in campaignOrder where campaign.isRunning {
      offer(campaign.index.nextEvent().map(monotonic))
      if campaign.nextRule != .distantFuture { offer(monotonic(campaign.nextRule)) }
      // Who may not dial is woken by what allows it: a commit, the history, the end of a drain.
      if mayDial { offer(campaign.nextClaim) }
    }
    return wake
  }

  /// The steady moment of a wall time, if neither clock jumps. A wake-up far ahead is cut to one second's sleep by the
  /// host, so that a jump is noticed.
  func monotonic(_ wall: Instant) -> MonotonicInstant {
    let ahead = max(0, wall.milliseconds - now.wall.milliseconds)
    return MonotonicInstant(milliseconds: now.monotonic.milliseconds + min(ahead, 86_400_000))
  }

  private func runTimers() {
    while let event = timers.pop(dueAt: now.monotonic) {
      switch event {
      case .call(let attempt): callDeadline(attempt)
      case .wrapUp(let agent, let epoch): wrapUpOver(agent, epoch: epoch)
      case .reservation(let lead, let epoch): reservationOver(lead, epoch: epoch)
      case .trunk(let name): askForLiveCalls(name)
      case .importGoesOn(let id): goOnCommitting(id)
      case .jobsGoOn: jobsRest = false
      case .drained: if isDraining { output.afterCommit.append(.drained) }
      }
    }
  }

  private func beginDrain() {
    guard !isDraining else { return }
    isDraining = true
    timers.set(.drained, at: now.monotonic + settings.drain)
    for lead in reservations.keys.sorted() { release(lead, reason: "shutdown") }
  }

  // MARK: - Saying things

  func reply(_ token: RequestToken, _ answer: Result<JSON, RequestError>) {
    output.afterCommit.append(.reply(token, answer))
  }

  func tell(_ trunk: TrunkName, _ command: TrunkCommand) { output.afterCommit.append(.trunk(trunk, command)) }

  func logs(_ level: LogLevel) -> Bool { level >= settings.logLevel }

  func writeLog(
    _ level: LogLevel, _ name: StaticString, _ fields: @autoclosure () -> [(key: StaticString, value: LogEvent.Value)]
  ) {
    guard logs(level) else { return }
    output.afterCommit.append(.log(LogEvent(level, name, fields())))
  }

  /// Asks the store once everything written so far is on disk; the body runs in the turn that brings the answer.
  func ask(_ question: QueryQuestion, afterCommit: Bool = true, _ then: @escaping (QueryAnswer) -> Void) {
    nextQuery += 1
    let id = QueryID(nextQuery)
    queries[id] = then
    let effect = EngineEffect.query(EngineQuery(id: id, question: question))
    if afterCommit { output.afterCommit.append(effect) } else { output.immediate.append(effect) }
  }
}

/// Work that is too long for one turn and is done in bounded pieces.
protocol EngineJob: AnyObject {
  /// Whether it changes what is stored: then it rests while the store cannot be written.
  var writes: Bool { get }
  /// Until then it leaves the processor to those who write and project calls.
  var restsUntil: MonotonicInstant { get }
  /// - Returns: whether it is finished.
  func step(_ engine: Engine) -> Bool
}

extension EngineJob {
  var restsUntil: MonotonicInstant { MonotonicInstant(milliseconds: 0) }
}

extension Engine {
  private func runJobs(writing: Bool) {
    guard !jobs.isEmpty else { return }
    let mayWrite = writing && !jobsRest
    let written = output.transaction.changes.count
    let running = jobs
    jobs = []
    let unfinished = running.filter { $0.writes && !mayWrite || $0.restsUntil > now.monotonic || !$0.step(self) }
    jobs = unfinished + jobs
    let goesOn = unfinished.contains(where: \.writes)
    if isDialling, goesOn, output.transaction.changes.count > written { restFromWriting() }
  }

  /// How many leads a job that writes changes in one turn.
  var bulkPiece: Int { isDialling ? Bounds.bulkBesideCalls : Bounds.bulk }

  /// Calls then have the writer for themselves for as long as the piece took.
  private func restFromWriting() {
    jobsRest = true
    let begun = now.monotonic
    ask(.barrier) { [self] _ in
      let pause = Interval(milliseconds: (now.monotonic - begun).milliseconds + 1)
      timers.set(.jobsGoOn, at: now.monotonic + pause)
    }
  }
}

/// Totals since the start, for `daemon.metrics`.
struct EngineCounters {
  var claims: Int64 = 0
  var evaluations: Int64 = 0
  var rejectedClaims: Int64 = 0
  var ended: [Int64] = Array(repeating: 0, count: Outcome.allCases.count)
  var requests: Int64 = 0
}
