import DialerModel
import Foundation

@testable import dialerd

extension Surroundings {
  static let systemZones = "/usr/share/zoneinfo"
  /// Read once for all tests.
  static let zones = Surroundings.system.timeZones(systemZones)

  /// A machine on which everything that the sample names is there: the configuration in `/etc/dialerd`, the real tz
  /// database, and the users and groups that a test gives.
  static func machine(
    directories: Set<String> = ["/", "/etc/dialerd", "/srv"], users: Set<String> = ["crm"],
    groups: Set<String> = ["agents"]
  ) -> Surroundings {
    let data = ["/etc/dialerd/numbering-plan.json", "/etc/dialerd/phone-timezones.json"]
    return Surroundings(
      kind: { directories.contains($0) ? .directory : data.contains($0) ? .other : nil },
      userExists: { users.contains($0) }, groupExists: { groups.contains($0) },
      timeZones: { $0 == systemZones ? zones : Surroundings.system.timeZones($0) },
      regions: { _ in ["AU", "GB", "US"] }, executable: "/usr/bin/dialerd", currentDirectory: "/srv")
  }
}

/// A configuration as in `/etc/dialerd/dialerd.json5`.
func configuration(
  _ text: String, on machine: Surroundings = .machine()
) throws(ConfigurationFaults) -> Configuration {
  try Configuration.parse(Array(text.utf8), path: "/etc/dialerd/dialerd.json5", surroundings: machine)
}

/// Its faults; none when it is accepted.
func faults(_ text: String, on machine: Surroundings = .machine()) -> [ConfigurationFault] {
  do throws(ConfigurationFaults) {
    _ = try configuration(text, on: machine)
    return []
  } catch {
    return error.faults
  }
}

enum ShippedFile {
  static func bytes(_ path: String) throws -> [UInt8] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return [UInt8](try Data(contentsOf: root.appendingPathComponent("Config/\(path)")))
  }

  static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

  /// As Foundation reads JSON5.
  static func json5(_ path: String) throws -> FoundationJSON {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    return try decoder.decode(FoundationJSON.self, from: Data(try bytes(path)))
  }
}

/// A value as Foundation reads it, to hold our own reading against.
enum FoundationJSON: Decodable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case array([FoundationJSON])
  case object([String: FoundationJSON])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([FoundationJSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: FoundationJSON].self))
    }
  }

  init(_ value: JSON5Value) {
    switch value.content {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .number(Double(value))
    case .number(let value): self = .number(value)
    case .text(let value): self = .text(value)
    case .array(let elements): self = .array(elements.map { FoundationJSON($0) })
    case .object(let members):
      self = .object(Dictionary(uniqueKeysWithValues: members.map { ($0.key, FoundationJSON($0.value)) }))
    }
  }

  subscript(key: String) -> FoundationJSON? { if case .object(let members) = self { members[key] } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var array: [FoundationJSON]? { if case .array(let elements) = self { elements } else { nil } }
  var keys: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }
}
