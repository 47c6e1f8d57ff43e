import DialerModel

/// Keys that a table of leads has.
protocol KeysInTable: LeadKeys {
  var table: LeadTable { get }
}

extension KeysInTable {
  func shares(_ lead: UInt32) { table.kept(LeadID(lead))?.pointee.isRelated = true }
}

/// Leads that a call to one of them can stop: those with the same code, email or number.
extension LeadTable {
  /// Codes, as the table of codes asks for them.
  struct CodeKeys: KeysInTable {
    unowned(unsafe) let table: LeadTable

    func has(_ hash: UInt64, _ lead: UInt32) -> Bool { table.codeKey(LeadID(lead)) == hash }

    func forEachHash(of lead: UInt32, _ body: (UInt64) -> Void) {
      let hash = table.codeKey(LeadID(lead))
      if hash != 0 { body(hash) }
    }
  }

  struct EmailKeys: KeysInTable {
    unowned(unsafe) let table: LeadTable

    func has(_ hash: UInt64, _ lead: UInt32) -> Bool { table.kept(LeadID(lead))?.pointee.emailKey == hash }

    func forEachHash(of lead: UInt32, _ body: (UInt64) -> Void) {
      if let hash = table.kept(LeadID(lead))?.pointee.emailKey, hash != 0 { body(hash) }
    }
  }

  struct PhoneKeys: KeysInTable {
    unowned(unsafe) let table: LeadTable

    static func hash(_ phone: PhoneNumber) -> UInt64 { SeededGenerator.mix(phone.digits) | 1 }

    static func has(_ hash: UInt64, _ phones: PhoneSet) -> Bool {
      (0..<PhoneSet.capacity).contains { place in phones[place].map { Self.hash($0) == hash } ?? false }
    }

    /// Once for a number that stands in several places.
    static func forEachHash(_ phones: PhoneSet, _ body: (UInt64) -> Void) {
      for place in 0..<PhoneSet.capacity {
        guard let phone = phones[place], !(0..<place).contains(where: { phones[$0] == phone }) else { continue }
        body(hash(phone))
      }
    }

    func has(_ hash: UInt64, _ lead: UInt32) -> Bool { Self.has(hash, table.keptPhones(lead)) }
    func forEachHash(of lead: UInt32, _ body: (UInt64) -> Void) { Self.forEachHash(table.keptPhones(lead), body) }
  }

  private func keptPhones(_ lead: UInt32) -> PhoneSet { kept(LeadID(lead)).map(phones) ?? PhoneSet() }

  /// Whether others may have its code, its email or one of its numbers: asked at every call, and mostly not so.
  func isRelated(_ lead: LeadID) -> Bool {
    codes.settle(CodeKeys(table: self))
    emails.settle(EmailKeys(table: self))
    numbers.settle(PhoneKeys(table: self))
    return kept(lead)?.pointee.isRelated ?? false
  }

  /// The other leads with its code, its email or one of its numbers, over all tenants; some twice where they are very
  /// many. In no order that would be the same after a restart.
  ///
  /// - Parameter seen: keys of very many leads whose leads are left out, and that come to be among them.
  func related(to lead: LeadID, notOf seen: inout SeenCrowds) -> [LeadID] {
    guard isRelated(lead), let place = place(lead) else { return [] }
    var found = FoundLeads(except: lead)
    if place.pointee.codeLength > 0 {
      let hash = TextKey.hash(codeSlice(place.pointee))
      seen.note(1, hash, &found) { found in
        codes.visit(hash, CodeKeys(table: self)) { offer($0, hash, CodeKeys(table: self), to: &found) }
      }
    }
    if place.pointee.emailKey != 0 {
      let hash = place.pointee.emailKey
      seen.note(2, hash, &found) { found in
        emails.visit(hash, EmailKeys(table: self)) { offer($0, hash, EmailKeys(table: self), to: &found) }
      }
    }
    PhoneKeys.forEachHash(phones(place)) { visit($0, notOf: &seen, &found) }
    return found.leads
  }

  func related(to lead: LeadID) -> [LeadID] {
    var seen = SeenCrowds()
    return related(to: lead, notOf: &seen)
  }

  /// The leads that have the number, over all tenants; some twice where they are very many.
  func leads(with phone: PhoneNumber, notOf seen: inout SeenCrowds) -> [LeadID] {
    var found = FoundLeads(except: nil)
    visit(PhoneKeys.hash(phone), notOf: &seen, &found)
    return found.leads
  }

  func leads(with phone: PhoneNumber) -> [LeadID] {
    var seen = SeenCrowds()
    return leads(with: phone, notOf: &seen)
  }

  private func visit(_ hash: UInt64, notOf seen: inout SeenCrowds, _ found: inout FoundLeads) {
    seen.note(3, hash, &found) { found in
      numbers.visit(hash, PhoneKeys(table: self)) { offer($0, hash, PhoneKeys(table: self), to: &found) }
    }
  }

  private func offer(_ lead: UInt32, _ hash: UInt64, _ keys: some LeadKeys, to found: inout FoundLeads) {
    if keys.has(hash, lead), contains(LeadID(lead)) { found.add(LeadID(lead)) }
  }

  /// Keys of very many leads, whose leads have been gone over: with each of a thousand calls a hundred thousand leads would
  /// be gone over again.
  struct SeenCrowds {
    private var keys: Set<UInt64> = []

    fileprivate mutating func note(
      _ kind: UInt64, _ hash: UInt64, _ found: inout FoundLeads, _ visit: (inout FoundLeads) -> Void
    ) {
      let key = hash ^ kind << 32
      guard keys.isEmpty || !keys.contains(key) else { return }
      let before = found.leads.count
      visit(&found)
      if found.leads.count - before > FoundLeads.askedAtMost { keys.insert(key) }
    }
  }

  /// Leads in the order in which they were found.
  fileprivate struct FoundLeads {
    /// Of more it is not asked whether they are there already: who takes so many sees to that.
    static let askedAtMost = 64

    private(set) var leads: [LeadID] = []
    private let except: LeadID?

    init(except: LeadID?) { self.except = except }

    mutating func add(_ lead: LeadID) {
      guard lead != except, leads.count > Self.askedAtMost || !leads.contains(lead) else { return }
      leads.append(lead)
    }
  }
}
