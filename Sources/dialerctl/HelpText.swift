import ControlProtocol
import DaemonSystem

/// What `--help` prints. All that concerns methods comes from the table of methods.
enum HelpText {
  static func text(_ topic: HelpTopic) -> String {
    let lines =
      switch topic {
      case .program: program
      case .group(let group): (ClientTool(rawValue: group)?.help ?? []) + self.group(group)
      case .method(let spec): MethodPage.lines(spec) + (spec.isNumberImport ? numberImport : [])
      case .events: events
      case .status: status
      case .tool(let tool): tool.help
      case .rules: rules
      }
    return lines.map { $0 + "\n" }.joined()
  }

  private static var program: [String] {
    var lines = [
      "Usage: dialerctl [OPTIONS] GROUP VERB [--NAME VALUE]…", "       dialerctl events [--follow] [--from N]",
      "       dialerctl status [--watch [SECONDS]]", "       dialerctl import FILE --list N [--yes]",
      "       dialerctl why LEAD [--campaign ID]", "       dialerctl why --campaign ID",
      "       dialerctl export [--filter JSON] [--columns A,B,C] [--output FILE]",
      "       dialerctl rules check|put|show …",
      "       dialerctl help [COMMAND]", "",
      "Asks and commands a running dialerd over its socket.",
    ]
    for group in MethodGroup.allCases {
      let methods = MethodTable.methods.filter { $0.group == group }
      if methods.isEmpty { continue }
      lines += ["", "\(group.title):"] + table(methods.map { (CommandName.words(of: $0), $0.summary) })
    }
    lines += ["", "Of this program:"]
    lines += table([
      ("events", "Prints events: those that are kept, and with --follow those to come."),
      ("status", "Shows the daemon, its trunks, its campaigns and their lists on one screen."),
      ("import", "Sends a file of leads, shows what it comes to, and commits it."),
      ("export", "Writes the leads that a filter takes as CSV, for a spreadsheet or a program."),
      ("rules", "Checks files of calling hours, loads them, and shows when they are open."),
      ("why", "Says why a lead or a campaign's leads are or are not dialled, and when that changes."),
      ("help", "Shows what the program, a group or a command takes."),
    ])
    return lines + [""] + values + [""] + options + [""] + socket + [""] + exitCodes
  }

  private static let numberImport =
    [
      "",
      "dialerctl dnc import FILE [--NAME VALUE]… opens an import, sends FILE and commits it. One number a line, or a",
      "CSV whose first column has them; prefixes such as +61298*. Ctrl-C leaves it open and says how to go on.", "",
    ] + table(ClientOption.ofNumberImports.map { ($0.usage, $0.summary) })

  private static let values = [
    "Values:",
    "  Names of flags are written as in the protocol or with hyphens: --listID, --list-id.",
    "  --NAME VALUE or --NAME=VALUE; true or false alone: --NAME, --no-NAME. --clear NAME sends null.",
    "  Arrays by repeating the flag, or with commas where an element has none; or as JSON in brackets.",
    "  Objects and filters are JSON: --filter '{\"status\":\"NEW\"}'; a member of one: --custom.colour red.",
    "  --params '{…}' gives all parameters at once, --params - reads them; other flags go over its members.",
  ]

  private static let options =
    ["Options:"]
    + table((ClientOption.everywhere + ClientOption.ofCalls + ClientOption.ofPages).map { ($0.usage, $0.summary) })

  private static let socket = [
    "Socket, the first that is given:", "  --socket PATH", "  DIALERD_SOCKET in the environment",
    "  socket.path in the configuration that --config, else DIALERD_CONFIG, names",
    "  the same in dialerd.json5 of the present directory", "  \(SocketPath.standard)",
  ]

  private static let exitCodes =
    ["Exit status, by the reason word that standard error names:"]
    + table(
      [("0", "It was done.")] + ExitCode.table.map { ("\($0.code) \($0.reason)", $0.meaning) } + [
        ("\(ExitCode.untrue)", "evidence verify: a record of a call does not fit."),
        ("\(ExitCode.otherReason)", "Another reason, which this version does not know."),
      ])

  private static func group(_ group: String) -> [String] {
    let methods = CommandName.methods(ofGroup: group)
    return ["Usage: dialerctl \(group) VERB [--NAME VALUE]…", ""]
      + table(methods.map { (CommandName.words(of: $0), $0.summary) }) + [
        "", "dialerctl help \(group) VERB says what one of them takes.",
      ]
  }

  private static var events: [String] {
    let spec = MethodTable.method("event.subscribe")
    return [
      "Usage: dialerctl events [--follow] [--from N] [--types TYPE,TYPE] [--campaignID ID]", "",
      "Prints the events from number N on, one line each. Without N: from the oldest that is kept,",
      "or with --follow from the next to come. Ends at the last event of this moment; with --follow it",
      "goes on, and when the daemon goes away it waits for it and takes up at the next event, so that",
      "none is missed. With --json each line is the notification as the daemon sent it.", "",
    ] + MethodPage.parameterLines(spec?.parameters ?? []) + [""]
      + table((ClientOption.ofEvents + ClientOption.everywhere).map { ($0.usage, $0.summary) })
  }

  private static var status: [String] {
    [
      "Usage: dialerctl status [--watch [SECONDS]]", "",
      "Shows the daemon, its trunks, its campaigns and their lists: daemon.status, campaign.list and",
      "campaign.lists in one. With --watch it looks again and again; a terminal is drawn over in place.", "",
    ] + table((ClientOption.ofStatus + ClientOption.everywhere).map { ($0.usage, $0.summary) })
  }

  private static var rules: [String] {
    [
      "Usage: dialerctl rules check FILE…", "       dialerctl rules put FILE… [--dry-run]",
      "       dialerctl rules show --file FILE|--hours ID --zone ZONE [--state STATE] [--date DATE]", "",
      "Sets of calling hours in files, JSON5 in the shape that callingHours.put takes. check names every",
      "fault with its line and asks no daemon; put checks and then loads. show prints when a date is open",
      "and the rule behind each window: --file asks no daemon, --hours asks for one of its sets.", "",
    ] + table((RulesVerb.allCases.flatMap(\.options) + ClientOption.everywhere).map { ($0.usage, $0.summary) })
  }

  /// Two columns, one step in.
  static func table(_ rows: [(String, String)]) -> [String] {
    let width = (rows.map { DisplayWidth.of($0.0) }.max() ?? 0) + 2
    return rows.map { "  " + DisplayWidth.padded($0.0, to: width) + $0.1 }
  }
}
