import Foundation

/// The shipped number plan and its zones, cut down to one country: a debug build reads the whole for most of a second,
/// and these tests start it often.
struct SmallData {
  let numberingPlan: Data
  let phoneTimeZones: Data

  static let shared = Result { try SmallData() }

  private init() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Config")
    var plan = try Self.object(folder.appendingPathComponent("numbering-plan.json"))
    let regions = plan["regions"] as? [[String: Any]] ?? []
    plan["regions"] = regions.filter { $0["region"] as? String == "US" }
    numberingPlan = try JSONSerialization.data(withJSONObject: plan)
    var zones = try Self.object(folder.appendingPathComponent("phone-timezones.json"))
    let prefixes = zones["prefixes"] as? [String: Any] ?? [:]
    zones["prefixes"] = prefixes.filter { $0.key == "1212" }
    phoneTimeZones = try JSONSerialization.data(withJSONObject: zones)
  }

  private static func object(_ file: URL) throws -> [String: Any] {
    guard let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] else {
      throw Stuck("\(file.lastPathComponent) is no object")
    }
    return object
  }

  func write(to folder: String) throws {
    try numberingPlan.write(to: URL(fileURLWithPath: "\(folder)/numbering-plan.json"))
    try phoneTimeZones.write(to: URL(fileURLWithPath: "\(folder)/phone-timezones.json"))
  }
}
