import DialerModel

/// The answer of `callingHours.show` as a person reads it: the date from its first minute to its last, and below it what
/// holds besides.
enum RulesDayText {
  static func lines(_ result: JSON, state: String?, columns: Int?) -> [String] {
    func text(_ key: String) -> String { CellText.printable(result[key]?.stringValue ?? "") }
    var heading = "\(text("callingHoursID")), \(text("weekday")) \(text("date")) in \(text("timeZone"))"
    if let state { heading += ", \(CellText.printable(state))" }
    if result["unknownPlace"]?.stringValue != nil { heading += " (\(text("unknownPlace")))" }
    var rows: [(from: String, cells: [String])] = []
    for (key, word) in [("windows", "open"), ("closed", "closed")] {
      for stretch in result[key]?.arrayValue ?? [] {
        let cells = ["from", "until", "rule", "region", "source"].map {
          CellText.printable(stretch[$0]?.stringValue ?? "-")
        }
        rows.append((cells[0], [word] + cells))
      }
    }
    var table = TextTable(["", "FROM", "UNTIL", "RULE", "REGION", "SOURCE"].map { TextTable.Column(title: $0) })
    for row in rows.sorted(by: { $0.from < $1.from }) { table.add(row.cells) }
    var lines = [heading] + table.take(width: columns, withHeading: true)
    for limit in result["attemptLimits"]?.arrayValue ?? [] { lines.append(words(limit)) }
    if let hold = result["abandonHoldSeconds"]?.numberValue {
      lines.append("After an abandoned call no call without an agent in hand for \(hours(hold)).")
    }
    return lines
  }

  private static func words(_ limit: JSON) -> String {
    func text(_ key: String) -> String { CellText.printable(limit[key]?.stringValue ?? "") }
    let count = limit["count"]?.integerValue ?? 0
    let window = hours(limit["windowSeconds"]?.numberValue ?? 0)
    return "At most \(count) \(text("counts")) to the \(text("scope")) in \(window) (\(text("region")))."
  }

  private static func hours(_ seconds: Double) -> String {
    let whole = Int(seconds)
    if whole % 86_400 == 0, whole > 86_400 { return "\(whole / 86_400) days" }
    return whole % 3600 == 0 ? "\(whole / 3600) h" : "\(whole) s"
  }
}
