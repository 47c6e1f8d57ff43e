import Testing

/// A rule that looks at one file at a time.
struct FileRule: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let findings: @Sendable (SourceFile) -> [Finding]

  static let all = [
    FileRule(testDescription: "imports", findings: ImportRule.findings),
    FileRule(testDescription: "banned calls", findings: BannedCallRule.findings),
    FileRule(testDescription: "unfinished work", findings: UnfinishedWorkRule.findings),
    FileRule(testDescription: "unchecked sendability", findings: UncheckedSendableRule.findings),
    FileRule(testDescription: "sizes", findings: SizeRule.findings),
    FileRule(testDescription: "file names", findings: FileNameRule.findings),
    FileRule(testDescription: "text", findings: TextRule.findings),
    FileRule(testDescription: "tests", findings: TestRule.findings),
  ]
}

@Suite("The repository")
struct TreeTests {
  @Test("every file keeps the rule", arguments: FileRule.all)
  func files(rule: FileRule) throws {
    let tree = try Tree.here.get()
    try #require(tree.file("Tests/TidyTests/TreeTests.swift") != nil)
    expectNone(tree.files.flatMap(rule.findings))
  }

  @Test("what lies at the top, the manifest and the front page agree")
  func layout() throws {
    let tree = try Tree.here.get()
    let manifest = try #require(tree.file("Package.swift"))
    let readme = tree.file("README.md").map { String(decoding: $0.text, as: UTF8.self) }
    expectNone(LayoutRule.findings(top: tree.top, manifest: manifest, readme: readme))
  }

  /// One issue a finding, so that all of them are seen at once.
  private func expectNone(_ findings: [Finding]) {
    for finding in findings { Issue.record(Comment(rawValue: finding.description)) }
  }
}
