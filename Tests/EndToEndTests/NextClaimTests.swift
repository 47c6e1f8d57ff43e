import DialerModel
import Testing

/// What a client changes holds for the very next claim. The reply and the events come on one connection, in the order of
/// the turns, so that every claim that is told after the reply was made after the change.
extension EndToEnd {
  @Suite(.serialized)
  struct NextClaimTests {
    @Test("a list that is switched off gives no further call")
    func listOff() throws {
      let (daemon, client) = try dialling(lists: [(1, 100), (2, 100)], leads: 300)
      try client.events(until: startedCount(40))
      try client.call("campaign.assignList", ["campaignID": "c", "listID": 1, "toDial": false])
      client.forgetEvents()
      let after = started(try client.events(until: startedCount(60)))
      #expect(after.allSatisfy { $0.listID == 2 })
      let lists = try client.lists()
      #expect(lists[1]?["dialableNow"] != 0, "the list that is off had leads left")
      try checkWhole(daemon, client)
    }

    @Test("a number that is added to the do-not-call list is not dialled any more")
    func doNotCall() throws {
      let (daemon, client) = try dialling(lists: [(1, 100)], leads: 300)
      try client.events(until: startedCount(40))
      // The standard order ends with the lead's id: these come last.
      let forbidden = (200..<300).map { ControlClient.phone(1, $0, digit: 0) }
      try client.call("dnc.add", ["phones": .array(forbidden.map { .string($0) })])
      try client.eventsUntilDry()
      let events = try ControlClient.journal(path: daemon.socketPath)
      let change = try #require(events.first { $0.type == "dnc.changed" })
      let before = started(events.filter { $0.seq < change.seq })
      let after = started(events.filter { $0.seq > change.seq })
      #expect(before.count >= 40)
      #expect(!after.isEmpty)
      #expect(after.allSatisfy { !forbidden.contains($0["phone"]?.stringValue ?? "") })
      let never = Set(forbidden).subtracting(before.compactMap { $0["phone"]?.stringValue })
      #expect(!never.isEmpty)
      #expect(daemon.dialLog.allSatisfy { !never.contains($0.number) })
    }

    @Test("a called-count limit that is lowered stops what has reached it")
    func limitLowered() throws {
      let (_, client) = try dialling(lists: [(1, 100)], leads: 60, digit: 5, settings: ["calledCountLimit": 9])
      try client.events { $0.type == "attempt.started" && ($0["calledCount"]?.integerValue ?? 0) >= 2 }
      try client.call("campaign.update", ["campaignID": "c", "calledCountLimit": 3])
      client.forgetEvents()
      let after = started(try client.eventsUntilDry())
      #expect(!after.isEmpty)
      #expect(after.allSatisfy { ($0["calledCount"]?.integerValue ?? 0) <= 3 })
      #expect(try client.allLeads().contains { $0["calledCount"] == 3 })
    }

    @Test("weights that are changed give the shares of the calls that follow")
    func weights() throws {
      let (_, client) = try dialling(lists: [(1, 100), (2, 100)], leads: 300)
      try client.events(until: startedCount(40))
      try client.call("campaign.assignList", ["campaignID": "c", "listID": 2, "weight": 300])
      client.forgetEvents()
      var calls: [Int64: Int] = [:]
      for (place, event) in started(try client.events(until: startedCount(120))).enumerated() {
        calls[event.listID, default: 0] += 1
        let exact = Double(place + 1) * 0.25
        #expect(abs(Double(calls[1, default: 0]) - exact) <= 2, "list 1 after \(place + 1) calls")
      }
    }

    @Test("a paused campaign makes no further call, and goes on when it is started again")
    func paused() throws {
      let (daemon, client) = try dialling(lists: [(1, 100)], leads: 300)
      try client.events(until: startedCount(40))
      try client.call("campaign.pause", ["campaignID": "c"])
      while try client.call("daemon.status")["liveCalls"] != 0 {
        try client.events { $0.type == "attempt.ended" }
      }
      try client.call("campaign.start", ["campaignID": "c"])
      try client.eventsUntilDry()
      let events = try ControlClient.journal(path: daemon.socketPath)
      let changes = Array(events.filter { $0.type == "campaign.state" }.suffix(3))
      #expect(changes.map { $0["state"] } == ["running", "paused", "running"])
      let between = events.filter { $0.seq > changes[1].seq && $0.seq < changes[2].seq }
      #expect(started(between).isEmpty)
      #expect(between.contains { $0.type == "attempt.ended" }, "live calls went on")
      #expect(started(events).count == 300)
      try checkWhole(daemon, client)
    }

    // MARK: Builders

    /// A campaign that is dialling, and a client that hears its events.
    private func dialling(
      lists: [(Int, Int)], leads: Int, digit: Int = 0, settings: JSONObject = [:]
    ) throws -> (DaemonUnderTest, ControlClient) {
      var options = DaemonUnderTest.Options()
      options.maximumCalls = 8
      let daemon = try DaemonUnderTest(options)
      let client = try daemon.client()
      try client.putQuickStrategy(limit: 200)
      try client.makeCampaign(
        lists: lists.map { (listID: $0.0, weight: $0.1) }, strategy: settings.isEmpty ? "standard" : "quick",
        settings: settings)
      for list in lists {
        try client.addLeads(leads, to: list.0, digits: [digit])
      }
      try client.call("event.subscribe")
      try client.call("campaign.start", ["campaignID": "c"])
      return (daemon, client)
    }

    private func started(_ events: [JSON]) -> [JSON] { events.filter { $0.type == "attempt.started" } }

    /// True at the count-th call begun.
    private func startedCount(_ count: Int) -> (JSON) -> Bool {
      var left = count
      return { event in
        if event.type == "attempt.started" { left -= 1 }
        return left == 0
      }
    }

    /// Nothing under way, then everything that must hold of a journal.
    private func checkWhole(_ daemon: DaemonUnderTest, _ client: ControlClient) throws {
      try client.call("campaign.pause", ["campaignID": "c"])
      while try client.call("daemon.status")["liveCalls"] != 0 {
        try client.events { $0.type == "attempt.ended" }
      }
      try CallCourse(daemon).check()
    }
  }
}
