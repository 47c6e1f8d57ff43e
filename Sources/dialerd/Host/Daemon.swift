import ControlProtocol
import DaemonSystem
import DialerEngine
import DialerModel
import Foundation
import LeadStore
import PhoneNumbers
import Telephony
import TimeZones

/// Puts the daemon together, runs it, and takes it apart in order.
///
/// `@unchecked Sendable`: confined to the loop's thread; other threads only carry it to the loop in a posted job.
final class Daemon: @unchecked Sendable {
  static let version = "0.1.0"

  private(set) var configuration: Configuration
  private let configurationPath: String?
  let loop: EventLoop
  let log: HostLog
  private let lock: FileLock
  let store: LeadStore
  private(set) var host: EngineHost
  let queries: QueryRunner
  let server: ControlServer
  private let trunks: TrunkHost
  private let agents: SimulatedAgentHost?
  private var exitStatus = ExitStatus.ok
  private var signals = 0
  private var lastSecond: MonotonicInstant?
  /// Replies to what the daemon itself asks of the engine.
  var onOwnReply: ((RequestToken, Result<JSON, RequestError>) -> Void)?
  /// Events on disk, for the demonstration.
  var onEvents: (([JournalEvent]) -> Void)?
  /// Called about once a second.
  var onSecond: ((Now) -> Void)?

  /// - Throws: ``StartFault``: one line for people, and the exit status.
  init(configuration: Configuration, path: String?) throws {
    self.configuration = configuration
    configurationPath = path
    loop = try EventLoop()
    log = try Self.makeLog(configuration, loop)
    lock = try FileLock(path: configuration.database + ".lock")
    let settings = try DataFiles.settings(configuration, path: path)
    store = try Self.openStore(configuration.database)
    let log = log
    let store = store
    let box = SettingsBox(settings)
    let begun = SystemClock.now()
    let makeEngine = { try Self.makeEngine(box.settings, store) }
    let loaded = try makeEngine()
    let host = EngineHost(
      loop: loop, store: store, log: log, engine: loaded.engine, nextSeq: loaded.nextSeq,
      makeEngine: { try makeEngine().engine })
    self.host = host
    settingsBox = box
    queries = try QueryRunner(loop: loop, store: store, settings: settings)
    server = ControlServer(
      loop: loop, host: host, queries: queries, log: log, access: try Self.access(configuration),
      limits: Self.limits(configuration), version: Self.version)
    trunks = TrunkHost(loop: loop)
    agents = Self.makeAgents(configuration, loop)
    for trunk in configuration.trunks { try addTrunk(trunk) }
    wire()
    log.notice(
      "daemon.loaded",
      [
        ("leads", "\(loaded.leads)"), ("seconds", "\((SystemClock.now().monotonic - begun.monotonic).seconds)"),
        ("database", configuration.database), ("timeZoneData", settings.timeZones.version),
      ])
  }

  private let settingsBox: SettingsBox

  /// The settings that an engine is made with: those in force when it is made.
  private final class SettingsBox {
    var settings: EngineSettings
    init(_ settings: EngineSettings) { self.settings = settings }
  }

  private static func makeEngine(
    _ settings: EngineSettings, _ store: LeadStore
  ) throws -> (engine: Engine, nextSeq: Int64, leads: Int) {
    let now = SystemClock.now()
    var settings = settings
    settings.callIDSeed = SystemRandom.seed()
    let engine = Engine(settings: settings, now: now)
    var loader = LeadLoader(engine)
    let image: StoreImage
    do throws(StoreError) {
      image = try store.load(now: now.wall, into: &loader)
    } catch {
      throw StartFault(error, database: store.path)
    }
    engine.begin(image)
    let reader = try store.makeReader()
    let midnight = Instant(seconds: now.wall.unixSeconds / 86_400 * 86_400)
    for campaign in engine.campaignIDs {
      let today = try reader.callCounts(campaignID: campaign, since: midnight, byHour: true)
      engine.restoreAnswers(
        campaign, answers: Statistics.contacts(today), abandoned: Statistics.abandoned(today))
      engine.restoreRate(
        campaign, calls: Dictionary(today.map { ($0.listID, Int64($0.calls)) }, uniquingKeysWith: +),
        hours: Set(today.map(\.hour)).count)
    }
    return (engine, image.nextSeq, image.leadCount)
  }

  private func addTrunk(_ trunk: Configuration.Trunk) throws {
    trunks.add(
      TrunkName(trunk.name), try Self.simulatorOptions(trunk),
      dialLog: try trunk.simulator.dialLog.map { try AppendedFile(path: $0) })
  }

  private func wire() {
    host.onTrunkCommand = { [unowned self] name, command in trunks.handle(name, command) }
    host.onQuery = { [unowned self] query in queries.run(query) }
    host.onDrained = { [unowned self] in stop() }
    host.onEngineReplaced = { [unowned self] in trunks.start() }
    host.onFatal = { [unowned self] reason in
      log.error("daemon.failed", [("reason", reason)])
      exitStatus = .ioError
      loop.stop()
    }
    queries.onAnswer = { [unowned self] id, answer in host.give(.answer(id, answer)) }
    trunks.onEvent = { [unowned self] name, event in host.give(.trunk(name, event)) }
    trunks.mayDial = { [unowned self] call in host.engine.mayStillDial(call) }
    agents?.onRequest = { [unowned self] request in host.give(.request(request)) }
    host.onReadConfiguration = { [unowned self] token, isDryRun in reload(token, isDryRun: isDryRun) }
    let toClients = host.onEvents
    host.onEvents = { [unowned self] events in
      toClients?(events)
      if agents != nil { tellAgents(events) }
      onEvents?(events)
    }
    let toServer = host.onReply
    host.onReply = { [unowned self] token, answer in
      toServer?(token, answer)
      onOwnReply?(token, answer)
    }
    wireProjection(loop, host)
  }

  private func wireProjection(_ loop: EventLoop, _ host: EngineHost) {
    store.onProjected { seq in loop.post { host.engine.projected(through: seq) } }
  }

  // MARK: - Running

  /// Runs until it is stopped; returns the status to exit with.
  func run() throws -> ExitStatus {
    try loop.handleSignals([SIGTERM, SIGINT, SIGHUP]) { [unowned self] signal in signalled(signal) }
    try server.listen(
      path: configuration.socket.path, mode: configuration.socket.mode,
      group: configuration.socket.group.flatMap { Accounts.groupID(named: $0) })
    loop.onTimer = { [unowned self] _ in host.tick() }
    loop.afterEvents = { [unowned self] now in turn(now) }
    trunks.start()
    loop.setTimer(at: SystemClock.monotonic())
    host.give(.storeWritable(true))
    ServiceNotifier.notify([.ready, .status("dialling")])
    log.notice("daemon.started", [("version", Self.version), ("socket", configuration.socket.path)])
    loop.run()
    server.close()
    store.close()
    log.notice("daemon.stopped", [("status", "\(exitStatus.rawValue)")])
    log.logger.sink.finish()
    return exitStatus
  }

  private func turn(_ now: Now) {
    var next = trunks.advance(to: now)
    if let agents {
      agents.join(host.engine.campaignsToStaff())
      if let due = agents.advance(to: now) { next = min(next ?? due, due) }
    }
    host.pump(now)
    // What the pump told the trunks may be due before what was due then.
    if let due = trunks.advance(to: now) { next = min(next ?? due, due) }
    if let next { loop.setTimer(at: min(next, host.nextWake ?? next)) }
    if lastSecond.map({ now.monotonic - $0 >= .seconds(1) }) ?? true {
      lastSecond = now.monotonic
      log.logger.report(at: now)
      retain(now)
      onSecond?(now)
    }
  }

  private var lastRetention: MonotonicInstant?

  /// Once an hour old events leave the journal, and attempts that no law asks for any more the call log.
  private func retain(_ now: Now) {
    if let lastRetention, now.monotonic - lastRetention < .hours(1) { return }
    lastRetention = now.monotonic
    let loop = loop
    let log = log
    func report(_ name: StaticString) -> @Sendable (Result<Int, StoreError>) -> Void {
      { result in
        guard case .success(let count) = result, count > 0 else { return }
        loop.post { log.notice(name, [("count", "\(count)")]) }
      }
    }
    func before(_ retention: Configuration.Retention) -> Instant {
      now.wall - .hours(Int64(retention.retentionDays) * 24)
    }
    store.deleteEvents(before: before(configuration.events), completion: report("events.expired"))
    store.deleteAttempts(before: before(configuration.evidence), completion: report("evidence.expired"))
  }

  private func signalled(_ signal: Int32) {
    guard signal != SIGHUP else { return reload(nil, isDryRun: false) }
    signals += 1
    if signals == 1 {
      log.notice("daemon.stopping", [("liveCalls", "\(host.engine.liveCallCount)"), ("signal", "\(signal)")])
      ServiceNotifier.notify([.stopping])
      host.give(.drain)
    } else {
      log.warning("daemon.stopping", [("reason", "second signal"), ("liveCalls", "\(host.engine.liveCallCount)")])
      stop()
    }
  }

  private func stop() { loop.stop() }

  // MARK: - Reloading

  /// Reads configuration, data files and tz database again; on a fault the old ones stay.
  private func reload(_ token: RequestToken?, isDryRun: Bool) {
    ServiceNotifier.notify([.reloading])
    defer { ServiceNotifier.notify([.ready]) }
    do {
      let read = try configurationPath.map { try Configuration.load(path: $0) } ?? configuration
      let changes = read.changes(from: configuration)
      let new = changes.effective
      let settings = try DataFiles.settings(new, path: configurationPath)
      if isDryRun {
        if let token { answerReload(token, faults: [], settings) }
        return
      }
      if !changes.needRestart.isEmpty {
        log.warning("config.restart-needed", [("options", changes.needRestart.joined(separator: ","))])
      }
      server.access = try Self.access(new)
      server.limits = Self.limits(new)
      log.showsNumbers = new.log.numbers == .full
      log.logger.level = new.log.level
      try log.logger.sink.reopen()
      for trunk in new.trunks where !trunks.names.contains(TrunkName(trunk.name)) {
        try addTrunk(trunk)
        trunks.start()
      }
      configuration = new
      settingsBox.settings = settings
      queries.set(settings)
      host.give(.reload(settings, requestedBy: token))
    } catch {
      let faults = StartFault.lines(error)
      for fault in faults { log.error("config.fault", [("fault", fault)]) }
      if let token { answerReload(token, faults: faults, settingsBox.settings) }
    }
  }

  private func answerReload(_ token: RequestToken, faults: [String], _ settings: EngineSettings) {
    host.give(
      .reloadAnswered(
        token,
        [
          "reloaded": .bool(faults.isEmpty), "timeZoneData": .string(settings.timeZones.version),
          "faults": JSON(faults),
        ]))
  }

  // MARK: - Simulated agents

  private func tellAgents(_ events: [JournalEvent]) {
    for event in events where event.type == .agentState {
      guard let members = try? JSON(parsing: [UInt8(ascii: "{")] + event.members + [UInt8(ascii: "}")]),
        let id = members["agentID"]?.stringValue, let state = members["state"]?.stringValue.flatMap(AgentState.init)
      else { continue }
      agents?.observe(AgentID(id), state, callID: members["callID"]?.stringValue.map { CallID($0) })
    }
  }

  private static func makeAgents(_ configuration: Configuration, _ loop: EventLoop) -> SimulatedAgentHost? {
    guard let simulator = configuration.trunks.map(\.simulator).first(where: { $0.agents > 0 }) else { return nil }
    return SimulatedAgentHost(
      loop: loop,
      options: SimulatedAgentOptions(count: simulator.agents, seed: simulator.seed, speed: simulator.speed))
  }
}
