import TimeZones

/// Writes the bytes of a TZif file (RFC 9636); what a test does not set is a sound file without transitions.
struct TZifBytes {
  var version: UInt8 = UInt8(ascii: "2")
  var transitions: [(time: Int64, type: UInt8)] = []
  var types: [(offset: Int32, isDaylight: UInt8, designation: UInt8)] = [(0, 0, 0)]
  var designations: [UInt8] = Array("LMT\0".utf8)
  var leapSeconds = 0
  var indicators = 0
  var footer: String = ""

  var bytes: [UInt8] {
    guard version != 0 else { return header + block(timeBytes: 4) }
    return header + block(timeBytes: 4) + header + block(timeBytes: 8) + Array("\n\(footer)\n".utf8)
  }

  func rules(_ name: String = "Test/Zone") throws(ZoneFileFault) -> ZoneRules {
    try ZoneRules(name: name, tzif: bytes)
  }

  private var header: [UInt8] {
    var header = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
    for count in [indicators, indicators, leapSeconds, transitions.count, types.count, designations.count] {
      header += Self.bigEndian(Int64(count), 4)
    }
    return header
  }

  private func block(timeBytes: Int) -> [UInt8] {
    var block = transitions.flatMap { Self.bigEndian($0.time, timeBytes) } + transitions.map(\.type)
    for type in types { block += Self.bigEndian(Int64(type.offset), 4) + [type.isDaylight, type.designation] }
    block += designations
    return block + [UInt8](repeating: 0, count: leapSeconds * (timeBytes + 4) + 2 * indicators)
  }

  private static func bigEndian(_ value: Int64, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
  }
}
