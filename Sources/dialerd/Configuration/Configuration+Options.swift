extension Configuration {
  /// Every option by its key path, with its value as the file would write it, in the order of the file.
  var options: [(keyPath: String, value: String)] {
    var options: [(keyPath: String, value: String)] = [
      ("database", Self.quoted(database)),
      ("socket.path", Self.quoted(socket.path)),
      ("socket.mode", Self.quoted(Self.octal(socket.mode))),
      ("socket.group", Self.quoted(socket.group)),
      ("access.users", Self.written(access.users)),
      ("access.groups", Self.written(access.groups)),
      ("log.level", Self.quoted(log.level.name)),
      ("log.format", Self.quoted(log.format.rawValue)),
      ("log.file", Self.quoted(log.file)),
      ("log.numbers", Self.quoted(log.numbers.rawValue)),
    ]
    for (index, trunk) in trunks.enumerated() {
      options += trunk.options.map { ("trunks[\(index)].\($0.keyPath)", $0.value) }
    }
    options += [
      ("defaults.timeZone", Self.quoted(defaults.timeZone)),
      ("defaults.region", Self.quoted(defaults.region)),
      ("defaults.callingHours", Self.quoted(defaults.callingHours)),
      ("imports.directories", Self.written(imports.directories)),
      ("events.retentionDays", "\(events.retentionDays)"),
      ("evidence.retentionDays", "\(evidence.retentionDays)"),
      ("backups.directories", Self.written(backups.directories)),
      ("limits.requestBytes", "\(limits.requestBytes)"),
      ("limits.connections", "\(limits.connections)"),
      ("limits.connectionsPerUser", "\(limits.connectionsPerUser)"),
      ("drainSeconds", Self.written(drainSeconds)),
      ("dataDirectory", Self.quoted(dataDirectory)),
      ("timeZoneDirectory", Self.quoted(timeZoneDirectory)),
    ]
    return options
  }

  private static func octal(_ mode: UInt32) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  static func quoted(_ text: some StringProtocol) -> String { "\"\(text)\"" }

  static func quoted(_ text: String?) -> String { text.map { quoted($0) } ?? "null" }

  static func written(_ number: Double) -> String {
    Int64(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  private static func written(_ paths: [String]) -> String {
    paths.isEmpty ? "[]" : "[" + paths.map { quoted($0) }.joined(separator: ", ") + "]"
  }

  private static func written(_ grants: [Grant]) -> String {
    let members = grants.map { grant in
      let role = quoted(grant.role.rawValue)
      let value = grant.tenant.map { "{ role: \(role), tenant: \(quoted($0)) }" } ?? role
      return "\(quoted(grant.name)): \(value)"
    }
    return members.isEmpty ? "{}" : "{ " + members.joined(separator: ", ") + " }"
  }
}

extension Configuration.Trunk {
  /// As in ``Configuration/options``, key paths within the trunk.
  var options: [(keyPath: String, value: String)] {
    [
      ("name", Configuration.quoted(name)),
      ("kind", Configuration.quoted(kind.rawValue)),
      ("maximumCalls", "\(maximumCalls)"),
      ("callsPerSecond", Configuration.written(callsPerSecond)),
      ("simulator.seed", "\(simulator.seed)"),
      ("simulator.speed", Configuration.written(simulator.speed)),
      ("simulator.outcomes", Self.written(simulator.outcomes)),
      ("simulator.agents", "\(simulator.agents)"),
      ("simulator.dialLog", Configuration.quoted(simulator.dialLog)),
    ]
  }

  private static func written(_ outcomes: Configuration.Simulator.Outcomes) -> String {
    guard case .mix(let weights) = outcomes else { return Configuration.quoted("by-last-digit") }
    let members = weights.sorted { $0.key < $1.key }
      .map { "\(Configuration.quoted($0.key)): \(Configuration.written($0.value))" }
    return "{ " + members.joined(separator: ", ") + " }"
  }
}
