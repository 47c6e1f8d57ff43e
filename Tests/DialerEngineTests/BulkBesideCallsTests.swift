import ControlProtocol
import DialerModel
import Testing

@testable import DialerEngine

/// Commands on many leads while calls go on: the writer is theirs for a small piece at a time.
@Suite("Bulk actions beside calls")
struct BulkBesideCallsTests {
  private static let count = 1_200

  private func harness(isRunning: Bool = true) throws -> EngineHarness {
    let harness = try EngineHarness(simulator: nil)
    for id in 1...2 { try harness.list(id) }
    try harness.leads(Self.count, list: 2)
    try harness.leads(1, from: 5_000)
    try harness.campaign(mode: "manual")
    if isRunning { try harness.start() }
    harness.keepsOutputs = true
    return harness
  }

  private static func isPause(_ output: TurnOutput) -> Bool { output.transaction.changes.isEmpty }

  private static let actions: [(method: String, params: JSONObject, reply: JSONObject)] = [
    ("lead.setStatus", ["filter": ["listID": 2], "owner": "ann"], ["count": JSON(count)]),
    ("lead.move", ["filter": ["listID": 2], "listID": 1], ["count": JSON(count)]),
    ("lead.delete", ["filter": ["listID": 2]], ["count": JSON(count)]),
    ("list.delete", ["listID": 2], ["deleted": 1, "leads": JSON(count)]),
  ]

  @Test("beside calls each piece is followed by a pause in which nothing is written for it", arguments: actions)
  func pieces(method: String, params: JSONObject, reply: JSONObject) throws {
    let harness = try harness()
    let token = try harness.send(method, .object(params))
    harness.settle()
    #expect(harness.replies[token] == nil)
    #expect(harness.outputs.count { !Self.isPause($0) } == 1)
    harness.pass(.milliseconds(1))
    #expect(harness.outputs.count { !Self.isPause($0) } == 2)
    harness.pass(.milliseconds(10))
    #expect(harness.outputs.count { !Self.isPause($0) } == 3)
    #expect(try harness.replies[token]?.get() == .object(reply))
    #expect(harness.faults.isEmpty)
  }

  @Test("with nobody dialling it is done at once", arguments: actions)
  func alone(method: String, params: JSONObject, reply: JSONObject) throws {
    let harness = try harness(isRunning: false)
    #expect(try harness.call(method, .object(params)) == .object(reply))
  }

  @Test("while a piece waits for the disk the next one is not begun, and the engine is not woken for it")
  func waitsForTheDisk() throws {
    let harness = try harness()
    harness.holdsCommits = true
    try harness.send("lead.setStatus", ["filter": ["listID": 2], "rank": 5])
    for _ in 0..<10 { harness.turn() }
    harness.commitHeld()
    for _ in 0..<10 { harness.turn() }
    #expect(harness.outputs.count { !Self.isPause($0) } == 1)
    #expect(harness.wake.map { $0 > harness.now.monotonic } ?? true)
  }

  @Test("of a list that is being deleted no lead is there any more, whatever names it")
  func deletedList() throws {
    let harness = try harness()
    try harness.call("lead.update", ["leadID": JSON(Self.count), "vendorLeadCode": "Z", "email": "z@example.com"])
    try harness.send("list.delete", ["listID": 2])
    harness.settle()
    #expect(harness.engine.leads.contains(LeadID(UInt32(Self.count))))
    #expect(try harness.call("lead.find")["leads"]?.arrayValue?.count == 1)
    #expect(refusal { try harness.call("lead.get", ["leadID": JSON(Self.count)]) } == "not-found")
    #expect(refusal { try harness.call("lead.get", ["vendorLeadCode": "Z"]) } == "not-found")
    #expect(refusal { try harness.call("contact.get", ["email": "z@example.com"]) } == "not-found")
    harness.pass(.milliseconds(20))
    #expect(!harness.engine.leads.contains(LeadID(UInt32(Self.count))))
    #expect(harness.engine.listsBeingDeleted.isEmpty)
  }
}
