import DialerModel

/// Campaigns, lists and leads to dial, with defaults for what a test does not care about.
extension ControlClient {
  /// A strategy after which a lead is dialled again at once, `limit` times after each outcome.
  func putQuickStrategy(_ id: String = "quick", limit: Int = 2) throws {
    let outcomes = [
      "busy", "no-answer", "machine", "congestion", "refused", "failed", "cancelled", "dropped", "unknown",
    ]
    let retries = outcomes.map { outcome -> JSON in
      ["outcome": .string(outcome), "afterSeconds": 0, "limit": JSON(limit)]
    }
    try call("strategy.put", ["strategyID": .string(id), "retries": .array(retries)])
  }

  /// A campaign that may call at all times, with its lists assigned, not started.
  func makeCampaign(
    _ id: String = "c", mode: String = "broadcast", lists: [(listID: Int, weight: Int)] = [(1, 100)],
    strategy: String = "standard", settings: JSONObject = [:]
  ) throws {
    var campaign: JSONObject = [
      "campaignID": .string(id), "dialMode": .string(mode), "callingHours": "always", "strictZones": false,
    ]
    for member in settings.members { campaign[member.key] = member.value }
    try call("campaign.create", .object(campaign))
    for list in lists {
      try call("list.create", ["listID": JSON(list.listID), "name": .string("List \(list.listID)")])
    }
    try call(
      "campaign.setLists",
      [
        "campaignID": .string(id),
        "lists": .array(
          lists.map {
            ["listID": JSON($0.listID), "weight": JSON($0.weight), "toDial": true, "strategy": .string(strategy)]
          }),
      ])
  }

  /// Leads `L<list>-<n>`; the last digit of their numbers, which says what becomes of a call, goes by `digits` in turn.
  @discardableResult
  func addLeads(_ count: Int, to list: Int, digits: [Int] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) throws -> [JSON] {
    try callAll(
      (0..<count).map { number in
        (
          "lead.add",
          [
            "listID": JSON(list), "vendorLeadCode": .string("L\(list)-\(number)"),
            "phones": [.string(Self.phone(list, number, digit: digits[number % digits.count]))],
          ]
        )
      })
  }

  /// New York numbers: 212 and an exchange from 200 on.
  static func phone(_ list: Int, _ number: Int, digit: Int) -> String {
    "+1212\(2_000_000 + list * 100_000 + number * 10 + digit)"
  }

  /// The campaign's lists, by id.
  func lists(_ campaign: String = "c") throws -> [Int64: JSON] {
    let lists = try call("campaign.lists", ["campaignID": .string(campaign)])["lists"]?.arrayValue ?? []
    return Dictionary(lists.map { ($0["listID"]?.integerValue ?? 0, $0) }) { first, _ in first }
  }

  /// Whether the campaign has nothing left to dial now and no call under way.
  func isDry(_ campaign: String = "c") throws -> Bool {
    try lists(campaign).values.allSatisfy { list in
      ["dialableNow", "live"].allSatisfy { list[$0]?.integerValue == 0 }
    }
  }

  /// Reads events until the campaign is dry; asks only where no more of them have come.
  @discardableResult
  func eventsUntilDry(_ campaign: String = "c") throws -> [JSON] {
    if try isDry(campaign) { return [] }
    return try events { _ in try !hasWaitingEvents && isDry(campaign) }
  }

  /// Every attempt of the call log.
  func allAttempts(_ filter: JSON = [:]) throws -> [JSON] {
    try pages("report.calls", ["filter": filter, "limit": 1000], "attempts")
  }

  func allLeads() throws -> [JSON] { try pages("lead.find", ["limit": 1000], "leads") }

  private func pages(_ method: String, _ params: JSONObject, _ key: String) throws -> [JSON] {
    var rows: [JSON] = []
    var params = params
    while true {
      let page = try call(method, .object(params))
      rows += page[key]?.arrayValue ?? []
      guard let next = page["nextCursor"], !next.isNull else { return rows }
      params["cursor"] = next
    }
  }
}

extension JSON {
  var seq: Int64 { self["seq"]?.integerValue ?? 0 }
  var type: String { self["type"]?.stringValue ?? "" }
  var attemptID: Int64 { self["attemptID"]?.integerValue ?? 0 }
  var leadID: Int64 { self["leadID"]?.integerValue ?? 0 }
  var listID: Int64 { self["listID"]?.integerValue ?? 0 }
  var callID: String { self["callID"]?.stringValue ?? "" }
}
