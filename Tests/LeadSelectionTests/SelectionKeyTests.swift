import DialerModel
import Testing

@testable import LeadSelection

@Suite("Selection keys") struct SelectionKeyTests {
  @Test(
    "an order's words are read with their direction",
    arguments: [
      ("attempts", OrderComponent(.attempts)), ("-rank", OrderComponent(.rank, .down)),
      ("lastAttempt", OrderComponent(.lastAttempt)), ("-phone", OrderComponent(.phone, .down)),
    ])
  func words(text: String, component: OrderComponent) {
    #expect(OrderComponent(text) == component)
    #expect(component.description == text)
  }

  @Test("other words are no component", arguments: ["", "-", "--rank", "+rank", "Rank", "rank ", "name"])
  func otherWords(text: String) {
    #expect(OrderComponent(text) == nil)
    #expect(throws: OrderError.unknownComponent(text)) { try SelectionKeyEncoder(words: [text], seed: 1) }
  }

  @Test("an order has at most four components") func tooMany() {
    let words = ["rank", "attempts", "entered", "phone", "random"]
    #expect(throws: OrderError.tooManyComponents(5)) { try SelectionKeyEncoder(words: words, seed: 1) }
  }

  @Test("a key carries its lead", arguments: [UInt32(1), 77, .max])
  func carriesLead(number: UInt32) throws {
    let encoder = try SelectionKeyEncoder(words: ["-phone", "-lastAttempt", "-entered", "-rank"], seed: 1)
    let key = encoder.key(for: KeyInputs(lead: LeadID(number), entered: .distantFuture))
    #expect(key.lead == LeadID(number))
  }

  @Test("keys sort as the fields do", arguments: 0..<60)
  func sortsAsFields(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    var order: [OrderComponent] = []
    for _ in 0..<Int.random(in: 0...4, using: &generator) {
      guard let field = OrderComponent.Field.allCases.randomElement(using: &generator) else { continue }
      order.append(OrderComponent(field, Bool.random(using: &generator) ? .up : .down))
    }
    let encoder = try SelectionKeyEncoder(order: order, seed: 42)
    let leads = (1...60).map { Self.inputs(UInt32($0), &generator) }
    for left in leads {
      for right in leads {
        let expected = Self.comesBefore(left, right, order)
        #expect((encoder.key(for: left) < encoder.key(for: right)) == expected, "\(order) \(left) \(right)")
      }
    }
  }

  @Test("the standard order's shorter way makes the keys that the long one makes", arguments: 0..<20)
  func standardOrder(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let standard = try SelectionKeyEncoder(words: ["attempts", "lastAttempt", "leadID"], seed: 1)
    let withoutLead = try SelectionKeyEncoder(words: ["attempts", "lastAttempt"], seed: 1)
    // The same but for 24 bits behind the 61 that matter.
    let longer = try SelectionKeyEncoder(words: ["attempts", "lastAttempt", "random"], seed: 1)
    for number in 1...100 {
      let inputs = Self.inputs(UInt32(number), &generator)
      let long = longer.key(for: inputs)
      let expected = SelectionKey(first: long.first & ~7, second: 0, third: long.third)
      #expect(standard.key(for: inputs) == expected)
      #expect(withoutLead.key(for: inputs) == expected)
    }
  }

  @Test("a lead without a value comes last in both directions", arguments: ["rank", "-rank", "phone", "-lastAttempt"])
  func missingLast(word: String) throws {
    let encoder = try SelectionKeyEncoder(words: [word], seed: 1)
    let missing = encoder.key(for: KeyInputs(lead: LeadID(1), entered: .distantPast))
    for rank in [Int32.min, -8_000_000, 0, 8_000_000, .max] {
      let inputs = KeyInputs(
        lead: LeadID(2), lastAttempt: rank < 0 ? .distantPast : .distantFuture, rank: rank,
        entered: .distantPast, phone: PhoneNumber(digits: rank < 0 ? 1 : 999_999_999_999_999))
      #expect(encoder.key(for: inputs) < missing)
    }
  }

  /// Few values of each field, so that ties are common, and the ends of the ranges.
  private static func inputs(_ number: UInt32, _ generator: inout SeededGenerator) -> KeyInputs {
    func pick<Value>(_ values: [Value]) -> Value { values[Int(generator.next() % UInt64(values.count))] }
    let instants = [
      Instant(seconds: 946_684_800), Instant(seconds: 1_790_000_000), Instant(milliseconds: 1_790_000_000_001),
    ]
    return KeyInputs(
      lead: LeadID(number), attempts: pick([0, 1, 2, .max]), lastAttempt: pick(instants + [nil]),
      rank: pick([nil, -8_000_000, -1, 0, 5, 8_000_000]), entered: pick(instants),
      phone: pick([nil, PhoneNumber(digits: 12), PhoneNumber(digits: 999_999_999_999_999)]),
      priority: pick([0, 0, 0, 1, 15]))
  }

  private static func comesBefore(_ left: KeyInputs, _ right: KeyInputs, _ order: [OrderComponent]) -> Bool {
    if left.priority != right.priority { return left.priority > right.priority }
    for component in order {
      let (one, other) = (value(left, component.field), value(right, component.field))
      guard one != other else { continue }
      guard let one else { return false }
      guard let other else { return true }
      return component.direction == .up ? one < other : one > other
    }
    return left.lead < right.lead
  }

  private static func value(_ inputs: KeyInputs, _ field: OrderComponent.Field) -> Int64? {
    switch field {
    case .attempts: Int64(inputs.attempts)
    case .lastAttempt: inputs.lastAttempt?.milliseconds
    case .rank: inputs.rank.map(Int64.init)
    case .entered: inputs.entered.milliseconds
    case .leadID: Int64(inputs.lead.rawValue)
    case .random: Int64(SeededGenerator.mix(42 ^ UInt64(inputs.lead.rawValue)) >> 40)
    case .phone: inputs.phone.map { Int64($0.digits) }
    }
  }
}
