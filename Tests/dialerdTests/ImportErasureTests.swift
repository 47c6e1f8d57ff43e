import ControlProtocol
import DialerModel
import Foundation
import LeadStore
import Testing

@testable import DialerEngine
@testable import dialerd

/// Who is deleted is in no file that was sent before, whatever happens on the way.
@Suite("Deleting and open imports")
struct ImportErasureTests {
  private static let secret = "Qwertzuiop"

  private func harness() throws -> ImportHarness {
    let harness = try ImportHarness()
    try harness.call("list.create", ["listID": 1, "name": "L"])
    try harness.load("id,phone\nA,2125550101\n")
    return harness
  }

  /// The staged files that hold the text.
  private func files(_ harness: ImportHarness, with text: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: harness.desk.directory).filter { name in
      let data = try Data(contentsOf: URL(fileURLWithPath: harness.desk.directory + "/" + name))
      return data.range(of: Data(text.utf8)) != nil
    }
  }

  private static let file =
    "id,phone,first\nA,2125550111,\(secret)\nB,2125550101,\(secret)\nY,2125550112,Yan\nA,12,\(secret)\n"

  @Test(
    "a crash at any step of a deletion leaves nobody behind in the files",
    arguments: [("lead.delete", ["vendorLeadCode": "A"]), ("list.delete", ["listID": 1])] as [(String, JSON)])
  func crash(_ method: String, _ params: JSON) throws {
    var steps = 0
    var wasBetween = false
    while true {
      let harness = try harness()
      try harness.call("list.create", ["listID": 2, "name": "Other"])
      let id = try harness.send(Self.file, list: 2)
      #expect(try !files(harness, with: Self.secret).isEmpty)
      harness.stepsLeft = steps
      var isOver = false
      do {
        try harness.call(method, params)
        harness.stepsLeft = nil
        isOver = true
      } catch is ImportHarness.Crashed {
        try harness.restart()
        // The lead is gone, and its rows are there still.
        if harness.engine.leads.count == 0, try !files(harness, with: Self.secret).isEmpty { wasBetween = true }
        try harness.settle()
        if harness.engine.leads.count > 0 { try harness.call(method, params) }
      }
      #expect(try files(harness, with: Self.secret).isEmpty, "after \(steps) steps")
      let file = try harness.call("import.download", ["importID": id])["data"]
      #expect(file == "id,phone,first\r\nY,2125550112,Yan\r\n")
      let counts = try harness.call("import.preview", ["importID": id])["counts"]
      #expect(counts?["valid"] == 1 && counts?["invalid"] == 0)
      #expect(harness.engine.imports.erasures.isEmpty)
      try harness.restart()
      #expect(harness.engine.imports.erasures.isEmpty, "what was done is not kept")
      if isOver { break }
      steps += 1
    }
    #expect(wasBetween)
  }

  @Test("a list that goes in many pieces goes out of the files in few passes, also of another tenant's")
  func manyPieces() throws {
    let harness = try ImportHarness()
    try harness.call("list.create", ["listID": 1, "name": "L", "tenant": "t"])
    try harness.call("list.create", ["listID": 2, "name": "Other", "tenant": "t"])
    try harness.call("campaign.create", ["campaignID": "c"])
    let count = 4 * Engine.Bounds.bulkBesideCalls
    let rows = (0..<count).map { "K\($0),646555\(1000 + $0),\(Self.secret)\n" }.joined()
    try harness.load("id,phone,first\n" + rows)
    let id = try harness.send("id,phone,first\nY,2125550112,Yan\n" + rows, list: 2)
    try harness.call("campaign.start", ["campaignID": "c"])
    harness.erasesSlowly = true
    #expect(try harness.call("list.delete", ["listID": 1])["leads"] == JSON(count))
    #expect(harness.erasures == 2)
    #expect(
      try harness.call("import.download", ["importID": id])["data"] == "id,phone,first\r\nY,2125550112,Yan\r\n")
    #expect(harness.engine.imports.erasures.isEmpty)
  }

  @Test("rows of a list that is deleted become no leads, wherever their commit is")
  func listDuringCommit() throws {
    var count = 0
    for turn in stride(from: 1, through: 40, by: 2) {
      let harness = try harness()
      try harness.call("list.create", ["listID": 2, "name": "Other"])
      try harness.call("campaign.create", ["campaignID": "c"])
      let gone = (0..<Engine.Bounds.bulkBesideCalls + 50).map { "G\($0),917555\(1000 + $0),\(Self.secret)\n" }.joined()
      try harness.load("id,phone,first\n" + gone)
      try harness.call("campaign.start", ["campaignID": "c"])
      let rows = (0..<Engine.Bounds.committedBesideCalls).map { "K\($0),646555\(1000 + $0),N\n" }.joined()
      let id = try harness.send("id,phone,first\n" + rows + gone, list: 2)
      var left = turn
      var wasHidden = false
      harness.onTurn = {
        left -= 1
        if left == 0 { _ = try harness.ask("list.delete", ["listID": 1]) }
        if left == -1 { wasHidden = harness.engine.imports.commit?.phase == .adding }
      }
      try harness.call("import.commit", ["importID": id])
      harness.onTurn = nil
      try harness.settle()
      guard wasHidden else { continue }
      count += 1
      let names = try harness.leads(["firstName"])
      #expect(names.count == Engine.Bounds.committedBesideCalls && names.allSatisfy { $0 == "N" }, "in turn \(turn)")
    }
    #expect(count > 3)
  }

  @Test("the beginning of a row goes as well, and what comes of it later is passed over")
  func unfinishedRow() throws {
    let harness = try harness()
    let begun = "id,phone,first\nY,2125550112,Yan\nA,2125550111,\"\(Self.secret)\n,"
    let id = try harness.call("import.open", ["listID": 1])["importID"] ?? .null
    try harness.write(id, begun)
    let whole = "id,phone,first\nY,2125550112,Yan\nA,2125550111,\(Self.secret)"
    let other = try harness.send(whole)
    try harness.call("lead.delete", ["vendorLeadCode": "A"])
    try harness.write(other, " the rest,\nZ,2125550113,Zoe\n", at: whole.utf8.count)
    #expect(
      try harness.call("import.download", ["importID": other])["data"]
        == "id,phone,first\r\nY,2125550112,Yan\r\nZ,2125550113,Zoe\r\n")
    #expect(try harness.call("import.status", ["importID": other])["received"] == JSON(whole.utf8.count + 28))
    #expect(try files(harness, with: Self.secret).allSatisfy { $0.hasPrefix(id.stringValue ?? "") })
  }

  @Test("a row that was about to become a lead does not, wherever its commit is")
  func duringCommit() throws {
    var count = 0
    for turn in 1...40 {
      let harness = try harness()
      try harness.call("campaign.create", ["campaignID": "c"])
      try harness.call("campaign.start", ["campaignID": "c"])
      let rows = (0..<2 * Engine.Bounds.committedBesideCalls).map { "K\($0),646555\(1000 + $0),N\n" }.joined()
      let id = try harness.send("id,phone,first\nB,2125550101,\(Self.secret)\n" + rows)
      var left = turn
      var wasHidden = false
      harness.onTurn = {
        left -= 1
        if left == 0 { _ = try harness.ask("lead.delete", ["vendorLeadCode": "A"]) }
        // In the turn of the deletion itself nothing was shown.
        if left == -1 { wasHidden = harness.engine.imports.commit?.phase == .adding }
      }
      let summary = try harness.call("import.commit", ["importID": id])
      harness.onTurn = nil
      guard wasHidden else { continue }
      count += 1
      #expect(summary["added"] == JSON(2 * Engine.Bounds.committedBesideCalls), "in turn \(turn)")
      #expect(try harness.leads(["firstName"]).allSatisfy { $0 == "N" }, "in turn \(turn)")
    }
    #expect(count > 3)
  }

  @Test("what was staged is overwritten before it is taken away")
  func overwritten() throws {
    for end in ["import.cancel", "import.commit"] {
      let harness = try harness()
      let id = try harness.send(Self.file)
      // A name of its own keeps the file for us to look at.
      let path = harness.desk.path(ImportID(id.stringValue ?? ""))
      for suffix in ["", "-wal"] {
        try FileManager.default.linkItem(atPath: path + suffix, toPath: harness.folder + "/kept" + suffix)
      }
      try harness.call(end, ["importID": id])
      for suffix in ["", "-wal"] {
        #expect(!FileManager.default.fileExists(atPath: path + suffix))
        let data = try Data(contentsOf: URL(fileURLWithPath: harness.folder + "/kept" + suffix))
        #expect(!data.isEmpty && data.allSatisfy { $0 == 0 }, "\(end) \(suffix)")
      }
    }
  }

  @Test("an answer that is remembered for a requestID shows no row of a file")
  func rememberedAnswer() throws {
    let harness = try harness()
    let id = try harness.send(Self.file)
    let edit: JSON = ["importID": id, "row": 3, "values": ["first": .string(Self.secret)], "requestID": "r"]
    #expect(try harness.call("import.edit", edit)["values"]?["first"] == .string(Self.secret))
    let again = try harness.call("import.edit", edit)
    #expect(again["state"] == "valid" && again["values"] == nil)
  }
}
