import DialerModel

/// Answers of `campaign.explain` and `campaign.forecast` as a person reads them: why it does or does not dial, where its
/// leads are, and what changes next.
struct CampaignReason {
  private let explanation: JSON
  private let forecast: JSON

  /// Changes ahead that are shown.
  private static let changesShown = 12

  init(_ explanation: JSON, forecast: JSON) {
    self.explanation = explanation
    self.forecast = forecast
  }

  func lines(columns: Int?) -> [String] {
    func text(_ key: String) -> String { CellText.text(explanation[key] ?? .null, isShort: true) }
    var lines = [
      "Campaign \(text("campaignID")), \(text("state")): \(text("reason"))", "As of \(text("asOf")).\(source)", "",
    ]
    lines += buckets(columns)
    lines += part("By list:", "perList", [("listID", "LIST"), ("name", "NAME")], columns)
    lines += part("By zone:", "perZone", [("timeZone", "ZONE")], columns)
    return lines + changes(columns) + [""] + dry
  }

  private var source: String {
    guard explanation["judged"]?.boolValue == false else { return "" }
    return " Earlier calls are still being taken in: what they stop may not be in these counts yet."
  }

  // MARK: - Where the leads are

  private func buckets(_ columns: Int?) -> [String] {
    let rows = (explanation["byFirstGate"]?.arrayValue ?? []).filter { $0["leads"]?.integerValue != 0 }
    let dialable = explanation["dialable"]?.integerValue ?? 0
    let counts = [dialable] + rows.map { $0["leads"]?.integerValue ?? 0 }
    let shares = Self.shares(counts)
    var table = TextTable([
      TextTable.Column(title: "STOPPED BY"), TextTable.Column(title: "LEADS", alignsRight: true),
      TextTable.Column(title: "SHARE", alignsRight: true), TextTable.Column(title: "NEXT CHANGE"),
    ])
    table.add(["nothing: dialable", "\(dialable)", shares[0], ""])
    for (place, row) in rows.enumerated() {
      table.add([
        CellText.text(row["gate"] ?? .null), "\(counts[place + 1])", shares[place + 1],
        row["nextAt"].map { CellText.text($0, isShort: true) } ?? "",
      ])
    }
    let total = counts.reduce(0, +)
    table.add(["together", "\(total)", total > 0 ? "100.0 %" : CellText.nothing, ""])
    return table.take(width: columns, withHeading: true)
  }

  /// Per cent with one digit, which together are exactly 100.0: what rounding down leaves goes to the largest remainders.
  static func shares(_ counts: [Int64]) -> [String] {
    let total = counts.reduce(0, +)
    guard total > 0 else { return counts.map { _ in CellText.nothing } }
    var thousandths = counts.map { $0 * 1000 / total }
    let order = counts.indices.sorted {
      (counts[$0] * 1000 % total, counts[$0]) > (counts[$1] * 1000 % total, counts[$1])
    }
    for place in order.prefix(Int(1000 - thousandths.reduce(0, +))) { thousandths[place] += 1 }
    return thousandths.map { "\($0 / 10).\($0 % 10) %" }
  }

  private func part(
    _ title: String, _ key: String, _ names: [(key: String, title: String)], _ columns: Int?
  ) -> [String] {
    let rows = explanation[key]?.arrayValue ?? []
    guard !rows.isEmpty else { return [] }
    var table = TextTable(
      names.map { TextTable.Column(title: $0.title, alignsRight: $0.key == "listID") } + [
        TextTable.Column(title: "LEADS", alignsRight: true), TextTable.Column(title: "DIALABLE", alignsRight: true),
        TextTable.Column(title: "STOPPED BY"),
      ])
    for row in rows {
      let gates = (row["byFirstGate"]?.arrayValue ?? []).map {
        "\(CellText.text($0["gate"] ?? .null)) \(CellText.text($0["leads"] ?? .null))"
      }
      table.add(
        names.map { CellText.text(row[$0.key] ?? .null) } + [
          CellText.text(row["total"] ?? .null), CellText.text(row["dialable"] ?? .null), gates.joined(separator: ", "),
        ])
    }
    return ["", title] + table.take(width: columns.map { $0 - 2 }, withHeading: true).map { "  " + $0 }
  }

  // MARK: - What comes

  private func changes(_ columns: Int?) -> [String] {
    let rows = forecast["intervals"]?.arrayValue ?? []
    let until = CellText.text(forecast["until"] ?? .null, isShort: true)
    guard rows.count > 1 || (rows.first?["returning"]?.integerValue ?? 0) > 0 else {
      return ["", "Nothing changes by itself before \(until)."]
    }
    let keys = ["from", "opening", "closing", "returning", "dialable"]
    var table = TextTable(keys.map { TextTable.Column(title: $0.uppercased(), alignsRight: $0 != "from") })
    for row in rows.prefix(Self.changesShown) {
      table.add(keys.map { CellText.text(row[$0] ?? .null, isShort: true) })
    }
    var lines = table.take(width: columns.map { $0 - 2 }, withHeading: true).map { "  " + $0 }
    if rows.count > Self.changesShown { lines.append("  and \(rows.count - Self.changesShown) more before \(until)") }
    return ["", "Ahead, if nobody is called:"] + lines
  }

  private var dry: [String] {
    guard let rate = forecast["callsPerHour"]?.numberValue else {
      return ["No call was made today: when it runs dry is not known."]
    }
    let speed = "at today's \(CellText.plain((rate * 10).rounded() / 10)) calls an hour"
    guard let dryAt = forecast["dryAt"]?.stringValue else {
      return ["It does not run dry before \(CellText.text(forecast["until"] ?? .null, isShort: true)) \(speed)."]
    }
    var lines = ["It runs dry at \(CellText.text(.string(dryAt), isShort: true)) \(speed)."]
    let lists = (forecast["perList"]?.arrayValue ?? []).filter { $0["dryAt"]?.stringValue != nil }
    for list in lists where lists.count > 1 {
      let name = CellText.text(list["name"] ?? .null)
      lines.append(
        "  list \(CellText.text(list["listID"] ?? .null)) (\(name)) at \(CellText.text(list["dryAt"] ?? .null, isShort: true))"
      )
    }
    return lines
  }
}
