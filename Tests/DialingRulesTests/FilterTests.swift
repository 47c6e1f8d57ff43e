import DialerModel
import DialingRules
import Testing

@Suite("Filters in memory") struct FilterTests {
  private let now = Builders.at("2026-11-20T14:00:00Z")

  /// A lead with something in most fields.
  private func record() -> LeadRecord {
    var record = Builders.record(phones: ["+12125550101", nil, "+61291234567"], status: "NA", calledCount: 3)
    record.rank = 5
    record.state.lastOutcome = .noAnswer
    record.state.lastAttemptAt = Builders.at("2026-11-20T10:00:00Z")
    record.state.stage = .contacted
    return record
  }

  private func value(of field: FilterField, in record: LeadRecord) -> FilterValue? {
    let phones: [FilterField] = [.phone1, .phone2, .phone3, .phone4, .phone5]
    if let index = phones.firstIndex(of: field) { return record.phones[index].map { .phone($0) } }
    switch field {
    case .leadID: return .integer(Int64(record.leadID.rawValue))
    case .listID: return .integer(Int64(record.listID.rawValue))
    case .rank: return record.rank == LeadRecord.missingRank ? nil : .integer(Int64(record.rank))
    case .calledCount: return .integer(Int64(record.state.calledCount))
    case .status: return .text(record.state.status.description)
    case .stage: return .text(record.state.stage.word)
    case .completed: return .boolean(record.state.completed)
    case .archived: return .boolean(record.state.archived)
    case .live: return .boolean(record.state.status.isLive)
    case .lastOutcome: return record.state.lastOutcome.map { .text($0.word) }
    case .lastAttemptAt: return record.state.wasAttempted ? .instant(record.state.lastAttemptAt) : nil
    case .state: return .text("FL")
    case .lastName: return .text("Castro")
    case .email: return .text("")
    case .custom("score"): return .number(7.5)
    case .custom("visits"): return .integer(7)
    case .custom("plan"): return .text("gold")
    default: return nil
    }
  }

  /// Both ways must agree.
  private func takes(_ text: String, _ record: LeadRecord, segments: [String: String] = [:]) throws -> Bool {
    let expression = try filter(text)
    let parsed = try segments.mapValues { try filter($0) }
    let full = FilterEvaluator.takes(expression, value: { value(of: $0, in: record) }, segment: { parsed[$0] })
    let compiled = try CompiledFilter(expression, segment: { parsed[$0] })
    let bits = compiled.staticBits { value(of: $0, in: record) }
    #expect(compiled.evaluate(staticBits: bits, record: record, now: now) == full, "\(text)")
    return full
  }

  private func filter(_ text: String) throws -> FilterExpression {
    try FilterExpression(json: try JSON(parsing: Array(text.utf8)))
  }

  @Test(
    "a filter takes the lead or leaves it out",
    arguments: [
      ("{}", true), (#"{"calledCount":3}"#, true), (#"{"calledCount":{"lt":3}}"#, false),
      (#"{"calledCount":{"le":3}}"#, true), (#"{"calledCount":{"gt":2,"lt":4}}"#, true),
      (#"{"calledCount":{"in":[1,2]}}"#, false), (#"{"calledCount":{"in":[1,3]}}"#, true),
      (#"{"calledCount":{"ne":3}}"#, false), (#"{"rank":{"ge":5}}"#, true), (#"{"rank":{"blank":true}}"#, false),
      (#"{"status":"NA"}"#, true), (#"{"status":{"ne":"NA"}}"#, false), (#"{"status":{"in":["NEW","NA"]}}"#, true),
      (#"{"status":{"prefix":"N"}}"#, true), (#"{"status":{"lt":"NB"}}"#, true),
      (#"{"status":"no such status"}"#, false),
      (#"{"status":{"ne":"no such status"}}"#, true), (#"{"stage":"contacted"}"#, true),
      (#"{"completed":false}"#, true),
      (#"{"archived":true}"#, false), (#"{"live":false}"#, true), (#"{"lastOutcome":"no-answer"}"#, true),
      (#"{"lastOutcome":{"in":["busy","fax"]}}"#, false),
      (#"{"lastAttemptAt":{"lt":"2026-11-20T10:00:00.001Z"}}"#, true),
      (#"{"lastAttemptAt":{"lt":"2026-11-20T10:00:00.000Z"}}"#, false), (#"{"lastAttemptAt":{"blank":false}}"#, true),
      (#"{"phone":"+61291234567"}"#, true), (#"{"phone":{"ne":"+61291234567"}}"#, false),
      (#"{"phone":{"prefix":"+6129"}}"#, true), (#"{"phone":{"prefix":"+612912345678"}}"#, false),
      (#"{"phone":{"prefix":"+"}}"#, true), (#"{"phone":{"prefix":"+061"}}"#, false),
      (#"{"phone1":{"prefix":"+6129"}}"#, false),
      (#"{"phone2":{"blank":true}}"#, true), (#"{"phone":{"blank":true}}"#, false),
      (#"{"phone2":{"ne":"+6129123"}}"#, true),
      (#"{"state":"FL"}"#, true), (#"{"state":{"in":["TX","FL"]}}"#, true), (#"{"lastName":{"contains":"str"}}"#, true),
      (#"{"lastName":{"contains":"STR"}}"#, false), (#"{"lastName":{"gt":"Casa"}}"#, true), (#"{"email":null}"#, true),
      (#"{"email":{"ne":"x"}}"#, true), (#"{"email":{"lt":"x"}}"#, false), (#"{"custom.score":{"gt":7}}"#, true),
      (#"{"custom.visits":{"lt":7.5}}"#, true), (#"{"custom.visits":7}"#, true), (#"{"custom.plan":7}"#, false),
      (#"{"custom.plan":{"lt":7}}"#, false), (#"{"custom.none":{"blank":true}}"#, true),
      (#"{"not":{"rank":5}}"#, false),
      (#"{"and":[{"state":"FL"},{"rank":5},{"lastName":"Castro"}]}"#, true),
      (#"{"and":[{"state":"FL"},{"rank":6}]}"#, false),
      (#"{"or":[{"state":"TX"},{"rank":6},{"calledCount":3}]}"#, true),
      (#"{"or":[{"state":"TX"},{"rank":6}]}"#, false),
      (#"{"and":[{"or":[{"rank":1},{"state":"FL"}]},{"not":{"and":[{"rank":5},{"state":"TX"}]}}]}"#, true),
      (#"{"or":[{"and":[{"rank":5},{"rank":6}]},{"and":[{"rank":5},{"calledCount":3}]}]}"#, true),
      (#"{"segment":"floridians"}"#, true), (#"{"and":[{"segment":"floridians"},{"rank":6}]}"#, false),
    ])
  func table(text: String, expected: Bool) throws {
    #expect(
      try takes(text, record(), segments: ["floridians": #"{"and":[{"state":"FL"},{"calledCount":3}]}"#]) == expected)
  }

  @Test("random filters are answered alike by the record and by the fields")
  func random() throws {
    var generator = HoursGenerator(random: SeededGenerator(seed: 11))
    let leaves = try [
      #"{"rank":{"lt":3}}"#, #"{"rank":{"ne":4}}"#, #"{"calledCount":{"ge":2}}"#, #"{"state":"FL"}"#,
      #"{"state":"TX"}"#,
      #"{"status":{"in":["NA","AB"]}}"#, #"{"lastOutcome":{"blank":true}}"#, #"{"phone":{"prefix":"+1212"}}"#,
      #"{"custom.plan":"gold"}"#, #"{"completed":true}"#,
    ].map { try filter($0) }
    func expression(_ depth: Int) -> FilterExpression {
      switch generator.below(depth == 0 ? 1 : 4) {
      case 1: .and((0..<1 + generator.below(3)).map { _ in expression(depth - 1) })
      case 2: .or((0..<1 + generator.below(3)).map { _ in expression(depth - 1) })
      case 3: .not(expression(depth - 1))
      default: leaves[generator.below(leaves.count)]
      }
    }
    var taken = 0
    for _ in 0..<2000 {
      let filter = expression(4)
      var record = record()
      record.rank = generator.below(4) == 0 ? LeadRecord.missingRank : Int32(generator.below(6))
      record.state.calledCount = UInt16(generator.below(4))
      record.state.lastOutcome = generator.below(2) == 0 ? nil : .busy
      record.state.completed = generator.below(2) == 0
      let full = FilterEvaluator.takes(filter, value: { value(of: $0, in: record) })
      let compiled = try CompiledFilter(filter)
      let bits = compiled.staticBits { value(of: $0, in: record) }
      #expect(compiled.evaluate(staticBits: bits, record: record, now: now) == full)
      if full { taken += 1 }
    }
    #expect((500...1500).contains(taken))
  }

  @Test("parts that ask nothing of the record share one bit, and equal parts too")
  func staticLeaves() throws {
    let compiled = try CompiledFilter(
      try filter(
        #"{"and":[{"state":"FL"},{"rank":5},{"lastName":"x"},{"or":[{"rank":1},{"owner":"y"},{"wrapCode":"z"}]}]}"#))
    #expect(compiled.staticLeaves.count == 2)
    // `wrapCode` changes with a call.
    #expect(compiled.bitsChangedByCalls == 2)
  }

  @Test("an unknown segment, a circle of segments and too many parts are refused")
  func faults() throws {
    #expect(throws: CompiledFilter.Fault.unknownSegment("x")) { try CompiledFilter(.segment("x")) }
    #expect(throws: CompiledFilter.Fault.tooDeep) { try CompiledFilter(.segment("x")) { _ in .not(.segment("x")) } }
    let many = FilterExpression.and(
      (0..<65).map { .or([.compare(.rank, .eq, [.integer(1)]), .compare(.owner, .eq, [.text("\($0)")])]) })
    #expect(throws: CompiledFilter.Fault.tooManyStaticLeaves) { try CompiledFilter(many) }
    #expect(!FilterEvaluator.takes(.segment("x"), value: { _ in nil }))
    #expect(!FilterEvaluator.takes(.segment("x"), value: { _ in nil }, segment: { .segment($0) }))
  }
}
