import ControlProtocol
import DialerModel

/// Makes JSON of what stands behind a flag, as the type of its parameter asks.
///
/// What does not look like the type stays text: the check against the table, which follows, then refuses it with its one
/// set of messages. Only JSON that is broken in itself is refused here.
enum FlagValue {
  static func json(_ text: String, _ type: ParameterType) throws(JSONFault) -> JSON {
    switch type {
    case .text, .identifier, .statusCode, .instant, .phone, .word: .string(text)
    case .integer: Int64(text).map { .integer($0) } ?? .string(text)
    case .number, .seconds: number(text) ?? .string(text)
    case .boolean: text == "true" ? true : text == "false" ? false : .string(text)
    case .object, .map, .filter: try JSON(parsing: text)
    case .array(let element, _): try array(text, of: element)
    case .scalar: scalar(text)
    case .json: (try? JSON(parsing: text)) ?? .string(text)
    case .either(let types): try either(text, types)
    }
  }

  /// Whether a flag of this type may stand several times.
  static func mayRepeat(_ type: ParameterType) -> Bool {
    switch type {
    case .array: true
    case .either(let types): types.contains(where: mayRepeat)
    default: false
    }
  }

  /// What two flags of one array come to.
  static func joined(_ first: JSON, _ second: JSON) -> JSON {
    .array((first.arrayValue ?? [first]) + (second.arrayValue ?? [second]))
  }

  private static func array(_ text: String, of element: ParameterType) throws(JSONFault) -> JSON {
    if text.hasPrefix("[") { return try JSON(parsing: text) }
    guard isSplitAtCommas(element) else { return .array([try json(text, element)]) }
    var elements: [JSON] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      elements.append(try json(String(part), element))
    }
    return .array(elements)
  }

  /// Whether a comma ends an element. Free text has commas of its own, and so has JSON.
  static func isSplitAtCommas(_ element: ParameterType) -> Bool {
    switch element {
    case .word, .integer, .number, .seconds, .boolean, .statusCode, .phone, .identifier, .instant: true
    default: false
    }
  }

  /// Swift's own reading takes `inf`, `nan` and hexadecimal too.
  private static func number(_ text: String) -> JSON? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
    if let whole = Int64(text) { return .integer(whole) }
    return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
  }

  /// A number, true, false, null or quoted text where it is one; any other text as it stands, such as a postal code that
  /// begins with a zero.
  private static func scalar(_ text: String) -> JSON {
    guard let value = try? JSON(parsing: text), value.arrayValue == nil, value.objectValue == nil else {
      return .string(text)
    }
    return value
  }

  private static func either(_ text: String, _ types: [ParameterType]) throws(JSONFault) -> JSON {
    if text.hasPrefix("[") || text.hasPrefix("{") { return try JSON(parsing: text) }
    for type in types {
      switch type {
      case .object, .map, .filter, .array: continue
      default:
        let value = try json(text, type)
        if value.stringValue == nil { return value }
      }
    }
    return .string(text)
  }
}
