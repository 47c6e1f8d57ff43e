import ControlProtocol
import DialerModel
import Testing

@testable import dialerctl

private let stopped =
  #"{"leadID":7,"vendorLeadCode":"CRM-7","campaignID":"spring","dialable":false,"gates":["#
  + #"{"gate":"status","passes":true,"detail":"status NEW"},"#
  + #"{"gate":"calling-hours","passes":false,"detail":"local time 07:48 Friday in America/Chicago; opens 08:00","#
  + #""until":"2026-11-20T14:00:00.000Z"},{"gate":"called-count-limit","passes":false,"detail":"called 3 of at most 3","#
  + #""never":true}],"nextEligibleAt":null,"exhausted":true,"timeZone":"America/Chicago","timeZoneSource":"lead","#
  + #""localTime":"2026-11-20T07:48:03"}"#
private let dialable =
  #"{"leadID":7,"vendorLeadCode":null,"campaignID":"autumn","dialable":true,"gates":[{"gate":"status","passes":true,"#
  + #""detail":"status NEW"}],"nextEligibleAt":"2026-11-20T13:48:03.000Z","exhausted":false,"timeZone":"America/Chicago","#
  + #""timeZoneSource":"list","localTime":"2026-11-20T07:48:03","position":12}"#
private let explanation =
  #"{"campaignID":"spring","state":"running","total":7,"dialable":2,"asOf":"2026-11-20T13:48:03.123Z","reason":"2 leads "#
  + #"dialable","byFirstGate":[{"gate":"status","leads":2},{"gate":"calling-hours","leads":3,"#
  + #""nextAt":"2026-11-20T14:00:00.000Z"}],"byGate":[],"perList":[{"listID":101,"name":"Gold","total":7,"dialable":2,"#
  + #""byFirstGate":[{"gate":"status","leads":2},{"gate":"calling-hours","leads":3}]}],"perZone":[{"timeZone":"#
  + #""America/Chicago","total":3,"dialable":0,"byFirstGate":[{"gate":"calling-hours","leads":3}]}]}"#
private let forecast =
  #"{"until":"2026-11-21T13:48:03.123Z","callsPerHour":230.04,"dryAt":"2026-11-20T15:50:40.253Z","perList":[],"#
  + #""intervals":[{"from":"2026-11-20T13:48:03.123Z","until":"2026-11-20T14:00:00.000Z","opening":0,"closing":0,"#
  + #""returning":0,"dialable":2},{"from":"2026-11-20T14:00:00.000Z","until":"2026-11-21T13:48:03.123Z","opening":3,"#
  + #""closing":0,"returning":0,"dialable":5}]}"#

@Suite("Why")
struct WhyTests {
  @Test("of a lead it says what stops it, for how long, what does not, and the time where it is")
  func lead() {
    let connection = FakeConnection([[answer(1, stopped)]])
    let host = FakeHost(.success(connection))
    #expect(run("why 7 --campaign spring", on: host) == 0)
    #expect(connection.requests[0]["params"] == ["leadID": 7, "campaignID": "spring"])
    #expect(
      host.output == """
        Lead 7 (CRM-7) in campaign spring is not dialable.
        Its time: 2026-11-20T07:48:03 in America/Chicago (from lead).

        What stops it:
          calling-hours       2026-11-20 14:00:00Z  local time 07:48 Friday in America/Chicago; opens 08:00
          called-count-limit  never                 called 3 of at most 3
        It is not dialled again unless somebody changes something.

        What does not:
          status  status NEW

        """)
  }

  @Test("without a campaign it asks in every one that has the lead's list")
  func everyCampaign() {
    let campaigns = #"{"campaigns":[{"campaignID":"spring"},{"campaignID":"autumn"},{"campaignID":"gone"}]}"#
    let connection = FakeConnection([
      [answer(1, #"{"leadID":7,"listID":101}"#)], [answer(2, campaigns)], [answer(3, #"{"lists":[{"listID":9}]}"#)],
      [answer(4, #"{"lists":[{"listID":101}]}"#)], [refusal(5, .notFound("campaign", "gone"))], [answer(6, dialable)],
    ])
    let host = FakeHost(.success(connection))
    #expect(run("why 7 --code", on: host) == 0)
    #expect(connection.requests.last?["params"] == ["vendorLeadCode": "7", "campaignID": "autumn"])
    #expect(host.output.hasPrefix("Lead 7 in campaign autumn is dialable, number 12 of its list.\n"))
    #expect(!host.output.contains("What stops it"))
  }

  @Test("a lead whose list no campaign has is said to be that")
  func noCampaign() {
    let host = FakeHost(replies: [answer(1, #"{"listID":101}"#)], [answer(2, #"{"campaigns":[]}"#)])
    #expect(run("why CRM-7", on: host) == 0)
    #expect(host.output == "No campaign has the list of the lead CRM-7.\n")
  }

  @Test("of a campaign it shows where its leads are, with shares that add up, and what changes next")
  func campaign() {
    let host = FakeHost(replies: [answer(1, explanation)], [answer(2, forecast)])
    #expect(run("why --campaign spring", on: host) == 0)
    #expect(
      host.output == """
        Campaign spring, running: 2 leads dialable
        As of 2026-11-20 13:48:03Z.

        STOPPED BY         LEADS    SHARE  NEXT CHANGE
        nothing: dialable      2   28.6 %
        status                 2   28.6 %
        calling-hours          3   42.8 %  2026-11-20 14:00:00Z
        together               7  100.0 %

        By list:
          LIST  NAME  LEADS  DIALABLE  STOPPED BY
           101  Gold      7         2  status 2, calling-hours 3

        By zone:
          ZONE             LEADS  DIALABLE  STOPPED BY
          America/Chicago      3         0  calling-hours 3

        Ahead, if nobody is called:
          FROM                  OPENING  CLOSING  RETURNING  DIALABLE
          2026-11-20 13:48:03Z        0        0          0         2
          2026-11-20 14:00:00Z        3        0          0         5

        It runs dry at 2026-11-20 15:50:40Z at today's 230 calls an hour.

        """)
  }

  @Test("for programs it is one object with the daemon's answers as they are")
  func json() throws {
    let host = FakeHost(replies: [answer(1, explanation)], [answer(2, forecast)])
    #expect(run("why --campaign spring --json", on: host) == 0)
    let printed = try JSON(parsing: host.output)
    #expect(printed["explanation"]?["total"] == 7 && printed["forecast"]?["callsPerHour"] == 230.04)
    let lead = FakeHost(replies: [answer(1, stopped)])
    #expect(run("why 7 --campaign spring --pretty", on: lead) == 0)
    #expect(try JSON(parsing: lead.output)["explanations"]?[0]?["leadID"] == 7)
  }

  @Test(
    "shares are rounded so that they add up to a hundred",
    arguments: [[1, 1, 1], [2, 2, 3], [0, 1], [999, 1, 1, 0]])
  func shares(_ counts: [Int64]) {
    let tenths = CampaignReason.shares(counts).map { Int($0.filter(\.isNumber)) ?? 0 }
    #expect(tenths.reduce(0, +) == 1000)
    for (count, share) in zip(counts, tenths) where count == 0 { #expect(share == 0) }
    #expect(CampaignReason.shares([0, 0]) == ["-", "-"])
  }

  @Test(
    "it needs a lead or a campaign, and takes one lead", arguments: [["why"], ["why", "7", "8"], ["why", "--at"]])
  func usage(_ arguments: [String]) {
    #expect(parseFault(arguments)?.reason == "usage")
  }

  @Test("its words and flags")
  func words() throws {
    #expect(
      try parsed(["why", "CRM-7", "--at", "2026-11-20T14:03:11Z", "--campaign=c"]).command
        == .why(WhyQuery(lead: "CRM-7", campaignID: "c", at: "2026-11-20T14:03:11Z")))
    #expect(try parsed(["help", "why"]).command == .help(.tool(.why)))
    #expect(HelpText.text(.tool(.why)).contains("dialerctl why LEAD"))
  }
}
