import Testing

@testable import DialerModel

@Suite("Filters")
struct FilterExpressionTests {
  static let readable: [(String, FilterExpression)] = [
    ("{}", .everything),
    (#"{"status":"NEW"}"#, .compare(.status, .eq, [.text("NEW")])),
    (#"{"calledCount":{"lt":3}}"#, .compare(.calledCount, .lt, [.integer(3)])),
    (#"{"listID":{"in":[1,2]}}"#, .compare(.listID, .in, [.integer(1), .integer(2)])),
    (#"{"email":{"blank":true}}"#, .compare(.email, .blank, [.boolean(true)])),
    (#"{"email":null}"#, .compare(.email, .blank, [.boolean(true)])),
    (#"{"phone":"+61291234567"}"#, .compare(.phone, .eq, [.phone(PhoneNumber(digits: 61_291_234_567))])),
    (#"{"phone2":{"prefix":"+6129"}}"#, .compare(.phone2, .prefix, [.text("+6129")])),
    (#"{"completed":false}"#, .compare(.completed, .eq, [.boolean(false)])),
    (
      #"{"lastOutcome":{"in":["busy","no-answer"]}}"#, .compare(.lastOutcome, .in, [.text("busy"), .text("no-answer")])
    ),
    (#"{"createdAt":{"ge":"1970-01-01T00:00:01Z"}}"#, .compare(.createdAt, .ge, [.instant(Instant(seconds: 1))])),
    (#"{"custom.tier":{"gt":1.5}}"#, .compare(.custom("tier"), .gt, [.number(1.5)])),
    (#"{"custom.vip":true}"#, .compare(.custom("vip"), .eq, [.boolean(true)])),
    (#"{"lastName":{"contains":"é"}}"#, .compare(.lastName, .contains, [.text("é")])),
    (#"{"rank":{"ge":1,"lt":5}}"#, .and([.compare(.rank, .ge, [.integer(1)]), .compare(.rank, .lt, [.integer(5)])])),
    (
      #"{"and":[{"or":[{"rank":1},{"segment":"gold"}]},{"not":{"status":"DNC"}}]}"#,
      .and([
        .or([.compare(.rank, .eq, [.integer(1)]), .segment("gold")]), .not(.compare(.status, .eq, [.text("DNC")])),
      ])
    ),
  ]

  @Test("a filter is read into its expression, and written back to one that reads equal", arguments: readable)
  func reads(text: String, expected: FilterExpression) throws {
    let filter = try FilterExpression(json: try JSON(parsing: text))
    #expect(filter == expected)
    #expect(try FilterExpression(json: filter.json) == filter)
  }

  static let unreadable: [(String, String)] = [
    ("1", ""), ("[]", ""), (#"{"a":1}"#, "a"), (#"{"Status":"NEW"}"#, "Status"), (#"{"rank":1,"owner":"a"}"#, ""),
    (#"{"rank":"1"}"#, "rank"), (#"{"rank":1.5}"#, "rank"), (#"{"rank":{}}"#, "rank"), (#"{"rank":[1]}"#, "rank"),
    (#"{"rank":{"like":1}}"#, "rank.like"), (#"{"rank":{"prefix":"1"}}"#, "rank.prefix"),
    (#"{"rank":{"in":[]}}"#, "rank.in"),
    (#"{"rank":{"in":1}}"#, "rank.in"), (#"{"rank":{"in":[1,"2"]}}"#, "rank.in[1]"),
    (#"{"rank":{"blank":1}}"#, "rank.blank"),
    (#"{"completed":{"blank":true}}"#, "completed.blank"), (#"{"completed":null}"#, "completed.blank"),
    (#"{"stage":"old"}"#, "stage"), (#"{"stage":{"lt":"new"}}"#, "stage.lt"), (#"{"phone":"0291234567"}"#, "phone"),
    (#"{"phone":{"prefix":"61"}}"#, "phone.prefix"), (#"{"phone":{"prefix":"+61*"}}"#, "phone.prefix"),
    (#"{"createdAt":"today"}"#, "createdAt"), (#"{"lastName":{"contains":""}}"#, "lastName.contains"),
    (#"{"custom.":1}"#, "custom."), (#"{"custom.a":[1]}"#, "custom.a"), (#"{"and":[]}"#, "and"), (#"{"or":{}}"#, "or"),
    (#"{"and":[{"rank":1},{}]}"#, "and[1]"), (#"{"not":{}}"#, "not"), (#"{"not":[{"rank":1}]}"#, "not"),
    (#"{"or":[{"and":[{"not":{"rank":{"in":[1,true]}}}]}]}"#, "or[0].and[0].not.rank.in[1]"),
    (#"{"segment":1}"#, "segment"), (#"{"segment":""}"#, "segment"),
  ]

  @Test("a wrong filter is refused with its path and what is accepted there", arguments: unreadable)
  func refuses(text: String, path: String) throws {
    let json = try JSON(parsing: text)
    do throws(FilterFault) {
      _ = try FilterExpression(json: json)
      Issue.record("taken")
    } catch {
      #expect(error.path == path)
      #expect(!error.accepted.isEmpty)
      #expect(error.message.hasSuffix("."))
    }
  }

  static func nested(_ depth: Int) -> JSON {
    var json: JSON = ["rank": 1]
    for _ in 1..<depth { json = ["not": json] }
    return json
  }

  @Test("16 levels are taken, 17 refused; a range on one field counts as one level more")
  func depth() throws {
    _ = try FilterExpression(json: Self.nested(16))
    #expect(throws: FilterFault.self) { try FilterExpression(json: Self.nested(17)) }
    var ranged: JSON = ["rank": ["ge": 1, "le": 2]]
    for _ in 1..<15 { ranged = ["and": [ranged]] }
    let filter = try FilterExpression(json: ranged)
    #expect(try FilterExpression(json: filter.json) == filter)
    #expect(throws: FilterFault.self) { try FilterExpression(json: ["and": [ranged]]) }
  }

  @Test("256 values are taken, 257 refused, wherever they stand")
  func terms() throws {
    func wide(_ count: Int) -> JSON { ["rank": ["in": .array((0..<count).map { JSON($0) })]] }
    func long(_ count: Int) -> JSON { ["or": .array((0..<count).map { ["segment": .string("s\($0)")] })] }
    for shape in [wide, long] {
      _ = try FilterExpression(json: shape(256))
      #expect(throws: FilterFault.self) { try FilterExpression(json: shape(257)) }
    }
    #expect(throws: FilterFault.self) { try FilterExpression(json: ["and": [wide(200), long(57)]]) }
  }

  @Test("text of 1,024 bytes is compared with, longer is not; a custom name has 1 to 64 bytes")
  func lengths() throws {
    _ = try FilterExpression(json: ["owner": .string(String(repeating: "a", count: 1024))])
    #expect(throws: FilterFault.self) {
      try FilterExpression(json: ["owner": .string(String(repeating: "a", count: 1025))])
    }
    #expect(FilterField(name: "custom." + String(repeating: "a", count: 64)) != nil)
    #expect(FilterField(name: "custom." + String(repeating: "a", count: 65)) == nil)
  }

  @Test("every field has its own name, reads back from it, and takes at least equality")
  func fields() {
    for entry in FilterField.all {
      #expect(FilterField(name: entry.name) == entry.field)
      #expect(entry.field.name == entry.name)
      #expect(entry.field.type == entry.type)
      #expect(entry.type.operators.contains(.eq))
    }
    #expect(Set(FilterField.all.map(\.name)).count == FilterField.all.count)
    #expect(FilterField(name: "custom.a b")?.name == "custom.a b")
  }

  @Test("filters made at random read back equal", arguments: 1...4 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let filter = Self.random(&generator, depth: 5)
      #expect(try FilterExpression(json: try JSON(parsing: filter.json.text)) == filter)
    }
  }

  static func random(_ generator: inout SeededGenerator, depth: Int) -> FilterExpression {
    switch Int.random(in: 0..<(depth > 1 ? 7 : 4), using: &generator) {
    case 0: return .segment("s\(Int.random(in: 0...9, using: &generator))")
    case 4: return .not(random(&generator, depth: depth - 1))
    case 5:
      return .and((0...Int.random(in: 0...2, using: &generator)).map { _ in random(&generator, depth: depth - 1) })
    case 6: return .or((0...Int.random(in: 0...2, using: &generator)).map { _ in random(&generator, depth: depth - 1) })
    default:
      let entry = FilterField.all[Int.random(in: 0..<FilterField.all.count, using: &generator)]
      let comparison = entry.type.operators[Int.random(in: 0..<entry.type.operators.count, using: &generator)]
      let number = Int64.random(in: 100...999_999, using: &generator)
      switch comparison {
      case .blank: return .compare(entry.field, comparison, [.boolean(number % 2 == 0)])
      case .prefix, .contains: return .compare(entry.field, comparison, [.text("+\(number)")])
      default:
        let value = value(entry.type, number)
        return .compare(entry.field, comparison, comparison == .in ? [value, value] : [value])
      }
    }
  }

  private static func value(_ type: FilterType, _ number: Int64) -> FilterValue {
    switch type {
    case .integer: .integer(number)
    case .text: .text("text \(number)")
    case .boolean: .boolean(number % 2 == 0)
    case .instant: .instant(Instant(milliseconds: number * 977))
    case .phone: .phone(PhoneNumber(digits: UInt64(number)))
    case .word(let words): .text(words[Int(number) % words.count])
    case .any: .number(Double(number) + 0.5)
    }
  }

  @Test("the segments of a filter are found wherever they stand, in their order")
  func segments() throws {
    let json: JSON = ["and": [["not": ["segment": "b"]], ["or": [["segment": "a"], ["rank": 1]]]]]
    #expect(try FilterExpression(json: json).segments == ["b", "a"])
  }
}
