/// A file is named after what is in it: a type, an extension of one (`Type+Topic`) or a topic.
enum FileNameRule {
  /// Names that say nothing of what is in the file, so that everything ends up there.
  static let empty = ["Util", "Helper", "Common", "Manager", "Misc"]

  static func findings(_ file: SourceFile) -> [Finding] {
    guard file.isSwift else { return [] }
    let stem = String(file.name.dropLast(".swift".count))
    if file.path == "Package.swift" || stem == "main" { return [] }
    if let word = empty.first(where: { stem.contains($0) }) {
      return [file.finding("a name with `\(word)` says nothing of what is in the file")]
    }
    guard let first = stem.utf8.first, first.isUpper, stem.utf8.allSatisfy({ $0.isWord || $0 == UInt8(ascii: "+") })
    else { return [file.finding("a file is named after a type, `Type+Topic` or a topic")] }
    guard stem.contains("+") else { return [] }
    let parts = stem.split(separator: "+", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty, extends(file, String(parts[0])) else {
      return [file.finding("no extension of \(parts[0]) in the file that is named after one")]
    }
    return []
  }

  private static func extends(_ file: SourceFile, _ type: String) -> Bool {
    file.code.places(of: "extension").contains { place in
      let end = file.code[place...].firstIndex(of: UInt8(ascii: "{")) ?? file.code.count
      return Array(file.code[place..<end]).contains(word: type)
    }
  }
}
