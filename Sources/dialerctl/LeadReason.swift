import DialerModel

/// An answer of `lead.explain` as a person reads it: what stops the lead, what opens when, and what does not stand in its
/// way.
struct LeadReason {
  private let form: JSON

  init(_ form: JSON) { self.form = form }

  func lines(columns: Int?) -> [String] {
    let gates = form["gates"]?.arrayValue ?? []
    let stopping = gates.filter { $0["passes"]?.boolValue != true && $0["overridden"]?.boolValue != true }
    let passing = gates.filter { $0["passes"]?.boolValue == true || $0["overridden"]?.boolValue == true }
    var lines = [heading, "Its time: \(text("localTime")) in \(text("timeZone")) (from \(text("timeZoneSource")))."]
    if !stopping.isEmpty {
      lines += ["", "What stops it:"] + table(stopping, withUntil: true, columns)
      lines.append(next)
    }
    if !passing.isEmpty { lines += ["", "What does not:"] + table(passing, withUntil: false, columns) }
    return lines
  }

  private func text(_ key: String, isShort: Bool = true) -> String {
    CellText.text(form[key] ?? .null, isShort: isShort)
  }

  private var heading: String {
    let code = form["vendorLeadCode"]?.stringValue.map { " (\(CellText.printable($0)))" } ?? ""
    let subject = "Lead \(text("leadID"))\(code) in campaign \(text("campaignID"))"
    guard form["dialable"]?.boolValue == true else { return "\(subject) is not dialable." }
    guard let position = form["position"]?.integerValue else { return "\(subject) is dialable." }
    return "\(subject) is dialable, number \(position) of its list."
  }

  private var next: String {
    if let moment = form["nextEligibleAt"]?.stringValue {
      let local = form["nextEligibleLocalTime"]?.stringValue.map { ", \(CellText.printable($0)) there" } ?? ""
      return "If nothing else changes it is dialable from \(CellText.printable(moment))\(local)."
    }
    return form["exhausted"]?.boolValue == true
      ? "It is not dialled again unless somebody changes something." : "When that changes is not known."
  }

  private func table(_ gates: [JSON], withUntil: Bool, _ columns: Int?) -> [String] {
    var table = TextTable(
      [TextTable.Column(title: "GATE")] + (withUntil ? [TextTable.Column(title: "UNTIL")] : [])
        + [TextTable.Column(title: "WHY")])
    for gate in gates {
      let until = gate["until"] ?? (gate["never"]?.boolValue == true ? "never" : .null)
      table.add(
        [CellText.text(gate["gate"] ?? .null)] + (withUntil ? [CellText.text(until, isShort: true)] : [])
          + [CellText.text(gate["detail"] ?? .null)])
    }
    return table.take(width: columns.map { $0 - 2 }, withHeading: false).map { "  " + $0 }
  }
}
