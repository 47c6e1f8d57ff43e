import ControlProtocol
import DialerModel
import Telephony

@testable import DialerEngine

/// Builders in which everything has a default, so that what a test sets is what matters; and what tests ask of events.
extension EngineHarness {
  /// A lead's number whose last digit says what becomes of the call.
  static func number(_ index: Int, ending digit: Int = 0) -> String { "+61\(292_000_000 + index * 10 + digit)" }

  @discardableResult
  func list(_ id: Int = 1, _ more: JSONObject = [:]) throws(RequestError) -> JSON {
    try call("list.create", .object(["listID": JSON(id), "name": "List \(id)"] + more))
  }

  @discardableResult
  func lead(
    _ index: Int, list: Int = 1, ending digit: Int = 0, _ more: JSONObject = [:]
  ) throws(RequestError) -> LeadID {
    let params: JSONObject = ["listID": JSON(list), "phones": [.string(Self.number(index, ending: digit))]]
    var given = params + more
    if (1...5).contains(where: { more["phone\($0)"] != nil }) { given["phones"] = nil }
    let reply = try call("lead.add", .object(given))
    return LeadID(UInt32(reply["leadID"]?.integerValue ?? 0))
  }

  func leads(_ count: Int, from first: Int = 0, list: Int = 1, ending digit: Int = 0) throws {
    for index in first..<first + count { try lead(index, list: list, ending: digit) }
  }

  /// A campaign that is not started, with its lists by weight.
  func campaign(
    id: String = "c", mode: String = "broadcast", lists: [(id: Int, weight: Int)] = [(1, 100)],
    strategy: String = "standard", _ more: JSONObject = [:]
  ) throws {
    try call("campaign.create", .object(["campaignID": .string(id), "dialMode": .string(mode)] + more))
    for list in lists {
      try call(
        "campaign.assignList",
        [
          "campaignID": .string(id), "listID": JSON(list.id), "weight": JSON(list.weight),
          "strategy": .string(strategy),
        ])
    }
  }

  /// Hours `h`, open at all times, with a limit that Australian leads have from the day behind the first on.
  func lawOfTomorrow() throws {
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    try call(
      "callingHours.put",
      [
        "callingHoursID": "h", "name": "H",
        "weekly": .object(JSONObject(dictionary: week.map { ($0, ["00:00-24:00"]) })),
        "regions": [
          "AU": [
            "source": "a test", "effectiveFrom": "2026-11-22",
            "attemptLimits": [["count": 1, "windowSeconds": 604_800, "scope": "person"]],
          ]
        ],
      ])
  }

  func start(_ id: String = "c") throws { try call("campaign.start", ["campaignID": .string(id)]) }

  func agent(_ id: String, _ campaigns: [String] = ["c"], ready: Bool = true) throws {
    try call("agent.login", ["agentID": .string(id), "campaignIDs": JSON(campaigns)])
    if ready { try call("agent.setState", ["agentID": .string(id), "state": "ready"]) }
  }

  func state(_ agent: String) -> String? { engine.agents[AgentID(agent)]?.agent.state.rawValue }

  /// Lets a long time pass that nothing is to happen in, without its thousands of turns: the wall clock is set to shortly
  /// before a moment, and then time goes on past it.
  func pass(upTo moment: Instant) {
    jumpWall(by: moment - .seconds(30) - now.wall)
    pass(.seconds(60))
  }

  // MARK: - What happened

  func events(_ type: EventType) -> [JournalEvent] { store.events.filter { $0.type == type } }

  /// The lists of the attempts in the order in which they were claimed.
  var claimedLists: [Int] { events(.attemptStarted).compactMap { $0.listID.map { Int($0.rawValue) } } }

  /// The leads of the attempts in the order in which they were claimed.
  var claimedLeads: [Int] { events(.attemptStarted).compactMap { $0.leadID.map { Int($0.rawValue) } } }

  var outcomes: [Outcome] { events(.attemptEnded).compactMap(\.attempt?.outcome) }

  func stored(_ lead: LeadID) -> LeadState? { store.leads[lead]?.record.state }

  /// The only live call, or the newest.
  var liveCall: LiveCall? { engine.calls.keys.max().flatMap { engine.calls[$0] } }

  func hasLogged(_ name: String) -> Bool { logs.contains { "\($0.name)" == name } }

  func explain(_ lead: LeadID, _ campaign: String = "c", at: Instant? = nil) throws(RequestError) -> JSON {
    var params: JSONObject = ["leadID": JSON(lead.rawValue), "campaignID": .string(campaign)]
    params.append("at", ifPresent: at.map { JSON($0) })
    return try call("lead.explain", .object(params))
  }

  /// The gates that stop the lead itself: not those that pause its campaign.
  func gatesOfTheLead(_ lead: LeadID, at moment: Instant? = nil) throws(RequestError) -> [String] {
    (try explain(lead, at: moment)["gates"]?.arrayValue ?? []).filter { $0["passes"]?.boolValue == false }
      .compactMap { $0["gate"]?.stringValue }.filter { $0 != "trunk-capacity" && $0 != "agent-available" }
  }

  func failingGates(_ lead: LeadID, _ campaign: String = "c") throws(RequestError) -> [String] {
    (try explain(lead, campaign)["gates"]?.arrayValue ?? []).filter { $0["passes"]?.boolValue == false }
      .compactMap { $0["gate"]?.stringValue }
  }
}

func + (left: JSONObject, right: JSONObject) -> JSONObject {
  var sum = left
  for member in right.members { sum[member.key] = member.value }
  return sum
}

extension RequestError {
  /// The stable word: the reason, and behind it what kind of conflict or limit.
  var word: String {
    for key in ["conflict", "limit", "unavailable"] {
      if let more = details[key]?.stringValue { return "\(reason.rawValue):\(more)" }
    }
    return reason.rawValue
  }
}

/// The word of the error that the body throws; nil when it throws none.
func refusal(_ body: () throws -> some Any) -> String? {
  do {
    _ = try body()
    return nil
  } catch let error as RequestError {
    return error.word
  } catch {
    return "\(error)"
  }
}
