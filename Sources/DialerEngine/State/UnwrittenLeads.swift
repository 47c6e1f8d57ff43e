import DialerModel

/// Leads whose details are on their way to the disk: until they are there, a question to the store does not find them,
/// or finds them as they were.
struct UnwrittenLeads {
  private struct Entry {
    var lead: KnownLead
    /// The turn that writes it.
    var turn: Int64
  }
  private var entries: [LeadID: Entry] = [:]
  private var byPhone: [UInt64: [LeadID]] = [:]
  private var byEmail: [UInt64: [LeadID]] = [:]
  /// In the order in which they were written; one that was written twice stands twice.
  private var order: [(lead: LeadID, turn: Int64)] = []

  var isEmpty: Bool { entries.isEmpty }
  /// In no order.
  var all: some Collection<KnownLead> { entries.values.lazy.map(\.lead) }

  subscript(lead: LeadID) -> KnownLead? { entries[lead]?.lead }

  mutating func put(_ lead: KnownLead, turn: Int64) {
    let id = lead.record.leadID
    remove(id)
    entries[id] = Entry(lead: lead, turn: turn)
    order.append((id, turn))
    for phone in lead.record.phones.all { byPhone[phone.digits, default: []].append(id) }
    if lead.record.emailKey != 0 { byEmail[lead.record.emailKey, default: []].append(id) }
  }

  /// Those with one of the numbers or the email, in the order of their ids.
  func leads(phones: [PhoneNumber], emailKey: UInt64) -> [LeadID] {
    guard !entries.isEmpty else { return [] }
    var found = emailKey == 0 ? [] : byEmail[emailKey, default: []]
    for phone in phones { found += byPhone[phone.digits, default: []] }
    return Set(found).sorted()
  }

  mutating func prune(throughTurn turn: Int64) {
    var done = 0
    while done < order.count, order[done].turn <= turn {
      let next = order[done]
      done += 1
      if entries[next.lead]?.turn == next.turn { remove(next.lead) }
    }
    if done > 0 { order.removeFirst(done) }
  }

  mutating func remove(_ lead: LeadID) {
    guard let old = entries.removeValue(forKey: lead)?.lead else { return }
    for phone in old.record.phones.all { Self.remove(lead, phone.digits, &byPhone) }
    if old.record.emailKey != 0 { Self.remove(lead, old.record.emailKey, &byEmail) }
  }

  private static func remove(_ lead: LeadID, _ key: UInt64, _ table: inout [UInt64: [LeadID]]) {
    guard var ids = table[key] else { return }
    ids.removeAll { $0 == lead }
    table[key] = ids.isEmpty ? nil : ids
  }
}
