import DialerModel
import Foundation
import PhoneNumbers
import Testing

@testable import dialerd

@Suite("Files of numbers")
struct NumberFilesTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("numbers-\(UUID())").path
  private let id = ImportID("d1")
  private var files: NumberFiles { NumberFiles(folder: folder) }

  private func plan() throws -> NumberingPlan {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try NumberingPlan(json: Data(contentsOf: root.appendingPathComponent("Config/numbering-plan.json")))
  }

  private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  private func removed<Result>(_ body: () throws -> Result) rethrows -> Result {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body()
  }

  @Test("what is sent is kept at its place, a piece that is sent twice changes nothing, and a gap is refused")
  func writes() throws {
    try removed {
      try files.create(id)
      #expect(try files.write(id, offset: 0, base64: base64("+12125550123\n")) == 13)
      #expect(try files.write(id, offset: 0, base64: base64("+12125550123\n")) == 13)
      #expect(throws: NumberFiles.Fault.self) { try files.write(id, offset: 14, base64: base64("x")) }
      #expect(throws: NumberFiles.Fault.self) { try files.write(id, offset: 13, base64: "*") }
      #expect(try files.write(id, offset: 13, base64: base64("+12125550124")) == 25)
      #expect(try files.size(id, path: nil) == 25)
    }
  }

  @Test("numbers come out sorted, each once, and prefixes behind them, in pieces of any size")
  func sorts() throws {
    try removed {
      try files.create(id)
      let text = (0..<5000).map { "+1212\(2_000_000 + $0 * 7919 % 5000)\n" }.joined()
      _ = try files.write(id, offset: 0, base64: base64(text + "+12122000001\nx\n+61*\n+12125*"))
      var seen: (Int64, Int) = (0, 0)
      let counts = try files.sort(id, path: nil, plan: try plan(), region: "US") { seen = ($0, $1) }
      #expect(counts.numbers == 5000 && counts.prefixes == 2 && counts.duplicates == 1 && counts.invalid == 1)
      #expect(counts.lines == 5004 && counts.faults.map(\.line) == [5002])
      #expect(seen.0 == (try files.size(id, path: nil)) && seen.1 == 5004)
      var numbers: [UInt64] = []
      while case let piece = try files.piece(id, from: numbers.count, count: 777), !piece.isEmpty { numbers += piece }
      #expect(Array(numbers.dropLast(2)) == (0..<5000).map { 12_122_000_000 + UInt64($0) })
      #expect(numbers.suffix(2) == [61 | NumberLines.prefixBit, 12125 | NumberLines.prefixBit])
      files.sweep(keeping: [id])
      #expect(try files.piece(id, from: 0, count: 1).count == 1)
      files.sweep(keeping: [])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test(
    "a file that is not text, or has no line ends, is refused",
    arguments: ["\u{1}\n", String(repeating: "1", count: 9 << 20)])
  func refused(_ text: String) throws {
    try removed {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let path = folder + "/list"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(throws: NumberFiles.Fault.self) {
        try files.sort(id, path: path, plan: try plan(), region: "US") { _, _ in }
      }
      #expect(throws: NumberFiles.Fault.self) { try files.check(folder) }
    }
  }
}
