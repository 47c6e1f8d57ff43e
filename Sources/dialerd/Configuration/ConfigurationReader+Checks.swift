import ControlProtocol
import DialerModel
import TimeZones

/// What a configuration asks of the machine that it is to run on.
extension ConfigurationReader {
  /// - Parameters:
  ///   - configuration: its paths absolute.
  ///   - file: the configuration's path, absolute.
  mutating func check(_ configuration: Configuration, file: String, _ surroundings: Surroundings) {
    checkFile("database", configuration.database, surroundings)
    checkSocket(configuration.socket, surroundings)
    checkAccess(configuration.access, surroundings)
    if let path = configuration.log.file { checkFile("log.file", path, surroundings) }
    for (index, trunk) in configuration.trunks.enumerated() {
      guard let path = trunk.simulator.dialLog else { continue }
      checkFile("trunks[\(index)].simulator.dialLog", path, surroundings)
    }
    checkDirectories("imports.directories", configuration.imports, surroundings)
    checkDirectories("backups.directories", configuration.backups, surroundings)
    checkTimeZone(configuration, surroundings)
    checkRegion(configuration, file: file, surroundings)
  }

  private mutating func checkSocket(_ socket: Configuration.Socket, _ surroundings: Surroundings) {
    let path = "socket.path"
    if socket.path.utf8.count > 107 {
      let problem = "is too long: \(socket.path.utf8.count) bytes from the root"
      fault(path, default: socket.path, problem, accepted: "at most 107 bytes")
    }
    checkFile(path, socket.path, surroundings)
    if let group = socket.group, !surroundings.groupExists(group) {
      fault("socket.group", default: group, "is no group of this system", accepted: "the name of a group")
    }
  }

  private mutating func checkAccess(_ access: Configuration.Access, _ surroundings: Surroundings) {
    for grant in access.users where !surroundings.userExists(grant.name) {
      fault(
        key: grant.name, of: "access.users", "is no user of this system", accepted: "the name of a user")
    }
    for grant in access.groups where !surroundings.groupExists(grant.name) {
      fault(
        key: grant.name, of: "access.groups", "is no group of this system", accepted: "the name of a group")
    }
  }

  /// A file that is there or can be made: its directory has to be there.
  private mutating func checkFile(_ keyPath: String, _ path: String, _ surroundings: Surroundings) {
    if surroundings.kind(path) == .directory {
      return fault(keyPath, default: path, "is a directory", accepted: "the path of a file")
    }
    let directory = DataDirectory.parent(of: path)
    guard surroundings.kind(directory) != .directory else { return }
    let problem = "cannot be there: no directory \(JSON5Value.shortened(directory))"
    fault(keyPath, default: path, problem, accepted: "a path in a directory that exists")
  }

  private mutating func checkDirectories(
    _ keyPath: String, _ configured: Configuration.Directories, _ surroundings: Surroundings
  ) {
    for (index, path) in configured.directories.enumerated() where surroundings.kind(path) != .directory {
      let problem = "names no directory: \(JSON5Value.shortened(path))"
      fault(element: index, of: keyPath, problem, accepted: "the path of a directory that exists")
    }
  }

  private mutating func checkTimeZone(_ configuration: Configuration, _ surroundings: Surroundings) {
    let database: TimeZoneDatabase
    do throws(TimeZoneError) {
      database = try surroundings.timeZones(configuration.timeZoneDirectory).get()
    } catch {
      return fault(
        "timeZoneDirectory", default: configuration.timeZoneDirectory, "holds no tz database: \(error)",
        accepted: "a directory with the files of the tz database, such as /usr/share/zoneinfo")
    }
    guard let name = configuration.defaults.timeZone, database.zone(named: name) == nil else { return }
    let nearest =
      NearestNames.nearest(to: name, among: database.names, count: 1).first.map { "; did you mean \($0)?" } ?? ""
    fault(
      "defaults.timeZone", default: name, "is no zone of the tz database \(database.version)\(nearest)",
      accepted: "an IANA name such as America/New_York, upper and lower case as written there, or null")
  }

  private mutating func checkRegion(_ configuration: Configuration, file: String, _ surroundings: Surroundings) {
    let candidates = DataDirectory.candidates(
      configured: configuration.dataDirectory, file: file, executable: surroundings.executable)
    let files = "\(DataDirectory.numberingPlan) and \(DataDirectory.phoneTimeZones)"
    guard let directory = DataDirectory.find(among: candidates, kind: surroundings.kind) else {
      let problem = "holds no \(files)"
      let searched = candidates.map { JSON5Value.shortened($0) }.joined(separator: ", ")
      return configuration.dataDirectory == nil
        ? fault("dataDirectory", default: nil, "is not set, and none of \(searched) holds \(files)")
        : fault("dataDirectory", default: nil, problem, accepted: "a directory that holds \(files)")
    }
    guard let regions = surroundings.regions(directory) else {
      return fault(
        "dataDirectory", default: nil, "cannot be used: \(directory)/\(DataDirectory.numberingPlan) is no number plan")
    }
    guard let region = configuration.defaults.region, !regions.contains(region) else { return }
    fault(
      "defaults.region", default: region, "is no region of the number plan",
      accepted: "two capitals of ISO 3166 such as US, GB or AU, or null")
  }
}
