import ControlProtocol
import DaemonSystem
import DialerModel
import Glibc
import Testing

@testable import dialerctl

private let summary = #"{"added":2,"updated":0,"invalid":1}"#
private let preview =
  #"{"counts":{"rows":3,"valid":2,"invalid":1},"rows":[{"line":3,"field":"phone1","reason":"too-short","#
  + #""message":"too short for US"}]}"#

private func status(_ id: Int, _ state: String = "open", received: Int = 0, _ more: String = "") -> String {
  answer(id, #"{"importID":"i1","state":"\#(state)","received":\#(received)\#(more)}"#)
}

private func methods(_ connection: FakeConnection) -> [String] {
  connection.requests.compactMap { $0["method"]?.stringValue }
}

/// What was sent of the file, in order.
private func sent(_ connection: FakeConnection) -> [JSON?] {
  connection.requests.filter { $0["method"] == "import.write" }.map { $0["params"]?["offset"] }
}

@Suite("Importing a file")
struct ImportTests {
  private let conversation: [[String]] = [
    [answer(1, #"{"importID":"i1"}"#)], [status(2)], [answer(3, #"{"received":11}"#)], [status(4, received: 11)],
    [answer(5, preview)], [status(6, received: 11)],
  ]

  private func host(_ connections: FakeConnection...) -> FakeHost {
    let host = FakeHost()
    host.connections = connections.map { .success($0) }
    host.inputFiles["f.csv"] = FakeFile("hello world")
    return host
  }

  @Test("it is opened, sent, shown, committed after a yes, and its summary printed")
  func whole() {
    let main = FakeConnection(conversation)
    let commit = FakeConnection([[answer(1, summary)]])
    let host = host(main, commit)
    host.answers = ["y"]
    #expect(run("import f.csv --list 4 --mapping Mobile=phone1 --on-match skip", on: host) == 0)
    #expect(
      methods(main) == [
        "import.open", "import.status", "import.write", "import.status", "import.preview", "import.status",
      ])
    #expect(
      main.requests[0]["params"] == ["onMatch": "skip", "listID": 4, "mapping": ["Mobile": "phone1"]]
        || main.requests[0]["params"] == ["listID": 4, "mapping": ["Mobile": "phone1"], "onMatch": "skip"])
    #expect(main.requests[2]["params"]?["data"] == "aGVsbG8gd29ybGQ=")
    #expect(commit.requests[0]["params"] == ["importID": "i1", "requestID": "commit-i1"])
    #expect(host.output.contains("invalid: 1\n") && host.output.contains("too short for US"))
    #expect(host.output.contains("3  phone1  too-short"))
    #expect(host.output.hasSuffix("importID: i1\nadded:    2\nupdated:  0\ninvalid:  1\n"))
    #expect(host.questions == ["Commit? [y/N] "])
  }

  @Test("with --yes nothing is asked, and with --json only the summary is printed")
  func json() {
    let host = host(FakeConnection(conversation), FakeConnection([[answer(1, summary)]]))
    #expect(run("import f.csv --list 4 --yes --json", on: host) == 0)
    #expect(host.questions.isEmpty)
    #expect(host.output == #"{"importID":"i1","added":2,"updated":0,"invalid":1}"# + "\n")
  }

  @Test("any other answer than yes commits nothing and says how to go on", arguments: ["n", "", "maybe"])
  func no(answer: String) {
    let main = FakeConnection(conversation)
    let host = host(main)
    host.answers = [answer]
    #expect(run("import f.csv --list 4", on: host) == 0)
    #expect(!methods(main).contains("import.commit") && host.paths.count == 1)
    #expect(host.errors.contains("dialerctl import --resume i1 f.csv"))
    #expect(host.errors.contains("dialerctl import cancel --importID i1"))
  }

  @Test("without a terminal to ask on and without --yes nothing is begun")
  func nobodyToAsk() {
    let host = host()
    #expect(run("import f.csv --list 4", on: host) == 64)
    #expect(host.paths.isEmpty && host.errors.contains("--yes"))
  }

  @Test("Ctrl-C leaves the import open, and the error says how to go on")
  func interrupted() {
    let main = FakeConnection(conversation)
    let host = host(main)
    host.pausesBeforeInterrupt = 1
    #expect(run("import f.csv --list 4 --yes", on: host) == 130)
    #expect(methods(main) == ["import.open", "import.status"])
    #expect(host.errors.contains("dialerctl import --resume i1 f.csv"))
    #expect(host.endsOnInterrupt)
  }

  @Test("--resume goes on where the daemon says that it stands, and opens nothing")
  func resume() {
    let main = FakeConnection([
      [status(1, received: 6)], [answer(2, #"{"received":11}"#)], [status(3, received: 11)], [answer(4, preview)],
      [status(5, received: 11)],
    ])
    let host = host(main, FakeConnection([[answer(1, summary)]]))
    #expect(run("import --resume i1 f.csv --yes", on: host) == 0)
    #expect(sent(main) == [6])
    #expect(main.requests.first { $0["method"] == "import.write" }?["params"]?["data"] == "d29ybGQ=")
    #expect(!methods(main).contains("import.open"))
  }

  @Test("a daemon that goes away while the file is sent is waited for, and what it has is not sent again")
  func connectionLost() {
    let first = FakeConnection([[answer(1, #"{"importID":"i1"}"#)], [status(2)], []])
    let second = FakeConnection([
      [refusal(1, .conflict("offset", "The import stands at 11."))], [status(2, received: 11)],
      [status(3, received: 11)], [answer(4, preview)], [status(5, received: 11)],
    ])
    let host = host(first)
    host.connections += [FakeHost.nobody, .success(second), .success(FakeConnection([[answer(1, summary)]]))]
    #expect(run("import f.csv --list 4 --yes", on: host) == 0)
    #expect(sent(first) == [0] && sent(second) == [0])
    #expect(methods(second).dropFirst() == ["import.status", "import.status", "import.preview", "import.status"])
    #expect(host.pauses.contains(EventsCommand.firstPause))
    #expect(host.errors.contains("Waiting for the daemon") && host.errors.contains("connected again"))
  }

  @Test("a commit whose answer is lost is asked for again under the same requestID, or found to be done")
  func commitLost() {
    let again = [[refusal(1, .conflict("importState", "It is being committed."))]]
    let main = FakeConnection(
      conversation + [
        [status(7, "committing", received: 11, #","rows":3"#)],
        [status(8, "committing", received: 11)],
        [status(9, "committed", received: 11, #","summary":\#(summary)"#)],
      ])
    let (lost, second) = (FakeConnection([[]]), FakeConnection(again))
    let host = host(main, lost, second)
    #expect(run("import f.csv --list 4 --yes --json", on: host) == 0)
    #expect(lost.requests.map { $0["params"]?["requestID"] } == ["commit-i1"])
    #expect(second.requests.map { $0["params"]?["requestID"] } == ["commit-i1"])
    #expect(host.output == #"{"importID":"i1","added":2,"updated":0,"invalid":1}"# + "\n")
  }

  @Test("a commit that is refused is an error")
  func commitRefused() {
    let host = host(
      FakeConnection(conversation),
      FakeConnection([[refusal(1, RequestError(.invalidParams, "No row is valid."))]]))
    #expect(run("import f.csv --list 4 --yes", on: host) == 65)
    #expect(host.errors.contains("No row is valid."))
  }

  @Test("another file than the one that was begun is found out")
  func otherFile() {
    let host = host(FakeConnection([[status(1, received: 500)]]))
    #expect(run("import --resume i1 f.csv --yes", on: host) == 80)
  }

  @Test(
    "a daemon that does not go on is not followed round and round",
    arguments: [#"{"received":0}"#, #"{"received":12}"#])
  func noProgress(_ reply: String) {
    let host = host(
      FakeConnection([[answer(1, #"{"importID":"i1"}"#)], [status(2)], [answer(3, reply)]]))
    #expect(run("import f.csv --list 4 --yes", on: host) == 76)
  }

  @Test("a file goes in pieces that the daemon takes, and a terminal sees a bar with rate and time left")
  func pieces() {
    let size = ImportCommand.pieceBytes * 2 + 10
    let main = FakeConnection([
      [answer(1, #"{"importID":"i1"}"#)], [status(2)], [answer(3, #"{"received":393216}"#)],
      [answer(4, #"{"received":786432}"#)], [answer(5, #"{"received":\#(size)}"#)], [status(6, received: size)],
      [answer(7, preview)], [status(8, received: size)],
    ])
    let host = host(main, FakeConnection([[answer(1, summary)]]))
    host.inputFiles["f.csv"] = FakeFile(String(repeating: "x", count: size))
    host.progressScreen = Screen(columns: 100, rows: 24)
    host.clockStep = .seconds(1)
    #expect(run("import f.csv --list 4 --yes", on: host) == 0)
    #expect(sent(main) == [0, 393_216, 786_432])
    #expect(main.requests.allSatisfy { $0.text.utf8.count < 1 << 20 })
    #expect(host.errors.contains("\rsent 0.3 MB of 0.7 MB  49 %  [##############----------------]  "))
    #expect(host.errors.contains(" left\u{1B}[K"))
  }

  static let wrongLines: [(String, String)] = [
    ("import", "import needs a FILE"), ("import f.csv", "import needs --list"),
    ("import f.csv --list x", "not the number"), ("import f.csv --list 4 --path g", "not both"),
    ("import f.csv g.csv --list 4", "g.csv"), ("import f.csv --list 4 --list 5", "given twice"),
    ("import f.csv --list 4 --mapping a", "an equals sign"), ("import f.csv --resume i1 --list 4", "--list"),
    ("import f.csv --lisp 4", "--list"),
  ]

  @Test("a command line that is wrong says so before anything is sent", arguments: wrongLines)
  func faults(arguments: String, words: String) {
    let host = host()
    host.answers = ["y"]
    #expect([64, 65].contains(run(arguments, on: host)))
    #expect(host.errors.contains(words), "\(host.errors)")
    #expect(host.paths.isEmpty)
  }

  @Test("a column may become several fields, and its name may hold an equals sign")
  func mapping() throws {
    let request = try ImportRequest(
      ["list": ["4"], "mapping": ["a=phone1", "b=c=custom.x", "a=custom.raw"], "no-header": [""]], file: "f")
    #expect(request.parameters["mapping"] == ["a": ["phone1", "custom.raw"], "b=c": "custom.x"])
    #expect(request.parameters["header"] == false)
  }

  @Test("a time and an amount are written as people read them")
  func amounts() {
    #expect([0, 7.2, 61, 3723].map(ProgressLine.time) == ["0:00", "0:08", "1:01", "1:02:03"])
    #expect([0, 999, 1_234_567].map { ProgressLine.amount($0, "rows") } == ["0 rows", "999 rows", "1,234,567 rows"])
    #expect(ProgressLine.amount(99_999, "bytes") == "99,999 bytes")
    #expect(ProgressLine.amount(1_250_000_000, "bytes") == "1,250.0 MB")
    let line = ProgressLine.text("sent", 30, of: 40, unit: "rows", since: 10, seconds: 4, width: nil)
    #expect(line == "sent 30 rows of 40 rows  75 %  5 rows/s  0:02 left")
  }
}

@Suite("Importing numbers")
struct NumberImportTests {
  private func host(_ connections: FakeConnection...) -> FakeHost {
    let host = FakeHost()
    host.connections = connections.map { .success($0) }
    host.inputFiles["dnc.txt"] = FakeFile("hello world")
    return host
  }

  @Test("a file behind dnc import is opened, sent and committed without a question")
  func whole() {
    let main = FakeConnection([
      [answer(1, #"{"importID":"d1"}"#)], [status(2)], [answer(3, #"{"received":11}"#)], [status(4, received: 11)],
      [status(5, received: 11)],
    ])
    let host = host(main, FakeConnection([[answer(1, #"{"added":1}"#)]]))
    #expect(run("dnc import dnc.txt --reason register --tenant t --json", on: host) == 0)
    #expect(main.requests[0]["method"] == "dnc.import")
    #expect(main.requests[0]["params"]?["reason"] == "register" && main.requests[0]["params"]?["tenant"] == "t")
    #expect(methods(main).dropFirst() == ["import.status", "import.write", "import.status", "import.status"])
    #expect(host.output == #"{"importID":"d1","added":1}"# + "\n" && host.questions.isEmpty)
  }

  @Test("without a file it is the method alone; with --resume it goes on")
  func otherForms() throws {
    #expect(try params(["dnc", "import", "--path", "/in/x"]) == ["path": "/in/x"])
    let main = FakeConnection([
      [status(1, received: 6)], [answer(2, #"{"received":11}"#)], [status(3, received: 11)], [status(4, received: 11)],
    ])
    let host = host(main, FakeConnection([[answer(1, #"{"added":1}"#)]]))
    #expect(run("dnc import dnc.txt --resume d1", on: host) == 0)
    #expect(sent(main) == [6])
    #expect(run("dnc import dnc.txt --path /in/x", on: host) == 64)
  }

  @Test("an import that the daemon refuses is an error, not waited for without end")
  func refused() {
    let main = FakeConnection([
      [answer(1, #"{"importID":"d1"}"#)], [status(2)], [answer(3, #"{"received":11}"#)], [status(4, received: 11)],
      [status(5, received: 11)], [status(6, "refused")],
    ])
    let host = host(
      main, FakeConnection([[refusal(1, .conflict("import-is-refused", "The file is not text."))]]))
    #expect(run("dnc import dnc.txt", on: host) == 80)
    #expect(host.errors.contains("The file is not text."))
  }
}
