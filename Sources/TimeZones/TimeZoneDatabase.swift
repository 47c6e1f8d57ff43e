import Foundation
import Glibc

/// The tz database of the system, read once: an update of it takes effect with a new value of this type.
///
/// All zones are read at once (some 340 files, 600 names), so that a fault shows at the start and not at a claim, and
/// nothing changes after. Names that link to one zone share its rules. The names come from `tzdata.zi`; a link needs no
/// file of its own, because some distributions pack the older names apart. Where there is no `tzdata.zi`, every TZif
/// file under the directory is a zone.
public final class TimeZoneDatabase: Sendable {
  /// Such as "2025b"; "unknown" when neither `tzdata.zi` nor `+VERSION` says.
  public let version: String
  /// Sorted; zones and links alike.
  public let names: [String]
  private let zones: [String: ZoneRules]

  /// The longest real zone file has some 4 KB, `tzdata.zi` some 110 KB.
  private static let maximumFileBytes = 4 << 20
  /// Copies of the whole database, names for the machine's own zone or for none, and the long gone System V zones.
  private static let excludedTops: Set<String> = [
    "posix", "right", "posixrules", "localtime", "Factory", "SystemV",
  ]

  /// Throws when a file cannot be read or is malformed, naming every such file.
  public init(directory: String = "/usr/share/zoneinfo") throws(TimeZoneError) {
    var faults: [TimeZoneError.FaultyFile] = []
    var listed: [(name: String, zone: String)]
    var version: String?
    do {
      let index = try ZoneIndex(try Self.bytes(ofFile: "\(directory)/tzdata.zi"))
      version = index.version
      listed = try index.resolved()
    } catch .unreadable(ENOENT) {
      listed = Self.walk(directory)
    } catch {
      throw .faultyFiles([.init(file: "tzdata.zi", fault: error)])
    }

    var read: [String: ZoneRules?] = [:]
    var zones: [String: ZoneRules] = [:]
    for (name, zone) in listed {
      if read[zone] == nil {
        do throws(ZoneFileFault) {
          read[zone] = .some(try ZoneRules(name: zone, tzif: Self.bytes(ofFile: "\(directory)/\(zone)")))
        } catch {
          read[zone] = .some(nil)
          // A zone that the index lists and the system does not carry is unknown here, as it is to the system.
          if error != .unreadable(errno: ENOENT) { faults.append(.init(file: zone, fault: error)) }
        }
      }
      if let rules = read[zone] ?? nil { zones[name] = rules }
    }
    guard faults.isEmpty else { throw .faultyFiles(faults) }
    guard !zones.isEmpty else { throw .noZones(directory: directory) }
    self.zones = zones
    names = zones.keys.sorted()
    self.version = version ?? Self.versionFile(directory) ?? "unknown"
  }

  /// The rules of the zone of that name, upper and lower case told apart; nil when there is none.
  public func zone(named name: String) -> ZoneRules? { zones[name] }

  private static func versionFile(_ directory: String) -> String? {
    guard let bytes = try? bytes(ofFile: "\(directory)/+VERSION") else { return nil }
    let line = bytes.prefix { $0 > UInt8(ascii: " ") }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  /// Every TZif file below the directory, each name with the name that its symbolic link, if it is one, ends at.
  private static func walk(_ directory: String) -> [(name: String, zone: String)] {
    let root = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path + "/"
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
    var result: [(name: String, zone: String)] = []
    for name in paths.sorted() where ZoneIndex.isSafe(name) {
      let top = name.prefix { $0 != "/" }
      guard !excludedTops.contains(String(top)), let bytes = try? bytes(ofFile: root + name),
        bytes.starts(with: "TZif".utf8)
      else { continue }
      let target = URL(fileURLWithPath: root + name).resolvingSymlinksInPath().path
      let zone = target.hasPrefix(root) ? String(target.dropFirst(root.count)) : name
      result.append((name: name, zone: excludedTops.contains(String(zone.prefix { $0 != "/" })) ? name : zone))
    }
    return result
  }

  private static func bytes(ofFile path: String) throws(ZoneFileFault) -> [UInt8] {
    // Without O_NONBLOCK a named pipe would be waited for; with it, reading one finds nothing.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(errno: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        guard errno == EINTR else { throw .unreadable(errno: errno) }
        continue
      }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= maximumFileBytes else { throw .tooLong }
    }
  }
}
