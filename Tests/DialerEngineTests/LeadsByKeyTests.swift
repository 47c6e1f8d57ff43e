import DialerModel
import Testing

@testable import DialerEngine

/// Keys as a test has them, and what was said of them.
private final class Model: LeadKeys {
  var keys: [UInt32: [UInt64]] = [:]
  private var holders: [UInt64: Set<UInt32>] = [:]
  var sharing: Set<UInt32> = []
  var asked = 0

  func has(_ hash: UInt64, _ lead: UInt32) -> Bool { keys[lead]?.contains(hash) ?? false }

  func forEachHash(of lead: UInt32, _ body: (UInt64) -> Void) {
    asked += 1
    for hash in keys[lead] ?? [] { body(hash) }
  }

  func shares(_ lead: UInt32) { sharing.insert(lead) }

  func with(_ hash: UInt64) -> Set<UInt32> { holders[hash] ?? [] }

  /// As the owner does it: the key is there before the table is told, and gone before it is.
  func add(_ hash: UInt64, to lead: UInt32, _ table: inout LeadsByKey) {
    guard !has(hash, lead) else { return }
    keys[lead, default: []].append(hash)
    holders[hash, default: []].insert(lead)
    table.insert(lead, hash, self)
  }

  func remove(_ hash: UInt64, from lead: UInt32, _ table: inout LeadsByKey) {
    guard has(hash, lead) else { return }
    keys[lead]?.removeAll { $0 == hash }
    holders[hash]?.remove(lead)
    table.remove(lead, hash, self)
  }

  func found(_ hash: UInt64, _ table: inout LeadsByKey) -> Set<UInt32> {
    var found: Set<UInt32> = []
    table.visit(hash, self) { if self.has(hash, $0) { found.insert($0) } }
    return found
  }
}

@Suite struct LeadsByKeyTests {
  private static func hash(_ id: UInt32) -> UInt64 { SeededGenerator.mix(UInt64(id)) | 1 }

  @Test("a table that grows moves a few keys with each that comes, and never all")
  func bounded() {
    var table = LeadsByKey()
    let model = Model()
    var most = 0
    for id in 1...UInt32(100_000) {
      let before = table.moves
      model.add(Self.hash(id), to: id, &table)
      most = max(most, table.moves - before)
    }
    let moves = table.moves
    #expect(most == LeadsByKey.movedAtOnce)
    #expect(moves > 50_000)
    var lost = 0
    for id in 1...UInt32(100_000) where model.found(Self.hash(id), &table) != [id] { lost += 1 }
    #expect(lost == 0)
    #expect(model.sharing.isEmpty)
  }

  @Test(
    "whoever has a key is found by it while the table grows and leads come, go and change, and knows whether others have it",
    arguments: [1, 2, 3] as [UInt64])
  func model(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    var table = LeadsByKey()
    let model = Model()
    // Every eighth key has one byte with the one before it: leads that have both stand in the crowd.
    func key(_ number: UInt64) -> UInt64 {
      let hash = SeededGenerator.mix(number &+ seed &* 1000) | 1
      return number % 8 == 1 ? hash & (.max >> 8) | (SeededGenerator.mix(number - 1 &+ seed &* 1000) >> 56) << 56 : hash
    }
    var wrong = 0
    for id in 1...UInt32(8_000) {
      for _ in 0..<Int.random(in: 1...3, using: &chance) {
        // Some keys are of very many leads.
        let number =
          UInt64.random(in: 0..<20, using: &chance) == 0 ? id.isMultiple(of: 2) ? 0 : 1 : chance.next() % 6_000
        model.add(key(number), to: id, &table)
        if number < 2 { model.add(key(1 - number), to: id, &table) }
      }
      let other = UInt32(chance.next() % UInt64(id)) + 1
      if let lost = model.keys[other]?.randomElement(using: &chance), Bool.random(using: &chance) {
        model.remove(lost, from: other, &table)
        if model.found(lost, &table) != model.with(lost) { wrong += 1 }
      }
      if id % 200 == 0 {
        for number in [0, 1, chance.next() % 6_000] where model.found(key(number), &table) != model.with(key(number)) {
          wrong += 1
        }
      }
    }
    table.settle(model)
    for number in 0..<UInt64(6_000) {
      let holders = model.with(key(number))
      if model.found(key(number), &table) != holders { wrong += 1 }
      if holders.count > 1, !holders.isSubset(of: model.sharing) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("a key of very many leads is found through no search over all of them, and is gone when they are")
  func crowd() {
    var table = LeadsByKey()
    let model = Model()
    let junk = Self.hash(7)
    for id in 1...UInt32(50_000) { model.add(junk, to: id, &table) }
    #expect(model.found(junk, &table).count == 50_000)
    // The table itself is as large as for a few.
    let bytes = table.bytes
    #expect(bytes < 1024 * 5 + 50_000 * 4 * 2 + 64)
    for id in 1...UInt32(50_000) { model.remove(junk, from: id, &table) }
    #expect(model.found(junk, &table).isEmpty)
    let left = table.bytes
    #expect(left == 1024 * 5)
  }

  @Test("a table in which keys come and go stays as large as those that are there at a time need")
  func comeAndGo() {
    var table = LeadsByKey()
    let model = Model()
    for id in 1...UInt32(200_000) {
      model.add(Self.hash(id), to: id, &table)
      if id > 300 {
        model.remove(Self.hash(id - 300), from: id - 300, &table)
        model.keys[id - 300] = nil
      }
    }
    let bytes = table.bytes
    #expect(bytes <= 4096 * 5)
  }

  @Test("leads with one code are all found, in order, while others come and the table grows")
  func oneCode() {
    let leads = LeadTable()
    func put(_ id: UInt32, _ code: String) {
      let phones = PhoneSet([PhoneNumber(digits: 61_291_000_000 + UInt64(id))])
      leads.put(
        LeadRecord(
          leadID: LeadID(id), listID: ListID(1), phones: phones, zone: 0, entered: Instant(milliseconds: 0)),
        vendorLeadCode: code)
    }
    var same: [LeadID] = []
    for id in 1...UInt32(6_000) {
      if id % 20 == 0 {
        put(id, "SAME")
        same.append(LeadID(id))
      } else {
        put(id, "CRM-\(id)")
      }
      if id % 97 == 0 { #expect(leads.leads(withCode: "SAME") == same) }
    }
    leads.remove(same.removeFirst())
    put(same[0].rawValue, "OTHER")
    #expect(leads.leads(withCode: "OTHER") == [same.removeFirst()])
    #expect(leads.leads(withCode: "SAME") == same)
    #expect(leads.leads(withCode: "CRM-5999") == [LeadID(5_999)])
    #expect(leads.vendorLeadCode(LeadID(5_999)) == "CRM-5999")
  }

  @Test("leads are related by code, email and number, whoever came first, until they change", arguments: 0..<8)
  func related(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let leads = LeadTable()
    var there: [LeadID: (record: LeadRecord, code: String)] = [:]
    func one(in count: UInt64) -> UInt64 { chance.next() % count }
    for round in 0..<3_000 {
      let lead = LeadID(UInt32(one(in: 400)) + 1)
      if one(in: 5) == 0 {
        leads.remove(lead)
        there[lead] = nil
      } else {
        let phones = PhoneSet((0...one(in: 3)).map { _ in PhoneNumber(digits: 61_291_000_000 + one(in: 500)) })
        var record = LeadRecord(
          leadID: lead, listID: ListID(1), phones: phones, zone: 0, entered: Instant(milliseconds: 0))
        record.emailKey = one(in: 2) == 0 ? 0 : TextKey.email("p\(one(in: 300))@example.com")
        let code = one(in: 2) == 0 ? "" : "C\(one(in: 300))"
        leads.put(record, vendorLeadCode: code)
        there[lead] = (record, code)
      }
      guard round % 10 == 0, let own = there[lead] else { continue }
      let expected = there.filter { other, its in
        other != lead
          && ((!own.code.isEmpty && its.code == own.code)
            || (own.record.emailKey != 0 && its.record.emailKey == own.record.emailKey)
            || !Set(its.record.phones.all).isDisjoint(with: own.record.phones.all))
      }
      #expect(Set(leads.related(to: lead)) == Set(expected.keys))
      let found = leads.related(to: lead)
      #expect(found.count == Set(found).count)
      let phone = own.record.phones.all[0]
      #expect(
        Set(leads.leads(with: phone)) == Set(there.filter { $0.value.record.phones.all.contains(phone) }.keys))
    }
  }
}
