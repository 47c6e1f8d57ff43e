import DialerModel
import Testing

/// Keys are stored: they are what they were, by whatever way they are made.
@Suite("Text keys")
struct TextKeyTests {
  /// By the words of the definition, with Unicode's rules for every text.
  private static func name(_ first: String?, _ last: String?) -> UInt64 {
    let words = [first, last].map { ($0 ?? "").lowercased().split(whereSeparator: \.isWhitespace) }
    guard words.contains(where: { !$0.isEmpty }) else { return 0 }
    return TextKey.hash(words.map { $0.joined(separator: " ") }.joined(separator: "\u{1F}").utf8)
  }

  @Test(
    "a name's key is that of its words in lower case, whatever is between them",
    arguments: [
      ("Ann", "Lee"), (" ann\t", "LEE"), ("Mary  Ann", "O'Neil "), ("mary\r\nann", "x"), ("", "Lee"), ("Ann", nil),
      (nil, nil), ("", " \t"), ("\u{0B}A\u{0C}b", "c\u{1C}d"), ("Zoë", "Müller"), ("Ann\u{A0}Lee", "Ó"),
      ("A", "\u{85}B"), ("[@`{", "AZaz09"), ("A\u{0}b", "\u{7F}"),
    ] as [(String?, String?)])
  func name(first: String?, last: String?) {
    #expect(TextKey.name(first: first, last: last) == Self.name(first, last))
  }

  @Test("equal names in different writing have one key, other names another")
  func sameName() {
    #expect(TextKey.name(first: " MARY  ann", last: "Lee") == TextKey.name(first: "Mary Ann", last: "lee "))
    #expect(TextKey.name(first: "Ann", last: "Lee") != TextKey.name(first: "AnnLee", last: nil))
    #expect(TextKey.name(first: "Ann", last: nil) != TextKey.name(first: nil, last: "Ann"))
  }

  @Test("any text of ASCII has the key that Unicode's rules give it", arguments: [1, 2, 3] as [UInt64])
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let texts = (0..<2).map { _ in
        let length = Int.random(in: 0...9, using: &generator)
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...127, using: &generator) }
        return String(decoding: bytes, as: UTF8.self)
      }
      #expect(TextKey.name(first: texts[0], last: texts[1]) == Self.name(texts[0], texts[1]))
      #expect(TextKey.email(texts[0]) == (texts[0].isEmpty ? 0 : TextKey.hash(texts[0].lowercased().utf8)))
    }
  }

  @Test("an email's key is that of its lower case", arguments: ["A@B.c", "ÄRGER@x.de", "İ@x.tr", "plain@x.org"])
  func email(text: String) {
    #expect(TextKey.email(text) == TextKey.hash(text.lowercased().utf8))
    #expect(TextKey.email("") == 0)
    #expect(TextKey.email(nil) == 0)
  }
}
