/// What one TZif file says, of which dialling needs only the offsets: the designations and the indicators of standard
/// and universal time are checked for length and passed over.
///
/// Source: RFC 9636, versions 1 to 4; a later version is read as 4, as section 3 of it asks.
struct TZifFile {
  /// Strictly ascending, in Unix seconds.
  private(set) var transitionTimes: [Int64] = []
  /// Seconds east of UTC from the transition of the same index on.
  private(set) var offsets: [Int32] = []
  /// Seconds east of UTC before the first transition: local time type 0.
  private(set) var initialOffset: Int32 = 0
  /// The rule that holds after the last transition; nil when the last offset stays for ever.
  private(set) var footer: PosixTimeZone?

  /// "SHOULD NOT be less than -2^59" (RFC 9636, 3.2); the same bound above keeps arithmetic from overflowing.
  private static let furthestTime: Int64 = 1 << 59
  /// "SHOULD be more than -25 hours and less than 26 hours" (RFC 9636, 3.2).
  private static let possibleOffsets: ClosedRange<Int32> = -89_999...93_599
  /// An index of a transition, and of the years that the footer adds, is to fit in 16 bits.
  private static let maximumTransitions = 32_768

  init(_ bytes: [UInt8]) throws(ZoneFileFault) {
    var reader = ByteReader(bytes)
    let first = try Header(&reader)
    guard first.version >= UInt8(ascii: "2") else {
      try readBlock(first, timeBytes: 4, &reader)
      return
    }
    try reader.skip(first.blockBytes(timeBytes: 4))
    let second = try Header(&reader)
    try readBlock(second, timeBytes: 8, &reader)
    try readFooter(&reader)
  }

  private mutating func readBlock(
    _ header: Header, timeBytes: Int, _ reader: inout ByteReader
  ) throws(ZoneFileFault) {
    try header.check()
    // Looked at before anything is made room for, so that a count of four thousand million costs nothing.
    guard reader.remaining >= header.blockBytes(timeBytes: timeBytes) else { throw .truncated }
    guard header.times <= Self.maximumTransitions else { throw .tooManyTransitions }

    transitionTimes.reserveCapacity(header.times)
    var last = Int64.min
    for _ in 0..<header.times {
      let time = timeBytes == 4 ? Int64(Int32(bitPattern: try reader.uint32())) : try reader.int64()
      guard time > last, time >= -Self.furthestTime, time <= Self.furthestTime else { throw .badTransitionTimes }
      transitionTimes.append(time)
      last = time
    }
    var typeOfTransition: [Int] = []
    typeOfTransition.reserveCapacity(header.times)
    for _ in 0..<header.times {
      let type = Int(try reader.byte())
      guard type < header.types else { throw .badTypeIndex }
      typeOfTransition.append(type)
    }
    var offsetOfType: [Int32] = []
    for _ in 0..<header.types {
      let offset = Int32(bitPattern: try reader.uint32())
      let isDaylight = try reader.byte()
      let designation = Int(try reader.byte())
      guard Self.possibleOffsets.contains(offset), isDaylight <= 1, designation < header.designationBytes
      else { throw .badLocalTimeType }
      offsetOfType.append(offset)
    }
    try reader.skip(header.designationBytes + header.standardIndicators + header.universalIndicators)
    initialOffset = offsetOfType[0]
    offsets = typeOfTransition.map { offsetOfType[$0] }
  }

  private mutating func readFooter(_ reader: inout ByteReader) throws(ZoneFileFault) {
    guard try reader.byte() == UInt8(ascii: "\n") else { throw .badFooter }
    let text = try reader.line()
    guard !text.isEmpty else { return }
    guard let rule = PosixTimeZone(text) else { throw .badFooter }
    if let last = transitionTimes.last, rule.offset(at: last) != offsets[offsets.count - 1] {
      throw .contradictoryFooter
    }
    footer = rule
  }
}

/// The 44 bytes before each data block (RFC 9636, 3.1).
private struct Header {
  let version: UInt8
  let universalIndicators: Int
  let standardIndicators: Int
  let leapSeconds: Int
  let times: Int
  let types: Int
  let designationBytes: Int

  init(_ reader: inout ByteReader) throws(ZoneFileFault) {
    for expected in "TZif".utf8 {
      guard try reader.byte() == expected else { throw .notTZif }
    }
    version = try reader.byte()
    guard version == 0 || version >= UInt8(ascii: "2") else { throw .notTZif }
    try reader.skip(15)
    universalIndicators = Int(try reader.uint32())
    standardIndicators = Int(try reader.uint32())
    leapSeconds = Int(try reader.uint32())
    times = Int(try reader.uint32())
    types = Int(try reader.uint32())
    designationBytes = Int(try reader.uint32())
  }

  func blockBytes(timeBytes: Int) -> Int {
    times * (timeBytes + 1) + types * 6 + designationBytes + leapSeconds * (timeBytes + 4) + standardIndicators
      + universalIndicators
  }

  /// Only for the block that is used: the first block of a later version may be an empty stand-in.
  func check() throws(ZoneFileFault) {
    guard leapSeconds == 0 else { throw .leapSeconds }
    guard types > 0, designationBytes > 0, universalIndicators == 0 || universalIndicators == types,
      standardIndicators == 0 || standardIndicators == types
    else { throw .badCounts }
  }
}

/// Reads big-endian numbers, each checked against the end.
private struct ByteReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var remaining: Int { bytes.count - position }

  mutating func skip(_ count: Int) throws(ZoneFileFault) {
    guard count <= remaining else { throw .truncated }
    position += count
  }

  mutating func byte() throws(ZoneFileFault) -> UInt8 {
    guard remaining > 0 else { throw .truncated }
    position += 1
    return bytes[position - 1]
  }

  mutating func uint32() throws(ZoneFileFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 { value = value << 8 | UInt32(try byte()) }
    return value
  }

  mutating func int64() throws(ZoneFileFault) -> Int64 {
    let high = try uint32()
    let low = try uint32()
    return Int64(bitPattern: UInt64(high) << 32 | UInt64(low))
  }

  /// The bytes up to the next line feed, which is passed over.
  mutating func line() throws(ZoneFileFault) -> ArraySlice<UInt8> {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { throw .truncated }
    defer { position = end + 1 }
    return bytes[position..<end]
  }
}
