import DaemonSystem
import DialerModel
import Foundation
import Glibc
import Testing

/// Nothing that one client does may harm another.
extension EndToEnd {
  @Suite(.serialized)
  struct OtherClientTests {
    @Test("clients that are silent, never read, send garbage or vanish harm nobody else")
    func badClients() throws {
      let daemon = try DaemonUnderTest()
      let good = try daemon.client()
      try good.makeCampaign()
      try good.addLeads(200, to: 1, digits: [0])
      let silent = try (0..<5).map { _ in try daemon.client() }
      let halfLine = try daemon.client()
      try halfLine.send(Array(#"{"jsonrpc":"2.0","id":1,"#.utf8))
      let reader = try daemon.client()
      try reader.call("event.subscribe", ["from": 1])
      let asker = try askWithoutReading(daemon)
      let garbage = try daemon.client()
      var generator = SeededGenerator(seed: 3)
      try good.call("event.subscribe")
      try good.call("campaign.start", ["campaignID": "c"])
      for round in 0..<50 {
        try? garbage.send((0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) } + [0x0A])
        // Gone before its answer comes.
        let vanishing = try daemon.client()
        try vanishing.ask("list.create", ["listID": JSON(1000 + round), "name": "Vanished"])
        try vanishing.ask("lead.find", ["limit": 1000])
      }
      try good.eventsUntilDry()
      #expect(try good.call("daemon.status")["leads"] == 200)
      #expect(try good.call("list.list")["lists"]?.arrayValue?.count == 51, "what the vanished asked for was done")
      #expect(try silent[0].call("daemon.status")["pid"] != nil)
      try halfLine.send(Array("\"method\":\"list.get\",\"params\":{\"listID\":1}}\n".utf8))
      #expect(try halfLine.reply()["result"]?["listID"] == 1)
      // Read so late, the subscriber has missed nothing.
      let last = try good.call("daemon.status")["lastEvent"]?.integerValue ?? 0
      #expect(try reader.events { $0.seq == last }.map(\.seq) == (1...last).map { $0 })
      withExtendedLifetime(asker) {}
      try CallCourse(daemon).check()
    }

    /// Asks for far more than any buffer holds.
    private func askWithoutReading(_ daemon: DaemonUnderTest) throws -> ControlClient {
      let client = try daemon.client()
      let requests = (1...200).map { ControlClient.line("rpc.discover", id: $0) + "\n" }.joined()
      try client.send(Array(requests.utf8))
      return client
    }

    @Test("a client that leaves its answers unread is closed, and its memory given back")
    func slowReader() throws {
      let daemon = try DaemonUnderTest()
      let client = try askWithoutReading(daemon)
      let other = try daemon.client()
      // The daemon has handled the client's requests once it says that it gave the client up.
      while !daemon.log.contains("client.slow") { try other.call("daemon.status") }
      var replies = 0
      while try client.receive() != nil { replies += 1 }
      #expect(replies < 200)
      #expect(try other.call("daemon.status")["pid"] != nil)
    }

    @Test("connections past a limit are refused with its name, and taken again when others have gone")
    func connectionLimits() throws {
      var options = DaemonUnderTest.Options()
      options.connections = 8
      options.connectionsPerUser = 4
      let daemon = try DaemonUnderTest(options)
      var clients = try (0..<4).map { _ in try daemon.client() }
      for client in clients { try client.call("daemon.status") }
      let refused = try daemon.client()
      let answer = try refused.receive()
      #expect(answer?["error"]?["data"]?["reason"] == "busy")
      #expect(answer?["error"]?["data"]?["limit"] == "limits.connectionsPerUser")
      #expect(answer?["id"] == .null)
      #expect(try refused.receive() == nil)
      clients[0].finishSending()
      #expect(try clients[0].receive() == nil)
      clients.removeFirst()
      // The daemon closes its end before it sees the other: ask until there is room.
      var taken = false
      for _ in 0..<1000 where !taken {
        let late = try daemon.client()
        _ = try? late.ask("daemon.status")
        taken = try late.receive()?["result"] != nil
      }
      #expect(taken)
    }

    @Test("a role that a reload takes away is gone for who is connected, too")
    func roleTakenAway() throws {
      guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
        print("skipped: another user needs root and setpriv")
        return
      }
      var options = DaemonUnderTest.Options()
      options.socketMode = "0666"
      options.users = "nobody: \"observer\""
      let daemon = try DaemonUnderTest(options)
      let program = daemon.folder.path("dialerctl")
      try FileManager.default.copyItem(atPath: try BuiltProgram.path("dialerctl"), toPath: program)
      let follower = try RunningProgram(
        "/usr/bin/setpriv",
        [
          "--reuid=65534", "--regid=65534", "--clear-groups", program, "--json", "--socket", daemon.socketPath,
          "events", "--follow", "--from", "1",
        ], environment: [:], output: daemon.folder.path("follower.log"))
      let client = try daemon.client()
      // Only who is connected hears of it.
      try client.call("event.subscribe")
      try client.call("list.create", ["name": "A"])
      while !daemon.folder.text("follower.log").contains("trunk.state"), follower.isRunning {
        try client.call("lead.add", ["listID": 1, "phones": ["+12125550001"], "vendorLeadCode": "A"])
        _ = try client.nextEvent()
      }
      daemon.options.users = ""
      try daemon.writeConfiguration()
      #expect(try client.call("daemon.reload")["reloaded"] == true)
      #expect(try follower.waitForExit() == ExitStatus.noPermission.rawValue)
      #expect(daemon.folder.text("follower.log").contains("has no role here"))
    }

    @Test("a user without a role is refused in one message")
    func noRole() throws {
      guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
        print("skipped: another user needs root and setpriv")
        return
      }
      var options = DaemonUnderTest.Options()
      options.socketMode = "0666"
      let daemon = try DaemonUnderTest(options)
      let program = daemon.folder.path("dialerctl")
      try FileManager.default.copyItem(atPath: try BuiltProgram.path("dialerctl"), toPath: program)
      let run = try RunningProgram.run(
        "/usr/bin/setpriv",
        [
          "--reuid=65534", "--regid=65534", "--clear-groups", program, "--json", "--socket", daemon.socketPath,
          "daemon",
          "status",
        ], in: daemon.folder)
      #expect(run.status == ExitStatus.noPermission.rawValue, "\(run.output)")
      #expect(run.output.contains("The user 65534 has no role here."), "\(run.output)")
      #expect(daemon.log.contains("client.refused"))
      #expect(try daemon.client().call("daemon.status")["pid"] != nil)
    }
  }
}
