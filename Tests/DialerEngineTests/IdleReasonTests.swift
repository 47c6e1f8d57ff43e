import DialerModel
import Telephony
import Testing

@testable import DialerEngine

/// A campaign that makes no call says why.
@Suite struct IdleReasonTests {
  private func reasons(_ harness: EngineHarness) -> [String] {
    harness.logs.filter { "\($0.name)" == "campaign.idle" }.compactMap { event in
      guard case .text(let text)? = event.fields.first(where: { "\($0.key)" == "reason" })?.value else { return nil }
      return text
    }
  }

  @Test("outside calling hours it names the next opening, its zone, how long it is, and how many leads it brings")
  func outsideHours() throws {
    let harness = try EngineHarness()
    try harness.call(
      "callingHours.put", ["callingHoursID": "h", "name": "H", "weekly": ["saturday": ["09:12-20:00"]]])
    try harness.list()
    for index in 0..<12 { try harness.lead(index, ["timeZone": "Australia/Perth"]) }
    for index in 20..<23 { try harness.lead(index, ["timeZone": "Asia/Tokyo"]) }
    try harness.lead(30, ["timeZone": "Australia/Perth", "callAt": JSON(harness.now.wall + .minutes(30))])
    try harness.lead(31, ["timeZone": "Asia/Kolkata"])
    try harness.call("lead.setStatus", ["leadID": 16, "status": "DNC"])
    try harness.lead(32, ["timeZone": "Asia/Kolkata"])
    try harness.campaign(["callingHours": "h", "strictZones": false])
    // Noon in Sydney: 10:00 in Tokyo, 09:00 in Perth, 06:30 in Kolkata.
    try harness.start()
    harness.pass(.minutes(2))
    let idle = try #require(try harness.call("campaign.get", ["campaignID": "c"])["reason"]?.stringValue)
    #expect(idle.hasPrefix("nothing to dial: 14 outside calling hours, "), "\(idle)")
    #expect(idle.contains("next opening 09:12 Australia/Perth in 10 min (12 leads)"), "\(idle)")
    #expect(reasons(harness).last?.contains("next opening 09:12 Australia/Perth") == true)
    #expect(try harness.call("campaign.explain", ["campaignID": "c"])["reason"] == .string(idle))
  }

  @Test("while the database cannot be written that is the reason")
  func unwritable() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.lead(1)
    try harness.campaign(mode: "progressive")
    try harness.start()
    harness.give(.storeWritable(false))
    harness.settle()
    let explained = try harness.call("campaign.explain", ["campaignID": "c"])["reason"]?.stringValue
    #expect(explained == "the database cannot be written, so nothing is dialled until it can")
  }

  @Test("the reason is logged once, again when it changes, and not at each pause of a campaign that goes on and on")
  func once() throws {
    let harness = try EngineHarness()
    try harness.list()
    for minute in 1...40 { try harness.lead(minute, ["callAt": JSON(harness.now.wall + .minutes(Int64(minute)))]) }
    try harness.campaign()
    try harness.start()
    harness.pass(.seconds(50))
    #expect(reasons(harness).count == 1)
    #expect(reasons(harness)[0] == "nothing to dial: 40 waiting for their retry time, next one back in 1 min")
    harness.pass(.minutes(14))
    #expect(reasons(harness).count == 1)
    harness.pass(.minutes(14))
    #expect(reasons(harness).count == 2)
    harness.pass(.minutes(15))
    #expect(harness.events(.attemptEnded).count == 40)
    #expect(reasons(harness).last?.hasSuffix("no lead will come back by itself") == true)
    let said = reasons(harness).count
    harness.pass(.hours(3))
    #expect(reasons(harness).count == said)
  }

  @Test("a campaign that has no agent, no trunk or no list says that", arguments: ["agent", "trunk", "list", "paused"])
  func other(_ what: String) throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(3)
    try harness.campaign(mode: what == "agent" ? "progressive" : "broadcast")
    if what == "trunk" { harness.say(.state(.down(reason: "cable"))) }
    if what == "list" {
      try harness.call("campaign.assignList", ["campaignID": "c", "listID": 1, "toDial": false])
    }
    try harness.start()
    if what == "paused" { try harness.call("campaign.pause", ["campaignID": "c"]) }
    let text = try harness.call("campaign.explain", ["campaignID": "c"])["reason"]?.stringValue ?? ""
    switch what {
    case "agent": #expect(text == "no agent is free (3 leads dialable)")
    case "trunk": #expect(text.hasPrefix("trunk sim is down") && text.hasSuffix("(3 leads dialable)"))
    case "list": #expect(text == "no list is marked to dial, active and not expired")
    default: #expect(text == "the campaign is paused")
    }
  }

  @Test(
    "numbers have commas, and times are rounded up",
    arguments: [(0, "0", "0 s"), (61_204, "61,204", "2 min"), (7_200_000, "7,200,000", "2 h"), (999, "999", "1 s")])
  func words(_ number: Int, _ grouped: String, _ roughly: String) {
    #expect(Engine.grouped(number) == grouped)
    #expect(Engine.roughly(.milliseconds(Int64(number))) == roughly)
    #expect(Engine.roughly(.hours(49)) == "3 days" && Engine.roughly(.minutes(185)) == "3 h 5 min")
  }
}
