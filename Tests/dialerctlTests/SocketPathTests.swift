import DialerModel
import Testing

@testable import dialerctl

@Suite("The daemon's socket")
struct SocketPathTests {
  /// Which of the sources are there, and which one wins.
  static let precedence: [(arguments: String, variables: [String: String], String)] = [
    ("--socket a --config f", ["DIALERD_SOCKET": "b", "DIALERD_CONFIG": "g"], "a"),
    ("--config etc/f", ["DIALERD_SOCKET": "b", "DIALERD_CONFIG": "g"], "b"),
    ("--config etc/f", ["DIALERD_CONFIG": "g"], "etc/run.sock"),
    ("--config etc/f", ["DIALERD_SOCKET": "", "DIALERD_CONFIG": ""], "etc/run.sock"),
    ("", ["DIALERD_CONFIG": "g"], "/srv/dialerd.sock"),
    ("", ["DIALERD_CONFIG": "plain"], "here.sock"),
    ("", ["DIALERD_CONFIG": "abstract"], "@dialerd"),
    ("", ["DIALERD_CONFIG": "silent"], "/run/dialerd/dialerd.sock"),
    ("", ["DIALERD_SOCKET": ""], "/run/dialerd/dialerd.sock"),
    ("", [:], "/run/dialerd/dialerd.sock"),
  ]

  @Test("flag, variable, configuration and default are asked in this order", arguments: precedence)
  func order(arguments: String, variables: [String: String], expected: String) {
    let host = FakeHost(.success(FakeConnection([[answer(1, "{}")]])))
    host.variables = variables
    host.files = [
      "etc/f": "{ // where it listens\n socket: { path: 'run.sock', mode: \"0660\", }, }",
      "g": #"{"socket":{"path":"/srv/dialerd.sock"}}"#, "plain": "{socket:{path:'here.sock'}}",
      "abstract": "{socket:{path:'@dialerd'}}", "silent": "{database:'x'}",
    ]
    #expect(run("list list \(arguments)", on: host) == 0)
    #expect(host.paths == [expected])
  }

  @Test(
    "without flag and variable the configuration in the present directory is asked, as the daemon asks it",
    arguments: [
      ("{socket:{path:'run.sock'}}", "", "run.sock"), ("{database:'x'}", "", SocketPath.standard),
      ("{socket:{path:'run.sock'}}", "/srv/s", "/srv/s"),
    ])
  func presentDirectory(text: String, variable: String, expected: String) {
    let host = FakeHost(.success(FakeConnection([[answer(1, "{}")]])))
    host.variables = ["DIALERD_SOCKET": variable]
    host.files = ["dialerd.json5": text]
    #expect(run("list list", on: host) == 0)
    #expect(host.paths == [expected])
  }

  @Test("a configuration that cannot be read ends with 78", arguments: ["missing", "broken", "wrong"])
  func unreadable(file: String) {
    let host = FakeHost()
    host.files = ["broken": "{socket:", "wrong": "{socket:{path:7}}"]
    #expect(run("list list --config \(file)", on: host) == 78)
    #expect(host.paths.isEmpty && host.errors.contains(file) && host.errors.contains("reason: config"))
  }
}
