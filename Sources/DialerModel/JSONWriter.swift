/// Writes JSON straight into bytes, without a tree in between: for events, evidence and replies on hot paths.
///
/// Commas come by themselves. The caller opens and closes in pairs and gives each member of an object its key; the
/// writer does not check that.
public struct JSONWriter: Sendable {
  /// What is written so far. It may be taken or emptied between two whole values.
  public var bytes: [UInt8]
  private var needsComma = false

  /// Goes on behind `bytes`, which end with a whole text or a line end, or are empty.
  public init(appendingTo bytes: consuming [UInt8] = []) { self.bytes = bytes }

  /// The bytes written, leaving the writer empty.
  public mutating func take() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &bytes)
    needsComma = false
    return taken
  }

  public mutating func beginObject() { open(UInt8(ascii: "{")) }
  public mutating func endObject() { close(UInt8(ascii: "}")) }
  public mutating func beginArray() { open(UInt8(ascii: "[")) }
  public mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Ends the line behind a whole value; the next value begins anew.
  public mutating func endLine() {
    bytes.append(0x0A)
    needsComma = false
  }

  /// A key known when the program was written, of characters that need no escape.
  public mutating func key(_ key: StaticString) {
    separate()
    JSONText.append(quoting: key, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A key from outside, such as the name of a custom field.
  public mutating func key(_ key: String) {
    separate()
    JSONText.append(quoted: key, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  public mutating func null() {
    separate()
    JSONText.append("null", to: &bytes)
  }

  public mutating func value(_ value: Int64) {
    separate()
    JSONText.append(value, to: &bytes)
  }

  /// Null when not finite.
  public mutating func value(_ value: Double) {
    separate()
    JSONText.append(value, to: &bytes)
  }

  public mutating func value(_ value: Bool) {
    separate()
    JSONText.append(value ? "true" : "false", to: &bytes)
  }

  public mutating func value(_ value: String) {
    separate()
    JSONText.append(quoted: value, to: &bytes)
  }

  /// Text known when the program was written, of characters that need no escape.
  public mutating func value(word: StaticString) {
    separate()
    JSONText.append(quoting: word, to: &bytes)
  }

  /// As E.164 text.
  public mutating func value(_ value: PhoneNumber) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: "+"))
    JSONText.append(Int64(value.digits), to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// RFC 3339 in UTC with milliseconds.
  public mutating func value(_ value: Instant) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    value.append(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Seconds with decimals to the millisecond, without trailing zeros.
  public mutating func value(_ value: Interval) {
    separate()
    if value.milliseconds < 0 { bytes.append(UInt8(ascii: "-")) }
    let magnitude = value.milliseconds.magnitude
    JSONText.append(Int64(magnitude / 1000), to: &bytes)
    var decimals = magnitude % 1000
    if decimals == 0 { return }
    bytes.append(UInt8(ascii: "."))
    while decimals > 0 {
      bytes.append(48 + UInt8(decimals / 100))
      decimals = decimals % 100 * 10
    }
  }

  /// A whole tree.
  public mutating func value(_ value: JSON) {
    separate()
    value.write(to: &bytes)
  }

  /// A whole value that is JSON text already, for example one kept in the database.
  public mutating func value(raw text: [UInt8]) {
    separate()
    bytes.append(contentsOf: text)
  }

  /// A key with its value as JSON text that was written before.
  public mutating func member(raw text: [UInt8]) {
    separate()
    bytes.append(contentsOf: text)
  }

  @inline(__always) private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }
}

extension JSONWriter {
  public mutating func member(_ key: StaticString, _ value: Int64) {
    self.key(key)
    self.value(value)
  }
  public mutating func member(_ key: StaticString, _ value: Double) {
    self.key(key)
    self.value(value)
  }
  public mutating func member(_ key: StaticString, _ value: Bool) {
    self.key(key)
    self.value(value)
  }
  public mutating func member(_ key: StaticString, _ value: String) {
    self.key(key)
    self.value(value)
  }
  public mutating func member(_ key: StaticString, _ value: PhoneNumber) {
    self.key(key)
    self.value(value)
  }
  public mutating func member(_ key: StaticString, _ value: Instant) {
    self.key(key)
    self.value(value)
  }
  public mutating func member(_ key: StaticString, _ value: Interval) {
    self.key(key)
    self.value(value)
  }
  public mutating func member(_ key: StaticString, _ value: JSON) {
    self.key(key)
    self.value(value)
  }
}
