import Foundation

/// The repository as it lies on disk, without what git ignores.
struct Tree {
  let root: URL
  let files: [SourceFile]
  /// The names at the top, and in each of them that is a folder those of its own folders.
  let top: [String: [String]]

  /// Read once for all rules.
  static let here = Result { try Tree(root: root(of: #filePath)) }

  /// `Tests/TidyTests/<file>` is three steps below the root.
  private static func root(of file: String) -> URL {
    URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  init(root: URL) throws {
    self.root = root
    let ignored = IgnoredNames(
      gitignore: try String(contentsOf: root.appendingPathComponent(".gitignore"), encoding: .utf8))
    var files: [SourceFile] = []
    var top: [String: [String]] = [:]
    try Self.visit(root, "", ignored) { path, isFolder in
      let parts = path.split(separator: "/").map(String.init)
      if parts.count == 1 { top[parts[0]] = [] }
      if parts.count == 2, isFolder { top[parts[0], default: []].append(parts[1]) }
      if !isFolder {
        files.append(SourceFile(path: path, text: Array(try Data(contentsOf: root.appendingPathComponent(path)))))
      }
    }
    self.files = files
    self.top = top
  }

  /// Folders before what is in them, names ascending.
  private static func visit(
    _ root: URL, _ folder: String, _ ignored: IgnoredNames, _ body: (String, Bool) throws -> Void
  ) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
    for name in names.sorted() {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      let type = try FileManager.default.attributesOfItem(atPath: root.appendingPathComponent(path).path)[.type]
      let isFolder = type as? FileAttributeType == .typeDirectory
      guard isFolder || type as? FileAttributeType == .typeRegular, !ignored.contains(name, isFolder: isFolder)
      else { continue }
      try body(path, isFolder)
      if isFolder { try visit(root, path, ignored, body) }
    }
  }

  func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }
}

/// The forms of `.gitignore` that the repository uses: `name`, `name/` and `*.ending`, anywhere in the tree.
struct IgnoredNames {
  private let patterns: [Substring]

  init(gitignore: String) {
    // A clone's `.git` is a folder, a work tree's is a file.
    patterns = [".git"] + gitignore.split(separator: "\n").filter { !$0.hasPrefix("#") }
  }

  func contains(_ name: String, isFolder: Bool) -> Bool {
    patterns.contains { pattern in
      if pattern.hasSuffix("/") { return isFolder && pattern.dropLast() == name }
      return pattern.hasPrefix("*") ? name.hasSuffix(pattern.dropFirst()) : pattern == name
    }
  }
}
