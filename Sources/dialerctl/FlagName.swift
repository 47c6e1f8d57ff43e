/// How names on a command line are compared: `--listID`, `--list-id` and `--listid` are one name, as are `setStatus` and
/// `set-status`. No two names of one method, or of two, are told apart by case or hyphens alone; a test keeps it so.
enum FlagName {
  static func folded(_ name: some StringProtocol) -> String { String(name.filter { $0 != "-" }).lowercased() }
}
