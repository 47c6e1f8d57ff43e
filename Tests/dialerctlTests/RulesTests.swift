import DialerModel
import Foundation
import Testing

@testable import dialerctl

@Suite("Rules of calling hours at the command line")
struct RulesTests {
  private let small = """
    { callingHoursID: "h", name: "H", weekly: { friday: ["09:00-12:00", "13:00-20:00"] },
      attemptLimits: [{ count: 4, windowSeconds: 2592000, scope: "person" }],
      regions: { "US-FL": { source: "Fla.", weekly: { friday: ["08:00-19:00"] }, abandonHoldSeconds: 259200 } },
    }
    """

  private func host(_ text: String, _ replies: [String]...) -> FakeHost {
    let host = replies.isEmpty ? FakeHost() : FakeHost(.success(FakeConnection(replies)))
    host.files["h.json5"] = text
    return host
  }

  @Test("a file without fault is named with its set, and no daemon is asked")
  func check() {
    let host = host(small)
    #expect(run("rules check h.json5", on: host) == 0)
    #expect(host.output == "h.json5: h, 1 region, no fault\n" && host.paths.isEmpty)
  }

  @Test("every fault of every file is named with its line, and nothing is sent")
  func faults() {
    for verb in ["check", "put"] {
      let host = host("{ callingHoursID: \"h\",\n  weekly: { friday: [\"9-12\"],\n    funday: [] } }")
      host.files["b.json5"] = "{ weekly: "
      #expect(run("rules \(verb) h.json5 b.json5", on: host) == ExitCode.code(of: "invalid-params"))
      #expect(host.errors.contains("h.json5:2:22: weekly.friday[0] is \"9-12\""))
      #expect(host.errors.contains("h.json5:3:13: weekly.funday"))
      #expect(host.errors.contains("b.json5:1:11: the file ends"))
      #expect(host.paths.isEmpty)
    }
  }

  @Test("what the daemon's table of methods would refuse is a fault too")
  func table() {
    let host = host("{ callingHoursID: \"a\",\n weekly: {}, dates: [\n{ date: { easter: 300 } }] }")
    #expect(run("rules check h.json5", on: host) == ExitCode.code(of: "invalid-params"))
    #expect(host.errors.contains("h.json5:3:19: dates[0].date.easter: "))
  }

  @Test("every shipped set passes the check", arguments: ["us-federal", "us-states", "gb", "au", "au-research", "ca", "fr"])
  func shipped(name: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let bytes = try Data(contentsOf: root.appendingPathComponent("Config/calling-hours/\(name).json5"))
    let host = host(String(decoding: bytes, as: UTF8.self))
    #expect(run("rules check h.json5", on: host) == 0, "\(host.errors)")
    #expect(host.output.hasPrefix("h.json5: \(name), "))
  }

  @Test("put sends what the file says")
  func put() throws {
    let connection = FakeConnection([[answer(1, #"{"callingHoursID":"h","version":3}"#)]])
    let host = FakeHost(.success(connection))
    host.files["h.json5"] = small
    #expect(run("rules put h.json5 --dry-run", on: host) == 0)
    #expect(host.output == "h, 1 region: would be version 3\n")
    let params = try #require(connection.requests.first?["params"])
    #expect(params["regions"]?["US-FL"]?["weekly"]?["friday"] == ["08:00-19:00"] && params["dryRun"] == true)
  }

  @Test("show prints the whole date with the rule behind each stretch, and what holds besides")
  func show() {
    let host = host(small)
    #expect(
      run("rules show --file h.json5 --zone America/New_York --state US-FL --date 2026-11-20", on: host) == 0,
      "\(host.errors)")
    #expect(
      host.output == """
        h, friday 2026-11-20 in America/New_York, US-FL
                FROM   UNTIL  RULE                REGION  SOURCE
        closed  00:00  09:00  friday              -       -
        open    09:00  12:00  friday 09:00-12:00  -       -
        closed  12:00  13:00  friday              -       -
        open    13:00  19:00  friday 08:00-19:00  US-FL   Fla.
        closed  19:00  24:00  friday              US-FL   Fla.
        At most 4 attempts to the person in 30 days (h).
        After an abandoned call no call without an agent in hand for 3 days.

        """)
  }

  @Test("without a date it is today in the zone, and without a state the policy is named")
  func defaults() {
    let host = host(small)
    // The host's clock stands at 2026-11-20T14:03Z, which is the 21st in Auckland.
    #expect(run("rules show --file h.json5 --zone Pacific/Auckland --unknown-region strictest", on: host) == 0)
    #expect(host.output.hasPrefix("h, saturday 2026-11-21 in Pacific/Auckland (state not known: strictest)\n"))
  }

  @Test("a set of the daemon's is asked for")
  func daemon() throws {
    let reply =
      #"{"callingHoursID":"h","weekday":"friday","date":"2026-11-20","timeZone":"UTC","windows":[],"closed":[]}"#
    let connection = FakeConnection([[answer(1, reply)]])
    let host = FakeHost(.success(connection))
    #expect(run("rules show --hours h --zone Etc/UTC --date 2026-11-20 --state FL --region US", on: host) == 0)
    #expect(connection.requests.first?["method"] == "callingHours.show")
    #expect(
      connection.requests.first?["params"]
        == ["callingHoursID": "h", "timeZone": "Etc/UTC", "date": "2026-11-20", "state": "FL", "region": "US"])
  }

  @Test(
    "a command that is not whole says what is missing",
    arguments: [
      "rules", "rules check", "rules put", "rules show --zone Etc/UTC", "rules show --file a --hours b --zone Etc/UTC",
      "rules show --hours a", "rules drop a", "rules show a",
    ])
  func usage(words: String) {
    let fault = parseFault(words.split(separator: " ").map(String.init))
    #expect(fault?.reason == "usage", "\(fault?.message ?? "none")")
  }

  @Test(
    "a date, a zone and a policy that are none are refused",
    arguments: [
      "--zone Etc/UTC --date 2026-02-30", "--zone PST", "--zone Etc/UTC --unknown-region loose",
    ])
  func values(flags: String) {
    let host = host(small)
    #expect(run("rules show --file h.json5 \(flags)", on: host) == ExitCode.code(of: "invalid-params"))
  }

  @Test("help says what each word of rules takes")
  func help() throws {
    #expect(try parsed(["rules", "--help"]).command == .help(.rules))
    #expect(try parsed(["help", "rules", "show"]).command == .help(.rules))
    let page = HelpText.text(.rules)
    for verb in RulesVerb.allCases { for option in verb.options { #expect(page.contains("--\(option.name)")) } }
  }
}
