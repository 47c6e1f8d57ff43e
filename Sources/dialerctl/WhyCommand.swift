import DialerModel

/// What `dialerctl why` is asked about: a lead, in one campaign or in all that have its list, or a campaign.
struct WhyQuery: Sendable, Hashable {
  /// The dialer's id, or the CRM's.
  var lead: String?
  /// The lead is named by the CRM's id, though that is a number.
  var isCode = false
  var campaignID: String?
  /// Another moment than now.
  var at: String?

  init(lead: String? = nil, isCode: Bool = false, campaignID: String? = nil, at: String? = nil) {
    self.lead = lead
    self.isCode = isCode
    self.campaignID = campaignID
    self.at = at
  }

  /// - Parameters:
  ///   - given: what stands behind each flag.
  ///   - lead: the word that is no flag.
  init(_ given: [String: [String]], lead: String?) throws(ClientError) {
    for (flag, values) in given where values.count > 1 { throw .usage("--\(flag) is given twice.") }
    self.init(
      lead: lead, isCode: given["code"] != nil, campaignID: given["campaign"]?.first, at: given["at"]?.first)
    guard lead != nil || campaignID != nil else {
      throw .usage("why needs a lead, or a campaign by --campaign ID.")
    }
  }
}

/// `dialerctl why`: why a lead, or why a campaign's leads, are or are not dialled, and when that changes.
struct WhyCommand {
  private let query: WhyQuery
  private let output: Invocation.Output

  /// How far ahead the changes of a campaign are shown.
  private static let forecastHours: Int64 = 24

  init(_ query: WhyQuery, output: Invocation.Output) {
    self.query = query
    self.output = output
  }

  func run(_ session: DaemonSession, on host: some ClientHost) throws(ClientError) {
    if let lead = query.lead {
      try explain(lead, session, on: host)
    } else if let campaign = query.campaignID {
      let explanation = try session.call("campaign.explain", ["campaignID": .string(campaign)])
      let forecast = try session.call(
        "campaign.forecast", ["campaignID": .string(campaign), "hours": .integer(Self.forecastHours)])
      print(["explanation": explanation, "forecast": forecast], on: host) { columns in
        CampaignReason(explanation, forecast: forecast).lines(columns: columns)
      }
    }
  }

  // MARK: - A lead

  private func explain(_ lead: String, _ session: DaemonSession, on host: some ClientHost) throws(ClientError) {
    var params = JSONObject()
    if let id = Int64(lead), !query.isCode {
      params["leadID"] = .integer(id)
    } else {
      params["vendorLeadCode"] = .string(lead)
    }
    var explanations: [JSON] = []
    for campaign in try campaigns(of: params, session) {
      var asked = params
      asked["campaignID"] = .string(campaign)
      asked.append("at", ifPresent: query.at.map { .string($0) })
      explanations.append(try session.call("lead.explain", asked))
    }
    print(["explanations": .array(explanations)], on: host) { columns in
      guard !explanations.isEmpty else { return ["No campaign has the list of the lead \(CellText.printable(lead))."] }
      return Array(explanations.map { LeadReason($0).lines(columns: columns) }.joined(separator: [""]))
    }
  }

  /// The one that is named, or all that have the lead's list.
  private func campaigns(of lead: JSONObject, _ session: DaemonSession) throws(ClientError) -> [String] {
    if let campaign = query.campaignID { return [campaign] }
    let list = try session.call("lead.get", lead)["listID"]
    var found: [String] = []
    for campaign in try session.call("campaign.list")["campaigns"]?.arrayValue ?? [] {
      guard let id = campaign["campaignID"]?.stringValue else { continue }
      do throws(ClientError) {
        let lists = try session.call("campaign.lists", ["campaignID": .string(id)])["lists"]?.arrayValue ?? []
        if lists.contains(where: { $0["listID"] == list }) { found.append(id) }
      } catch {
        // Deleted since it was listed.
        guard error.reason == "not-found" else { throw error }
      }
    }
    return found
  }

  private func print(_ result: JSON, on host: some ClientHost, _ lines: (Int?) -> [String]) {
    switch output {
    case .json: host.write(result.text + "\n")
    case .prettyJSON: host.write(result.prettyText + "\n")
    case .people: host.write(lines(host.screen?.columns).map { $0 + "\n" }.joined())
    }
  }
}
