import DaemonSystem
import DialerModel
import Foundation
import TimeZones

/// What a configuration is checked against: the machine that it is to run on. A test gives its own.
struct Surroundings: Sendable {
  enum PathKind: Sendable, Hashable {
    case directory
    /// A file, a socket or whatever else is no directory.
    case other
  }

  /// Nil: there is nothing.
  var kind: @Sendable (_ path: String) -> PathKind?
  var userExists: @Sendable (_ name: String) -> Bool
  var groupExists: @Sendable (_ name: String) -> Bool
  /// The tz database of a directory.
  var timeZones: @Sendable (_ directory: String) -> Result<TimeZoneDatabase, TimeZoneError>
  /// The regions of the number plan in a data directory; nil when it cannot be read.
  var regions: @Sendable (_ dataDirectory: String) -> [String]?
  /// The program's own file, absolute, links resolved.
  var executable: String
  /// What relative paths on the command line are relative to.
  var currentDirectory: String

  /// This machine.
  static let system = Surroundings(
    kind: { path in
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return nil }
      return isDirectory.boolValue ? .directory : .other
    },
    userExists: { Accounts.userID(named: $0) != nil },
    groupExists: { Accounts.groupID(named: $0) != nil },
    timeZones: { directory in
      Result { () throws(TimeZoneError) in try TimeZoneDatabase(directory: directory) }
    },
    regions: { directory in
      // Only the names: the daemon compiles the patterns when it starts.
      guard let data = try? Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(DataDirectory.numberingPlan)")),
        let json = try? JSON(parsing: [UInt8](data))
      else { return nil }
      return json["regions"]?.arrayValue?.compactMap { $0["region"]?.stringValue }
    },
    executable: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "",
    currentDirectory: FileManager.default.currentDirectoryPath)
}
