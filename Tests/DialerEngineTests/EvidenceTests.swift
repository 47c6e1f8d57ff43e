import ControlProtocol
import DialerModel
import Foundation
import Testing

@testable import DialerEngine
@testable import LeadStore

/// What an attempt carries as proof, and what is made of it.
@Suite struct EvidenceTests {
  private static let said: JSONObject = [
    "telemarketer": "Dial Pty", "seller": "Roof, Wall & Sons", "goods": "=roofs", "callType": "consumer",
    "prerecorded": false, "script": "spring v2", "callerIDName": "ROOFS", "callerIDProof": "contract 17",
  ]

  /// An attempt that passed every gate, and one by a command that was told to disregard some: between them they have
  /// every member.
  private func harness() throws -> EngineHarness {
    let harness = try EngineHarness(simulator: nil)
    let limits: JSON = [["count": 3, "windowSeconds": 86_400, "scope": "lead"]]
    try harness.call(
      "callingHours.put",
      [
        "callingHoursID": "h", "name": "H", "source": "here", "weekly": ["saturday": ["09:00-20:00"]],
        "regions": ["AU-NSW": ["weekly": ["saturday": ["10:00-19:00"]], "source": "there"]],
      ])
    try harness.list()
    for index in 1...5 {
      try harness.lead(index, ["vendorLeadCode": .string("CRM-\(index)"), "region": "AU", "state": "NSW"])
    }
    try harness.campaign(
      mode: "preview",
      Self.said + [
        "callingHours": "h", "attemptLimits": limits, "minimumGapSeconds": 60, "calledCountLimit": 9,
        "callerIDs": ["+61290000000"],
      ])
    try harness.agent("ann")
    try harness.start()
    try dial(harness, 1, ["agentID": "ann"])
    try dial(harness, 2, ["override": ["status", "minimum-gap"]])
    return harness
  }

  private func dial(_ harness: EngineHarness, _ lead: Int, _ more: JSONObject = [:]) throws {
    try harness.call("lead.dial", .object(["leadID": JSON(lead), "campaignID": "c"] + more))
  }

  private func evidence(_ harness: EngineHarness, _ attempt: Int64) throws -> JSON {
    try JSON(parsing: try #require(harness.store.attempts[AttemptID(attempt)]).evidence)
  }

  @Test("it says which rules, hours, limits, numbers and words held at the claim, and who went over them")
  func members() throws {
    let harness = try harness()
    let common = [
      "rules", "rulesVersion", "timeZone", "timeZoneSource", "localTime", "window", "ruleRegion", "ruleSource",
      "calledCount", "minimumGapSeconds", "attemptLimits", "doNotCall", "phone", "callerID", "trunk", "callDetail",
    ]
    #expect(try evidence(harness, 1).objectValue?.keys == common)
    #expect(try evidence(harness, 2).objectValue?.keys == common + ["override", "overriddenBy"])
    #expect(try evidence(harness, 1)["callDetail"] == .object(Self.said))
  }

  @Test("a gap and limits that were changed a moment ago stand in the evidence of the next call")
  func changedLimits() throws {
    let harness = try harness()
    #expect(try evidence(harness, 1)["minimumGapSeconds"] == 60)
    let limits: JSON = [
      ["count": 4, "windowSeconds": 90, "scope": "phone"], ["count": 9, "windowSeconds": 900, "scope": "lead"],
    ]
    try harness.call("campaign.update", ["campaignID": "c", "minimumGapSeconds": 61, "attemptLimits": limits])
    try dial(harness, 3, ["override": ["status", "minimum-gap"]])
    let changed = try evidence(harness, 3)
    #expect(changed["minimumGapSeconds"] == 61)
    let kept = try #require(changed["attemptLimits"]?.arrayValue)
    #expect(kept.map { $0["limit"] } == [4, 9] && kept.map { $0["windowSeconds"] } == [90, 900])
    #expect(kept.allSatisfy { $0["count"] == 0 })
  }

  @Test("what a campaign says later alters no record of an earlier call")
  func laterWords() throws {
    let harness = try harness()
    let before = try evidence(harness, 1)
    try harness.call("campaign.update", ["campaignID": "c", "seller": "Another", "goods": .null])
    let campaign = try harness.call("campaign.get", ["campaignID": "c"])
    #expect(campaign["seller"] == "Another" && campaign["goods"] == .null && campaign["script"] == "spring v2")
    #expect(try evidence(harness, 1) == before)
    harness.crash()
    #expect(try harness.call("campaign.get", ["campaignID": "c"])["seller"] == "Another")
  }

  @Test("a change of any member of the evidence is found, and its attempt named", arguments: [Int64(1), 2])
  func tampered(_ attempt: Int64) throws {
    let harness = try harness()
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("evidence-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try LeadStore(path: directory.appendingPathComponent("dialer.sqlite").path)
    defer { store.close() }
    var transaction = StoreTransaction()
    transaction.events = harness.store.events
    try store.commit(transaction)
    try store.flushProjection()
    let reader = try store.makeReader()
    #expect(try reader.verifyEvidence().fault == nil)
    let whole = try evidence(harness, attempt)
    func write(_ json: JSON) throws {
      let text = json.text.replacing("'", with: "''")
      try store.executeOnWriter("UPDATE attempt SET evidence = '\(text)' WHERE attemptID = \(attempt)")
    }
    let changed = Self.changes(of: whole)
    #expect(changed.count > 25)
    for (path, json) in changed {
      try write(json)
      #expect(try reader.verifyEvidence().fault == .changed(AttemptID(attempt)), "\(path)")
    }
    try write(whole)
    #expect(try reader.verifyEvidence().fault == nil)
  }

  /// The value with each of its leaves changed, and each of its members taken out, one at a time.
  private static func changes(of json: JSON) -> [(path: String, json: JSON)] {
    switch json {
    case .object(let object):
      return object.members.flatMap { member -> [(path: String, json: JSON)] in
        var without = object
        without[member.key] = nil
        return [(member.key + " taken out", .object(without))]
          + changes(of: member.value).map { inner in
            var with = object
            with[member.key] = inner.json
            return ("\(member.key).\(inner.path)", .object(with))
          }
      }
    case .array(let elements):
      return elements.indices.flatMap { place in
        changes(of: elements[place]).map { inner in
          var with = elements
          with[place] = inner.json
          return ("\(place).\(inner.path)", .array(with))
        }
      }
    case .string(let text): return [("", .string(text + "x"))]
    case .bool(let flag): return [("", .bool(!flag))]
    case .integer(let number): return [("", .integer(number + 1))]
    default: return [("", 1)]
    }
  }

  // MARK: Methods

  @Test("evidence.verify asks piece after piece, and says what it found")
  func verify() throws {
    let harness = try harness()
    for lead in 3...5 { try dial(harness, lead) }
    #expect(try harness.call("evidence.verify") == ["fits": true, "checked": 5])
    harness.store.brokenAttempt = AttemptID(2)
    let found = try harness.call("evidence.verify")
    #expect(found["fits"] == false && found["attemptID"] == 2)
    #expect(found["detail"]?.stringValue?.contains("attempt 2") == true)
    #expect(harness.hasLogged("evidence.broken"))
  }

  @Test("evidence.export gives a heading once, and a line of what 16 CFR 310.5 asks for each attempt")
  func export() throws {
    let harness = try harness()
    try dial(harness, 3)
    let call = try #require(harness.store.attempts[AttemptID(1)]?.callID)
    harness.say(.accepted(call))
    harness.pass(.seconds(3))
    harness.say(.answered(call))
    harness.say(.connected(call, AgentID("ann")))
    harness.pass(.seconds(7))
    harness.say(.ended(call, .init(byFarEnd: true)))
    let first = try harness.call("evidence.export")
    #expect(first["attempts"] == 2)
    let lines = (first["csv"]?.stringValue ?? "").components(separatedBy: "\r\n")
    #expect(lines.count == 4 && lines[3].isEmpty)
    #expect(lines[0].hasPrefix("attemptID,callID,leadID,vendorLeadCode,campaignID,telemarketer,seller,goods,callType,"))
    let expected =
      "1,\(call),1,CRM-1,c,Dial Pty,\"Roof, Wall & Sons\",'=roofs,consumer,yes,no,'+61290000000,'+61292000010,"
      + "2026-11-21,01:00:00,2026-11-21T12:00:00,Australia/Sydney,7,spring v2,'+61290000000,ROOFS,contract 17,connected,,ann"
    #expect(lines[1] == expected)
    let next = try harness.call("evidence.export", ["cursor": first["nextCursor"] ?? .null])
    #expect(next["csv"]?.stringValue?.hasPrefix("3,") == true)
    #expect(next["nextCursor"] == nil)
  }
}
