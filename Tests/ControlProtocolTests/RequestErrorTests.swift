import DialerModel
import Testing

@testable import ControlProtocol

@Suite("Errors of requests")
struct RequestErrorTests {
  static let golden: [(RequestError, String)] = [
    (
      .parseError(JSONFault(offset: 3, problem: .notAValue)),
      #"{"code":-32700,"message":"The line is not JSON: at byte 3: A value was expected here.","data":{"reason":"parse-error","offset":3,"problem":"A value was expected here."}}"#
    ),
    (
      .invalidRequest("An id is text.", field: "id", value: true, accepted: ["text"]),
      #"{"code":-32600,"message":"An id is text.","data":{"reason":"invalid-request","field":"id","value":true,"accepted":["text"]}}"#
    ),
    (
      .unknownMethod("lead.gte", nearest: ["lead.get"]),
      #"{"code":-32601,"message":"There is no method lead.gte. The nearest is lead.get.","data":{"reason":"unknown-method","field":"method","value":"lead.gte","nearest":["lead.get"]}}"#
    ),
    (
      .invalidParams(field: "a[2].b", value: 9, accepted: ["1 to 3"], message: "No."),
      #"{"code":-32602,"message":"No.","data":{"reason":"invalid-params","field":"a[2].b","value":9,"accepted":["1 to 3"]}}"#
    ),
    (.internalError("It failed."), #"{"code":-32603,"message":"It failed.","data":{"reason":"internal-error"}}"#),
    (
      .notFound("lead", 7),
      #"{"code":-32001,"message":"There is no lead 7.","data":{"reason":"not-found","what":"lead","value":7}}"#
    ),
    (
      .alreadyExists("campaign", "spring"),
      #"{"code":-32002,"message":"There is a campaign spring already.","data":{"reason":"already-exists","what":"campaign","value":"spring"}}"#
    ),
    (
      .conflict("list-is-to-dial", "The list is to dial."),
      #"{"code":-32003,"message":"The list is to dial.","data":{"reason":"conflict","conflict":"list-is-to-dial"}}"#
    ),
    (
      .refused(gates: [["gate": "status", "passes": true], ["gate": "do-not-call", "passes": false]]),
      #"{"code":-32004,"message":"The dial is not allowed: do-not-call.","data":{"reason":"refused","gates":[{"gate":"status","passes":true},{"gate":"do-not-call","passes":false}]}}"#
    ),
    (
      .notPermitted(.observer, "lead.add", needs: .crm),
      #"{"code":-32005,"message":"The role observer may not use lead.add; it needs crm.","data":{"reason":"not-permitted","role":"observer","method":"lead.add","accepted":["crm"]}}"#
    ),
    (
      .tooLarge("limits.requestBytes", maximum: 1_048_576),
      #"{"code":-32006,"message":"The request is larger than limits.requestBytes allows (1048576).","data":{"reason":"too-large","limit":"limits.requestBytes","maximum":1048576}}"#
    ),
    (
      .busy("limits.connections"),
      #"{"code":-32007,"message":"The limit limits.connections is reached; try again.","data":{"reason":"busy","limit":"limits.connections"}}"#
    ),
    (
      .unavailable("disk-full", "The disk is full."),
      #"{"code":-32008,"message":"The disk is full.","data":{"reason":"unavailable","unavailable":"disk-full"}}"#
    ),
    (
      .ambiguous(vendorLeadCode: "C1", leadIDs: [LeadID(3), LeadID(9)]),
      #"{"code":-32009,"message":"The vendor lead code stands in several lists; name the list too, or the leadID.","data":{"reason":"ambiguous","field":"vendorLeadCode","value":"C1","leadIDs":[3,9]}}"#
    ),
  ]

  @Test(
    "an error is read from its own JSON as it was",
    arguments: [
      RequestError.refused(gates: [["gate": "status", "passes": false]]), .notFound("lead", 7),
      .conflict("list-is-to-dial", "No."), .ambiguous(vendorLeadCode: "A", leadIDs: [LeadID(1), LeadID(2)]),
      .internalError("x"),
    ])
  func readBack(_ error: RequestError) { #expect(RequestError(error.json) == error) }

  @Test(
    "what is no error of ours is not read as one",
    arguments: [
      JSON.null, ["message": "x"], ["message": "x", "data": ["reason": "no-such"]], ["data": ["reason": "busy"]],
    ])
  func notOurs(_ json: JSON) { #expect(RequestError(json) == nil) }

  @Test("each error has the code, the reason and the shape of the contract", arguments: golden)
  func shapes(error: RequestError, text: String) {
    #expect(error.json.text == text)
  }

  @Test("every reason is in the golden table, with a code of its own")
  func complete() {
    #expect(Set(Self.golden.map(\.0.reason)) == Set(ErrorReason.allCases))
    #expect(Set(ErrorReason.allCases.map(\.code)).count == ErrorReason.allCases.count)
  }

  @Test("a value of 64 characters is shown whole, a longer one cut to 64")
  func shortening() {
    let fits = String(repeating: "é", count: 64)
    #expect(RequestError.shortened(fits) == fits)
    let cut = RequestError.shortened(fits + "x")
    #expect(cut == String(repeating: "é", count: 63) + "…")
    #expect(RequestError.shortened(.array([1, 2])) == [1, 2])
    let long = RequestError.shortened(.array(Array(repeating: 1, count: 500)))
    #expect(long.stringValue?.count == 64)
    #expect(RequestError.shortened(.integer(.max)) == .integer(.max))
  }

  @Test("one character without end is cut too")
  func combiningMarks() {
    let endless = "a" + String(repeating: "\u{301}", count: 100_000)
    #expect(RequestError.shortened(endless).utf8.count < 256)
    let error = RequestError.unknownMethod(endless, nearest: MethodTable.nearest(to: endless))
    #expect(error.json.text.utf8.count < 1024)
  }
}
