import ControlProtocol
import DaemonSystem
import DialerModel
import Testing

@testable import dialerctl

private let status = MethodTable.method("daemon.status")?.example.text ?? ""
private let campaigns =
  #"{"campaigns":[{"campaignID":"spring","name":"Spring","dialMode":"progressive","state":"running"},"#
  + #"{"campaignID":"gone","state":"stopped"},{"campaignID":"bare","state":"paused"}]}"#
private let lists = MethodTable.method("campaign.lists")?.example.text ?? ""

/// What one look asks for.
private func look(from id: Int) -> [[String]] {
  [
    [answer(id, status)], [answer(id + 1, campaigns)], [answer(id + 2, lists)],
    [refusal(id + 3, .notFound("campaign", "gone"))], [answer(id + 4, #"{"lists":[]}"#)],
  ]
}

@Suite("Status")
struct StatusTests {
  static let dashboard = """
    dialerd 1.0.0   up 1d 00:00:00   pid 412   2026-11-20 14:03:11Z
    leads 1000   lists 3   campaigns 1   live calls 12   last event 9041
    database dialer.sqlite   time zones 2026b

    TRUNK  KIND       STATE  LIVE  MAXIMUM  PER SECOND
    sim    simulator  up       12      200          50

    campaign spring   running   progressive   Spring
      LIST  NAME  TO DIAL  WEIGHT  SHARE %  STRATEGY  TOTAL  DIALABLE  DIALLED
       101  Gold  yes          70       35  standard   1000       412      230

    campaign bare   paused   -   -
      no lists

    """

  @Test("it shows the daemon, its trunks, and each campaign that is still there with its lists")
  func once() {
    let host = FakeHost(.success(FakeConnection(look(from: 1))))
    #expect(run("status", on: host) == 0)
    #expect(host.output == Self.dashboard)
    #expect(host.pauses.isEmpty && !host.endsOnInterrupt)
  }

  @Test("for programs it is one object on one line")
  func json() throws {
    let host = FakeHost(.success(FakeConnection(look(from: 1))))
    #expect(run("status --json", on: host) == 0)
    let printed = try JSON(parsing: String(host.output.dropLast()))
    #expect(printed["status"]?.text == status)
    #expect(printed["campaigns"]?[0]?["lists"]?[0]?["listID"] == 101)
    #expect(printed["campaigns"]?.arrayValue?.count == 2)
  }

  @Test("a terminal is drawn over in place, and cut to its size")
  func redrawn() {
    let host = FakeHost(.success(FakeConnection(look(from: 1) + look(from: 6))))
    host.screen = Screen(columns: 30, rows: 5)
    host.pausesBeforeInterrupt = 2
    #expect(run("status --watch 5", on: host) == 0)
    #expect(host.pauses == [.seconds(5), .seconds(5)] && host.endsOnInterrupt)
    let frames = host.output.split(separator: "\u{1B}[H", omittingEmptySubsequences: true)
    #expect(frames.count == 2 && frames[0] == frames[1])
    let lines = frames[0].split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 5 && lines[0] == "dialerd 1.0.0   up 1d 00:00:0…\u{1B}[K" && lines[4] == "\u{1B}[J")
    #expect(host.paths.count == 1)
    #expect(host.flushed == host.output)
  }

  @Test("elsewhere the frames follow each other, a blank line between them")
  func plain() {
    let host = FakeHost(.success(FakeConnection(look(from: 1) + look(from: 6))))
    host.pausesBeforeInterrupt = 2
    #expect(run("status --watch", on: host) == 0)
    #expect(host.output == Self.dashboard + "\n" + Self.dashboard)
  }

  @Test("a daemon that goes away is said to be away, and shown again when it is back")
  func absent() {
    let host = FakeHost(
      .success(FakeConnection(look(from: 1))), FakeHost.nobody, .success(FakeConnection(look(from: 1))))
    host.pausesBeforeInterrupt = 4
    #expect(run("status --watch --socket s", on: host) == 0)
    #expect(host.output == Self.dashboard + "\n" + Self.dashboard)
    #expect(host.errors.contains("The connection was lost.") && host.errors.contains("No daemon answers on s."))
  }

  @Test("once, a daemon that is not there is an error; what will not pass ends a watch too")
  func errors() {
    #expect(run("status", on: FakeHost(FakeHost.nobody)) == 69)
    let host = FakeHost(replies: [refusal(1, RequestError(.notPermitted, "No."))])
    #expect(run("status --watch", on: host) == 77)
  }

  @Test(
    "a time that something is up is told in days and hours",
    arguments: [
      (0.0, "00:00:00"), (59.9, "00:00:59"), (3_661, "01:01:01"), (86_399, "23:59:59"), (90_061, "1d 01:01:01"),
      (-5, "00:00:00"), (1e300, "11574074d 01:46:40"),
    ])
  func duration(seconds: Double, expected: String) {
    #expect(Dashboard.duration(seconds) == expected)
  }
}
