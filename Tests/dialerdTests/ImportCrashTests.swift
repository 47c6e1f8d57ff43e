import ControlProtocol
import DialerModel
import Foundation
import Testing

@testable import DialerEngine
@testable import dialerd

@Suite("Imports and crashes")
struct ImportCrashTests {
  /// A file with rows that are new, known, twice in it, and wrong; and what is done to it before it is committed.
  private struct Course {
    var file: [UInt8]
    var edits: [(row: Int64, phone: String)] = []
    var drops: [Int64] = []
    var options: JSONObject
    var rules: [JSON] = []

    init(seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      var text = "id,phone,first,note\r\n"
      let rows = Int.random(in: 5...60, using: &generator)
      for row in 0..<rows {
        let code = "K\(Int.random(in: 0..<40, using: &generator))"
        // Some that are none, and some that another row or a lead has.
        let kind = Int.random(in: 0..<8, using: &generator)
        let phone = kind == 0 ? "12" : "21255\(kind == 1 ? 7 : 5)\(1000 + row / (kind == 2 ? 2 : 1))"
        text += "\(code),\(phone),\"N\(row)\r\nx\",\"a\"\"b\"\r\n"
        if Int.random(in: 0..<6, using: &generator) == 0 { edits.append((Int64(row + 1), "212556\(1000 + row)")) }
        if Int.random(in: 0..<9, using: &generator) == 0 { drops.append(Int64(row + 1)) }
      }
      file = Array(text.utf8)
      let onMatch = ["update", "move", "skip", "duplicate", "add"][Int.random(in: 0..<5, using: &generator)]
      options = ["listID": 2, "onMatch": .string(onMatch), "scope": "tenant"]
      guard seed % 2 == 0 else { return }
      rules = [
        ["field": "firstName", "type": "text", "maximumLength": 2],
        ["field": "phone1", "type": "phone", "unique": true, "required": true],
      ]
    }
  }

  private func prepare(_ rules: [JSON] = []) throws -> ImportHarness {
    let harness = try ImportHarness()
    for rule in rules { try harness.call("field.put", rule) }
    for list in 1...2 { try harness.call("list.create", ["listID": JSON(list), "name": .string("L\(list)")]) }
    try harness.load("id,phone,first,state\n" + (0..<15).map { "K\($0),212557\(1000 + $0),Old,NY\n" }.joined())
    return harness
  }

  /// Without a crash, the file in one piece.
  private func plain(_ course: Course) throws -> (leads: [String], summary: JSON) {
    let harness = try prepare(course.rules)
    let id = try harness.call("import.open", .object(course.options))["importID"] ?? .null
    try harness.write(id, String(decoding: course.file, as: UTF8.self))
    for edit in course.edits {
      try harness.call(
        "import.edit", ["importID": id, "row": JSON(edit.row), "values": ["phone": .string(edit.phone)]])
    }
    if !course.drops.isEmpty {
      try harness.call("import.drop", ["importID": id, "rows": .array(course.drops.map { JSON($0) })])
    }
    let summary = try harness.call("import.commit", ["importID": id])
    return (try harness.leads(), summary)
  }

  /// Does it again and again until it is answered, each time a step further into it.
  private func persist(
    _ harness: ImportHarness, _ generator: inout SeededGenerator, _ body: () throws -> JSON
  ) throws -> JSON {
    for attempt in 0..<8 {
      harness.stepsLeft = attempt < 6 ? Int.random(in: 0...6 + attempt * 2, using: &generator) : nil
      do {
        let answer = try body()
        harness.stepsLeft = nil
        return answer
      } catch is ImportHarness.Crashed {
        try harness.restart()
      }
    }
    throw RequestError.internalError("it was not answered")
  }

  @Test(
    "import, edit, kill, resume and commit end in the same leads as a plain import",
    arguments: Array(1...12 as ClosedRange<UInt64>))
  func sameLeads(seed: UInt64) throws {
    let course = Course(seed: seed)
    let expected = try plain(course)
    var generator = SeededGenerator(seed: seed &* 7919)
    let harness = try prepare(course.rules)
    // Opening twice would be another import, so it is not killed.
    let id = try harness.call("import.open", .object(course.options))["importID"] ?? .null
    while true {
      let received = try persist(harness, &generator) { try harness.call("import.status", ["importID": id]) }[
        "received"]
      let start = Int(received?.integerValue ?? 0)
      guard start < course.file.count else { break }
      let end = min(course.file.count, start + Int.random(in: 1...700, using: &generator))
      _ = try persist(harness, &generator) {
        // It may be there already: the answer was lost, and not the piece.
        let there = try harness.call("import.status", ["importID": id])["received"]?.integerValue ?? 0
        if there < end {
          try harness.write(id, String(decoding: course.file[Int(there)..<end], as: UTF8.self), at: Int(there))
        }
        return .null
      }
    }
    for edit in course.edits {
      _ = try persist(harness, &generator) {
        try harness.call(
          "import.edit", ["importID": id, "row": JSON(edit.row), "values": ["phone": .string(edit.phone)]])
      }
    }
    if !course.drops.isEmpty {
      _ = try persist(harness, &generator) {
        try harness.call("import.drop", ["importID": id, "rows": .array(course.drops.map { JSON($0) })])
      }
    }
    let summary = try persist(harness, &generator) { try harness.call("import.commit", ["importID": id]) }
    try harness.settle()
    #expect(summary == expected.summary)
    #expect(try harness.leads() == expected.leads)
    #expect(harness.crashes > 0, "it was killed")
  }

  @Test("a crash at any step of a commit shows all of the new leads or none, and ends in all")
  func allOrNothing() throws {
    let file = "id,phone\n" + (0..<30).map { "N\($0),212558\(1000 + $0)\n" }.joined()
    var seen: Set<Int> = []
    var steps = 0
    while true {
      let harness = try prepare()
      let id = try harness.send(file, list: 2)
      harness.stepsLeft = steps
      do {
        try harness.call("import.commit", ["importID": id])
        harness.stepsLeft = nil
        #expect(try harness.leads().count == 45)
        break
      } catch is ImportHarness.Crashed {}
      try harness.restart()
      // What is there before anything goes on.
      seen.insert(harness.engine.leads.count)
      try harness.settle()
      let count = try harness.leads().count
      if count == 15 { try harness.call("import.commit", ["importID": id]) }
      #expect(try harness.leads().count == 45, "after \(steps) steps")
      #expect(try harness.call("import.status", ["importID": id])["state"] == "committed")
      steps += 1
    }
    #expect(steps > 5, "there were steps to die before")
    #expect(seen == [15, 45])
  }
}
