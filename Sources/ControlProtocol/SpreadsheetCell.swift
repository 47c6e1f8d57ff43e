import DialerModel

/// A value as a cell of a CSV file (RFC 4180) that people open in a spreadsheet.
///
/// A spreadsheet makes of text what it looks like: of `=…`, and of much that begins with `+`, `-` or `@`, a formula; of a
/// telephone number or a long id a number that is shown as 6.13E+10 and stored with fifteen digits; of 02134 the number
/// 2134. Quotes do not keep it from that. What does, in Excel and in LibreOffice, is any other first character, and the
/// apostrophe is the one that both have always used for "this is text" and that imports, ours too, know to take away. It
/// is seen in the cell, which is why `--raw` is there for programs. `="+61291234567"` would be opened without a mark, but
/// is itself a formula, and a file that is safe only for some of its formulas is not safe.
///
/// So text gets an apostrophe in front when it could be a formula or when a spreadsheet would not give the same digits
/// back; so does a JSON number that is as long. Another number, true or false stays as it is.
public enum SpreadsheetCell {
  /// A spreadsheet shows longer whole numbers in powers of ten (Excel's General format).
  private static let shownDigits = 11

  /// - Parameter isRaw: quoted where CSV needs it, and otherwise as it is: for programs.
  public static func text(_ value: JSON, isRaw: Bool = false) -> String {
    switch value {
    case .null: ""
    case .integer(let number): isRaw || "\(number.magnitude)".utf8.count <= shownDigits ? value.text : "'" + value.text
    case .bool, .number: value.text
    case .string(let text): quoted(isRaw || !isChanged(text) ? text : "'" + text)
    // What a client keeps in a custom field may be anything; it begins with a bracket and is text everywhere.
    case .array, .object: quoted(value.text)
    }
  }

  /// A line of the file.
  public static func line(_ cells: [String]) -> String { cells.joined(separator: ",") + "\r\n" }

  /// Whether a spreadsheet would make something else of the text.
  static func isChanged(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    // Some take blanks away in front, and then find a formula. The wide forms are the same to a spreadsheet in Japanese or
    // Chinese.
    if let sign = text.unicodeScalars.first(where: { !isBlank($0) }), "=+-@＝＋－＠".unicodeScalars.contains(sign) {
      return true
    }
    switch first {
    case "\t", "\r", "\n": return true
    // One that was there already would be taken for ours.
    case "'": return true
    default: return isAlteredNumber(text)
    }
  }

  /// Also what is not seen at all: a mark of byte order, a space of no width.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .format
  }

  /// Digits that would lose a zero in front or show as a power of ten, or `12E5`, which is taken for one.
  private static func isAlteredNumber(_ text: String) -> Bool {
    let bytes = text.utf8.drop { $0 == 0x20 }
    guard let first = bytes.first, first &- 48 < 10 || first == UInt8(ascii: "."), bytes.count <= 400 else {
      return false
    }
    let isNumber = bytes.allSatisfy { $0 &- 48 < 10 || " .,eE+-".utf8.contains($0) }
    guard isNumber else { return false }
    let digits = bytes.count { $0 &- 48 < 10 }
    let hasLeadingZero = first == 48 && bytes.dropFirst().first.map { $0 &- 48 < 10 } == true
    return hasLeadingZero || digits > shownDigits || bytes.contains { $0 | 0x20 == UInt8(ascii: "e") }
  }

  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D || byte == 0x3B
        || byte == 0x09
    }
    let hasEdgeBlank = text.utf8.first == 0x20 || text.utf8.last == 0x20
    guard needsQuotes || hasEdgeBlank else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
