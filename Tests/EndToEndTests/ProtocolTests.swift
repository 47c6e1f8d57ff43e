import DialerModel
import Testing

/// The contract of control-protocol.md at its edges.
extension EndToEnd {
  @Suite(.serialized)
  struct ProtocolTests {
    private static let maximumLine = 1 << 20

    @Test("a line of one MiB is answered, one byte more is too large and ends the connection")
    func longestLine() throws {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      let request = Array(ControlClient.line("daemon.status", id: 1).utf8)
      let padding = [UInt8](repeating: 0x20, count: Self.maximumLine - request.count)
      try client.send(request + padding + [0x0A])
      #expect(try client.reply()["result"]?["pid"]?.integerValue == Int64(daemon.processID))

      try client.send(request + padding + [0x20, 0x0A])
      let refused = try client.reply()
      #expect(refused["error"]?["data"]?["reason"] == "too-large")
      #expect(refused["error"]?["code"] == -32006)
      #expect(try client.receive() == nil, "the connection is closed")
      #expect(try daemon.client().call("daemon.status")["pid"] != nil)
    }

    @Test("requests before a line that is too long are answered, each in its place")
    func repliesBeforeTooLong() throws {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      // A change waits for the disk, and so is not answered yet when the line behind it is read.
      let change = ControlClient.line("list.create", ["listID": 9, "name": "Nine"], id: 1)
      let tooLong = [UInt8](repeating: 0x20, count: Self.maximumLine + 1)
      try client.send(Array((change + "\n").utf8) + tooLong + [0x0A])
      let first = try client.receive()
      let second = try client.receive()
      #expect(first?["result"]?["listID"] == 9)
      #expect(second?["error"]?["data"]?["reason"] == "too-large")
      #expect(try client.receive() == nil)
    }

    @Test("a batch of a thousand is answered by one array in its order, one more is too large")
    func batches() throws {
      let client = try DaemonUnderTest().client()
      let calls = (1...1000).map { ControlClient.line($0 % 3 == 0 ? "list.list" : "daemon.status", id: $0) }
      try client.send(line: "[" + calls.joined(separator: ",") + "]")
      let answer = try client.reply().arrayValue ?? []
      #expect(answer.map { $0["id"]?.integerValue } == (1...1000).map { $0 })
      #expect(answer.allSatisfy { $0["result"] != nil })

      try client.send(line: "[" + (calls + [calls[0]]).joined(separator: ",") + "]")
      #expect(try client.reply()["error"]?["data"]?["reason"] == "too-large")
      #expect(try client.call("daemon.status")["pid"] != nil, "framing is not lost")
    }

    @Test("an empty batch is refused, notifications are carried out without an answer")
    func notifications() throws {
      let client = try DaemonUnderTest().client()
      try client.send(line: "[]")
      #expect(try client.reply()["error"]?["data"]?["reason"] == "invalid-request")
      try client.send(line: #"{"jsonrpc":"2.0","method":"list.create","params":{"listID":5,"name":"Five"}}"#)
      try client.send(
        line: #"[{"jsonrpc":"2.0","method":"list.create","params":{"listID":6,"name":"Six"}},"#
          + #"{"jsonrpc":"2.0","method":"no.such"}]"#)
      try client.send(line: #"{"jsonrpc":"2.0","method":"no.such"}"#)
      let lists = try client.call("list.list")["lists"]?.arrayValue ?? []
      #expect(lists.map(\.listID) == [5, 6], "the first answer is that of the first request")
    }

    /// A line, and the reason it is refused for.
    private static let garbage: [(name: String, line: String, reason: String)] = [
      ("no JSON", "hello", "parse-error"),
      ("half an object", #"{"jsonrpc":"2.0","id":1,"method":"#, "parse-error"),
      ("two values", #"{} {}"#, "parse-error"),
      ("a single quote", #"{'jsonrpc':'2.0'}"#, "parse-error"),
      ("a lone surrogate", #"{"jsonrpc":"2.0","id":1,"method":"\ud800"}"#, "parse-error"),
      ("a tab in a string", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\tb\"}", "parse-error"),
      ("a zero byte", "{\"jsonrpc\":\"2.0\",\u{0}\"id\":1,\"method\":\"list.list\"}", "parse-error"),
      ("too deep", String(repeating: "[", count: 100_000), "parse-error"),
      ("deep and closed", String(repeating: "[", count: 500) + String(repeating: "]", count: 500), "parse-error"),
      ("a number alone", "42", "invalid-request"),
      ("null", "null", "invalid-request"),
      ("no version", #"{"id":1,"method":"list.list"}"#, "invalid-request"),
      ("an old version", #"{"jsonrpc":"1.0","id":1,"method":"list.list"}"#, "invalid-request"),
      ("a version as number", #"{"jsonrpc":2.0,"id":1,"method":"list.list"}"#, "invalid-request"),
      ("no method", #"{"jsonrpc":"2.0","id":1}"#, "invalid-request"),
      ("a method as number", #"{"jsonrpc":"2.0","id":1,"method":7}"#, "invalid-request"),
      ("an id as object", #"{"jsonrpc":"2.0","id":{},"method":"list.list"}"#, "invalid-request"),
      ("an id as fraction", #"{"jsonrpc":"2.0","id":1.5,"method":"list.list"}"#, "invalid-request"),
      ("a parameter beside params", #"{"jsonrpc":"2.0","id":1,"method":"list.list","dryRun":true}"#, "invalid-request"),
      ("params as text", #"{"jsonrpc":"2.0","id":1,"method":"list.list","params":"x"}"#, "invalid-request"),
      ("params by place", #"{"jsonrpc":"2.0","id":1,"method":"list.get","params":[1]}"#, "invalid-params"),
      ("an unknown method", #"{"jsonrpc":"2.0","id":1,"method":"list.lst"}"#, "unknown-method"),
      (
        "an unknown parameter", #"{"jsonrpc":"2.0","id":1,"method":"list.get","params":{"lisdID":1}}"#, "invalid-params"
      ),
      ("a missing parameter", #"{"jsonrpc":"2.0","id":1,"method":"list.get"}"#, "invalid-params"),
      ("text for a number", #"{"jsonrpc":"2.0","id":1,"method":"list.get","params":{"listID":"1"}}"#, "invalid-params"),
      ("a fraction", #"{"jsonrpc":"2.0","id":1,"method":"list.get","params":{"listID":1.5}}"#, "invalid-params"),
      ("below the range", #"{"jsonrpc":"2.0","id":1,"method":"list.get","params":{"listID":-1}}"#, "invalid-params"),
      (
        "a number past 64 bits",
        #"{"jsonrpc":"2.0","id":1,"method":"list.get","params":{"listID":99999999999999999999999}}"#, "invalid-params"
      ),
      ("a list that is not there", #"{"jsonrpc":"2.0","id":1,"method":"list.get","params":{"listID":1}}"#, "not-found"),
      (
        "a zero byte in a name",
        #"{"jsonrpc":"2.0","id":1,"method":"campaign.get","params":{"campaignID":"a\u0000b"}}"#, "invalid-params"
      ),
      ("a wrong phone", #"{"jsonrpc":"2.0","id":1,"method":"dnc.add","params":{"phones":["12"]}}"#, "invalid-params"),
      (
        "a wrong instant", #"{"jsonrpc":"2.0","id":1,"method":"report.calls","params":{"filter":{"since":"now"}}}"#,
        "invalid-params"
      ),
    ]

    @Test("every kind of garbage is answered with its reason and harms nothing")
    func garbage() throws {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      let before = try client.call("daemon.status")["lastEvent"]
      for sample in Self.garbage {
        try client.send(line: sample.line)
        let reply = try client.reply()
        #expect(reply["error"]?["data"]?["reason"] == .string(sample.reason), "\(sample.name): \(reply.text)")
        #expect(reply["jsonrpc"] == "2.0", "\(sample.name)")
        #expect(reply["result"] == nil, "\(sample.name)")
      }
      #expect(try client.call("daemon.status")["lastEvent"] == before)
      #expect(try client.refusal("list.lst")?.data["nearest"]?[0] == "list.list")
    }

    /// Bytes that are no text, or numbers that are no numbers: answered somehow, as an error.
    @Test("bytes that are not UTF-8 and numbers without bounds are refused")
    func bytes() throws {
      let client = try DaemonUnderTest().client()
      let start = Array(#"{"jsonrpc":"2.0","id":1,"method":"list.get","params":{"listID":"#.utf8)
      let samples: [[UInt8]] = [
        [0xFF, 0xFE], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x00], [0xEF, 0xBB, 0xBF, 0x31],
        start + Array("1e999}}".utf8), start + Array("-1e999}}".utf8), start + Array("1e-999}}".utf8),
        start + [UInt8](repeating: 0x39, count: 100_000) + Array("}}".utf8), start + Array("NaN}}".utf8),
        start + Array("0x10}}".utf8), start + Array("\"".utf8) + [0x80, 0x81] + Array("\"}}".utf8),
      ]
      for (place, sample) in samples.enumerated() {
        try client.send(sample + [0x0A])
        let reason = try client.reply()["error"]?["data"]?["reason"]?.stringValue ?? ""
        #expect(["parse-error", "invalid-request", "invalid-params"].contains(reason), "sample \(place)")
      }
    }

    @Test("random bytes get an error for each line and nothing else", arguments: [1, 2, 3])
    func randomBytes(seed: Int) throws {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      var generator = SeededGenerator(seed: UInt64(seed))
      let request = Array(ControlClient.line("campaign.lists", ["campaignID": "c"], id: 1).utf8)
      for _ in 0..<200 {
        var line = request
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          line[Int.random(in: line.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        line.removeAll { $0 == 0x0A }
        try client.send(line + [0x0A])
      }
      try client.ask("daemon.status")
      var replies = 0
      while true {
        let reply = try client.reply()
        if reply["result"]?["pid"] != nil { break }
        #expect(reply["error"] != nil)
        replies += 1
      }
      #expect(replies <= 200)
      #expect(replies > 100)
    }

    @Test("replies come in the order of the requests, reads and changes mixed")
    func order() throws {
      let client = try DaemonUnderTest().client()
      var text = ""
      for id in 1...300 {
        switch id % 3 {
        case 0: text += ControlClient.line("list.create", ["listID": JSON(id), "name": "L"], id: Int64(id)) + "\n"
        case 1: text += ControlClient.line("daemon.status", id: Int64(id)) + "\n"
        default: text += ControlClient.line("lead.find", ["limit": 1], id: Int64(id)) + "\n"
        }
      }
      try client.send(Array(text.utf8))
      for id in 1...300 { #expect(try client.reply()["id"]?.integerValue == Int64(id)) }
    }

    @Test("a client that has finished sending still gets its replies")
    func halfClose() throws {
      let client = try DaemonUnderTest().client()
      let first = try client.ask("list.create", ["listID": 3, "name": "Three"])
      let second = try client.ask("list.list")
      client.finishSending()
      #expect(try client.receive()?["id"]?.integerValue == first)
      let answer = try client.receive()
      #expect(answer?["id"]?.integerValue == second)
      #expect(answer?["result"]?["lists"]?[0]?["listID"] == 3)
      #expect(try client.receive() == nil)
    }

    @Test("a request id gets the first answer again, also after kill -9, and with other parameters a conflict")
    func requestID() throws {
      let daemon = try DaemonUnderTest()
      var client = try daemon.client()
      try client.call("list.create", ["listID": 1, "name": "One"])
      let params: JSONObject = [
        "listID": 1, "vendorLeadCode": "V1", "phones": ["+12125550000"], "requestID": "r-1",
      ]
      let first = try client.call("lead.add", .object(params))
      let events = try client.call("daemon.status")["lastEvent"]
      #expect(try client.call("lead.add", .object(params)) == first)
      var other = params
      other["vendorLeadCode"] = "V2"
      #expect(try client.refusal("lead.add", .object(other))?.reason == "conflict")
      try daemon.kill9()
      try daemon.start()
      client = try daemon.client()
      #expect(try client.call("lead.add", .object(params)) == first)
      #expect(try client.refusal("lead.add", .object(other))?.reason == "conflict")
      #expect(first["action"] == "added")
      #expect(try client.allLeads().count == 1)
      let after = try ControlClient.journal(path: daemon.socketPath).filter { $0.type == "lead.added" }
      #expect(after.count == 1)
      #expect(after.first?.seq == events?.integerValue)
    }

    @Test("a request id holds for daemon.reload as for every change")
    func requestIDOfReload() throws {
      let daemon = try DaemonUnderTest()
      let client = try daemon.client()
      let first = try client.call("daemon.reload", ["requestID": "again"])
      #expect(try client.call("daemon.reload", ["requestID": "again"]) == first)
      let events = try ControlClient.journal(path: daemon.socketPath)
      #expect(events.filter { $0.type == "config.reloaded" }.count == 1)
    }
  }
}
