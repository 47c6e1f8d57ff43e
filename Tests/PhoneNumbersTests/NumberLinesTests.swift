import DialerModel
import Testing

@testable import PhoneNumbers

@Suite("Lines of numbers")
struct NumberLinesTests {
  let plan: NumberingPlan

  init() throws { plan = try ShippedData.plan.get() }

  private func read(_ text: String, isFirst: Bool = true, region: String? = "US") -> NumberLines {
    read(Array(text.utf8), isFirst: isFirst, region: region)
  }

  private func read(_ bytes: [UInt8], isFirst: Bool = true, region: String? = "US") -> NumberLines {
    bytes.withUnsafeBufferPointer { NumberLines($0, isFirst: isFirst, plan: plan, region: region) }
  }

  @Test(
    "a number is read as people and registries write it",
    arguments: [
      "+12125551234", "2125551234", "(212) 555-1234", "  212-555-1234\t", "\"+1 212 555 1234\",\"2026-11-20\"",
      "+12125551234;x", "2125551234\tNY", "'+12125551234", "212,5551234", "212,5551234\r", "\u{FEFF}+12125551234",
      "# numbers\n\n+12125551234\n", "phone,since\r\n+12125551234,2026\r\n", "Phone1\n212.555.1234",
    ])
  func numbers(_ text: String) {
    let lines = read(text)
    #expect(lines.numbers == [12_125_551_234])
    #expect(lines.invalid == 0 && lines.faults.isEmpty)
  }

  @Test("a prefix is told from a number, and stands behind all numbers when they are sorted")
  func prefixes() {
    let lines = read("+61298*\n+999999999999999*\n+12125551234\n")
    #expect(
      lines.numbers.sorted() == [
        12_125_551_234, 61298 | NumberLines.prefixBit, 999_999_999_999_999 | NumberLines.prefixBit,
      ])
    #expect(lines.invalid == 0)
  }

  @Test(
    "a line that is no number is named with its reason and the lines around it are taken",
    arguments: [
      ("12", "too-short"), ("name", "not-a-number"), ("+0*", "not-a-prefix"), ("+*", "not-a-prefix"),
      ("61298*", "not-a-prefix"), ("+6129x*", "not-a-prefix"), ("+1234567890123456*", "not-a-prefix"),
      ("+1 000 000 0000", "not-in-plan"), ("212,555123", "too-short"), ("*", "not-a-prefix"),
    ])
  func invalid(_ text: String, _ reason: String) {
    let lines = read("+12125551234\n\(text)\n+12125551235")
    #expect(lines.numbers == [12_125_551_234, 12_125_551_235])
    #expect(lines.lines == 3 && lines.invalid == 1)
    #expect(lines.faults.first?.line == 2)
    #expect(lines.faults.first?.reason == reason)
    #expect(lines.faults.first?.message.isEmpty == false)
  }

  @Test("without a region a national number is invalid, and one with its country code is not")
  func noRegion() {
    let lines = read("2125551234\n+12125551234", region: nil)
    #expect(lines.numbers == [12_125_551_234])
    #expect(lines.faults.map(\.reason) == ["no-region"])
  }

  @Test("only the first hundred invalid lines are named, and all are counted; their text is shortened")
  func manyFaults() {
    let lines = read(String(repeating: "x" + String(repeating: "y", count: 500) + "\n", count: 250), isFirst: false)
    #expect(lines.invalid == 250)
    #expect(lines.faults.count == NumberLines.namedFaults)
    #expect(lines.faults.allSatisfy { $0.text.count == 64 })
    let long = read(String(repeating: "1", count: NumberLines.maximumLineBytes + 1))
    #expect(long.faults.map(\.reason) == ["line-too-long"])
  }

  @Test("a file that is no text is told from one with invalid lines")
  func binary() {
    #expect(read([0x32, 0x0A, 0x7F, 0x45, 0x4C, 0x46, 0]).binaryLine == 2)
    #expect(read("12\nname").binaryLine == nil)
  }

  @Test("a file read in pieces comes to what it comes to in one, wherever it is divided", arguments: 0..<4)
  func pieces(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let kinds = ["+12125551234", "x", "", "# c", "212,5551234", "+612*", "7", "\"+61 2 9123 4567\",a", "phone"]
    let text = (0..<300).map { _ in kinds[Int.random(in: 0..<kinds.count, using: &generator)] }
    let whole = read(text.joined(separator: "\n"))
    var joined = NumberLines()
    var start = 0
    while start < text.count {
      let end = min(text.count, start + Int.random(in: 1...40, using: &generator))
      let piece = text[start..<end].joined(separator: "\n") + (end < text.count ? "\n" : "")
      joined.append(read(piece, isFirst: start == 0))
      start = end
    }
    #expect(joined.numbers == whole.numbers)
    #expect(joined.invalid == whole.invalid && joined.faults == whole.faults)
    #expect(whole.invalid > 0)
  }

  @Test("random bytes are answered, and what comes out of them are numbers and prefixes", arguments: 0..<4)
  func randomBytes(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("0123456789+*,;\"'\n\n\r\t #x\u{0}\u{FE}".utf8)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0..<200, using: &generator)).map { _ in
        seed < 2 ? UInt8.random(in: 0...255, using: &generator) : alphabet.randomElement(using: &generator) ?? 0
      }
      let lines = read(bytes)
      #expect(lines.faults.count == min(lines.invalid, NumberLines.namedFaults))
      for number in lines.numbers {
        let digits = number & ~NumberLines.prefixBit
        #expect(digits > 0 && digits < 1_000_000_000_000_000)
        if digits == number { #expect(plan.isValid(PhoneNumber(digits: number))) }
      }
    }
  }
}
