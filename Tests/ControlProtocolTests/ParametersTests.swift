import DialerModel
import Testing

@testable import ControlProtocol

/// The parameters of a call of this method, checked.
func parameters(_ method: String, _ params: JSONObject) throws -> Parameters {
  try Parameters(params, of: try #require(MethodTable.method(method)))
}

/// The error that the check of these parameters ends with, if it does.
func fault(_ method: String, _ params: JSONObject) throws -> RequestError? {
  do {
    _ = try parameters(method, params)
    return nil
  } catch let error as RequestError {
    return error
  }
}

@Suite("Parameters")
struct ParametersTests {
  static let wrong: [(String, JSONObject, String)] = [
    ("campaign.get", [:], "campaignID"), ("campaign.get", ["campaignID": 1], "campaignID"),
    ("campaign.get", ["campaignID": nil], "campaignID"), ("campaign.get", ["campaignID": "a", "x": 1], "x"),
    ("campaign.get", ["campaignID": "a", "dryRun": true], "dryRun"),
    ("campaign.get", ["campaignID": "a\nb"], "campaignID"),
    ("campaign.get", ["campaignID": "a\u{7F}"], "campaignID"), ("lead.get", [:], "leadID"),
    ("lead.get", ["leadID": 1, "vendorLeadCode": "a"], "vendorLeadCode"), ("lead.get", ["leadID": "1"], "leadID"),
    ("lead.get", ["leadID": 1.5], "leadID"), ("lead.get", ["vendorLeadCode": "a\u{0}"], "vendorLeadCode"),
    ("lead.delete", ["leadID": 1, "filter": ["rank": 1]], "filter"), ("lead.delete", ["filter": [:]], "filter"),
    ("lead.delete", ["filter": ["and": [["rank": "x"]]]], "filter.and[0].rank"),
    ("lead.find", ["filter": ["calledCount": ["prefix": 1]]], "filter.calledCount.prefix"),
    ("lead.find", ["filter": []], "filter"), ("lead.find", ["sort": [1]], "sort[0]"),
    ("lead.find", ["limit": 0], "limit"),
    ("lead.add", ["listID": 1], "phones"), ("lead.add", ["listID": 1, "phones": []], "phones"),
    ("lead.add", ["listID": 1, "phones": ["1", 2]], "phones[1]"),
    ("lead.add", ["listID": 1, "phones": ["1"], "phone2": "2"], "phone2"),
    ("lead.add", ["listID": 1, "phone1": "1", "custom": ["a"]], "custom"),
    ("lead.add", ["listID": 1, "phone1": "1", "custom": ["": 1]], "custom"),
    ("lead.add", ["listID": 1, "phone1": "1", "priority": "NOW"], "priority"),
    ("lead.add", ["listID": 1, "phone1": "1", "callAt": "tomorrow"], "callAt"),
    ("lead.setStatus", ["leadID": 1], "status"), ("lead.setStatus", ["leadID": 1, "status": "new"], "status"),
    ("lead.dial", ["leadID": 1, "campaignID": "a", "override": ["statuss"]], "override[0]"),
    ("lead.next", ["campaignID": "a", "agentID": "b", "reserveSeconds": 0.5], "reserveSeconds"),
    ("campaign.setLists", ["campaignID": "a", "lists": [["listID": 1], ["weight": 2]]], "lists[1].listID"),
    ("campaign.setLists", ["campaignID": "a", "lists": [["listID": 1, "wieght": 2]]], "lists[0].wieght"),
    ("campaign.setLists", ["campaignID": "a", "lists": [["listID": 1, "filter": ["x": 1]]]], "lists[0].filter.x"),
    (
      "campaign.update",
      [
        "campaignID": "a",
        "attemptLimits": [
          ["count": 1, "windowSeconds": 60, "scope": "lead"], ["count": 1, "windowSeconds": 60, "scope": "leads"],
        ],
      ],
      "attemptLimits[1].scope"
    ),
    ("campaign.update", ["campaignID": "a", "wrapCodes": [["code": "sale", "name": "Sale"]]], "wrapCodes[0].code"),
    ("strategy.put", ["strategyID": "s", "retries": [["outcome": "busy"]]], "retries[0].afterSeconds"),
    ("strategy.put", ["strategyID": "s", "order": ["rank", "--rank"]], "order[1]"),
    ("callingHours.put", ["callingHoursID": "c", "weekly": ["mon": []]], "weekly.mon"),
    ("callingHours.put", ["callingHoursID": "c", "weekly": ["monday": ["9-12"]]], "weekly.monday[0]"),
    ("callingHours.put", ["callingHoursID": "c", "regions": ["US-FL": [:]]], "regions.US-FL.source"),
    ("callingHours.put", ["callingHoursID": "c", "dates": [["date": ["easter": "1"]]]], "dates[0].date.easter"),
    ("callingHours.put", ["callingHoursID": "c", "dates": [["date": 5]]], "dates[0].date"),
    ("report.calls", ["filter": ["outcome": "nope"]], "filter.outcome"),
    ("event.subscribe", ["types": ["attempt.begun"]], "types[0]"), ("event.subscribe", ["from": 0], "from"),
    ("daemon.status", ["x": nil], "x"),
  ]

  @Test("a parameter that does not fit is refused with its path", arguments: wrong)
  func refused(method: String, params: JSONObject, field: String) throws {
    let error = try #require(try fault(method, params))
    #expect(error.reason == .invalidParams)
    #expect(error.details["field"] == .string(field))
    #expect(error.details["accepted"]?.arrayValue?.isEmpty == false)
    #expect(error.message.hasSuffix("."))
  }

  static let right: [(String, JSONObject)] = [
    ("campaign.get", ["campaignID": "é spring"]), ("lead.get", ["leadID": 4_294_967_295]),
    ("lead.get", ["leadID": 1.0]),
    ("lead.get", ["vendorLeadCode": "x", "listID": 3, "campaignID": "c"]), ("lead.find", [:]),
    ("lead.find", ["filter": [:]]),
    ("lead.find", ["sort": "-rank", "limit": 1000]), ("lead.find", ["sort": ["rank", "-leadID"]]),
    ("lead.update", ["leadID": 1, "vendorLeadCode": "new", "email": nil, "rank": nil, "phone3": nil]),
    ("lead.delete", ["filter": ["rank": 1], "dryRun": true, "requestID": "r"]),
    ("campaign.update", ["campaignID": "a", "calledCountLimit": nil, "attemptLimits": []]),
    (
      "callingHours.put",
      [
        "callingHoursID": "c",
        "dates": [
          ["date": "--12-25"], ["date": ["easter": -2]], ["date": ["month": 11, "weekday": "thursday", "nth": 4]],
          ["date": ["month": 5, "weekday": "monday", "nth": -1]],
        ],
      ]
    ),
    (
      "strategy.put",
      [
        "strategyID": "s", "order": ["-rank", "attempts"],
        "retries": [["outcome": "busy", "afterSeconds": 0.5, "limit": nil]],
      ]
    ),
    ("event.subscribe", ["from": 1, "types": ["attempt.ended"], "campaignID": "a"]), ("daemon.status", [:]),
  ]

  @Test("what the contract shows is taken", arguments: right)
  func taken(method: String, params: JSONObject) throws {
    #expect(try fault(method, params) == nil)
  }

  @Test("an unknown name is answered with the nearest one and all that are accepted")
  func unknownNames() throws {
    let error = try #require(try fault("campaign.get", ["campainID": "a"]))
    #expect(error.message == "There is no parameter campainID here. The nearest is campaignID.")
    #expect(error.details["accepted"] == ["campaignID"])
  }

  @Test("a wrong word is answered with the words that are accepted, and the value shortened")
  func words() throws {
    let error = try #require(
      try fault("agent.setState", ["agentID": "a", "state": .string(String(repeating: "x", count: 99))]))
    #expect(error.details["accepted"] == ["ready", "paused", "wrapping"])
    #expect(error.details["value"]?.stringValue?.count == 64)
  }

  @Test("getters give each value in its own type")
  func getters() throws {
    let wrap = try parameters(
      "call.wrap", ["attemptID": 9, "wrapCode": "SALE", "callbackAt": "2026-11-20T15:03:11.5+01:00"])
    #expect(wrap.optionalAttemptID() == AttemptID(9))
    #expect(try wrap.text("wrapCode") == "SALE")
    #expect(try wrap.instant("callbackAt") == Instant(rfc3339: "2026-11-20T14:03:11.500Z"))
    #expect(wrap.requestID == nil)
    #expect(!wrap.isDryRun)
    let next = try parameters(
      "lead.next", ["campaignID": "c", "agentID": "a", "reserveSeconds": 1.2345, "requestID": "r", "dryRun": true])
    #expect(
      try next.seconds("reserveSeconds") == Interval(milliseconds: 1235)
        || next.seconds("reserveSeconds") == Interval(milliseconds: 1234))
    #expect(try next.campaignID() == CampaignID("c"))
    #expect(try next.agentID() == AgentID("a"))
    #expect(next.requestID == "r")
    #expect(next.isDryRun)
    let find = try parameters("lead.find", ["sort": "-rank", "limit": 20.0, "filter": ["rank": ["ge": 3]]])
    #expect(try find.strings("sort") == ["-rank"])
    #expect(try find.integer("limit") == 20)
    #expect(try find.filter("filter") == .compare(.rank, .ge, [.integer(3)]))
    #expect(find.optionalText("cursor") == nil)
  }

  @Test("objects inside have getters and paths of their own")
  func nested() throws {
    let call = try parameters(
      "campaign.setLists",
      ["campaignID": "c", "lists": [["listID": 5, "weight": 70], ["listID": 6, "toDial": false, "filter": nil]]])
    let lists = try call.objects("lists")
    #expect(lists.count == 2)
    #expect(try lists[0].listID() == ListID(5))
    #expect(lists[0].optionalInteger("weight") == 70)
    #expect(try lists[1].boolean("toDial") == false)
    #expect(lists[1].isNull("filter"))
    #expect(try lists[1].optionalFilter("filter") == nil)
    #expect(lists[1].invalid("listID", "No such list.").details["field"] == "lists[1].listID")
    let report = try parameters("report.calls", ["filter": ["listID": 3]])
    #expect(report.optionalObject("filter")?.optionalListID() == ListID(3))
    #expect(report.optionalObject("filter")?.field("since") == "filter.since")
  }

  @Test("null clears a field, and is not the same as absent")
  func null() throws {
    let call = try parameters("lead.update", ["leadID": 1, "email": nil])
    #expect(call.isPresent("email"))
    #expect(call.isNull("email"))
    #expect(!call.isPresent("owner"))
    #expect(!call.isNull("owner"))
    #expect(call.optionalText("email") == nil)
  }

  @Test("a getter that requires what the call left out throws instead of trapping")
  func missing() throws {
    let call = try parameters("lead.get", ["leadID": 1])
    #expect(throws: RequestError.self) { try call.text("vendorLeadCode") }
    #expect(throws: RequestError.self) { try call.listID() }
    #expect(throws: RequestError.self) { try call.text("leadID") }
  }

  @Test(
    "what stands in the table for every method refuses garbage by seed without trapping", arguments: MethodTable.methods
  )
  func garbage(method: MethodSpec) throws {
    var generator = SeededGenerator(seed: 7)
    let values: [JSON] = [
      nil, true, -1, 0, 1.5, 1e300, "", "x", .string(String(repeating: "é", count: 3000)), [], [nil], [[:]], [:],
      ["a": 1],
    ]
    for _ in 0..<200 {
      var params = JSONObject()
      for parameter in method.parameters where Bool.random(using: &generator) {
        params[parameter.name] = values[Int.random(in: 0..<values.count, using: &generator)]
      }
      if Int.random(in: 0..<4, using: &generator) == 0 { params["nonsense"] = 1 }
      if let error = try fault(method.name, params) { #expect(error.json.text.utf8.count < 8192) }
    }
  }
}
