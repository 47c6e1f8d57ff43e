import DialerModel

/// One event on one line: when, its number, its type, and its members by the keys that the daemon's log uses.
enum EventLine {
  /// The short names of the log; any other member keeps its own.
  private static let keys = [
    "leadID": "lead", "vendorLeadCode": "vlc", "campaignID": "campaign", "listID": "list", "attemptID": "attempt",
    "callID": "call", "agentID": "agent",
  ]
  /// `callback.scheduled` is the longest type that there is.
  private static let typeWidth = 18

  static func text(_ params: JSON) -> String {
    let object = params.objectValue ?? [:]
    var words = [
      CellText.text(object["at"] ?? .null), CellText.text(object["seq"] ?? .null),
      DisplayWidth.padded(CellText.text(object["type"] ?? .null), to: typeWidth),
    ]
    for member in object.members where !["at", "seq", "type"].contains(member.key) && !member.value.isNull {
      words.append("\(keys[member.key] ?? CellText.printable(member.key))=\(quoted(member.value))")
    }
    let line = words.joined(separator: " ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// Text with a space or a quote in it stands in quotes, as in logfmt.
  private static func quoted(_ value: JSON) -> String {
    guard let text = value.stringValue else { return CellText.printable(value.text) }
    let needsQuotes = text.isEmpty || text.contains { $0 == " " || $0 == "\"" || $0 == "=" || $0 == "\\" }
    return CellText.printable(needsQuotes ? value.text : text)
  }
}
