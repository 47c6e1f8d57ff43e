/// A file and a function can be taken in at once.
enum SizeRule {
  static let sourceLines = 500
  /// Tables of cases take room, and hide nothing.
  static let testLines = 700
  /// From the line of its name to that of its closing brace.
  static let functionLines = 60

  static func findings(_ file: SourceFile) -> [Finding] {
    guard !file.code.isEmpty else { return [] }
    var findings: [Finding] = []
    let lines = file.text.count { $0 == newline }
    let most = file.isTest ? testLines : sourceLines
    if lines > most { findings.append(file.finding("\(lines) lines; a file has at most \(most)")) }
    guard file.isSwift else { return findings }
    for function in FunctionBody.all(in: file.code) {
      let length = 1 + file.code[function.keyword..<function.body.upperBound].count { $0 == newline }
      if length > functionLines {
        findings.append(
          file.finding(
            at: function.keyword, "\(function.name): \(length) lines; a function has at most \(functionLines)"))
      }
    }
    return findings
  }
}
