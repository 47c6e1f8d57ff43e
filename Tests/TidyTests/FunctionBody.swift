/// A function, initialiser or subscript with a body.
struct FunctionBody {
  /// `func`, `init`, `deinit` or `subscript`.
  let keyword: Int
  let name: String
  /// From the brace that opens the body to behind the one that closes it.
  let body: Range<Int>

  /// All of a file, those within others too, in the order in which they begin.
  static func all(in code: [UInt8]) -> [FunctionBody] {
    ["func", "init", "deinit", "subscript"].flatMap { word in
      code.places(of: word).compactMap { read(code, keyword: $0, word: word) }
    }
    .sorted { $0.keyword < $1.keyword }
  }

  private static func read(_ code: [UInt8], keyword: Int, word: String) -> FunctionBody? {
    // `self.init(…)` and `.init(…)` are calls; so is what stands behind an opening bracket or an operator.
    if keyword > 0, !code[keyword - 1].isSpace { return nil }
    guard let open = openingBrace(code, from: keyword + word.utf8.count) else { return nil }
    let name = word == "func" ? code.names(in: keyword + 4..<open).first?.name ?? "operator" : word
    return FunctionBody(keyword: keyword, name: name, body: open..<code.endOfBrackets(from: open))
  }

  /// The brace of the body, if it comes before the next declaration: what a protocol asks for has none.
  private static func openingBrace(_ code: [UInt8], from start: Int) -> Int? {
    let declarations: Set = [
      "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "class", "enum", "actor", "protocol",
      "extension", "typealias", "associatedtype", "import", "static", "mutating", "public", "private", "internal",
      "return", "if", "for", "while", "guard",
    ]
    var at = start
    while at < code.count {
      switch code[at] {
      case UInt8(ascii: "{"): return at
      case UInt8(ascii: "}"): return nil
      case UInt8(ascii: "@") where beginsLine(code, at): return nil
      case UInt8(ascii: "("), UInt8(ascii: "["): at = code.endOfBrackets(from: at)
      case let byte where byte.isWord:
        let end = code[at...].firstIndex { !$0.isWord } ?? code.count
        if declarations.contains(String(decoding: code[at..<end], as: UTF8.self)) { return nil }
        at = end
      default: at += 1
      }
    }
    return nil
  }

  /// An attribute there is the next declaration's; elsewhere it may be the result's (`-> @Sendable () -> Void`).
  private static func beginsLine(_ code: [UInt8], _ place: Int) -> Bool {
    code[..<place].last { $0 != blank } == newline
  }
}
