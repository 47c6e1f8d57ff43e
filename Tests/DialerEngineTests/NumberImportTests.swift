import ControlProtocol
import DialerModel
import Foundation
import Testing

@testable import DialerEngine

/// Files of numbers that go onto the do-not-call list.
@Suite struct NumberImportTests {
  private func open(_ harness: EngineHarness, _ params: JSONObject = [:], as peer: Peer = .admin) throws -> JSON {
    try #require(try harness.call("dnc.import", .object(params), as: peer)["importID"])
  }

  private func send(_ text: String, to id: JSON, _ harness: EngineHarness) throws {
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: 300_000) {
      let data = Data(bytes[start...].prefix(300_000)).base64EncodedString()
      try harness.call("import.write", ["importID": id, "offset": JSON(start), "data": .string(data)])
    }
  }

  private func listed(_ harness: EngineHarness, _ phones: [String], _ more: JSONObject = [:]) throws -> [Bool?] {
    let params: JSONObject = ["phones": JSON(phones)]
    return (try harness.call("dnc.check", .object(params + more))["phones"]?.arrayValue ?? []).map {
      $0["listed"]?.boolValue
    }
  }

  /// So many numbers of the plan, one a line.
  private func lines(_ count: Int, from first: Int = 0) -> String {
    (first..<(first + count)).map { "+6129\(2_000_000 + $0)\n" }.joined()
  }

  @Test("numbers and prefixes of a file are on the list, and the summary counts all of its lines")
  func commit() throws {
    let harness = try EngineHarness()
    try harness.call("dnc.add", ["phones": ["+61292000001"]])
    let id = try open(harness, ["region": "AU", "reason": "register"])
    try send("phone\n+61292000001\n+61292000002\n(02) 9200 0003\n+61292000002\n12\n+614*\n\n", to: id, harness)
    #expect(try harness.call("import.status", ["importID": id])["state"] == "open")
    let summary = try harness.call("import.commit", ["importID": id])
    let invalid: JSON = summary["invalidLines"]?[0] ?? .null
    #expect(invalid["line"] == 6 && invalid["reason"] == "too-short" && invalid["text"] == "12")
    for (key, count) in [
      ("lines", 8), ("numbers", 3), ("prefixes", 1), ("added", 3), ("present", 1), ("duplicates", 1), ("invalid", 1),
    ] {
      #expect(summary[key]?.integerValue == Int64(count), "\(key)")
    }
    #expect(
      try listed(harness, ["+61292000001", "+61292000002", "+61292000003", "+61412345678", "+61292000004"])
        == [true, true, true, true, false])
    #expect(try harness.call("import.status", ["importID": id])["summary"] == summary)
    #expect(try harness.call("import.commit", ["importID": id]) == summary)
    #expect(harness.events(.dncChanged).count == 2)
    harness.crash()
    #expect(try listed(harness, ["+61292000003", "+61292000004"]) == [true, false])
    #expect(try harness.call("import.status", ["importID": id])["summary"] == summary)
  }

  @Test("a file on the daemon's machine is read from a directory that the configuration names")
  func path() throws {
    let harness = try EngineHarness()
    harness.settings.importDirectories = ["/in"]
    harness.give(.reload(harness.settings, requestedBy: nil))
    harness.settle()
    harness.store.numberFiles.paths["/in/list"] = "+61292000002\n"
    let id = try open(harness, ["path": "/in/list"])
    #expect(
      refusal { try harness.call("import.write", ["importID": id, "offset": 0, "data": ""]) }
        == "conflict:import-has-a-path")
    #expect(try harness.call("import.commit", ["importID": id])["added"] == 1)
    for path in ["/in/none", "/other", "/in/../x"] {
      #expect(refusal { try open(harness, ["path": .string(path)]) } == "invalid-params")
    }
  }

  @Test("a crash in the middle of a commit loses nothing that was on disk, and the import goes on to its end")
  func crash() throws {
    let harness = try EngineHarness()
    let count = DoNotCallImports.pieceCount * 5 + 7
    let id = try open(harness)
    try send(lines(count), to: id, harness)
    harness.holdsCommits = true
    try harness.send("import.commit", ["importID": id])
    harness.settle()
    var applied: [Int] = []
    // Each commit lets two more pieces come; then the engine is gone, with what was not on disk.
    for _ in 0..<3 {
      harness.commitHeld()
      harness.settle()
      applied.append(harness.engine.doNotCallImports.ordered[0].applied)
    }
    #expect(applied.last ?? 0 > 0 && applied.last ?? 0 < count)
    harness.holdsCommits = false
    harness.crash()
    harness.pass(.seconds(1))
    let status = try harness.call("import.status", ["importID": id])
    #expect(status["state"] == "committed")
    #expect(status["summary"]?["added"]?.integerValue == Int64(count))
    #expect(harness.engine.doNotCall.count == count)
    #expect(harness.store.doNotCall.count == count)
    #expect(harness.events(.dncChanged).count == 1)
  }

  @Test("a number whose piece comes between the claim and its commit is not dialled")
  func withdrawn() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.leads(1, ending: 5)
    try harness.campaign()
    let id = try open(harness)
    try send(EngineHarness.number(0, ending: 5), to: id, harness)
    harness.holdsCommits = true
    try harness.send("import.commit", ["importID": id])
    harness.settle()
    // The file is sorted; its first piece is asked for when that is on disk.
    harness.commitHeld()
    harness.settle()
    let sorted = harness.held.count
    try harness.send("campaign.start", ["campaignID": "c"])
    harness.settle()
    #expect(harness.engine.calls.count == 1)
    harness.commitHeld(sorted)
    harness.settle()
    harness.holdsCommits = false
    harness.commitHeld()
    harness.pass(.minutes(1))
    #expect(harness.dialled.isEmpty)
    #expect(harness.outcomes == [.cancelled])
    #expect(try listed(harness, [EngineHarness.number(0, ending: 5)]) == [true])
  }

  @Test("an import of a tenant or a campaign holds for that one, and another tenant does not see it")
  func scopes() throws {
    let harness = try EngineHarness()
    try harness.list()
    try harness.campaign()
    let id = try open(harness, ["campaignID": "c"])
    try send("+61292000002", to: id, harness)
    let peer = Peer(userID: 5, role: .admin, tenant: TenantID("other"))
    #expect(refusal { try harness.call("import.status", ["importID": id], as: peer) } == "not-found")
    #expect(try harness.call("import.list", [:], as: peer)["imports"] == [])
    #expect(try harness.call("import.list")["imports"]?[0]?["importID"] == id)
    try harness.call("import.commit", ["importID": id])
    #expect(try listed(harness, ["+61292000002"]) == [false])
    #expect(try listed(harness, ["+61292000002"], ["campaignID": "c"]) == [true])
  }

  @Test("a file that is not text is refused for good, and one that cannot be read now may be committed later")
  func refusals() throws {
    let harness = try EngineHarness()
    for (error, state) in [
      (RequestError(.invalidParams, "The file is not text."), "refused"),
      (.unavailable("disk-full", "The disk is full."), "open"),
    ] {
      let id = try open(harness)
      harness.store.numberFiles.fault = error
      #expect(refusal { try harness.call("import.commit", ["importID": id]) } != nil)
      harness.store.numberFiles.fault = nil
      #expect(try harness.call("import.status", ["importID": id])["state"]?.stringValue == state)
      let again = refusal { try harness.call("import.commit", ["importID": id]) }
      #expect(again == (state == "open" ? nil : "conflict:import-is-refused"))
    }
  }

  @Test("a cancelled import takes nothing more and leaves nothing on the list")
  func cancel() throws {
    let harness = try EngineHarness()
    let id = try open(harness)
    try send("+61292000002", to: id, harness)
    #expect(try harness.call("import.cancel", ["importID": id])["state"] == "cancelled")
    for method in ["import.commit", "import.cancel"] {
      #expect(refusal { try harness.call(method, ["importID": id]) } == "conflict:import-is-cancelled")
    }
    #expect(harness.engine.doNotCall.isEmpty && harness.store.numberFiles.sent.isEmpty)
  }

  @Test("an empty file is committed at once, and a store that cannot be written holds a commit up until it can")
  func waits() throws {
    let harness = try EngineHarness()
    let empty = try open(harness)
    #expect(try harness.call("import.commit", ["importID": empty])["added"] == 0)
    let id = try open(harness)
    try send("+61292000002", to: id, harness)
    try harness.send("import.commit", ["importID": id])
    harness.give(.storeWritable(false))
    harness.settle()
    #expect(harness.engine.doNotCall.isEmpty)
    harness.give(.storeWritable(true))
    harness.settle()
    harness.pass(.seconds(1))
    #expect(try listed(harness, ["+61292000002"]) == [true])
  }
}
