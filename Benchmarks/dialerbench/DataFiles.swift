import DialerEngine
import DialerModel
import Foundation
import PhoneNumbers
import Telephony
import TimeZones

/// The files of the source tree that the measurements need, found from where this program lies.
struct DataFiles {
  /// The source tree's `Config`.
  let directory: String

  init() throws {
    let executable = URL(fileURLWithPath: Self.executable).deletingLastPathComponent().path
    let starts = [executable, FileManager.default.currentDirectoryPath]
    for start in starts {
      var folder = start
      while folder != "/" {
        if FileManager.default.fileExists(atPath: folder + "/Config/numbering-plan.json") {
          directory = folder + "/Config"
          return
        }
        folder = (folder as NSString).deletingLastPathComponent
      }
    }
    throw BenchmarkError("no Config folder above \(starts.joined(separator: " or "))")
  }

  /// This program, links resolved.
  static var executable: String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
  }

  func settings() throws -> EngineSettings {
    var settings = EngineSettings(
      timeZones: try TimeZoneDatabase(), numberingPlan: try NumberingPlan(json: try contents("numbering-plan.json")),
      prefixZones: try PrefixZones(json: try contents("phone-timezones.json")))
    settings.defaultTimeZone = "America/New_York"
    settings.defaultRegion = "US"
    settings.defaultCallingHours = CallingHoursID("always")
    settings.trunks = [
      TrunkSettings(name: TrunkName("sim"), kind: "simulator", maximumCalls: 100_000, callsPerSecond: 10_000)
    ]
    settings.callIDSeed = 1
    return settings
  }

  private func contents(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name))
  }
}
