import CSQLite
import DialerModel
import Testing

@testable import LeadStore

/// Which way the database goes about a question: at five million leads one pass takes seconds.
@Suite("Questions by an index")
struct QueryPlanTests {
  private func plan(_ filter: String, lists: [ListID]? = nil) throws -> [String] {
    let fixture = try Fixture()
    let store = try fixture.open()
    try store.commit(Make.leads(1...20))
    let reader = try store.makeReader()
    var query = LeadQuery()
    query.filter = .and([
      try FilterExpression(json: JSON(parsing: filter)), .compare(.archived, .eq, [.boolean(false)]),
    ])
    query.lists = lists
    return try reader.plan(query)
  }

  @Test(
    "a filter on an indexed field makes no pass over the leads, also for one tenant",
    arguments: [
      #"{"leadID": 5}"#, #"{"leadID": {"prefix": "12"}}"#, #"{"vendorLeadCode": "crm-5"}"#,
      #"{"vendorLeadCode": {"prefix": "crm-"}}"#, #"{"vendorLeadCode": {"in": ["crm-1", "crm-2"]}}"#,
      #"{"phone1": "+61200000005"}"#, #"{"phone": "+61200000005"}"#,
      #"{"phone": {"in": ["+61200000005", "+61200000006"]}}"#,
      #"{"phone1": {"prefix": "+6120000"}}"#, #"{"email": "ann@example.com"}"#,
      #"{"email": {"in": ["ann@example.com", "bob@example.com"]}}"#,
      #"{"and": [{"status": "NEW"}, {"email": "ann@example.com"}]}"#,
    ])
  func indexed(filter: String) throws {
    for lists in [nil, [ListID(1), ListID(2)]] as [[ListID]?] {
      let steps = try plan(filter, lists: lists)
      #expect(!steps.contains { $0.contains("SCAN lead") }, "\(steps)")
      #expect(!steps.contains { $0.contains("lead_list") }, "\(steps)")
    }
  }

  @Test(
    "only what calls change needs the projection, be it asked for through a segment or to sort by",
    arguments: [
      (#"{"and": [{"phone": "+61200000005"}, {"archived": false}, {"owner": "kim"}]}"#, nil, false),
      (#"{"lastName": "x"}"#, LeadSort(.rank), false), (#"{"lastName": "x"}"#, LeadSort(.calledCount), true),
      (#"{"not": {"or": [{"owner": "kim"}, {"status": "NEW"}]}}"#, nil, true), (#"{"segment": "busy"}"#, nil, true),
      (#"{}"#, nil, false),
    ] as [(String, LeadSort?, Bool)])
  func calls(filter: String, sort: LeadSort?, depends: Bool) throws {
    var query = LeadQuery()
    query.filter = try FilterExpression(json: JSON(parsing: filter))
    query.segments = ["busy": .compare(.lastOutcome, .eq, [.text("busy")])]
    query.sort = sort.map { [$0] } ?? []
    #expect(query.dependsOnCalls == depends)
  }

  @Test(
    "only what an index finds by equal values does without a pass",
    arguments: [
      (#"{"leadID": 5}"#, false), (#"{"leadID": {"in": [5, 6]}}"#, false), (#"{"vendorLeadCode": "crm-5"}"#, false),
      (#"{"vendorLeadCode": {"in": ["crm-1", "crm-2"]}}"#, false), (#"{"phone": "+61200000005"}"#, false),
      (#"{"phone2": "+61200000005"}"#, false), (#"{"email": "ann@example.com"}"#, false),
      (#"{"or": [{"email": "ann@example.com"}, {"phone": "+61200000005"}]}"#, false),
      (#"{}"#, true), (#"{"listID": 1}"#, true), (#"{"lastName": "Smith"}"#, true), (#"{"leadID": {"gt": 5}}"#, true),
      (#"{"phone": {"prefix": "+6120000"}}"#, true), (#"{"vendorLeadCode": {"prefix": "crm-"}}"#, true),
      (#"{"or": [{"email": "ann@example.com"}, {"owner": "kim"}]}"#, true),
    ])
  func passes(filter: String, takesPass: Bool) throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    let reader = try store.makeReader()
    var query = LeadQuery()
    query.filter = .and([
      try FilterExpression(json: JSON(parsing: filter)), .compare(.archived, .eq, [.boolean(false)]),
    ])
    for lists in [nil, [ListID(1)]] as [[ListID]?] {
      query.lists = lists
      #expect(try reader.takesPass(query) == takesPass)
    }
  }

  @Test("two leads with the same value are found, whatever the field, and only in the lists asked for")
  func sameValue() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    for number in 1...4 as ClosedRange<UInt32> {
      let email = number < 3 ? (number == 1 ? "Ann@b.c" : "ann@b.c") : nil
      try store.commit(
        Make.transaction([
          .addLead(
            Make.lead(number, list: number % 2 + 1, email: TextKey.email(email)), vendorLeadCode: "c\(number)",
            details: Make.details(email: email, custom: number > 2 ? ["k": "same"] : ["k": ""]))
        ]))
    }
    let reader = try store.makeReader()
    let lists = [ListID(1), ListID(2)]
    #expect(try reader.leadsWithSameValue(.email, lists: lists).map { [$0.0, $0.1] } == [LeadID(1), LeadID(2)])
    #expect(try reader.leadsWithSameValue(.custom("k"), lists: lists).map { [$0.0, $0.1] } == [LeadID(3), LeadID(4)])
    #expect(try reader.leadsWithSameValue(.vendorLeadCode, lists: lists) == nil)
    #expect(try reader.leadsWithSameValue(.custom("k"), lists: [ListID(1)]) == nil)
  }
}

extension StoreReader {
  /// The steps of a query, as SQLite words them.
  func plan(_ query: LeadQuery) throws -> [String] {
    let sql = try select(query, columns: Self.leadColumns, columnCount: Self.leadColumnCount)
    var explained = SQLText()
    explained.append("EXPLAIN QUERY PLAN ")
    explained.append(sql)
    return try steps(explained.prepare(on: connection))
  }

  func plan(_ text: String) throws -> [String] { try steps(connection.prepare("EXPLAIN QUERY PLAN " + text)) }

  private func steps(_ rows: Statement) throws -> [String] {
    var steps: [String] = []
    while try rows.step() { steps.append(rows.text(3)) }
    return steps
  }
}
