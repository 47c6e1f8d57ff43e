import Testing

/// Each rule on a small example that breaks it, and on one beside it that does not.
@Suite("Rules of the repository")
struct RuleTests {
  private func lines(_ findings: [Finding]) -> [Int] { findings.map(\.line) }

  @Test(
    "an import that the table does not grant is found",
    arguments: [
      ("Sources/DialerModel/A.swift", "import Foundation"),
      ("Sources/DialerEngine/State/A.swift", "import Glibc"),
      ("Sources/LeadSelection/A.swift", "public import DialingRules"),
      ("Sources/DialingRules/A.swift", "import struct LeadStore.Row"),
      ("Sources/Telephony/A.swift", "import Glibc.exp"),
      ("Sources/dialerctl/main.swift", "import DialerEngine"),
      ("Sources/TimeZones/A.swift", "@testable import DialerModel"),
      ("Sources/Unheard/A.swift", "let a = 1"),
      ("Tests/DialerModelTests/A.swift", "import TimeZones"),
      ("Tests/UnheardTests/A.swift", "import Testing"),
      ("Benchmarks/Probe/main.swift", "@testable import LeadStore"),
    ])
  func forbiddenImport(path: String, text: String) {
    #expect(ImportRule.findings(SourceFile(path, "// first\n" + text + "\n")).count == 1)
  }

  @Test(
    "an import that the table grants, and a name that only looks like one, is none",
    arguments: [
      ("Sources/DialerEngine/A.swift", "import DialingRules\nimport LeadStore"),
      ("Sources/Telephony/A.swift", "import func Glibc.exp"),
      ("Sources/DaemonSystem/A.swift", "internal import CSystem"),
      ("Sources/DialerModel/A.swift", "// import Glibc\nlet a = \"\"\"\n  import Glibc\n  \"\"\""),
      ("Sources/DialerModel/A.swift", "f(\n  import: Glibc)\nlet b = x.import + y"),
      ("Tests/TimeZonesTests/A.swift", "@testable import TimeZones\nimport Testing\nimport Foundation"),
      ("Package.swift", "import PackageDescription"),
    ])
  func grantedImport(path: String, text: String) {
    #expect(ImportRule.findings(SourceFile(path, text + "\n")) == [])
  }

  @Test(
    "a call that the core must not make is found",
    arguments: [
      "let a = Date()", "let a = Date.now", "clock_gettime(CLOCK_REALTIME, &a)", "gettimeofday(&a, nil)", "time(nil)",
      "var a = SystemRandomNumberGenerator()", "Int.random(in: 0..<(1 + 2))", "list.shuffled()", "list.randomElement()",
      "UUID()", "Thread.sleep(forTimeInterval: 1)", "usleep(1)", "sleep(1)", "print(1)", "ProcessInfo.processInfo",
      "ContinuousClock.now", "let text = \"\\(time(nil))\"",
    ])
  func bannedInCore(line: String) {
    let text = "import DialerModel\n\(line)\n"
    #expect(lines(BannedCallRule.findings(SourceFile("Sources/DialerEngine/A.swift", text))) == [2])
    #expect(BannedCallRule.findings(SourceFile("Sources/dialerd/A.swift", text)) == [])
  }

  @Test(
    "a seeded draw, a comment, a string and a longer name are no banned call",
    arguments: [
      "Int.random(in: 0..<(1 + 2), using: &generator)", "// Date() and sleep(1)", "let a = \"UUID()\"",
      "let a = #\"time(nil) \"quoted\" Date()\"#", "updateDate()", "imprint(1)", "uptime(nil)", "x as? Y ?? z",
      "/* a /* nested */ fatalError( */",
    ])
  func allowedInCore(line: String) {
    #expect(BannedCallRule.findings(SourceFile("Sources/DialerModel/A.swift", line + "\n")) == [])
  }

  @Test(
    "what ends the process is found wherever it stands", arguments: ["try! f()", "a as! B", "fatalError(\"no\")"],
    ["Sources/dialerd/A.swift", "Tests/DialerModelTests/A.swift", "Benchmarks/Probe/A.swift"])
  func bannedEverywhere(line: String, path: String) {
    #expect(lines(BannedCallRule.findings(SourceFile(path, "\n\n" + line + "\n"))) == [3])
  }

  @Test("a word for unfinished work is found in a comment, and not in a string, in data or within a word")
  func unfinishedWork() {
    for word in UnfinishedWorkRule.words {
      #expect(lines(UnfinishedWorkRule.findings(SourceFile("Sources/A.swift", "a\n// \(word): b\n"))) == [2])
      #expect(lines(UnfinishedWorkRule.findings(SourceFile("Config/unit.service", "# \(word)\n"))) == [1])
      #expect(UnfinishedWorkRule.findings(SourceFile("Sources/A.swift", "let a = \"\(word)\"  // \(word)Y\n")) == [])
      #expect(UnfinishedWorkRule.findings(SourceFile("Tests/A.tsv", "\(word)\n")) == [])
    }
  }

  @Test("unchecked sendability needs a comment on it near by, or in the whole comment above")
  func uncheckedSendable() {
    let type = "final class A: @unchecked Sendable {}\n"
    let long = String(repeating: "/// More.\n", count: 9)
    let bare = ["", "/// A thing.\n", "// Touched on one thread only.\nlet a = 1\n\n\n\n\n\n\n"]
    for above in bare { #expect(UncheckedSendableRule.findings(SourceFile("A.swift", above + type)).count == 1) }
    let proved = ["/// Touched on one thread only.\n", "/// `Sendable`: immutable.\n" + long]
    for above in proved { #expect(UncheckedSendableRule.findings(SourceFile("A.swift", above + type)) == []) }
    #expect(lines(UncheckedSendableRule.findings(SourceFile("A.swift", "\nnonisolated(unsafe) var a = 1\n"))) == [2])
    #expect(
      UncheckedSendableRule.findings(SourceFile("A.swift", "nonisolated(unsafe) var a = 1  // the lock's\n")) == [])
  }

  @Test("a file is too long by one line past its limit, and a test's limit is higher")
  func fileLength() {
    func findings(_ path: String, _ lines: Int) -> [Finding] {
      SizeRule.findings(SourceFile(path, String(repeating: "a\n", count: lines)))
    }
    #expect(findings("Sources/X/A.swift", SizeRule.sourceLines) == [])
    #expect(findings("Sources/X/A.swift", SizeRule.sourceLines + 1).count == 1)
    #expect(findings("Sources/X/A.c", SizeRule.sourceLines + 1).count == 1)
    #expect(findings("Tests/X/A.swift", SizeRule.testLines) == [])
    #expect(findings("Tests/X/A.swift", SizeRule.testLines + 1).count == 1)
    #expect(findings("Config/plan.json", SizeRule.sourceLines + 1) == [])
  }

  @Test(
    "a function is too long by one line past its limit, whatever braces stand in strings and comments",
    arguments: [
      "func a() {", "init(b: () -> Int = { 1 }) {", "func a<T>(_ b: T) async throws -> [T] where T: Hashable {",
      "deinit {",
      "subscript(b: Int) -> Int {", "protocol P { func b() -> Int }\nfunc c() {",
    ])
  func functionLength(opening: String) {
    func text(_ lines: Int) -> String {
      "let first = \"{\"  // }\n" + opening + "\n"
        + String(repeating: "  b(\"}}\")  // }\n", count: lines - 2) + "}\n"
    }
    #expect(SizeRule.findings(SourceFile("A.swift", text(SizeRule.functionLines))) == [])
    let line = opening.hasPrefix("protocol") ? 3 : 2
    #expect(lines(SizeRule.findings(SourceFile("A.swift", text(SizeRule.functionLines + 1)))) == [line])
  }

  @Test(
    "a file name that says nothing, or not what is in the file, is found",
    arguments: [
      "TextUtils.swift", "Helpers.swift", "CommonParameters.swift", "CallManager.swift", "lead.swift",
      "Lead-Table.swift",
      "Lead+.swift", "Lead+Other+Topic.swift", "Call+Topic.swift",
    ])
  func badFileName(name: String) {
    #expect(FileNameRule.findings(SourceFile("Sources/X/" + name, "extension Lead {\n}\n")).count == 1)
  }

  @Test(
    "a file named after a type, an extension or a topic is in order",
    arguments: ["Lead.swift", "Lead+Topic.swift", "Row+Topic.swift", "main.swift", "TZifFile.swift", "SHA256.swift"])
  func goodFileName(name: String) {
    let text = "extension Lead {\n}\nextension Store.Row: Hashable {\n}\n"
    #expect(FileNameRule.findings(SourceFile("Sources/X/" + name, text)) == [])
  }
}
