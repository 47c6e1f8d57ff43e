/// Where things lie, and that the manifest and the front page know it.
enum LayoutRule {
  static let topLevel: Set = ["Package.swift", "Sources", "Tests", "Config", "Benchmarks", "README.md"]

  /// The names at the top, and in each of them that is a folder those of its own folders.
  static func findings(top: [String: [String]], manifest: SourceFile, readme: String?) -> [Finding] {
    var findings: [Finding] = []
    for name in top.keys.sorted() where !name.hasPrefix(".") && !topLevel.contains(name) {
      findings.append(Finding(path: name, line: 0, message: "does not belong at the top level"))
    }
    if manifest.code.contains(word: ".package(") {
      findings.append(manifest.finding("depends on a package"))
    }
    for (folder, isTarget) in targets {
      for name in (top[folder] ?? []).sorted() where !isTarget(manifest, name) {
        findings.append(Finding(path: "\(folder)/\(name)", line: 0, message: "is no target of the package"))
      }
    }
    guard let readme else { return findings + [Finding(path: "README.md", line: 0, message: "is missing")] }
    for name in top.keys.sorted() where !name.hasPrefix(".") && !name.contains(".") && !readme.contains(name + "/") {
      findings.append(Finding(path: "README.md", line: 0, message: "does not mention \(name)/"))
    }
    return findings
  }

  private static let targets: [(folder: String, isTarget: @Sendable (SourceFile, String) -> Bool)] = [
    ("Sources", { names($0, ["name: ", "module("], "\"\($1)\"") }),
    ("Tests", { names($0, ["name: ", "tests("], "\"\($1)\"", "\"\($1.dropLast("Tests".count))\"") }),
    ("Benchmarks", { names($0, ["path: "], "\"Benchmarks/\($1)\"") }),
  ]

  /// True where one of the openings stands in the manifest, and one of the names right behind it.
  private static func names(_ manifest: SourceFile, _ openings: [String], _ names: String...) -> Bool {
    openings.contains { opening in
      manifest.code.places(of: opening).contains { place in
        guard let start = manifest.text.nonSpace(from: place + opening.utf8.count) else { return false }
        return names.contains { manifest.text[start...].starts(with: $0.utf8) }
      }
    }
  }
}
