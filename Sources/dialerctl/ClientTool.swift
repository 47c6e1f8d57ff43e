/// A command of this program that is more than one method. It may share its word with a group of methods: a second word
/// that is none of theirs is its file.
enum ClientTool: String, CaseIterable, Sendable {
  case leadImport = "import"
  case export
  case why

  /// Whether a word that is no flag may follow: a file, or for `why` a lead.
  var takesFile: Bool { self != .export }

  var options: [ClientOption] {
    switch self {
    case .leadImport: Self.ofImport
    case .export: Self.ofExport
    case .why: Self.ofWhy
    }
  }

  private static let ofWhy = [
    ClientOption("campaign", .required("ID"), "The campaign; without it, of a lead, every one that has its list."),
    ClientOption("code", "LEAD is the CRM's id, though it is a number."),
    ClientOption("at", .required("INSTANT"), "For a lead: at that time instead of now."),
  ]

  private static let ofImport = [
    ClientOption("list", .required("N"), "The list that the leads come into."),
    ClientOption("template", .required("NAME"), "A mapping that is kept under this name."),
    ClientOption(
      "mapping", .required("COLUMN=FIELD"), "What a column becomes; repeated for more, also of one column."),
    ClientOption("match", .required("WORD"), "What makes a row the same lead as one that is there."),
    ClientOption("scope", .required("WORD"), "Where such a lead is looked for: list, campaign or tenant."),
    ClientOption("on-match", .required("WORD"), "What becomes of it: update, move, skip, duplicate, add or reject."),
    ClientOption("region", .required("CODE"), "Where numbers without a country code are read, such as US."),
    ClientOption("delimiter", .required("CHARACTER"), "What divides columns. Without it: found out."),
    ClientOption("no-header", "The first row is a lead; columns go by their numbers from 1."),
    ClientOption("path", .required("PATH"), "A file on the daemon's machine instead of FILE."),
    ClientOption("resume", .required("ID"), "Goes on with an import that was stopped."),
    ClientOption("yes", "Commits without asking."),
  ]

  private static let ofExport = [
    ClientOption("filter", .required("JSON"), "Which leads. Without it: every lead."),
    ClientOption("segment", .required("NAME"), "Those of a named filter; with --filter those of both."),
    ClientOption("sort", .required("FIELD"), "In which order; - before the field turns it round. Without it: leadID."),
    ClientOption("columns", .required("A,B,C"), "Fields of a lead, in this order; custom.NAME for the client's own."),
    ClientOption("output", .required("FILE"), "Where to. Without it: standard output."),
    ClientOption("bom", "Begins with the mark by which Excel knows UTF-8."),
    ClientOption("raw", "Values as they are, for a program; not safe to open in a spreadsheet."),
  ]

  var help: [String] {
    switch self {
    case .leadImport:
      [
        "Usage: dialerctl import FILE --list N [--template NAME] [--mapping COLUMN=FIELD]… [--yes]",
        "       dialerctl import --resume ID FILE", "",
        "Sends a file of leads to the daemon, shows how many of its rows are valid, the first that are not and",
        "why, asks, and commits all of them or none. Ctrl-C leaves the import open and says how to go on; so does",
        "a daemon that goes away: it is waited for, and nothing is sent twice.", "",
      ] + HelpText.table((Self.ofImport + ClientOption.everywhere).map { ($0.usage, $0.summary) }) + [
        "", "The methods of imports, one by one:", "",
      ]
    case .why:
      [
        "Usage: dialerctl why LEAD [--campaign ID]", "       dialerctl why --campaign ID", "",
        "Of a lead: which rules stop it, what would open when, and the time where it is (lead.explain).",
        "LEAD is a leadID, or else a vendorLeadCode. Of a campaign: how many leads which rule stops,",
        "by list and zone, and what changes next (campaign.explain and campaign.forecast).", "",
      ] + HelpText.table((Self.ofWhy + ClientOption.everywhere).map { ($0.usage, $0.summary) })
    case .export:
      [
        "Usage: dialerctl export [--filter JSON] [--segment NAME] [--columns A,B,C] [--output FILE]", "",
        "Writes leads as CSV (RFC 4180, UTF-8). Text that a spreadsheet would take for a formula or would change",
        "as a number (telephone numbers, postal codes with a leading zero, long ids) gets an apostrophe in front,",
        "which makes it text there and which an import takes away again. The file appears when it is whole.", "",
      ] + HelpText.table((Self.ofExport + ClientOption.everywhere).map { ($0.usage, $0.summary) })
    }
  }
}
