import ControlProtocol
import DialerModel
import Testing

@testable import dialerctl

@Suite("Random input")
struct RandomInputTests {
  /// Whole words and broken ones, so that random lines get past the first word.
  private static let pieces: [String] =
    MethodTable.methods.flatMap { [$0.name] + $0.name.split(separator: ".").map(String.init) }
    + Set(MethodTable.methods.flatMap { $0.parameters.map { "--\($0.name)" } }).sorted()
    + [
      "events", "status", "help", "-h", "--help", "--json", "--all", "--follow", "--watch", "--params", "--clear",
      "--timeout", "--custom.", "--custom.a", "--filter.leadID", "--no-active", "--no-", "--", "-", "", "=", "--=",
      "--=1",
      "{", "{}", "[", "[1]", #"{"status":"NEW"}"#, "null", "true", "-1", "1e400", "99999999999999999999", ",", "a,b",
      "\u{0}", "\u{1B}[2J", "e\u{301}",
    ]

  @Test("no command line ends the program but with a status", arguments: 1...4)
  func commandLine(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var readable = 0
    for _ in 0..<2000 {
      let words = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        var word = Self.pieces.randomElement(using: &generator) ?? ""
        if Int.random(in: 0..<4, using: &generator) == 0 {
          word += "=" + (Self.pieces.randomElement(using: &generator) ?? "")
        }
        return word
      }
      let host = FakeHost()
      let status = Program.run(words, on: host)
      #expect([0, 64, 65, 69, 78].contains(status), "\(words)")
      if status == 0 || status == 69 { readable += 1 }
      #expect(status == 0 || host.errors.hasPrefix("dialerctl: "))
      #expect(!host.errors.unicodeScalars.contains("\u{1B}"))
    }
    #expect(readable > 0)
  }

  @Test("no answer of a daemon ends the program but with a status", arguments: 1...4)
  func answers(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let whole = Array(answer(1, MethodTable.method("daemon.status")?.example.text ?? "").utf8)
    for cut in whole.indices {
      var bytes = Array(whole[..<cut])
      if seed > 1 {
        bytes = whole.map {
          Int.random(in: 0..<20, using: &generator) == 0 ? UInt8.random(in: 32...126, using: &generator) : $0
        }
      }
      let host = FakeHost(replies: [String(decoding: bytes, as: UTF8.self)])
      let status = run("daemon status", on: host)
      if seed == 1 { #expect(status == 76) }
      #expect([0, 1, 76].contains(status))
      #expect((status == 0) == host.errors.isEmpty)
    }
  }
}
