import ControlProtocol
import DaemonSystem
import DialerEngine
import DialerModel
import LeadStore

/// The control socket: who may come in, requests to the engine, events to subscribers.
///
/// `@unchecked Sendable`: confined to the loop's thread; other threads only carry it to the loop in a posted job.
final class ControlServer: @unchecked Sendable {
  /// A subscriber that does not read is sent no more than this beyond what it has; the rest stays in the journal.
  private static let maximumUnread = 1 << 20
  private static let eventsAPage = 500

  let loop: EventLoop
  let host: EngineHost
  let queries: QueryRunner
  let log: HostLog
  /// Who is connected has from now on the role that it gives.
  var access: AccessTable { didSet { regrant() } }
  var limits: ControlLimits
  private let version: String
  private var listener: UnixListener?
  private var sessions: [ObjectIdentifier: ClientSession] = [:]
  private var connectionsByUser: [UInt32: Int] = [:]
  private var tokens: [RequestToken: (session: ClientSession?, slot: Int, place: Int)] = [:]
  private var nextToken: UInt64 = 1
  private lazy var discovery = OpenRPC.document(daemonVersion: version)

  init(
    loop: EventLoop, host: EngineHost, queries: QueryRunner, log: HostLog, access: AccessTable, limits: ControlLimits,
    version: String
  ) {
    self.loop = loop
    self.host = host
    self.queries = queries
    self.log = log
    self.access = access
    self.limits = limits
    self.version = version
    host.onReply = { [unowned self] token, answer in reply(token, answer) }
    host.onEvents = { [unowned self] events in send(events) }
    host.onEngineLost = { [unowned self] error in failAll(error) }
  }

  func listen(path: String, mode: UInt32, group: UInt32?) throws(SystemError) {
    let listener = try UnixListener(path: path, mode: mode, group: group)
    try listener.start(
      on: loop,
      onRefused: { [unowned self] error in log.warning("client.refused", [("error", "\(error)")]) },
      onConnection: { [unowned self] descriptor, credentials in accept(descriptor, credentials) })
    self.listener = listener
  }

  func close() {
    listener?.close()
    listener = nil
    for session in sessions.values { session.connection.closeAfterFlush() }
  }

  // MARK: - Connections

  private func accept(_ descriptor: Int32, _ credentials: PeerCredentials) {
    var bounds = Connection.Limits()
    bounds.maximumLine = limits.requestBytes
    let connection = Connection(descriptor: descriptor, loop: loop, limits: bounds)
    let user = credentials.userID
    if sessions.count >= limits.connections || connectionsByUser[user, default: 0] >= limits.connectionsPerUser {
      let limit = sessions.count >= limits.connections ? "limits.connections" : "limits.connectionsPerUser"
      return refuse(connection, .busy(limit), user)
    }
    guard let peer = access.peer(credentials) else {
      return refuse(connection, Self.noRole(user), user)
    }
    let session = ClientSession(connection: connection, credentials: credentials, peer: peer, server: self)
    do throws(SystemError) {
      try session.start()
    } catch {
      return log.warning("client.refused", [("error", "\(error)")])
    }
    sessions[ObjectIdentifier(session)] = session
    connectionsByUser[user, default: 0] += 1
    log.debug(
      "client.connected", [("uid", "\(user)"), ("pid", "\(credentials.processID)"), ("role", peer.role.rawValue)])
  }

  private static func noRole(_ user: UInt32) -> RequestError {
    RequestError(
      .notPermitted, "The user \(user) has no role here.",
      details: ["role": .null, "accepted": JSON(Role.allCases.map(\.rawValue))])
  }

  private func regrant() {
    for session in sessions.values {
      if let peer = access.peer(session.credentials) {
        session.peer = peer
      } else {
        log.warning("client.refused", [("uid", "\(session.peer.userID)"), ("reason", "role-taken-away")])
        session.end(with: Self.noRole(session.peer.userID))
      }
    }
  }

  /// One message, and the connection is closed.
  private func refuse(_ connection: Connection, _ error: RequestError, _ user: UInt32) {
    log.warning("client.refused", [("uid", "\(user)"), ("reason", error.reason.rawValue)])
    var reply = Reply()
    reply.error(error, id: .null)
    connection.onLine = { _ in }
    do throws(SystemError) {
      try connection.start()
    } catch {
      return
    }
    connection.send(reply.finish())
    connection.closeAfterFlush()
  }

  func closed(_ session: ClientSession, _ reason: Connection.CloseReason) {
    guard sessions.removeValue(forKey: ObjectIdentifier(session)) != nil else { return }
    let user = session.peer.userID
    let left = connectionsByUser[user, default: 1] - 1
    connectionsByUser[user] = left > 0 ? left : nil
    for (token, waiting) in tokens where waiting.session === session {
      tokens[token] = (nil, waiting.slot, waiting.place)
    }
    if case .slowReader = reason { log.warning("client.slow", [("uid", "\(user)")]) }
  }

  // MARK: - Requests

  func handle(_ request: Request, _ session: ClientSession, slot: Int, place: Int) {
    do throws(RequestError) {
      let spec = try MethodTable.method(of: request, role: session.peer.role)
      let parameters = try Self.parameters(of: request, spec)
      let token = RequestToken(nextToken)
      nextToken += 1
      tokens[token] = (session, slot, place)
      switch request.method {
      case "rpc.discover": reply(token, .success(discovery))
      case "event.subscribe": reply(token, subscribe(session, parameters))
      default:
        host.give(
          .request(
            EngineRequest(
              token: token, peer: session.peer, method: request.method, changes: spec.changes, parameters: parameters,
              fingerprint: parameters.requestID == nil ? 0 : request.fingerprint)))
      }
    } catch {
      session.answer(slot, place, .failure(error))
    }
  }

  static func parameters(of request: Request, _ spec: MethodSpec) throws(RequestError) -> Parameters {
    do throws(RequestError) {
      return try Parameters(request.params, of: spec)
    } catch {
      throw DocumentFaults.all(of: request.method, request.params, first: error)
    }
  }

  func reply(_ token: RequestToken, _ answer: Result<JSON, RequestError>) {
    guard let waiting = tokens.removeValue(forKey: token) else { return }
    waiting.session?.answer(waiting.slot, waiting.place, answer)
  }

  private func failAll(_ error: RequestError) {
    for token in tokens.keys.sorted(by: { $0.rawValue < $1.rawValue }) { reply(token, .failure(error)) }
  }

  // MARK: - Events

  private func subscribe(_ session: ClientSession, _ parameters: Parameters) -> Result<JSON, RequestError> {
    let head = host.lastCommittedSeq + 1
    var from = parameters.optionalInteger("from") ?? head
    let oldest: Int64
    do {
      oldest = try queries.oldestSeq()
    } catch {
      return .failure(.unavailable("store-failed", "The journal cannot be read: \(error.message)."))
    }
    guard from >= min(oldest, head) else {
      return .failure(
        RequestError(
          .notFound, "Events before \(oldest) are not kept any more.",
          details: ["what": "event", "value": JSON(from), "oldest": JSON(oldest)]))
    }
    from = min(from, head)
    if let campaign = parameters.optionalText("campaignID"), !campaignIsVisible(campaign, session.peer) {
      return .failure(.notFound("campaign", .string(campaign)))
    }
    var subscription = Subscription(next: from)
    if let words = parameters.optionalStrings("types") {
      subscription.types = words.compactMap(EventType.init(word:)).reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }
    subscription.campaignID = parameters.optionalText("campaignID").map { CampaignID($0) }
    subscription.isCatchingUp = from < head
    session.subscription = subscription
    // The reply goes out before the first event: what is caught up comes from the queries' thread, later.
    if subscription.isCatchingUp { catchUp(session) }
    return .success(["next": JSON(from)])
  }

  private func campaignIsVisible(_ id: String, _ peer: Peer) -> Bool {
    host.engine.hasCampaign(CampaignID(id), for: peer)
  }

  /// Events that have just come to disk, to those who are not behind.
  private func send(_ events: [JournalEvent]) {
    guard let last = events.last?.seq else { return }
    var lines: [[UInt8]?] = Array(repeating: nil, count: events.count)
    for session in sessions.values {
      guard let subscription = session.subscription, !subscription.isCatchingUp else { continue }
      for (place, event) in events.enumerated() where event.seq >= subscription.next {
        guard isMeant(event, for: session, subscription) else { continue }
        let line = lines[place] ?? EventLine.bytes(event)
        lines[place] = line
        session.connection.send(line)
      }
      session.subscription?.next = last + 1
      if session.connection.pendingOutput > Self.maximumUnread { session.subscription?.isCatchingUp = true }
    }
  }

  private func isMeant(_ event: JournalEvent, for session: ClientSession, _ subscription: Subscription) -> Bool {
    subscription.wants(event) && (session.peer.tenant == nil || host.engine.concerns(event, session.peer))
  }

  func drained(_ session: ClientSession) {
    if session.subscription?.isCatchingUp == true { catchUp(session) }
  }

  /// Reads the next page of the journal for a subscriber that is behind.
  private func catchUp(_ session: ClientSession) {
    guard let subscription = session.subscription, subscription.isCatchingUp, !subscription.isReading,
      session.connection.isOpen, session.connection.pendingOutput <= Self.maximumUnread
    else { return }
    if subscription.next > host.lastCommittedSeq {
      session.subscription?.isCatchingUp = false
      return
    }
    session.subscription?.isReading = true
    let id = ObjectIdentifier(session)
    queries.events(from: subscription.next, limit: Self.eventsAPage) { [self] result in
      deliver(result, to: id)
    }
  }

  private func deliver(_ result: Result<[JournalEvent], StoreError>, to id: ObjectIdentifier) {
    guard let session = sessions[id], let subscription = session.subscription else { return }
    session.subscription?.isReading = false
    guard case .success(let events) = result else {
      log.warning("events.unreadable", [("uid", "\(session.peer.userID)")])
      return session.connection.close()
    }
    for event in events where event.seq <= host.lastCommittedSeq {
      if isMeant(event, for: session, subscription) { session.connection.send(EventLine.bytes(event)) }
      session.subscription?.next = event.seq + 1
    }
    catchUp(session)
  }
}

/// The configured limits of the control socket.
struct ControlLimits {
  var requestBytes = 1 << 20
  var connections = 256
  var connectionsPerUser = 64
}

/// From the kernel's word about a peer to its role.
struct AccessTable {
  struct Grant {
    var role: Role
    var tenant: TenantID?
  }
  var users: [UInt32: Grant] = [:]
  var groups: [UInt32: Grant] = [:]
  var ownUserID: UInt32 = 0

  /// Root and the user that runs the daemon are `admin`. A user's own entry goes before its groups'; of several groups
  /// the one with the highest role counts, and of equals the one that is bound to no tenant.
  func peer(_ credentials: PeerCredentials) -> Peer? {
    let user = credentials.userID
    if user == 0 || user == ownUserID { return Peer(userID: user, role: .admin) }
    if let grant = users[user] { return Peer(userID: user, role: grant.role, tenant: grant.tenant) }
    let grants = ([credentials.groupID] + credentials.groups).compactMap { groups[$0] }
    let best = grants.max { left, right in
      left.role == right.role ? left.tenant != nil && right.tenant == nil : left.role < right.role
    }
    return best.map { Peer(userID: user, role: $0.role, tenant: $0.tenant) }
  }
}
