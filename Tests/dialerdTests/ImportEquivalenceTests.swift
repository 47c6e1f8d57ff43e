import ControlProtocol
import DialerModel
import Testing

@testable import DialerEngine
@testable import dialerd

/// What a file makes of the leads is what `lead.add` makes of them, row after row.
@Suite("An import and lead.add")
struct ImportEquivalenceTests {
  private struct Row {
    var cells: [String: String]

    static let columns = ["vendorLeadCode", "phone1", "phone2", "source", "firstName", "email", "custom.k"]

    init(_ generator: inout SeededGenerator, isSparse: Bool = false) {
      func one(_ values: [String]) -> String { values.randomElement(using: &generator) ?? "" }
      let phones = (0..<6).map { "+1212555\(1000 + $0)" }
      cells = [
        "vendorLeadCode": one(["", "A", "B", "C", "D"]), "phone1": one(phones),
        "phone2": isSparse ? "" : one(phones + ["", "", ""]), "source": one(["", "web", "fair"]),
        "firstName": one(["", "Ann", "ANN", "Bob"]), "email": one(["", "a@b.org", "A@b.org", "c@d.org"]),
        "custom.k": one(["", "", "x", "y", "long"]),
      ]
    }

    var line: String { Self.columns.map { cells[$0] ?? "" }.joined(separator: ",") + "\n" }

    /// The same as `lead.add` takes it: what is blank is said to be blank.
    func parameters(_ list: Int, _ options: JSONObject) -> JSON {
      var parameters = options
      parameters["listID"] = JSON(list)
      for column in Self.columns.dropLast() {
        let cell = cells[column] ?? ""
        if !cell.isEmpty {
          parameters[column] = .string(cell)
        } else if column != "vendorLeadCode" {
          parameters[column] = .null
        }
      }
      let custom = cells["custom.k"] ?? ""
      parameters["custom"] = ["k": custom.isEmpty ? .null : .string(custom)]
      return .object(parameters)
    }
  }

  private struct Course {
    var before: [(list: Int, row: Row)] = []
    var rows: [Row] = []
    var meanwhile: [Row] = []
    var options: JSONObject = [:]
    var rules: [JSON] = []

    /// A lead that is changed meanwhile gives a value up for the rows that are judged after it, and not for those before:
    /// as in no order of whole commands.
    var givesUpValues: Bool { !rules.isEmpty && (options["onMatch"] == "update" || options["onMatch"] == "move") }

    var words: String { JSON.object(options).text + " " + JSON.array(rules).text }

    init(seed: UInt64, isSparse: Bool = false) {
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<6 { before.append((Int.random(in: 1...3, using: &generator), Row(&generator, isSparse: isSparse))) }
      for _ in 0..<14 { rows.append(Row(&generator, isSparse: isSparse)) }
      for _ in 0..<2 { meanwhile.append(Row(&generator, isSparse: isSparse)) }
      options = [
        "match": .string(MatchRule.Key.allCases.randomElement(using: &generator)?.rawValue ?? ""),
        "scope": .string(MatchRule.Scope.allCases.randomElement(using: &generator)?.rawValue ?? ""),
        "onMatch": .string(MatchRule.OnMatch.allCases.randomElement(using: &generator)?.rawValue ?? ""),
      ]
      // A row without a code leaves the code of the lead that it changes alone in lead.add, and clears it in a file.
      if options["match"] != "vendorLeadCode" {
        for index in rows.indices { rows[index].cells["vendorLeadCode"] = "R\(index)" }
      }
      switch seed % 4 {
      case 1: rules = [["field": "email", "type": "email", "unique": true]]
      case 2: rules = [["field": "custom.k", "type": "text", "maximumLength": 2, "unique": true]]
      case 3:
        rules = [
          ["field": "firstName", "type": "text", "required": true],
          ["field": "phone1", "type": "phone", "unique": true],
        ]
      default: break
      }
    }
  }

  private func harness(_ course: Course) throws -> ImportHarness {
    let harness = try ImportHarness()
    for list in 1...3 { try harness.call("list.create", ["listID": JSON(list), "name": .string("L\(list)")]) }
    try harness.call("campaign.create", ["campaignID": "c"])
    for list in 1...2 { try harness.call("campaign.assignList", ["campaignID": "c", "listID": JSON(list)]) }
    for rule in course.rules { try harness.call("field.put", rule) }
    return harness
  }

  private func prepare(_ harness: ImportHarness, _ course: Course) throws {
    for (list, row) in course.before { add(harness, row.parameters(list, ["match": "phone", "onMatch": "add"])) }
  }

  private func add(_ harness: ImportHarness, _ parameters: JSON) { _ = try? harness.call("lead.add", parameters) }

  private func file(_ rows: [Row]) -> String {
    Row.columns.joined(separator: ",") + "\n" + rows.map(\.line).joined()
  }

  @Test("a file comes out as its rows one by one", arguments: Array(1...60 as ClosedRange<UInt64>))
  func sameLeads(seed: UInt64) throws {
    let course = Course(seed: seed)
    let oneByOne = try harness(course)
    try prepare(oneByOne, course)
    for row in course.rows { add(oneByOne, row.parameters(1, course.options)) }

    // The leads that are there are added while the import is open.
    let imported = try harness(course)
    let id = try imported.send(file(course.rows), course.options)
    try prepare(imported, course)
    try imported.call("import.commit", ["importID": id])
    let (found, expected) = (try imported.leads(), try oneByOne.leads())
    let same = found == expected
    #expect(same, "\(course.words)\n\(found.joined(separator: "\n"))\n--\n\(expected.joined(separator: "\n"))")
  }

  @Test(
    "a lead that is added during the commit comes out as if it had been before the file or after it",
    arguments: Array(1...24 as ClosedRange<UInt64>))
  func meanwhile(seed: UInt64) throws {
    let course = Course(seed: seed, isSparse: true)
    // Every order that could be told from the outcome.
    var outcomes: [[String]] = []
    for place in 0..<1 << course.meanwhile.count {
      let oneByOne = try harness(course)
      try prepare(oneByOne, course)
      for (bit, row) in course.meanwhile.enumerated() where place >> bit & 1 == 0 {
        add(oneByOne, row.parameters(1, course.options))
      }
      for row in course.rows { add(oneByOne, row.parameters(1, course.options)) }
      for (bit, row) in course.meanwhile.enumerated() where place >> bit & 1 == 1 {
        add(oneByOne, row.parameters(1, course.options))
      }
      outcomes.append(try oneByOne.leads())
    }

    let imported = try harness(course)
    try prepare(imported, course)
    // Calls go on, so that the chunks are small; and there are rows between, so that there are several.
    try imported.call("campaign.start", ["campaignID": "c"])
    var rows = course.rows
    let between = 2 * Engine.Bounds.committedBesideCalls
    for number in 0..<between {
      var filler = course.rows[0]
      filler.cells = [
        "vendorLeadCode": "F\(number)", "phone1": "+1646555\(1000 + number)", "firstName": "F\(number)",
        "source": "f", "email": "f\(number)@f.org", "custom.k": "\(String(10_000 + number, radix: 36))",
      ]
      if course.rules.contains(where: { $0["field"] == "custom.k" }) { filler.cells["custom.k"] = "" }
      rows.insert(filler, at: number * (rows.count + 1) / (number + course.rows.count) % (rows.count + 1))
    }
    let id = try imported.send(file(rows), course.options)
    var generator = SeededGenerator(seed: seed &* 31)
    var turns = course.meanwhile.map { _ in Int.random(in: 1...40, using: &generator) }
    var tokens: [RequestToken] = []
    imported.onTurn = {
      for place in turns.indices {
        turns[place] -= 1
        guard turns[place] == 0 else { continue }
        tokens.append(
          try imported.ask("lead.add", course.meanwhile[place].parameters(1, course.options)))
      }
    }
    try imported.call("import.commit", ["importID": id])
    imported.onTurn = nil
    try imported.settle()
    for token in tokens { #expect(imported.answer(to: token) != nil, "nobody waits for ever") }
    for (place, left) in turns.enumerated() where left > 0 {
      add(imported, course.meanwhile[place].parameters(1, course.options))
    }
    let found = try imported.leads().filter { !$0.contains("+1646555") }
    let words = "\(course.words)\n\(found.joined(separator: "\n"))\n--\n\(outcomes)"
    if course.givesUpValues {
      #expect(try isUnique(imported, course), "\(words)")
    } else {
      let isOne = outcomes.contains(found)
      #expect(isOne, "\(words)")
    }
  }

  private func isUnique(_ harness: ImportHarness, _ course: Course) throws -> Bool {
    for rule in course.rules where rule["unique"] == true {
      let field = ["custom.k": "custom", "phone1": "phones"][rule["field"]?.stringValue ?? ""] ?? "email"
      let values = try harness.leads([field]).map { $0.lowercased() }.filter { $0 != "null" && $0 != "{}" }
      if Set(values).count < values.count { return false }
    }
    return true
  }

  @Test("a lead that is added while its row is hidden waits, and then finds it")
  func waits() throws {
    let harness = try ImportHarness()
    try harness.call("list.create", ["listID": 1, "name": "L"])
    try harness.call("campaign.create", ["campaignID": "c"])
    try harness.call("campaign.start", ["campaignID": "c"])
    let count = 3 * Engine.Bounds.committedBesideCalls
    let id = try harness.send("phone\n" + (0..<count).map { "212555\(1000 + $0)\n" }.joined(), ["match": "phone"])
    var tokens: [RequestToken] = []
    harness.onTurn = {
      guard let commit = harness.engine.hiddenImport, commit.rowsDone > 0, tokens.isEmpty else { return }
      for onMatch in ["skip", "add"] {
        tokens.append(
          try harness.ask(
            "lead.add", ["listID": 1, "phones": ["+12125551000"], "match": "phone", "onMatch": .string(onMatch)]))
      }
    }
    try harness.call("import.commit", ["importID": id])
    harness.onTurn = nil
    #expect(tokens.count == 2)
    #expect(try harness.answer(to: tokens[0])?.get()["action"] == "skipped")
    #expect(try harness.answer(to: tokens[1])?.get()["action"] == "added")
    #expect(try harness.leads(["phone1"]).count == count + 1)
  }
}
