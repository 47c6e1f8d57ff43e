/// Writes records as CSV (RFC 4180) that a spreadsheet opens: quotes where they are needed, CR LF at the end.
public enum CSVWriter {
  public static func append(_ fields: [String], to text: inout [UInt8]) {
    text.reserveCapacity(text.count + fields.reduce(2) { $0 + $1.utf8.count + 1 })
    for (place, field) in fields.enumerated() {
      if place > 0 { text.append(UInt8(ascii: ",")) }
      append(field, to: &text)
    }
    text += [13, 10]
  }

  private static func append(_ field: String, to text: inout [UInt8]) {
    var field = field
    field.withUTF8 { bytes in
      let needsQuotes = bytes.contains { byte in
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 10 || byte == 13
      }
      guard needsQuotes else { return text.append(contentsOf: bytes) }
      text.append(UInt8(ascii: "\""))
      for byte in bytes {
        if byte == UInt8(ascii: "\"") { text.append(byte) }
        text.append(byte)
      }
      text.append(UInt8(ascii: "\""))
    }
  }
}
