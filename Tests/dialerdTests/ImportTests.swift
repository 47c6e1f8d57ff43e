import ControlProtocol
import DialerModel
import Foundation
import Testing

@testable import DialerEngine
@testable import dialerd

@Suite("Imports")
struct ImportTests {
  private func harness(lists: Int = 2) throws -> ImportHarness {
    let harness = try ImportHarness()
    for list in 1...lists { try harness.call("list.create", ["listID": JSON(list), "name": .string("L\(list)")]) }
    return harness
  }

  private func counts(_ summary: JSON) -> [String: Int64] {
    var counts: [String: Int64] = [:]
    for member in summary.objectValue?.members ?? [] where member.value != 0 {
      counts[member.key] = member.value.integerValue
    }
    return counts
  }

  private static let short = ["listID", "vendorLeadCode", "phone1", "firstName", "status"]

  @Test("a file becomes leads, its bad rows are left out, and the summary says so")
  func plain() throws {
    let harness = try harness()
    let summary = try harness.load("id,phone,first\nA,2125550101,Ann\nB,12,Bob\nC,2125550103,Cyd\n")
    #expect(counts(summary) == ["added": 2, "invalid": 1])
    #expect(try harness.leads(Self.short) == ["1|A|+12125550101|Ann|NEW", "1|C|+12125550103|Cyd|NEW"])
    #expect(try harness.call("list.get", ["listID": 1])["leads"] == 2)
  }

  @Test("the preview names line, field and reason, and counts what would be added and updated")
  func preview() throws {
    let harness = try harness()
    try harness.load("id,phone\nA,2125550101\n")
    let id = try harness.send("id,phone,Shoe\nA,2125550102,1\nB,12,2\n\"C\n\",2125550103,3")
    let reply = try harness.call("import.preview", ["importID": id])
    #expect(
      reply["counts"]
        == ["rows": 3, "valid": 2, "invalid": 1, "existing": 1, "toAdd": 1, "toUpdate": 1])
    let rows = reply["rows"]?.arrayValue ?? []
    #expect(rows.map { $0["state"] } == ["existing", "invalid", "valid"])
    #expect(rows[1]["line"] == 3)
    #expect(rows[1]["field"] == "phone1")
    #expect(rows[1]["reason"] == "too-short")
    #expect(reply["columns"]?[2] == ["column": "Shoe", "fields": []])
  }

  @Test("pages of a preview come one after the other")
  func pages() throws {
    let harness = try harness()
    let id = try harness.send("phone\n" + (0..<25).map { "21255501\(10 + $0)\n" }.joined())
    var rows: [Int64] = []
    var cursor: JSON = .null
    repeat {
      var params: JSONObject = ["importID": id, "limit": 10, "rows": "valid"]
      if !cursor.isNull { params["cursor"] = cursor }
      let page = try harness.call("import.preview", .object(params))
      rows += (page["rows"]?.arrayValue ?? []).compactMap { $0["row"]?.integerValue }
      cursor = page["nextCursor"] ?? .null
    } while !cursor.isNull
    #expect(rows == Array(1...25))
  }

  @Test("rows are edited by column or field, dropped, and the file is there as it then stands")
  func edits() throws {
    let harness = try harness()
    let id = try harness.send("id,phone,note\nA,12,\"x, y\"\nB,2125550102,\nC,2125550103,z\n")
    let row = try harness.call("import.edit", ["importID": id, "row": 1, "values": ["phone1": "212 555 0101"]])
    #expect(row["state"] == "valid")
    #expect(try harness.call("import.drop", ["importID": id, "rows": [3, 9]])["dropped"] == 1)
    let file = try harness.call("import.download", ["importID": id])["data"]
    #expect(file == "id,phone,note\r\nA,212 555 0101,\"x, y\"\r\nB,2125550102,\r\n")
    #expect(counts(try harness.call("import.commit", ["importID": id])) == ["added": 2])
  }

  @Test("a dry run of edit, drop and commit changes nothing")
  func dryRuns() throws {
    let harness = try harness()
    let id = try harness.send("id,phone\nA,12\nB,2125550102\n")
    let before = try harness.call("import.preview", ["importID": id])
    try harness.call("import.edit", ["importID": id, "row": 1, "values": ["phone": "2125550101"], "dryRun": true])
    try harness.call("import.drop", ["importID": id, "rows": [2], "dryRun": true])
    #expect(try harness.call("import.commit", ["importID": id, "dryRun": true])["toAdd"] == 1)
    #expect(try harness.call("import.preview", ["importID": id]) == before)
    #expect(try harness.leads().isEmpty)
  }

  @Test("a piece at a wrong offset is a conflict that names where to go on")
  func wrongOffset() throws {
    let harness = try harness()
    let id = try harness.send("phone\n2125550101\n")
    let error = #expect(throws: RequestError.self) { try harness.write(id, "2125550102\n", at: 3) }
    #expect(error?.reason == .conflict)
    #expect(error?.details["received"] == 17)
    try harness.write(id, "2125550102\n", at: 17)
    #expect(try harness.call("import.status", ["importID": id])["rows"] == 2)
  }

  @Test("a look at a file that is not whole takes nothing from what comes after")
  func lookedAtBetween() throws {
    let harness = try harness()
    let id = try harness.send("phone\n212555")
    #expect(try harness.call("import.preview", ["importID": id])["counts"]?["invalid"] == 1)
    try harness.write(id, "0101\n", at: 12)
    #expect(try harness.call("import.preview", ["importID": id])["counts"]?["valid"] == 1)
    #expect(counts(try harness.call("import.commit", ["importID": id])) == ["added": 1])
  }

  @Test("rubbish is refused with a sentence, and so is what follows it")
  func rubbish() throws {
    let harness = try harness()
    let id = try harness.send("phone\n")
    for _ in 0..<2 {
      let error = #expect(throws: RequestError.self) { try harness.write(id, "\u{0}\u{1}", at: 6) }
      #expect(error?.details["problem"] == "binary")
    }
    #expect(try harness.call("import.status", ["importID": id])["problem"] == "binary")
    #expect(throws: RequestError.self) { try harness.call("import.commit", ["importID": id]) }
    try harness.call("import.cancel", ["importID": id])
    #expect(try harness.leads().isEmpty)
  }

  // MARK: - What a row does to a lead that is there

  static let matches: [(what: String, options: JSONObject, file: String, summary: [String: Int64], leads: [String])] = [
    (
      "a known customer key updates and keeps what the file does not fill", [:],
      "id,phone\nA,2125550199\nN,2125550109\n", ["added": 1, "updated": 1],
      ["1|A|+12125550199|Ann|NEW", "1|N|+12125550109|null|NEW", "2|B|+12125550102|Bob|NEW"]
    ),
    (
      "add makes a second record", ["onMatch": "add"], "id,phone\nA,2125550199\n", ["added": 1],
      ["1|A|+12125550101|Ann|NEW", "1|A|+12125550199|null|NEW", "2|B|+12125550102|Bob|NEW"]
    ),
    (
      "the same number in any list of the tenant is updated where it stands",
      ["match": "phone", "scope": "tenant"], "id,phone,first\nB,2125550102,Bea\n", ["updated": 1],
      ["1|A|+12125550101|Ann|NEW", "2|B|+12125550102|Bea|NEW"]
    ),
    (
      "or moved with the new data", ["match": "phone", "scope": "tenant", "onMatch": "move"],
      "phone,first\n2125550102,Bea\n", ["moved": 1], ["1|A|+12125550101|Ann|NEW", "1|B|+12125550102|Bea|NEW"]
    ),
    (
      "a match outside the scope is none", ["match": "phone"], "phone,first\n2125550102,Bea\n", ["added": 1],
      ["1|A|+12125550101|Ann|NEW", "1|null|+12125550102|Bea|NEW", "2|B|+12125550102|Bob|NEW"]
    ),
    (
      "skip leaves it", ["onMatch": "skip"], "id,phone\nA,2125550199\n", ["skipped": 1],
      ["1|A|+12125550101|Ann|NEW", "2|B|+12125550102|Bob|NEW"]
    ),
    (
      "reject makes the row invalid", ["onMatch": "reject"], "id,phone\nA,2125550199\n", ["invalid": 1],
      ["1|A|+12125550101|Ann|NEW", "2|B|+12125550102|Bob|NEW"]
    ),
    (
      "the same number and email is added as a duplicate", ["match": "phone+email", "onMatch": "duplicate"],
      "phone,email,first\n2125550101,A@x.org,Zoe\n2125550101,b@x.org,Yan\n", ["added": 1, "duplicates": 1],
      [
        "1|A|+12125550101|Ann|NEW", "1|null|+12125550101|Yan|NEW", "1|null|+12125550101|Zoe|DUP",
        "2|B|+12125550102|Bob|NEW",
      ]
    ),
    (
      "the same number from the same source updates, from another it adds", ["match": "phone+source"],
      "phone,source,first\n2125550101,web,Zoe\n2125550101,fair,Yan\n", ["added": 1, "updated": 1],
      ["1|A|+12125550101|Zoe|NEW", "1|null|+12125550101|Yan|NEW", "2|B|+12125550102|Bob|NEW"]
    ),
    (
      "rows of one file match each other", [:], "id,phone,first\nN,2125550108,One\nN,2125550109,Two\n",
      ["added": 1, "updated": 1],
      ["1|A|+12125550101|Ann|NEW", "1|N|+12125550109|Two|NEW", "2|B|+12125550102|Bob|NEW"]
    ),
    (
      "name and email together are one", ["match": "name+email", "scope": "tenant", "onMatch": "skip"],
      "phone,first,email\n2125550188,ANN,a@X.org\n2125550188,Ann,other@x.org\n", ["added": 1, "skipped": 1],
      ["1|A|+12125550101|Ann|NEW", "1|null|+12125550188|Ann|NEW", "2|B|+12125550102|Bob|NEW"]
    ),
  ]

  @Test("a row meets a lead that is there", arguments: matches.map(\.what))
  func matching(what: String) throws {
    let rule = try #require(Self.matches.first { $0.what == what })
    let harness = try harness()
    try harness.load("id,phone,first,email,source\nA,2125550101,Ann,a@x.org,web\n")
    try harness.load("id,phone,first\nB,2125550102,Bob\n", list: 2)
    #expect(counts(try harness.load(rule.file, rule.options)) == rule.summary)
    #expect(try harness.leads(Self.short) == rule.leads)
  }

  @Test("rows of one file match each other across the chunks of a commit")
  func acrossChunks() throws {
    let harness = try harness()
    let count = 3 * StagedImport.chunkRows
    let rows = (0..<count).map { "K\($0 % (count / 2)),\(2_125_000_000 + 4_000_000 + $0)\n" }
    let summary = try harness.load("id,phone\n" + rows.joined())
    #expect(counts(summary) == ["added": Int64(count / 2), "updated": Int64(count / 2)])
    #expect(try harness.leads(["phone1"]).count == count / 2)
  }

  @Test("imported leads are dialled, and not before the commit")
  func dialable() throws {
    let harness = try harness()
    try harness.call("campaign.create", ["campaignID": "c"])
    try harness.call("campaign.assignList", ["campaignID": "c", "listID": 1, "toDial": true])
    let id = try harness.send("phone\n2125550101\n2125550102\n")
    #expect(try harness.call("campaign.explain", ["campaignID": "c"])["total"] == 0)
    try harness.call("import.commit", ["importID": id])
    #expect(try harness.call("campaign.explain", ["campaignID": "c"])["total"] == 2)
  }

  @Test("nothing of a finished import is left but its summary")
  func finished() throws {
    let harness = try harness()
    let kept = try harness.send("phone\n2125550101\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: harness.desk.directory).count >= 1)
    let summary = try harness.call("import.commit", ["importID": kept])
    let cancelled = try harness.send("phone\n2125550102\n")
    try harness.call("import.cancel", ["importID": cancelled])
    #expect(try FileManager.default.contentsOfDirectory(atPath: harness.desk.directory).isEmpty)
    #expect(try harness.call("import.commit", ["importID": kept]) == summary)
    #expect(try harness.call("import.status", ["importID": cancelled])["state"] == "cancelled")
    #expect(throws: RequestError.self) { try harness.call("import.commit", ["importID": cancelled]) }
  }

  @Test("a lead that is deleted goes out of files that wait as well")
  func deleted() throws {
    let harness = try harness()
    try harness.load("id,phone\nA,2125550101\n")
    let id = try harness.send("id,phone\nA,2125550111\nX,2125550101\nY,2125550112\nA,12\n")
    try harness.call("lead.delete", ["vendorLeadCode": "A"])
    let file = try harness.call("import.download", ["importID": id])["data"]
    #expect(file == "id,phone\r\nY,2125550112\r\n")
    #expect(try harness.call("import.status", ["importID": id])["rows"] == 1)
  }

  @Test("a template keeps how a file is read, also from an import, for its tenant")
  func templates() throws {
    let harness = try harness()
    let options: JSONObject = ["mapping": ["Nummer": ["phone1", "custom.raw"]], "region": "DE"]
    let id = try harness.send("Nummer\n030 123456\n", options)
    try harness.call("template.put", ["template": "de", "importID": id])
    let summary = try harness.load("Nummer\n030 123457\n", list: 2, ["template": "de"])
    #expect(counts(summary) == ["added": 1])
    #expect(try harness.leads(["phone1", "custom"]) == ["+4930123457|{\"raw\":\"030 123457\"}"])
    let other = Peer(userID: 9, role: .crm, tenant: TenantID("other"))
    #expect(try harness.call("template.list", [:], as: other)["templates"] == [])
    #expect(try harness.call("import.list", [:], as: other)["imports"] == [])
    #expect(throws: RequestError.self) { try harness.call("import.preview", ["importID": id], as: other) }
  }

  @Test("a file on this machine is read from a configured directory, and from no other")
  func files() throws {
    let harness = try ImportHarness { $0.importDirectories = [NSTemporaryDirectory()] }
    try harness.call("list.create", ["listID": 1, "name": "L"])
    let path = harness.folder + "/leads.csv"
    try Data("id,phone\nA,2125550101\n".utf8).write(to: URL(fileURLWithPath: path))
    let id = try harness.call("import.open", ["listID": 1, "path": .string(path)])["importID"] ?? .null
    #expect(counts(try harness.call("import.commit", ["importID": id])) == ["added": 1])
    let link = harness.folder + "/link.csv"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/etc/passwd")
    for wrong in ["/etc/passwd", link, path + "x"] {
      #expect(throws: RequestError.self) { try harness.call("import.open", ["listID": 1, "path": .string(wrong)]) }
    }
  }
}
