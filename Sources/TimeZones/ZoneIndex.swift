/// The names of a tz database and what each stands for, as `tzdata.zi` lists them.
///
/// Of that file, the source of the whole database in compact form, only three kinds of line matter here: the first, which
/// names the version, `Z NAME …`, which begins a zone, and `L TARGET NAME`, which gives a zone another name.
/// Source: the manual page zic(8).
struct ZoneIndex {
  /// Such as "2025b"; nil when the first line does not say.
  private(set) var version: String?
  /// The names of zones.
  private(set) var zones: [String] = []
  /// The other names, each with a zone's name or again another name.
  private(set) var links: [(name: String, target: String)] = []

  /// More links in a row than any database has go round in a circle.
  private static let longestChain = 16
  /// A zone that stands for "not set up" and is no place.
  private static let placeholder = "Factory"

  init(_ bytes: [UInt8]) throws(ZoneFileFault) {
    var isFirst = true
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if isFirst { version = Self.version(line) }
      isFirst = false
      guard let kind = line.first, kind == UInt8(ascii: "Z") || kind == UInt8(ascii: "L") else { continue }
      let fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
      switch (fields[0], fields.count) {
      case ("Z", 2...):
        if fields[1] != Self.placeholder { zones.append(try Self.checked(fields[1])) }
      case ("L", 3):
        links.append((name: try Self.checked(fields[2]), target: try Self.checked(fields[1])))
      default:
        throw .badName(String(decoding: line.prefix(80), as: UTF8.self))
      }
    }
  }

  /// For each name the zone it stands for, in the order of the names; links to what is not listed are a fault.
  func resolved() throws(ZoneFileFault) -> [(name: String, zone: String)] {
    var targets: [String: String] = [:]
    for zone in zones { targets[zone] = zone }
    for link in links { targets[link.name] = link.target }
    var result: [(name: String, zone: String)] = []
    for name in targets.keys.sorted() where name != Self.placeholder {
      var zone = name
      var steps = 0
      while let target = targets[zone], target != zone, steps < Self.longestChain {
        zone = target
        steps += 1
      }
      guard targets[zone] == zone else { throw .badName(name) }
      result.append((name: name, zone: zone))
    }
    return result
  }

  private static func version(_ line: ArraySlice<UInt8>) -> String? {
    let prefix = Array("# version ".utf8)
    guard line.starts(with: prefix), line.count > prefix.count else { return nil }
    return String(decoding: line.dropFirst(prefix.count), as: UTF8.self)
  }

  private static func checked(_ name: String) throws(ZoneFileFault) -> String {
    guard isSafe(name) else { throw .badName(name) }
    return name
  }

  /// Whether a name stays within the directory: parts of letters, digits and `._+-`, none of them `.` or `..`.
  static func isSafe(_ name: String) -> Bool {
    for part in name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard !part.isEmpty, !part.elementsEqual(".".utf8), !part.elementsEqual("..".utf8) else { return false }
      for byte in part {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"),
          UInt8(ascii: "-"):
          continue
        default:
          return false
        }
      }
    }
    return true
  }
}
