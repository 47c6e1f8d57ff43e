/// One value of a JSON5 text, and where it stands. Objects keep their members as written, also those that stand twice.
public struct JSON5Value: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number without decimals or exponent that fits; kept exactly.
    case integer(Int64)
    /// Every other number; may be infinite or NaN, which JSON5 can write.
    case number(Double)
    case text(String)
    case array([JSON5Value])
    case object([Member])
  }

  public struct Member: Sendable, Equatable {
    public var key: String
    /// Offset in bytes of the key.
    public var offset: Int
    public var value: JSON5Value
  }

  public var content: Content
  /// Offset in bytes of the value's first byte.
  public var offset: Int

  public init(content: Content, offset: Int) {
    self.content = content
    self.offset = offset
  }

  /// The longest that a message shows of a value, in characters.
  private static let shownCharacters = 40

  /// The value as a message names it: one line, shortened, without control characters.
  public var shown: String {
    switch content {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): "\"\(Self.shortened(value))\""
    case .array(let elements): elements.isEmpty ? "[]" : "an array of \(elements.count)"
    case .object(let members): members.isEmpty ? "{}" : "an object"
    }
  }

  public static func shortened(_ text: String) -> String {
    var shown = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
      if count == shownCharacters { return shown + "…" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
