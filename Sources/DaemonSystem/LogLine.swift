import DialerModel

/// How a log line is written.
public enum LogFormat: String, Sendable, CaseIterable {
  case logfmt, json
}

/// One event being written: a fixed name and fields in the order in which they are added.
///
/// Whatever text is added, it stays one line and one value, and nothing in it reaches a terminal as a control character:
/// much of it comes from clients.
public struct LogLine: ~Copyable {
  /// A longer value is cut, and ends in `…`: a line is for people, and a client must not be able to fill the disk.
  public static let maximumValueBytes = 1024

  private var bytes: [UInt8]
  private let format: LogFormat

  /// - Parameter storage: written over; so that a line needs no memory of its own.
  init(
    level: LogLevel, event: StaticString, at wall: Instant, format: LogFormat, withPriority: Bool,
    storage: consuming [UInt8]
  ) {
    self.format = format
    bytes = storage
    bytes.removeAll(keepingCapacity: true)
    if withPriority { bytes += [UInt8(ascii: "<"), UInt8(ascii: "0") + level.priority, UInt8(ascii: ">")] }
    if format == .json { bytes.append(UInt8(ascii: "{")) }
    key("time", isFirst: true)
    quoteInJSON()
    wall.append(to: &bytes)
    quoteInJSON()
    key("level")
    quoteInJSON()
    bytes += level.name.utf8
    quoteInJSON()
    key("event")
    quoteInJSON()
    append(event)
    quoteInJSON()
  }

  public mutating func add(_ name: StaticString, _ value: String) {
    key(name)
    text(value)
  }

  /// Nothing is written for nil.
  public mutating func add(_ name: StaticString, _ value: String?) {
    if let value { add(name, value) }
  }

  public mutating func add(_ name: StaticString, _ value: some BinaryInteger) {
    key(name)
    bytes += String(value).utf8
  }

  public mutating func add(_ name: StaticString, _ value: Bool) {
    key(name)
    bytes += (value ? "true" : "false").utf8
  }

  /// In JSON a number that is none (infinite, not a number) is null.
  public mutating func add(_ name: StaticString, _ value: Double) {
    key(name)
    bytes += (format == .json && !value.isFinite ? "null" : "\(value)").utf8
  }

  /// In seconds; the key ends in `Seconds`.
  public mutating func add(_ name: StaticString, _ value: Interval) { add(name, value.seconds) }

  /// RFC 3339.
  public mutating func add(_ name: StaticString, _ value: Instant) {
    key(name)
    quoteInJSON()
    value.append(to: &bytes)
    quoteInJSON()
  }

  /// The whole line with its `\n`.
  consuming func finished() -> [UInt8] {
    if format == .json { bytes.append(UInt8(ascii: "}")) }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  // MARK: - Text

  private mutating func key(_ name: StaticString, isFirst: Bool = false) {
    if !isFirst { bytes.append(format == .json ? UInt8(ascii: ",") : UInt8(ascii: " ")) }
    quoteInJSON()
    append(name)
    quoteInJSON()
    bytes.append(format == .json ? UInt8(ascii: ":") : UInt8(ascii: "="))
  }

  private mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func quoteInJSON() {
    if format == .json { bytes.append(UInt8(ascii: "\"")) }
  }

  private mutating func text(_ value: String) {
    var value = value
    value.withUTF8 { text in
      let shown = UnsafeBufferPointer(rebasing: text[..<Self.shownBytes(text)])
      let isCut = shown.count < text.count
      guard format == .json || isCut || Self.needsQuotes(shown) else {
        bytes.append(contentsOf: shown)
        return
      }
      bytes.append(UInt8(ascii: "\""))
      appendEscaped(shown)
      if isCut { bytes += "…".utf8 }
      bytes.append(UInt8(ascii: "\""))
    }
  }

  /// The maximum, less what it would cut off a character.
  private static func shownBytes(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    guard text.count > maximumValueBytes else { return text.count }
    var end = maximumValueBytes
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }

  private static func needsQuotes(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.isEmpty { return true }
    for byte in text {
      switch byte {
      case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "="), UInt8(ascii: "\\"), 0x7F, 0xC2: return true
      default: continue
      }
    }
    return false
  }

  /// The escapes of JSON, which readers of logfmt know too. Besides what JSON asks for: delete, and U+0080 to U+009F,
  /// which a terminal may obey like the other control characters.
  private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case UInt8(ascii: "\r"): bytes += "\\r".utf8
      case UInt8(ascii: "\t"): bytes += "\\t".utf8
      case 0..<0x20, 0x7F: appendUnicodeEscape(byte)
      case 0xC2 where index < text.count && text[index] < 0xA0:
        appendUnicodeEscape(text[index])
        index += 1
      default: bytes.append(byte)
      }
    }
  }

  private mutating func appendUnicodeEscape(_ scalar: UInt8) {
    let digits: StaticString = "0123456789abcdef"
    bytes += "\\u00".utf8
    bytes.append(digits.utf8Start[Int(scalar >> 4)])
    bytes.append(digits.utf8Start[Int(scalar & 15)])
  }
}
