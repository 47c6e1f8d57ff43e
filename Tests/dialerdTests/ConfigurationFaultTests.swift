import Testing

@testable import dialerd

struct ConfigurationFaultTests {
  @Test("all faults are named at once, in the order of the file")
  func allAtOnce() {
    let found = faults(
      """
      {
        databse: "x",
        log: { level: "loud", numbers: 7 },
        drainSeconds: -1,
        trunks: [
          { name: "a b", kind: "carrier-pigeon", simulator: { speed: 0 } },
        ],
        log: {},
        defaults: { timeZone: "America/new_york", region: "ZZ" },
      }
      """)
    #expect(
      found.map { "\($0.position?.line ?? 0):\($0.position?.column ?? 0) \($0.keyPath)" } == [
        "2:3 databse", "3:17 log.level", "3:34 log.numbers", "4:17 drainSeconds", "6:13 trunks[0].name",
        "6:26 trunks[0].kind", "6:64 trunks[0].simulator.speed", "8:3 log", "9:25 defaults.timeZone",
        "9:53 defaults.region",
      ])
  }

  /// One row for each way in which an option can be wrong: what is written, key path, value shown, part of the rest.
  @Test(
    "a wrong value is named with what would be accepted",
    arguments: [
      ("database: ''", "database", "\"\"", "the path of a file"),
      ("database: 'a\\u0000b'", "database", "\"a\\u{0}b\"", "the path of a file"),
      ("database: 'no/x'", "database", "\"no/x\"", "no directory /etc/dialerd/no"),
      ("database: '/srv'", "database", "\"/srv\"", "is a directory"),
      ("database: null", "database", "null", "the path of a file"),
      ("socket: 'x'", "socket", "\"x\"", "an object with path, mode, group"),
      ("socket: { mode: '0888' }", "socket.mode", "\"0888\"", "octal text"),
      ("socket: { mode: '1777' }", "socket.mode", "\"1777\"", "\"0000\" to \"0777\""),
      ("socket: { mode: 660 }", "socket.mode", "660", "octal text"),
      ("socket: { group: 'ghosts' }", "socket.group", "\"ghosts\"", "is no group of this system"),
      ("access: { users: [] }", "access.users", "[]", "an object"),
      ("access: { users: { crm: 'root' } }", "access.users.crm", "\"root\"", "\"observer\", \"crm\", \"admin\""),
      ("access: { users: { crm: { tenant: 'a' } } }", "access.users.crm.role", nil, "is missing"),
      ("access: { users: { crm: { role: 'crm', tenant: 5 } } }", "access.users.crm.tenant", "5", "or null"),
      ("access: { users: { nobody9: 'crm' } }", "access.users.nobody9", nil, "is no user of this system"),
      ("access: { groups: { 'a b': 'crm' } }", "access.groups[\"a b\"]", nil, "is no group of this system"),
      ("log: { format: 'xml' }", "log.format", "\"xml\"", "\"logfmt\", \"json\""),
      ("log: { file: 'no/log' }", "log.file", "\"no/log\"", "no directory"),
      ("trunks: {}", "trunks", "{}", "at most 64 trunks"),
      ("trunks: [5]", "trunks[0]", "5", "an object with name, kind"),
      ("trunks: [{ kind: 'simulator' }]", "trunks[0].name", nil, "is missing"),
      ("trunks: [{ name: 'a' }]", "trunks[0].kind", nil, "is missing"),
      (
        "trunks: [{ name: 'a', kind: 'asterisk' }]", "trunks[0].kind", "\"asterisk\"",
        "comes with its own release; use simulator"
      ),
      ("trunks: [{ name: 'a', kind: 'freeswitch' }]", "trunks[0].kind", "\"freeswitch\"", "comes with its own release"),
      (trunk("maximumCalls: 0"), "trunks[0].maximumCalls", "0", "1 to 100000"),
      (trunk("maximumCalls: 1.5"), "trunks[0].maximumCalls", "1.5", "a whole number"),
      (trunk("callsPerSecond: Infinity"), "trunks[0].callsPerSecond", "inf", "0.01 to 10000"),
      (trunk("simulator: { seed: -1 }"), "trunks[0].simulator.seed", "-1", "a whole number"),
      (trunk("simulator: { speed: 0 }"), "trunks[0].simulator.speed", "0", "above 0"),
      (trunk("simulator: { speed: NaN }"), "trunks[0].simulator.speed", "nan", "above 0"),
      (trunk("simulator: { speed: Infinity }"), "trunks[0].simulator.speed", "inf", "above 0"),
      (trunk("simulator: { outcomes: 'random' }"), "trunks[0].simulator.outcomes", "\"random\"", "by-last-digit"),
      (trunk("simulator: { outcomes: {} }"), "trunks[0].simulator.outcomes", "{}", "no weight above 0"),
      (trunk("simulator: { outcomes: { busy: 0 } }"), "trunks[0].simulator.outcomes", "an object", "no weight above 0"),
      (trunk("simulator: { outcomes: { busy: -1 } }"), "trunks[0].simulator.outcomes.busy", "-1", "a weight"),
      (
        trunk("simulator: { outcomes: { noanswer: 1, busy: 1 } }"), "trunks[0].simulator.outcomes.noanswer", nil,
        "did you mean no-answer?"
      ),
      (trunk("simulator: { agents: '5' }"), "trunks[0].simulator.agents", "\"5\"", "0 to 100000"),
      (trunk("simulator: { dialLog: 'no/x' }"), "trunks[0].simulator.dialLog", "\"no/x\"", "no directory"),
      ("defaults: { timeZone: 'EST5' }", "defaults.timeZone", "\"EST5\"", "is no zone of the tz database"),
      (
        "defaults: { timeZone: 'Europe/Londn' }", "defaults.timeZone", "\"Europe/Londn\"", "did you mean Europe/London?"
      ),
      ("defaults: { region: 'us' }", "defaults.region", "\"us\"", "two capitals"),
      ("defaults: { region: 'XX' }", "defaults.region", "\"XX\"", "is no region of the number plan"),
      ("defaults: { callingHours: '' }", "defaults.callingHours", "\"\"", "1 to 64 bytes"),
      ("imports: { directories: '/srv' }", "imports.directories", "\"/srv\"", "an array"),
      (
        "imports: { directories: ['/srv', 'no'] }", "imports.directories[1]", "\"no\"",
        "names no directory: /etc/dialerd/no"
      ),
      ("backups: { directories: ['/no'] }", "backups.directories[0]", "\"/no\"", "names no directory"),
      ("events: { retentionDays: 0 }", "events.retentionDays", "0", "1 to 36500"),
      ("evidence: { retentionDays: 99999 }", "evidence.retentionDays", "99999", "1 to 36500"),
      ("limits: { requestBytes: 100 }", "limits.requestBytes", "100", "65536 to 16777216"),
      ("limits: { connections: 10 }", "limits.connectionsPerUser", "\"64\" (the default)", "1 to 10"),
      ("limits: { connectionsPerUser: 500 }", "limits.connectionsPerUser", "500", "is more than limits.connections"),
      ("drainSeconds: 3601", "drainSeconds", "3601", "0 to 3600"),
      ("dataDirectory: '/srv'", "dataDirectory", "\"/srv\"", "holds no numbering-plan.json"),
      ("timeZoneDirectory: '/srv/none'", "timeZoneDirectory", "\"/srv/none\"", "holds no tz database"),
    ] as [(String, String, String?, String)])
  func wrongValue(_ option: String, _ keyPath: String, _ value: String?, _ rest: String) throws {
    let found = faults("{\n  \(option)\n}")
    try #require(found.count == 1, "\(found)")
    #expect(found[0].keyPath == keyPath)
    #expect(found[0].value == value)
    #expect(found[0].description.contains(rest), "\(found[0])")
    let isDefault = value?.hasSuffix("(the default)") == true
    #expect(found[0].position?.line == (isDefault ? nil : 2))
  }

  private static func trunk(_ option: String) -> String { "trunks: [{ name: 'a', kind: 'simulator', \(option) }]" }

  @Test(
    "an unknown option is named with the nearest known one",
    arguments: [
      ("sockets: {}", "did you mean socket?"), ("drain_seconds: 1", "did you mean drainSeconds?"),
      ("Database: 'x'", "did you mean database?"), ("log: { levle: 'info' }", "did you mean level?"),
      ("limits: { connections_per_user: 1 }", "did you mean connectionsPerUser?"),
      ("zzz: 1", "is no option; accepted: database,"),
    ])
  func unknown(_ option: String, _ words: String) throws {
    let found = faults("{ \(option) }")
    try #require(found.count == 1)
    #expect(found[0].description.contains(words), "\(found[0])")
  }

  @Test("a key that stands twice is named with the line of the first")
  func duplicate() {
    let found = faults(
      "{\n drainSeconds: 1,\n access: { users: { crm: 'crm',\n 'crm': 'admin' } },\n \"drainSeconds\": 2 }")
    #expect(
      found.map(\.description) == [
        "4:2: access.users.crm: \"admin\" stands twice; first on line 3",
        "5:2: drainSeconds: 2 stands twice; first on line 2",
      ])
  }

  @Test("two trunks of one name are a fault of the second")
  func sameName() {
    let found = faults("{ trunks: [{ name: 'a', kind: 'simulator' },\n { name: 'a', kind: 'simulator' }] }")
    #expect(
      found.map(\.description) == [
        "2:10: trunks[1].name: \"a\" is the name of another trunk; accepted: a name of its own"
      ])
  }

  @Test("a socket path of 107 bytes is taken, one of 108 is not")
  func socketPath() {
    let room = 107 - "/etc/dialerd/".utf8.count
    #expect(faults("{ socket: { path: '\(String(repeating: "s", count: room))' } }").isEmpty)
    let found = faults("{ socket: { path: '\(String(repeating: "s", count: room + 1))' } }")
    #expect(found.map(\.keyPath) == ["socket.path"])
    #expect(found[0].problem == "is too long: 108 bytes from the root")
  }

  @Test("a syntax fault is named with line and column, as compilers do")
  func syntax() {
    #expect(
      throws: ConfigurationFaults(
        file: "/etc/dialerd/dialerd.json5",
        faults: [
          ConfigurationFault(
            position: .init(line: 2, column: 4), keyPath: "", value: nil,
            problem: "a colon was expected here, between key and value", accepted: nil)
        ])
    ) { try configuration("{\n a 1 }") }
  }

  @Test("a fault line begins with file, line and column")
  func lines() throws {
    let error = #expect(throws: ConfigurationFaults.self) { try configuration("{ drainSeconds: true }") }
    #expect(
      error?.lines == [
        "/etc/dialerd/dialerd.json5:1:17: drainSeconds: true is not accepted; accepted: seconds, 0 to 3600"
      ])
  }

  @Test("a file that is no object is a fault")
  func noObject() {
    #expect(faults("[]").map(\.problem) == ["is not an object"])
  }

  @Test("a long value is shown shortened and without control characters")
  func shortened() {
    let found = faults("{ log: { level: '\\u001b[31m\(String(repeating: "x", count: 100))' } }")
    #expect(found.map(\.value) == ["\"\\u{1b}[31m\(String(repeating: "x", count: 35))…\""])
  }

  @Test("faults beyond a hundred are counted")
  func many() {
    let keys = (0..<150).map { "k\($0): 1" }.joined(separator: ",\n")
    let error = #expect(throws: ConfigurationFaults.self) { try configuration("{ \(keys) }") }
    #expect(error?.faults.count == 100)
    #expect(error?.further == 50)
    #expect(error?.lines.last == "/etc/dialerd/dialerd.json5: 50 more faults")
  }

  @Test("a machine without the data files is named as the fault, with where they were looked for")
  func noData() {
    var machine = Surroundings.machine()
    machine.kind = { ["/", "/etc/dialerd"].contains($0) ? .directory : nil }
    let found = faults("{}", on: machine)
    #expect(found.map(\.keyPath) == ["dataDirectory"])
    #expect(found[0].position == nil)
    #expect(found[0].problem.contains("/etc/dialerd, /usr/share/dialerd, /usr/bin/Config, /usr/Config, /Config"))
  }
}
