import DialerModel
import Foundation
import Testing

extension EndToEnd {
  /// Contacts, segments, rules for fields, archiving and deleting, over the socket and on a real database.
  @Suite(.serialized)
  struct LeadLifeTests {
    private func prepared() throws -> DaemonUnderTest {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      try client.makeCampaign(mode: "manual", lists: [(1, 100), (2, 100)])
      try client.addLeads(20, to: 1)
      return daemon
    }

    private func found(_ client: ControlClient, _ filter: JSON, sort: JSON = "leadID") throws -> [Int64] {
      try client.call("lead.find", ["filter": filter, "sort": sort])["leads"]?.arrayValue?.map(\.leadID) ?? []
    }

    @Test("segments are found by, acted on and reset by, and are there after a crash")
    func segments() throws {
      let daemon = try prepared()
      var client = try daemon.client()
      try client.call("lead.setStatus", ["filter": ["leadID": ["le": 5]], "owner": "ann", "rank": 7])
      try client.call("segment.put", ["segment": "ann", "filter": ["owner": "ann"]])
      try client.call(
        "segment.put", ["segment": "odd", "filter": ["and": [["segment": "ann"], ["leadID": ["in": [1, 3]]]]]])
      #expect(try found(client, ["segment": "odd"], sort: "-leadID") == [3, 1])
      #expect(try client.call("lead.archive", ["filter": ["segment": "odd"], "dryRun": true])["count"] == 2)
      #expect(try client.call("lead.archive", ["filter": ["segment": "odd"]])["count"] == 2)
      #expect(try found(client, ["segment": "ann"]) == [2, 4, 5])
      try daemon.kill9()
      try daemon.start()
      client = try daemon.client()
      #expect(try found(client, ["segment": "ann"]) == [2, 4, 5])
      #expect(try found(client, ["and": [["segment": "ann"], ["archived": true]]]) == [1, 3])
      #expect(try client.call("lead.restore", ["filter": ["segment": "ann"]])["count"] == 2)
      #expect(try client.refusal("segment.delete", ["segment": "ann"])?.data["conflict"] == "segment-in-use")
    }

    @Test("an order by long texts goes on page by page, and a cursor of another order is refused by name")
    func cursors() throws {
      let client = try prepared().client()
      for lead in 1...4 {
        let text = String(repeating: "é", count: 7_000) + "\(lead % 2)"
        try client.call("lead.update", ["leadID": JSON(lead), "custom": ["note": .string(text)]])
      }
      var ids: [Int64] = []
      var params: JSONObject = ["sort": ["custom.note", "-custom.note", "custom.note", "-leadID"], "limit": 1]
      for _ in 0..<4 {
        let page = try client.call("lead.find", .object(params))
        ids += page["leads"]?.arrayValue?.map(\.leadID) ?? []
        params["cursor"] = page["nextCursor"]
      }
      #expect(ids == [4, 2, 3, 1])
      let first = try client.call("lead.find", ["limit": 1])["nextCursor"] ?? .null
      for cursor in ["x", "W10=", first] {
        let refusal = try client.refusal("lead.find", ["sort": "rank", "cursor": cursor])
        #expect(refusal?.reason == "invalid-params" && refusal?.data["field"] == "cursor")
      }
      let zero: JSON = ["filter": ["custom.\u{0}": 1]]
      #expect(try client.refusal("lead.find", zero)?.reason == "invalid-params")
      let custom: JSON = ["leadID": 1, "custom": ["\u{0}": 1]]
      #expect(try client.refusal("lead.update", custom)?.reason == "invalid-params")
    }

    @Test("a unique field refuses a second lead with its value, also after a crash, and cut values are named")
    func fields() throws {
      let daemon = try prepared()
      var client = try daemon.client()
      try client.call("field.put", ["field": "custom.policy", "type": "text", "unique": true, "maximumLength": 4])
      try client.call("field.put", ["field": "lastName", "type": "text", "unique": true])
      func add(_ number: Int, _ more: JSONObject) throws -> Refusal? {
        var params: JSONObject = ["listID": 1, "phones": [.string("+1212555\(2000 + number)")]]
        for member in more.members { params[member.key] = member.value }
        return try client.refusal("lead.add", .object(params))
      }
      #expect(try add(1, ["custom": ["policy": "P-1"], "lastName": "Lee"]) == nil)
      #expect(try add(2, ["custom": ["policy": "P-1"]])?.data["leadID"] == 21)
      #expect(try add(2, ["lastName": "Lee"])?.data["field"] == "lastName")
      #expect(try add(2, [:]) == nil)
      try daemon.kill9()
      try daemon.start()
      client = try daemon.client()
      #expect(try add(3, ["custom": ["policy": "P-1"]])?.reason == "already-exists")
      let cut = try client.call("lead.update", ["leadID": 1, "custom": ["policy": "P-12345"]])
      #expect(cut["cut"] == ["custom.policy"] && cut["custom"] == ["policy": "P-12"])
    }

    @Test("a contact shows the person's leads and calls; a deleted lead leaves its calls and no name in the files")
    func contactAndDeletion() throws {
      let daemon = try prepared()
      let client = try daemon.client()
      try client.call("campaign.start", ["campaignID": "c"])
      let secret = "Qwertzuiop"
      for list in [1, 2] {
        try client.call(
          "lead.add",
          [
            "listID": JSON(list), "phones": [.string("+121255530\(list)0")], "email": .string("\(secret)@example.com"),
            "lastName": .string(secret), "custom": ["note": .string(secret)], "requestID": .string("r\(list)"),
          ])
      }
      try client.call("lead.update", ["leadID": 21, "firstName": .string(secret), "requestID": "u"])
      try client.call("event.subscribe", ["types": ["attempt.ended"]])
      let attempt = try client.call("lead.dial", ["leadID": 21, "campaignID": "c"])["attemptID"] ?? .null
      try client.events { $0.type == "attempt.ended" }
      try client.call("call.note", ["attemptID": attempt, "notes": .string(secret)])
      let contact = try client.call("contact.get", ["email": .string("\(secret.lowercased())@example.com")])
      #expect(contact["leads"]?.arrayValue?.map(\.leadID) == [21, 22])
      #expect(contact["calls"]?[0]?["notes"] == .string(secret))

      #expect(try client.call("lead.delete", ["filter": ["lastName": .string(secret)]])["count"] == 2)
      #expect(try found(client, ["lastName": .string(secret)]).isEmpty)
      let calls = try client.call("report.calls", ["filter": ["leadID": 21]])["attempts"]?.arrayValue ?? []
      #expect(calls.count == 1 && calls[0]["leadDeleted"] == true && calls[0]["notes"] == .null)
      #expect(try daemon.stop() == 0)
      for name in try FileManager.default.contentsOfDirectory(atPath: daemon.folder.path(""))
      where name.contains("sqlite") {
        let data = try Data(contentsOf: URL(fileURLWithPath: daemon.folder.path(name)))
        #expect(data.range(of: Data(secret.utf8)) == nil, "\(name)")
      }
    }
  }
}
