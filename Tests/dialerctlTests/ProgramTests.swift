import ControlProtocol
import DaemonSystem
import DialerModel
import Glibc
import Testing

@testable import dialerctl

@Suite("Calling the daemon")
struct ProgramTests {
  @Test("evidence verify ends with 1 when a record does not fit, and with 0 when all do", arguments: [true, false])
  func evidenceVerify(fits: Bool) {
    let answer = #"{"jsonrpc":"2.0","id":1,"result":{"fits":\#(fits),"checked":36,"detail":"The attempt 37"}}"#
    let host = FakeHost(.success(FakeConnection([[answer]])))
    #expect(run("evidence verify --since 2026-01-01T00:00:00Z", on: host) == (fits ? 0 : 1))
    #expect(host.output.contains("The attempt 37"))
  }

  @Test(
    "daemon reload ends with 78 when the configuration has a fault, dry or not",
    arguments: [
      (#"{"reloaded":false,"faults":["a:1:2: wrong"]}"#, 78), (#"{"reloaded":false,"faults":[]}"#, 0),
      (#"{"reloaded":true,"faults":[]}"#, 0),
    ])
  func reload(result: String, status: Int32) {
    let answer = #"{"jsonrpc":"2.0","id":1,"result":\#(result)}"#
    #expect(run("daemon reload", on: FakeHost(.success(FakeConnection([[answer]])))) == status)
  }

  @Test(
    "a file that comes in pieces is written as it is, one behind the other, and nothing else",
    arguments: [("evidence export", "csv"), ("import download --importID i1 --rows invalid", "data")])
  func file(command: String, member: String) {
    let first = #"{"jsonrpc":"2.0","id":1,"result":{"\#(member)":"a,b\r\n1,2\r\n","nextCursor":"x"}}"#
    let second = #"{"jsonrpc":"2.0","id":2,"result":{"\#(member)":"3,4\r\n"}}"#
    let connection = FakeConnection([[first], [second]])
    let host = FakeHost(.success(connection))
    #expect(run(command, on: host) == 0)
    #expect(host.output == "a,b\r\n1,2\r\n3,4\r\n")
    #expect(connection.requests.last?["params"]?["cursor"] == "x")
  }

  @Test("a call sends one request, and prints the result as it is asked to")
  func outputs() throws {
    let result = #"{"listID":101,"name":"Gold","active":true}"#
    let expected = [
      ("", "listID: 101\nname:   Gold\nactive: yes\n"), ("--json", result + "\n"),
      ("--pretty", "{\n  \"listID\": 101,\n  \"name\": \"Gold\",\n  \"active\": true\n}\n"),
    ]
    for (flag, text) in expected {
      let connection = FakeConnection([[answer(1, result)]])
      let host = FakeHost(.success(connection))
      #expect(run("list get --listID 101 \(flag)", on: host) == 0)
      #expect(host.output == text && host.errors.isEmpty)
      let request: JSON = ["jsonrpc": "2.0", "id": 1, "method": "list.get", "params": ["listID": 101]]
      #expect(connection.requests == [request])
    }
  }

  @Test("every page is asked for by the cursor of the one before, under one heading")
  func pages() {
    let replies = [
      [answer(1, #"{"agents":[{"agentID":"ann","state":"ready"}],"nextCursor":"b"}"#)],
      [answer(2, #"{"agents":[{"agentID":"bartholomew","state":"paused"}],"nextCursor":"c"}"#)],
      [answer(3, #"{"agents":[]}"#)],
    ]
    var connection = FakeConnection(replies)
    var host = FakeHost(.success(connection))
    #expect(run("lead find --all", on: host) == 0)
    #expect(host.output == "AGENT  STATE\nann    ready\nbartholomew  paused\n")
    #expect(connection.requests.map { $0["params"]?["cursor"] } == [nil, "b", "c"])
    connection = FakeConnection(replies)
    host = FakeHost(.success(connection))
    #expect(run("lead find --all --json", on: host) == 0)
    #expect(host.output.split(separator: "\n").count == 3)
  }

  @Test("one page says how to get the next")
  func onePage() {
    let host = FakeHost(replies: [answer(1, #"{"agents":[{"agentID":"ann"}],"nextCursor":"b"}"#)])
    #expect(run("lead find", on: host) == 0)
    #expect(host.output.contains("--cursor b") && host.output.contains("--all"))
  }

  @Test("a daemon that names the same page again is not followed round and round")
  func sameCursor() {
    let page = #"{"leads":[],"nextCursor":"b"}"#
    let host = FakeHost(replies: [answer(1, page)], [answer(2, page)], [answer(3, page)])
    #expect(run("lead find --all", on: host) == 76)
  }

  /// Changing one of these breaks scripts.
  static let codes: [ErrorReason: Int32] = [
    .parseError: 76, .invalidRequest: 76, .unknownMethod: 76, .invalidParams: 65, .internalError: 70, .notFound: 66,
    .alreadyExists: 73, .conflict: 80, .refused: 81, .notPermitted: 77, .tooLarge: 82, .busy: 75, .unavailable: 69,
    .ambiguous: 83,
  ]

  @Test("each reason of the daemon has its exit status, and is shown and printed", arguments: ErrorReason.allCases)
  func reasons(reason: ErrorReason) throws {
    let error = RequestError(reason, "It is so.", details: ["field": "listID", "accepted": ["1", "2"]])
    let host = FakeHost(replies: [refusal(1, error)])
    #expect(run("list get --listID 101 --json", on: host) == Self.codes[reason])
    #expect(host.output == error.json.text + "\n")
    #expect(
      host.errors == """
        dialerctl: It is so.
          reason:   \(reason.rawValue)
          field:    listID
          accepted: 1, 2

        """)
  }

  @Test("the words of this program have their exit status too, and each word stands once")
  func ownCodes() {
    let own = [
      "usage": 64, "no-daemon": 69, "connection-lost": 74, "timeout": 74, "unreadable-answer": 76, "config": 78,
      "unreadable-file": 66, "unwritable-file": 73, "interrupted": 130,
    ]
    for (reason, code) in own { #expect(ExitCode.code(of: reason) == Int32(code)) }
    #expect(Set(ExitCode.table.map(\.reason)).count == ExitCode.table.count)
    #expect(ExitCode.table.count == own.count + ErrorReason.allCases.count)
    #expect(ExitCode.code(of: "of-the-future") == 1)
  }

  @Test("a refused dial shows its gates as a table")
  func refused() {
    let gates: JSON = [
      ["gate": "status", "passes": true, "detail": "NEW"],
      ["gate": "calling-hours", "passes": false, "detail": "closed", "until": "2026-11-20T22:00:00.000Z"],
    ]
    let host = FakeHost(replies: [refusal(1, .refused(gates: gates))])
    #expect(run("lead dial --leadID 7 --campaignID c", on: host) == 81)
    #expect(host.output.isEmpty)
    #expect(
      host.errors == """
        dialerctl: The dial is not allowed: calling-hours.
          reason: refused

          gates:
            GATE           PASSES  UNTIL                 DETAIL
            status         yes     -                     NEW
            calling-hours  no      2026-11-20 22:00:00Z  closed

        """)
  }

  @Test("an error found before anything is sent is printed as the daemon's would be")
  func localError() throws {
    let host = FakeHost()
    #expect(run("list get --listID x --json", on: host) == 65)
    let printed = try JSON(parsing: host.output.dropLast().description)
    #expect(printed["data"]?["reason"] == "invalid-params" && printed["data"]?["field"] == "listID")
    #expect(printed["data"]?["value"] == "x" && host.paths.isEmpty)
  }

  static let endings: [(lines: [String], code: Int32, String?)] = [
    ([], 74, "connection-lost"), (["garbage"], 76, "unreadable-answer"), ([answer(2, "{}")], 76, "unreadable-answer"),
    ([#"{"jsonrpc":"2.0","id":1}"#], 76, "unreadable-answer"),
    ([#"{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"x"}}"#], 76, "unreadable-answer"),
    ([event(1), answer(1, "{}")], 0, nil),
  ]

  @Test("an answer that does not come, or makes no sense, has its own status", arguments: endings)
  func ending(lines: [String], code: Int32, reason: String?) {
    let host = FakeHost(replies: lines)
    #expect(run("list list", on: host) == code)
    if let reason { #expect(host.errors.contains(reason)) } else { #expect(host.errors.isEmpty) }
  }

  @Test("an answer that is late has its own reason, and says what is not known")
  func late() {
    let host = FakeHost(.success(FakeConnection([[]], ending: SystemError("receive", code: ETIMEDOUT))))
    #expect(run("list list", on: host) == 74)
    #expect(host.errors.contains("reason:  timeout") && host.errors.contains("--requestID"))
  }

  @Test("a peer without a role reads why, though the daemon takes no request of it")
  func refusedPeer() {
    let error = RequestError(.notPermitted, "This user has no role.")
    let connection = FakeConnection([[#"{"jsonrpc":"2.0","id":null,"error":\#(error.json.text)}"#]])
    connection.failsToSend = true
    let host = FakeHost(.success(connection))
    #expect(run("list list", on: host) == 77)
    #expect(host.errors.hasPrefix("dialerctl: This user has no role.\n"))
  }

  @Test(
    "where nobody listens, and where the user may not, are told apart",
    arguments: [(ENOENT, 69), (ECONNREFUSED, 69), (EACCES, 77)])
  func noDaemon(code: Int32, status: Int) {
    let host = FakeHost(.failure(SystemError("connect", code: code, subject: "s")))
    #expect(run("list list --socket s", on: host) == Int32(status))
    #expect(host.errors.contains("socket:"))
  }
}
