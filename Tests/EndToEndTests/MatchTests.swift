import DialerModel
import Testing

extension EndToEnd {
  /// The six cases of a lead that exists already, over the socket and on a real database.
  @Suite(.serialized)
  struct MatchTests {
    private func daemon() throws -> DaemonUnderTest {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      try client.makeCampaign(lists: [(1, 100), (2, 100)])
      return daemon
    }

    private func add(_ client: ControlClient, _ list: Int, _ phone: Int, _ more: JSONObject) throws -> JSON {
      var params: JSONObject = ["listID": JSON(list), "phones": [.string("+1212555\(1000 + phone)")]]
      for member in more.members { params[member.key] = member.value }
      return try client.call("lead.add", .object(params))
    }

    @Test("each of the six cases does what it says, and the leads are so after a crash")
    func cases() throws {
      let daemon = try daemon()
      var client = try daemon.client()
      // (a)
      let bySource: JSONObject = ["match": "phone+source"]
      let first = try add(client, 1, 1, ["match": "phone+source", "source": "web"])
      #expect(try add(client, 1, 1, ["match": "phone+source", "source": "web"])["leadID"] == first["leadID"])
      #expect(try add(client, 1, 1, ["match": "phone+source", "source": "fair"])["action"] == "added")
      #expect(try add(client, 1, 1, bySource)["action"] == "added")
      // (b) and (c)
      let second = try add(client, 1, 2, ["match": "phone", "scope": "campaign"])
      let where0 = try add(
        client, 2, 2, ["match": "phone", "scope": "campaign", "onMatch": "update", "firstName": "Ann"])
      #expect(where0["leadID"] == second["leadID"] && where0["listID"] == 1 && where0["action"] == "updated")
      let moved = try add(client, 2, 2, ["match": "phone", "scope": "campaign", "onMatch": "move", "lastName": "Lee"])
      #expect(moved["leadID"] == second["leadID"] && moved["listID"] == 2 && moved["action"] == "moved")
      // (d)
      let third = try add(client, 1, 3, ["vendorLeadCode": "A"])
      #expect(try add(client, 1, 3, ["vendorLeadCode": "A"])["action"] == "updated")
      #expect(try add(client, 1, 3, ["vendorLeadCode": "B"])["action"] == "added")
      let anyway = try add(client, 1, 3, ["vendorLeadCode": "A", "onMatch": "add"])
      #expect(anyway["action"] == "added" && anyway["leadID"] != third["leadID"])
      // (e)
      let byEmail: JSONObject = ["match": "phone+email", "onMatch": "duplicate", "email": "ann@example.com"]
      #expect(try add(client, 1, 4, byEmail)["action"] == "added")
      let duplicate = try add(client, 1, 4, byEmail)
      #expect(duplicate["action"] == "duplicate")
      // (f)
      let who: JSONObject = [
        "match": "name+email", "scope": "tenant", "onMatch": "add", "firstName": "Ann", "lastName": "Lee",
        "email": "lee@example.com",
      ]
      let one = try add(client, 1, 5, who)
      let other = try add(client, 2, 6, who)
      #expect(other["action"] == "added" && other["leadID"] != one["leadID"])

      try daemon.kill9()
      try daemon.start()
      client = try daemon.client()
      let lead = try client.call("lead.get", ["leadID": second["leadID"] ?? .null])
      #expect(lead["listID"] == 2 && lead["firstName"] == "Ann" && lead["lastName"] == "Lee")
      #expect(try client.call("lead.get", ["leadID": duplicate["leadID"] ?? .null])["status"] == "DUP")
      #expect(try client.allLeads().count == 11)
    }

    @Test("of many additions of the same number sent at once one is added and the others find it")
    func pipelined() throws {
      let client = try daemon().client()
      let params: JSON = ["listID": 1, "phones": ["+12125551234"], "match": "phone", "onMatch": "skip"]
      let replies = try client.callAll(Array(repeating: ("lead.add", params), count: 100))
      #expect(replies.filter { $0["action"] == "added" }.count == 1)
      #expect(Set(replies.compactMap { $0["leadID"]?.integerValue }).count == 1)
    }
  }
}
