import DaemonSystem
import DialerModel
import LeadStore
import Telephony

extension Daemon {
  static func makeLog(_ configuration: Configuration, _ loop: EventLoop) throws -> HostLog {
    let destination: LogSink.Destination = configuration.log.file.map { .file(path: $0) } ?? .standardError
    let sink = try LogSink(destination)
    sink.attach(to: loop)
    let logger = Logger(
      sink: sink, level: configuration.log.level, format: configuration.log.format,
      withPriority: configuration.log.file == nil && Logger.isStandardErrorJournal)
    return HostLog(logger: logger, showsNumbers: configuration.log.numbers == .full)
  }

  /// Opens the database and checks it: a damaged one is found now rather than in the middle of a call.
  static func openStore(_ path: String) throws(StartFault) -> LeadStore {
    do throws(StoreError) {
      return try LeadStore(path: path)
    } catch {
      throw StartFault(error, database: path)
    }
  }

  static func access(_ configuration: Configuration) throws(StartFault) -> AccessTable {
    var table = AccessTable()
    table.ownUserID = Accounts.ownUserID
    for grant in configuration.access.users {
      guard let id = Accounts.userID(named: grant.name) else {
        throw StartFault("access.users: there is no user \(grant.name)", .config)
      }
      table.users[id] = AccessTable.Grant(role: grant.role, tenant: grant.tenant.map { TenantID($0) })
    }
    for grant in configuration.access.groups {
      guard let id = Accounts.groupID(named: grant.name) else {
        throw StartFault("access.groups: there is no group \(grant.name)", .config)
      }
      table.groups[id] = AccessTable.Grant(role: grant.role, tenant: grant.tenant.map { TenantID($0) })
    }
    return table
  }

  static func limits(_ configuration: Configuration) -> ControlLimits {
    ControlLimits(
      requestBytes: configuration.limits.requestBytes, connections: configuration.limits.connections,
      connectionsPerUser: configuration.limits.connectionsPerUser)
  }

  static func simulatorOptions(_ trunk: Configuration.Trunk) throws(StartFault) -> SimulatorOptions {
    var options = SimulatorOptions()
    options.seed = trunk.simulator.seed
    options.speed = trunk.simulator.speed
    switch trunk.simulator.outcomes {
    case .byLastDigit: options.outcomes = .byLastDigit
    case .mix(let weights):
      do {
        options.outcomes = .mix(try OutcomeMix(words: weights))
      } catch {
        throw StartFault("trunks[\(trunk.name)].simulator.outcomes: \(error)", .config)
      }
    }
    return options
  }
}
