import DialerModel

/// How the daemon, its trunks and its campaigns stand, on one screen.
struct Dashboard {
  /// The answer of `daemon.status`.
  var status: JSON
  /// Each campaign of `campaign.list` with its `lists` from `campaign.lists`.
  var campaigns: [JSONObject]

  /// What `--json` prints.
  var json: JSON { ["status": status, "campaigns": .array(campaigns.map { .object($0) })] }

  /// - Parameter columns: of the terminal, nil to cut nothing.
  func lines(at now: Instant, columns: Int?) -> [String] {
    var lines = heading(at: now)
    if let trunks = status["trunks"]?.arrayValue?.compactMap(\.objectValue), !trunks.isEmpty {
      lines += [""] + ResultText.table("trunks", trunks, columns: columns)
    }
    if campaigns.isEmpty { lines += ["", "No campaigns."] }
    for campaign in campaigns { lines += [""] + self.lines(of: campaign, columns: columns) }
    return lines.map { line in columns.map { DisplayWidth.cut(line, to: $0) } ?? line }
  }

  private func heading(at now: Instant) -> [String] {
    func value(_ key: String) -> String { CellText.text(status[key] ?? .null) }
    let uptime = status["uptimeSeconds"]?.numberValue.map(Self.duration) ?? CellText.nothing
    let clock = CellText.text(JSON(now), isShort: true)
    return [
      "dialerd \(value("version"))   up \(uptime)   pid \(value("pid"))   \(clock)",
      "leads \(value("leads"))   lists \(value("lists"))   campaigns \(value("campaigns"))   "
        + "live calls \(value("liveCalls"))   last event \(value("lastEvent"))",
      "database \(value("databasePath"))   time zones \(value("timeZoneData"))",
    ]
  }

  private func lines(of campaign: JSONObject, columns: Int?) -> [String] {
    func value(_ key: String) -> String { CellText.text(campaign[key] ?? .null) }
    let heading = "campaign \(value("campaignID"))   \(value("state"))   \(value("dialMode"))   \(value("name"))"
    let lists = (campaign["lists"]?.arrayValue ?? []).compactMap(\.objectValue)
    guard !lists.isEmpty else { return [heading, "  no lists"] }
    return [heading] + ResultText.table("lists", lists, columns: columns.map { $0 - 2 }).map { "  " + $0 }
  }

  /// `3d 04:05:06`
  static func duration(_ seconds: Double) -> String {
    let whole = Int64(max(0, min(seconds, 1e12)))
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let clock = "\(two(whole / 3600 % 24)):\(two(whole / 60 % 60)):\(two(whole % 60))"
    return whole < 86_400 ? clock : "\(whole / 86_400)d \(clock)"
  }
}
