import ControlProtocol
import DialerEngine
import DialerModel
import Foundation
import PhoneNumbers
import TimeZones

/// What every engine under test has in common: the shipped data, read once.
enum TestSettings {
  private static let data = Result {
    (
      zones: try TimeZoneDatabase(), plan: try NumberingPlan(json: file("Config/numbering-plan.json")),
      prefixes: try PrefixZones(json: file("Config/phone-timezones.json"))
    )
  }

  /// A Friday noon in Sydney; the milliseconds show that nothing is rounded to seconds.
  static let start = Now(
    wall: Instant(milliseconds: 1_795_222_800_123), monotonic: MonotonicInstant(milliseconds: 5_000))
  static let trunk = TrunkName("sim")

  static func make() throws -> EngineSettings {
    let data = try Self.data.get()
    var settings = EngineSettings(timeZones: data.zones, numberingPlan: data.plan, prefixZones: data.prefixes)
    settings.defaultTimeZone = "Australia/Sydney"
    settings.defaultRegion = "AU"
    settings.defaultCallingHours = CallingHoursID("always")
    settings.logLevel = .debug
    settings.callIDSeed = 7
    settings.trunks = [TrunkSettings(name: trunk, kind: "simulator", maximumCalls: 200, callsPerSecond: 10_000)]
    return settings
  }

  private static func file(_ path: String) throws -> Data {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try Data(contentsOf: root.appendingPathComponent(path))
  }
}

extension Peer {
  static let admin = Peer(userID: 0, role: .admin)
  static func crm(_ tenant: String? = nil) -> Peer {
    Peer(userID: 100, role: .crm, tenant: tenant.map { TenantID($0) })
  }
}
