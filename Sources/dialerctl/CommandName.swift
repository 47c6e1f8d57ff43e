import ControlProtocol

/// Finds out which command the words of a command line name.
enum CommandName {
  enum Meaning: Equatable {
    case method(MethodSpec)
    /// The first word of methods' names: a second word is to follow.
    case group(String)
    case events
    case status
    case tool(ClientTool)
    case help
    case unknown(nearest: [String])
  }

  /// The first words of the methods' names, in the order of the table.
  static let groups: [String] = {
    var groups: [String] = []
    for method in MethodTable.methods where !groups.contains(group(of: method)) { groups.append(group(of: method)) }
    return groups
  }()

  static func group(of method: MethodSpec) -> String {
    String(method.name.prefix { $0 != "." })
  }

  static func methods(ofGroup group: String) -> [MethodSpec] {
    MethodTable.methods.filter { self.group(of: $0) == group }
  }

  /// `lead add` for `lead.add`.
  static func words(of method: MethodSpec) -> String { String(method.name.map { $0 == "." ? " " : $0 }) }

  /// - Parameter words: one or two; `lead.add` counts as one.
  static func meaning(of words: [String]) -> Meaning {
    let name = words.joined(separator: ".")
    let folded = FlagName.folded(name)
    switch folded {
    case "events": return .events
    case "status": return .status
    case "help": return .help
    default: break
    }
    if let tool = ClientTool.allCases.first(where: { $0.rawValue == folded }) { return .tool(tool) }
    if let method = MethodTable.methods.first(where: { FlagName.folded($0.name) == folded }) { return .method(method) }
    if let group = groups.first(where: { FlagName.folded($0) == folded }) { return .group(group) }
    return .unknown(nearest: nearest(to: name))
  }

  /// The commands that look most like it.
  private static func nearest(to name: String) -> [String] {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2, let group = groups.first(where: { FlagName.folded($0) == FlagName.folded(parts[0]) }) {
      let verbs = methods(ofGroup: group).map { String($0.name.dropFirst(group.count + 1)) }
      return NearestNames.nearest(to: parts[1], among: verbs).map { "\(group) \($0)" }
    }
    if parts.count == 2 { return NearestNames.nearest(to: name, among: MethodTable.methods.map(words)) }
    return NearestNames.nearest(
      to: name, among: groups + ClientTool.allCases.map(\.rawValue) + ["events", "status", "help"])
  }
}
