import DaemonSystem
import DialerModel
import Foundation
import Glibc
import Testing

extension EndToEnd {
  @Suite(.serialized)
  struct OperationTests {
    // MARK: Starting

    @Test("a second daemon on the same database says so in one line and ends; the first goes on")
    func secondDaemon() throws {
      let daemon = try DaemonUnderTest()
      let second = try run(daemon)
      #expect(second.status == ExitStatus.unavailable.rawValue)
      #expect(lines(second.output).count == 1)
      #expect(second.output.contains("another dialerd (process \(daemon.processID)) has the database"))
      #expect(try daemon.client().call("daemon.status")["pid"]?.integerValue == Int64(daemon.processID))
    }

    @Test("a daemon with another database respects a socket that is answered on")
    func liveSocket() throws {
      let daemon = try DaemonUnderTest()
      daemon.options.database = "other.sqlite"
      try daemon.writeConfiguration()
      let second = try run(daemon)
      #expect(second.status == ExitStatus.unavailable.rawValue)
      #expect(second.output.contains("dialerd.sock"))
      #expect(second.output.contains("Address already in use"))
      #expect(try daemon.client().call("daemon.status")["pid"]?.integerValue == Int64(daemon.processID))
    }

    @Test("a socket file that nobody answers on is replaced")
    func staleSocket() throws {
      let daemon = try DaemonUnderTest()
      try daemon.kill9()
      #expect(daemon.folder.exists("dialerd.sock"))
      try daemon.start()
      #expect(try daemon.client().call("daemon.status")["pid"]?.integerValue == Int64(daemon.processID))
    }

    @Test("a file in the socket's place is not touched")
    func fileInTheWay() throws {
      let daemon = try DaemonUnderTest(starting: false)
      try daemon.folder.write("mine", to: "dialerd.sock")
      let run = try run(daemon)
      #expect(run.status != 0)
      #expect(run.output.contains("dialerd.sock"))
      #expect(daemon.folder.text("dialerd.sock") == "mine")
    }

    @Test("a file that is no database stops the start in one line, and is left as it is")
    func garbageDatabase() throws {
      let daemon = try DaemonUnderTest(starting: false)
      let garbage = String(repeating: "not a database at all\n", count: 500)
      try daemon.folder.write(garbage, to: "dialer.sqlite")
      let run = try run(daemon)
      #expect(run.status == ExitStatus.dataError.rawValue)
      #expect(lines(run.output).filter { $0.hasPrefix("dialerd: ") }.count == 1)
      #expect(daemon.folder.text("dialer.sqlite") == garbage)
    }

    @Test("a damaged database is found at the start")
    func damagedDatabase() throws {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      try client.makeCampaign()
      try client.addLeads(300, to: 1)
      #expect(try daemon.stop() == 0)
      let path = daemon.folder.path("dialer.sqlite")
      var bytes = try #require(FileManager.default.contents(atPath: path))
      // Behind the first page, which says what the file is, all through the rest.
      for place in stride(from: 4096 + 100, to: bytes.count - 200, by: 4096) {
        bytes.replaceSubrange(place..<(place + 200), with: Data(repeating: 0xA5, count: 200))
      }
      try bytes.write(to: URL(fileURLWithPath: path))
      let run = try run(daemon)
      #expect(run.status == ExitStatus.dataError.rawValue)
      #expect(lines(run.output).filter { $0.hasPrefix("dialerd: ") }.count == 1)
    }

    @Test("a folder in the database's place is a fault of the configuration")
    func folderAsDatabase() throws {
      let daemon = try DaemonUnderTest(starting: false)
      try FileManager.default.createDirectory(
        atPath: daemon.folder.path("dialer.sqlite"), withIntermediateDirectories: false)
      let run = try run(daemon)
      #expect(run.status == ExitStatus.config.rawValue)
      #expect(run.output.contains("database"))
      #expect(run.output.contains("is a directory"))
    }

    @Test("--check names every fault with its line and ends with 78; without a fault with 0")
    func check() throws {
      let daemon = try DaemonUnderTest(starting: false)
      let program = try BuiltProgram.path("dialerd")
      let good = try RunningProgram.run(
        program, ["--check", "--config", daemon.folder.path("dialerd.json5")], in: daemon.folder)
      #expect(good.status == 0)
      try daemon.folder.write(
        """
        {
          databaze: "dialer.sqlite",
          drainSeconds: -1,
          trunks: [
            { name: "sim", kind: "carrier-pigeon", maximumCalls: 0 },
          ],
          defaults: { timeZone: "Mars/Olympus" },
        }
        """, to: "bad.json5")
      let bad = try RunningProgram.run(
        program, ["--check", "--config", daemon.folder.path("bad.json5")], in: daemon.folder)
      #expect(bad.status == ExitStatus.config.rawValue)
      #expect(lines(bad.output).count == 5)
      for place in ["bad.json5:2:", "bad.json5:3:", "bad.json5:5:", "bad.json5:7:"] {
        #expect(bad.output.contains(place), "\(place)")
      }
      for word in ["databaze", "drainSeconds", "carrier-pigeon", "maximumCalls", "Mars/Olympus"] {
        #expect(bad.output.contains(word), "\(word)")
      }
      #expect(!daemon.folder.exists("dialer.sqlite"), "a check makes nothing")
    }

    // MARK: Stopping

    @Test("SIGTERM lets live calls end, makes no new one, and ends with 0")
    func drains() throws {
      let (daemon, client) = try dialling(speed: 4)
      daemon.program?.signal(SIGTERM)
      var events: [JSON] = []
      while let event = try client.nextEvent() { events.append(event) }
      #expect(try daemon.program?.waitForExit() == 0)
      #expect(daemon.log.contains("daemon.stopping"))
      #expect(daemon.log.contains("daemon.stopped"))
      #expect(!daemon.folder.exists("dialerd.sock"))
      try daemon.start()
      try daemon.client().call("campaign.pause", ["campaignID": "c"])
      let course = try CallCourse(daemon)
      #expect(course.ended.allSatisfy { $0["outcome"] != "unknown" }, "every live call ended by itself")
      #expect(course.ended.count >= 10)
    }

    @Test("a second SIGTERM ends it at once; what was live is unknown at the next start")
    func secondSignal() throws {
      let (daemon, client) = try dialling(speed: 0.05)
      let live = try client.call("daemon.status")["liveCalls"]?.integerValue ?? 0
      daemon.program?.signal(SIGTERM)
      try daemon.waitFor("STOPPING=1")
      #expect(daemon.program?.isRunning == true)
      daemon.program?.signal(SIGTERM)
      #expect(try daemon.program?.waitForExit() == 0)
      try daemon.start()
      let again = try daemon.client()
      try again.call("campaign.pause", ["campaignID": "c"])
      let course = try CallCourse(daemon)
      let unknown = course.ended.filter { $0["outcome"] == "unknown" }
      #expect(live > 0)
      #expect(Int64(unknown.count) >= live)
    }

    @Test("live calls that outlast the time for draining are left, and the end is orderly")
    func drainIsBounded() throws {
      let (daemon, _) = try dialling(speed: 0.05, drainSeconds: 0.2)
      #expect(try daemon.stop() == 0)
      #expect(daemon.log.contains("daemon.stopped"))
    }

    // MARK: Reloading

    @Test("SIGHUP takes up a new configuration and says so in an event; a faulty one changes nothing")
    func reload() throws {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      try client.call("event.subscribe", ["types": ["config.reloaded"]])
      daemon.options.maximumCalls = 7
      try daemon.writeConfiguration()
      daemon.program?.signal(SIGHUP)
      let event = try #require(try client.nextEvent())
      let status = try client.call("daemon.status")
      #expect(event["timeZoneData"] == status["timeZoneData"])
      #expect(status["trunks"]?[0]?["maximumCalls"] == 7)

      try daemon.folder.write(
        "{ trunks: [ { name: \"sim\", kind: \"simulator\", maximumCalls: -3 } ] }", to: "dialerd.json5")
      daemon.program?.signal(SIGHUP)
      try daemon.waitFor("RELOADING=1")
      let answer = try client.call("daemon.reload")
      #expect(answer["reloaded"] == false)
      #expect(answer["faults"]?[0]?.stringValue?.contains("dialerd.json5:1:") == true)
      #expect(try client.call("daemon.status")["trunks"]?[0]?["maximumCalls"] == 7)
      #expect(daemon.log.contains("config.fault"))
      #expect(!client.hasWaitingEvents)
    }

    // MARK: Backups

    @Test("a backup made while dialling is sound and goes on dialling in its place; no file is overwritten")
    func backup() throws {
      let (daemon, client) = try dialling(speed: 20)
      let path = daemon.folder.path("copy.sqlite")
      #expect(try client.call("daemon.backup", ["path": .string(path)])["path"]?.stringValue == path)
      let again = try client.refusal("daemon.backup", ["path": .string(path)])
      #expect(again?.reason == "already-exists")
      let counted = try client.call("daemon.status")["lastEvent"]?.integerValue ?? 0
      #expect(try daemon.stop() == 0)
      #expect(daemon.log.contains("event=backup.made"))

      daemon.options.database = "copy.sqlite"
      try daemon.writeConfiguration()
      let check = try RunningProgram.run(
        try BuiltProgram.path("dialerd"), ["--check-database", "--config", daemon.folder.path("dialerd.json5")],
        in: daemon.folder)
      #expect(check.status == 0 && check.output.contains("no fault found"))
      try daemon.start()
      let successor = try daemon.client()
      let start = try successor.call("daemon.status")["lastEvent"]?.integerValue ?? 0
      #expect(start > 100 && start <= counted + 40)
      try successor.call("event.subscribe", ["from": 1])
      let ended = try successor.events { $0.seq > start && $0.type == "attempt.ended" }
      #expect(ended.map(\.seq) == (0..<ended.count).map { Int64($0 + 1) })
      #expect(try daemon.stop() == 0)
    }

    // MARK: Builders

    /// Ten or more calls are live.
    private func dialling(speed: Double, drainSeconds: Double = 30) throws -> (DaemonUnderTest, ControlClient) {
      var options = DaemonUnderTest.Options()
      options.speed = speed
      options.drainSeconds = drainSeconds
      options.maximumCalls = 10
      let daemon = try DaemonUnderTest(options)
      let client = try daemon.client()
      try client.makeCampaign()
      try client.addLeads(100, to: 1, digits: [0])
      try client.call("event.subscribe")
      try client.call("campaign.start", ["campaignID": "c"])
      var left = 10
      try client.events { event in
        if event.type == "attempt.dialing" { left -= 1 }
        return left == 0
      }
      return (daemon, client)
    }

    /// Runs another process with the same configuration to its end.
    private func run(_ daemon: DaemonUnderTest) throws -> (status: Int32, output: String) {
      try RunningProgram.run(
        try BuiltProgram.path("dialerd"), ["--config", daemon.folder.path("dialerd.json5")], in: daemon.folder)
    }

    private func lines(_ text: String) -> [Substring] { text.split(separator: "\n") }
  }
}
