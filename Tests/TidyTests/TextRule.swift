/// What holds for the text of every file.
enum TextRule {
  /// Folders of the machines on which the code was written. Put together, so that the rule does not find itself.
  static let machineFolders = ["/wo" + "rk", "/ro" + "ot", "/t" + "mp"]

  /// Hosts of package registries and mirrors: the project depends on no package.
  static let registries = [
    "pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "crates" + ".io", "proxy.golang" + ".org",
    "rubygems" + ".org", "docker" + ".io", "ghcr" + ".io", "quay" + ".io", "jfrog" + ".io",
  ]
  private static let mirrorWords = ["proxy", "mirror", "registry", "artifactory", "nexus"]

  /// Tables, in which an empty last column is a tab at the end of the line.
  static func isData(_ file: SourceFile) -> Bool {
    [".tsv", ".csv", ".json"].contains { file.path.hasSuffix($0) }
  }

  static func findings(_ file: SourceFile) -> [Finding] {
    if file.text.contains(0) { return [] }  // not text
    return ends(file) + lines(file) + machinePaths(file) + hosts(file)
  }

  private static func ends(_ file: SourceFile) -> [Finding] {
    guard file.text.last == newline else { return [file.finding("does not end with a newline")] }
    let blankEnd = file.text.count > 1 && file.text[file.text.count - 2] == newline
    return blankEnd ? [file.finding("ends with more than one newline")] : []
  }

  private static func lines(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    for (index, line) in file.text.split(separator: newline, omittingEmptySubsequences: false).enumerated() {
      if let last = line.last, last.isSpace, !isData(file) {
        findings.append(Finding(path: file.path, line: index + 1, message: "space at the end of the line"))
      }
      if file.isSwift, line.contains(9) {
        findings.append(Finding(path: file.path, line: index + 1, message: "a tab"))
      }
    }
    return findings
  }

  private static func machinePaths(_ file: SourceFile) -> [Finding] {
    machineFolders.flatMap { folder in
      file.text.places(of: folder).compactMap { place in
        // `Sources/<folder>` and `$HOME/<folder>` are other folders.
        let before = place > 0 ? file.text[place - 1] : blank
        if before.isWord || "./-}".utf8.contains(before) { return nil }
        return file.finding(at: place, "a path of one machine: \(folder)")
      }
    }
  }

  private static func hosts(_ file: SourceFile) -> [Finding] {
    let named = registries.flatMap { host in
      file.text.places(of: host).map { file.finding(at: $0, "a registry's host: \(host)") }
    }
    let mirrors = file.text.places(of: "://").compactMap { place -> Finding? in
      let host = file.text[(place + 3)...].prefix { !$0.isSpace && $0 != UInt8(ascii: "/") }
      let name = String(decoding: host, as: UTF8.self)
      return mirrorWords.contains { name.contains($0) } ? file.finding(at: place, "a mirror's host: \(name)") : nil
    }
    return named + mirrors
  }
}
