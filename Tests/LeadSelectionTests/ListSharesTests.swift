import DialerModel
import Testing

@testable import LeadSelection

@Suite("Shares of lists") struct ListSharesTests {
  private static let call: Int64 = 1 << ListShares.lagBits

  private static func shares(_ weights: [Int]) -> ListShares {
    var shares = ListShares()
    for (slot, weight) in weights.enumerated() {
      shares.add(weight: weight)
      shares.setWanted(slot, true)
    }
    return shares
  }

  private static func weights(_ generator: inout SeededGenerator) -> [Int] {
    (0..<Int.random(in: 2...100, using: &generator)).map { _ in
      Bool.random(using: &generator)
        ? Int.random(in: 1...1000, using: &generator) : Int.random(in: 1...5, using: &generator)
    }
  }

  @Test("after any number of calls every list is within one call of its exact share", arguments: 0..<20)
  func bound(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let weights = Self.weights(&generator)
    let total = weights.reduce(0, +)
    var shares = Self.shares(weights)
    var made = weights.map { _ in 0 }
    var worst = 0
    for calls in 1...2000 {
      guard let slot = shares.next() else { break }
      shares.charge(slot)
      made[slot] += 1
      for (list, weight) in weights.enumerated() { worst = max(worst, abs(calls * weight - made[list] * total)) }
    }
    #expect(made.reduce(0, +) == 2000)
    #expect(worst < total)
  }

  @Test("the choice is the rule's: earliest (1 − lag) / share of those with lag + share > 0", arguments: 0..<20)
  func rule(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed + 1000))
    let weights = Self.weights(&generator)
    let total = weights.reduce(0, +)
    var shares = Self.shares(weights)
    var lags = weights.map { _ in 0 }
    for _ in 0..<1500 {
      var best: Int?
      for list in weights.indices where lags[list] + weights[list] > 0 {
        if let known = best, (total - lags[list]) * weights[known] >= (total - lags[known]) * weights[list] { continue }
        best = list
      }
      let chosen = shares.next()
      #expect(chosen == best)
      guard let chosen else { return }
      shares.charge(chosen)
      for list in weights.indices { lags[list] += weights[list] }
      lags[chosen] -= total
    }
  }

  @Test("a list that is charged out of its turn waits the longer, however many there are", arguments: [3, 40, 300])
  func chargedOutOfTurn(lists: Int) {
    var generator = SeededGenerator(seed: UInt64(lists))
    let weights = (0..<lists).map { _ in Int.random(in: 1...1000, using: &generator) }
    let total = weights.reduce(0, +)
    var shares = Self.shares(weights)
    var lags = weights.map { _ in 0 }
    for call in 0..<2000 {
      let best = weights.indices.filter { lags[$0] + weights[$0] > 0 }
        .min { (total - lags[$0]) * weights[$1] < (total - lags[$1]) * weights[$0] }
      #expect(shares.next() == best)
      guard var charged = best else { return }
      let other = Int.random(in: 0..<lists, using: &generator)
      if call % 5 == 0, lags[other] > -total / 2 { charged = other }
      shares.charge(charged)
      for list in weights.indices { lags[list] += weights[list] }
      lags[charged] -= total
    }
  }

  @Test("numbering the calls anew changes nothing") func renumbering() {
    var shares = Self.shares([70, 30, 101])
    var made = [0, 0, 0]
    for calls in 1...150_000 {
      guard let slot = shares.next() else { break }
      shares.charge(slot)
      made[slot] += 1
      if calls % 201 == 0 { #expect(made == [70 * calls / 201, 30 * calls / 201, 101 * calls / 201]) }
    }
  }

  @Test("lists added without a lead move no other's turn, however many they become", arguments: [1, 20, 200])
  func addedLists(added: Int) {
    var plain = Self.shares([70, 30, 101, 1000, 3])
    var grown = Self.shares([70, 30, 101, 1000, 3])
    for calls in 0..<3000 {
      if calls < added { grown.add(weight: 500) }
      let next = plain.next()
      #expect(grown.next() == next)
      guard let next else { return }
      plain.charge(next)
      grown.charge(next)
    }
  }

  @Test("asking without charging does not move the choice") func askingIsFree() {
    var shares = Self.shares([3, 2, 7])
    for _ in 0..<50 {
      let first = shares.next()
      #expect(shares.next() == first)
      if let first { shares.charge(first) }
    }
  }

  @Test("a dry list gives its share to the others at once") func dryList() {
    var shares = Self.shares([70, 30, 100])
    shares.setWanted(2, false)
    var made = [0, 0, 0]
    for _ in 0..<100 {
      guard let slot = shares.next() else { break }
      shares.charge(slot)
      made[slot] += 1
    }
    #expect(made == [70, 30, 0])
  }

  @Test("a list that is back gathers no credit for the time away") func noCreditWhileAway() {
    var shares = Self.shares([1, 1])
    shares.setWanted(0, false)
    for _ in 0..<1000 { if let slot = shares.next() { shares.charge(slot) } }
    shares.setWanted(0, true)
    var made = 0
    for _ in 0..<100 {
      guard let slot = shares.next() else { break }
      shares.charge(slot)
      if slot == 0 { made += 1 }
    }
    #expect((49...51).contains(made))
  }

  @Test("what a list owes it still owes when it is back") func debtIsKept() {
    var shares = Self.shares([1, 1, 1, 1])
    guard let slot = shares.next() else { return }
    shares.charge(slot)
    let debt = shares.lag(slot)
    #expect(debt == -3 * Self.call / 4)
    shares.setWanted(slot, false)
    for _ in 0..<30 { if let other = shares.next() { shares.charge(other) } }
    #expect(shares.lag(slot) == debt)
    shares.setWanted(slot, true)
    #expect(shares.next() != slot)
    #expect(abs(shares.lag(slot) - debt) <= 1)
  }

  @Test("a call given back is made up for at once, and the bound holds for what counts", arguments: 0..<20)
  func giveBack(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let weights = Self.weights(&generator)
    let total = weights.reduce(0, +)
    var shares = Self.shares(weights)
    var made = weights.map { _ in 0 }
    var calls = 0
    var worst = 0
    for _ in 0..<2000 {
      guard let slot = shares.next() else { break }
      shares.charge(slot)
      if Int.random(in: 0..<10, using: &generator) == 0 {
        shares.giveBack(slot)
        #expect(shares.next() == slot)
        continue
      }
      made[slot] += 1
      calls += 1
      for (list, weight) in weights.enumerated() { worst = max(worst, abs(calls * weight - made[list] * total)) }
    }
    #expect(worst < total)
  }

  /// How lists come and go in a churn test.
  enum Churn: CaseIterable, Sendable { case seldom, often, oneCallEach, heavyFlicker }

  @Test(
    "under churn no lag passes two calls and nobody waits more than three turns", arguments: Churn.allCases, 0..<6)
  func churn(kind: Churn, seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    var weights = Self.weights(&generator)
    if kind == .heavyFlicker { weights = weights.map { $0 % 7 == 0 ? 1 : 1000 } }
    var shares = Self.shares(weights)
    var wanted = weights.map { _ in true }
    var waited = weights.map { _ in 0 }
    // A turn is 1/share calls, by the smallest share that the list had while it waited.
    var smallest = weights.map { _ in 1.0 }
    var worstLag: Int64 = 0
    var longestWait = 0.0
    for _ in 0..<2000 {
      for list in weights.indices where kind != .oneCallEach || !wanted[list] {
        let odds = kind == .seldom ? 400 : kind == .often ? 10 : 40
        guard Int.random(in: 0..<odds, using: &generator) == 0 else { continue }
        if kind == .heavyFlicker, weights[list] == 1, wanted[list] { continue }
        wanted[list].toggle()
        shares.setWanted(list, wanted[list])
        waited[list] = 0
        smallest[list] = 1
      }
      if kind != .heavyFlicker, Int.random(in: 0..<200, using: &generator) == 0,
        let list = weights.indices.randomElement(using: &generator)
      {
        weights[list] = Int.random(in: 1...1000, using: &generator)
        shares.setWeight(list, weights[list])
      }
      let total = weights.indices.reduce(0) { wanted[$1] ? $0 + weights[$1] : $0 }
      guard let slot = shares.next() else {
        #expect(total == 0)
        continue
      }
      #expect(wanted[slot])
      shares.charge(slot)
      for list in weights.indices {
        worstLag = max(worstLag, abs(shares.lag(list)))
        guard wanted[list], list != slot else { continue }
        waited[list] += 1
        smallest[list] = min(smallest[list], Double(weights[list]) / Double(total))
        longestWait = max(longestWait, Double(waited[list]) * smallest[list])
      }
      waited[slot] = 0
      smallest[slot] = 1
      if kind == .oneCallEach {
        wanted[slot] = false
        shares.setWanted(slot, false)
      }
    }
    #expect(worstLag <= 2 * Self.call)
    #expect(longestWait <= 3)
  }

  @Test("a hundred equal lists that leave after one call each have one call each") func leavingOneByOne() {
    var shares = Self.shares(Array(repeating: 5, count: 100))
    var order: [Int] = []
    for _ in 0..<100 {
      guard let slot = shares.next() else { break }
      shares.charge(slot)
      shares.setWanted(slot, false)
      order.append(slot)
      for list in 0..<100 { #expect(abs(shares.lag(list)) <= 2 * Self.call) }
    }
    #expect(order.sorted() == Array(0..<100))
    #expect(shares.next() == nil)
    // All come back in debt: dialling goes on all the same, in turns.
    for slot in 0..<100 { shares.setWanted(slot, true) }
    var made = Array(repeating: 0, count: 100)
    for _ in 0..<1000 {
      guard let slot = shares.next() else { break }
      shares.charge(slot)
      made[slot] += 1
    }
    #expect(made.allSatisfy { (8...12).contains($0) })
  }

  @Test("saved and restored, the choice goes on as if nothing had happened", arguments: 0..<20)
  func restore(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let weights = Self.weights(&generator)
    var shares = Self.shares(weights)
    for _ in 0..<500 {
      let list = Int.random(in: 0..<weights.count, using: &generator)
      shares.setWanted(list, Bool.random(using: &generator))
      if let slot = shares.next() {
        shares.charge(slot)
        if Int.random(in: 0..<9, using: &generator) == 0 { shares.giveBack(slot) }
      }
    }
    for slot in weights.indices { shares.setWanted(slot, true) }
    var other = ListShares()
    for (slot, weight) in weights.enumerated() {
      other.add(weight: weight)
      other.setWanted(slot, true)
    }
    other.restore(weights.indices.map { ($0, shares.saved($0)) }, savedTotal: shares.totalWeight)
    for _ in 0..<1000 {
      let slot = shares.next()
      #expect(other.next() == slot)
      if let slot {
        shares.charge(slot)
        other.charge(slot)
      }
    }
  }
}
