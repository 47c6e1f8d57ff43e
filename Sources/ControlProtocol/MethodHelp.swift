import DialerModel

/// What `dialerctl --help` prints, made from the table.
public enum MethodHelp {
  /// `lead.get (leadID | vendorLeadCode) [listID] [campaignID]`
  public static func usage(_ spec: MethodSpec) -> String {
    var words = [spec.name]
    var shown: Set<String> = []
    for parameter in spec.parameters where !shown.contains(parameter.name) {
      if let choice = spec.choices.first(where: { isShownAsOne($0) && $0.names.contains(parameter.name) }) {
        shown.formUnion(choice.names)
        words.append("(\(choice.names.joined(separator: " | ")))")
      } else {
        words.append(parameter.required ? parameter.name : "[\(parameter.name)]")
      }
    }
    return words.joined(separator: " ")
  }

  private static func isShownAsOne(_ choice: ParameterChoice) -> Bool {
    if case .exactlyOne = choice { true } else { false }
  }

  /// Everything about one method: usage, summary, parameters, choices, result, role.
  public static func page(_ spec: MethodSpec) -> String {
    var lines = ["Usage: \(usage(spec))", "", spec.summary]
    if !spec.parameters.isEmpty {
      lines += ["", "Parameters:"] + table(spec.parameters, indentation: 2)
    }
    if !spec.choices.isEmpty { lines += [""] + spec.choices.map(\.sentence) }
    lines += ["", "Result: \(spec.result).", "Role: \(spec.role.rawValue).", "", "Example of the result:"]
    lines.append(spec.example.prettyText)
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every method with its summary, by group.
  public static func overview(_ methods: [MethodSpec] = MethodTable.methods) -> String {
    let width = (methods.map(\.name.count).max() ?? 0) + 2
    var lines: [String] = []
    for group in MethodGroup.allCases {
      let members = methods.filter { $0.group == group }
      if members.isEmpty { continue }
      if !lines.isEmpty { lines.append("") }
      lines.append("\(group.title):")
      lines += members.map { "  " + padded($0.name, width) + $0.summary }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line a parameter: name, type, what it is; those inside objects below, one step in.
  static func table(_ specs: [ParameterSpec], indentation: Int) -> [String] {
    let names = (specs.map(\.name.count).max() ?? 0) + 2
    let types = (specs.map(\.type.word.count).max() ?? 0) + 2
    return specs.flatMap { spec in
      let start = String(repeating: " ", count: indentation)
      let line = start + padded(spec.name, names) + padded(spec.type.word, types) + note(spec)
      return [line] + table(inner(spec.type), indentation: indentation + 4)
    }
  }

  private static func note(_ spec: ParameterSpec) -> String {
    var notes = [spec.summary]
    if let range = range(spec.type) { notes.append("\(range).") }
    if spec.required { notes.append("Required.") }
    if !spec.standard.isEmpty { notes.append("Without it: \(spec.standard).") }
    if spec.isNullable { notes.append("May be null.") }
    if let role = spec.role { notes.append("Needs \(role.rawValue).") }
    return notes.joined(separator: " ")
  }

  private static func range(_ type: ParameterType) -> String? {
    switch type {
    case .integer(let range) where range.upperBound >= Int64(UInt32.max): nil
    case .integer, .number, .seconds, .word: sentence(type.accepted)
    case .text(let bytes): "\(bytes.lowerBound) to \(bytes.upperBound) bytes"
    case .array(let element, let count):
      "\(count.lowerBound) to \(count.upperBound)" + (range(element).map { ", each: \($0)" } ?? "")
    default: nil
    }
  }

  private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  private static func inner(_ type: ParameterType) -> [ParameterSpec] {
    switch type {
    case .object(let specs): specs
    case .array(let type, _), .map(let type, _): inner(type)
    case .either(let types): types.flatMap(inner)
    default: []
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
