import ControlProtocol
import DialerModel
import Testing

@testable import dialerctl

@Suite("Reading a command line")
struct CommandLineTests {
  static let spellings: [[String]] = [
    ["list", "create", "--listID", "101", "--name", "Gold", "--no-active", "--dry-run"],
    ["list.create", "--list-id=101", "--name=Gold", "--active", "false", "--dryRun"],
    ["--timeout", "30", "list", "create", "--listid", "101", "--active=false", "--dryRun=true", "--name", "Gold"],
    ["list", "create", "--params", #"{"listID":101,"name":"Silver"}"#, "--name", "Gold", "--no-active", "--dryRun"],
    ["list", "create", "--name", "Gold", "--no-active", "--dryRun", "true", "--params", #"{"listID":101,"name":"S"}"#],
  ]

  @Test("one call may be written in many ways", arguments: spellings)
  func spelling(arguments: [String]) throws {
    let expected: JSON = ["listID": 101, "name": "Gold", "active": false, "dryRun": true]
    #expect(try params(arguments)?.canonical == expected.canonical)
  }

  static let values: [([String], JSON)] = [
    (
      ["dnc", "check", "--phones", "+61291234567,+6129*", "--phones", "0412"],
      ["phones": ["+61291234567", "+6129*", "0412"]]
    ),
    (["dnc", "check", "--phones", #"["1,2","3"]"#], ["phones": ["1,2", "3"]]),
    (["agent", "login", "--agentID", "ann", "--campaignIDs", "a,b"], ["agentID": "ann", "campaignIDs": ["a", "b"]]),
    (["lead", "find", "--sort", "-rank"], ["sort": "-rank"]),
    (["lead", "find", "--sort", "-rank", "--sort", "leadID"], ["sort": ["-rank", "leadID"]]),
    (["lead", "find", "--sort", #"["-rank"]"#], ["sort": ["-rank"]]),
    (["lead", "find", "--filter", #"{"status":"NEW"}"#], ["filter": ["status": "NEW"]]),
    (["lead", "setStatus", "--leadID", "7", "--rank", "-5"], ["leadID": 7, "rank": -5]),
    (["lead", "setStatus", "--leadID", "7", "--clear", "rank,owner"], ["leadID": 7, "rank": nil, "owner": nil]),
    (
      ["lead", "setStatus", "--leadID", "7", "--clear", "rank", "--clear", "owner"],
      ["leadID": 7, "rank": nil, "owner": nil]
    ),
    (["lead", "setStatus", "--leadID", "7", "--owner", "null"], ["leadID": 7, "owner": "null"]),
    (
      [
        "lead", "update", "--leadID", "7", "--custom.Eye-colour", "blue", "--custom.zip", "02134", "--custom.age", "41",
      ],
      ["leadID": 7, "custom": ["Eye-colour": "blue", "zip": "02134", "age": 41]]
    ),
    (
      ["lead", "update", "--leadID", "7", "--custom.a", "\"41\"", "--custom.b", "true", "--clear", "custom.c"],
      ["leadID": 7, "custom": ["a": "41", "b": true, "c": nil]]
    ),
    (
      ["report", "calls", "--filter.leadID", "7", "--filter.outcome", "busy"],
      ["filter": ["leadID": 7, "outcome": "busy"]]
    ),
    (
      ["report", "calls", "--params", #"{"filter":{"leadID":7},"limit":5}"#, "--filter.outcome", "busy"],
      ["filter": ["leadID": 7, "outcome": "busy"], "limit": 5]
    ),
    (
      ["report", "calls", "--params", #"{"filter":{"leadID":7}}"#, "--filter", #"{"outcome":"busy"}"#],
      ["filter": ["outcome": "busy"]]
    ),
    (
      ["lead", "next", "--campaignID", "c", "--agentID", "a", "--reserveSeconds", "2.5"],
      ["campaignID": "c", "agentID": "a", "reserveSeconds": 2.5]
    ),
    (
      ["call", "note", "--attemptID", "51", "--notes=--later", "--recording", "a=b"],
      ["attemptID": 51, "notes": "--later", "recording": "a=b"]
    ),
    (["call", "note", "--attemptID", "51", "--notes="], ["attemptID": 51, "notes": ""]),
  ]

  @Test("a value becomes what its parameter's type says", arguments: values)
  func value(arguments: [String], expected: JSON) throws {
    #expect(try params(arguments) == expected)
  }

  static let faults: [(String, flag: String, accepted: String)] = [
    ("list get --listID x", "--listID", "an integer from 1 to 4294967295"),
    ("list get --list-id 0", "--list-id", "an integer from 1"),
    ("list get --listID 1.5", "--listID", "an integer from 1"),
    ("list get --listID 99999999999999999999", "--listID", "an integer from 1"),
    ("list get", "--listID", "an integer from 1"),
    ("campaign update --campaignID c --callsPerSecond nan", "--callsPerSecond", "a number from 0.01 to 10000"),
    ("campaign update --campaignID c --callsPerSecond 0x10", "--callsPerSecond", "a number"),
    ("campaign update --campaignID c --dialMode slow", "--dialMode", "progressive"),
    ("campaign update --campaignID c --listWeighting=maybe", "--listWeighting", "true or false"),
    ("campaign update --campaignID c --minimumGapSeconds soon", "--minimumGapSeconds", "seconds from 0 to 31622400"),
    ("campaign update --campaignID c --attemptLimits [{\"count\":1}]", "--attemptLimits", "seconds from 1"),
    ("campaign update --campaignID c --attemptLimits {", "--attemptLimits", "an array of 0 to 16"),
    ("campaign update --campaignID c --callerIDs [1]", "--callerIDs", "a telephone number"),
    ("campaign stats --campaignID c --since yesterday", "--since", "an instant such as"),
    ("lead find --filter {\"status\"", "--filter", "a filter"),
    ("lead find --filter {\"colour\":1}", "--filter", "status"),
    ("lead find --limit 1001", "--limit", "an integer from 1 to 1000"),
    ("lead delete --filter {}", "--filter", "a filter with a condition"),
    ("lead get --leadID 7 --vendorLeadCode C", "--vendorLeadCode", "leadID"),
    ("lead get", "--leadID", "vendorLeadCode"),
    ("lead setStatus --leadID 7 --status lower", "--status", "a code of 1 to 8 capitals"),
    ("lead update --leadID 7 --clear leadID", "--clear", "phone1"),
    ("lead update --leadID 7 --clear colour", "--clear", "phone1"),
    ("lead get --params []", "--params", "an object as JSON"),
    ("lead get --params {", "--params", "an object as JSON"),
    ("lead get --params {\"leadID\":\"x\"}", "--params", "an integer"),
    ("events --from 0", "--from", "an integer from 1"),
    ("events --types lead.added,lead.eaten", "--types", "lead.added"),
    ("report calls --filter.leadID x", "--filter.leadID", "an integer"),
    ("agent login --agentID a --campaignIDs a,,b", "--campaignIDs", "text of 1 to 64 bytes"),
  ]

  @Test("a value that is not taken is named with its flag and what would be taken", arguments: faults)
  func fault(arguments: String, flag: String, accepted: String) throws {
    let fault = try #require(parseFault(arguments.split(separator: " ").map(String.init)))
    #expect(fault.reason == "invalid-params")
    #expect(fault.exitCode == 65)
    #expect(fault.details["flag"] == .string(flag) || fault.details["flag"]?.stringValue?.hasPrefix(flag + " ") == true)
    #expect(fault.message.hasPrefix(flag))
    let list = (fault.details["accepted"]?.arrayValue ?? []).compactMap(\.stringValue)
    #expect(list.contains { $0.contains(accepted) }, "\(list)")
    #expect(fault.details["field"] != nil)
  }

  static let mistakes: [(String, String)] = [
    ("", "A command is missing"), ("leed", "The nearest is lead."), ("lead", "needs a second word"),
    ("lead ad", "The nearest is lead add."), ("lead.ad", "The nearest is lead add."),
    ("capmaign.start", "The nearest is campaign start."), ("statsu", "The nearest is status."),
    ("evnts", "The nearest is events."), ("frobnicate", "--help"), ("lead frobnicate", "--help"),
    ("list get 101", "such as --listID 101"), ("status now", "has no place"),
    ("list get --listId 1 --listID 2", "given twice"), ("list get --lisID 1", "The nearest is --listID."),
    ("list get --jsn", "The nearest is --json."), ("list get --listID", "needs a value: an integer from 1"),
    ("list get --listID --json", "needs a value"), ("list get --json=yes", "takes no value"),
    ("list get --listID 1 --all", "has no flag --all"), ("list get -l", "begin with --"),
    ("--listID 1 list get", "before a command"), ("list update --listID 1 --no-active=true", "takes no value"),
    ("list update --listID 1 --no-name", "has no flag --no-name"), ("list get --timeout 0", "in seconds"),
    ("status --watch=x", "in seconds"), ("list update --listID 1 --owner a --clear owner", "given twice"),
    ("list update --listID 1 --params {} --params {}", "given twice"), ("help leed", "The nearest is lead."),
    ("lead update --leadID 1 --rank.x 2", "has no flag --rank.x"), ("lead get --", "no place"),
  ]

  @Test("a mistake of the command line is named, with what was meant", arguments: mistakes)
  func mistake(arguments: String, message: String) throws {
    let fault = try #require(parseFault(arguments.split(separator: " ").map(String.init)))
    #expect(fault.reason == "usage" && fault.exitCode == 64)
    #expect(fault.message.contains(message), "\(fault.message)")
  }

  @Test("flags of the program stand before or behind the command")
  func ownFlags() throws {
    for arguments in [
      "--socket s --config c --timeout 2.5 --json list list", "list list --json --timeout=2.5 --config=c --socket=s",
    ] {
      let invocation = try parsed(arguments.split(separator: " ").map(String.init))
      #expect(invocation.socket == "s" && invocation.configuration == "c" && invocation.output == .json)
      #expect(invocation.timeout == Interval(milliseconds: 2500))
    }
    #expect(try parsed(["list", "list"]).timeout == .seconds(30))
  }

  @Test("events and status have flags of their own")
  func ownCommands() throws {
    #expect(
      try parsed(["events", "--follow", "--from", "9", "--types", "lead.added,attempt.ended", "--campaign-id", "c"])
        .command
        == .events(EventQuery(from: 9, types: ["lead.added", "attempt.ended"], campaignID: "c", follows: true)))
    #expect(try parsed(["events"]).command == .events(EventQuery()))
    #expect(try parsed(["status"]).command == .status(every: nil))
    #expect(try parsed(["status", "--watch"]).command == .status(every: .seconds(2)))
    #expect(try parsed(["status", "--watch", "0.5"]).command == .status(every: Interval(milliseconds: 500)))
    #expect(try parsed(["status", "--watch", "--json"]).command == .status(every: .seconds(2)))
    #expect(try parsed(["lead", "find", "--all"]).command.asksForEveryPage)
    #expect(try params(["lead", "find", "--all"]) == ["limit": 1000])
    #expect(try params(["lead", "find", "--all", "--limit", "10"]) == ["limit": 10])
  }
}

extension Invocation.Command {
  var asksForEveryPage: Bool { if case .call(_, _, true) = self { true } else { false } }
}
