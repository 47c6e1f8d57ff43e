import ControlProtocol
import DaemonSystem

/// All that an operator can set. What each option means, its unit, range and reason stand in `Config/dialerd.json5`.
///
/// Fields are named as the options are. Paths are as written until ``resolved(against:)``; ``load(path:surroundings:)``
/// gives them resolved.
struct Configuration: Sendable, Equatable {
  var database = "dialer.sqlite"
  var socket = Socket()
  var access = Access()
  var log = Log()
  /// At most 64, their names different.
  var trunks = [Trunk()]
  var defaults = Defaults()
  var imports = Directories()
  var events = Retention(retentionDays: 90)
  /// 16 CFR 310.5: call records are kept for five years, two of which may be leap years.
  var evidence = Retention(retentionDays: 1827)
  var backups = Directories()
  var limits = Limits()
  /// 0 to 3,600.
  var drainSeconds = 30.0
  /// Where the number plan and its zones are; nil: searched for by ``DataDirectory``.
  var dataDirectory: String?
  var timeZoneDirectory = "/usr/share/zoneinfo"

  /// What an empty file means.
  static let standard = Configuration()

  struct Socket: Sendable, Equatable {
    /// Resolved at most 107 bytes: `sun_path` of `unix(7)` less its end.
    var path = "dialerd.sock"
    /// 0 to 0o777.
    var mode: UInt32 = 0o660
    /// Nil: that of the daemon.
    var group: String?
  }

  struct Access: Sendable, Equatable {
    /// In the order of the file; no name twice.
    var users: [Grant] = []
    var groups: [Grant] = []
  }

  /// What a user or the members of a group may do.
  struct Grant: Sendable, Equatable {
    var name: String
    var role: Role
    /// Nil: all tenants.
    var tenant: String?
  }

  struct Log: Sendable, Equatable {
    var level = LogLevel.info
    var format = LogFormat.logfmt
    /// Nil: standard error.
    var file: String?
    var numbers = Numbers.masked

    /// How phone numbers stand in the log.
    enum Numbers: String, Sendable, CaseIterable {
      /// But for the last two digits.
      case masked
      case full
    }
  }

  struct Trunk: Sendable, Equatable {
    /// Letters, digits, `-`, `_` and `.`, at most 64.
    var name = "sim"
    var kind = Kind.simulator
    /// 1 to 100,000.
    var maximumCalls = 200
    /// 0.01 to 10,000.
    var callsPerSecond = 50.0
    var simulator = Simulator()

    /// The drivers that this version has.
    enum Kind: String, Sendable, CaseIterable {
      case simulator
    }
  }

  struct Simulator: Sendable, Equatable {
    /// 0 to 2^63 - 1.
    var seed: UInt64 = 1
    /// Above 0, at most 1,000,000.
    var speed = 1.0
    var outcomes = Outcomes.byLastDigit
    /// 0 to 100,000 for each campaign.
    var agents = 0
    /// Nil: none is written.
    var dialLog: String?

    enum Outcomes: Sendable, Equatable {
      case byLastDigit
      /// Weights by outcome word; 0 to 1,000,000, one above 0.
      case mix([String: Double])
    }
  }

  /// What holds for a campaign that does not say; nil: a campaign that needs it and does not say is refused.
  struct Defaults: Sendable, Equatable {
    var timeZone: String? = "America/New_York"
    /// Two capitals of ISO 3166-1.
    var region: String? = "US"
    var callingHours: String? = "us-federal"
  }

  struct Directories: Sendable, Equatable {
    /// At most 64; none: clients may name no file.
    var directories: [String] = []
  }

  struct Retention: Sendable, Equatable {
    /// 1 to 36,500.
    var retentionDays: Int
  }

  struct Limits: Sendable, Equatable {
    /// The longest request in bytes: 65,536 to 16,777,216.
    var requestBytes = 1 << 20
    /// 1 to 10,000.
    var connections = 256
    /// 1 to `connections`.
    var connectionsPerUser = 64
  }

  /// The same with every path absolute.
  ///
  /// - Parameter directory: that of the file; absolute.
  func resolved(against directory: String) -> Configuration {
    func resolve(_ path: String) -> String {
      let path = path.hasPrefix("/") ? path : "\(directory)/\(path)"
      // `.` and `//` say nothing, and paths that clients name are compared as text.
      let parts = path.split(separator: "/").filter { $0 != "." }
      return "/" + parts.joined(separator: "/")
    }
    var result = self
    result.database = resolve(database)
    result.socket.path = resolve(socket.path)
    result.log.file = log.file.map(resolve)
    for index in trunks.indices {
      result.trunks[index].simulator.dialLog = trunks[index].simulator.dialLog.map(resolve)
    }
    result.imports.directories = imports.directories.map(resolve)
    result.backups.directories = backups.directories.map(resolve)
    result.dataDirectory = dataDirectory.map(resolve)
    result.timeZoneDirectory = resolve(timeZoneDirectory)
    return result
  }
}
