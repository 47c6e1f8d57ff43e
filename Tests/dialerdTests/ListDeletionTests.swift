import ControlProtocol
import DialerModel
import Testing

@testable import DialerEngine
@testable import dialerd

/// Whatever else is under way when a list is deleted: no lead is left without a list, and none goes that should not.
@Suite("Deleting a list beside other work")
struct ListDeletionTests {
  private static let rows = 2 * Engine.Bounds.committedBesideCalls

  /// Two lists, the first with more leads than go in one piece beside calls.
  private func harness() throws -> ImportHarness {
    let harness = try ImportHarness()
    for list in 1...2 { try harness.call("list.create", ["listID": JSON(list), "name": .string("L\(list)")]) }
    try harness.load(file("G", Engine.Bounds.bulkBesideCalls + 100, area: 917))
    try harness.load("id,phone\nA,2125550101\nB,2125550102\n", list: 2)
    // Somebody dials: everything goes in small pieces.
    try harness.call("campaign.create", ["campaignID": "c"])
    try harness.call("campaign.start", ["campaignID": "c"])
    return harness
  }

  private func file(_ code: String, _ count: Int, area: Int) -> String {
    "id,phone\n" + (0..<count).map { "\(code)\($0),\(area)555\(1000 + $0)\n" }.joined()
  }

  /// Leads whose list is not there, in memory and on disk.
  private func lost(_ harness: ImportHarness) throws -> [LeadID] {
    func lost(_ engine: Engine) -> [LeadID] {
      var found: [LeadID] = []
      _ = engine.leads.visit(from: LeadID(0)) { lead, list in
        if engine.lists[list] == nil { found.append(lead) }
        return true
      }
      return found
    }
    let inMemory = lost(harness.engine)
    try harness.restart()
    return inMemory + lost(harness.engine)
  }

  private func conflict(_ answer: Result<JSON, RequestError>?) -> JSON? {
    guard case .failure(let error) = answer, error.reason == .conflict else { return nil }
    return error.details["conflict"]
  }

  private func isNotFound(_ answer: Result<JSON, RequestError>?) -> Bool {
    guard case .failure(let error) = answer else { return false }
    return error.reason == .notFound
  }

  /// Deletes the list in some turn of the commit.
  ///
  /// - Returns: the answers to both.
  private func commitAndDelete(
    _ harness: ImportHarness, _ id: JSON, inTurn turn: Int
  ) throws -> (commit: Result<JSON, RequestError>?, deletion: Result<JSON, RequestError>?) {
    var left = turn
    var deletion: RequestToken?
    if turn == 0 { deletion = try harness.ask("list.delete", ["listID": 1]) }
    let commit = try harness.ask("import.commit", ["importID": id])
    harness.onTurn = {
      left -= 1
      if left == 0 { deletion = try harness.ask("list.delete", ["listID": 1]) }
    }
    defer { harness.onTurn = nil }
    try harness.settle()
    try harness.settle()
    return (harness.answer(to: commit), deletion.flatMap { harness.answer(to: $0) })
  }

  @Test("while an import is being committed into it a list is not deleted, and before it the commit is refused")
  func commit() throws {
    var refused = 0
    var order: Set<String> = []
    for turn in [0, 1, 2, 3, 5, 7, 9, 12, 15] {
      let harness = try harness()
      // The last two rows are for leads that are there: these change once the new ones are seen.
      let text = file("K", Self.rows, area: 646) + "G0,2125550201\nG1,2125550202\n"
      let id = try harness.send(text)
      let answers = try commitAndDelete(harness, id, inTurn: turn)
      if case .success = answers.commit {
        if conflict(answers.deletion) == "import-is-committing" {
          refused += 1
          #expect(harness.engine.leads.countByList[ListID(1)] == Self.rows + Engine.Bounds.bulkBesideCalls + 100)
        } else {
          order.insert("commit, deletion")
          #expect(harness.engine.leads.count == 2, "in turn \(turn)")
        }
      } else {
        order.insert("deletion, commit")
        #expect(isNotFound(answers.commit), "in turn \(turn): \(String(describing: answers.commit))")
        #expect(try harness.call("import.status", ["importID": id])["state"] == "open", "no row of it is lost")
        #expect(harness.engine.leads.count == 2, "in turn \(turn)")
      }
      #expect(try lost(harness) == [], "in turn \(turn)")
    }
    #expect(refused > 5)
    #expect(order.contains("deletion, commit"))
  }

  @Test("an import that waits for another's commit keeps its list, until it is cancelled, which answers who waits")
  func waiting() throws {
    let harness = try harness()
    let first = try harness.send(file("K", Self.rows, area: 646), list: 2)
    let second = try harness.send("id,phone\nZ,2125550103\n")
    _ = try harness.ask("import.commit", ["importID": first])
    let commit = try harness.ask("import.commit", ["importID": second])
    let refused = try harness.ask("list.delete", ["listID": 1])
    _ = try harness.ask("import.cancel", ["importID": second])
    let deletion = try harness.ask("list.delete", ["listID": 1])
    try harness.settle()
    #expect(conflict(harness.answer(to: refused)) == "import-is-committing")
    #expect(conflict(harness.answer(to: commit)) == "import-is-cancelled")
    #expect(try harness.answer(to: deletion)?.get()["deleted"] == 1)
    #expect(try lost(harness) == [])
  }

  @Test("a crash at any step of a commit beside a deletion leaves no lead without a list, and the list can go then")
  func crash() throws {
    for turn in [0, 6] {
      var steps = 0
      while true {
        let harness = try harness()
        let id = try harness.send(file("K", Self.rows, area: 646))
        harness.stepsLeft = steps
        var isOver = false
        do {
          _ = try commitAndDelete(harness, id, inTurn: turn)
          harness.stepsLeft = nil
          isOver = true
        } catch is ImportHarness.Crashed {
          try harness.restart()
          // Before the first turn already.
          if harness.engine.imports.records.values.contains(where: { [.committing, .applying].contains($0.state) }) {
            let deletion = try harness.ask("list.delete", ["listID": 1])
            try harness.settle()
            #expect(conflict(harness.answer(to: deletion)) == "import-is-committing", "\(turn), \(steps)")
          }
          try harness.settle()
        }
        #expect(try lost(harness) == [], "\(turn), \(steps)")
        try harness.settle()
        if harness.engine.lists[ListID(1)] != nil { try harness.call("list.delete", ["listID": 1]) }
        #expect(harness.engine.leads.count == 2, "\(turn), \(steps)")
        #expect(try lost(harness) == [], "\(turn), \(steps)")
        if isOver { break }
        steps += 1
      }
      #expect(steps > 2)
    }
  }

  private static func arriving(_ code: String, in list: Int) -> JSON {
    [
      "listID": JSON(list), "vendorLeadCode": .string(code), "scope": "tenant", "onMatch": "move",
      "phone1": "+12125550101",
    ]
  }

  /// Commands that put leads into the list that goes, and such that take them out of it.
  private static let commands: [(method: String, parameters: JSON)] = [
    ("lead.add", ["listID": 1, "phones": ["+12125550104"], "match": "phone"]),
    ("lead.add", arriving("A", in: 1)), ("lead.add", arriving("G1", in: 2)),
    ("lead.move", ["listID": 1, "vendorLeadCode": "A"]),
    ("lead.move", ["listID": 1, "filter": ["vendorLeadCode": ["in": ["A", "B"]]]]),
    ("lead.duplicate", ["listID": 1, "vendorLeadCode": "A"]),
    ("lead.move", ["listID": 2, "vendorLeadCode": "G1"]),
    ("lead.move", ["listID": 2, "vendorLeadCode": "G599"]),
    ("lead.move", ["listID": 2, "filter": ["vendorLeadCode": ["in": ["G1", "G599"]]]]),
    ("lead.duplicate", ["listID": 2, "vendorLeadCode": "G599"]),
    ("lead.update", ["vendorLeadCode": "G599", "firstName": "Ann"]),
    ("lead.delete", ["filter": ["vendorLeadCode": ["in": ["G1", "G599"]]]]),
  ]

  /// What can come of a command: leads of the second list beside its answer, when it is before the deletion or after it.
  private func outcome(_ harness: ImportHarness, _ answer: Result<JSON, RequestError>?) throws -> String {
    let leads = try harness.leads(["listID", "vendorLeadCode", "phones", "firstName"]).joined(separator: "\n")
    switch answer {
    case .success(let result): return "\(result["count"] ?? "done")\n\(leads)"
    case .failure(let error): return "\(error.reason)\n\(leads)"
    case nil: return "no answer"
    }
  }

  @Test(
    "what is done beside a deletion comes out as if it had been before or after it", arguments: commands.indices)
  func beside(_ place: Int) throws {
    let (method, parameters) = Self.commands[place]
    var expected: [String] = []
    for isFirst in [true, false] {
      let harness = try harness()
      if !isFirst { try harness.call("list.delete", ["listID": 1]) }
      let token = try harness.ask(method, parameters)
      try harness.settle()
      let answer = harness.answer(to: token)
      if isFirst { try harness.call("list.delete", ["listID": 1]) }
      expected.append(try outcome(harness, answer))
    }
    // In the turn of the deletion itself the command is ahead of it, and then behind it.
    for (turn, isAhead) in (4...6).map({ ($0, true) }) + [(5, false)] {
      let harness = try harness()
      var now = 0
      var (deletion, command): (RequestToken?, RequestToken?)
      harness.onTurn = {
        now += 1
        if now == turn, isAhead { command = try harness.ask(method, parameters) }
        if now == 5 { deletion = try harness.ask("list.delete", ["listID": 1]) }
        if now == turn, !isAhead { command = try harness.ask(method, parameters) }
      }
      for _ in 0..<14 { try harness.settle() }
      harness.onTurn = nil
      let answer = command.flatMap { harness.answer(to: $0) }
      let isRefused = conflict(deletion.flatMap { harness.answer(to: $0) }) == "leads-are-moving"
      #expect(!isRefused || parameters["filter"] != nil)
      if isRefused { try harness.call("list.delete", ["listID": 1]) }
      #expect(harness.engine.lists[ListID(1)] == nil)
      let found = try outcome(harness, answer)
      #expect(expected.contains(found), "\(method) \(turn): \(found)\n--\n\(expected.joined(separator: "\n--\n"))")
      #expect(try lost(harness) == [], "\(method) \(turn)")
    }
  }
}
