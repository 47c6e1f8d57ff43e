import DialerModel
import Foundation
import Testing

extension EndToEnd {
  /// The six cases of a lead that exists already, in files over the socket.
  @Suite(.serialized)
  struct ImportMatchTests {
    private static func phone(_ number: Int) -> String { "+1212555\(1000 + number)" }

    /// Sends a file and commits it; the numbers of the summary that are not zero.
    private func load(
      _ client: ControlClient, _ list: Int, _ options: JSONObject, _ lines: String...
    ) throws -> [String: Int64] {
      var params = options
      params["listID"] = JSON(list)
      let id = try client.call("import.open", .object(params))["importID"] ?? .null
      let data = Data(lines.joined(separator: "\r\n").utf8).base64EncodedString()
      try client.call("import.write", ["importID": id, "offset": 0, "data": .string(data)])
      var counts: [String: Int64] = [:]
      for member in try client.call("import.commit", ["importID": id]).objectValue?.members ?? []
      where member.value != 0 {
        counts[member.key] = member.value.integerValue
      }
      return counts
    }

    /// `list firstName status`, in order.
    private func leads(_ client: ControlClient, phone number: Int) throws -> [String] {
      let found = try client.call("lead.find", ["filter": ["phone": .string(Self.phone(number))], "sort": "leadID"])
      return (found["leads"]?.arrayValue ?? []).map { lead in
        ["listID", "firstName", "status"].map { lead[$0]?.stringValue ?? lead[$0]?.text ?? "" }.joined(separator: " ")
      }
    }

    @Test("each of the six cases does what it says, and is so after a crash")
    func cases() throws {
      let daemon = try DaemonUnderTest()
      var client = try daemon.client()
      try client.makeCampaign(lists: [(1, 100), (2, 100)])
      try client.call("list.create", ["listID": 3, "name": "Outside"])
      // (a)
      let bySource: JSONObject = ["match": "phone+source"]
      #expect(try load(client, 1, bySource, "phone,source,first", "\(Self.phone(1)),web,Ann") == ["added": 1])
      #expect(
        try load(
          client, 1, bySource, "phone,source,first", "\(Self.phone(1)),web,Bea", "\(Self.phone(1)),fair,Cyd",
          "\(Self.phone(1)),fair,Dee") == ["added": 1, "updated": 2])
      #expect(try leads(client, phone: 1) == ["1 Bea NEW", "1 Dee NEW"])
      // (b) and (c)
      #expect(try load(client, 1, [:], "phone,first", "\(Self.phone(2)),Ann", "\(Self.phone(3)),Ann") == ["added": 2])
      #expect(try load(client, 3, [:], "phone,first", "\(Self.phone(4)),Out") == ["added": 1])
      var byNumber: JSONObject = ["match": "phone", "scope": "campaign"]
      #expect(
        try load(client, 2, byNumber, "phone,first", "\(Self.phone(2)),Bea", "\(Self.phone(4)),Bea")
          == ["added": 1, "updated": 1])
      #expect(try leads(client, phone: 2) == ["1 Bea NEW"])
      #expect(try leads(client, phone: 4) == ["3 Out NEW", "2 Bea NEW"])
      byNumber["onMatch"] = "move"
      #expect(try load(client, 2, byNumber, "phone,first", "\(Self.phone(3)),Cyd") == ["moved": 1])
      #expect(try leads(client, phone: 3) == ["2 Cyd NEW"])
      // (d)
      #expect(try load(client, 1, [:], "id,phone,first", "A,\(Self.phone(5)),Ann") == ["added": 1])
      #expect(
        try load(client, 1, [:], "id,phone,first", "A,\(Self.phone(5)),Bea", "B,\(Self.phone(6)),Bob")
          == ["added": 1, "updated": 1])
      #expect(try load(client, 1, ["onMatch": "add"], "id,phone,first", "A,\(Self.phone(5)),Cyd") == ["added": 1])
      #expect(try leads(client, phone: 5) == ["1 Bea NEW", "1 Cyd NEW"])
      // (e)
      let both: JSONObject = ["match": "phone+email", "onMatch": "duplicate"]
      #expect(
        try load(
          client, 1, both, "phone,email,first", "\(Self.phone(7)),a@b.org,Ann", "\(Self.phone(7)),A@b.org,Bea",
          "\(Self.phone(7)),c@d.org,Cyd") == ["added": 2, "duplicates": 1])
      #expect(try leads(client, phone: 7) == ["1 Ann NEW", "1 Bea DUP", "1 Cyd NEW"])
      // (f)
      let person: JSONObject = ["match": "name+email", "scope": "tenant", "onMatch": "add"]
      for (list, number) in [(1, 8), (2, 9)] {
        #expect(
          try load(client, list, person, "phone,first,last,email", "\(Self.phone(number)),Eve,Lee,eve@lee.org")
            == ["added": 1])
      }
      let contact = try client.call("contact.get", ["email": "eve@lee.org"])
      #expect(contact["leads"]?.arrayValue?.map(\.listID) == [1, 2])

      let before = try client.allLeads()
      try daemon.kill9()
      try daemon.start()
      client = try daemon.client()
      #expect(try client.allLeads() == before)
      try checkDuplicateStays(client)
    }

    /// What is a duplicate is not dialled.
    private func checkDuplicateStays(_ client: ControlClient) throws {
      let duplicate = try client.call("lead.find", ["filter": ["status": "DUP"]])["leads"]?[0]?.leadID ?? 0
      let reasons = try client.call("lead.explain", ["leadID": JSON(duplicate), "campaignID": "c"])
      #expect(reasons["dialable"] == false)
      try client.call("event.subscribe", ["types": ["attempt.ended", "list.exhausted"]])
      try client.call("campaign.start", ["campaignID": "c"])
      try client.eventsUntilDry()
      #expect(try client.allAttempts(["leadID": JSON(duplicate)]).isEmpty)
      #expect(try client.allAttempts().count > 8)
    }

    @Test("a field's rule holds in a file over the socket, and for what is added while it is open")
    func fieldRules() throws {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      try client.makeCampaign()
      try client.call("field.put", ["field": "custom.policy", "type": "text", "unique": true, "maximumLength": 4])
      let id = try client.call("import.open", ["listID": 1, "match": "phone"])["importID"] ?? .null
      let lines = [
        "phone,custom.policy", "\(Self.phone(1)),P-123", "\(Self.phone(2)),P-2", "\(Self.phone(3)),",
        "\(Self.phone(4)),", "\(Self.phone(5)),P-129",
      ]
      let data = Data(lines.joined(separator: "\n").utf8).base64EncodedString()
      try client.call("import.write", ["importID": id, "offset": 0, "data": .string(data)])
      try client.call("lead.add", ["listID": 1, "phones": [.string(Self.phone(9))], "custom": ["policy": "P-2"]])
      let summary = try client.call("import.commit", ["importID": id])
      // Cut to four characters two of them are the same.
      #expect(summary["added"] == 3 && summary["invalid"] == 2 && summary["cut"] == 1)
    }

    @Test("lead.delete leaves nothing of a person in any file, though an import is open and the daemon is killed")
    func deletion() throws {
      let daemon = try DaemonUnderTest()
      var client = try daemon.client()
      try client.makeCampaign()
      let secret = "Qwertzuiop"
      #expect(try load(client, 1, [:], "id,phone,first", "A,\(Self.phone(1)),\(secret)") == ["added": 1])
      let id = try client.call("import.open", ["listID": 1])["importID"] ?? .null
      let text = "id,phone,first\nA,\(Self.phone(1)),\(secret)\nB,\(Self.phone(2)),Bob\nC,\(Self.phone(1)),\(secret)"
      let data = Data(text.utf8).base64EncodedString()
      try client.call("import.write", ["importID": id, "offset": 0, "data": .string(data)])
      try client.call("lead.delete", ["vendorLeadCode": "A"])
      try daemon.kill9()
      try daemon.start()
      client = try daemon.client()
      #expect(try client.call("import.preview", ["importID": id])["counts"]?["rows"] == 1)
      // The log is emptied shortly after; each question gives the daemon time for it.
      for _ in 0..<100_000 {
        guard try holding(secret, daemon).contains("dialer.sqlite-wal") else { break }
        try client.call("daemon.status")
      }
      #expect(try holding(secret, daemon).isEmpty)
    }

    /// The files of the daemon that hold the text.
    private func holding(_ text: String, _ daemon: DaemonUnderTest) throws -> [String] {
      let root = daemon.folder.path("")
      let names = try FileManager.default.subpathsOfDirectory(atPath: root)
      return names.filter { name in
        guard name.contains("sqlite"), let data = FileManager.default.contents(atPath: root + "/" + name) else {
          return false
        }
        return data.range(of: Data(text.utf8)) != nil
      }
    }
  }
}
