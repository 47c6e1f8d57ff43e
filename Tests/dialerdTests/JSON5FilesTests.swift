import DialerModel
import Testing

@testable import dialerd

struct JSON5FilesTests {
  @Test(
    "a shipped file has the values that Foundation reads in it",
    arguments: [
      "dialerd.json5", "calling-hours/us-federal.json5", "time-zones/us-states.json5", "time-zones/ca-provinces.json5",
      "time-zones/au-states.json5",
    ])
  func agreesWithFoundation(_ path: String) throws {
    let ours = FoundationJSON(try JSON5Parser.value(of: try ShippedFile.bytes(path)))
    #expect(try ShippedFile.json5(path) == ours)
  }

  @Test("the sample cut at any byte before its end is a fault within it")
  func cuts() throws {
    let bytes = try ShippedFile.bytes("dialerd.json5")
    let end = try #require(bytes.lastIndex(of: UInt8(ascii: "}")))
    for length in 0...end {
      let fault = #expect(throws: JSON5Fault.self) { try JSON5Parser.value(of: Array(bytes[..<length])) }
      #expect(fault.map { (0...length).contains($0.offset) } == true)
    }
  }

  @Test("any bytes are read or are a fault within them", arguments: 1...40 as ClosedRange<UInt64>)
  func randomBytes(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let sample = try ShippedFile.bytes("dialerd.json5")
    let alphabet = Array("{}[]:,'\"\\/*\n\r 0123456789+-.eExXuabn_$\u{2028}é".utf8) + [0, 0xFF, 0xE2, 0xF0]
    for round in 0..<50 {
      var bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
        round % 2 == 0 ? UInt8.random(in: 0...255, using: &generator) : alphabet.randomElement(using: &generator)!
      }
      if round % 10 == 9 {
        var changed = sample
        changed.replaceSubrange(
          Int.random(in: 0..<sample.count, using: &generator)..<sample.count, with: bytes + sample.suffix(200))
        bytes = changed
      }
      do throws(ConfigurationFaults) {
        _ = try Configuration.parse(bytes, path: "/etc/dialerd/x.json5", surroundings: .machine())
      } catch {
        #expect(!error.faults.isEmpty)
        let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
        #expect(error.faults.allSatisfy { $0.position.map { (1...lines).contains($0.line) } ?? true })
      }
    }
  }
}
