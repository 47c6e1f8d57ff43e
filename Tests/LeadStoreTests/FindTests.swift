import DialerModel
import Testing

@testable import LeadStore

/// A filter as a client writes it, and which of the numbered leads it takes.
struct FilterCase: Sendable, CustomTestStringConvertible {
  let text: String
  let holds: @Sendable (UInt32) -> Bool
  init(_ text: String, _ holds: @escaping @Sendable (UInt32) -> Bool) {
    self.text = text
    self.holds = holds
  }
  var testDescription: String { text }
}

@Suite("Finding leads")
struct FindTests {
  let fixture: Fixture
  let store: LeadStore
  let reader: StoreReader

  /// 60 leads with ranks that are missing, equal and negative.
  private static let count: UInt32 = 60
  private static func rank(_ number: UInt32) -> Int32? { number % 5 == 0 ? nil : Int32(number % 7) - 3 }
  private static func last(_ number: UInt32) -> String? { number % 4 == 0 ? nil : "Name \(number % 3)" }

  init() throws {
    fixture = try Fixture()
    store = try fixture.open()
    reader = try store.makeReader()
    var transaction = Make.transaction([
      .addZone(0, name: "Etc/UTC"), .addZone(1, name: "Asia/Tokyo"), .addPlace(1, region: "US", state: "FL"),
      .putList(LeadList(listID: ListID(1), name: "one", createdAt: .start)),
    ])
    for number in 1...Self.count {
      var lead = Make.lead(
        number, list: number % 2 + 1, phones: [61_200_000_000 + UInt64(number), 4_420_000_000 + UInt64(number % 10)],
        zone: UInt16(number % 2), rank: Self.rank(number) ?? LeadRecord.missingRank, place: number % 2,
        email: TextKey.email("a\(number)@b.c"))
      lead.state.calledCount = UInt16(number % 4)
      if number % 6 == 0 { lead.state.lastOutcome = .busy }
      if number % 9 == 0 { lead.state.status = .dnc }
      let custom: JSONObject = [
        "age": JSON(number), "vip": JSON(number % 10 == 0), "odd\"name": "x", "tags": ["vip", 1],
      ]
      let details = Make.details(
        first: number == 1 ? "" : "F\(number)", last: Self.last(number), email: "a\(number)@b.c",
        custom: number % 3 == 0 ? nil : custom)
      transaction.changes.append(.addLead(lead, vendorLeadCode: "crm-\(number)", details: details))
    }
    transaction.changes.append(
      .putCallback(Callback(leadID: LeadID(7), campaignID: CampaignID("c"), at: .start + .hours(2))))
    try store.commit(transaction)
  }

  private func found(_ filter: FilterExpression, live: [LeadID] = []) throws -> [UInt32] {
    var query = LeadQuery()
    query.filter = filter
    query.limit = 1_000
    query.live = live
    let ids = try reader.findIDs(query).leadIDs.map(\.rawValue)
    #expect(try reader.count(query) == ids.count)
    #expect(try reader.find(query).leads.map(\.record.leadID.rawValue) == ids)
    return ids
  }

  @Test("a lead in a call is found by the status that it is in now, a wrap code's name in the lists of its campaign")
  func statuses() throws {
    try store.commit(
      Make.transaction([.setLeadStates([LeadID(2), LeadID(3), LeadID(4)].map { ($0, Self.state("SALE")) })]))
    var query = LeadQuery()
    query.liveStatuses = ["INCALL": [LeadID(1), LeadID(9)], "RING": [LeadID(4)]]
    query.statusNames = [
      StatusNaming(status: "SALE", name: "Sold", lists: [ListID(1)]),
      StatusNaming(status: "SALE", name: "Verkauft", lists: [ListID(1), ListID(2)]),
    ]
    query.limit = 1_000
    func ids(_ field: FilterField, _ comparison: FilterOperator, _ value: FilterValue) throws -> [UInt32] {
      query.filter = .compare(field, comparison, [value])
      return try reader.findIDs(query).leadIDs.map(\.rawValue)
    }
    #expect(try ids(.status, .eq, .text("INCALL")) == [1, 9])
    #expect(try ids(.status, .prefix, .text("RI")) == [4])
    #expect(try ids(.status, .eq, .text("SALE")) == [2, 3])
    #expect(try ids(.status, .eq, .text("DNC")) == [18, 27, 36, 45, 54])
    #expect(try ids(.statusName, .eq, .text("In call")) == [1, 9])
    // Even numbers are in list 1, odd ones in list 2.
    #expect(try ids(.statusName, .eq, .text("Sold")) == [2])
    #expect(try ids(.statusName, .eq, .text("Verkauft")) == [3])
    #expect(try ids(.statusName, .blank, .boolean(true)) == [])
    query.filter = .everything
    query.sort = [LeadSort(.status)]
    #expect(try reader.findIDs(query).leadIDs.suffix(3).map(\.rawValue) == [4, 2, 3])
  }

  private static func state(_ code: String) -> LeadState {
    var state = LeadState()
    if let code = StatusCode(code) { state.status = code }
    return state
  }

  private func numbers(_ holds: (UInt32) -> Bool) -> [UInt32] { (1...Self.count).filter(holds) }

  @Test(
    "a filter finds what it says",
    arguments: [
      FilterCase(#"{}"#, { _ in true }),
      FilterCase(#"{"leadID": {"le": 3}}"#, { $0 <= 3 }),
      FilterCase(#"{"leadID": {"prefix": "5"}}"#, { "\($0)".hasPrefix("5") }),
      FilterCase(#"{"leadID": {"contains": "2"}}"#, { "\($0)".contains("2") }),
      FilterCase(#"{"leadID": {"prefix": "05"}}"#, { _ in false }),
      FilterCase(#"{"email": "a12@b.c"}"#, { $0 == 12 }),
      FilterCase(#"{"email": {"in": ["a12@b.c", "a13@b.c", "A14@b.c"]}}"#, { $0 == 12 || $0 == 13 }),
      FilterCase(#"{"email": {"ne": "a12@b.c"}}"#, { $0 != 12 }),
      FilterCase(#"{"email": {"prefix": "a5"}}"#, { "\($0)".hasPrefix("5") }),
      FilterCase(#"{"custom.tags": {"contains": "vip"}}"#, { $0 % 3 != 0 }),
      FilterCase(#"{"custom.tags": {"blank": true}}"#, { $0 % 3 == 0 }),
      FilterCase(#"{"vendorLeadCode": "crm-12"}"#, { $0 == 12 }),
      FilterCase(#"{"vendorLeadCode": {"prefix": "crm-1"}}"#, { "\($0)".hasPrefix("1") }),
      FilterCase(#"{"listID": 2}"#, { $0 % 2 == 1 }),
      FilterCase(#"{"listName": "one"}"#, { $0 % 2 == 0 }),
      FilterCase(#"{"phone": "+61200000007"}"#, { $0 == 7 }),
      FilterCase(#"{"phone": "+4420000003"}"#, { $0 % 10 == 3 }),
      FilterCase(#"{"phone": {"ne": "+4420000003"}}"#, { $0 % 10 != 3 }),
      FilterCase(#"{"phone": {"prefix": "+44"}}"#, { _ in true }),
      FilterCase(#"{"phone1": {"prefix": "+6120000005"}}"#, { (50...59).contains($0) }),
      FilterCase(#"{"phone1": {"prefix": "+612000000501"}}"#, { _ in false }),
      FilterCase(#"{"phone3": {"blank": true}}"#, { _ in true }),
      FilterCase(#"{"phone": {"blank": true}}"#, { _ in false }),
      FilterCase(#"{"rank": {"blank": true}}"#, { rank($0) == nil }),
      FilterCase(#"{"rank": null}"#, { rank($0) == nil }),
      FilterCase(#"{"rank": {"gt": 0}}"#, { (rank($0) ?? 0) > 0 }),
      FilterCase(#"{"not": {"rank": {"gt": 0}}}"#, { (rank($0) ?? 0) <= 0 }),
      FilterCase(#"{"rank": {"ne": 2}}"#, { rank($0) != 2 }),
      FilterCase(#"{"not": {"rank": {"ne": 2}}}"#, { rank($0) == 2 }),
      FilterCase(#"{"rank": {"in": [1, 2]}}"#, { rank($0) == 1 || rank($0) == 2 }),
      FilterCase(
        #"{"not": {"or": [{"rank": {"in": [1, 2]}}, {"listID": 1}]}}"#, { ![1, 2].contains(rank($0)) && $0 % 2 == 1 }),
      FilterCase(
        #"{"and": [{"rank": {"ge": -1, "lt": 2}}, {"completed": false}]}"#,
        { rank($0).map { (-1..<2).contains($0) } ?? false }),
      FilterCase(#"{"firstName": {"blank": true}}"#, { $0 == 1 }),
      FilterCase(#"{"lastName": {"contains": "me 2"}}"#, { last($0) == "Name 2" }),
      FilterCase(#"{"lastName": {"blank": false}}"#, { last($0) != nil }),
      FilterCase(#"{"timeZone": "Asia/Tokyo"}"#, { $0 % 2 == 1 }),
      FilterCase(#"{"timeZoneSource": "lead"}"#, { _ in true }),
      FilterCase(#"{"state": "FL"}"#, { $0 % 2 == 1 }),
      FilterCase(#"{"region": {"blank": true}}"#, { $0 % 2 == 0 }),
      FilterCase(#"{"status": {"in": ["DNC", "X"]}}"#, { $0 % 9 == 0 }),
      FilterCase(#"{"statusName": "Do not call"}"#, { $0 % 9 == 0 }),
      FilterCase(#"{"stage": "new"}"#, { _ in true }),
      FilterCase(#"{"archived": true}"#, { _ in false }),
      FilterCase(#"{"live": true}"#, { $0 == 5 }),
      FilterCase(#"{"live": {"ne": true}}"#, { $0 != 5 }),
      FilterCase(#"{"calledCount": {"ge": 2}}"#, { $0 % 4 >= 2 }),
      FilterCase(#"{"lastOutcome": "busy"}"#, { $0 % 6 == 0 }),
      FilterCase(#"{"lastOutcome": {"blank": true}}"#, { $0 % 6 != 0 }),
      FilterCase(#"{"lastAttemptAt": {"blank": true}}"#, { _ in true }),
      FilterCase(#"{"callbackAt": {"gt": "2026-11-20T01:00:00.000Z"}}"#, { $0 == 7 }),
      FilterCase(#"{"createdAt": {"lt": "2026-01-01T00:00:00Z"}}"#, { _ in false }),
      FilterCase(#"{"custom.age": {"lt": 20}}"#, { $0 % 3 != 0 && $0 < 20 }),
      FilterCase(#"{"custom.age": {"gt": "a"}}"#, { _ in false }),
      FilterCase(#"{"custom.age": {"in": [4, "x", 8]}}"#, { $0 == 4 || $0 == 8 }),
      FilterCase(#"{"custom.vip": true}"#, { $0 % 3 != 0 && $0 % 10 == 0 }),
      FilterCase(#"{"custom.vip": 1}"#, { _ in false }),
      FilterCase(#"{"custom.age": {"ne": 4}}"#, { $0 != 4 }),
      FilterCase(#"{"custom.odd\"name": "x"}"#, { $0 % 3 != 0 }),
      FilterCase(#"{"custom.none": {"blank": true}}"#, { _ in true }),
    ])
  func filters(_ testCase: FilterCase) throws {
    let filter = try FilterExpression(json: JSON(parsing: testCase.text))
    let holds = testCase.holds
    #expect(try found(filter, live: [LeadID(5)]) == numbers(holds))
    #expect(try found(.not(filter), live: [LeadID(5)]) == numbers { !holds($0) })
  }

  @Test(
    "pages of any size, one after the other, are the whole order",
    arguments: [
      [], [LeadSort(.rank)], [LeadSort(.rank, descending: true)],
      [LeadSort(.lastName), LeadSort(.rank, descending: true)],
      [LeadSort(.custom("age"), descending: true)], [LeadSort(.vendorLeadCode, descending: true)],
      [LeadSort(.listName), LeadSort(.calledCount), LeadSort(.leadID, descending: true)],
    ], [1, 7, 1_000])
  func pages(sort: [LeadSort], limit: Int) throws {
    var query = LeadQuery()
    query.sort = sort
    query.limit = limit
    var ids: [LeadID] = []
    repeat {
      let page = try reader.findIDs(query)
      #expect(page.leadIDs.count <= limit)
      ids += page.leadIDs
      query.cursor = page.next
    } while query.cursor != nil && ids.count <= 100
    #expect(ids.count == Int(Self.count))
    #expect(Set(ids).count == Int(Self.count))
    if sort.first == LeadSort(.rank) || sort.first == LeadSort(.rank, descending: true) {
      let descending = sort[0].descending
      let expected = (1...Self.count).sorted {
        let (left, right) = (Self.rank($0), Self.rank($1))
        if left == right { return $0 < $1 }
        guard let left else { return false }
        guard let right else { return true }
        return descending ? left > right : left < right
      }
      #expect(ids.map(\.rawValue) == expected)
    }
  }

  private static let byName: LeadQuery = {
    var query = LeadQuery()
    query.sort = [LeadSort(.lastName, descending: true), LeadSort(.rank)]
    query.limit = 7
    return query
  }()

  @Test("pages in an order that no index has are read ahead in one pass, and are the same as one by one")
  func pagesAhead() throws {
    let pages = LeadPages(reader)
    var query = Self.byName
    var ids: [LeadID] = []
    repeat {
      let page = try pages.find(query, at: MonotonicInstant(milliseconds: 0))
      ids += page.leads.map(\.record.leadID)
      query.cursor = page.next
    } while query.cursor != nil && ids.count <= 100
    #expect(try ids == pagesOneByOne(Self.byName).flatMap { $0 })
    #expect(pages.passes == 1)
  }

  @Test("a page that was read ahead shows no lead that is gone or no longer fits, and is read anew later")
  func changesBehindPages() throws {
    let pages = LeadPages(reader)
    var query = Self.byName
    query.filter = .compare(.status, .eq, [.text("NEW")])
    let all = try reader.findIDs(query)
    query.cursor = all.next
    let second = try pages.find(query, at: MonotonicInstant(milliseconds: 0)).leads.map(\.record.leadID)
    let third = try #require(try pages.find(query, at: MonotonicInstant(milliseconds: 0)).next)
    try store.commit(
      Make.transaction([.deleteLeads([second[0]]), .setLeadStates([(second[1], Self.state("SALE"))])]))
    let left = try pages.find(query, at: MonotonicInstant(milliseconds: 0)).leads.map(\.record.leadID)
    #expect(left == Array(second[2...]))
    try store.commit(Make.transaction([.deleteLeads(Array(second[2...]))]))
    let next = try pages.find(query, at: MonotonicInstant(milliseconds: 0))
    query.cursor = third
    #expect(try next.leads == pages.find(query, at: MonotonicInstant(milliseconds: 0)).leads, "no page is empty")
    #expect(pages.passes == 1)
    let late = MonotonicInstant(milliseconds: 0) + LeadPages.life + Interval(milliseconds: 1)
    #expect(try next.leads == pages.find(query, at: late).leads)
    #expect(pages.passes == 2)
  }

  @Test("what is read ahead is bounded, and goes on behind its end", arguments: [(14, 1 << 20), (1_000, 90), (1, 1)])
  func boundsAhead(leads: Int, bytes: Int) throws {
    var query = Self.byName
    let expected = try pagesOneByOne(query)
    var ids: [[LeadID]] = []
    var start = ""
    while true {
      query.cursor = start.isEmpty ? nil : start
      let pages = try reader.pagesOfIDs(query, leads: leads, cursorBytes: bytes)
      #expect(pages.count <= 2)
      while let page = pages[start] {
        ids.append(page.ids)
        guard let next = page.next else {
          #expect(ids == expected)
          return
        }
        start = next
      }
    }
  }

  private func pagesOneByOne(_ query: LeadQuery) throws -> [[LeadID]] {
    var query = query
    var pages: [[LeadID]] = []
    repeat {
      let page = try reader.findIDs(query)
      pages.append(page.leadIDs)
      query.cursor = page.next
    } while query.cursor != nil
    return pages
  }

  @Test("a cursor of another sort, or of nobody's, is refused", arguments: ["", "e30=", "W10=", "x"])
  func wrongCursor(text: String) throws {
    var query = LeadQuery()
    query.cursor = text
    #expect(throws: StoreError.self) { try reader.findIDs(query) }
    query.cursor = nil
    query.limit = 1
    query.cursor = try reader.findIDs(query).next
    #expect(query.cursor != nil)
    query.sort = [LeadSort(.rank)]
    #expect(throws: StoreError.self) { try reader.findIDs(query) }
  }

  @Test("a segment is put in, also in another; one that is missing or goes in a circle is refused")
  func segments() throws {
    var query = LeadQuery()
    query.limit = 100
    query.segments = [
      "small": .compare(.leadID, .lt, [.integer(5)]),
      "odd": .and([.segment("small"), .compare(.listID, .eq, [.integer(2)])]),
      "circle": .not(.segment("circle")),
    ]
    query.filter = .segment("odd")
    #expect(try reader.findIDs(query).leadIDs == [LeadID(1), LeadID(3)])
    query.filter = .not(.segment("odd"))
    #expect(try reader.findIDs(query).leadIDs.count == 58)
    for name in ["circle", "none"] {
      query.filter = .segment(name)
      #expect(throws: StoreError.self) { try reader.findIDs(query) }
    }
  }

  @Test("conditions are evaluated to bits, for all leads or some, and only in the lists asked for")
  func bits() throws {
    let conditions: [FilterExpression] = [
      .compare(.leadID, .lt, [.integer(3)]), .everything, .compare(.rank, .gt, [.integer(0)]),
    ]
    var bits: [LeadID: UInt64] = [:]
    try reader.evaluate(conditions) { bits[$0] = $1 }
    #expect(bits.count == Int(Self.count))
    for number in 1...Self.count {
      let expected = UInt64(number < 3 ? 1 : 0) | 2 | ((Self.rank(number) ?? 0) > 0 ? 4 : 0)
      #expect(bits[LeadID(number)] == expected)
    }
    var some: [LeadID] = []
    try reader.evaluate(conditions, leads: [LeadID(2), LeadID(3), LeadID(999)], lists: [ListID(2)]) { lead, _ in
      some.append(lead)
    }
    #expect(some == [LeadID(3)])
  }

  @Test("leads are found by code, code and list, number in any place")
  func byKey() throws {
    #expect(try reader.leadIDs(vendorLeadCode: "crm-4") == [LeadID(4)])
    #expect(try reader.leadIDs(vendorLeadCode: "crm-4", listID: ListID(2)).isEmpty)
    #expect(try reader.leadIDs(phone: PhoneNumber(digits: 4_420_000_009)).map(\.rawValue) == numbers { $0 % 10 == 9 })
    #expect(try reader.leads([LeadID(3), LeadID(99), LeadID(1)]).map(\.record.leadID) == [LeadID(3), LeadID(1)])
    #expect(try reader.lead(LeadID(7))?.callbackAt == .start + .hours(2))
  }

  @Test("a value with a quotation mark in it is only a value")
  func injection() throws {
    let evil = "x' OR 1=1 --"
    #expect(try found(.compare(.lastName, .eq, [.text(evil)])).isEmpty)
    #expect(try found(.compare(.custom(evil), .eq, [.text(evil)])).isEmpty)
    #expect(try found(.compare(.custom("a\" b'"), .eq, [.integer(1)])).isEmpty)
  }
}
