import Foundation

/// What the command line asks for.
struct Flags {
  enum Action {
    case run, check, checkDatabase, demo, version, help
  }
  var action = Action.run
  var configurationPath: String?
  /// Nil = until it is stopped.
  var demoSeconds: Int?

  static let help = """
    dialerd [--config FILE] [--check | --check-database] [--demo [--seconds N]] [--version] [--help]

      --config FILE   the configuration (JSON5); without it, dialerd.json5 in the present directory if it is there, else
                      the defaults
      --check         names every fault of the configuration with its line, and exits: 0 without a fault, 78 with one
      --check-database
                      checks the whole database that the configuration names, while no daemon has it, names what is
                      wrong in it, and exits: 0 when nothing is, 65 else
      --demo          makes a campaign with sample leads in a temporary directory on the simulator, dials it and shows
                      what it does; with --seconds it stops by itself
      --version       prints the version

    It stays in the foreground and logs to standard error. SIGTERM stops it in order, a second one at once; SIGHUP reads
    the configuration and the tz database again and reopens the log.
    """

  init(_ arguments: [String]) throws(StartFault) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--config": configurationPath = Self.absolute(try Self.value(of: argument, &rest))
      case "--check": action = .check
      case "--check-database": action = .checkDatabase
      case "--demo": action = .demo
      case "--seconds":
        let text = try Self.value(of: argument, &rest)
        guard let seconds = Int(text), seconds > 0 else {
          throw StartFault("--seconds takes a whole number above 0, not \(text)", .usage)
        }
        demoSeconds = seconds
      case "--version": action = .version
      case "--help", "-h": action = .help
      default: throw StartFault("unknown argument \(argument); see dialerd --help", .usage)
      }
    }
    if configurationPath == nil, [.run, .check, .checkDatabase].contains(action) {
      let beside = Self.absolute("dialerd.json5")
      if FileManager.default.fileExists(atPath: beside) { configurationPath = beside }
    }
  }

  private static func value(of flag: String, _ rest: inout ArraySlice<String>) throws(StartFault) -> String {
    guard let value = rest.popFirst() else { throw StartFault("\(flag) needs a value", .usage) }
    return value
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// - Throws: every fault at once.
  func loadConfiguration() throws(ConfigurationFaults) -> Configuration {
    guard let configurationPath else {
      return Configuration.standard.resolved(against: FileManager.default.currentDirectoryPath)
    }
    return try Configuration.load(path: configurationPath)
  }
}
