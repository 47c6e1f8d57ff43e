import Foundation

@testable import PhoneNumbers

/// The plan and the prefixes as the daemon ships them, read once for all tests, and the vectors.
enum ShippedData {
  static let plan = Result { try NumberingPlan(json: file("Config/numbering-plan.json")) }
  static let zones = Result { try PrefixZones(json: file("Config/phone-timezones.json")) }

  static func file(_ path: String) throws -> Data {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try Data(contentsOf: root.appendingPathComponent(path))
  }

  static func regions() throws -> [NumberingPlanData.Region] {
    try JSONDecoder().decode(NumberingPlanData.self, from: file("Config/numbering-plan.json")).regions
  }

  struct Vector {
    var region: String
    var typed: String
    var isValid: Bool
    var e164: String
    var zones: [String]
  }

  /// Made with libphonenumber's metadata and rules, as packaged in `phonenumbers` 9.0.43 (Apache-2.0).
  static func vectors() throws -> [Vector] {
    let text = String(decoding: try file("Tests/PhoneNumbersTests/Fixtures/phone-vectors.tsv"), as: UTF8.self)
    return text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Vector(
        region: fields[0], typed: fields[1], isValid: fields[2] == "valid", e164: fields[3],
        zones: fields[4].split(separator: ",").map(String.init))
    }
  }
}
