import ControlProtocol
import DialerModel

/// What a command line asks for.
struct Invocation: Sendable, Hashable {
  enum Command: Sendable, Hashable {
    case help(HelpTopic)
    /// - Parameter everyPage: goes on while the answer names a next page.
    case call(MethodSpec, JSONObject, everyPage: Bool)
    case events(EventQuery)
    case importFile(ImportRequest)
    case export(ExportRequest)
    /// - Parameter every: nil for once.
    case status(every: Interval?)
    case rules(RulesQuery)
    case why(WhyQuery)
  }

  enum Output: Sendable, Hashable {
    case people
    /// One line.
    case json
    case prettyJSON
  }

  var socket: String?
  var configuration: String?
  /// How long an answer may take.
  var timeout: Interval = .seconds(30)
  var output = Output.people
  var command = Command.help(.program)
}

/// What help is about.
enum HelpTopic: Sendable, Hashable {
  case program
  /// The first word of the names of some methods.
  case group(String)
  case method(MethodSpec)
  case events
  case status
  case tool(ClientTool)
  case rules
}

/// Which events `dialerctl events` prints.
struct EventQuery: Sendable, Hashable {
  /// Nil: the oldest that is kept; with ``follows``, the next to come.
  var from: Int64?
  /// Nil: every type.
  var types: [String]?
  var campaignID: String?
  var follows = false
}
