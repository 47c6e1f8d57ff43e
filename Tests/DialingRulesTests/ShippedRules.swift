import DialerModel
import DialingRules
import Foundation
import Testing
import TimeZones

/// The rule sets that are shipped, read once for all tests.
enum ShippedRules {
  static let names = ["us-federal", "us-states", "gb", "au", "au-research", "ca", "fr"]

  static func bytes(_ name: String) throws -> [UInt8] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return Array(try Data(contentsOf: root.appendingPathComponent("Config/calling-hours/\(name).json5")))
  }

  static let sets: [String: CompiledHours] = {
    var sets: [String: CompiledHours] = [:]
    for name in names {
      guard let bytes = try? bytes(name), let file = try? CallingHoursFile(bytes) else { continue }
      sets[name] = CompiledHours(file.hours)
    }
    return sets
  }()

  static func set(_ name: String) throws -> CompiledHours { try #require(sets[name], "\(name) does not load") }

  /// Whether calls may be made at a local time: `2026-11-20 08:00`, or with seconds.
  ///
  /// - Parameter place: `US-FL` or `US`; empty = not known.
  static func isOpen(_ set: String, _ place: String, _ zone: String, _ local: String) throws -> Bool {
    let hours = try Self.set(set)
    let zone = try Builders.zone(zone)
    let parts = local.split(separator: " ").map(String.init)
    let date = try #require(CivilDate(isoText: parts[0]))
    let clock = parts[1].split(separator: ":").compactMap { Int($0) }
    let seconds = clock[0] * 3600 + clock[1] * 60 + (clock.count > 2 ? clock[2] : 0)
    let now = zone.firstInstant(atOrAfterLocal: date, secondsOfDay: Int32(seconds))
    let codes = place.split(separator: "-").map(String.init)
    let profile = hours.profile(zones: [zone], country: codes.first, state: codes.count > 1 ? place : nil)
    return hours.status(profile, at: now).open
  }
}

/// One row of a table: at this local time calls may be made, or not.
struct PlaceAndTime: CustomTestStringConvertible, Sendable {
  var place: String
  var zone: String
  var local: String
  var open: Bool
  init(_ place: String, _ zone: String, _ local: String, _ open: Bool) {
    self.place = place
    self.zone = zone
    self.local = local
    self.open = open
  }
  var testDescription: String { "\(place.isEmpty ? "unknown" : place) \(local) \(open ? "open" : "closed")" }
}
