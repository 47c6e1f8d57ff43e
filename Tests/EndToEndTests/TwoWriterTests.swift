import DialerModel
import Foundation
import Testing

extension EndToEnd {
  /// Two clients change the same leads at the same time, while these are dialled and a file comes in.
  @Suite(.serialized)
  struct TwoWriterTests {
    private static let leads = 400
    private static let lists = 2
    /// Waited for at the end, however slow the machine: most leads can still be dialled then.
    private static let calls = 60

    @Test("what two clients command while calls go on is whole at the end", arguments: [1, 2] as [UInt64])
    func commands(seed: UInt64) throws {
      let daemon = try DaemonUnderTest()
      let reader = try daemon.client()
      try reader.putQuickStrategy(limit: 4)
      try reader.makeCampaign(lists: [(1, 70), (2, 30)], strategy: "quick")
      for list in 1...Self.lists { try reader.addLeads(Self.leads, to: list) }
      let importID = try openImport(reader)
      try reader.call("campaign.start", ["campaignID": "c"])

      var generator = SeededGenerator(seed: seed)
      var deleted: Set<Int64> = []
      var done: [String: Int] = [:]
      let writers = [try daemon.client(), try daemon.client()]
      for round in 0..<60 {
        // Both have sent before either reads: the daemon has the commands of both at once.
        let sent = try writers.map { writer in
          try (0..<20).map { _ in try send(random(&generator), on: writer) }
        }
        if round == 20 { try reader.ask("import.commit", ["importID": importID]) }
        for (writer, commands) in zip(writers, sent) {
          for command in commands {
            let reply = try writer.reply()
            #expect(reply["id"]?.integerValue == command.id)
            if let error = reply["error"] {
              let reason = error["data"]?["reason"]?.stringValue ?? ""
              #expect(["not-found", "conflict", "already-exists", "busy"].contains(reason), "\(error.text)")
              continue
            }
            done[command.method, default: 0] += 1
            if command.method == "lead.delete" { deleted.insert(command.lead) }
          }
        }
      }
      let commit = try reader.reply()
      #expect(commit["result"]?["added"]?.integerValue == 500, "\(commit.text)")
      #expect(done.values.allSatisfy { $0 > 20 } && done.count == 9, "each command was carried out: \(done)")
      #expect(!deleted.isEmpty)
      try settle(reader)
      try checkWhole(daemon, reader, deleted)
    }

    private func send(
      _ command: (method: String, params: JSON, lead: Int64), on writer: ControlClient
    ) throws -> (id: Int64, method: String, lead: Int64) {
      (try writer.ask(command.method, command.params), command.method, command.lead)
    }

    private func openImport(_ client: ControlClient) throws -> JSON {
      let text = "vendorLeadCode,phone1\n" + (0..<500).map { "I-\($0),212333\(1000 + $0)\n" }.joined()
      let id = try client.call("import.open", ["listID": 1])["importID"] ?? .null
      let data = Data(text.utf8).base64EncodedString()
      try client.call("import.write", ["importID": id, "offset": 0, "data": .string(data)])
      return id
    }

    private func random(_ generator: inout SeededGenerator) -> (method: String, params: JSON, lead: Int64) {
      let lead = Int64.random(in: 1...Int64(Self.leads * Self.lists), using: &generator)
      let list = JSON(Int.random(in: 1...Self.lists, using: &generator))
      let number = Int.random(in: 0..<10_000, using: &generator)
      switch Int.random(in: 0..<10, using: &generator) {
      case 0:
        let code = "N-\(number % 200)"
        return (
          "lead.add",
          ["listID": list, "vendorLeadCode": .string(code), "phones": [.string("+1212444\(1000 + number % 200)")]], lead
        )
      case 1, 2: return ("lead.update", ["leadID": JSON(lead), "rank": JSON(number)], lead)
      case 3: return ("lead.move", ["leadID": JSON(lead), "listID": list], lead)
      case 4: return ("lead.setStatus", ["leadID": JSON(lead), "completed": .bool(number % 2 == 0)], lead)
      case 5: return ("lead.archive", ["leadID": JSON(lead)], lead)
      case 6: return ("lead.restore", ["leadID": JSON(lead)], lead)
      case 7: return ("lead.delete", ["leadID": JSON(lead)], lead)
      case 8:
        return (
          "dnc.add", ["phones": [.string(ControlClient.phone(1, number % Self.leads, digit: number % 10))]], lead
        )
      default:
        return (
          "campaign.assignList",
          ["campaignID": "c", "listID": list, "weight": JSON(1 + number % 1000), "strategy": "quick", "toDial": true],
          lead
        )
      }
    }

    private func settle(_ client: ControlClient) throws {
      try client.call("event.subscribe", ["from": 1])
      var left = Self.calls
      try client.events { event in
        if event.type == "attempt.started" { left -= 1 }
        return left == 0
      }
      try client.call("campaign.pause", ["campaignID": "c"])
      while try client.call("daemon.status")["liveCalls"] != 0 {
        try client.events { $0.type == "attempt.ended" }
      }
    }

    private func checkWhole(_ daemon: DaemonUnderTest, _ client: ControlClient, _ deleted: Set<Int64>) throws {
      let course = try CallCourse(daemon)
      course.check()
      #expect(course.started.count >= Self.calls)
      #expect(Set(course.leads.map(\.leadID)).isDisjoint(with: deleted))
      for attempt in course.attempts {
        #expect(attempt["leadDeleted"] == .bool(deleted.contains(attempt.leadID)), "\(attempt.text)")
      }
      let explained = try client.call("campaign.explain", ["campaignID": "c", "byGate": true])
      let byFirstGate = explained["byFirstGate"]?.arrayValue ?? []
      let counted = byFirstGate.reduce(explained["dialable"]?.integerValue ?? 0) {
        $0 + ($1["leads"]?.integerValue ?? 0)
      }
      let known = try client.call("daemon.status")["leads"]?.integerValue ?? 0
      #expect(explained["total"]?.integerValue == known)
      #expect(counted == known)
      #expect(try client.call("evidence.verify")["fits"] == true)
    }
  }
}
