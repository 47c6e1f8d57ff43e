import DialerModel
import Testing

/// What must hold of every journal, call log and dial log, seen from outside.
struct CallCourse {
  let events: [JSON]
  let attempts: [JSON]
  let leads: [JSON]
  let dialLog: [(callID: String, number: String)]

  /// Reads all of it; the daemon must have nothing under way.
  init(_ daemon: DaemonUnderTest) throws {
    let client = try daemon.client()
    attempts = try client.allAttempts()
    leads = try client.allLeads()
    events = try ControlClient.journal(path: daemon.socketPath)
    dialLog = daemon.dialLog
  }

  var started: [JSON] { events.filter { $0.type == "attempt.started" } }
  var ended: [JSON] { events.filter { $0.type == "attempt.ended" } }

  func check() {
    checkNumbers()
    checkDialLog()
    checkOutcomes()
    checkCalledCounts()
  }

  /// `seq` goes up by one, from one.
  func checkNumbers() {
    #expect(events.map(\.seq) == (0..<Int64(events.count)).map { $0 + 1 }, "seq has no gap and no repeat")
  }

  /// What reached the line was claimed first, each claim once.
  func checkDialLog() {
    let calls = dialLog.map(\.callID)
    #expect(Set(calls).count == calls.count, "no call is dialled twice")
    let claims = Dictionary(started.map { ($0.callID, $0) }) { first, _ in first }
    #expect(claims.count == started.count, "no call id is used twice")
    let attempts = dialLog.compactMap { claims[$0.callID]?.attemptID }
    #expect(Set(attempts).count == attempts.count, "no attempt is dialled twice")
    for call in dialLog {
      #expect(claims[call.callID]?["phone"] == .string(call.number), "the call \(call.callID) was claimed")
    }
  }

  /// Each attempt has one beginning and one end, and the call log says the same.
  func checkOutcomes() {
    let begun = started.map(\.attemptID)
    let over = ended.map(\.attemptID)
    #expect(begun.sorted() == over.sorted(), "each attempt that began ended once")
    #expect(Set(begun).count == begun.count, "each attempt began once")
    let outcomes = Dictionary(ended.map { ($0.attemptID, $0) }) { first, _ in first }
    #expect(attempts.map(\.attemptID).sorted() == begun.sorted(), "the call log has every attempt once")
    for attempt in attempts {
      let end = outcomes[attempt.attemptID]
      #expect(attempt["outcome"] == end?["outcome"], "the outcome of attempt \(attempt.attemptID)")
      #expect(attempt["counted"] == end?["counted"], "whether attempt \(attempt.attemptID) counts")
      #expect(attempt["callID"] == end?["callID"], "the call of attempt \(attempt.attemptID)")
    }
  }

  /// A lead's called count is the number of its attempts that count.
  func checkCalledCounts() {
    let counted = attempts.filter { $0["counted"] == true }
    let counts = Dictionary(counted.map { ($0.leadID, Int64(1)) }, uniquingKeysWith: +)
    for lead in leads {
      #expect(
        lead["calledCount"]?.integerValue == counts[lead.leadID, default: 0], "the called count of lead \(lead.leadID)")
    }
  }
}
