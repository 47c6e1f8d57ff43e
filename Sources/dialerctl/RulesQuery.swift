import DialerModel
import DialingRules

/// The second word of `dialerctl rules`.
enum RulesVerb: String, CaseIterable, Sendable {
  case check, put, show

  var options: [ClientOption] {
    switch self {
    case .check: []
    case .put: [ClientOption("dry-run", "Says what would happen, and changes nothing.")]
    case .show:
      [
        ClientOption("file", .required("FILE"), "A file with a set of calling hours."),
        ClientOption("hours", .required("ID"), "A set of the daemon's."),
        ClientOption("zone", .required("ZONE"), "An IANA zone name, such as America/New_York."),
        ClientOption("state", .required("STATE"), "Such as FL or US-FL. Without it: not known."),
        ClientOption("region", .required("COUNTRY"), "Such as US, where the state does not say it."),
        ClientOption("date", .required("DATE"), "Such as 2026-12-25. Without it: today in that zone."),
        ClientOption("unknown-region", .required("POLICY"), "base or strictest, as a campaign would say it."),
      ]
    }
  }
}

/// What is asked of `dialerctl rules`.
enum RulesQuery: Sendable, Hashable {
  case check(files: [String])
  case put(files: [String], isDryRun: Bool)
  case show(RulesDay)
}

/// A date in a place, and the set of calling hours that is to say when it is open.
struct RulesDay: Sendable, Hashable {
  enum Source: Sendable, Hashable {
    case file(String)
    case daemon(String)
  }

  var source: Source
  var zone: String
  var state: String?
  var region: String?
  /// Nil: today there.
  var date: CivilDate?
  var unknownRegion: UnknownRegionPolicy?
}

/// The words and flags behind `dialerctl rules`, as they come in.
struct RulesFlags {
  var files: [String] = []
  var values: [String: String] = [:]

  func query(_ verb: RulesVerb?) throws(ClientError) -> RulesQuery {
    switch verb {
    case nil:
      throw .usage(
        "rules needs a second word; dialerctl help rules says what each does.",
        accepted: RulesVerb.allCases.map { "rules \($0.rawValue)" })
    case .check?:
      guard !files.isEmpty else { throw .usage("rules check needs a file: dialerctl rules check FILE.") }
      return .check(files: files)
    case .put?:
      guard !files.isEmpty else { throw .usage("rules put needs a file: dialerctl rules put FILE.") }
      return .put(files: files, isDryRun: values["dry-run"] != nil)
    case .show?: return .show(try day())
    }
  }

  private func day() throws(ClientError) -> RulesDay {
    let source: RulesDay.Source
    switch (values["file"], values["hours"]) {
    case (let file?, nil): source = .file(file)
    case (nil, let id?): source = .daemon(id)
    default: throw .usage("rules show needs one of --file FILE and --hours ID.")
    }
    guard let zone = values["zone"] else { throw .usage("rules show needs --zone, an IANA zone name.") }
    var day = RulesDay(source: source, zone: zone, state: values["state"], region: values["region"])
    if let text = values["date"] {
      guard let date = CivilDate(isoText: text) else {
        throw .invalid(
          flag: "--date", field: "date", value: .string(text), accepted: ["a date such as 2026-12-25"],
          "There is no date \(text).")
      }
      day.date = date
    }
    if let word = values["unknown-region"] {
      guard let policy = UnknownRegionPolicy(rawValue: word) else {
        throw .invalid(
          flag: "--unknown-region", field: "unknownRegion", value: .string(word),
          accepted: UnknownRegionPolicy.allCases.map(\.rawValue), "There is no policy \(word).")
      }
      day.unknownRegion = policy
    }
    return day
  }
}
