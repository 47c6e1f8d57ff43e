import ControlProtocol
import DaemonSystem
import DialerModel

/// The shape of the file: which options there are, and which values each takes by itself.
extension ConfigurationReader {
  /// Reads the whole file; paths stay as written.
  mutating func configuration(_ root: JSON5Value) -> Configuration {
    var result = Configuration.standard
    let file = section(
      root, path: "",
      keys: [
        "database", "socket", "access", "log", "trunks", "defaults", "imports", "events", "evidence", "backups",
        "limits", "drainSeconds", "dataDirectory", "timeZoneDirectory",
      ])
    text("database", in: file, into: &result.database, accepted: "the path of a file")
    readSocket(file, &result.socket)
    readAccess(file, &result.access)
    readLog(file, &result.log)
    readTrunks(file, &result.trunks)
    readDefaults(file, &result.defaults)
    readDirectories("imports", file, &result.imports)
    readRetention("events", file, &result.events)
    readRetention("evidence", file, &result.evidence)
    readDirectories("backups", file, &result.backups)
    readLimits(file, &result.limits)
    number("drainSeconds", in: file, into: &result.drainSeconds, accepted: "seconds, 0 to 3600") {
      (0...3600).contains($0)
    }
    optionalText("dataDirectory", in: file, into: &result.dataDirectory, accepted: "the path of a directory")
    text("timeZoneDirectory", in: file, into: &result.timeZoneDirectory, accepted: "the path of a directory")
    return result
  }

  private mutating func readSocket(_ file: Section, _ socket: inout Configuration.Socket) {
    let section = section("socket", in: file, keys: ["path", "mode", "group"])
    text("path", in: section, into: &socket.path, accepted: "the path of a socket")
    read("mode", in: section, into: &socket.mode, accepted: "octal text, \"0000\" to \"0777\"") { content in
      guard case .text(let text) = content, (3...4).contains(text.utf8.count),
        text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }),
        let mode = UInt32(text, radix: 8), mode <= 0o777
      else { return nil }
      return mode
    }
    optionalText("group", in: section, into: &socket.group, accepted: "the name of a group")
  }

  private mutating func readAccess(_ file: Section, _ access: inout Configuration.Access) {
    let section = section("access", in: file, keys: ["users", "groups"])
    readGrants("users", section, &access.users)
    readGrants("groups", section, &access.groups)
  }

  private mutating func readGrants(_ key: String, _ access: Section, _ grants: inout [Configuration.Grant]) {
    let names = section(value(key, in: access), path: access.path(of: key), keys: nil)
    for name in names.keys {
      guard let value = names.members[name] else { continue }
      if let grant = grant(value, path: names.path(of: name), name: name) { grants.append(grant) }
    }
  }

  private mutating func grant(_ value: JSON5Value, path: String, name: String) -> Configuration.Grant? {
    let roles = Role.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    guard Self.isPlain(name), name.utf8.count <= 64 else {
      fault(offset: value.offset, path, nil, "is no name", accepted: "1 to 64 bytes without control characters")
      return nil
    }
    switch value.content {
    case .text(let word):
      if let role = Role(rawValue: word) { return Configuration.Grant(name: name, role: role) }
    case .object:
      let section = section(value, path: path, keys: ["role", "tenant"])
      if section.members["role"] == nil {
        fault(offset: value.offset, section.path(of: "role"), nil, "is missing", accepted: roles)
      }
      var grant = Configuration.Grant(name: name, role: .observer)
      var tenant: String?
      self.word("role", in: section, into: &grant.role, Role.allCases.map { ($0.rawValue, $0) })
      optionalText("tenant", in: section, into: &tenant, accepted: "text of 1 to 64 bytes") { $0.utf8.count <= 64 }
      grant.tenant = tenant
      return grant
    default: break
    }
    fault(offset: value.offset, path, value.shown, "is not accepted", accepted: "\(roles), or {role, tenant}")
    return nil
  }

  private mutating func readLog(_ file: Section, _ log: inout Configuration.Log) {
    let section = section("log", in: file, keys: ["level", "format", "file", "numbers"])
    word("level", in: section, into: &log.level, LogLevel.allCases.map { ($0.name, $0) })
    word("format", in: section, into: &log.format, LogFormat.allCases.map { ($0.rawValue, $0) })
    optionalText("file", in: section, into: &log.file, accepted: "the path of a file")
    word("numbers", in: section, into: &log.numbers, Configuration.Log.Numbers.allCases.map { ($0.rawValue, $0) })
  }

  private mutating func readDefaults(_ file: Section, _ defaults: inout Configuration.Defaults) {
    let section = section("defaults", in: file, keys: ["timeZone", "region", "callingHours"])
    optionalText("timeZone", in: section, into: &defaults.timeZone, accepted: "an IANA zone such as America/New_York")
    optionalText("region", in: section, into: &defaults.region, accepted: "two capitals of ISO 3166 such as US") {
      $0.utf8.count == 2 && $0.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
    optionalText(
      "callingHours", in: section, into: &defaults.callingHours,
      accepted: "the id of a set of calling hours, 1 to 64 bytes"
    ) { $0.utf8.count <= 64 }
  }

  private mutating func readDirectories(
    _ key: String, _ file: Section, _ target: inout Configuration.Directories
  ) {
    let section = section(key, in: file, keys: ["directories"])
    read(
      "directories", in: section, into: &target.directories, accepted: "an array of at most 64 paths of directories"
    ) { content in
      guard case .array(let elements) = content, elements.count <= 64 else { return nil }
      var paths: [String] = []
      for element in elements {
        guard case .text(let path) = element.content, Self.isPlain(path) else { return nil }
        paths.append(path)
      }
      return paths
    }
  }

  private mutating func readRetention(_ key: String, _ file: Section, _ target: inout Configuration.Retention) {
    let section = section(key, in: file, keys: ["retentionDays"])
    integer("retentionDays", in: section, into: &target.retentionDays, 1...36_500)
  }

  private mutating func readLimits(_ file: Section, _ limits: inout Configuration.Limits) {
    let section = section("limits", in: file, keys: ["requestBytes", "connections", "connectionsPerUser"])
    integer("requestBytes", in: section, into: &limits.requestBytes, 65_536...16_777_216)
    integer("connections", in: section, into: &limits.connections, 1...10_000)
    integer("connectionsPerUser", in: section, into: &limits.connectionsPerUser, 1...10_000)
    if limits.connectionsPerUser > limits.connections {
      fault(
        section.path(of: "connectionsPerUser"), default: "\(limits.connectionsPerUser)",
        "is more than limits.connections", accepted: "a whole number, 1 to \(limits.connections)")
    }
  }
}
