import DialerModel
import Testing

extension EndToEnd {
  @Suite(.serialized)
  struct ProtocolLeadTests {
    /// Changes of every kind, on what ``prepared()`` makes.
    private static let changes: [(method: String, params: JSONObject)] = [
      ("campaign.create", ["campaignID": "new", "callingHours": "always"]),
      ("campaign.update", ["campaignID": "c", "calledCountLimit": 1]),
      ("campaign.start", ["campaignID": "c"]),
      ("campaign.assignList", ["campaignID": "c", "listID": 1, "toDial": false]),
      ("campaign.unassignList", ["campaignID": "c", "listID": 1]),
      ("campaign.setLists", ["campaignID": "c", "lists": []]),
      ("list.create", ["listID": 77, "name": "New"]),
      ("list.update", ["listID": 1, "name": "Other"]),
      ("list.reset", ["listID": 1]),
      ("strategy.put", ["strategyID": "new"]),
      ("callingHours.put", ["callingHoursID": "new", "weekly": ["monday": ["09:00-12:00"]]]),
      ("lead.add", ["listID": 1, "vendorLeadCode": "NEW", "phones": ["+12125551234"]]),
      ("lead.update", ["leadID": 1, "firstName": "Ann"]),
      ("lead.setStatus", ["leadID": 1, "completed": true]),
      ("lead.setStatus", ["filter": ["listID": 1], "completed": true]),
      ("lead.move", ["leadID": 1, "listID": 2]),
      ("lead.delete", ["leadID": 1]),
      ("lead.delete", ["filter": ["listID": 1]]),
      ("lead.dial", ["leadID": 1, "campaignID": "manual"]),
      ("lead.next", ["campaignID": "manual", "agentID": "ann"]),
      ("lead.schedule", ["leadID": 1, "campaignID": "c", "callbackAt": "2030-01-01T10:00:00.000Z"]),
      ("agent.login", ["agentID": "bob", "campaignIDs": ["c"]]),
      ("agent.setState", ["agentID": "ann", "state": "paused"]),
      ("dnc.add", ["phones": ["+12125550001"]]),
      ("daemon.reload", [:]),
    ]

    @Test("a dry run changes nothing, whatever is asked for")
    func dryRun() throws {
      let daemon = try prepared()
      let client = try daemon.client()
      let before = try state(client)
      for change in Self.changes {
        var params = change.params
        params["dryRun"] = true
        let refusal = try client.refusal(change.method, .object(params))
        #expect(refusal == nil, "\(change.method): \(refusal?.message ?? "")")
        let after = try state(client)
        #expect(after == before, "\(change.method) \(change.params.keys)")
      }
      #expect(daemon.dialLog.isEmpty)
    }

    /// All that a client can see, but for what goes on by itself.
    private func state(_ client: ControlClient) throws -> [JSON] {
      let status = try client.call("daemon.status")
      return [
        status["lastEvent"] ?? .null, status["liveCalls"] ?? .null, try client.call("campaign.list"),
        try client.call("list.list"), try client.call("campaign.lists", ["campaignID": "c"]),
        try client.call("campaign.lists", ["campaignID": "manual"]), try client.call("strategy.list"),
        try client.call("callingHours.list"), try client.call("agent.list"), .array(try client.allLeads()),
        try client.call("dnc.check", ["phones": ["+12125550001"]]),
      ]
    }

    /// Every method that names one lead, with what else it needs.
    private static let ofOneLead: [(method: String, more: JSONObject)] = [
      ("lead.get", [:]),
      ("lead.get", ["campaignID": "c"]),
      ("lead.history", [:]),
      ("lead.explain", ["campaignID": "c"]),
      ("lead.update", ["firstName": "Ann"]),
      ("lead.setStatus", ["owner": "sales"]),
      ("lead.schedule", ["campaignID": "c", "callbackAt": "2030-01-01T10:00:00.000Z"]),
      ("lead.unschedule", ["campaignID": "c"]),
      ("lead.dial", ["campaignID": "manual", "dryRun": true]),
    ]

    @Test("either id names the lead in every call, and the reply has both")
    func eitherID() throws {
      let client = try prepared().client()
      for call in Self.ofOneLead {
        var byID = call.more
        byID["leadID"] = 1
        var byCode = call.more
        byCode["vendorLeadCode"] = "L1-0"
        let first = try client.call(call.method, .object(byID))
        let second = try client.call(call.method, .object(byCode))
        if call.method == "lead.history" {
          #expect(first == second)
          continue
        }
        for answer in [first, second] {
          #expect(answer["leadID"] == 1, "\(call.method): \(answer.text)")
          #expect(answer["vendorLeadCode"] == "L1-0", "\(call.method): \(answer.text)")
        }
      }
      try client.call("lead.next", ["campaignID": "manual", "agentID": "ann"])
      let reserved = try client.allLeads().first { $0["status"] == "QUEUE" }
      let code = try #require(reserved?["vendorLeadCode"])
      #expect(try client.call("lead.release", ["vendorLeadCode": code])["leadID"] == reserved?["leadID"])
      #expect(try client.call("lead.move", ["vendorLeadCode": "L1-2", "listID": 2])["leadID"] == 3)
      #expect(try client.call("lead.delete", ["vendorLeadCode": "L1-2"])["deleted"] == 1)
      #expect(try client.refusal("lead.get", ["leadID": 3])?.reason == "not-found")
    }

    @Test("a code that stands in several lists is ambiguous without a list, in every call")
    func ambiguous() throws {
      let client = try prepared().client()
      let twin = try client.call("lead.add", ["listID": 2, "vendorLeadCode": "L1-0", "phones": ["+12125559999"]])
      for call in Self.ofOneLead {
        var params = call.more
        params["vendorLeadCode"] = "L1-0"
        let refusal = try client.refusal(call.method, .object(params))
        #expect(refusal?.reason == "ambiguous", "\(call.method)")
        #expect(refusal?.data["leadIDs"] == [1, twin["leadID"] ?? .null], "\(call.method)")
      }
      #expect(try client.call("lead.get", ["vendorLeadCode": "L1-0", "listID": 2])["leadID"] == twin["leadID"])
      #expect(try client.call("lead.get", ["vendorLeadCode": "L1-0", "listID": 1])["leadID"] == 1)
    }

    /// A campaign that is not started, one that is and dials by hand, two lists, an agent.
    private func prepared() throws -> DaemonUnderTest {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      try client.makeCampaign(lists: [(listID: 1, weight: 100), (listID: 2, weight: 50)])
      try client.addLeads(20, to: 1)
      try client.makeCampaign("manual", mode: "manual", lists: [])
      try client.call("campaign.assignList", ["campaignID": "manual", "listID": 1])
      try client.call("campaign.start", ["campaignID": "manual"])
      try client.call("agent.login", ["agentID": "ann", "campaignIDs": ["manual"]])
      try client.call("agent.setState", ["agentID": "ann", "state": "ready"])
      return daemon
    }
  }
}
