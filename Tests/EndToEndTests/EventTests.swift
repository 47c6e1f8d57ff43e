import DialerModel
import LeadStore
import Testing

extension EndToEnd {
  @Suite(.serialized)
  struct EventTests {
    @Test("a lead that is added with priority now is the next to be dialled")
    func priorityNow() throws {
      var options = DaemonUnderTest.Options()
      options.maximumCalls = 2
      let daemon = try DaemonUnderTest(options)
      let client = try daemon.client()
      try client.makeCampaign()
      try client.addLeads(100, to: 1, digits: [0])
      try client.call("event.subscribe", ["types": ["attempt.started"]])
      try client.call("campaign.start", ["campaignID": "c"])
      var left = 10
      try client.events { _ in
        left -= 1
        return left == 0
      }
      let added = try client.call(
        "lead.add",
        ["listID": 1, "vendorLeadCode": "URGENT", "phones": ["+12125559990"], "priority": "now"])
      client.forgetEvents()
      let next = try #require(try client.nextEvent())
      // It may have gone out in the turn that took it in, before the reply.
      let journal = try ControlClient.journal(path: daemon.socketPath)
      let place = try #require(journal.firstIndex { $0.type == "lead.added" && $0.leadID == added.leadID })
      let first = journal[(place + 1)...].first { $0.type == "attempt.started" }
      #expect(first?["vendorLeadCode"] == "URGENT")
      #expect(next.seq >= first?.seq ?? .max)
      #expect(journal.filter { $0.type == "attempt.started" && $0.leadID == added.leadID }.count == 1)
    }

    @Test("a subscriber gets the journal from any number that is kept on, the same each time")
    func resumes() throws {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      try client.makeCampaign()
      try client.addLeads(60, to: 1, digits: [0, 5, 8])
      try client.call("campaign.start", ["campaignID": "c"])
      try client.call("event.subscribe")
      try client.eventsUntilDry()
      let journal = try ControlClient.journal(path: daemon.socketPath)
      #expect(journal.map(\.seq) == (1...Int64(journal.count)).map { $0 })
      for from in [2, journal.count / 2, journal.count] {
        let late = try daemon.client()
        let answer = try late.call("event.subscribe", ["from": JSON(from)])
        #expect(answer["next"] == JSON(from))
        let events = try late.events { $0.seq == Int64(journal.count) }
        #expect(events == Array(journal[(from - 1)...]), "from \(from)")
      }
      let some = try daemon.client()
      try some.call("event.subscribe", ["from": 1, "types": ["attempt.ended"], "campaignID": "c"])
      let ended = journal.filter { $0.type == "attempt.ended" }
      #expect(try some.events { $0.seq == ended.last?.seq } == ended)
    }

    @Test("a subscriber from before what is kept is told the oldest number, and can go on there")
    func olderThanKept() throws {
      let daemon = try DaemonUnderTest(starting: false)
      let store = try LeadStore(path: daemon.folder.path(daemon.options.database))
      var old = StoreTransaction()
      // Written in 2001: past any retention by now.
      old.events = (1...5).map { JournalEvent(seq: $0, at: Instant(seconds: 1_000_000_000), type: .agentState) }
      try store.commit(old)
      store.close()
      try daemon.start()
      let client = try daemon.client()
      // They are taken out in the first second, beside everything else.
      var refusal: Refusal?
      for _ in 0..<100_000 {
        refusal = try client.refusal("event.subscribe", ["from": 5])
        if refusal != nil { break }
      }
      #expect(refusal?.reason == "not-found")
      #expect(refusal?.data["oldest"] == 6)
      // The line in the log comes from another thread, in its own time.
      for _ in 0..<100_000 {
        if daemon.log.contains("events.expired") { break }
        try client.call("daemon.status")
      }
      #expect(daemon.log.contains("events.expired"))
      let next = try daemon.client()
      #expect(try next.call("event.subscribe", ["from": 6])["next"] == 6)
      try next.makeCampaign()
      #expect(try next.nextEvent()?.seq == 6)
    }

    @Test("events go on with the next number after a restart in order")
    func restart() throws {
      let daemon = try DaemonUnderTest()
      var client = try daemon.client()
      try client.makeCampaign()
      try client.addLeads(5, to: 1)
      let before = try ControlClient.journal(path: daemon.socketPath)
      #expect(try daemon.stop() == 0)
      try daemon.start()
      client = try daemon.client()
      try client.addLeads(5, to: 1, digits: [1])
      let after = try ControlClient.journal(path: daemon.socketPath)
      #expect(Array(after.prefix(before.count)) == before)
      #expect(after.map(\.seq) == (1...Int64(after.count)).map { $0 })
      #expect(after.count > before.count)
    }

    @Test("a number past the journal's end is answered with the next one to come")
    func future() throws {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      try client.makeCampaign()
      let next = try client.call("event.subscribe", ["from": .integer(.max)])["next"]?.integerValue ?? 0
      try client.addLeads(1, to: 1)
      #expect(try client.nextEvent()?.seq == next)
    }
  }
}
