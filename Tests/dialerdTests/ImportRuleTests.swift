import ControlProtocol
import DialerModel
import Testing

@testable import DialerEngine
@testable import dialerd

/// What a tenant asks of the fields of its leads holds in files as it does for `lead.add`.
@Suite("Rules for fields in imports")
struct ImportRuleTests {
  private func harness(_ rules: JSONObject...) throws -> ImportHarness {
    let harness = try ImportHarness()
    for list in 1...2 { try harness.call("list.create", ["listID": JSON(list), "name": .string("L\(list)")]) }
    for rule in rules { try harness.call("field.put", .object(rule)) }
    return harness
  }

  private func faults(_ harness: ImportHarness, _ id: JSON) throws -> [String] {
    let rows = try harness.call("import.preview", ["importID": id, "rows": "invalid"])["rows"]?.arrayValue ?? []
    return rows.map { row in
      ["line", "field", "reason"].map { row[$0]?.stringValue ?? row[$0]?.text ?? "" }.joined(separator: " ")
    }
  }

  private func count(_ summary: JSON, _ key: String) -> Int64? { summary[key]?.integerValue }

  @Test("a value that is not of its type, or missing, makes a row invalid with line, field and reason")
  func typeAndRequired() throws {
    let harness = try harness(
      ["field": "custom.age", "type": "integer"], ["field": "lastName", "type": "text", "required": true])
    let id = try harness.send(
      "phone,last,custom.age\n2125550101,Lee,40\n2125550102,,41\n2125550103,Kay,old\n2125550104,Roe,\n")
    #expect(try faults(harness, id) == ["3 lastName required", "4 custom.age wrong-type"])
    let edited = try harness.call("import.edit", ["importID": id, "row": 2, "values": ["last": "Poe"]])
    #expect(edited["state"] == "valid")
    let back = try harness.call("import.edit", ["importID": id, "row": 1, "values": ["custom.age": "x"]])
    #expect(back["state"] == "invalid" && back["field"] == "custom.age" && back["reason"] == "wrong-type")
    let summary = try harness.call("import.commit", ["importID": id])
    #expect(count(summary, "added") == 2 && count(summary, "invalid") == 2)
    // Kept as what they are.
    #expect(try harness.leads(["lastName", "custom"]) == ["Poe|{\"age\":41}", "Roe|{}"])
  }

  @Test("a file without the column of a required field has no valid row, as lead.add takes no lead without it")
  func requiredColumnMissing() throws {
    let harness = try harness(["field": "email", "type": "email", "required": true])
    let id = try harness.send("phone\n2125550101\n")
    #expect(try faults(harness, id) == ["2 email required"])
    #expect(throws: RequestError.self) {
      try harness.call("lead.add", ["listID": 1, "phones": ["+12125550101"]])
    }
  }

  @Test("longer values are cut, in new leads and in those that are there, and the summary counts each once")
  func cut() throws {
    let harness = try harness(
      ["field": "firstName", "type": "text", "maximumLength": 3],
      ["field": "custom.note", "type": "text", "maximumLength": 2])
    try harness.load("id,phone,first\nA,2125550101,Al\n")
    let long = String(repeating: "n", count: 200)
    let summary = try harness.load(
      "id,phone,first,custom.note\nA,2125550101,Annabel,añb\nB,2125550102,\(long),ok\nC,2125550103,Cy,\n")
    #expect(count(summary, "cut") == 3)
    #expect(
      try harness.leads(["vendorLeadCode", "firstName", "custom"])
        == ["A|Ann|{\"note\":\"añ\"}", "B|nnn|{\"note\":\"ok\"}", "C|Cy|{}"])
  }

  @Test("a row that is passed over cuts nothing")
  func skippedIsNotCut() throws {
    let harness = try harness(["field": "firstName", "type": "text", "maximumLength": 3])
    try harness.load("id,phone\nA,2125550101\n")
    let summary = try harness.load("id,phone,first\nA,2125550101,Annabel\n", ["onMatch": "skip"])
    #expect(count(summary, "skipped") == 1 && count(summary, "cut") == 0)
  }

  @Test(
    "a unique value that a lead has makes a row invalid, whatever the field, and any number of rows may have none",
    arguments: ["lastName", "email", "custom.policy", "phone2", "vendorLeadCode"])
  func unique(field: String) throws {
    let type = field == "email" ? "email" : field == "phone2" ? "phone" : "text"
    let harness = try harness(["field": .string(field), "type": .string(type), "unique": true])
    func value(_ number: Int) -> String {
      switch field {
      case "email": number == 1 ? "ANN@example.com" : "p\(number)@example.com"
      case "phone2": "21255502\(10 + number)"
      default: "P\(number)"
      }
    }
    // By something else than the value.
    let match: JSONObject = ["match": field == "phone2" ? "vendorLeadCode" : "phone"]
    let first = field == "email" ? "ann@example.com" : value(1)
    try harness.load("phone1,\(field)\n2125550101,\(first)\n", list: 2)
    let id = try harness.send(
      "phone1,\(field)\n2125550102,\(value(1))\n2125550103,\(value(2))\n2125550104,\n2125550105,\n"
        + "2125550106,\(value(2))\n", match)
    // Within the file the first has it.
    #expect(try faults(harness, id) == ["2 \(field) not-unique", "6 \(field) not-unique"])
    let counts = try harness.call("import.preview", ["importID": id])["counts"]
    #expect(counts?["invalid"] == 2 && counts?["valid"] == 3 && counts?["toAdd"] == 3)
    let summary = try harness.call("import.commit", ["importID": id])
    #expect(count(summary, "added") == 3 && count(summary, "invalid") == 2)
    #expect(
      try harness.leads(["phone1"]) == ["+12125550101", "+12125550103", "+12125550104", "+12125550105"])
    let edited = try harness.send("phone1,\(field)\n2125550107,\(value(1))\n", match)
    let row = try harness.call("import.edit", ["importID": edited, "row": 1, "values": [field: .string(value(3))]])
    #expect(row["state"] == "valid")
    #expect(count(try harness.call("import.commit", ["importID": edited]), "added") == 1)
  }

  private static let repeats =
    "id,phone,email\nA,2125550101,a@b.org\nB,2125550102,A@b.org\nA,2125550101,a@b.org\nC,2125550103,a@b.org\n"

  @Test("a row that repeats a value is valid once no row before has it, and the other way round")
  func repeatsChange() throws {
    let harness = try harness(["field": "email", "type": "email", "unique": true])
    let id = try harness.send(Self.repeats)
    func counts() throws -> [JSON?] {
      let counts = try harness.call("import.preview", ["importID": id])["counts"]
      return [counts?["valid"], counts?["invalid"]]
    }
    // The third row is the same lead as the first.
    #expect(try faults(harness, id) == ["3 email not-unique", "5 email not-unique"])
    try harness.call("import.drop", ["importID": id, "rows": [1]])
    #expect(try faults(harness, id) == ["4 email not-unique", "5 email not-unique"])
    let edited = try harness.call("import.edit", ["importID": id, "row": 2, "values": ["email": "x@b.org"]])
    #expect(edited["state"] == "valid")
    #expect(try faults(harness, id) == ["5 email not-unique"])
    try harness.call("import.edit", ["importID": id, "row": 2, "values": ["email": "a@b.org"]])
    #expect(try faults(harness, id) == ["4 email not-unique", "5 email not-unique"])
    #expect(try counts() == [1, 2])
    try harness.call("lead.add", ["listID": 1, "vendorLeadCode": "B", "phones": ["2125550199"]])
    try harness.call("lead.delete", ["vendorLeadCode": "B"])
    #expect(try faults(harness, id) == ["5 email not-unique"])
    #expect(try counts() == [1, 1])
    let summary = try harness.call("import.commit", ["importID": id])
    #expect(count(summary, "added") == 1 && count(summary, "invalid") == 1)
    #expect(try harness.leads(["vendorLeadCode"]) == ["A"])
  }

  @Test("a file of nothing but repeats of one value is taken up to the first")
  func onlyRepeats() throws {
    let harness = try harness(["field": "custom.policy", "type": "text", "unique": true])
    let rows = (10..<60).map { "21255501\($0),P\n" }.joined()
    let id = try harness.send("phone,custom.policy\n" + rows, ["match": "phone", "onMatch": "add"])
    #expect(try faults(harness, id).count == 49)
    let summary = try harness.call("import.commit", ["importID": id])
    #expect(count(summary, "added") == 1 && count(summary, "invalid") == 49)
  }

  @Test("a value that a lead got while the import was open is found by its commit")
  func uniqueMeanwhile() throws {
    let harness = try harness(["field": "email", "type": "email", "unique": true])
    let id = try harness.send("phone,email\n2125550101,a@b.org\n2125550102,c@d.org\n")
    #expect(try faults(harness, id).isEmpty)
    try harness.call("lead.add", ["listID": 2, "phones": ["+12125550199"], "email": "A@b.org"])
    let summary = try harness.call("import.commit", ["importID": id])
    #expect(count(summary, "added") == 1 && count(summary, "invalid") == 1)
  }

  @Test("a lead may keep its own value, take one that a row before has given up, and not that of another lead")
  func uniqueInChanges() throws {
    let harness = try harness(["field": "email", "type": "email", "unique": true])
    let id = try harness.send(
      "id,phone,email\nA,2125550101,a@b.org\nB,2125550102,c@b.org\nC,2125550103,c@b.org\nA,2125550101,x@b.org\n"
        + "D,2125550104,a@b.org\nB,2125550102,b2@b.org\n")
    // While it is open: judged is what stands there when it is committed.
    try harness.load("id,phone,email\nA,2125550101,a@b.org\nB,2125550102,b@b.org\nC,2125550103,q@b.org\n")
    let summary = try harness.call("import.commit", ["importID": id])
    #expect(count(summary, "added") == 1 && count(summary, "updated") == 4 && count(summary, "invalid") == 1)
    #expect(
      try harness.leads(["vendorLeadCode", "email"])
        == ["A|x@b.org", "B|b2@b.org", "C|q@b.org", "D|a@b.org"])
  }

  @Test(
    "a value that the file gives to a lead goes to nobody else meanwhile, since others have what it gave up",
    arguments: ["lead.add", "lead.update"])
  func uniqueMeanwhile(method: String) throws {
    var outcomes: Set<[String]> = []
    for turn in 1...20 {
      let harness = try harness(["field": "email", "type": "email", "unique": true])
      // Beside calls chunks are small.
      try harness.call("campaign.create", ["campaignID": "c"])
      try harness.call("campaign.start", ["campaignID": "c"])
      let others = (0..<2 * Engine.Bounds.committedBesideCalls).map { "O\($0),646555\(1000 + $0),\n" }.joined()
      let id = try harness.send("id,phone,email\nA,2125550101,w@b.org\nN,2125550102,a@b.org\n" + others)
      // While it is open: judged is what stands there when it is committed.
      try harness.load("id,phone,email\nA,2125550101,a@b.org\n")
      try harness.call("lead.add", ["listID": 2, "vendorLeadCode": "Z", "phones": ["+12125550109"]])
      var left = turn
      var token: RequestToken?
      harness.onTurn = {
        left -= 1
        guard left == 0 else { return }
        let lead: JSON = ["listID": 2, "vendorLeadCode": "Z", "email": "w@b.org", "phones": ["+12125550109"]]
        token = try harness.ask(method, lead)
      }
      try harness.call("import.commit", ["importID": id])
      harness.onTurn = nil
      try harness.settle()
      #expect(token.map { harness.answer(to: $0) != nil } ?? true, "it is answered")
      outcomes.insert(try harness.leads(["vendorLeadCode", "email"]).filter { !$0.hasPrefix("O") })
    }
    #expect(outcomes == [["A|a@b.org", "Z|w@b.org"], ["A|w@b.org", "N|a@b.org", "Z|null"]])
  }

  @Test("rules are a tenant's own")
  func tenants() throws {
    let harness = try harness(["field": "email", "type": "email", "unique": true, "required": true])
    try harness.call("list.create", ["listID": 9, "name": "Other", "tenant": "other"])
    try harness.load("phone,email\n2125550101,a@b.org\n")
    let summary = try harness.load("phone,email\n2125550101,a@b.org\n2125550102,\n2125550103,a@b.org\n", list: 9)
    #expect(count(summary, "added") == 3)
  }
}
