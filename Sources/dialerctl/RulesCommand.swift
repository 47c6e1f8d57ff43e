import ControlProtocol
import DialerModel
import DialingRules
import TimeZones

/// `dialerctl rules`: sets of calling hours in files, checked by the code that the daemon goes by.
struct RulesCommand {
  let output: Invocation.Output

  /// - Parameter connect: called only where a daemon is asked.
  func run(
    _ query: RulesQuery, on host: some ClientHost, connect: () throws(ClientError) -> DaemonSession
  ) throws(ClientError) {
    switch query {
    case .check(let files):
      let sets = try read(files, on: host)
      let checked = zip(files, sets).map { file, set -> JSON in
        [
          "file": .string(file), "callingHoursID": .string(set.hours.callingHoursID.rawValue),
          "regions": JSON(set.hours.regions.count), "dates": JSON(set.hours.dates.count),
        ]
      }
      write(["files": .array(checked)], on: host) {
        zip(files, sets).map { "\($0): \(Self.words($1.hours)), no fault" }
      }
    case .put(let files, let isDryRun): try put(files, isDryRun: isDryRun, on: host, connect)
    case .show(let day): try show(day, on: host, connect)
    }
  }

  private static func words(_ hours: CallingHours) -> String {
    "\(hours.callingHoursID), \(hours.regions.count) \(hours.regions.count == 1 ? "region" : "regions")"
  }

  /// All are read before anything is done with one.
  private func put(
    _ files: [String], isDryRun: Bool, on host: some ClientHost, _ connect: () throws(ClientError) -> DaemonSession
  ) throws(ClientError) {
    let sets = try read(files, on: host)
    let session = try connect()
    var done: [JSON] = []
    var lines: [String] = []
    for set in sets {
      guard var params = set.json.objectValue else { preconditionFailure("a set that was read is an object") }
      if isDryRun { params.append("dryRun", true) }
      let answer = try session.call("callingHours.put", params)
      done.append(["callingHoursID": answer["callingHoursID"] ?? .null, "version": answer["version"] ?? .null])
      let version = answer["version"]?.integerValue.map { "version \($0)" } ?? "done"
      lines.append("\(Self.words(set.hours)): \(isDryRun ? "would be \(version)" : version)")
    }
    write(["callingHours": .array(done)], on: host) { lines }
  }

  // MARK: - Files

  /// - Throws: every fault of every file, with its line.
  private func read(_ files: [String], on host: some ClientHost) throws(ClientError) -> [CallingHoursFile] {
    var sets: [CallingHoursFile] = []
    var lines: [String] = []
    var faults: [JSON] = []
    for file in files {
      let bytes = try host.readFile(file)
      do throws(CallingHoursFileFaults) {
        let set = try CallingHoursFile(bytes)
        try Self.checkAgainstTable(set)
        sets.append(set)
      } catch {
        lines += error.lines(file: file)
        faults += error.faults.map {
          [
            "file": .string(file), "line": JSON($0.position.line), "column": JSON($0.position.column),
            "field": .string($0.path), "message": .string($0.message),
          ]
        }
      }
    }
    guard faults.isEmpty else {
      throw ClientError("invalid-params", lines.joined(separator: "\n"), details: ["faults": .array(faults)])
    }
    return sets
  }

  /// What `callingHours.put` asks of its parameters besides, such as which signs an id may have.
  private static func checkAgainstTable(_ set: CallingHoursFile) throws(CallingHoursFileFaults) {
    guard let spec = MethodTable.method("callingHours.put"), let object = set.json.objectValue else { return }
    do throws(RequestError) {
      _ = try Parameters(object, of: spec)
    } catch {
      let field = error.details["field"]?.stringValue ?? ""
      throw set.fault(at: field, "\(field): \(error.message)")
    }
  }

  // MARK: - A day

  private func show(
    _ day: RulesDay, on host: some ClientHost, _ connect: () throws(ClientError) -> DaemonSession
  ) throws(ClientError) {
    let zone = try Self.zone(day.zone)
    let date = day.date ?? LocalTime(localSeconds: zone.localSeconds(at: host.wallClock())).date
    let result: JSON
    switch day.source {
    case .file(let file):
      let set = try read([file], on: host)[0]
      let hours = CompiledHours(set.hours, unknownRegion: day.unknownRegion)
      result = HoursDay(hours, zone: zone, country: day.region, state: day.state, date: date).json
    case .daemon(let id):
      var params: JSONObject = [
        "callingHoursID": .string(id), "timeZone": .string(day.zone), "date": .string(date.description),
      ]
      params.append("state", ifPresent: day.state.map { .string($0) })
      params.append("region", ifPresent: day.region.map { .string($0) })
      params.append("unknownRegion", ifPresent: day.unknownRegion.map { .string($0.rawValue) })
      result = try connect().call("callingHours.show", params)
    }
    write(result, on: host) { RulesDayText.lines(result, state: day.state, columns: host.screen?.columns) }
  }

  private static func zone(_ name: String) throws(ClientError) -> ZoneRules {
    do {
      if let zone = try TimeZoneDatabase().zone(named: name) { return zone }
    } catch {
      throw ClientError("config", "The system's tz database cannot be read: \(error).")
    }
    throw .invalid(
      flag: "--zone", field: "zone", value: .string(name), accepted: ["an IANA zone name, such as America/New_York"],
      "There is no time zone \(name) in the tz database.")
  }

  private func write(_ result: JSON, on host: some ClientHost, _ lines: () -> [String]) {
    switch output {
    case .json: host.write(result.text + "\n")
    case .prettyJSON: host.write(result.prettyText + "\n")
    case .people: host.write(lines().map { $0 + "\n" }.joined())
    }
  }
}
