import DialerModel
import Foundation
import Glibc
import Testing

extension EndToEnd {
  @Suite(.serialized)
  struct NumberImportTests {
    private static let count = 60_000

    @Test("a file of numbers outlives kill -9 while it is sent and while it is committed, and all of it holds after")
    func killed() throws {
      let file = Array((0..<Self.count).map { "+1212\(2_000_000 + $0)\n" }.joined().utf8)
      let daemon = try DaemonUnderTest()
      var client = try daemon.client()
      let id = try client.call("dnc.import", ["reason": "register"])["importID"] ?? .null
      func send(upTo end: Int) throws {
        var at = Int(try client.call("import.status", ["importID": id])["received"]?.integerValue ?? 0)
        while at < end {
          let next = min(end, at + 300_000)
          let data = Data(file[at..<next]).base64EncodedString()
          at = Int(
            try client.call("import.write", ["importID": id, "offset": JSON(at), "data": .string(data)])["received"]?
              .integerValue ?? 0)
        }
      }
      try send(upTo: file.count / 2)
      try daemon.kill9()
      try daemon.start()
      client = try daemon.client()
      #expect(try client.call("import.status", ["importID": id])["received"] == JSON(file.count / 2))
      try send(upTo: file.count)
      try client.ask("import.commit", ["importID": id])
      let second = try daemon.client()
      while try second.call("import.status", ["importID": id])["state"] == "open" {}
      try daemon.kill9()
      try daemon.start()
      client = try daemon.client()
      let summary = try client.call("import.commit", ["importID": id])
      #expect(summary["added"] == JSON(Self.count) && summary["present"] == 0 && summary["invalid"] == 0)
      let asked: JSON = ["phones": ["+12122000000", "+12122059999", "+12122060000"]]
      let verdicts = try client.call("dnc.check", asked)["phones"]?.arrayValue ?? []
      #expect(verdicts.map { $0["listed"] } == [true, true, false])
      #expect(daemon.folder.names("dialer.sqlite-numbers").isEmpty)
      #expect(try daemon.stop() == 0)
    }
  }
}
