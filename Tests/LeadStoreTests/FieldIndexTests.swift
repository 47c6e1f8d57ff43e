import DialerModel
import Testing

@testable import LeadStore

/// Values of unique fields are gathered beside commits, and are right whatever happens to the leads meanwhile.
@Suite("Values of unique fields")
struct FieldIndexTests {
  private static let fields: [FilterField] = [.custom("o'k"), .owner, .lastName]

  private func details(_ value: String?) -> LeadDetails {
    var details = Make.details(last: value, owner: value)
    details.custom = value.map { ["o'k": .string($0)] }
    return details
  }

  private func add(_ store: LeadStore, _ leads: ClosedRange<UInt32>, _ value: (UInt32) -> String?) throws {
    try store.commit(
      Make.transaction(
        leads.map { .addLead(Make.lead($0), vendorLeadCode: nil, details: details(value($0))) }))
  }

  private func wait(_ store: LeadStore, _ field: FilterField) throws {
    let pending = PendingResult<Void>()
    store.whenIndexed(field) { pending.complete($0) }
    try pending.wait()
  }

  /// Every value of the field by lead, as the leads have it and as it was gathered.
  private func compare(_ store: LeadStore, _ field: FilterField) throws -> Bool {
    let connection = try store.makeReader().connection
    let expression = try #require(FieldIndex.expression(field))
    func lines(_ sql: String) throws -> [String] {
      let rows = try connection.prepare(sql)
      var lines: [String] = []
      while try rows.step() { lines.append("\(rows.integer(0)) \(rows.text(1))") }
      return lines
    }
    let name = field.name.replacing("'", with: "''")
    let gathered = try lines("SELECT leadID, value FROM field_value WHERE field = '\(name)' ORDER BY leadID")
    let stand = try lines(
      "SELECT leadID, \(expression) FROM lead_detail WHERE nullif(\(expression), '') IS NOT NULL ORDER BY leadID")
    return gathered == stand
  }

  @Test("what is there is gathered in pieces, and what is written meanwhile and later is kept up", arguments: fields)
  func keptUp(field: FilterField) throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try add(store, 1...1800) { $0 % 3 == 0 ? nil : "v\($0)" }
    try store.commit(Make.transaction([.indexField(field)]))
    // While it is gathered: changed, cleared, deleted, added.
    for lead in stride(from: UInt32(1), to: 1800, by: 100) {
      try store.commit(
        Make.transaction([
          .updateLead(Make.lead(lead), vendorLeadCode: nil, details: details("new\(lead)")),
          .updateLead(Make.lead(lead + 1), vendorLeadCode: nil, details: details(nil)),
          .updateLead(Make.lead(lead + 2), vendorLeadCode: nil, details: details("")),
          .deleteLeads([LeadID(lead + 3)]),
        ]))
    }
    try add(store, 1801...1900) { "v\($0)" }
    try wait(store, field)
    #expect(try compare(store, field))
    try store.commit(Make.transaction([.setOwner((1...50).map { LeadID($0) }, "bob")]))
    try store.commit(Make.transaction([.deleteLeads((100...120).map { LeadID($0) })]))
    #expect(try compare(store, field))
    var probe = LeadProbe()
    probe.values = [.init(field: field, value: .text("new201"))]
    #expect(try store.makeReader().leads(probe).map(\.record.leadID) == [LeadID(201)])
  }

  @Test("one piece looks at a bounded number of leads, and is looked up by its key")
  func pieces() throws {
    let fixture = try Fixture()
    let store = try fixture.open()
    try add(store, 1...1800) { "v\($0)" }
    store.close()
    let connection = try Connection(path: fixture.path, mode: .readWrite)
    let index = FieldIndex(connection: connection)
    try index.begin(.owner)
    var counts: [Int64] = []
    while try !index.isComplete(.owner) {
      // Before it is done leads are found the long way.
      #expect(try index.leadIDs(.owner, .text("v1700")) == [LeadID(1700)])
      try index.step(.owner)
      counts.append(try connection.number("SELECT count(*) FROM field_value") ?? 0)
    }
    #expect(counts == [500, 1000, 1500, 1800])
    #expect(try index.leadIDs(.owner, .text("v1700")) == [LeadID(1700)])
    let plan = try connection.prepare(
      "EXPLAIN QUERY PLAN SELECT leadID FROM field_value WHERE field = 'owner' AND value = 'x'")
    #expect(try plan.step() && plan.text(3).hasPrefix("SEARCH"))
    // Given up, and wanted again before all has gone.
    try index.end(.owner)
    try index.step(.owner)
    try connection.execute("UPDATE lead_detail SET owner = 'later' WHERE leadID = 1800")
    try index.begin(.owner)
    while try !index.underWay().isEmpty { try index.step(.owner) }
    #expect(try index.leadIDs(.owner, .text("v1800")) == [] && index.leadIDs(.owner, .text("later")) == [LeadID(1800)])
  }

  @Test("without a rule, and after a crash before it came, nothing is left of the values")
  func unwanted() throws {
    let fixture = try Fixture()
    var store = try fixture.open()
    try add(store, 1...700) { "v\($0)" }
    var rule = FieldRule(tenant: .standard, field: "owner", type: .text)
    rule.unique = true
    try store.commit(Make.transaction([.indexField(.owner), .indexField(.lastName)]))
    try store.commit(Make.transaction([.putFieldRule(rule)]))
    try wait(store, .owner)
    store.abandon()
    store = try fixture.open()
    // The one without a rule goes; the other stays complete.
    try wait(store, .lastName)
    let reader = try store.makeReader()
    #expect(try reader.connection.number("SELECT count(*) FROM field_value WHERE field = 'lastName'") == 0)
    #expect(try FieldIndex(connection: reader.connection).isComplete(.owner))
    try store.commit(Make.transaction([.deleteFieldRule(.standard, "owner")]))
    try wait(store, .owner)
    #expect(try reader.connection.number("SELECT count(*) FROM field_value") == 0)
    #expect(try reader.connection.number("SELECT count(*) FROM field_index") == 0)
  }
}
