import DialerModel

/// An error as standard error shows it: one line for the message, then what else is known.
enum ErrorText {
  static func text(_ error: ClientError) -> String {
    var lines = ["dialerctl: \(CellText.printable(error.message))"]
    var details: JSONObject = ["reason": .string(error.reason)]
    for member in error.details.members { details[member.key] = member.value }
    lines += ResultText.lines(details, columns: nil).map { $0.isEmpty ? "" : "  " + $0 }
    return lines.map { $0 + "\n" }.joined()
  }
}
