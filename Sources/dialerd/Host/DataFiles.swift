import DaemonSystem
import DialerEngine
import DialerModel
import Foundation
import PhoneNumbers
import TimeZones

/// The data that the engine goes by beside its database: number plan, prefix zones, tz database.
enum DataFiles {
  static func settings(_ configuration: Configuration, path: String?) throws -> EngineSettings {
    let directory = try dataDirectory(configuration, path: path)
    let plan = try NumberingPlan(json: try contents(directory, DataDirectory.numberingPlan))
    let prefixes = try PrefixZones(json: try contents(directory, DataDirectory.phoneTimeZones))
    let zones = try TimeZoneDatabase(directory: configuration.timeZoneDirectory)
    var settings = EngineSettings(timeZones: zones, numberingPlan: plan, prefixZones: prefixes)
    settings.version = Daemon.version
    settings.databasePath = configuration.database
    settings.processID = ProcessInfo.processInfo.processIdentifier
    settings.defaultTimeZone = configuration.defaults.timeZone
    settings.defaultRegion = configuration.defaults.region
    settings.defaultCallingHours = configuration.defaults.callingHours.map { CallingHoursID($0) }
    settings.trunks = configuration.trunks.map {
      TrunkSettings(
        name: TrunkName($0.name), kind: $0.kind.rawValue, maximumCalls: $0.maximumCalls,
        callsPerSecond: $0.callsPerSecond)
    }
    settings.drain = Interval(seconds: configuration.drainSeconds)
    settings.logLevel = engineLevel(configuration.log.level)
    settings.backupDirectories = configuration.backups.directories
    settings.importDirectories = configuration.imports.directories
    return settings
  }

  private static func engineLevel(_ level: DaemonSystem.LogLevel) -> DialerEngine.LogLevel {
    switch level {
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    }
  }

  private static func contents(_ directory: String, _ name: String) throws(StartFault) -> Data {
    let path = directory + "/" + name
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw StartFault("the data file \(path) cannot be read: \(error.localizedDescription)", .noInput)
    }
  }

  static func dataDirectory(_ configuration: Configuration, path: String?) throws(StartFault) -> String {
    let surroundings = Surroundings.system
    let candidates = DataDirectory.candidates(
      configured: configuration.dataDirectory, file: path, executable: surroundings.executable)
    if let found = DataDirectory.find(among: candidates, kind: surroundings.kind) { return found }
    throw StartFault(
      "the number plan is not found; name its directory as dataDirectory (looked in \(candidates.joined(separator: ", ")))",
      .noInput)
  }
}
