import ControlProtocol
import DialerModel
import Testing

@testable import dialerd

/// What a client hears of a document with more than one fault.
@Suite struct DocumentFaultTests {
  private func faults(_ method: String, _ params: JSONObject) throws -> RequestError {
    let spec = try #require(MethodTable.method(method))
    let request = Request(id: nil, method: method, params: params)
    return try #require(throws: RequestError.self) { try ControlServer.parameters(of: request, spec) }
  }

  @Test("callingHours.put names each fault, and what is accepted there")
  func callingHours() throws {
    let error = try faults(
      "callingHours.put",
      [
        "callingHoursID": "h", "dryRun": true, "weekly": ["monday": ["9-25:00"], "moonday": []],
        "dates": [["date": "2026-02-30"]], "regions": ["FL": ["weekly": [:]]], "unknownRegion": "maybe",
      ])
    let fields = error.details["faults"]?.arrayValue?.compactMap { $0["field"]?.stringValue }
    #expect(
      fields == ["weekly.moonday", "weekly.monday[0]", "dates[0].date", "regions.FL.source", "unknownRegion"])
    #expect(error.reason == .invalidParams && error.details["field"] == "weekly.moonday")
    for field in fields ?? [] { #expect(error.message.contains(field)) }
    #expect(error.message.contains("a window such as 09:00-20:00"))
  }

  @Test("strategy.put names each fault as well, and another method its first")
  func others() throws {
    let strategy = try faults("strategy.put", ["strategyID": "s", "name": 7, "order": ["size"], "newEvery": -1])
    #expect((strategy.details["faults"]?.arrayValue?.count ?? 0) == 3)
    let list = try faults("list.create", ["listID": "one", "name": 7])
    #expect(list.details["faults"] == nil && list.details["field"] != nil)
  }
}
