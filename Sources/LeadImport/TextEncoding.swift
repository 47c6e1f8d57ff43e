/// How the bytes of a file are read as text. What spreadsheets write is UTF-8 or Windows-1252, of which Latin-1 is the
/// part that is printed.
public enum TextEncoding: String, Codable, Sendable {
  case utf8
  case windows1252

  /// Scalars of the bytes 0x80 to 0x9F; 0 = none. Source: the WHATWG Encoding Standard, index windows-1252, without the
  /// five control characters that it maps for the web's sake.
  private static let upper: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178,
  ]

  static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var all: UInt8 = 0
    for byte in bytes { all |= byte }
    return all < 0x80
  }

  /// The bytes as UTF-8; nil when they are no text of this encoding.
  func decoded(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    switch self {
    case .utf8: return String(validating: bytes, as: UTF8.self) == nil ? nil : Array(bytes)
    case .windows1252:
      var text: [UInt8] = []
      text.reserveCapacity(bytes.count + 16)
      for byte in bytes {
        var value = UInt32(byte)
        if (0x80...0x9F).contains(byte) {
          value = Self.upper[Int(byte) - 0x80]
          if value == 0 { return nil }
        }
        guard let scalar = Unicode.Scalar(value) else { return nil }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
      return text
    }
  }
}
