import DialerModel
import Testing

@testable import ControlProtocol

@Suite("Replies and events")
struct ReplyTests {
  @Test("a reply goes behind what is to be sent before it")
  func appending() {
    var reply = Reply(appendingTo: Array("before\n".utf8))
    reply.result(["a": 1], id: .integer(3))
    #expect(reply.count > 0)
    #expect(
      String(decoding: reply.finish(), as: UTF8.self) == "before\n" + #"{"jsonrpc":"2.0","id":3,"result":{"a":1}}"#
        + "\n")
  }

  @Test("the bytes before a reply and before an event are never copied")
  func moved() {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(10_000)
    bytes.append(7)
    let place = bytes.withUnsafeBufferPointer { $0.baseAddress }
    for _ in 0..<20 {
      var reply = Reply(appendingTo: consume bytes)
      reply.result(1, id: .integer(1))
      bytes = reply.finish()
      EventNotification.append(to: &bytes) { writer in writer.value([:]) }
    }
    #expect(bytes.withUnsafeBufferPointer { $0.baseAddress } == place)
  }

  @Test("a reply to notifications alone adds nothing", arguments: [false, true])
  func nothing(isBatch: Bool) {
    var reply = Reply(isBatch: isBatch, appendingTo: [7])
    reply.result(1, id: nil)
    reply.error(.internalError("x"), id: nil)
    reply.remembered(Array(#""result":1"#.utf8), id: nil)
    #expect(reply.finish() == [7])
  }

  @Test("a result written straight into the line is the same as one from a tree")
  func direct() {
    var direct = Reply(isBatch: true)
    var tree = Reply(isBatch: true)
    for number in 1...3 as ClosedRange<Int64> {
      direct.result(id: .integer(number)) { writer in
        writer.beginObject()
        writer.member("leadID", number)
        writer.endObject()
      }
      tree.result(["leadID": .integer(number)], id: .integer(number))
    }
    #expect(direct.finish() == tree.finish())
  }

  @Test("a remembered answer comes back as it was, with the id of the new request")
  func remembered() {
    let error = RequestError.busy("trunk")
    var reply = Reply(isBatch: true)
    reply.remembered(Reply.answer(result: ["a": [1]]), id: .integer(1))
    reply.remembered(Reply.answer(error: error), id: .text("x"))
    var expected = Reply(isBatch: true)
    expected.result(["a": [1]], id: .integer(1))
    expected.error(error, id: .text("x"))
    #expect(reply.finish() == expected.finish())
  }

  @Test("an event is one line without an id")
  func events() throws {
    var bytes: [UInt8] = []
    EventNotification.append(params: Array(#"{"seq":7,"type":"attempt.started"}"#.utf8), to: &bytes)
    EventNotification.append(to: &bytes) { writer in
      writer.beginObject()
      writer.member("seq", 8 as Int64)
      writer.endObject()
    }
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"jsonrpc":"2.0","method":"event","params":{"seq":7,"type":"attempt.started"}}"# + "\n"
        + #"{"jsonrpc":"2.0","method":"event","params":{"seq":8}}"# + "\n")
  }
}
