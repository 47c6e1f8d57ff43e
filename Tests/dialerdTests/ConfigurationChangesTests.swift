import Testing

@testable import dialerd

struct ConfigurationChangesTests {
  private let old = Configuration.standard

  @Test("the same configuration changes nothing")
  func nothing() {
    #expect(old.changes(from: old) == ConfigurationChanges(effective: old, applied: [], needRestart: []))
  }

  @Test("what is held open since the start needs a restart, and stays as it was")
  func restart() {
    var new = old
    new.database = "other.sqlite"
    new.socket = .init(path: "other.sock", mode: 0o600, group: "g")
    new.dataDirectory = "/data"
    let changes = new.changes(from: old)
    #expect(changes.needRestart == ["database", "socket.path", "socket.mode", "socket.group", "dataDirectory"])
    #expect(changes.applied == [])
    #expect(changes.effective == old)
  }

  @Test("every other option changes at once")
  func applied() {
    var new = old
    new.access.users = [.init(name: "crm", role: .crm)]
    new.log = .init(level: .debug, format: .json, file: "log", numbers: .full)
    new.defaults = .init(timeZone: nil, region: nil, callingHours: nil)
    new.imports.directories = ["/i"]
    new.events.retentionDays = 1
    new.evidence.retentionDays = 2
    new.backups.directories = ["/b"]
    new.limits = .init(requestBytes: 65_536, connections: 8, connectionsPerUser: 4)
    new.drainSeconds = 1
    new.timeZoneDirectory = "/tz"
    let changes = new.changes(from: old)
    #expect(changes.needRestart == [])
    #expect(changes.effective == new)
    #expect(
      changes.applied == [
        "access.users", "log.level", "log.format", "log.file", "log.numbers", "defaults.timeZone", "defaults.region",
        "defaults.callingHours", "imports.directories", "events.retentionDays", "evidence.retentionDays",
        "backups.directories", "limits.requestBytes", "limits.connections", "limits.connectionsPerUser", "drainSeconds",
        "timeZoneDirectory",
      ])
  }

  @Test("a trunk's limits change at once, what drives it does not")
  func trunk() {
    var new = old
    new.trunks[0].maximumCalls = 5
    new.trunks[0].simulator.seed = 9
    let changes = new.changes(from: old)
    #expect(changes.applied == ["trunks[sim].maximumCalls"])
    #expect(changes.needRestart == ["trunks[sim].simulator.seed"])
    #expect(changes.effective.trunks[0].maximumCalls == 5)
    #expect(changes.effective.trunks[0].simulator.seed == 1)
  }

  @Test("trunks are told apart by name, whatever their order; they come and go")
  func trunkNames() {
    var before = old
    before.trunks = [.init(name: "a"), .init(name: "b", maximumCalls: 2)]
    var new = old
    new.trunks = [.init(name: "c"), .init(name: "b", maximumCalls: 2)]
    let changes = new.changes(from: before)
    #expect(changes.applied == ["trunks[c]", "trunks[a]"])
    #expect(changes.needRestart == [])
    #expect(changes.effective == new)
  }
}
