import DialerModel
import PhoneNumbers
import TimeZones

/// A trunk as the configuration names it.
public struct TrunkSettings: Hashable, Sendable {
  public var name: TrunkName
  /// `simulator`, `asterisk` or `freeswitch`.
  public var kind: String
  public var maximumCalls: Int
  public var callsPerSecond: Double
  public init(name: TrunkName, kind: String, maximumCalls: Int, callsPerSecond: Double) {
    self.name = name
    self.kind = kind
    self.maximumCalls = maximumCalls
    self.callsPerSecond = callsPerSecond
  }
}

/// What the engine takes from the configuration, the system and the data files.
public struct EngineSettings: Sendable {
  public var version = "0"
  public var databasePath = ""
  public var processID: Int32 = 0
  public var defaultTimeZone: String?
  public var defaultRegion: String?
  public var defaultCallingHours: CallingHoursID?
  public var trunks: [TrunkSettings] = []
  public var drain: Interval = .seconds(30)
  public var logLevel: LogLevel = .info
  /// Directories in which a client may name a file for a backup.
  public var backupDirectories: [String] = []
  /// Directories in which a client may name a file to import.
  public var importDirectories: [String] = []
  public var timeZones: TimeZoneDatabase
  public var numberingPlan: NumberingPlan
  public var prefixZones: PrefixZones
  /// Where the random part of call ids comes from; a simulation gives its own seed.
  public var callIDSeed: UInt64 = 0

  public init(timeZones: TimeZoneDatabase, numberingPlan: NumberingPlan, prefixZones: PrefixZones) {
    self.timeZones = timeZones
    self.numberingPlan = numberingPlan
    self.prefixZones = prefixZones
  }
}
