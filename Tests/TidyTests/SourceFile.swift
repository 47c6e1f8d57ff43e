/// A place in the repository that breaks a rule.
struct Finding: CustomStringConvertible, Equatable {
  let path: String
  /// From 1; 0 where the finding is about the file or the tree as a whole.
  let line: Int
  let message: String

  var description: String { line > 0 ? "\(path):\(line): \(message)" : "\(path): \(message)" }
}

/// A file's text with two views of the same length, so that a position means the same in all three: the rules on code
/// must not stumble over what stands in a string or a comment, nor those on comments over code.
struct SourceFile {
  /// From the root of the repository, with `/` between.
  let path: String
  let text: [UInt8]
  /// Blank where the text is a comment or the inside of a string. Empty for what is no Swift and no C.
  let code: [UInt8]
  /// Blank where the text is no comment. For what is no Swift and no C: all of it.
  let comments: [UInt8]

  init(path: String, text: [UInt8]) {
    self.path = path
    self.text = text
    if path.hasSuffix(".swift") || path.hasSuffix(".c") || path.hasSuffix(".h") {
      var lexer = SourceLexer(text, singleQuotes: !path.hasSuffix(".swift"))
      lexer.read()
      (code, comments) = (lexer.code, lexer.comments)
    } else {
      (code, comments) = ([], text)
    }
  }

  init(_ path: String, _ text: String) { self.init(path: path, text: Array(text.utf8)) }

  var isSwift: Bool { path.hasSuffix(".swift") }
  var isTest: Bool { path.hasPrefix("Tests/") }
  var folders: [Substring] { path.split(separator: "/").dropLast() }
  var name: Substring { path.split(separator: "/").last ?? "" }

  /// `Sources/Telephony/Simulator/A.swift` is of `Telephony`. Nil: not in a folder of Sources, Tests or Benchmarks.
  var target: String? {
    guard folders.count >= 2, ["Sources", "Tests", "Benchmarks"].contains(folders[0]) else { return nil }
    return String(folders[1])
  }

  func line(at position: Int) -> Int { 1 + text[..<position].count { $0 == newline } }

  /// The finding that stands at a position of the text.
  func finding(at position: Int, _ message: String) -> Finding {
    Finding(path: path, line: line(at: position), message: message)
  }

  func finding(_ message: String) -> Finding { Finding(path: path, line: 0, message: message) }
}

let newline = UInt8(ascii: "\n")
let blank = UInt8(ascii: " ")

extension UInt8 {
  /// A byte of a name: a letter, a digit, `_`, or a part of a character beyond ASCII.
  var isWord: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x80...: true
    default: false
    }
  }
  var isDigit: Bool { (0x30...0x39).contains(self) }
  var isUpper: Bool { (0x41...0x5a).contains(self) }
  var isSpace: Bool { self == blank || self == newline || self == 9 || self == 13 }
}
