/// What a reload changes, and what of it has to wait for the next start.
struct ConfigurationChanges: Sendable, Equatable {
  /// The configuration in force from now on: the new one, with the old values of the options that need a restart.
  var effective: Configuration
  /// Key paths of the options that change now, trunks by name: `log.level`, `trunks[sim].maximumCalls`; a trunk that
  /// comes or goes as `trunks[sim]`.
  var applied: [String]
  /// Key paths of the options that were changed in the file and stay as they are until the daemon starts again.
  var needRestart: [String]
}

extension Configuration {
  /// Held open for as long as the daemon runs, or built in at its start; all others are looked at again.
  private static let fixedAtStart: Set<String> = [
    "database", "socket.path", "socket.mode", "socket.group", "dataDirectory",
  ]

  /// What it takes to go on from `old` with this configuration.
  func changes(from old: Configuration) -> ConfigurationChanges {
    var changes = ConfigurationChanges(effective: self, applied: [], needRestart: [])
    changes.effective.database = old.database
    changes.effective.socket = old.socket
    changes.effective.dataDirectory = old.dataDirectory
    let isTrunk = { (keyPath: String) in keyPath.hasPrefix("trunks[") }
    let before = old.options.filter { !isTrunk($0.keyPath) }
    let after = options.filter { !isTrunk($0.keyPath) }
    for (before, after) in zip(before, after) where before.value != after.value {
      if Self.fixedAtStart.contains(after.keyPath) {
        changes.needRestart.append(after.keyPath)
      } else {
        changes.applied.append(after.keyPath)
      }
    }
    compareTrunks(old.trunks, &changes)
    return changes
  }

  /// A running driver is not rebuilt under its live calls: of a trunk that stays only its limits change.
  private func compareTrunks(_ old: [Trunk], _ changes: inout ConfigurationChanges) {
    for (index, trunk) in trunks.enumerated() {
      guard let known = old.first(where: { $0.name == trunk.name }) else {
        changes.applied.append("trunks[\(trunk.name)]")
        continue
      }
      for (before, after) in zip(known.options, trunk.options) where before.value != after.value {
        let keyPath = "trunks[\(trunk.name)].\(after.keyPath)"
        if after.keyPath == "maximumCalls" || after.keyPath == "callsPerSecond" {
          changes.applied.append(keyPath)
        } else {
          changes.needRestart.append(keyPath)
        }
      }
      changes.effective.trunks[index].kind = known.kind
      changes.effective.trunks[index].simulator = known.simulator
    }
    for trunk in old where !trunks.contains(where: { $0.name == trunk.name }) {
      changes.applied.append("trunks[\(trunk.name)]")
    }
  }
}
