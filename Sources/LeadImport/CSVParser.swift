/// Reads records out of a file that comes in pieces: RFC 4180, and what spreadsheets really write.
///
/// A byte order mark, any of the usual delimiters, a first line `sep=;`, LF, CR LF or CR, line breaks and doubled quotes
/// in fields, UTF-8 or Windows-1252. Memory is bounded by the longest record; a pass over the bytes finds where a record
/// ends, and only then its fields are made. What is left between two pieces is ``State``: with it another parser goes on,
/// also after a restart.
public struct CSVParser: Sendable {
  public static let maximumRecordBytes = 1 << 20
  public static let maximumColumns = 1000

  public struct State: Hashable, Codable, Sendable {
    public var delimiter: UInt8?
    public var encoding: TextEncoding?
    /// Of the next record, from 1.
    public var line = 1
    /// Bytes of the file before ``rest``.
    public var offset = 0
    var isPastMark = false
    var isPastFirst = false
    var skipsLineFeed = false
    /// The record that is not complete yet.
    public var rest: [UInt8] = []
    /// That record is passed over when it is complete. Nil, as in states that were kept before this was known: it is not.
    var passesOver: Bool?
    public init() {}

    /// Where the record ends has to be seen all the same.
    mutating func blotRest() {
      rest = rest.map { byte in
        byte == CSVParser.quote || byte < 0x20 || CSVParser.candidates.contains(byte) ? byte : UInt8(ascii: "x")
      }
      passesOver = true
    }
  }

  /// Where the scan for the end of the record stands.
  private enum Place { case fieldStart, plain, quoted, closed }

  public private(set) var state: State
  private var scanned = 0
  private var place = Place.fieldStart
  private var columns = 1
  private var lines = 0
  private var isAfterReturn = false

  fileprivate static let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
  fileprivate static let quote = UInt8(ascii: "\"")

  /// - Parameter delimiter: nil = found in the first line.
  public init(delimiter: UInt8? = nil) {
    state = State()
    state.delimiter = delimiter
  }

  public init(state: State) { self.state = state }

  /// Takes the next bytes of the file and hands over each record that they complete.
  ///
  /// - Throws: why the file is refused; the parser is of no use then.
  public mutating func feed(
    _ bytes: [UInt8], _ body: (CSVRecord) -> Void
  ) throws(ImportFault) {
    state.rest += bytes
    guard try passMark(isAtEnd: false) else { return }
    try scan(body)
  }

  /// The file is over: hands over a last record without a line end.
  public mutating func finish(_ body: (CSVRecord) -> Void) throws(ImportFault) {
    _ = try passMark(isAtEnd: true)
    try scan(body)
    guard !state.rest.isEmpty else { return }
    if place == .quoted { throw .unclosedQuote(line: state.line) }
    let end = state.rest.count
    try hand(0..<end, body)
    drop(end)
  }

  // MARK: - Finding the end of a record

  private mutating func passMark(isAtEnd: Bool) throws(ImportFault) -> Bool {
    guard !state.isPastMark else { return true }
    let rest = state.rest
    if rest.starts(with: [0xFF, 0xFE]) || rest.starts(with: [0xFE, 0xFF]) { throw .utf16 }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    guard isAtEnd || rest.count >= 3 || !mark.starts(with: rest) else { return false }
    // The second byte of UTF-16 without a mark is zero wherever the text is of the West.
    guard isAtEnd || rest.count >= 2 else { return false }
    if rest.count >= 2, rest[0] == 0 || rest[1] == 0 { throw .utf16 }
    if rest.starts(with: mark) {
      drop(3)
      state.encoding = .utf8
    }
    state.isPastMark = true
    return true
  }

  private mutating func scan(_ body: (CSVRecord) -> Void) throws(ImportFault) {
    var start = 0
    while true {
      if state.skipsLineFeed, scanned < state.rest.count {
        state.skipsLineFeed = false
        if state.rest[scanned] == 10 {
          scanned += 1
          start = scanned
        }
      }
      guard let end = try recordEnd(from: start) else { break }
      if end > start { try hand(start..<end, body) }
      state.line += lines + 1
      lines = 0
      columns = 1
      place = .fieldStart
      start = scanned
    }
    guard state.rest.count - start <= Self.maximumRecordBytes else {
      throw place == .quoted ? .unclosedQuote(line: state.line) : .recordTooLong(line: state.line)
    }
    scanned -= start
    drop(start)
  }

  /// Where the record that begins at `start` ends, without its line end; nil = not in these bytes.
  private mutating func recordEnd(from start: Int) throws(ImportFault) -> Int? {
    let rest = state.rest
    var at = scanned
    defer { scanned = at }
    while at < rest.count {
      let byte = rest[at]
      at += 1
      if byte < 0x20 {
        if byte == 10 || byte == 13 {
          guard place == .quoted else {
            state.skipsLineFeed = byte == 13
            guard at - start <= Self.maximumRecordBytes else { throw .recordTooLong(line: state.line) }
            return at - 1
          }
          if byte == 13 || !isAfterReturn { lines += 1 }
          isAfterReturn = byte == 13
          continue
        }
        guard isText(byte) || (byte == Self.endOfFile && at - 1 == start) else {
          throw .binary(offset: state.offset + at - 1)
        }
      }
      isAfterReturn = false
      try step(byte)
    }
    return nil
  }

  /// What old programs put behind the last line.
  private static let endOfFile: UInt8 = 0x1A

  /// Tab; and the two that some programs put in the place of a line break inside a field.
  private func isText(_ byte: UInt8) -> Bool { byte == 9 || byte == 11 || byte == 12 }

  private mutating func step(_ byte: UInt8) throws(ImportFault) {
    if place == .quoted {
      if byte == Self.quote { place = .closed }
    } else if isDelimiter(byte) {
      place = .fieldStart
      columns += 1
      if columns > Self.maximumColumns, state.delimiter != nil { throw .tooManyColumns(line: state.line) }
    } else if byte == Self.quote, place != .plain {
      // At the beginning of a field it opens; behind a closing one it was a doubled quote.
      place = .quoted
    } else {
      place = .plain
    }
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    if let delimiter = state.delimiter { return byte == delimiter }
    return Self.candidates.contains(byte)
  }

  // MARK: - Handing records over

  private mutating func hand(_ range: Range<Int>, _ body: (CSVRecord) -> Void) throws(ImportFault) {
    if range.count == 1, state.rest[range.lowerBound] == Self.endOfFile { return }
    if !state.isPastFirst {
      state.isPastFirst = true
      if takesSeparatorLine(range) { return }
      if state.delimiter == nil { state.delimiter = Self.mostFrequent(in: state.rest[range]) }
    }
    if state.passesOver == true {
      state.passesOver = nil
      return
    }
    let delimiter = state.delimiter ?? Self.candidates[0]
    var encoding = state.encoding
    let fields: [String]? = state.rest.withUnsafeBufferPointer { all in
      let bytes = UnsafeBufferPointer(rebasing: all[range])
      if TextEncoding.isASCII(bytes) { return CSVRecord.fields(bytes, delimiter: delimiter) }
      // The first record that is more than ASCII tells, and the rest of the file has to agree.
      let known = encoding ?? (String(validating: bytes, as: UTF8.self) != nil ? .utf8 : .windows1252)
      encoding = known
      return known.decoded(bytes)?.withUnsafeBufferPointer { CSVRecord.fields($0, delimiter: delimiter) }
    }
    state.encoding = encoding
    guard let fields else { throw .encoding(line: state.line) }
    guard fields.count <= Self.maximumColumns else { throw .tooManyColumns(line: state.line) }
    body(CSVRecord(line: state.line, fields: fields))
  }

  /// Excel writes `sep=;` ahead of the header, to say what it separates by.
  private mutating func takesSeparatorLine(_ range: Range<Int>) -> Bool {
    let line = state.rest[range]
    guard line.count == 5, line.starts(with: "sep=".utf8), let last = line.last, Self.candidates.contains(last) else {
      return false
    }
    if state.delimiter == nil { state.delimiter = last }
    return true
  }

  /// The candidate that the first line has most of outside quotes; a comma where it has none.
  private static func mostFrequent(in line: ArraySlice<UInt8>) -> UInt8 {
    var counts = [Int](repeating: 0, count: candidates.count)
    var isInside = false
    for byte in line {
      if byte == quote { isInside.toggle() }
      if !isInside, let candidate = candidates.firstIndex(of: byte) { counts[candidate] += 1 }
    }
    var best = 0
    for index in counts.indices where counts[index] > counts[best] { best = index }
    return candidates[best]
  }

  private mutating func drop(_ count: Int) {
    state.offset += count
    state.rest.removeFirst(count)
  }
}
