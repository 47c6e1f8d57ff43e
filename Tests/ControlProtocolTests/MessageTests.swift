import DialerModel
import Testing

@testable import ControlProtocol

/// The answer that a message which is wrong in itself gets, as text; calls that are right answer with their method.
func answer(to line: String) -> String {
  func add(_ call: Call, to reply: inout Reply) {
    switch call {
    case .request(let request): reply.result(.string(request.method), id: request.id)
    case .fault(let error, let id): reply.error(error, id: id)
    }
  }
  var reply: Reply
  switch Message(parsing: Array(line.utf8)) {
  case .single(let call):
    reply = Reply()
    add(call, to: &reply)
  case .batch(let calls):
    reply = Reply(isBatch: true)
    for call in calls { add(call, to: &reply) }
  }
  return String(decoding: reply.finish(), as: UTF8.self)
}

/// The reason word of the answer, `result` for a result, or `nothing`.
func reason(of line: String) throws -> String {
  let text = answer(to: line)
  if text.isEmpty { return "nothing" }
  #expect(text.hasSuffix("\n"))
  let reply = try JSON(parsing: text)
  #expect(reply["jsonrpc"] == "2.0")
  return reply["error"]?["data"]?["reason"]?.stringValue ?? "result"
}

@Suite("Messages")
struct MessageTests {
  static let calls: [(String, String)] = [
    (#"{"jsonrpc":"2.0","id":1,"method":"a"}"#, "result"),
    (#"{"jsonrpc":"2.0","id":"x","method":"a","params":{}}"#, "result"),
    (#"{"jsonrpc":"2.0","id":null,"method":"a","params":null}"#, "result"),
    (#"{"jsonrpc":"2.0","method":"a","params":{"k":1}}"#, "nothing"),
    ("", "parse-error"), ("{", "parse-error"), ("{} x", "parse-error"), ("\u{FEFF}{}", "parse-error"),
    (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"a"}"#, "parse-error"),
    ("null", "invalid-request"), ("1", "invalid-request"), (#""a""#, "invalid-request"), ("{}", "invalid-request"),
    ("[]", "invalid-request"), (#"{"id":1,"method":"a"}"#, "invalid-request"),
    (#"{"jsonrpc":2.0,"id":1,"method":"a"}"#, "invalid-request"),
    (#"{"jsonrpc":"1.0","id":1,"method":"a"}"#, "invalid-request"),
    (#"{"jsonrpc":"2.0","id":1}"#, "invalid-request"),
    (#"{"jsonrpc":"2.0","id":1,"method":7}"#, "invalid-request"),
    (#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#, "invalid-request"),
    (#"{"jsonrpc":"2.0","id":true,"method":"a"}"#, "invalid-request"),
    (#"{"jsonrpc":"2.0","id":[1],"method":"a"}"#, "invalid-request"),
    (#"{"jsonrpc":"2.0","id":{},"method":"a"}"#, "invalid-request"),
    (#"{"jsonrpc":"2.0","id":1,"method":"a","params":"b"}"#, "invalid-request"),
    (#"{"jsonrpc":"2.0","id":1,"method":"a","params":3}"#, "invalid-request"),
    (#"{"jsonrpc":"2.0","id":1,"method":"a","dryRun":true}"#, "invalid-request"),
    (#"{"jsonrpc":"2.0","id":1,"method":"a","params":[]}"#, "invalid-params"),
    (#"{"jsonrpc":"2.0","id":1,"method":"a","params":[1,2]}"#, "invalid-params"),
  ]

  @Test("each kind of line is answered with its reason", arguments: calls)
  func reasons(line: String, expected: String) throws {
    #expect(try reason(of: line) == expected)
  }

  @Test("the id comes back as it was given, and null where it cannot be known")
  func ids() {
    #expect(answer(to: #"{"jsonrpc":"2.0","id":-9,"method":"m"}"#) == #"{"jsonrpc":"2.0","id":-9,"result":"m"}"# + "\n")
    #expect(
      answer(to: #"{"jsonrpc":"2.0","id":"a\"b","method":"m"}"#) == #"{"jsonrpc":"2.0","id":"a\"b","result":"m"}"#
        + "\n")
    #expect(
      answer(to: #"{"jsonrpc":"2.0","id":null,"method":"m"}"#) == #"{"jsonrpc":"2.0","id":null,"result":"m"}"# + "\n")
    #expect(answer(to: #"{"jsonrpc":"1","id":5,"method":"m"}"#).hasPrefix(#"{"jsonrpc":"2.0","id":5,"error":"#))
    #expect(answer(to: #"{"jsonrpc":"2.0","id":1.5,"method":"m"}"#).hasPrefix(#"{"jsonrpc":"2.0","id":null,"error":"#))
    #expect(answer(to: "[").hasPrefix(#"{"jsonrpc":"2.0","id":null,"error":"#))
  }

  @Test("a batch is answered by one array in the order of its calls, without its notifications")
  func batch() throws {
    let line =
      #"[{"jsonrpc":"2.0","id":2,"method":"b"},{"jsonrpc":"2.0","method":"n"},7,[],{"jsonrpc":"2.0","id":1,"method":"a"}]"#
    let reply = try JSON(parsing: answer(to: line))
    #expect(reply.arrayValue?.count == 4)
    #expect(reply[0]?["result"] == "b")
    #expect(reply[1]?["error"]?["code"] == -32600)
    #expect(reply[2]?["id"] == .null)
    #expect(reply[3]?["result"] == "a")
  }

  @Test("a batch of nothing but notifications is answered by nothing")
  func notifications() {
    #expect(answer(to: #"[{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","method":"n"}]"#) == "")
  }

  @Test("a batch of 1,000 calls is taken, one of 1,001 is refused whole")
  func batchLimit() throws {
    func line(_ count: Int) -> String {
      "[" + Array(repeating: #"{"jsonrpc":"2.0","id":1,"method":"a"}"#, count: count).joined(separator: ",") + "]"
    }
    #expect(try JSON(parsing: answer(to: line(1000))).arrayValue?.count == 1000)
    #expect(try JSON(parsing: answer(to: line(1))).arrayValue?.count == 1)
    let refused = try JSON(parsing: answer(to: line(1001)))
    #expect(refused["error"]?["data"]?["reason"] == "too-large")
    #expect(refused["error"]?["data"]?["maximum"] == 1000)
    #expect(refused["id"] == .null)
  }

  @Test("a line cut at any byte is answered with parse-error and no id")
  func cuts() throws {
    let lines = [
      #"{"jsonrpc":"2.0","id":"é","method":"lead.get","params":{"vendorLeadCode":"é\u00e9","listID":10}}"#,
      #"[{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","method":"b","params":{"x":[1.5,null]}}]"#,
    ]
    for line in lines {
      let bytes = Array(line.utf8)
      for length in 0..<bytes.count {
        guard case .single(.fault(let error, let id)) = Message(parsing: bytes[..<length]) else {
          Issue.record("taken when cut at \(length)")
          continue
        }
        #expect(error.reason == .parseError)
        #expect(id == .null)
        #expect((error.details["offset"]?.integerValue ?? .max) <= Int64(length))
      }
    }
  }

  @Test(
    "random and mutated lines never trap, and every answer is one line of JSON", arguments: 1...4 as ClosedRange<UInt64>
  )
  func fuzz(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let line = Array(
      #"[{"jsonrpc":"2.0","id":7,"method":"lead.find","params":{"filter":{"rank":{"ge":1}}}},{"id":1}]"#.utf8)
    var answered = 0
    for _ in 0..<3000 {
      var bytes = line
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        let from = line[Int.random(in: 0..<line.count, using: &generator)]
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[index] = from
        case 1: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.remove(at: index)
        default: bytes.insert(from, at: index)
        }
      }
      let text = answer(to: String(decoding: bytes, as: UTF8.self))
      #expect(text.utf8.filter { $0 == 0x0A }.count <= 1)
      if !text.isEmpty {
        _ = try JSON(parsing: text)
        answered += 1
      }
      _ = Message(parsing: bytes)
    }
    #expect(answered > 2000)
  }

  @Test("the fingerprint minds method and parameters, not their order, nor the requestID")
  func fingerprints() {
    func print(_ method: String, _ params: JSONObject) -> UInt64 {
      Request(id: nil, method: method, params: params).fingerprint
    }
    let first = print("a", ["x": 1, "y": ["p": 1, "q": 2], "requestID": "r"])
    #expect(first == print("a", ["requestID": "s", "y": ["q": 2, "p": 1], "x": 1]))
    #expect(first != print("b", ["x": 1, "y": ["p": 1, "q": 2]]))
    #expect(first != print("a", ["x": 2, "y": ["p": 1, "q": 2]]))
    #expect(first != print("a", ["x": 1, "y": ["p": 1, "q": 2], "dryRun": true]))
    // Kept on disk for a day: it must not change from one build to the next.
    #expect(print("lead.add", ["listID": 1]) == 14_020_492_429_623_419_410)
  }
}
