import DialerModel
import Foundation
import Glibc
import Testing

extension EndToEnd {
  @Suite(.serialized)
  struct ImportTests {
    private static let rows = 4000

    /// Numbers that are valid, and one row in a hundred that is not.
    private static let file: [UInt8] = {
      var text = "\u{FEFF}Lead ID;Phone;First name;State\r\n"
      for row in 0..<rows {
        let phone = row % 100 == 7 ? "12" : "(212) \(200 + row / 10_000)-\(String(10_000 + row % 10_000).dropFirst())"
        text += "K\(row);\(phone);\"A \"\"\(row)\"\"\";NY\r\n"
      }
      return Array(text.utf8)
    }()

    private func send(_ client: ControlClient, _ id: JSON, upTo end: Int) throws {
      var at = Int(try client.call("import.status", ["importID": id])["received"]?.integerValue ?? 0)
      while at < end {
        let next = min(end, at + 20_000)
        let data = Data(Self.file[at..<next]).base64EncodedString()
        try client.call("import.write", ["importID": id, "offset": JSON(at), "data": .string(data)])
        at = next
      }
    }

    @Test("an import outlives kill -9 in the middle of the upload and of the commit")
    func killed() throws {
      let daemon = try DaemonUnderTest()
      var client = try daemon.client()
      try client.makeCampaign()
      let id = try client.call("import.open", ["listID": 1])["importID"] ?? .null
      try send(client, id, upTo: Self.file.count / 2)
      let data = Data(Self.file[(Self.file.count / 2)...].prefix(50_000)).base64EncodedString()
      try client.ask("import.write", ["importID": id, "offset": JSON(Self.file.count / 2), "data": .string(data)])
      try daemon.kill9()
      try daemon.start()
      client = try daemon.client()
      #expect(try client.call("import.status", ["importID": id])["received"]?.integerValue ?? 0 >= Self.file.count / 2)
      try send(client, id, upTo: Self.file.count)
      let bad = Self.rows / 100
      #expect(try client.call("import.preview", ["importID": id, "limit": 1])["counts"]?["invalid"] == JSON(bad))

      // Killed as soon as the commit is under way, and taken up again by the daemon itself.
      try client.ask("import.commit", ["importID": id])
      let second = try daemon.client()
      while try second.call("import.status", ["importID": id])["state"] == "open" {}
      try daemon.kill9()
      try daemon.start()
      client = try daemon.client()
      let summary = try client.call("import.commit", ["importID": id])
      #expect(summary["added"] == JSON(Self.rows - bad))
      #expect(summary["invalid"] == JSON(bad))
      let leads = try client.allLeads()
      #expect(leads.count == Self.rows - bad)
      #expect(Set(leads.compactMap { $0["vendorLeadCode"]?.stringValue }).count == Self.rows - bad)
      #expect(try client.call("campaign.explain", ["campaignID": "c"])["total"] == JSON(Self.rows - bad))
      let events = try ControlClient.journal(path: daemon.socketPath).filter { $0.type == "import.committed" }
      #expect(events.count == 1)
      #expect(events.first?["added"] == JSON(Self.rows - bad))
      #expect(daemon.folder.names("imports").isEmpty)
      #expect(try daemon.stop() == 0)
    }
  }
}
