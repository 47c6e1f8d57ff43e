import DialerModel

/// One JSON value as a person reads it in a line.
enum CellText {
  /// What stands where there is nothing.
  static let nothing = "-"

  /// - Parameter isShort: cuts instants to the second, as tables do.
  static func text(_ value: JSON, isShort: Bool = false) -> String {
    switch value {
    case .null: nothing
    case .bool(let value): value ? "yes" : "no"
    case .integer(let value): String(value)
    case .number(let value): plain(value)
    case .string(let text): text.isEmpty ? nothing : isShort ? shortInstant(text) ?? printable(text) : printable(text)
    case .array(let elements):
      elements.isEmpty ? nothing : elements.map { self.text($0, isShort: isShort) }.joined(separator: ", ")
    case .object: printable(value.text)
    }
  }

  /// Without `.0` behind a whole number.
  static func plain(_ value: Double) -> String { JSON(value).integerValue.map(String.init) ?? value.description }

  /// `2026-11-20 14:03:11Z`; nil for text that is not an instant as the daemon writes it. It can be given to a flag as it
  /// stands.
  private static func shortInstant(_ text: String) -> String? {
    guard text.utf8.count == 24, text.utf8.last == UInt8(ascii: "Z"), Instant(rfc3339: text) != nil else { return nil }
    return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + "Z"
  }

  /// The text on one line, and with nothing in it that a terminal would take for a command: what leads and agents are
  /// called comes from outside.
  static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case _ where isControl(scalar):
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// C0, DEL and C1; line and paragraph separators; the marks that turn the direction of writing round.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
