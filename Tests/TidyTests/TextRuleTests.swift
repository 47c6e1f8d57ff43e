import Testing

@Suite("Rules of text and layout")
struct TextRuleTests {
  private func lines(_ path: String, _ text: String) -> [Int] { TextRule.findings(SourceFile(path, text)).map(\.line) }

  @Test(
    "text that is untidy is found where it stands",
    arguments: [
      ("a\nb \nc\n", 2), ("a\nb\r\n", 2), ("a\n\n\tb\n", 3), ("a", 0), ("a\n\n", 0), ("", 0),
    ])
  func untidy(text: String, line: Int) {
    #expect(lines("Sources/X/A.swift", text) == [line])
  }

  @Test("a tab is data in a table, and indents in what is no Swift")
  func tabs() {
    #expect(lines("Tests/X/a.tsv", "a\t\n") == [])
    #expect(lines("Config/a.service", "\ta\n") == [])
    #expect(lines("Config/a.service", "a\t\n") == [1])
  }

  @Test("a path of one machine is found, and one that only looks like it is not", arguments: TextRule.machineFolders)
  func machinePath(folder: String) {
    for text in ["see \(folder)/a", "\"\(folder)\"", "(\(folder)/a)", "x=\(folder)/b"] {
      #expect(lines("README.md", "a\n\(text)\n") == [2], "\(text)")
    }
    for text in ["Sources\(folder)/a", "$HOME\(folder)/a", ".\(folder)/a", "\(folder)ing/a", "a\(folder)"] {
      #expect(lines("README.md", "a\n\(text)\n") == [], "\(text)")
    }
  }

  @Test("a registry's or a mirror's host is found, another host is not")
  func hosts() {
    for host in TextRule.registries { #expect(lines("README.md", "get it from \(host)\n") == [1]) }
    #expect(lines("README.md", "https:" + "//mirror.example.net/a\n") == [1])
    #expect(lines("README.md", "http://" + "proxy" + ":8080\n") == [1])
    #expect(lines("README.md", "https://www.rfc-editor.org/rfc/rfc9636#registry\n") == [])
  }

  // MARK: Layout

  private static let tidyTop = [
    "Package.swift": [], "README.md": [], ".ci": [], "Config": [], "Sources": ["A", "b", "CX"], "Tests": ["ATests"],
    "Benchmarks": ["Speed"],
  ]
  private static let manifest = """
    let package = Package(name: "a", targets: [
      .systemLibrary(name: "CX"), module("A"), .executableTarget(
        name: "b", dependencies: ["A", "Unlisted"]), tests(
        "A"), .executableTarget(name: "Speed", path: "Benchmarks/Speed"),
    ])

    """
  private static let readme = "`Sources/`, `Tests/`, `Config/` and `Benchmarks/`"

  private func layout(
    _ change: (inout [String: [String]]) -> Void = { _ in }, manifest: String = manifest, readme: String? = readme
  ) -> [String] {
    var top = Self.tidyTop
    change(&top)
    return LayoutRule.findings(top: top, manifest: SourceFile("Package.swift", manifest), readme: readme).map(\.path)
  }

  @Test("a layout that is in order has no findings")
  func tidyLayout() {
    #expect(layout() == [])
  }

  @Test("what is too much, missing or unknown in the layout is found")
  func untidyLayout() {
    #expect(layout { $0["notes.txt"] = [] } == ["notes.txt"])
    #expect(layout { $0["Scripts"] = [] } == ["Scripts", "README.md"])
    #expect(layout { $0["Sources"]?.append("Unlisted") } == ["Sources/Unlisted"])
    #expect(layout { $0["Tests"]?.append("BTests") } == ["Tests/BTests"])
    #expect(layout { $0["Benchmarks"]?.append("Load") } == ["Benchmarks/Load"])
    #expect(layout(manifest: Self.manifest + ".package(url: \"\")\n") == ["Package.swift"])
    #expect(layout(readme: nil) == ["README.md"])
    #expect(layout(readme: "`Sources/`, `Tests/` and `Config/`") == ["README.md"])
  }

  @Test("git's ignored names are left out by name, folder and ending")
  func ignoredNames() {
    let ignored = IgnoredNames(gitignore: "# built\n.build/\n*.sqlite\nPackage.resolved\n")
    #expect(ignored.contains(".build", isFolder: true))
    #expect(!ignored.contains(".build", isFolder: false))
    #expect(ignored.contains("a.sqlite", isFolder: false))
    #expect(ignored.contains("Package.resolved", isFolder: false))
    #expect(ignored.contains(".git", isFolder: true))
    #expect(!ignored.contains("a.sqlite3", isFolder: false))
    #expect(!ignored.contains("# built", isFolder: false))
  }
}
