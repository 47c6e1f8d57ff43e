import ControlProtocol
import DaemonSystem
import DialerModel
import Glibc
import Testing

@testable import dialerctl

/// The numbers of the events in lines of `--json`.
private func numbers(_ output: String) -> [Int64] {
  output.split(separator: "\n").compactMap { line in
    (try? JSON(parsing: String(line)))?["params"]?["seq"]?.integerValue
  }
}

private func froms(_ connection: FakeConnection) -> [JSON?] {
  connection.requests.filter { $0["method"] == "event.subscribe" }.map { $0["params"]?["from"] }
}

private let tooOld = RequestError(.notFound, "Event 1 is no longer kept.", details: ["oldest": 40])

@Suite("Events")
struct EventsTests {
  @Test("without --follow it ends at the last event of the moment when it began")
  func kept() {
    let connection = FakeConnection([
      [answer(1, #"{"lastEvent":9}"#)], [answer(2, #"{"next":7}"#), event(7), event(8), event(9), event(10)],
    ])
    let host = FakeHost(.success(connection))
    #expect(run("events --from 7 --json", on: host) == 0)
    #expect(numbers(host.output) == [7, 8, 9])
    #expect(host.output.hasPrefix(event(7) + "\n"))
    #expect(froms(connection) == [7])
  }

  @Test("types and campaign choose among what is kept, and the end is found all the same")
  func chosen() {
    let of = #","campaignID":"c""#
    let replies = [
      [answer(1, #"{"lastEvent":4}"#)],
      [
        answer(2, "{}"), event(1, "lead.added", of), event(2, "attempt.ended", of), event(3, "attempt.ended"), event(4),
      ],
    ]
    for (flags, expected) in [
      ("--types attempt.ended", [2, 3]), ("--campaignID c", [1, 2] as [Int64]),
      ("--types attempt.ended --campaignID c", [2]),
    ] {
      let host = FakeHost(.success(FakeConnection(replies)))
      #expect(run("events \(flags) --json", on: host) == 0)
      #expect(numbers(host.output) == expected)
    }
  }

  @Test(
    "an empty journal, and a number that is yet to come, print nothing",
    arguments: [("events", 0), ("events --from 10", 9)])
  func nothing(arguments: String, last: Int) {
    let host = FakeHost(replies: [answer(1, #"{"lastEvent":\#(last)}"#)])
    #expect(run(arguments, on: host) == 0)
    #expect(host.output.isEmpty)
  }

  @Test("without a number it begins at the oldest event that is kept")
  func oldest() {
    let connection = FakeConnection([
      [answer(1, #"{"lastEvent":41}"#)], [refusal(2, tooOld)], [answer(3, "{}"), event(40), event(41)],
    ])
    let host = FakeHost(.success(connection))
    #expect(run("events --json", on: host) == 0)
    #expect(numbers(host.output) == [40, 41])
    #expect(froms(connection) == [1, 40])
  }

  @Test("a number that is no longer kept is an error, because events were missed", arguments: ["", "--follow"])
  func tooLate(flag: String) {
    let status = flag.isEmpty ? [[answer(1, #"{"lastEvent":41}"#)]] : []
    let host = FakeHost(.success(FakeConnection(status + [[refusal(flag.isEmpty ? 2 : 1, tooOld)]])))
    #expect(run("events --from 2 \(flag)", on: host) == 66)
    #expect(host.errors.contains("oldest: 40") && host.pauses.isEmpty)
  }

  @Test("a connection lost among the kept events is an error")
  func lostWhileReading() {
    let host = FakeHost(replies: [answer(1, #"{"lastEvent":9}"#)], [answer(2, "{}"), event(1)])
    #expect(run("events --json", on: host) == 74)
    #expect(numbers(host.output) == [1])
  }

  @Test("a lost daemon is waited for, longer each time, and asked from the next event on")
  func reconnects() {
    let first = FakeConnection([[answer(1, #"{"next":5}"#), event(5), event(6)]])
    let second = FakeConnection(
      [[answer(1, #"{"next":7}"#), event(7)]], ending: SystemError("receive", code: ECONNRESET))
    let third = FakeConnection([[answer(1, #"{"next":8}"#), event(7), event(8)]])
    let last = FakeConnection([[refusal(1, tooOld)]])
    let host = FakeHost(
      .success(first), FakeHost.nobody, FakeHost.nobody, .success(second), .success(third), .success(last))
    #expect(run("events --follow --json --types lead.added", on: host) == 66)
    #expect(numbers(host.output) == [5, 6, 7, 8])
    #expect([first, second, third, last].map(froms) == [[nil], [7], [8], [9]])
    #expect(first.requests[0]["params"] == ["types": ["lead.added"]])
    #expect(host.pauses.map(\.milliseconds) == [250, 500, 1000, 250, 250])
    #expect(host.errors.contains("Trying again from event 7 in 0.25 s."))
    #expect(host.errors.contains("connected again"))
    #expect(numbers(host.flushed) == [5, 6, 7, 8])
  }

  @Test("a journal that was put back to an earlier state is taken up where it ends, and that is said")
  func restored() {
    let host = FakeHost(
      .success(FakeConnection([[answer(1, #"{"next":50}"#), event(50)]])),
      .success(FakeConnection([[answer(1, #"{"next":20}"#), event(20), event(21)]])))
    host.pausesBeforeInterrupt = 2
    #expect(run("events --follow --json", on: host) == 0)
    #expect(numbers(host.output) == [50, 20, 21])
    #expect(host.errors.contains("Event 51 is not there"))
  }

  @Test("the pause grows to ten seconds and no further")
  func longestPause() {
    let host = FakeHost(.success(FakeConnection([[answer(1, #"{"next":1}"#)]])))
    host.pausesBeforeInterrupt = 9
    #expect(run("events --follow", on: host) == 0)
    #expect(host.pauses.map(\.milliseconds) == [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000])
  }

  @Test("a daemon that is busy or shutting down is tried again", arguments: [ErrorReason.busy, .unavailable])
  func passing(reason: ErrorReason) {
    let host = FakeHost(
      .success(FakeConnection([[answer(1, #"{"next":3}"#), event(3)]])),
      .success(FakeConnection([[refusal(1, RequestError(reason, "Later."))]])),
      .success(FakeConnection([[answer(1, #"{"next":4}"#), event(4)]])))
    host.pausesBeforeInterrupt = 3
    #expect(run("events --follow --json", on: host) == 0)
    #expect(numbers(host.output) == [3, 4])
  }

  @Test("a daemon that is not there at the start is an error at once")
  func neverThere() {
    let host = FakeHost(FakeHost.nobody)
    #expect(run("events --follow", on: host) == 69)
    #expect(host.pauses.isEmpty)
  }

  @Test("a person reads one line an event, by the keys of the log")
  func line() throws {
    let params: JSON = [
      "seq": 9041, "at": "2026-11-20T14:03:11.123Z", "type": "attempt.ended", "leadID": 7, "vendorLeadCode": "CRM 7",
      "campaignID": "spring", "listID": 101, "attemptID": 51, "callID": "1fx0", "agentID": nil, "outcome": "busy",
      "ringSeconds": 2.5, "counted": true, "reason": "", "note": "a\nb",
    ]
    #expect(
      EventLine.text(params) == "2026-11-20T14:03:11.123Z 9041 attempt.ended      lead=7 vlc=\"CRM 7\" "
        + "campaign=spring list=101 attempt=51 call=1fx0 outcome=busy ringSeconds=2.5 counted=true reason=\"\" note=a\\nb"
    )
    #expect(EventLine.text(["seq": 1, "at": "x", "type": "config.reloaded"]) == "x 1 config.reloaded")
  }
}
