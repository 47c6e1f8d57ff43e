import DialerModel
import Testing

@testable import DialerEngine

/// Each gate stops a dial at the claim, and lets it pass again when it says so.
@Suite struct GateTests {
  /// One broadcast campaign; leads are busy at once and may be dialled again at once, so that only the gate under test
  /// holds them.
  private func harness(
    leads: Int = 1, ending digit: Int = 5, _ campaign: JSONObject = [:], strategy: JSONObject = [:]
  ) throws -> EngineHarness {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(leads, ending: digit)
    try harness.call("strategy.put", .object(Self.busyAgain + strategy))
    try harness.campaign(strategy: "s", campaign)
    return harness
  }

  private static let busyAgain: JSONObject = [
    "strategyID": "s", "name": "S", "retries": [["outcome": "busy", "afterSeconds": 1]],
  ]

  private func times(_ harness: EngineHarness) -> [Instant] { harness.events(.attemptStarted).map(\.at) }

  @Test("leads are dialled in the open hours of their own zones, from the first to the last millisecond")
  func hoursByZone() throws {
    let harness = try EngineHarness()
    try harness.list()
    for (index, zone) in ["Australia/Sydney", "Australia/Perth", "Pacific/Auckland"].enumerated() {
      try harness.lead(index, ending: 5, ["timeZone": .string(zone)])
    }
    try harness.call(
      "callingHours.put",
      [
        "callingHoursID": "h", "name": "H",
        "weekly": .object(
          JSONObject(
            dictionary: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map {
              ($0, ["09:00-09:05"])
            })),
      ])
    try harness.call("strategy.put", .object(Self.busyAgain))
    try harness.campaign(strategy: "s", ["callingHours": "h", "strictZones": false])
    // It is 12:00 in Sydney and open in Perth: both have to have closed before the count begins.
    harness.pass(.hours(2))
    try harness.start()
    harness.pass(.hours(26))
    for (lead, opening) in [(1, 22), (2, 1), (3, 20)] {
      let calls = harness.events(.attemptStarted).filter { $0.leadID == LeadID(UInt32(lead)) }.map(\.at)
      // 09:00 in Sydney is 22:00 UTC in summer, in Perth 01:00, in Auckland 20:00.
      let first = try #require(calls.first)
      #expect(first.milliseconds % 86_400_000 == Int64(opening) * 3_600_000, "lead \(lead) at \(first)")
      #expect(calls.allSatisfy { $0.milliseconds % 86_400_000 < Int64(opening) * 3_600_000 + 300_000 })
      #expect(calls.count > 100)
    }
  }

  @Test("the campaign's called count limit stops a lead, and a higher one lets it pass at once")
  func calledCountLimit() throws {
    let harness = try harness(["calledCountLimit": 3])
    try harness.start()
    harness.pass(.minutes(1))
    #expect(times(harness).count == 3)
    try harness.call("campaign.update", ["campaignID": "c", "calledCountLimit": 5])
    harness.pass(.minutes(1))
    #expect(times(harness).count == 5)
    #expect(harness.stored(LeadID(1))?.calledCount == 5)
  }

  @Test("the strategy's called count limit holds where it is lower")
  func strategyLimit() throws {
    let harness = try harness(["calledCountLimit": 9], strategy: ["calledCountLimit": 2])
    try harness.start()
    harness.pass(.minutes(1))
    #expect(times(harness).count == 2)
  }

  @Test(
    "an attempt limit of each scope lets the next dial pass as soon as the window has moved on",
    arguments: ["lead", "phone", "person"])
  func attemptLimit(_ scope: String) throws {
    let limit: JSON = [["count": 3, "windowSeconds": 60, "scope": .string(scope), "counts": "attempts"]]
    let harness = try harness(["attemptLimits": limit])
    try harness.start()
    harness.pass(.minutes(5))
    let times = times(harness)
    #expect(times.count >= 14)
    for (early, late) in zip(times, times.dropFirst(3)) { #expect(late - early >= .seconds(60)) }
    #expect(times[3] - times[0] == .seconds(60))
  }

  @Test(
    "a person's limit counts over two campaigns of a tenant and two leads of one person",
    arguments: [("person", 2), ("lead", 4), ("phone", 4)])
  func limitOverCampaigns(_ scope: String, _ expected: Int) throws {
    let harness = try EngineHarness()
    try harness.list(1)
    try harness.list(2)
    try harness.lead(1, list: 1, ending: 5, ["email": "Pat@example.com"])
    try harness.lead(2, list: 2, ending: 5, ["email": "pat@EXAMPLE.com"])
    try harness.call("strategy.put", .object(Self.busyAgain))
    let limit: JSON = [["count": 2, "windowSeconds": 3600, "scope": .string(scope)]]
    try harness.campaign(id: "a", lists: [(1, 100)], strategy: "s", ["attemptLimits": limit])
    try harness.campaign(id: "b", lists: [(2, 100)], strategy: "s", ["attemptLimits": limit])
    try harness.start("a")
    try harness.start("b")
    harness.pass(.minutes(30))
    #expect(harness.claimedLeads.count == expected)
  }

  @Test("limits of answers count only calls that a person answered")
  func answerLimit() throws {
    let limit: JSON = [["count": 1, "windowSeconds": 3600, "scope": "lead", "counts": "answers"]]
    let harness = try harness(
      ["attemptLimits": limit],
      strategy: [
        "completeAfter": [],
        "retries": [["outcome": "busy", "afterSeconds": 1], ["outcome": "answered", "afterSeconds": 1]],
      ])
    try harness.lead(500, ending: 0)
    try harness.start()
    harness.pass(.minutes(2))
    #expect(harness.claimedLeads.filter { $0 == 2 }.count == 1)
    #expect(harness.claimedLeads.filter { $0 == 1 }.count > 20)
  }

  @Test("the minimum gap holds between any two dials to one person, to the millisecond")
  func minimumGap() throws {
    let harness = try harness(["minimumGapSeconds": 17.5])
    try harness.start()
    harness.pass(.minutes(2))
    let times = times(harness)
    #expect(times.count == 7)
    for (early, late) in zip(times, times.dropFirst()) { #expect(late - early == .milliseconds(17_500)) }
  }

  @Test("limits look back over a restart")
  func limitsOverRestart() throws {
    let limit: JSON = [["count": 3, "windowSeconds": 600, "scope": "lead", "counts": "attempts"]]
    let harness = try harness(["attemptLimits": limit])
    try harness.start()
    harness.pass(.minutes(1))
    #expect(times(harness).count == 3)
    harness.crash(after: .seconds(5))
    harness.pass(.minutes(5))
    #expect(times(harness).count == 3)
    harness.pass(.minutes(5))
    #expect(times(harness).count == 6)
  }

  @Test(
    "a number or prefix that is added to a do-not-call list is not dialled by the very next claim",
    arguments: ["+61292000005", "+612920000*", "+6129*"])
  func doNotCall(_ entry: String) throws {
    let harness = try harness(leads: 1)
    try harness.start()
    harness.pass(.seconds(10))
    let before = times(harness).count
    #expect(before > 3)
    #expect(try harness.call("dnc.add", ["phones": [.string(entry)]]) == ["added": 1, "present": 0])
    harness.pass(.minutes(1))
    #expect(times(harness).count <= before)
    #expect(try harness.failingGates(LeadID(1)).contains("do-not-call"))
    #expect(try harness.call("dnc.remove", ["phones": [.string(entry)]]) == ["removed": 1, "absent": 0])
    harness.pass(.seconds(10))
    #expect(times(harness).count > before)
  }

  @Test("a number added between the claim and its commit is not dialled, and its attempt ends as cancelled")
  func doNotCallBeforeTheWire() throws {
    let harness = try harness(leads: 1)
    harness.holdsCommits = true
    try harness.send("campaign.start", ["campaignID": "c"])
    harness.settle()
    #expect(harness.engine.calls.count == 1)
    try harness.send("dnc.add", ["phones": [.string(EngineHarness.number(0, ending: 5))]])
    harness.settle()
    harness.holdsCommits = false
    harness.commitHeld()
    harness.pass(.minutes(1))
    #expect(harness.dialled.isEmpty)
    #expect(harness.outcomes == [.cancelled])
  }

  @Test("a do-not-call list of a campaign or a tenant holds for that one alone")
  func doNotCallScopes() throws {
    let harness = try harness(leads: 1)
    try harness.call("dnc.add", ["phones": ["+61292000005"], "campaignID": "c"])
    try harness.campaign(id: "other", strategy: "s")
    try harness.start()
    try harness.start("other")
    harness.pass(.seconds(5))
    #expect(harness.events(.attemptStarted).allSatisfy { $0.campaignID == CampaignID("other") })
    #expect(harness.claimedLeads.count > 1)
    try harness.call("dnc.add", ["phones": ["+61292000005"], "tenant": "default"])
    let before = harness.claimedLeads.count
    harness.pass(.seconds(30))
    #expect(harness.claimedLeads.count == before)
    let check = try harness.call("dnc.check", ["phones": ["+61292000005", "+61292000006"]])
    #expect(check["phones"]?.arrayValue?.map { $0["listed"]?.boolValue } == [true, false])
  }

  @Test(
    "two leads that are one person are never in a call at once, and the second follows the first",
    arguments: [
      ["email": "pat@example.com"], ["vendorLeadCode": "CRM-1"],
      ["firstName": "Pat", "lastName": "Lee", "phone2": "+61292999990"],
    ] as [JSONObject])
  func livePerson(_ shared: JSONObject) throws {
    let harness = try EngineHarness()
    try harness.list(1)
    try harness.list(2)
    for index in 1...2 {
      let own: JSONObject = ["phone1": .string(EngineHarness.number(index, ending: 8))]
      try harness.lead(index, list: index, own + shared)
    }
    try harness.campaign(lists: [(1, 100), (2, 100)])
    try harness.start()
    harness.pass(.milliseconds(300))
    #expect(harness.claimedLeads == [1])
    #expect(try harness.failingGates(LeadID(2)) == ["not-live"])
    harness.pass(.milliseconds(200))
    #expect(harness.claimedLeads == [1, 2])
  }

  @Test("one telephone is not rung twice at once, whoever's it is")
  func liveLine() throws {
    let harness = try EngineHarness()
    try harness.list(1)
    for _ in 1...2 { try harness.lead(7, ending: 8) }
    try harness.campaign()
    try harness.start()
    harness.pass(.milliseconds(300))
    #expect(harness.claimedLeads == [1])
    harness.pass(.seconds(1))
    #expect(harness.claimedLeads == [1, 2])
  }

  @Test("a list filter takes only what it says, by fields on disk and by fields that calls change")
  func listFilter() throws {
    let harness = try EngineHarness()
    try harness.list()
    for (index, owner) in ["ann", "bob", "ann", "ann"].enumerated() {
      try harness.lead(index, ending: 5, ["owner": .string(owner), "state": "NSW"])
    }
    try harness.call("strategy.put", .object(Self.busyAgain))
    try harness.campaign(strategy: "s")
    try harness.call(
      "campaign.assignList",
      ["campaignID": "c", "listID": 1, "filter": ["and": [["owner": "ann"], ["calledCount": ["lt": 2]]]]])
    try harness.start()
    harness.pass(.minutes(1))
    #expect(harness.claimedLeads.sorted() == [1, 1, 3, 3, 4, 4])
    #expect(try harness.failingGates(LeadID(2)) == ["list-filter"])
    try harness.call("lead.update", ["leadID": 2, "owner": "ann"])
    harness.pass(.minutes(1))
    #expect(harness.claimedLeads.filter { $0 == 2 }.count == 2)
    try harness.call("campaign.assignList", ["campaignID": "c", "listID": 1, "filter": nil])
    harness.pass(.seconds(10))
    #expect(harness.claimedLeads.count > 12)
  }

  @Test("a list with a filter is dialled after a restart as before it")
  func filterOverRestart() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(0, ending: 5, ["owner": "ann"])
    try harness.lead(1, ending: 5, ["owner": "bob"])
    try harness.call("strategy.put", .object(Self.busyAgain))
    try harness.campaign(strategy: "s")
    try harness.call("campaign.assignList", ["campaignID": "c", "listID": 1, "filter": ["owner": "ann"]])
    try harness.start()
    harness.pass(.seconds(10))
    harness.crash()
    let before = harness.claimedLeads.count
    harness.pass(.seconds(10))
    #expect(harness.claimedLeads.count > before)
    #expect(Set(harness.claimedLeads) == [1])
  }

  @Test("a list that is switched off gets no call, and its leads are there again when it is switched on")
  func inactiveList() throws {
    let harness = try harness()
    try harness.start()
    harness.pass(.seconds(3))
    try harness.call("list.update", ["listID": 1, "active": false])
    let before = times(harness).count
    harness.pass(.minutes(1))
    #expect(times(harness).count == before)
    #expect(try harness.failingGates(LeadID(1)).contains("list-to-dial"))
    try harness.call("list.update", ["listID": 1, "active": true])
    harness.pass(.seconds(5))
    #expect(times(harness).count > before)
  }

  @Test("a list that is off when it is assigned is dialled once it is switched on")
  func assignedWhileInactive() throws {
    let harness = try EngineHarness()
    try harness.list(1, ["active": false])
    try harness.leads(3, ending: 8)
    try harness.campaign()
    try harness.start()
    harness.pass(.seconds(5))
    #expect(harness.claimedLeads.isEmpty)
    try harness.call("list.update", ["listID": 1, "active": true])
    harness.pass(.seconds(5))
    #expect(harness.claimedLeads == [1, 2, 3])
  }

  @Test("a list is not dialled from the moment at which it expires, and is again when that is put off")
  func expiredList() throws {
    let harness = try harness()
    let end = harness.now.wall + .seconds(20)
    try harness.call("list.update", ["listID": 1, "expiresAt": JSON(end)])
    try harness.start()
    harness.pass(.minutes(1))
    let before = times(harness)
    #expect(before.count > 5 && before.allSatisfy { $0 < end })
    try harness.call("list.update", ["listID": 1, "expiresAt": nil])
    harness.pass(.seconds(5))
    #expect(times(harness).count > before.count)
  }

  @Test("a paused campaign makes no call and goes on where it was when it is started", arguments: ["pause", "stop"])
  func pausedCampaign(_ how: String) throws {
    let harness = try harness()
    try harness.start()
    harness.pass(.seconds(3))
    try harness.call("campaign.\(how)", ["campaignID": "c"])
    let before = times(harness).count
    harness.pass(.minutes(1))
    #expect(times(harness).count == before)
    try harness.start()
    harness.pass(.seconds(2))
    #expect(times(harness).count > before)
  }

  @Test("a lead with a status outside the strategy's `dialable` is not dialled")
  func dialableStatuses() throws {
    let harness = try harness(leads: 2, ending: 8, strategy: ["dialable": ["NEW"]])
    try harness.call("lead.setStatus", ["leadID": 1, "status": "XX"])
    try harness.start()
    harness.pass(.seconds(5))
    #expect(harness.claimedLeads == [2])
    #expect(try harness.failingGates(LeadID(1)) == ["status"])
  }
}

extension JSONObject {
  init(dictionary members: [(String, JSON)]) {
    self.init()
    for (key, value) in members { self[key] = value }
  }
}
