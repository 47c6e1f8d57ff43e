import Testing

@Suite("Rules of tests")
struct TestRuleTests {
  private func findings(_ text: String, path: String = "Tests/XTests/A.swift") -> [Finding] {
    TestRule.findings(SourceFile(path, text))
  }

  /// A test of the given name and body.
  private func test(_ name: String, _ body: String = "#expect(a == b)") -> String {
    "@Test(\"\(name)\", arguments: [1])\nfunc a(b: Int) {\n  \(body)\n}\n"
  }

  @Test(
    "a name that is no sentence is found",
    arguments: ["placeholder", "Leads are added", "", "Opening", "Über alles"])
  func badName(name: String) {
    #expect(findings(test(name)).map(\.line) == [1])
  }

  @Test(
    "a name that states a fact is in order",
    arguments: [
      "a lead waits", "SIGHUP reads the configuration", "New Year is a holiday", "25 leads are due",
      "`lead.add` answers",
      "TZif files are read", "lead.add answers",
    ])
  func goodName(name: String) {
    #expect(findings(test(name)) == [])
  }

  @Test("a test without a display name is found, a raw string is one")
  func displayName() {
    #expect(findings("@Test func a() { #expect(b) }\n").map(\.line) == [1])
    #expect(findings("@Test(arguments: [1]) func a() { #expect(b) }\n").map(\.line) == [1])
    #expect(findings("@Test(\n  #\"a \"lead\" waits\"#)\nfunc a() { #expect(b) }\n") == [])
  }

  @Test(
    "a body that expects nothing is found",
    arguments: [
      "f()", "let checksum = sum(1)", "// #expect(a)", "print(\"#expect(a)\")", "let check = 1", "f.record()",
    ])
  func hollowBody(body: String) {
    #expect(findings(test("a lead waits", body)).map(\.line) == [1])
  }

  @Test(
    "a body that expects something is in order",
    arguments: [
      "#expect(throws: A.self) { try f() }", "#expect { try f() } throws: { _ in true }", "_ = try #require(f())",
      "await confirmation { _ in }",
      "Issue.record(\"no\")",
      "checkOrder(of: a)", "rule.check(&a)", "expect(.wrong) { f() }", "verify<A>(b)", "if a { g { #expect(b) } }",
    ])
  func fullBody(body: String) {
    #expect(findings(test("a lead waits", body)) == [])
  }

  @Test("an expectation that cannot fail is found", arguments: ["#expect(true)", "#expect(Bool(true))"])
  func cannotFail(body: String) {
    #expect(findings(test("a lead waits", body)).map(\.line) == [3])
  }

  @Test(
    "a wait for time and a fixed port are found",
    arguments: [
      "sleep(1)", "usleep(5)", "try await Task.sleep(for: .seconds(1))", "Thread.sleep(forTimeInterval: 1)",
      "a.sin_port = 5060", "connect(port: 8021)", "connect(\"127.0.0.1" + ":5038\")",
      "connect(\"localhost" + ":80\")",
    ])
  func sleepsAndPorts(line: String) {
    #expect(findings("a()\n\(line)\n").map(\.line) == [2])
    #expect(findings("a()\n\(line)\n", path: "Sources/X/A.swift") == [])
  }

  @Test(
    "a port that the system chooses and what only looks like one is in order",
    arguments: ["listen(port: 0)", "a.report = 5", "a.sin_port = chosen", "\"127.0.0.1:0\"", "oversleep(1)"])
  func noPort(line: String) {
    #expect(findings(line + "\n") == [])
  }
}
