import DialerModel
import Foundation
import Testing

@testable import LeadStore

/// The proof of what was dialled, as an operator asks for it.
extension EndToEnd {
  @Suite(.serialized)
  struct EvidenceTests {
    private func control(_ daemon: DaemonUnderTest, _ words: String...) throws -> (status: Int32, output: String) {
      let run = try RunningProgram.run(
        try BuiltProgram.path("dialerctl"), words + ["--socket", daemon.socketPath], in: daemon.folder)
      return (run.status, run.output)
    }

    private func dialled() throws -> DaemonUnderTest {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      try client.makeCampaign(settings: ["seller": "Roof, Wall & Sons", "goods": "=1+1", "script": "v2"])
      try client.addLeads(450, to: 1, digits: [0, 5, 8])
      try client.call("event.subscribe")
      try client.call("campaign.start", ["campaignID": "c"])
      try client.eventsUntilDry()
      return daemon
    }

    @Test("dialerctl verifies the records and exports them; one that was changed is named, and the status is 1")
    func verifyAndExport() throws {
      let daemon = try dialled()
      let verified = try control(daemon, "evidence", "verify")
      #expect(verified.status == 0, "\(verified.output)")
      #expect(verified.output.contains("450"))

      let exported = try control(daemon, "evidence", "export", "--since", "2020-01-01T00:00:00Z")
      #expect(exported.status == 0)
      let lines = exported.output.components(separatedBy: "\r\n")
      #expect(lines.count == 452 && lines.last?.isEmpty == true)
      #expect(lines[0].hasPrefix("attemptID,callID,"))
      #expect(lines[1...450].allSatisfy { $0.contains(#","Roof, Wall & Sons",'=1+1,"#) && $0.contains(",v2,") })
      #expect(Set(lines[1...450].map { $0.prefix { $0 != "," } }).count == 450)
      let none = try control(daemon, "evidence", "export", "--until", "2020-01-01T00:00:00Z")
      #expect(none.status == 0 && none.output.components(separatedBy: "\r\n").count == 2)

      #expect(try daemon.stop() == 0)
      let store = try LeadStore(path: daemon.folder.path(daemon.options.database))
      // What one came to, and whom another called.
      try store.executeOnWriter("UPDATE attempt SET outcome = 2, endedAt = endedAt + 60000 WHERE attemptID = 400")
      store.close()
      try daemon.start()
      let otherwise = try control(daemon, "evidence", "verify")
      #expect(otherwise.status == 1)
      #expect(otherwise.output.contains("What the attempt 400 came to does not fit"))
      #expect(daemon.log.contains("evidence.broken"))
      #expect(try daemon.stop() == 0)
      let again = try LeadStore(path: daemon.folder.path(daemon.options.database))
      try again.executeOnWriter("UPDATE attempt SET phone = phone + 1 WHERE attemptID = 321")
      again.close()
      try daemon.start()
      let broken = try control(daemon, "evidence", "verify")
      #expect(broken.status == 1)
      #expect(broken.output.contains("attempt 321"))
    }

    @Test("attempts past their retention go, and the chain of the rest still fits")
    func retention() throws {
      let daemon = try DaemonUnderTest(starting: false)
      let store = try LeadStore(path: daemon.folder.path(daemon.options.database))
      var old = StoreTransaction()
      // Of 2001, and three centuries from now: on either side of any retention.
      for (number, year) in [(Int64(1), Int64(2001)), (2, 2001), (3, 2300)] {
        var attempt = Attempt(
          attemptID: AttemptID(number), callID: CallID(attempt: AttemptID(number), random: (1, 1)), leadID: LeadID(1),
          vendorLeadCode: nil, listID: ListID(1), campaignID: CampaignID("c"), tenant: .standard,
          phone: PhoneNumber(digits: 12_125_550_000), callerID: nil, trunk: TrunkName("sim"), agentID: nil,
          startedAt: Instant(seconds: (year - 1970) * 31_556_952), evidence: Array("{}".utf8))
        let events: [EventType] = [.attemptStarted, .attemptEnded]
        for type in events {
          if type == .attemptEnded { attempt.endedAt = attempt.startedAt + .seconds(9) }
          var event = JournalEvent(seq: Int64(old.events.count + 1), at: attempt.startedAt, type: type)
          event.attempt = attempt
          event.attemptID = attempt.attemptID
          old.events.append(event)
        }
      }
      try store.commit(old)
      store.close()
      try daemon.start()
      let client = try daemon.client()
      // They are taken out in the first second, beside everything else.
      for _ in 0..<100_000 {
        if daemon.log.contains("evidence.expired") { break }
        try client.call("daemon.status")
      }
      #expect(try client.call("report.calls")["attempts"]?.arrayValue?.compactMap { $0["attemptID"] } == [3])
      #expect(try client.call("evidence.verify") == ["fits": true, "checked": 1])
    }
  }
}
