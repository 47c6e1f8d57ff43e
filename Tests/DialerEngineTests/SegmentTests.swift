import ControlProtocol
import DialerModel
import Testing

@testable import DialerEngine

/// Filters with a name.
@Suite("Segments")
struct SegmentTests {
  /// Four leads, of which `warm` takes those of the owner ann, and `both` those of them with an even rank.
  private func harness() throws -> EngineHarness {
    let harness = try EngineHarness(simulator: nil)
    try harness.list()
    for index in 1...4 {
      try harness.lead(index, ["owner": index < 3 ? "ann" : "bob", "rank": JSON(index % 2)])
    }
    try harness.call("segment.put", ["segment": "warm", "filter": ["owner": "ann"]])
    try harness.call("segment.put", ["segment": "both", "filter": ["and": [["segment": "warm"], ["rank": 0]]]])
    return harness
  }

  private func found(_ harness: EngineHarness, _ filter: JSON) throws -> [Int] {
    let leads = try harness.call("lead.find", ["filter": filter])["leads"]?.arrayValue ?? []
    return leads.compactMap { $0["leadID"]?.integerValue.map { Int($0) } }
  }

  @Test("a segment stands for its filter, alone, in another and negated, also after a restart")
  func find() throws {
    let harness = try harness()
    for isRestarted in [false, true] {
      if isRestarted { harness.crash() }
      #expect(try found(harness, ["segment": "warm"]) == [1, 2])
      #expect(try found(harness, ["segment": "both"]) == [2])
      #expect(try found(harness, ["not": ["segment": "both"]]) == [1, 3, 4])
      #expect(try harness.call("segment.list")["segments"]?.arrayValue?.map { $0["segment"] } == ["both", "warm"])
    }
  }

  @Test("a segment that is not there is named, in a find, a bulk action, a list's filter and a segment")
  func unknown() throws {
    let harness = try harness()
    try harness.campaign()
    let filter: JSON = ["segment": "none"]
    for (method, params) in [
      ("lead.find", ["filter": filter]), ("lead.archive", ["filter": filter]),
      ("list.reset", ["listID": 1, "filter": filter]), ("segment.put", ["segment": "x", "filter": filter]),
      ("campaign.assignList", ["campaignID": "c", "listID": 1, "filter": filter]),
    ] as [(String, JSON)] {
      #expect(refusal { try harness.call(method, params) } == "invalid-params", "\(method)")
    }
  }

  @Test("a segment that would come to a filter without measure is refused, and so is what another one grows by")
  func measure() throws {
    let harness = try harness()
    func put(_ name: String, _ filter: JSON) -> String? {
      refusal { try harness.call("segment.put", ["segment": .string(name), "filter": filter]) }
    }
    #expect(put("s0", ["rank": ["in": [1, 2, 3, 4]]]) == nil)
    for level in 1...7 {
      let last: JSON = ["segment": .string("s\(level - 1)")]
      #expect(put("s\(level)", ["and": [last, last]]) == nil)
    }
    #expect(put("s8", ["and": [["segment": "s7"], ["segment": "s7"]]]) == "invalid-params")
    #expect(put("s0", ["rank": ["in": [1, 2, 3, 4, 5]]]) == "invalid-params")
    #expect(try found(harness, ["segment": "s7"]) == [1, 3])
    let more: JSON = ["filter": ["or": [["segment": "s7"], ["rank": 1]]]]
    #expect(refusal { try harness.call("lead.find", more) } == "invalid-params")
    try harness.campaign()
    let twice: JSON = ["campaignID": "c", "listID": 1, "filter": ["or": [["segment": "s7"], ["segment": "s7"]]]]
    #expect(refusal { try harness.call("campaign.assignList", twice) } == "invalid-params")
  }

  @Test("segments stand in each other only so deep that a query can be made of them")
  func depth() throws {
    let harness = try harness()
    var last = "warm"
    var refused: String?
    for level in 1...40 where refused == nil {
      let filter: JSON = ["and": [["rank": ["ge": 0]], ["segment": .string(last)]]]
      last = "d\(level)"
      refused = refusal { try harness.call("segment.put", ["segment": .string(last), "filter": filter]) }
      if refused != nil { #expect(level == FilterExtent.maximumDepth) }
    }
    #expect(refused == "invalid-params")
  }

  @Test("segments never go in a circle, however long it is", arguments: ["warm", "both", "far"])
  func circle(last: String) throws {
    let harness = try harness()
    try harness.call("segment.put", ["segment": "far", "filter": ["not": ["segment": "both"]]])
    let filter: JSON = ["or": [["rank": 1], ["segment": .string(last)]]]
    #expect(refusal { try harness.call("segment.put", ["segment": "warm", "filter": filter]) } == "invalid-params")
    #expect(try found(harness, ["segment": "warm"]) == [1, 2])
  }

  @Test("a segment that something goes by is not deleted")
  func inUse() throws {
    let harness = try harness()
    #expect(refusal { try harness.call("segment.delete", ["segment": "warm"]) } == "conflict:segment-in-use")
    try harness.campaign()
    let filter: JSON = ["segment": "both"]
    try harness.call("campaign.assignList", ["campaignID": "c", "listID": 1, "filter": filter])
    #expect(refusal { try harness.call("segment.delete", ["segment": "both"]) } == "conflict:segment-in-use")
    try harness.call("campaign.assignList", ["campaignID": "c", "listID": 1, "filter": nil])
    try harness.call("segment.delete", ["segment": "both"])
    try harness.call("segment.delete", ["segment": "warm"])
    #expect(harness.store.segments.isEmpty)
  }

  @Test("a list that goes by a segment dials what it takes, and follows when it changes, also through another")
  func list() throws {
    let harness = try harness()
    try harness.campaign()
    try harness.call("campaign.assignList", ["campaignID": "c", "listID": 1, "filter": ["segment": "both"]])
    try harness.start()
    #expect(Set(harness.claimedLeads) == [2])
    try harness.call("segment.put", ["segment": "warm", "filter": ["owner": "bob"]])
    harness.settle()
    #expect(Set(harness.claimedLeads) == [2, 4])
    harness.crash()
    harness.settle()
    try harness.call("segment.put", ["segment": "both", "filter": ["segment": "warm"]])
    harness.settle()
    #expect(Set(harness.claimedLeads) == [2, 3, 4])
  }

  @Test("a bulk change of what a list's filter asks for moves leads in and out of it")
  func bulk() throws {
    let harness = try harness()
    try harness.campaign()
    try harness.call("campaign.assignList", ["campaignID": "c", "listID": 1, "filter": ["segment": "warm"]])
    try harness.call("lead.setStatus", ["filter": ["leadID": ["in": [1, 3]]], "owner": "bob"])
    try harness.call("lead.setStatus", ["leadID": 4, "owner": "ann"])
    try harness.start()
    #expect(Set(harness.claimedLeads) == [2, 4])
  }

  @Test("a change that a list could not go by is refused, and nothing is changed by it")
  func tooMuch() throws {
    let harness = try harness()
    try harness.campaign()
    try harness.call("campaign.assignList", ["campaignID": "c", "listID": 1, "filter": ["segment": "warm"]])
    // Each of its conditions stands beside one on the record, so that none can be joined to another.
    let parts = (0..<63).map { index -> JSON in ["and": [["owner": .string("o\(index)")], ["rank": 1]]] }
    let filter: JSON = ["or": .array(parts)]
    #expect(refusal { try harness.call("segment.put", ["segment": "warm", "filter": filter]) } == "invalid-params")
    #expect(try harness.call("segment.get", ["segment": "warm"])["filter"] == ["owner": "ann"])
    #expect(refusal { try harness.call("segment.put", ["segment": "free", "filter": filter]) } == nil)
  }

  @Test("segments of a tenant are its own")
  func tenants() throws {
    let harness = try harness()
    try harness.list(5, ["tenant": "other"])
    try harness.lead(50, list: 5, ["owner": "cleo"])
    try harness.call("segment.put", ["segment": "warm", "tenant": "other", "filter": ["owner": "cleo"]])
    let bound = Peer.crm("other")
    let leads = try harness.call("lead.find", ["filter": ["segment": "warm"]], as: bound)["leads"]?.arrayValue
    #expect(leads?.map { $0["owner"] } == ["cleo"])
    let named = try harness.call("lead.find", ["filter": ["segment": "warm"], "tenant": "other"])["leads"]?.arrayValue
    #expect(named == leads)
    #expect(try found(harness, ["segment": "warm"]) == [1, 2])
    #expect(refusal { try harness.call("lead.find", ["tenant": "default"], as: bound) } == "not-permitted")
  }
}
