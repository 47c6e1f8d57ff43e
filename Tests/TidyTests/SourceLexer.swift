/// Tells code, comments and strings of Swift apart, no more than the rules need: nested comments, strings of one and of
/// several lines, raw strings, and the code within `\(…)`. A regex literal is taken for code.
struct SourceLexer {
  private(set) var code: [UInt8]
  private(set) var comments: [UInt8]
  private let text: [UInt8]
  private var at = 0
  /// In C a quote may stand alone in `'"'`.
  private let singleQuotes: Bool

  init(_ text: [UInt8], singleQuotes: Bool) {
    self.text = text
    self.singleQuotes = singleQuotes
    code = text
    comments = text.map { $0 == newline ? newline : blank }
  }

  mutating func read() { readCode(nested: false) }

  /// Up to the end, or, nested, to the parenthesis that closes an interpolation.
  private mutating func readCode(nested: Bool) {
    var depth = 0
    while at < text.count {
      if starts("//") {
        readComment(until: text[at...].firstIndex(of: newline) ?? text.count)
      } else if starts("/*") {
        readComment(until: endOfBlockComment())
      } else if text[at] == UInt8(ascii: "\"") {
        readString(hashes: hashesBefore())
      } else if singleQuotes, text[at] == UInt8(ascii: "'") {
        let length = starts("'\\") ? 4 : 3
        hide(at + 1, min(at + length - 1, text.count))
        at += length
      } else {
        if text[at] == UInt8(ascii: "(") { depth += 1 }
        if text[at] == UInt8(ascii: ")") {
          if nested, depth == 0 { return }
          depth -= 1
        }
        at += 1
      }
    }
  }

  private mutating func readComment(until end: Int) {
    comments.replaceSubrange(at..<end, with: text[at..<end])
    hide(at, end)
    at = end
  }

  private func endOfBlockComment() -> Int {
    var depth = 0
    var index = at
    while index < text.count {
      if starts("/*", index) {
        depth += 1
        index += 2
      } else if starts("*/", index) {
        depth -= 1
        index += 2
        if depth == 0 { return index }
      } else {
        index += 1
      }
    }
    return text.count
  }

  private mutating func readString(hashes: Int) {
    let marks = [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
    let quote: [UInt8] = starts("\"\"\"") ? Array("\"\"\"".utf8) : Array("\"".utf8)
    let escape = [UInt8(ascii: "\\")] + marks
    at += quote.count
    while at < text.count, !starts(quote + marks) {
      if quote.count == 1, text[at] == newline { return }  // no string that the compiler would take
      if starts(escape) {
        hide(at, min(at + escape.count + 1, text.count))
        at += escape.count
        let interpolates = at < text.count && text[at] == UInt8(ascii: "(")
        at += 1
        if interpolates {
          readCode(nested: true)
          hide(at, min(at + 1, text.count))
          at += 1
        }
      } else {
        hide(at, at + 1)
        at += 1
      }
    }
    at = min(at + quote.count + hashes, text.count)
  }

  private func hashesBefore() -> Int { text[..<at].reversed().prefix { $0 == UInt8(ascii: "#") }.count }

  private func starts(_ word: String, _ index: Int? = nil) -> Bool { starts(Array(word.utf8), index) }

  private func starts(_ word: [UInt8], _ index: Int? = nil) -> Bool {
    let index = index ?? at
    guard index + word.count <= text.count else { return false }
    for offset in word.indices where text[index + offset] != word[offset] { return false }
    return true
  }

  private mutating func hide(_ from: Int, _ end: Int) {
    for index in from..<max(from, end) where code[index] != newline { code[index] = blank }
  }
}
