import Testing

@testable import dialerd

struct ConfigurationReadingTests {
  @Test("every option can be set")
  func everyOption() throws {
    let read = try configuration(
      """
      {
        database: "/srv/d.sqlite", socket: { path: "/srv/s", mode: "600", group: "agents" },
        access: { users: { crm: { role: "crm", tenant: "blue" } }, groups: { agents: "observer" } },
        log: { level: "debug", format: "json", file: "/srv/log", numbers: "full" },
        trunks: [
          { name: "a.1", kind: "simulator" },
          { name: "b", kind: "simulator", maximumCalls: 7, callsPerSecond: 0.5, simulator: {
              seed: 0x10, speed: 2.5, outcomes: { answered: 25, "no-answer": 0 }, agents: 3, dialLog: "dial.log" } },
        ],
        defaults: { timeZone: "Australia/Sydney", region: "AU", callingHours: null },
        imports: { directories: ["/srv"] }, events: { retentionDays: 1 }, evidence: { retentionDays: 2 },
        backups: { directories: ["/srv", "/"] },
        limits: { requestBytes: 65536, connections: 2, connectionsPerUser: 1 },
        drainSeconds: 0.5, dataDirectory: "/etc/dialerd", timeZoneDirectory: "/usr/share/zoneinfo",
      }
      """)
    #expect(
      read.options.map { "\($0.keyPath)=\($0.value)" } == [
        "database=\"/srv/d.sqlite\"", "socket.path=\"/srv/s\"", "socket.mode=\"0600\"", "socket.group=\"agents\"",
        "access.users={ \"crm\": { role: \"crm\", tenant: \"blue\" } }", "access.groups={ \"agents\": \"observer\" }",
        "log.level=\"debug\"", "log.format=\"json\"", "log.file=\"/srv/log\"", "log.numbers=\"full\"",
        "trunks[0].name=\"a.1\"", "trunks[0].kind=\"simulator\"", "trunks[0].maximumCalls=200",
        "trunks[0].callsPerSecond=50", "trunks[0].simulator.seed=1", "trunks[0].simulator.speed=1",
        "trunks[0].simulator.outcomes=\"by-last-digit\"", "trunks[0].simulator.agents=0",
        "trunks[0].simulator.dialLog=null", "trunks[1].name=\"b\"", "trunks[1].kind=\"simulator\"",
        "trunks[1].maximumCalls=7", "trunks[1].callsPerSecond=0.5", "trunks[1].simulator.seed=16",
        "trunks[1].simulator.speed=2.5", "trunks[1].simulator.outcomes={ \"answered\": 25, \"no-answer\": 0 }",
        "trunks[1].simulator.agents=3", "trunks[1].simulator.dialLog=\"/etc/dialerd/dial.log\"",
        "defaults.timeZone=\"Australia/Sydney\"", "defaults.region=\"AU\"", "defaults.callingHours=null",
        "imports.directories=[\"/srv\"]", "events.retentionDays=1", "evidence.retentionDays=2",
        "backups.directories=[\"/srv\", \"/\"]", "limits.requestBytes=65536", "limits.connections=2",
        "limits.connectionsPerUser=1", "drainSeconds=0.5", "dataDirectory=\"/etc/dialerd\"",
        "timeZoneDirectory=\"/usr/share/zoneinfo\"",
      ])
  }

  @Test("paths are relative to the directory of the file")
  func relativePaths() throws {
    let bytes = Array("{ database: 'sub/d', log: { file: '/l' } }".utf8)
    let machine = Surroundings.machine(directories: ["/", "/etc/dialerd", "/srv", "/srv/conf", "/srv/conf/sub"])
    let read = try Configuration.parse(bytes, path: "conf/x", surroundings: withData(in: "/srv/conf", machine))
    #expect(read.database == "/srv/conf/sub/d")
    #expect(read.socket.path == "/srv/conf/dialerd.sock")
    #expect(read.log.file == "/l")
  }

  private func withData(in directory: String, _ machine: Surroundings) -> Surroundings {
    var machine = machine
    let kind = machine.kind
    let data = ["\(directory)/numbering-plan.json", "\(directory)/phone-timezones.json"]
    machine.kind = { data.contains($0) ? .other : kind($0) }
    return machine
  }

  @Test(
    "a mix that Telephony takes is taken, word by word",
    arguments: [
      "answered", "machine", "busy", "no-answer", "disconnected", "congestion", "fax", "refused", "failed",
    ])
  func mixWords(_ word: String) throws {
    let read = try configuration(
      "{ trunks: [{ name: 'a', kind: 'simulator', simulator: { outcomes: { '\(word)': 0.5 } } }] }")
    #expect(read.trunks[0].simulator.outcomes == .mix([word: 0.5]))
  }
}
