/// A flag that is for this program and not for the daemon.
struct ClientOption: Sendable, Hashable {
  enum Value: Sendable, Hashable {
    case none
    case required(String)
    case optional(String)
  }

  let name: String
  let value: Value
  let summary: String

  init(_ name: String, _ summary: String) { self.init(name, .none, summary) }

  init(_ name: String, _ value: Value, _ summary: String) {
    self.name = name
    self.value = value
    self.summary = summary
  }

  /// As help shows it.
  var usage: String {
    switch value {
    case .none: "--\(name)"
    case .required(let what): "--\(name) \(what)"
    case .optional(let what): "--\(name) [\(what)]"
    }
  }

  /// Before or behind any command.
  static let everywhere: [ClientOption] = [
    ClientOption("socket", .required("PATH"), "The daemon's socket."),
    ClientOption("config", .required("FILE"), "The daemon's configuration, to take the socket from."),
    ClientOption("timeout", .required("SECONDS"), "How long an answer may take. Without it: 30."),
    ClientOption("json", "The result as one line of JSON; an error too."),
    ClientOption("pretty", "The result as indented JSON."),
    ClientOption("help", "What the program, a group or a command takes."),
  ]

  static let ofCalls: [ClientOption] = [
    ClientOption("params", .required("JSON"), "All parameters as one object; - reads it from standard input."),
    ClientOption("clear", .required("NAME"), "Clears a field (sends null); commas or repeated for several."),
  ]

  static let ofPages = [
    ClientOption("all", "Every page, not only the first; with --json one line a page.")
  ]

  static let ofNumberImports = [
    ClientOption("resume", .required("ID"), "Goes on with sending FILE for an import that was stopped.")
  ]

  static let ofEvents = [
    ClientOption("follow", "Goes on with what is to come, and comes back after a restart of the daemon.")
  ]

  static let ofStatus = [
    ClientOption("watch", .optional("SECONDS"), "Again and again, until interrupted. Without SECONDS: every 2.")
  ]
}
