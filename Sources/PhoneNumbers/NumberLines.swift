import DialerModel

/// Numbers and prefixes out of a file that has one a line, as do-not-call lists are handed around: plain numbers, a CSV
/// whose first column has them, or area code and number in two columns, which is how the registry of the US gives them out.
///
/// Pieces of a file that end with a line are read apart, on as many threads as there are, and put together in order.
public struct NumberLines: Sendable, Equatable {
  public struct Fault: Sendable, Equatable {
    /// Of the file, from 1.
    public var line: Int
    /// A stable word: a reason of ``PhoneNumberFault``, `not-a-prefix` or `line-too-long`.
    public var reason: String
    /// One sentence for a person.
    public var message: String
    /// The line's first column, shortened.
    public var text: String
  }

  /// Set in a number of ``numbers`` that stands for a prefix: behind every number when they are sorted.
  public static let prefixBit: UInt64 = 1 << 63
  /// So many invalid lines are named; the others are counted.
  public static let namedFaults = 100
  /// No line of numbers is as long; what is has lost its line ends.
  public static let maximumLineBytes = 4096

  /// In the order of the file, also those that stand in it twice.
  public var numbers: [UInt64] = []
  /// All lines, also those that are blank or a comment.
  public var lines = 0
  public var invalid = 0
  /// The first ``namedFaults``.
  public var faults: [Fault] = []
  /// A byte that no text has, where the first one stands: then this is no file of numbers.
  public var binaryLine: Int?

  public init() {}

  /// Reads whole lines; the last one may have no end.
  ///
  /// - Parameters:
  ///   - isFirst: whether the file begins here: a byte order mark and a heading are passed over.
  ///   - region: where numbers without a country code are read; nil = they are invalid.
  public init(
    _ bytes: UnsafeBufferPointer<UInt8>, isFirst: Bool, plan: NumberingPlan, region: String?
  ) {
    var start = isFirst && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var mayBeHeading = isFirst
    while start < bytes.count, binaryLine == nil {
      var end = start
      while end < bytes.count, bytes[end] != 0x0A { end += 1 }
      lines += 1
      let line = Self.trimmed(UnsafeBufferPointer(rebasing: bytes[start..<end]))
      start = end + 1
      guard !line.isEmpty, line[0] != UInt8(ascii: "#") else { continue }
      let fault = read(line, plan, region)
      if let fault, !(mayBeHeading && Self.isHeading(line)) { add(fault, line) }
      mayBeHeading = false
    }
  }

  /// Puts the piece of the file that follows behind this one.
  public mutating func append(_ next: NumberLines) {
    numbers += next.numbers
    for fault in next.faults where faults.count < Self.namedFaults {
      faults.append(Fault(line: lines + fault.line, reason: fault.reason, message: fault.message, text: fault.text))
    }
    if binaryLine == nil { binaryLine = next.binaryLine.map { lines + $0 } }
    invalid += next.invalid
    lines += next.lines
  }

  // MARK: - One line

  private struct LineFault {
    var reason: String
    var message: String
  }

  private mutating func read(
    _ line: UnsafeBufferPointer<UInt8>, _ plan: NumberingPlan, _ region: String?
  ) -> LineFault? {
    guard line.count <= Self.maximumLineBytes else {
      return LineFault(reason: "line-too-long", message: "the line is longer than \(Self.maximumLineBytes) bytes")
    }
    if line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
      binaryLine = lines
      return nil
    }
    let columns = Self.firstTwoColumns(line)
    let first = Self.unquoted(columns.first)
    if first.last == UInt8(ascii: "*") {
      guard let digits = PhonePrefix.digits(first) else {
        return LineFault(reason: "not-a-prefix", message: PhonePrefix.accepted)
      }
      numbers.append(digits | Self.prefixBit)
      return nil
    }
    switch plan.parse(utf8: first, region: region) {
    case .success(let number): numbers.append(number.digits)
    case .failure(let fault):
      guard let second = columns.second, let joined = Self.joined(first, Self.unquoted(second)),
        case .success(let number) = plan.parse(utf8: joined[...], region: region)
      else { return LineFault(reason: fault.reason, message: fault.message) }
      numbers.append(number.digits)
    }
    return nil
  }

  private mutating func add(_ fault: LineFault, _ line: UnsafeBufferPointer<UInt8>) {
    invalid += 1
    guard faults.count < Self.namedFaults else { return }
    let text = Self.unquoted(Self.firstTwoColumns(UnsafeBufferPointer(rebasing: line.prefix(64))).first)
    faults.append(
      Fault(line: lines, reason: fault.reason, message: fault.message, text: String(decoding: text, as: UTF8.self)))
  }

  /// Such as `phone` or `phone1,date`: words, and fewer digits than any number has.
  private static func isHeading(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    let column = firstTwoColumns(line).first
    return column.reduce(0) { $0 + (isDigit($1) ? 1 : 0) } < 3
      && column.contains { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
  }

  /// Three digits and seven: area code and number of the national registry of the US.
  private static func joined(
    _ area: UnsafeBufferPointer<UInt8>, _ number: UnsafeBufferPointer<UInt8>
  ) -> [UInt8]? {
    guard area.count == 3, number.count == 7, area.allSatisfy(isDigit), number.allSatisfy(isDigit) else { return nil }
    return Array(area) + Array(number)
  }

  /// Split at the first comma, semicolon, tab or bar outside quotes.
  private static func firstTwoColumns(
    _ line: UnsafeBufferPointer<UInt8>
  ) -> (first: UnsafeBufferPointer<UInt8>, second: UnsafeBufferPointer<UInt8>?) {
    let end = columnEnd(line)
    let first = UnsafeBufferPointer(rebasing: line[..<end])
    guard end < line.count else { return (first, nil) }
    let rest = UnsafeBufferPointer(rebasing: line[(end + 1)...])
    return (first, UnsafeBufferPointer(rebasing: rest[..<columnEnd(rest)]))
  }

  private static func columnEnd(_ line: UnsafeBufferPointer<UInt8>) -> Int {
    var isQuoted = false
    for (place, byte) in line.enumerated() {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"): if !isQuoted { return place }
      default: break
      }
    }
    return line.count
  }

  /// Also the apostrophe that spreadsheets are given so that they leave a number alone.
  private static func unquoted(_ column: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var text = trimmed(column)
    if text.count >= 2, text[0] == UInt8(ascii: "\""), text[text.count - 1] == UInt8(ascii: "\"") {
      text = trimmed(UnsafeBufferPointer(rebasing: text[1..<(text.count - 1)]))
    }
    if text.first == UInt8(ascii: "'") { text = UnsafeBufferPointer(rebasing: text.dropFirst()) }
    return text
  }

  private static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = text.count
    while start < end, isBlank(text[start]) { start += 1 }
    while end > start, isBlank(text[end - 1]) { end -= 1 }
    return UnsafeBufferPointer(rebasing: text[start..<end])
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
}
