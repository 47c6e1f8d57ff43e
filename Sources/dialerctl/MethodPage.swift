import ControlProtocol
import DialerModel

/// Help for one method.
enum MethodPage {
  static func lines(_ spec: MethodSpec) -> [String] {
    var lines = ["Usage: \(usage(spec))", "", spec.summary]
    if spec.group == .event { lines.append("This prints the answer alone; dialerctl events prints the events.") }
    if !spec.parameters.isEmpty { lines += [""] + parameterLines(spec.parameters) }
    if !spec.choices.isEmpty { lines += [""] + spec.choices.map(sentence) }
    let options =
      ClientOption.everywhere + ClientOption.ofCalls + (spec.parameter("cursor") == nil ? [] : ClientOption.ofPages)
    lines += ["", "Options:"] + HelpText.table(options.map { ($0.usage, $0.summary) })
    lines += ["", "Result: \(spec.result). Needs the role \(spec.role.rawValue)."]
    return lines + ["", "Example of the result, with --pretty:", spec.example.prettyText]
  }

  /// What must be given, and what may be in a word.
  static func usage(_ spec: MethodSpec) -> String {
    var words = ["dialerctl", CommandName.words(of: spec)]
    for choice in spec.choices {
      switch choice {
      case .exactlyOne(let names), .atLeastOne(let names): words.append("(\(alternatives(names)))")
      case .atMostOne: break
      }
    }
    words += spec.parameters.filter(\.required).map { "--\($0.name) \(placeholder($0.type))" }
    let chosen = spec.choices.flatMap(\.names)
    if spec.parameters.contains(where: { !$0.required && !chosen.contains($0.name) }) {
      words.append("[--NAME VALUE]…")
    }
    return words.joined(separator: " ")
  }

  /// Five numbers of a phone each by its name would be a line of their own.
  private static func alternatives(_ names: [String]) -> String {
    let shown = names.prefix(names.count > 3 ? 2 : 3).map { "--\($0)" }
    return (shown + (names.count > 3 ? ["…"] : [])).joined(separator: " | ")
  }

  private static func sentence(_ choice: ParameterChoice) -> String {
    let names = choice.names.map { "--\($0)" }.joined(separator: ", ")
    return switch choice {
    case .exactlyOne: "Give exactly one of \(names)."
    case .atLeastOne: "Give at least one of \(names)."
    case .atMostOne: "Give at most one of \(names)."
    }
  }

  private static func placeholder(_ type: ParameterType) -> String {
    switch type {
    case .array(let element, _): placeholder(element) + (FlagValue.isSplitAtCommas(element) ? ",…" : "…")
    case .object, .map, .filter: "JSON"
    case .either(let types): types.first.map(placeholder) ?? "VALUE"
    default: type.word.uppercased()
    }
  }

  /// Flag, type, what holds without it, what it is; the members of objects below, one step in.
  static func parameterLines(_ specs: [ParameterSpec]) -> [String] {
    var rows = [("FLAG", "TYPE", "DEFAULT", "MEANING")]
    rows += specs.flatMap { self.rows($0, name: "--\($0.name)", indentation: "") }
    let flags = (rows.map(\.0.count).max() ?? 0) + 2
    let types = (rows.map(\.1.count).max() ?? 0) + 2
    // Some defaults are whole phrases; they must not push all meanings out of the screen.
    let standards = min(16, rows.map(\.2.count).max() ?? 0) + 2
    return rows.map { row in
      "  " + DisplayWidth.padded(row.0, to: flags) + DisplayWidth.padded(row.1, to: types)
        + DisplayWidth.padded(row.2, to: max(standards, row.2.count + 2)) + row.3
    }
  }

  private typealias Row = (String, String, String, String)

  private static func rows(_ spec: ParameterSpec, name: String, indentation: String) -> [Row] {
    let standard = spec.required ? "required" : spec.standard.isEmpty ? "-" : spec.standard
    let own: Row = (indentation + name, spec.type.word, standard, meaning(spec))
    return [own] + inner(spec.type).flatMap { rows($0, name: $0.name, indentation: indentation + "    ") }
  }

  private static func inner(_ type: ParameterType) -> [ParameterSpec] {
    switch type {
    case .object(let specs): specs
    case .array(let type, _), .map(let type, _): inner(type)
    case .either(let types): types.flatMap(inner)
    default: []
    }
  }

  private static func meaning(_ spec: ParameterSpec) -> String {
    var sentences = [spec.summary]
    if let range = range(spec.type) { sentences.append(range.prefix(1).uppercased() + range.dropFirst() + ".") }
    if spec.isNullable { sentences.append("Can be cleared.") }
    if let role = spec.role { sentences.append("Needs the role \(role.rawValue).") }
    return sentences.joined(separator: " ")
  }

  /// What is accepted, where the type's word and the meaning do not say it.
  private static func range(_ type: ParameterType) -> String? {
    switch type {
    case .integer(let range) where range.upperBound >= Int64(UInt32.max): nil
    case .integer, .number, .seconds, .word: type.accepted
    case .text(let bytes): "\(bytes.lowerBound) to \(bytes.upperBound) bytes"
    case .array(let element, let count):
      "\(count.lowerBound) to \(count.upperBound)" + (range(element).map { ", each: \($0)" } ?? "")
    default: nil
    }
  }
}
